/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Searching: one query, one snapshot, one order that can be explained.
 *
 *     viewer and filters → text leg, vector leg → full scores of both for every candidate
 *                        → fusion → tools → trust → total order → page
 *
 * The order is total: score, similarity, text score (each higher first), internal id. The same
 * contents give the same answer whatever threads, processes, restarts or background work, but for
 * one thing: an index of plurum_open_options.graph_from vectors or more is searched through graphs,
 * which leave one of a hundred neighbours out at times (weight "ef"). plurum_query.exact does not.
 */
#ifndef PLURUM_SEARCH_H
#define PLURUM_SEARCH_H

#include <plurum/document.h>
#include <plurum/index.h>
#include <plurum/status.h>
#include <plurum/trust.h>
#include <plurum/weights.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * On whose behalf a read is done. Nobody sees what is public and published or verified; an agent
 * also what is its own in any state, and what has team visibility and is owned by a team-mate; the
 * operator sees everything.
 */
typedef struct plurum_viewer {
    size_t struct_size;
    int is_operator;                /* 1: the operator                                             */
    const char *agent;              /* NULL: nobody                                                */
    const char *const *team_mates;  /* team_mate_count agent ids                                   */
    size_t team_mate_count;
} plurum_viewer;

#define PLURUM_VIEWER_INIT                                                                         \
    {                                                                                              \
        sizeof(plurum_viewer), 0, NULL, NULL, 0                                                    \
    }

/* What to do with documents that failed repeatedly without success. */
typedef enum plurum_quarantine {
    PLURUM_QUARANTINE_HIDE = 0, /* leave them out                                                  */
    PLURUM_QUARANTINE_SHOW = 1, /* treat them like any other                                       */
    PLURUM_QUARANTINE_ONLY = 2  /* find nothing else                                               */
} plurum_quarantine;

/* What must hold of a document to be considered at all. All conditions hold together. */
typedef struct plurum_filter {
    size_t struct_size;
    const char *domain;             /* NULL: any                                                   */
    const char *const *tools;       /* it uses all of these, tool_count of them                    */
    size_t tool_count;
    const char *const *tags;        /* it carries all of these, tag_count of them                  */
    size_t tag_count;
    unsigned lifecycles;            /* bits 1 << plurum_lifecycle; 0: published and verified       */
    unsigned visibilities;          /* bits 1 << plurum_visibility; 0: any                         */
    double min_quality;             /* trust ≥ this, 0..1; 0: any                                  */
    double min_confidence;          /* stated confidence ≥ this, 0..1; 0: any, absent too          */
    int64_t since, until;           /* created_at within, both ends included; UNSET: open          */
    plurum_quarantine quarantine;   /* what keeps failing: left out by default                     */
} plurum_filter;

#define PLURUM_FILTER_INIT                                                                         \
    {                                                                                              \
        sizeof(plurum_filter), NULL, NULL, 0, NULL, 0, 0, 0, 0.0, 0.0, PLURUM_TIME_UNSET,          \
            PLURUM_TIME_UNSET, PLURUM_QUARANTINE_HIDE                                              \
    }

/* Which legs search. */
typedef enum plurum_mode {
    PLURUM_MODE_HYBRID = 0, /* both                                                                */
    PLURUM_MODE_TEXT = 1,   /* by words alone                                                      */
    PLURUM_MODE_VECTOR = 2  /* by meaning alone                                                    */
} plurum_mode;

#define PLURUM_QUERY_MAX 262144 /* bytes of a query's text                                         */
#define PLURUM_LIMIT_MAX 10000  /* most results a page, and most candidates a leg                  */

#define PLURUM_DIVERSE_MAX 1000 /* candidates of a leg with collapse or lambda                     */
#define PLURUM_SNIPPET_MAX 65536 /* bytes of a snippet                                            */

