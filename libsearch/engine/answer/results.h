/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Results: a page of hits with everything that they point to, independent of any snapshot.
 */
#ifndef PLI_ENGINE_ANSWER_RESULTS_H
#define PLI_ENGINE_ANSWER_RESULTS_H

#include <jansson.h>

#include <plurum/experience.h>
#include <plurum/replay.h>
#include <plurum/search.h>

#include "engine/answer/facets.h"
#include "engine/view/snapshot.h"
#include "experience/content.h"
#include "rank/candidate.h"

/* What a hit points to. */
typedef struct pli_hit_memory {
    plurum_trust_score trust;
    plurum_explain explain;
    char key[PLURUM_KEY_MAX + 1];
    char short_id[PLURUM_SHORT_ID_LEN + 1];
    char *json;
    char *snippet;
    plurum_span *marks;
} pli_hit_memory;

typedef struct pli_hits {
    plurum_hit *hits;
    pli_hit_memory *memory;
    size_t count;
} pli_hits;

struct plurum_results {
    pli_hits page, warnings;
    size_t total;
    char *query; /* the text that was asked, as valid UTF-8; NULL of a list */
    size_t query_len;
    char *cursor;
    const char *note;
    char *suggestion; /* or NULL */
    int abstain;
    uint64_t seq;
    int64_t now;
    plurum_replay *replay; /* with a trace */
    int has_facets;
    pli_facets facets;
    int scored; /* a search's, not a list's */
};

/* Results with room for count hits on the page. */
plurum_status pli_results_new(plurum_results **out, size_t count, plurum_error *error);
plurum_status pli_hits_new(pli_hits *hits, size_t count, plurum_error *error);
void pli_hits_free(pli_hits *hits);

/* Fills in hit i from a candidate: key, short id and, with bodies, its JSON. */
plurum_status pli_results_fill(pli_hits *hits, size_t i, pli_snapshot *snapshot,
                               const pli_candidate *candidate, int bodies, plurum_error *error);

/* What the index knows of a document, for presentation. The facts' strings are copied into
 * memory (a pli_hit_memory's key and short id, and *owner, the caller's). */
plurum_status pli_facts_of(pli_facts *facts, char **owner, pli_hit_memory *memory,
                           pli_snapshot *snapshot, uint32_t id, const plurum_trust_score *trust,
                           plurum_error *error);

/* The detail object of a document. */
plurum_status pli_detail_json(json_t **out, pli_snapshot *snapshot, uint32_t id,
                              const pli_facts *facts, plurum_error *error);

/* A JSON value as one line, the caller's (pli_free); the reference is taken. NOMEM. */
plurum_status pli_json_line(char **out, json_t *json, plurum_error *error);

#endif
