/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * BM25, term at a time: each posting of each term adds its share to its document's score, first
 * those of the index and then those of the tail, through the same arithmetic. Xapian's own matcher
 * is not asked, for its statistics are those of its documents and not those of the snapshot.
 *
 * A field's weight needs the field's own list; the body has none and is what the other fields
 * leave of the sum. These are whole numbers, so nothing is lost by taking the difference.
 */
#include <config.h>

#include "text/leg.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "text/choose.h"
#include "text/hits.h"

/* A list whose fields are told apart: by posting, what is not in a weighted field, and the sum of
 * weight times occurrences of those fields. */
typedef struct parted_list {
    uint32_t *ids, *rest;
    double *extra;
    size_t count, cap;
} parted_list;

typedef struct leg_run {
    const pli_text_corpus *corpus;
    const pli_terms *query;
    const pli_bm25 *bm25;
    pli_tail_postings tail;
    pli_indexed indexed;
    parted_list parted;
    double documents;      /* N                                                               */
    double function_words; /* their weight in this query                                      */
    double average_length; /* 0 when no live document has a word                              */
    double *norms;         /* by id: k1·((1 - b) + b·max(len/avg, 1/2)); 0 = not known yet     */
    double *scores;
} leg_run;

/* The fields with lists of their own, in the order in which they are summed. */
static const struct {
    plurum_text_field field;
    const char *prefix;
} PREFIXED[] = {{PLURUM_TEXT_TITLE, PLI_PREFIX_TITLE},
                {PLURUM_TEXT_LABELS, PLI_PREFIX_LABELS},
                {PLURUM_TEXT_CODE, PLI_PREFIX_CODE}};
enum { PREFIXED_COUNT = sizeof PREFIXED / sizeof *PREFIXED };

/* Whether a field weighs something else than the body, so that it must be told apart. */
static int is_parted(const pli_bm25 *bm25, plurum_text_field field)
{
    return bm25->field[field] != bm25->field[PLURUM_TEXT_BODY];
}

static double weighted_length(const pli_bm25 *bm25, const double length[PLURUM_TEXT_FIELD_COUNT])
{
    double sum = 0;
    for (int f = 0; f < PLURUM_TEXT_FIELD_COUNT; f++) sum += bm25->field[f] * length[f];
    return sum;
}

static double norm_of(leg_run *run, uint32_t id)
{
    if (run->norms[id] > 0) return run->norms[id];
    const uint32_t *lengths = run->corpus->lengths(run->corpus->payload, id);
    double length[PLURUM_TEXT_FIELD_COUNT];
    for (int f = 0; f < PLURUM_TEXT_FIELD_COUNT; f++) length[f] = lengths[f];
    double ratio =
        run->average_length > 0 ? weighted_length(run->bm25, length) / run->average_length : 0;
    if (ratio < 0.5) ratio = 0.5;
    run->norms[id] = run->bm25->k1 * ((1 - run->bm25->b) + run->bm25->b * ratio);
    return run->norms[id];
}

/* Xapian's, which never goes below ln 1 as the classic one does for terms in most documents. */
static double idf_of(double documents, double frequency)
{
    double x = (documents - frequency + 0.5) / (frequency + 0.5);
    return log(x < 2 ? x / 2 + 1 : x);
}

/* One posting: weight is qtf · idf · (k1 + 1). */
static inline void add_share(leg_run *run, double weight, uint32_t id, double tf)
{
    if (tf > 0 && pli_bitmap_has(run->corpus->allowed, id))
        run->scores[id] += weight * tf / (norm_of(run, id) + tf);
}

static int reserve(parted_list *list, size_t count)
{
    if (count <= list->cap) return 0;
    uint32_t *ids = pli_reallocarray(list->ids, count, sizeof *ids);
    if (ids) list->ids = ids;
    uint32_t *rest = pli_reallocarray(list->rest, count, sizeof *rest);
    if (rest) list->rest = rest;
    double *extra = pli_reallocarray(list->extra, count, sizeof *extra);
    if (extra) list->extra = extra;
    if (!ids || !rest || !extra) return -1;
    list->cap = count;
    return 0;
}

/* Moves a field's occurrences from rest to extra. -1: the lists do not belong together. */
static int part_field(parted_list *list, const pli_postings *field, double weight)
{
    size_t i = 0;
    for (size_t j = 0; j < field->count; j++) {
        while (i < list->count && list->ids[i] < field->ids[j]) i++;
        if (i == list->count || list->ids[i] != field->ids[j] || list->rest[i] < field->tf[j])
            return -1;
        list->extra[i] += weight * field->tf[j];
        list->rest[i] -= field->tf[j];
    }
    return 0;
}