/* What is asked; plurum_query_init fills in the defaults, those at the right. */
typedef struct plurum_query {
    size_t struct_size;
    const char *text;          /* text_len bytes, any bytes; operators mean nothing                */
    size_t text_len;           /* bytes, ≤ PLURUM_QUERY_MAX                                        */
    const float *vector;       /* dim numbers; NULL: the embedder's vector of the text             */
    size_t dim;                /* of vector: the index's                                           */
    const char *const *tools;  /* improve relevance, do not filter; tool_count strings             */
    size_t tool_count;
    const plurum_viewer *viewer; /* NULL: nobody                                                   */
    const plurum_filter *filter; /* NULL: PLURUM_FILTER_INIT                                       */
    plurum_mode mode;          /* PLURUM_MODE_HYBRID by default                                    */
    size_t limit;              /* results wanted, 1..PLURUM_LIMIT_MAX                          10 */
    size_t offset;             /* results to leave out first; not with a cursor                 0 */
    size_t warnings;           /* quarantined matches wanted beside the results (with a score  */
                               /* above 0), ≤ LIMIT_MAX                                         0 */
    const char *cursor;        /* plurum_results_cursor of the page before, or NULL                */
    int64_t now;               /* moment that rules trust; UNSET: the clock, rounded to the hour   */
    int exact;                 /* 1: no graph; the answer of a scan of all vectors                 */
    int bodies;                /* 1: read each hit's stored JSON                                 1 */
    const plurum_weights *weights; /* NULL: those that a reindex stored, or else the initial ones; */
                               /* borrowed during the call                                         */
    int trace;                 /* 1: keep what plurum_replay_take takes                          0 */
    const plurum_fingerprint *vector_model; /* what vector is of; NULL: a caller's, which an index */
                               /* of a model with a checksum refuses; borrowed during the call     */
    const char *like;          /* instead of text and vector: key, UUID or short id of a document  */
                               /* whose vector, or words where it has none, are the query; it is   */
                               /* never in the answer                                              */
    size_t snippet;            /* bytes of a passage of each hit on the page, ≤ SNIPPET_MAX     0 */
    size_t facets;             /* most values of each kind to count, ≤ LIMIT_MAX                0 */
    /* Less of the same among the candidates, at most DIVERSE_MAX of each leg; without a trace.       */
    double collapse;           /* of those with a cosine of at least this, only the best; 0: all  0 */
    int collapse_titles;       /* 1: of those with the same title or goal, only the best          0 */
    double lambda;             /* maximal marginal relevance: weight of the score, 0..1, against   */
                               /* likeness to hits before; below 1 there is no cursor           1 */
    int suggest;               /* 1: offer another spelling where nothing or little matches     1 */
    const char *environment;   /* that is asked from, a JSON object as plurum_outcome's            */
                               /* env_fingerprint: outcomes from one that has its members in       */
                               /* common count once more. NULL: none                               */
} plurum_query;

/* Fills *query with the defaults. Threads: any. Errors: none. Since 0.1. */
PLURUM_API void plurum_query_init(plurum_query *query);

/* How a hit's score came about: text + vector + tools = relevance; + trust = score, to 1e-9. */
typedef struct plurum_explain {
    double text, vector, tools, trust;     /* the parts                                            */
    double text_normal, vector_normal;     /* each leg's score in the fusion's form; 0..1 in most  */
                                           /* methods, where a part is normal × weight             */
    double text_weight, vector_weight;     /* of the legs in the fusion                            */
    double tools_share, tools_weight;      /* share of the asked tools it uses, and their weight   */
    double boost;                          /* factor of trust: score = relevance × boost           */
    double noise;                          /* the weight gate times how likely it is that reports  */
                                           /* are noise: the share in which trust counts as 1/2    */
    double here_successes, here_failures;  /* decayed outcomes from plurum_query.environment, each */
                                           /* times the share of its facts that it has             */
    double here_trust;                     /* with them; NAN: there are none                       */
    double told;                           /* share of the outcomes whose query can be compared    */
                                           /* with this one (plurum_outcome.query)                 */
    double alike_successes, alike_failures; /* decayed outcomes for queries like this one, each    */
                                           /* times how like it is                                 */
    double alike_trust;                    /* with these too; NAN: told is 0. The boost is of this, */
                                           /* else of here_trust, else of the hit's trust          */
} plurum_explain;

