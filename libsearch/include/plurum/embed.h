/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Embedders: text in, vector out. The seam, and the models that run in process.
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
                                          /* which are then taken on trust                         */
} plurum_fingerprint;

/* Constants that belong to a model, stored with the index at its creation. */
typedef struct plurum_model_traits {
    double alpha; /* weight of the vector leg in a hybrid of two equal legs, 0..1                  */
    double pivot; /* cosine that divides useful from unrelated, 0..1 exclusive: similarity .4      */
    double lean, feedback_lean; /* adaptive fusion: log-odds of trusting the vector leg, before    */
                                /* and after feedback, -10..10                                     */
} plurum_model_traits;

/* Of a model that nothing is known about. */
#define PLURUM_MODEL_TRAITS_INIT {.5, .4, 1, 1}

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
} plurum_embedder_methods;

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

#ifdef __cplusplus
}
#endif

#endif
