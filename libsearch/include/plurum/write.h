/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing: a batch of changes becomes one transaction.
 *
 * A batch is filled (each call checks its arguments, and does the expensive part: text analysis,
 * compression) and committed: all of it or nothing. A commit first embeds what has no vector yet,
 * by several threads (plurum_open_options.embed_threads); then batches of several threads are
 * committed in groups. When a commit returns OK, the batch is on disk and visible to every search.
 */
#ifndef PLURUM_WRITE_H
#define PLURUM_WRITE_H

#include <plurum/document.h>
#include <plurum/experience.h>
#include <plurum/index.h>
#include <plurum/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Changes that are to become one transaction. */
typedef struct plurum_batch plurum_batch;

/* What to do with a document whose key is taken. */
typedef enum plurum_conflict {
    PLURUM_CONFLICT_ERROR = 0,  /* the commit fails with EXISTS                                    */
    PLURUM_CONFLICT_SKIP = 1,   /* leave the stored one                                            */
    PLURUM_CONFLICT_REPLACE = 2 /* new content under the same key; reports and votes are kept      */
} plurum_conflict;

/*
 * A new, empty batch. Ownership: *out is owned, free it before the index is closed.
 * Threads: any. Errors: UNSUPPORTED (read-only handle), NOMEM. Since 0.1.
 */
PLURUM_API plurum_status plurum_batch_new(plurum_batch **out, plurum_index *index,
                                          plurum_error *error);

/* Frees a batch; NULL is fine. Threads: one per handle. Errors: none. Since 0.1. */
PLURUM_API void plurum_batch_free(plurum_batch *batch);

/*
 * Says of which model the vectors are that the batch will be given, for its life. model: its
 * fingerprint. Needed where the
 * index is of a model with a checksum: vectors of another model would mean nothing beside its own.
 * Ownership: copied. Threads: one per handle. Errors: ARG, MISMATCH (not the index's). Since 0.1.
 */
PLURUM_API plurum_status plurum_batch_vectors_of(plurum_batch *batch,
                                                 const plurum_fingerprint *model,
                                                 plurum_error *error);

/*
 * Lets the documents that are put into the batch from now on wait for their vectors, where the handle
 * has no embedder, or it fails at the commit (one request, no retries; none at all while it is known
 * to fail): they are stored, found by their words at once, and embedded later, by a thread of this
 * handle or of the next one that writes and has the embedder, or by plurum_index_apply and
 * plurum_index_embed. That changes a document's internal id, and nothing else of it.
 * Threads: one per handle. Errors: none. Since 0.1.
 */
PLURUM_API void plurum_batch_embed_later(plurum_batch *batch);

/*
 * Adds a plain document, whatever its texts hold: only experiences, outcomes and names of agents are
 * checked for secrets. Its vector is the one given, else the embedder's, else none.
 * Ownership: everything is copied. Threads: one per handle. Errors: INVALID (a field breaks a
 * rule; named), MISMATCH (dim is not the index's; or the index is of a model with a checksum, and the
 * vector of no model that is named, or neither it nor an embedder given), NOMEM. Since 0.1.
 */
PLURUM_API plurum_status plurum_batch_put(plurum_batch *batch, const plurum_document *document,
                                          plurum_conflict conflict, plurum_error *error);

/*
 * Adds an experience. owner: the author's agent id where the import gave none; NULL: nobody.
 * vector: dim numbers, or NULL for the embedder's or none. Ids that the experience does not bring
 * are drawn at random.
 * Ownership: everything is copied. Threads: one per handle. Errors: as plurum_batch_put.
 * Since 0.1.
 */
PLURUM_API plurum_status plurum_batch_put_experience(plurum_batch *batch,
                                                     const plurum_experience *experience,
                                                     const char *owner, const float *vector,
                                                     size_t dim, plurum_conflict conflict,
                                                     plurum_error *error);

#define PLURUM_OUTCOME_QUERY_MAX 4096 /* bytes of an outcome's query                             */

/* A report on a use. Every text may be NULL; whoever may read its history reads them all. */
typedef struct plurum_outcome {
    size_t struct_size;
    const char *id;            /* key, UUID or short id of the document                            */
    const char *agent;         /* who used it                                                      */
    int success;               /* 1: it worked, 0: it failed                                       */
    int64_t at;                /* PLURUM_TIME_UNSET: now; later than the clock, or not in the      */
                               /* years 1 to 9999, is INVALID                                      */
    int64_t execution_time_ms; /* -1: not stated                                                   */
    const char *error_message; /* what was seen when it failed                                     */
    const char *context_notes; /* what else others should know                                     */
    const char *env_fingerprint; /* a JSON object                                                  */
    const char *query;         /* what was asked when the document was found: searches for         */
                               /* something like it give this outcome more weight                  */
    const float *query_vector; /* of the query; NULL: the embedder's or none                       */
    size_t dim;                /* numbers in query_vector                                          */
} plurum_outcome;

