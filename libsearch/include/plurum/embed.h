/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Embedders: text in, vector out. The seam, the models that run in process, and endpoints that are
 * asked over HTTP.
 *
 * An index records the fingerprint of the embedder it was made with; another one is refused at
 * open, at insert and at query, with both fingerprints named.
 */
#ifndef PLURUM_EMBED_H
#define PLURUM_EMBED_H

#include <plurum/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A model that makes vectors of texts. */
typedef struct plurum_embedder plurum_embedder;

#define PLURUM_MODEL_NAME_MAX 63 /* bytes of a model's name                                        */
#define PLURUM_DIM_MAX 4096      /* most dimensions of a vector                                    */

/*
 * What makes two vectors comparable. The metric is always the inner product of vectors scaled to
 * unit length, that is the cosine; the index does the scaling.
 */
typedef struct plurum_fingerprint {
    char name[PLURUM_MODEL_NAME_MAX + 1]; /* as "static-en-256-clean" or "caller"; printable ASCII */
    uint32_t dim;                         /* dimensions; 0 = an index without vectors              */
    uint32_t text_template;               /* how text fields become the model's input; 1           */
    uint64_t checksum;                    /* of the model's parameters; 0 for caller's vectors,    */
                                          /* which are then taken on trust; PLURUM_HTTP_CHECKSUM   */
} plurum_fingerprint;

/* Of every model behind HTTP: nobody can sum up its parameters, so its name is taken on trust. */
#define PLURUM_HTTP_CHECKSUM UINT64_C(0x69616f2d70747468)

/* Constants that belong to a model, stored with the index at its creation. */
typedef struct plurum_model_traits {
    double alpha; /* weight of the vector leg in a hybrid of two equal legs, 0..1                  */
    double pivot; /* cosine that divides useful from unrelated, 0..1 exclusive: similarity .4      */
    double lean, feedback_lean; /* adaptive fusion: log-odds of trusting the vector leg, before    */
                                /* and after feedback, -10..10                                     */
} plurum_model_traits;

/* Of a model that nothing is known about. */
#define PLURUM_MODEL_TRAITS_INIT {.5, .4, 1, 1}

/* How long whoever embeds is willing to wait. */
typedef enum plurum_patience {
    PLURUM_PATIENT = 0, /* as long as the embedder thinks right, failures tried again              */
    PLURUM_ONCE = 1,    /* nothing is tried again: the caller does so itself, later                */
    PLURUM_QUERY = 2    /* a search waits: better fail soon                                        */
} plurum_patience;

/* What an embedder may be told of a call beside its texts. */
typedef struct plurum_embed_call {
    size_t struct_size;
    plurum_patience patience; /* PLURUM_PATIENT by default                                         */
    /* Asked now and then, in the calling thread; non-zero gives up: CANCELLED. May be NULL.       */
    int (*stop)(void *payload);
    void *stop_payload;
} plurum_embed_call;

#define PLURUM_EMBED_CALL_INIT                                                                     \
    {                                                                                              \
        sizeof(plurum_embed_call), PLURUM_PATIENT, NULL, NULL                                      \
    }

/*
 * An embedder of the caller's own.
 */
typedef struct plurum_embedder_methods {
    size_t struct_size;
    /*
     * Embeds count texts (UTF-8, NUL-terminated) into out: count × dim, row-major, any length; an
     * all-zero row says that the text has no vector. Called from any thread, several at once.
     */
    plurum_status (*embed)(void *payload, const char *const *texts, size_t count, float *out,
                           plurum_error *error);
    /* Called once, by plurum_embedder_free. May be NULL. */
    void (*release)(void *payload);
    /* As embed, which is not called where there is this one. For embedders that wait for others.  */
    plurum_status (*embed_call)(void *payload, const char *const *texts, size_t count, float *out,
                                const plurum_embed_call *call, plurum_error *error);
    size_t batch; /* texts that are best given at once; 0: 32. At most PLURUM_EMBED_BATCH_MAX       */
} plurum_embedder_methods;

#define PLURUM_EMBED_BATCH_MAX 2048 /* texts */

/*
 * Wraps the caller's methods. fingerprint: what its vectors are of. traits: NULL for
 * PLURUM_MODEL_TRAITS_INIT. methods: embed must be given. payload: handed to the methods.
 * Ownership: *out is owned; all is copied, but payload is borrowed until the embedder is freed.
 * Threads: any. Errors: ARG, NOMEM. Since 0.1.
 */
PLURUM_API plurum_status plurum_embedder_create(plurum_embedder **out,
                                                const plurum_fingerprint *fingerprint,
                                                const plurum_model_traits *traits,
                                                const plurum_embedder_methods *methods,
                                                void *payload, plurum_error *error);

/*
 * Opens a static token-embedding model (a PLSM file); the file is mapped, checked whole against
 * its checksum, and must stay in place until the embedder is freed. path: of the file.
 * Ownership: *out is owned. Threads: any. Errors: IO, CORRUPT (names what is wrong and where),
 * FORMAT (not a model, or a newer version), NOMEM. Since 0.1.
 */
PLURUM_API plurum_status plurum_embedder_open_static(plurum_embedder **out, const char *path,
                                                     plurum_error *error);

/*
 * Opens the sentence encoder all-MiniLM-L6-v2 (a PLTM file); the file is mapped, checked whole
 * against its checksum, and must stay in place until the embedder is freed. It is a thousand times
 * slower than the static model and far better; of a text it reads the first 254 tokens, about 190
 * words. Vectors do not depend on the batch nor on the processor. path: of the file.
 * Ownership: *out is owned. Threads: any; it has none of its own. Errors: IO, CORRUPT (names what is
 * wrong and where), FORMAT (not a model, or a newer version), NOMEM. Since 0.1.
 */
