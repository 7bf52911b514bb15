/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An endpoint for embeddings on the loopback, which can be told to misbehave. Vectors are made of
 * the words of a text, so texts that share words are near each other.
 */
#ifndef TESTS_HTTP_ENDPOINT_H
#define TESTS_HTTP_ENDPOINT_H

#include <stddef.h>

enum { ENDPOINT_DIM = 16 };

typedef enum behaviour {
    ENDPOINT_WELL,
    ENDPOINT_SHUFFLED,      /* the vectors in another order                  */
    ENDPOINT_UNNUMBERED,    /* without "index"                               */
    ENDPOINT_SLOW,          /* answers after ten seconds, or when told anew  */
    ENDPOINT_BUSY,          /* 429                                           */
    ENDPOINT_BUSY_AWHILE,   /* 429 with Retry-After: 1                       */
    ENDPOINT_BUSY_FOR_LONG, /* 429 with Retry-After: 3600                    */
    ENDPOINT_BROKEN,        /* 500                                           */
    ENDPOINT_UNAVAILABLE,   /* 503                                           */
    ENDPOINT_UNAUTHORISED,  /* 401, and repeats the key                      */
    ENDPOINT_REFUSING,      /* 400, with a reason                            */
    ENDPOINT_QUOTING,       /* 400, with a reason that repeats the key       */
    ENDPOINT_MOVED,         /* 307, to /elsewhere                            */
    ENDPOINT_CLOSING,       /* no answer, the connection closed              */
    ENDPOINT_BREAKING_OFF,  /* the connection closed in the midst of it      */
    ENDPOINT_TRUNCATED,     /* JSON that ends early                          */
    ENDPOINT_HUGE,          /* spaces without end                            */
    ENDPOINT_NARROW,        /* a dimension fewer                             */
    ENDPOINT_RAGGED,        /* a dimension fewer in the last vector          */
    ENDPOINT_SHORT,         /* a vector fewer                                */
    ENDPOINT_LONG,          /* a vector more                                 */
    ENDPOINT_TWICE,         /* the first index for all                       */
    ENDPOINT_OUTSIDE,       /* an index that is none                         */
    ENDPOINT_INFINITE,      /* 1e39, which no float holds                    */
    ENDPOINT_WORDY,         /* a word for a number                           */
    ENDPOINT_EMPTY          /* 200 with nothing                              */
} behaviour;

/* As words, in this order; NULL ends them. */
extern const char *const endpoint_words[];

typedef struct endpoint endpoint;

/* Listens on this port, or with 0 on any that is free. NULL: it cannot. */
endpoint *endpoint_start(unsigned port);
void endpoint_stop(endpoint *e);
unsigned endpoint_port(const endpoint *e);
/* "http://127.0.0.1:PORT/v1/embeddings", which lives as long as the endpoint. */
const char *endpoint_url(const endpoint *e);

/* Does so with the next `times` requests, and then well; negative: until told otherwise. */
void endpoint_behave(endpoint *e, behaviour how, int times);
/* Texts with this word in them are refused with 400; NULL: none. */
void endpoint_refuse(endpoint *e, const char *word);

/* Before each request, does as the word in a file says, where there is such a file. */
void endpoint_obey(endpoint *e, const char *file);

/* What it has seen since it was started or this was last asked. */
typedef struct endpoint_seen {
    size_t requests, texts;
    size_t largest;          /* texts of a request                  */
    size_t at_once;          /* requests that were answered at once */
    size_t elsewhere;        /* requests for another path           */
    char authorization[128]; /* of the last request                 */
    char model[64];
    char query[64];          /* what followed "?api-version="       */
} endpoint_seen;
endpoint_seen endpoint_look(endpoint *e);

/* The vector that it gives for a text, not yet of unit length. */
void endpoint_vector(float out[ENDPOINT_DIM], const char *text);

#endif
