/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The part of FAISS's C API that this room uses, over a libfaiss that ships the C headers without
 * their symbols (Debian 12: 1.7.3). Built only where configure finds no libfaiss_c.
 *
 * Only what is asked for exists: the factory makes "HNSW<M>,Flat" for inner products, with "IDMap,"
 * before it or not, the parameter space knows efConstruction. The vectors lie in an IndexFlatIP whose
 * products are our own kernel's, since Debian built FAISS without SIMD: a graph is built three times as
 * fast. No exception leaves.
 */
#include <config.h>

#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>

#include <faiss/IndexFlat.h>
#include <faiss/IndexHNSW.h>
#include <faiss/IndexIDMap.h>
#include <faiss/c_api/AutoTune_c.h>
#include <faiss/c_api/Index_c.h>
#include <faiss/c_api/error_c.h>
#include <faiss/c_api/index_factory_c.h>
#include <faiss/c_api/index_io_c.h>
#include <faiss/index_io.h>

#include "vector/kernel.h"

namespace {

thread_local std::string last_error;

template <typename F> int guard(F call)
{
    try {
        call();
        return 0;
    } catch (const std::exception &e) {
        last_error = e.what();
        return -4;
    } catch (...) {
        last_error = "an unknown exception";
        return -1;
    }
}

class Product final : public faiss::FlatCodesDistanceComputer {
public:
    explicit Product(const faiss::IndexFlat &index)
        : FlatCodesDistanceComputer(index.codes.data(), index.code_size), dim(index.d),
          kernel(pli_kernel_best())
    {
    }
    void set_query(const float *x) override { query = x; }
    float distance_to_code(const uint8_t *code) override
    {
        return kernel(query, reinterpret_cast<const float *>(code), dim);
    }
    float symmetric_dis(idx_t i, idx_t j) override { return kernel(at(i), at(j), dim); }

private:
    const float *at(idx_t i) const
    {
        return reinterpret_cast<const float *>(codes + static_cast<size_t>(i) * code_size);
    }
    size_t dim;
    pli_kernel *kernel;
    const float *query = nullptr;
};

class FlatIP final : public faiss::IndexFlatIP {
public:
    explicit FlatIP(idx_t dim) : IndexFlatIP(dim) {}
    faiss::FlatCodesDistanceComputer *get_FlatCodesDistanceComputer() const override
    {
        return new Product(*this);
    }
};

faiss::Index *inside(FaissIndex *index)
{
    return reinterpret_cast<faiss::Index *>(index);
}

faiss::IndexHNSW *make_graph(int dim, const char *description, FaissMetricType metric)
{
    int m = 0, end = 0;
    if (std::sscanf(description, "HNSW%d,Flat%n", &m, &end) != 1 || description[end] || end == 0 ||
        metric != METRIC_INNER_PRODUCT)
        throw std::invalid_argument(std::string("no such index here: ") + description);
    auto *index = new faiss::IndexHNSWFlat(dim, m, faiss::METRIC_INNER_PRODUCT);
    delete index->storage;
    index->storage = nullptr;
    index->storage = new FlatIP(dim);
    return index;
}

faiss::Index *make(int dim, const char *description, FaissMetricType metric)
{
    static const char MAP[] = "IDMap,";
    if (std::strncmp(description, MAP, sizeof MAP - 1) != 0)
        return make_graph(dim, description, metric);
    std::unique_ptr<faiss::Index> graph(make_graph(dim, description + sizeof MAP - 1, metric));
    auto *map = new faiss::IndexIDMap(graph.get());
    map->own_fields = true;
    graph.release();
    return map;
}

faiss::IndexHNSW &graph_of(FaissIndex *index)
{
    auto *map = dynamic_cast<faiss::IndexIDMap *>(inside(index));
    return dynamic_cast<faiss::IndexHNSW &>(map ? *map->index : *inside(index));
}

} // namespace

extern "C" {

const char *faiss_get_last_error()
{
    return last_error.c_str();
}

int faiss_index_factory(FaissIndex **index, int d, const char *description, FaissMetricType metric)
{
    *index = nullptr;
    return guard([&] { *index = reinterpret_cast<FaissIndex *>(make(d, description, metric)); });
}

void faiss_Index_free(FaissIndex *index)
{
    delete inside(index);
}

int faiss_Index_add(FaissIndex *index, idx_t n, const float *x)
{
    return guard([&] { inside(index)->add(n, x); });
}

int faiss_Index_add_with_ids(FaissIndex *index, idx_t n, const float *x, const idx_t *xids)
{
    return guard([&] { inside(index)->add_with_ids(n, x, xids); });
}

int faiss_write_index(const FaissIndex *index, FILE *f)
{
    return guard([&] { faiss::write_index(reinterpret_cast<const faiss::Index *>(index), f); });
}

/* No state: what it sets is in the index. */
int faiss_ParameterSpace_new(FaissParameterSpace **space)
{
    static char only;
    *space = reinterpret_cast<FaissParameterSpace *>(&only);
    return 0;
}

void faiss_ParameterSpace_free(FaissParameterSpace *)
{
}

int faiss_ParameterSpace_set_index_parameter(const FaissParameterSpace *, FaissIndex *index,
                                             const char *name, double value)
{
    return guard([&] {
        if (std::strcmp(name, "efConstruction") != 0)
            throw std::invalid_argument(std::string("no such parameter here: ") + name);
        graph_of(index).hnsw.efConstruction = static_cast<int>(value);
    });
}
}
