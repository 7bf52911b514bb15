/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From numbers to documents and queries. The worlds are small on purpose: few words, few labels,
 * vectors that repeat, so that ties, empty legs and full filters come up all the time.
 */
#ifndef ORACLE_MAKE_H
#define ORACLE_MAKE_H

#include "tests/oracle/step.h"

/* A document, with the memory that it points to. */
typedef struct made {
    plurum_document document;
    char key[40], texts[PLURUM_TEXT_FIELD_COUNT][2000], owner[16];
    const char *tools[4], *tags[4];
    float vector[DIM];
    char *json;       /* of an experience */
    int owner_number; /* -1: none */
    int tools_mask, tags_mask, domain_number; /* -1: none */
} made;

/* The document of a number; good until the key's next is made. Some keys are experiences'. */
const made *make_document(int key, uint32_t number);
int is_experience(int key);
/* An experience as a line of an import, for free(); its projection is make_document's. */
char *make_experience(const made *plain);

/* A query's text and vector; *has_vector, and at most two words of which may match nothing. */
void make_query(char text[400], float vector[DIM], int *has_vector, uint32_t number);

const char *make_key(char out[40], int key);
/* The short id of an experience, where it is asked for, or the key. */
const char *make_name(char out[40], int key, int by_short);
/* The key that a hit tells. */
int key_number(const char *key);
const char *make_agent(char out[16], int agent);
const char *make_domain(int domain);
const char *make_tool(int tool);
const char *make_tag(int tag);
/* An environment with the facts whose bits are set, as JSON; NULL: none. */
const char *make_environment(char out[64], int facts);
enum { DOMAINS = 4, TOOLS = 6, TAGS = 5, FACTS = 3 };

/* The same numbers everywhere. */
typedef struct random_state {
    uint64_t state;
} random_state;
uint64_t random_next(random_state *r);
int random_below(random_state *r, int bound);
double random_unit(random_state *r);

#endif
