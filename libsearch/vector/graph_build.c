/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building a graph with FAISS through its C API.
 *
 * That API has no way to look at a graph but writing the index, so it is written to a stream of our
 * own that keeps the graph's arrays and lets everything else pass. FAISS's file is, in this order:
 * a header of numbers, the graph as vectors (each its length as u64, then its items), five numbers,
 * and the index that holds the vectors.
 */
#include <config.h>

#include "vector/graph.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <faiss/c_api/AutoTune_c.h>
#include <faiss/c_api/Index_c.h>
#include <faiss/c_api/error_c.h>
#include <faiss/c_api/index_factory_c.h>
#include <faiss/c_api/index_io_c.h>

#include "base/alloc.h"
#include "base/error.h"

/* OpenMP's number of threads belongs to the calling thread. Declared here, since clang finds no
 * omp.h in a Debian without its own OpenMP. */
extern void omp_set_num_threads(int);
extern int omp_get_max_threads(void);

enum {
    CHUNK_MOST = 512, /* vectors added at once: how long a request to stop may wait */
    PART_COUNT = 8
};

/* ---- the stream ---- */

enum part_name { HEADER, PROBABILITIES, FLOORS, LEVELS, OFFSETS, NEIGHBOURS, NUMBERS, REST };

/* Items of what size a part is made of; 0: so many bytes, without a length before them. */
static const struct {
    uint32_t item, bytes;
} PARTS[PART_COUNT] = {
    [HEADER] = {0, 4 + 4 + 8 + 8 + 8 + 1 + 4}, /* four-character code, d, ntotal, two unused, trained, metric */
    [PROBABILITIES] = {8, 0},
    [FLOORS] = {4, 0},
    [LEVELS] = {4, 0},
    [OFFSETS] = {8, 0},
    [NEIGHBOURS] = {4, 0},
    [NUMBERS] = {0, 5 * 4}, /* entry point, highest level, efConstruction, efSearch, upper beam */
};

typedef struct catcher {
    enum part_name at;
    unsigned char length[8]; /* of the part that begins */
    size_t length_known;
    uint64_t left;           /* bytes of this part to come, once its length is known */
    int failed;
    pli_buf parts[PART_COUNT];
} catcher;

static void begin_part(catcher *c, enum part_name part)
{
    c->at = part;
    c->length_known = PARTS[part].item ? 0 : sizeof c->length;
    c->left = PARTS[part].bytes;
}

static size_t take(catcher *c, const char *bytes, size_t len)
{
    if (c->at == REST) return len;
    if (c->length_known < sizeof c->length) {
        size_t n = sizeof c->length - c->length_known;
        if (n > len) n = len;
        memcpy(c->length + c->length_known, bytes, n);
        c->length_known += n;
        if (c->length_known == sizeof c->length)
            c->left = pli_load_u64(c->length) * PARTS[c->at].item;
        if (c->length_known == sizeof c->length && !c->left) begin_part(c, c->at + 1);
        return n;
    }
    size_t n = len < c->left ? len : (size_t)c->left;
    pli_buf_add(&c->parts[c->at], bytes, n);
    c->failed |= c->parts[c->at].failed;
    c->left -= n;
    if (!c->left) begin_part(c, c->at + 1);
    return n;
}

static ssize_t write_to(void *cookie, const char *bytes, size_t len)
{
    for (size_t done = 0; done < len;) done += take(cookie, bytes + done, len - done);
    return (ssize_t)len;
}

static plurum_status fail(plurum_error *error, int code)
{
    const char *text = faiss_get_last_error();
    return pli_fail(error, PLURUM_BACKEND, "FAISS: %s (%d)", text ? text : "no reason given", code);
}

static plurum_status catch_graph(catcher *c, const FaissIndex *index, plurum_error *error)
{
    cookie_io_functions_t functions = {.write = write_to};
    memset(c, 0, sizeof *c);
    begin_part(c, HEADER);
    FILE *stream = fopencookie(c, "w", functions);
    if (!stream) return pli_nomem(error);
    setvbuf(stream, NULL, _IONBF, 0);
    int code = faiss_write_index(index, stream);
    fclose(stream);
    if (code) return fail(error, code);
    return c->failed ? pli_nomem(error) : PLURUM_OK;
}

/* ---- what was caught ---- */

static int32_t number_at(const pli_buf *part, size_t i)
{
    return (int32_t)pli_load_u32(part->bytes + 4 * i);
}

/* Whether the parts are those that this file knows how to read. */
static int is_as_expected(const catcher *c, uint32_t count)
{
    const pli_buf *p = c->parts;
    if (c->at != REST || memcmp(p[HEADER].bytes, "IHNf", 4) != 0) return 0;
    if (p[LEVELS].len != 4 * (size_t)count || p[OFFSETS].len != 8 * ((size_t)count + 1)) return 0;
    size_t floors = p[FLOORS].len / 4;
    for (size_t i = 0; i < floors; i++)
        if (number_at(&p[FLOORS], i) != (int32_t)(i ? (i + 1) * PLI_GRAPH_M : 0)) return 0;
    return floors > 1 && pli_load_u64(p[OFFSETS].bytes + 8 * (size_t)count) * 4 == p[NEIGHBOURS].len;
}

