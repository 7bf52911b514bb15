/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The limit on query terms. It goes by exact frequencies among live documents, so that it cannot
 * depend on how far the index follows; yet only a few postings are read.
 *
 * The index knows the length of a list, which is the frequency or more. Terms are tried from the
 * shortest list on, so the best 128 settle early; from then on a term is out as soon as more live
 * documents have been seen than the worst of those has, mostly two or three. With no dead
 * document in the index nothing is read at all.
 */
#include <config.h>

#include "text/choose.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

enum { FIRST_READ = 64 };

typedef struct candidate {
    uint32_t frequency; /* what the list's length and the tail say: the true one or more */
    uint32_t term;
} candidate;

typedef struct chooser {
    const pli_text_corpus *corpus;
    const pli_terms *query;
    const pli_tail_postings *tail;
    pli_indexed indexed;
    candidate kept[PLI_QUERY_TERMS_MAX]; /* the best so far, with true frequencies, ascending */
    size_t count;
} chooser;

/* Terms lie in the order of their bytes, so their places compare as they do. */
static int compare(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->frequency != y->frequency) return x->frequency < y->frequency ? -1 : 1;
    return x->term < y->term ? -1 : x->term > y->term;
}

static int compare_places(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static int is_full(const chooser *c)
{
    return c->count == PLI_QUERY_TERMS_MAX;
}

/* Puts a candidate among the best, if it is one. */
static void keep(chooser *c, candidate try)
{
    if (try.frequency == 0) return;
    if (is_full(c) && compare(&try, &c->kept[c->count - 1]) > 0) return;
    size_t i = is_full(c) ? c->count - 1 : c->count++;
    for (; i > 0 && compare(&c->kept[i - 1], &try) > 0; i--) c->kept[i] = c->kept[i - 1];
    c->kept[i] = try;
}

/* The frequency above which a candidate need not be looked at further. */
static uint32_t limit(const chooser *c)
{
    return is_full(c) ? c->kept[c->count - 1].frequency : UINT32_MAX;
}

plurum_status pli_count_live(uint32_t *count, const pli_text_corpus *corpus, const pli_term *term,
                             uint32_t most, plurum_error *error)
{
    for (size_t read = FIRST_READ;; read *= 8) {
        pli_postings list;
        plurum_status status = pli_text_reader_head(&list, corpus->reader, PLI_PREFIX_ALL,
                                                    term->bytes, term->len, read, error);
        *count = 0;
        if (status) return status;
        for (size_t i = 0; i < list.count; i++)
            *count += (uint32_t)pli_bitmap_has(corpus->live, list.ids[i]);
        if (list.count < read || *count > most) return PLURUM_OK;
    }
}

static plurum_status consider(chooser *c, candidate try, plurum_error *error)
{
    uint32_t of_tail = pli_tail_frequency(c->tail, try.term);
    if (c->indexed.dead && try.frequency > of_tail) {
        uint64_t in_index = try.frequency - of_tail;
        if (in_index > c->indexed.dead + limit(c)) return PLURUM_OK;
        uint32_t most = limit(c) > of_tail ? limit(c) - of_tail : 0;
        plurum_status status = pli_count_live(&try.frequency, c->corpus,
                                              &c->query->terms[try.term], most, error);
        if (status) return status;
        try.frequency += of_tail;
    }
    keep(c, try);
    return PLURUM_OK;
}

/* Candidates with what is known without reading a list, ascending by it. */
static plurum_status look_up(candidate *all, const chooser *c, plurum_error *error)
{
    for (uint32_t i = 0; i < c->query->count; i++) {
        const pli_term *term = &c->query->terms[i];
        uint32_t length = 0;
        if (c->indexed.end) {
            plurum_status status = pli_text_reader_frequency(
                &length, c->corpus->reader, PLI_PREFIX_ALL, term->bytes, term->len, error);
            if (status) return status;
        }
        all[i] = (candidate){length + pli_tail_frequency(c->tail, i), i};
    }
    qsort(all, c->query->count, sizeof *all, compare);
    return PLURUM_OK;
}

static plurum_status choose(chooser *c, plurum_error *error)
{
    candidate *all = pli_reallocarray(NULL, c->query->count, sizeof *all);
    if (!all) return pli_nomem(error);
    plurum_status status = look_up(all, c, error);
    for (uint32_t i = 0; i < c->query->count && !status; i++) status = consider(c, all[i], error);
    pli_free(all);
    return status;
}

plurum_status pli_choose_terms(uint32_t out[PLI_QUERY_TERMS_MAX], size_t *count,
                               const pli_text_corpus *corpus, const pli_terms *query,
                               const pli_tail_postings *tail, pli_indexed indexed,
                               plurum_error *error)
{
    *count = 0;
    if (query->count <= PLI_QUERY_TERMS_MAX) {
        for (uint32_t i = 0; i < query->count; i++) out[i] = i;
        *count = query->count;
        return PLURUM_OK;
    }
    chooser c = {.corpus = corpus, .query = query, .tail = tail, .indexed = indexed};
    plurum_status status = choose(&c, error);
    if (status) return status;
    for (size_t i = 0; i < c.count; i++) out[i] = c.kept[i].term;
    qsort(out, c.count, sizeof *out, compare_places);
    *count = c.count;
    return PLURUM_OK;
}