/* Fills run->parted with a term's list, of which `sum` is what the index has over all fields. */
static plurum_status part_list(leg_run *run, const pli_term *term, const pli_postings *sum,
                               plurum_error *error)
{
    parted_list *list = &run->parted;
    if (reserve(list, sum->count)) return pli_nomem(error);
    list->count = sum->count;
    memcpy(list->ids, sum->ids, sum->count * sizeof *list->ids);
    memcpy(list->rest, sum->tf, sum->count * sizeof *list->rest);
    memset(list->extra, 0, sum->count * sizeof *list->extra);
    for (size_t p = 0; p < PREFIXED_COUNT; p++) {
        plurum_text_field field = PREFIXED[p].field;
        if (!is_parted(run->bm25, field)) continue;
        pli_postings of_field;
        plurum_status status = pli_text_reader_postings(
            &of_field, run->corpus->reader, PREFIXED[p].prefix, term->bytes, term->len, error);
        if (status) return status;
        if (part_field(list, &of_field, run->bm25->field[field]))
            return pli_fail(error, PLURUM_CORRUPT,
                            "text index: postings of a field do not fit those of all fields");
    }
    return PLURUM_OK;
}

/* Occurrences in a document of the tail, weighted as part_list and add_indexed do. */
static double weighted_tf(const pli_bm25 *bm25, const uint32_t tf[PLURUM_TEXT_FIELD_COUNT])
{
    double rest = 0, extra = 0;
    for (int f = 0; f < PLURUM_TEXT_FIELD_COUNT; f++) rest += tf[f];
    for (size_t p = 0; p < PREFIXED_COUNT; p++) {
        plurum_text_field field = PREFIXED[p].field;
        if (!is_parted(bm25, field) || tf[field] == 0) continue;
        extra += bm25->field[field] * tf[field];
        rest -= tf[field];
    }
    return bm25->field[PLURUM_TEXT_BODY] * rest + extra;
}

static void add_indexed(leg_run *run, double weight, const pli_postings *list)
{
    double body = run->bm25->field[PLURUM_TEXT_BODY];
    for (size_t i = 0; i < list->count; i++)
        add_share(run, weight, list->ids[i], body * list->tf[i]);
}

static void add_parted(leg_run *run, double weight)
{
    double body = run->bm25->field[PLURUM_TEXT_BODY];
    const parted_list *list = &run->parted;
    for (size_t i = 0; i < list->count; i++)
        add_share(run, weight, list->ids[i], body * list->rest[i] + list->extra[i]);
}

static void add_tail(leg_run *run, double weight, uint32_t query_term)
{
    uint32_t end = run->tail.first[query_term + 1];
    for (uint32_t i = run->tail.first[query_term]; i < end; i++) {
        const pli_tail_posting *posting = &run->tail.all[i];
        add_share(run, weight, posting->id, weighted_tf(run->bm25, posting->term->tf));
    }
}

static uint32_t live_among(const leg_run *run, const pli_postings *list)
{
    if (run->indexed.dead == 0) return (uint32_t)list->count;
    uint32_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        count += (uint32_t)pli_bitmap_has(run->corpus->live, list->ids[i]);
    return count;
}

/* How much of a term is asked for. */
static double asked_of(const leg_run *run, const pli_term *term)
{
    return term->tf[PLI_QUERY_WORDS] + run->function_words * term->tf[PLI_QUERY_FUNCTION_WORDS];
}

/* Adds a term's share to every score and to *most; *used is whether a live document has it. */
static plurum_status add_term(leg_run *run, uint32_t query_term, double *most, int *used,
                              plurum_error *error)
{
    const pli_term *term = &run->query->terms[query_term];
    double asked = asked_of(run, term);
    pli_postings list = {NULL, NULL, 0};
    plurum_status status = PLURUM_OK;
    *used = 0;
    if (asked == 0) return PLURUM_OK;
    if (run->indexed.end)
        status = pli_text_reader_postings(&list, run->corpus->reader, PLI_PREFIX_ALL, term->bytes,
                                          term->len, error);
    if (status) return status;
    uint32_t frequency = live_among(run, &list) + pli_tail_frequency(&run->tail, query_term);
    double weight = asked * idf_of(run->documents, frequency) * (run->bm25->k1 + 1);
    *used = frequency > 0;
    *most += weight;
    if (!*used) return PLURUM_OK;
    int parted = 0;
    for (size_t p = 0; p < PREFIXED_COUNT; p++) parted |= is_parted(run->bm25, PREFIXED[p].field);
    if (!parted || !list.count) {
        add_indexed(run, weight, &list);
    } else {
        status = part_list(run, term, &list, error);
        if (status) return status;
        add_parted(run, weight);
    }
    add_tail(run, weight, query_term);
    return PLURUM_OK;
}

