/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The closed loop: agents search, use one of the first results, report and vote; what they said
 * shapes what the next one finds. A world holds what is true and what agents do; a learner ranks
 * and hears of events. All learners meet the same agents, drawn from the same random numbers.
 */
#ifndef BENCH_LOOP_H
#define BENCH_LOOP_H

#include <stdint.h>

#include "bench/collection.h"
#include "bench/scratch.h"

enum { LOOP_AGENTS = 500, LOOP_FRESH = 400, LOOP_TOP = 10 };

typedef enum loop_scenario {
    LOOP_BENIGN = 0, /* 3 % of reports are mistaken                                              */
    LOOP_MALICIOUS,  /* 20 % of agents praise 5 % of the worst and smear 5 % of the best          */
    LOOP_INVERTED,   /* 20 % of agents say the opposite                                          */
    LOOP_BURST,      /* thrice, fresh accounts fall upon a tenth of the best and worst           */
    LOOP_COIN,       /* outcomes are coin flips: reports say nothing                             */
    LOOP_NOISE,      /* three coin flips on every document, then nobody reports any more         */
    LOOP_ENVIRONMENT /* half of what works hardly does in one of two systems                     */
} loop_scenario;
#define LOOP_SCENARIO_COUNT 7
extern const char *const loop_scenario_names[]; /* NULL-terminated */

/* A candidate of a query, with what the formulas rank by. */
typedef struct loop_row {
    uint32_t document;
    double relevance, rrf, text, cosine;
} loop_row;

typedef struct loop_query {
    size_t number; /* in the collection */
    int held_out;  /* nobody asks it    */
    loop_row *rows;
    size_t row_count;
    const judgement *judged;
    size_t judged_count;
} loop_query;

typedef struct loop_key {
    const char *key;
    uint32_t document; /* its number in the collection */
} loop_key;

typedef struct loop_world {
    collection data;
    int vectors;
    loop_query *queries;
    size_t query_count;
    loop_key *keys;        /* of all documents, sorted by key */
    double *rate;          /* by document: how often it works where it fits; NAN: fits nowhere */
    unsigned char *home;   /* by document: the system where it does, from 1; 0: in both        */
    uint64_t seed;
    loop_scenario scenario;
} loop_world;

typedef struct loop_event {
    uint32_t document;
    unsigned agent;
    int is_vote, value; /* value: success 0 or 1; vote -1 or 1 */
    size_t query;       /* its number in the collection: what was asked, or what a liar names */
} loop_event;

/* What has been said of a document, for formulas. */
typedef struct loop_counts {
    uint32_t successes, failures, up, down;
    int day; /* it appeared */
} loop_counts;

typedef struct learner learner;
struct learner {
    const char *name;
    int quarantine;               /* 0: what keeps failing is ranked like all else */
    int environment;              /* 1: who asks says from where                   */
    int silent;                   /* 1: who reports does not say what was asked    */
    const plurum_weights *weights;
    const loop_world *world;
    loop_counts *counts;          /* by document, of events heard; kept by the loop */
    int day;
    unsigned asker;               /* the agent that asks now                      */
    scratch_index *scratch;       /* the engine's */
    int (*begin)(learner *l);     /* 0, or the exit code */
    /* Numbers of the best documents, at most LOOP_TOP; SIZE_MAX after an error was printed. */
    size_t (*rank)(learner *l, const loop_query *query, uint32_t out[LOOP_TOP]);
    int (*hear)(learner *l, const loop_event *event);
    void (*end)(learner *l);
};

/* Formulas over a query's candidates: relevance only, the running service, the rivals. */
#define LOOP_FORMULA_COUNT 6
void loop_formula(learner *l, int which);
/* The engine itself, with weights. */
void loop_engine(learner *l, const char *name, const plurum_weights *weights, int quarantine);

/* Where an agent works: one of two systems, which may matter, and one of three runtimes, which does
 * not, as JSON. */
enum { LOOP_ENVIRONMENT_SIZE = 48 };
void loop_environment(char out[LOOP_ENVIRONMENT_SIZE], unsigned agent);
unsigned char loop_system(unsigned agent); /* from 1 */

typedef struct loop_result {
    double first_pick;  /* success of what is first, mean over the last quarter               */
    double oracle;      /* of the best candidate, which only whoever knows the rates can pick  */
    double ndcg, held_out_ndcg; /* @10, after the loop                                         */
    double shown_ndcg;  /* the first, with what is in quarantine ranked like all else          */
    double quarantined; /* documents                                                           */
    double good_share;  /* of those, the share that works at least half of the time            */
} loop_result;

/* 0, or the exit code after saying why. */
int loop_world_load(loop_world *world, const char *folder, int vectors);
void loop_world_draw(loop_world *world, uint64_t seed, loop_scenario scenario);
void loop_world_free(loop_world *world);
/* UINT32_MAX: no document has the key. */
uint32_t loop_document(const loop_world *world, const char *key);

int loop_run(loop_result *result, learner *l, int passes);

/* Where random numbers begin that depend on what they are for, not on what was drawn before. */
uint64_t loop_state(uint64_t seed, uint64_t a, uint64_t b, uint64_t c);

#endif