/* Bytes [from, to) of a text. */
typedef struct plurum_span {
    size_t from, to; /* bytes from its beginning                                                   */
} plurum_span;

/* One result. */
typedef struct plurum_hit {
    const char *key;          /* the document's                                                    */
    const char *short_id;     /* "" for a plain document                                           */
    uint32_t id;              /* internal                                                          */
    double score;             /* what the order goes by                                            */
    double relevance;         /* before trust, 0..1                                                */
    double relevant;          /* how likely it is to be relevant, 0..1: trust has no part in it    */
    double similarity;        /* calibrated cosine, 0..1; NAN: it or the query has no vector       */
    double text_score;        /* BM25; 0: no term matches                                          */
    double cosine;            /* NAN: it or the query has no vector                                */
    uint32_t text_rank;       /* place among the leg's candidates, from 1; 0: not among them       */
    uint32_t vector_rank;     /* the same of the vector leg                                        */
    const plurum_trust_score *trust; /* at the query's now                                         */
    const plurum_explain *explain;   /* how the score came about                                   */
    const char *json;         /* what is known of it, as the contract's detail; NULL unless bodies */
    const char *snippet;      /* the passage with most of the query's words; NULL unless asked     */
    const plurum_span *marks; /* mark_count words of the query in it, in any form that matches     */
    size_t mark_count;
    plurum_text_field snippet_field; /* that it is from                                            */
    size_t snippet_at;        /* the byte of that field's text where it begins                     */
    int snippet_goes_on;      /* 1: the text goes on behind it                                     */
    size_t collapsed;         /* candidates that were left out as duplicates of it                 */
} plurum_hit;

/* A page of results. */
typedef struct plurum_results plurum_results;

/*
 * Searches. Ownership: *out is owned, free it with plurum_results_free before the index is closed.
 * Threads: any; never waits for a writer. Errors: ARG (a member of the query is wrong), INVALID
 * (a cursor of another query; environment: no JSON object), MISMATCH (dim, model), NOTFOUND (like:
 * the viewer sees none), LIMIT (query or environment too long), NOMEM, IO, CORRUPT.
 * Finding nothing is OK. A leg that cannot run leaves the answer to the other: see
 * plurum_results_note. Cost: text: all postings of the query's terms; vector: all vectors that
 * pass the filter, or with graphs a few thousand. Since 0.1.
 */
PLURUM_API plurum_status plurum_search(plurum_results **out, plurum_index *index,
                                       const plurum_query *query, plurum_error *error);

/* Frees results; NULL is fine. Threads: one per handle. Errors: none. Since 0.1. */
PLURUM_API void plurum_results_free(plurum_results *results);

/* Number of hits on this page. Threads: any. Errors: none. Since 0.1. */
PLURUM_API size_t plurum_results_count(const plurum_results *results);

/*
 * Hit i, best first; NULL beyond the page. Ownership: borrowed until the results are freed.
 * Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API const plurum_hit *plurum_results_hit(const plurum_results *results, size_t i);

/*
 * Quarantined documents that match the query ("known dead ends"), best first, at most
 * plurum_query.warnings of them; they pass viewer and filters like any result.
 * Ownership: borrowed until the results are freed. Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API size_t plurum_results_warning_count(const plurum_results *results);
PLURUM_API const plurum_hit *plurum_results_warning(const plurum_results *results, size_t i);

/*
 * Candidates that passed viewer, filters and quarantine: how far paging goes, not all matches.
 * Duplicates that were collapsed do not count.
 * Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API size_t plurum_results_total(const plurum_results *results);

/* What is counted. */
typedef enum plurum_facet_kind {
    PLURUM_FACET_DOMAIN = 0, /* domains                                                            */
    PLURUM_FACET_TOOL = 1,   /* tools                                                              */
    PLURUM_FACET_TAG = 2     /* tags                                                               */
} plurum_facet_kind;
#define PLURUM_FACET_COUNT 3