/* Live documents below `end`. */
static uint64_t live_below(const pli_bitmap *live, uint64_t end)
{
    if (end > live->bound) end = live->bound;
    uint64_t count = 0;
    for (uint64_t word = 0; word < end / 64; word++)
        count += (uint64_t)__builtin_popcountll(live->words[word]);
    uint64_t rest = end % 64;
    if (rest) count += (uint64_t)__builtin_popcountll(live->words[end / 64] << (64 - rest));
    return count;
}

/* While the first of the index is being applied in parts, there are ids in it and no whole sequence
 * number yet. */
pli_indexed pli_indexed_of(const pli_text_corpus *corpus)
{
    uint64_t seq = 0;
    uint32_t last_id = 0;
    if (corpus->reader) pli_text_reader_applied(corpus->reader, &seq, &last_id);
    if (seq == 0 && last_id == 0) return (pli_indexed){0, 0};
    uint64_t end = (uint64_t)last_id + 1;
    uint64_t documents = end - !pli_bitmap_has(corpus->live, 0); /* ids begin with 1 */
    return (pli_indexed){end, documents - live_below(corpus->live, end)};
}

static void prepare_statistics(leg_run *run)
{
    double length[PLURUM_TEXT_FIELD_COUNT];
    for (int f = 0; f < PLURUM_TEXT_FIELD_COUNT; f++)
        length[f] = (double)run->corpus->live_length[f];
    run->documents = run->corpus->live->count;
    run->average_length =
        run->documents > 0 ? weighted_length(run->bm25, length) / run->documents : 0;
}

static double function_words_of(const pli_terms *query, const pli_bm25 *bm25)
{
    for (uint32_t i = 0; i < query->count; i++)
        if (query->terms[i].tf[PLI_QUERY_WORDS]) return bm25->function_words;
    return 1;
}

static plurum_status run_leg(leg_run *run, pli_text_leg *out, size_t k, plurum_error *error)
{
    uint32_t bound = run->corpus->live->bound, kept[PLI_QUERY_TERMS_MAX];
    size_t count;
    run->scores = out->scores = pli_calloc(bound, sizeof *out->scores);
    run->norms = pli_calloc(bound, sizeof *run->norms);
    if (!run->scores || !run->norms) return pli_nomem(error);
    if (pli_tail_postings_find(&run->tail, run->corpus, run->query, run->indexed.end))
        return pli_nomem(error);
    plurum_status status =
        pli_choose_terms(kept, &count, run->corpus, run->query, &run->tail, run->indexed, error);
    for (size_t i = 0; i < count && !status; i++) {
        int used = 0;
        status = add_term(run, kept[i], &out->most, &used, error);
        out->terms_used += (uint32_t)used;
    }
    if (status) return status;
    if (k > run->corpus->allowed->count) k = run->corpus->allowed->count;
    out->hits = pli_best_hits(out->scores, bound, k, &out->hit_count);
    return out->hits ? PLURUM_OK : pli_nomem(error);
}

plurum_status pli_text_leg_run(pli_text_leg *out, const pli_text_corpus *corpus,
                               const pli_terms *query, const pli_bm25 *bm25, size_t k,
                               plurum_error *error)
{
    memset(out, 0, sizeof *out);
    leg_run run = {.corpus = corpus, .query = query, .bm25 = bm25};
    run.indexed = pli_indexed_of(corpus);
    run.function_words = function_words_of(query, bm25);
    prepare_statistics(&run);
    out->terms_asked = query->count;
    plurum_status status = run_leg(&run, out, k, error);
    pli_tail_postings_free(&run.tail);
    pli_free(run.norms);
    pli_free(run.parted.ids);
    pli_free(run.parted.rest);
    pli_free(run.parted.extra);
    if (status) {
        pli_text_leg_free(out);
        memset(out, 0, sizeof *out);
    }
    return status;
}

void pli_text_leg_free(pli_text_leg *leg)
{
    pli_free(leg->scores);
    pli_free(leg->hits);
    leg->scores = NULL;
    leg->hits = NULL;
}
