/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The embedder behind plurum_embedder_open_http, as its files share it: http.c cuts texts into
 * requests, http_request.c gets an answer to each, http_answer.c reads vectors out of it.
 */
#ifndef PLI_EMBED_HTTP_H
#define PLI_EMBED_HTTP_H

#include <pthread.h>

#include <curl/curl.h>

#include <plurum/embed.h>

#include "base/buf.h"

enum { PLI_HTTP_IDLE = 8 };

typedef struct pli_http {
    char *url, *model;
    char *shown; /* the URL for messages: without its query, and not too long */
    char *key;   /* in no message: an answer that quotes it is not quoted     */
    struct curl_slist *headers;
    plurum_http_options limits; /* its numbers */
    uint32_t dim;
    int curl_begun;
    pthread_mutex_t mutex;
    CURL *idle[PLI_HTTP_IDLE]; /* handles with an open connection, perhaps */
    size_t idle_count;
} pli_http;

/* A call of the embedder under way. */
typedef struct pli_http_call {
    pli_http *http;
    const plurum_embed_call *told;
    int64_t deadline; /* by pli_http_clock */
} pli_http_call;

/* Milliseconds of a clock that nobody sets. */
int64_t pli_http_clock(void);

/*
 * POSTs a body until there is an answer of status 200, at most `most` bytes of it. Errors: as
 * plurum_embedder_open_http says; the position of INVALID is not set.
 */
plurum_status pli_http_post(pli_buf *answer, const pli_http_call *call, const char *body, size_t len,
                            size_t most, plurum_error *error);

/* At most so many bytes are read of an answer with count vectors. */
size_t pli_http_answer_most(size_t count, uint32_t dim);

/*
 * Reads the vectors of an answer, each into rows[its index], of *dim numbers; where *dim is 0, it
 * is set to that of the first, and rows have room for PLURUM_DIM_MAX. Errors: BACKEND (says what is
 * wrong with the answer, and where), NOMEM.
 */
plurum_status pli_http_answer(float *const *rows, size_t count, uint32_t *dim, const char *json,
                              size_t len, plurum_error *error);

#endif
