// SPDX-License-Identifier: GPL-2.0-or-later
//
// Functions of FAISS's C API that only a test calls, over a libfaiss that lacks them: FAISS's own
// reading and searching, and nothing of this library. Built where configure finds no libfaiss_c.
#include <config.h>

#include <faiss/IndexHNSW.h>
#include <faiss/IndexIDMap.h>
#include <faiss/c_api/AutoTune_c.h>
#include <faiss/c_api/Index_c.h>
#include <faiss/c_api/index_io_c.h>
#include <faiss/index_io.h>

namespace {

const faiss::Index *inside(const FaissIndex *index)
{
    return reinterpret_cast<const faiss::Index *>(index);
}

template <typename F> int guard(F call)
{
    try {
        call();
        return 0;
    } catch (...) {
        return -1;
    }
}

} // namespace

extern "C" {

int faiss_read_index_fname(const char *name, int flags, FaissIndex **out)
{
    return guard([&] { *out = reinterpret_cast<FaissIndex *>(faiss::read_index(name, flags)); });
}

idx_t faiss_Index_ntotal(const FaissIndex *index)
{
    return inside(index)->ntotal;
}

int faiss_Index_d(const FaissIndex *index)
{
    return inside(index)->d;
}

FaissMetricType faiss_Index_metric_type(const FaissIndex *index)
{
    return static_cast<FaissMetricType>(inside(index)->metric_type);
}

int faiss_Index_search(const FaissIndex *index, idx_t n, const float *x, idx_t k, float *distances,
                       idx_t *labels)
{
    return guard([&] { inside(index)->search(n, x, k, distances, labels); });
}
}
