/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the reference engine knows, and the parts that its answers are put together from: who may find
 * what (who.c), trust (trust.c), the scores of both legs (legs.c) and the order (order.c).
 */
#ifndef ORACLE_WORLD_H
#define ORACLE_WORLD_H

#include "tests/oracle/make.h"
#include "tests/oracle/reference.h"
#include "text/terms.h"

typedef struct report {
    uint64_t seq; /* 0: none */
    int value, counted;
    int environment; /* facts as bits */
    uint32_t asked;  /* number of the query that it is for; 0: not said */
    double weight;
    int64_t at;
} report;

typedef struct document {
    int there;
    uint32_t id, made;
    int lifecycle;
    report outcomes[AGENTS], votes[AGENTS];
} document;

struct reference {
    settings settings;
    document documents[KEYS];
    uint64_t seq;
    uint32_t next_id;
    int filed[AGENTS]; /* outcomes that count, deleted ones too */
    int64_t clock;
    answer_hit last; /* of the page before, for a cursor */
    int64_t last_now;
};

/* A candidate while it is ranked. */
typedef struct candidate {
    int key;
    answer_hit hit;
} candidate;

typedef struct ranking {
    candidate all[KEYS];
    int count;
} ranking;

/* ---- who.c ---- */

int sees(const query_step *q, const made *m, int lifecycle);
/* Whether a search's filters and viewer let a document through. */
int passes(const reference *r, const query_step *q, int key, int quarantine, int64_t now);

/* ---- trust.c ---- */

/* From all reports that there are, one after the other. */
plurum_trust_score trust_of(const reference *r, int key, double floor, double noise, int64_t now);
double noise_now(const reference *r);
/* Sets the boost by what has been reported from where the query is asked and for queries like it. */
void hear(plurum_trust_score *t, const document *d, const query_step *q, double noise, int64_t now);

/* ---- legs.c ---- */

/* BM25 of every document; *most: what one could have at best. */
void score_text(const reference *r, const query_step *q, const pli_terms *query, double scores[KEYS],
                double *most);
/* To unit length, as single precision keeps it. */
void normalise(float v[DIM]);
/* 0: it has none. */
int vector_of(const reference *r, int key, float out[DIM]);
double cosine_of_units(const float a[DIM], const float b[DIM]);
double cosine_of(const reference *r, int key, const float query[DIM]);
/* Place of each allowed key in a leg's list of at most k, from 1; 0: not in it. */
void rank_leg(const reference *r, const double scores[KEYS], const int allowed[KEYS], int k,
              int ranks[KEYS]);

/* ---- order.c ---- */

/* On the scale of the model's pivot; NAN of NAN. */
double similarity_of(double cosine);
int before(const answer_hit *a, const answer_hit *b);
void rank_all(const reference *r, const query_step *q, int quarantine, int64_t now, ranking *out);
/* The clock, rounded down, or what the query says. */
int64_t moment_of(const reference *r, const query_step *q);

#endif