#define PLURUM_OUTCOME_INIT                                                                        \
    {                                                                                              \
        sizeof(plurum_outcome), NULL, NULL, 0, PLURUM_TIME_UNSET, -1, NULL, NULL, NULL, NULL,      \
            NULL, 0                                                                                \
    }

/*
 * Adds an outcome. outcome: of one use. One a document and agent: the commit fails with EXISTS on a
 * second. The author's own is stored and does not count. A text that holds a secret is INVALID, and
 * not shown. A query without a vector gets the embedder's at the commit; where that fails, it has none,
 * and is like no query but the same words.
 * Ownership: copied. Threads: one per handle. Errors: INVALID, MISMATCH (dim, model: as
 * plurum_batch_put), NOMEM. Since 0.1.
 */
PLURUM_API plurum_status plurum_batch_outcome(plurum_batch *batch, const plurum_outcome *outcome,
                                              plurum_error *error);

/*
 * Adds a vote. It replaces an earlier one of the same agent; the author's own is stored and does not
 * count. agent: who votes. vote: 1 up, -1 down. at: as plurum_outcome.at.
 * Ownership: copied. Threads: one per handle. Errors: INVALID, NOMEM. Since 0.1.
 */
PLURUM_API plurum_status plurum_batch_vote(plurum_batch *batch, const char *id, const char *agent,
                                           int vote, int64_t at, plurum_error *error);

/*
 * Adds a change of lifecycle. agent: NULL is the operator, who may make any change; otherwise the
 * commit fails unless the agent is the owner: with FORBIDDEN where anybody sees the document, else
 * with NOTFOUND. Publishing what is published and archiving what is archived change nothing and
 * are OK.
 * Ownership: copied. Threads: one per handle. Errors: INVALID, NOMEM. Since 0.1.
 */
PLURUM_API plurum_status plurum_batch_set_lifecycle(plurum_batch *batch, const char *id,
                                                    const char *agent, plurum_lifecycle lifecycle,
                                                    plurum_error *error);

/*
 * Adds a deletion: the document, its vector, reports and votes. agent: as above.
 * Ownership: copied. Threads: one per handle. Errors: INVALID, NOMEM. Since 0.1.
 */
PLURUM_API plurum_status plurum_batch_delete(plurum_batch *batch, const char *id,
                                             const char *agent, plurum_error *error);

/* What became of one change of a committed batch. */
typedef struct plurum_receipt {
    char key[PLURUM_KEY_MAX + 1];           /* of the document                                     */
    char short_id[PLURUM_SHORT_ID_LEN + 1]; /* empty for a plain document                          */
    uint32_t id;                            /* internal id                                         */
    int changed;                            /* 0: skipped, or it was so already                    */
    int counted;                            /* outcome, vote: 0 when it is the author's own        */
} plurum_receipt;

/* Number of changes in the batch. Threads: one per handle. Errors: none. Since 0.1. */
PLURUM_API size_t plurum_batch_count(const plurum_batch *batch);

/*
 * Commits and empties the batch: durable and visible when it returns OK, without any effect when
 * it fails (error->position is the change at fault, from 0; the batch keeps its content).
 * receipts: NULL, or room for plurum_batch_count receipts, filled in order.
 * Threads: one per handle; waits for the commits of others. Errors: EXISTS, NOTFOUND, INVALID,
 * FORBIDDEN, IO (the disk, or the store's map, is full), NOMEM, those of the embedder. Since 0.1.
 */
PLURUM_API plurum_status plurum_batch_commit(plurum_batch *batch, plurum_receipt *receipts,
                                             plurum_error *error);

/*
 * Parts a batch in two: the changes from `at` on move to *rest, with the vectors that a commit has
 * made of them. So a batch whose commit named a change at fault is committed without it. On failure
 * the batch is as it was. at: 0 to the batch's count, which gives an empty one.
 * Ownership: *rest is owned. Threads: one per handle. Errors: ARG, NOMEM. Since 0.1.
 */
PLURUM_API plurum_status plurum_batch_split(plurum_batch **rest, plurum_batch *batch, size_t at,
                                            plurum_error *error);

#ifdef __cplusplus
}
#endif

#endif