PLURUM_API plurum_status plurum_embedder_open_minilm(plurum_embedder **out, const char *path,
                                                     plurum_error *error);

/*
 * Opens a model file of either kind, which its first bytes tell apart. path: of the file.
 * Ownership: *out is owned. Threads: any. Errors: as the two above. Since 0.1.
 */
PLURUM_API plurum_status plurum_embedder_open(plurum_embedder **out, const char *path,
                                              plurum_error *error);

/* How an endpoint is asked. */
typedef struct plurum_http_options {
    size_t struct_size;
    /*
     * What texts are POSTed to, http or https, as "https://host/v1/embeddings". It holds no user or
     * password; its query is sent, and never shown.
     */
    const char *url;
    const char *model; /* as the endpoint calls it; NULL: "default"                                */
    uint32_t dim;      /* of its vectors; 0: learnt by a request, when it is opened                */
    /* Sent as "Authorization: Bearer KEY", shown nowhere: printable ASCII without spaces. NULL:
     * none. The library reads no environment for it.                                              */
    const char *key;
    const plurum_model_traits *traits; /* NULL: PLURUM_MODEL_TRAITS_INIT                           */
    size_t batch_texts;      /* most texts of a request: 64; 1..PLURUM_EMBED_BATCH_MAX             */
    size_t batch_bytes;      /* most bytes of them; a single text may have more: 1 MiB             */
    size_t text_bytes;       /* of a longer text so many are sent, as models take no more: 16384   */
    uint32_t connect_ms;     /* most milliseconds to connect: 5000                                 */
    uint32_t request_ms;     /* of one request with its answer: 30000                              */
    uint32_t total_ms;       /* of a call with all its requests and retries: 60000                 */
    uint32_t query_ms;       /* of a call with PLURUM_QUERY, which is one request: 2000            */
    uint32_t retries;        /* of a request, after the first: 5                                   */
    uint32_t backoff_ms;     /* the first pause is up to this long, each further twice that: 500   */
    uint32_t backoff_cap_ms; /* and at most this; also of what the endpoint asks for: 20000        */
} plurum_http_options;

#define PLURUM_HTTP_OPTIONS_INIT                                                                   \
    {                                                                                              \
        sizeof(plurum_http_options), NULL, NULL, 0, NULL, NULL, 64, 1 << 20, 16384, 5000, 30000,   \
            60000, 2000, 5, 500, 20000                                                             \
    }

/* Fills *options with the defaults. Threads: any. Errors: none. Since 0.1. */
PLURUM_API void plurum_http_options_init(plurum_http_options *options);

/*
 * An embedder that asks an endpoint of OpenAI's kind: {"model", "input": [texts]} is POSTed, and
 * {"data": [{"index", "embedding"}]} comes back. 429, 5xx, a failed connection and a time-out are
 * tried again after a random pause, which grows, or after Retry-After; nothing else is. Whatever
 * the answer, a call ends within total_ms (query_ms). An empty text has no vector and is not sent.
 * Certificates are verified; redirects are not followed; the proxies that the environment names for
 * libcurl (http_proxy, https_proxy, no_proxy) are used. curl_global_init is called here, and
 * curl_global_cleanup when the embedder is freed.
 * Its errors: BACKEND (no connection, no answer in time, HTTP status, an answer of another form,
 * count or number of dimensions), INVALID (400, 413 and 422: it will not have these texts; position
 * is that of a single one), CANCELLED, NOMEM. They name the URL without its query.
 * Ownership: everything is copied; *out is owned. Threads: any; each call has a connection of its
 * own. Errors: ARG (names the option), those above where dim is to be learnt. Since 0.1.
 */
PLURUM_API plurum_status plurum_embedder_open_http(plurum_embedder **out,
                                                   const plurum_http_options *options,
                                                   plurum_error *error);

/*
 * Frees an embedder; NULL is fine. No index may be using it.
 * Threads: one per handle. Errors: none. Since 0.1.
 */
PLURUM_API void plurum_embedder_free(plurum_embedder *embedder);

/*
 * Its fingerprint and traits. Ownership: borrowed until the embedder is freed.
 * Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API const plurum_fingerprint *plurum_embedder_fingerprint(const plurum_embedder *embedder);
PLURUM_API const plurum_model_traits *plurum_embedder_traits(const plurum_embedder *embedder);

/*
 * Embeds count texts into out (count × dim, row-major, the caller's). Rows are of unit length, or
 * all zero where a text has no vector. texts: count of them, NUL-terminated; any bytes are a valid
 * text. count: 0 is fine.
 * Threads: any. Errors: those of the embedder; a row that is not finite is INVALID. Since 0.1.
 */
PLURUM_API plurum_status plurum_embedder_embed(const plurum_embedder *embedder,
                                               const char *const *texts, size_t count, float *out,
                                               plurum_error *error);

/*
 * The same with a word on how long to wait. An embedder that has no embed_call does not look at it.
 * texts: borrowed during the call. count: how many. call: NULL is PLURUM_EMBED_CALL_INIT.
 * Threads: any. Errors: ARG, CANCELLED, those of the embedder. Since 0.1.
 */
PLURUM_API plurum_status plurum_embedder_embed_call(const plurum_embedder *embedder,
                                                    const char *const *texts, size_t count,
                                                    float *out, const plurum_embed_call *call,
                                                    plurum_error *error);

#ifdef __cplusplus
}
#endif

#endif
