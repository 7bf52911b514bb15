/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text leg: BM25 over all postings of a query's terms, under statistics that belong to the
 * snapshot and not to how far the index on disk has followed.
 *
 * For every term the posting list is read whole, together with the documents that are not in the
 * index yet (the tail). The document frequency is the number of live documents among them; the
 * number of documents and their mean length come from the snapshot's columns. So deleting,
 * replacing and applying never show in a score.
 *
 *     score(d) = Σ_t  qtf · idf(t) · (k1 + 1)·tf / (k1·((1 - b) + b·max(len/avg, 1/2)) + tf)
 *     tf       = Σ_f weight_f · tf_f          len = Σ_f weight_f · length_f
 *     idf      = Xapian's: x = (N - n + .5)/(n + .5); ln(x < 2 ? x/2 + 1 : x)
 *
 * qtf is what the query has of the term, its function words multiplied by their weight; where it has
 * no other words they count in full.
 *
 * len/avg counts as 0 where avg is 0. n counts a document whatever the weight of the field that
 * has the term. Terms are added in the order of their bytes, so that a sum has the same bits
 * everywhere.
 *
 * A query of more than PLI_QUERY_TERMS_MAX terms keeps those with the lowest n > 0, of equal ones
 * those with the lower bytes. n is exact here too, hence known from the live documents alone;
 * choose.c tells why that is cheap.
 */
#ifndef PLI_TEXT_LEG_H
#define PLI_TEXT_LEG_H

#include "base/bitmap.h"
#include "text/postings.h"
#include "text/terms.h"

/* Bounds the cost of any query text. */
#define PLI_QUERY_TERMS_MAX 128

typedef struct pli_bm25 {
    double k1, b;
    double field[PLURUM_TEXT_FIELD_COUNT]; /* weights, ≥ 0 */
    double function_words;                 /* likewise, of those of the query */
} pli_bm25;

/* A document that is committed but not in the index on disk; ids are above the index's last. */
typedef struct pli_tail_text {
    uint32_t id;
    const pli_terms *terms;
} pli_tail_text;

/* What the leg must know of the snapshot. */
typedef struct pli_text_corpus {
    pli_text_reader *reader;       /* may be NULL: there is no index on disk yet        */
    const pli_tail_text *tail;     /* ascending ids; those the reader has are skipped   */
    size_t tail_count;
    const pli_bitmap *live;        /* what counts in the statistics; bound = ids        */
    const pli_bitmap *allowed;     /* what may be found; a subset of live               */
    uint64_t live_length[PLURUM_TEXT_FIELD_COUNT]; /* summed over live documents        */
    /* The lengths of a live document by field. */
    const uint32_t *(*lengths)(const void *payload, uint32_t id);
    const void *payload;
} pli_text_corpus;

typedef struct pli_text_hit {
    uint32_t id;
    double score;
} pli_text_hit;

typedef struct pli_text_leg {
    double *scores;        /* by internal id, for all allowed documents; 0 = no term matches */
    pli_text_hit *hits;    /* the best, by score and then id; scores above 0 only            */
    size_t hit_count;      /* at most the k asked for                                        */
    double most;           /* what a document could score at best: Σ qtf · idf · (k1 + 1), over
                              the terms that no document has as well                       */
    uint32_t terms_used;   /* query terms with a weight that some live document has, after the
                              limit                                                          */
    uint32_t terms_asked;  /* query terms before that; 0: nothing but stop words             */
} pli_text_leg;

/* Runs the leg. *out is the caller's: pli_text_leg_free. Errors: BUSY (begin again), NOMEM,
 * CORRUPT, BACKEND. */
plurum_status pli_text_leg_run(pli_text_leg *out, const pli_text_corpus *corpus,
                               const pli_terms *query, const pli_bm25 *bm25, size_t k,
                               plurum_error *error);
void pli_text_leg_free(pli_text_leg *leg);

#endif