/* One name and its count. */
typedef struct plurum_facet {
    const char *name; /* folded: two spellings are one                                             */
    size_t count;     /* candidates that have it                                                   */
} plurum_facet;

/*
 * How many of the answer's candidates (all plurum_results_total of them, on whatever page; not all
 * matches) have each domain, tool or tag: the most frequent first, of equal ones by name, at most
 * plurum_query.facets of them. 0 and NULL for what is none or was not asked.
 * Ownership: borrowed until the results are freed. Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API size_t plurum_results_facet_count(const plurum_results *results,
                                             plurum_facet_kind kind);
PLURUM_API const plurum_facet *plurum_results_facet(const plurum_results *results,
                                                    plurum_facet_kind kind, size_t i);

/*
 * Value to give as plurum_query.cursor for the next page, or NULL when this was the last or
 * plurum_query.lambda is below 1, where pages go by offset. It holds no resources and
 * survives restarts. The next page begins behind the last hit of this one as the order is then: a hit
 * that a write has moved past that place is missed, or shown twice. Where graphs were searched it has
 * their proposals, 8 digits each beside some 140, and the next page ranks those, whatever segments
 * there are by then; without it, pages that go by offset may differ as segments change.
 * Ownership: borrowed until the results are freed. Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API const char *plurum_results_cursor(const plurum_results *results);

/*
 * One line on what the answer had to do without ("the query has no word but stop words: vector leg
 * only"), or NULL. Ownership: borrowed until the results are freed. Threads: any. Errors: none.
 * Since 0.1.
 */
PLURUM_API const char *plurum_results_note(const plurum_results *results);

/*
 * The query's text with other words in place of misspelt ones, or NULL: where at least a quarter of
 * its words (stop words do not count) can be replaced, or where fewer than five documents have a word
 * of it. Replaced are words of at least four letters that no document has which is open to all or
 * which the query may find; with fewer than five documents also those that are in ten times fewer
 * than the word that replaces them. That word is one or, from eight letters on, two letters away and
 * stands in a public, published document that the query may find: no other text gives a word or
 * changes which is given. Words with digits are left alone but for one or two at their end. Nothing
 * of it depends on the answer's hits or changes them. Made for the first page only.
 * Ownership: borrowed until the results are freed. Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API const char *plurum_results_suggestion(const plurum_results *results);

/*
 * 1 where no candidate is as likely to be relevant as the weight `abstain` asks, so that an answer
 * had better be "nothing here". Off the subject of the index it mostly says so; questions on its
 * subject that happen to have no answer it mostly misses. Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API int plurum_results_abstain(const plurum_results *results);

/*
 * The snapshot's sequence number, and the moment that ruled trust. Threads: any. Errors: none.
 * Since 0.1.
 */
PLURUM_API uint64_t plurum_results_seq(const plurum_results *results);
PLURUM_API int64_t plurum_results_now(const plurum_results *results);

/*
 * The answer as the contract's JSON: {"query", "results": […], "total_found", "warnings": […], …};
 * each result a flat object. The results must have been made with bodies. explain: 1 for "explain"
 * too.
 * Ownership: *out is owned, free it with plurum_text_free. Threads: any. Errors: ARG, NOMEM.
 * Since 0.1.
 */
PLURUM_API plurum_status plurum_results_json(char **out, const plurum_results *results,
                                             int explain, plurum_error *error);

#ifdef __cplusplus
}
#endif

#endif
