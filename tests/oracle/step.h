/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A step: one thing that is done to the engine and to the reference alike, as plain data that goes
 * through a pipe. Documents and queries are numbers here: both sides make the same text, labels and
 * vector from the same number (make.h).
 */
#ifndef ORACLE_STEP_H
#define ORACLE_STEP_H

#include <stdint.h>

#include <plurum/plurum.h>

enum { KEYS = 120, AGENTS = 12, DIM = 12, PAGE = 12, CHANGES = 8 };

/* What an index is made with. */
typedef struct settings {
    int newcomer_weights;
    double quarantine_margin; /* infinite: no parole */
} settings;

typedef enum step_kind {
    STEP_BATCH,  /* changes, committed together  */
    STEP_APPLY,
    STEP_REOPEN,
    STEP_SEARCH,
    STEP_LIST,
    STEP_GET,
    STEP_HISTORY,
    STEP_VERIFY,
    STEP_COMPACT,
    STEP_SEQ
} step_kind;

typedef enum change_kind { PUT, OUTCOME, VOTE, LIFECYCLE, DELETE } change_kind;

typedef struct change {
    change_kind kind;
    int key;         /* the document's */
    int by_short;    /* name it by its short id, where it has one */
    int agent;       /* who reports, or asks; -1: the operator */
    uint32_t made;   /* put: number of the document (make.h) */
    int conflict;
    int value;       /* success, vote or lifecycle */
    int64_t at;      /* of a report; PLURUM_TIME_UNSET: now */
    int environment; /* of an outcome: its facts as bits (make.h) */
    uint32_t asked;  /* of an outcome: number of the query that it is for (make.h); 0: not said */
} change;

/* As the weight "fusion" numbers them. */
enum {
    FUSION_MINMAX,
    FUSION_RRF,
    FUSION_TMM,
    FUSION_DBSF,
    FUSION_Z_SCORE,
    FUSION_LOG_ODDS,
    FUSION_ADAPTIVE,
    FUSIONS
};

typedef struct query_step {
    uint32_t made;         /* number of the query (make.h) */
    int mode, fusion, candidates, limit, offset;
    int ef;                /* > 0: ask by graphs too, that keep so many */
    char cursor[160];      /* of the page before; empty: from the beginning */
    int viewer;            /* agent; -1: nobody; -2: the operator */
    int mates;             /* bits of agents that are team-mates */
    int domain, tool, tag; /* asked for, or -1 */
    int want_tools;        /* how many tools to ask for as a feature */
    int environment;       /* asked from: facts as bits */
    unsigned lifecycles, visibilities;
    int quarantine, warnings;
    double min_quality, min_confidence;
    int64_t since, until, now;
    double alpha, lean, feedback_lean, floor, gate, environment_weight, alike_weight, told_weight;
    double k1, b, tools_weight;
    double field[PLURUM_TEXT_FIELD_COUNT];
    double rrf_k, rrf_text, rrf_vector;
    double function_words;
} query_step;

typedef struct step {
    step_kind kind;
    int64_t clock;         /* the engine's clock from now on */
    int background;        /* STEP_REOPEN: apply by a thread, not by hand */
    int change_count;
    change changes[CHANGES];
    query_step query;      /* searches and lists */
    int key, viewer;       /* get, history */
    int by_short;
} step;

typedef struct answer_hit {
    uint32_t id;
    int key;
    double score, relevant, relevance, similarity, text_score, cosine;
    uint32_t text_rank, vector_rank;
    double trust, boost, text, vector, tools, trust_part;
} answer_hit;

typedef struct answer {
    plurum_status status;
    uint64_t position;           /* of a batch that failed */
    uint64_t seq, total;
    int count, warning_count;
    char cursor[160];            /* "": the last page; the reference says "more" */
    answer_hit hits[PAGE], warnings[PAGE];
    int graph_count;             /* of the same search by graphs, all in one page */
    answer_hit graph[KEYS];
    plurum_trust_score trust;    /* history */
    uint64_t events;
    uint64_t digest;             /* get: of what is shown; history: of the events */
    char text[PLURUM_ERROR_TEXT_SIZE];
} answer;

#endif