static void move(pli_buf *to, pli_buf *from)
{
    static const pli_buf EMPTY = PLI_BUF_INIT;
    *to = *from;
    *from = EMPTY;
}

static plurum_status read_graph(pli_graph *out, const FaissIndex *index, uint32_t count,
                                plurum_error *error)
{
    catcher c;
    plurum_status status = catch_graph(&c, index, error);
    if (!status && !is_as_expected(&c, count))
        status = pli_fail(error, PLURUM_BACKEND, "FAISS: its file of a graph is not as expected");
    if (!status) {
        out->count = count;
        out->entry = number_at(&c.parts[NUMBERS], 0);
        out->max_level = number_at(&c.parts[NUMBERS], 1);
        move(&out->levels, &c.parts[LEVELS]);
        move(&out->offsets, &c.parts[OFFSETS]);
        move(&out->neighbours, &c.parts[NEIGHBOURS]);
    }
    for (int i = 0; i < PART_COUNT; i++) pli_buf_free(&c.parts[i]);
    return status;
}

/* ---- building ---- */

static plurum_status new_index(FaissIndex **out, uint32_t dim, int has_labels, plurum_error *error)
{
    char description[32];
    FaissParameterSpace *space = NULL;
    snprintf(description, sizeof description, "%sHNSW%d,Flat", has_labels ? "IDMap," : "", PLI_GRAPH_M);
    int code = faiss_index_factory(out, (int)dim, description, METRIC_INNER_PRODUCT);
    if (!code) code = faiss_ParameterSpace_new(&space);
    if (!code)
        code = faiss_ParameterSpace_set_index_parameter(space, *out, "efConstruction",
                                                        PLI_GRAPH_EF_BUILD);
    if (space) faiss_ParameterSpace_free(space);
    return code ? fail(error, code) : PLURUM_OK;
}

/*
 * How many vectors to add at once. FAISS keeps them in a std::vector, which doubles when it is full,
 * and has it twice then. It is the first chunk that is doubled, so with count / 2^n it is full for the
 * last time when half is in, and all of them fit exactly in the end.
 */
static uint32_t chunk_for(uint32_t count)
{
    uint32_t chunk = count;
    while (chunk > CHUNK_MOST) chunk = chunk / 2 + chunk % 2;
    return chunk;
}

static plurum_status add_all(FaissIndex *index, const pli_graph_source *source,
                             plurum_error *error)
{
    size_t row = source->dim * sizeof(float);
    idx_t labels[CHUNK_MOST];
    uint32_t most = chunk_for(source->count);
    float *chunk = pli_reallocarray(NULL, most, row);
    if (!chunk) return pli_nomem(error);
    plurum_status status = PLURUM_OK;
    for (uint32_t i = 0; i < source->count && !status;) {
        uint32_t n = source->count - i < most ? source->count - i : most;
        if (source->stop && source->stop(source->payload)) {
            status = pli_fail(error, PLURUM_CANCELLED, "the building of a graph was stopped");
            break;
        }
        for (uint32_t j = 0; j < n; j++)
            memcpy(chunk + (size_t)j * source->dim, source->vector(source->payload, i + j), row);
        for (uint32_t j = 0; j < n && source->label; j++)
            labels[j] = source->label(source->payload, i + j);
        int code = source->label ? faiss_Index_add_with_ids(index, n, chunk, labels)
                                 : faiss_Index_add(index, n, chunk);
        if (code) status = fail(error, code);
        i += n;
    }
    pli_free(chunk);
    return status;
}

/* An index of all of a source's vectors, built by the calling thread alone; NULL on failure. */
static plurum_status build_index(FaissIndex **out, const pli_graph_source *source,
                                 plurum_error *error)
{
    *out = NULL;
    int threads = omp_get_max_threads();
    omp_set_num_threads(1);
    plurum_status status = new_index(out, source->dim, source->label != NULL, error);
    if (!status) status = add_all(*out, source, error);
    omp_set_num_threads(threads);
    if (!status) return PLURUM_OK;
    if (*out) faiss_Index_free(*out);
    *out = NULL;
    return status;
}

plurum_status pli_graph_build(pli_graph *out, const pli_graph_source *source, plurum_error *error)
{
    FaissIndex *index;
    memset(out, 0, sizeof *out);
    plurum_status status = build_index(&index, source, error);
    if (!status) status = read_graph(out, index, source->count, error);
    if (index) faiss_Index_free(index);
    if (status) pli_graph_free(out);
    return status;
}

plurum_status pli_graph_write_faiss(FILE *file, const pli_graph_source *source, plurum_error *error)
{
    FaissIndex *index;
    plurum_status status = build_index(&index, source, error);
    if (status) return status;
    int code = faiss_write_index(index, file);
    if (code && ferror(file)) /* FAISS says no more than how much was written */
        status = pli_fail_errno(error, errno ? errno : EIO, "writing FAISS's file");
    else if (code)
        status = fail(error, code);
    faiss_Index_free(index);
    return status;
}

void pli_graph_free(pli_graph *graph)
{
    pli_buf_free(&graph->levels);
    pli_buf_free(&graph->offsets);
    pli_buf_free(&graph->neighbours);
}
