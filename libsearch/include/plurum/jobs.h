/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Jobs: what is done to an index as a whole.
 *
 * A job tells how far it is and can be stopped: then, as after a kill at any moment, the index is
 * as it was before or as it should be afterwards, never between.
 */
#ifndef PLURUM_JOBS_H
#define PLURUM_JOBS_H

#include <plurum/index.h>
#include <plurum/weights.h>
#include <plurum/write.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What all jobs take. */
typedef struct plurum_job_options {
    size_t struct_size;
    /*
     * Told now and then, in the calling thread, how many of how many things of a step are done
     * (step: "records", "documents" …; total 0: not known). Non-zero stops the job: CANCELLED.
     */
    int (*progress)(void *payload, const char *step, uint64_t done, uint64_t total);
    void *progress_payload;
} plurum_job_options;

#define PLURUM_JOB_OPTIONS_INIT                                                                    \
    {                                                                                              \
        sizeof(plurum_job_options), NULL, NULL                                                     \
    }

/* ---- export and import ---- */

/* What an export holds. */
typedef struct plurum_export_options {
    size_t struct_size;
    int vectors; /* 1: "vector" too, each number so that it reads back the same; for indexes whose
                    vectors the caller gave, as no embedder can make them again                    */
    plurum_job_options job;
} plurum_export_options;

#define PLURUM_EXPORT_OPTIONS_INIT                                                                 \
    {                                                                                              \
        sizeof(plurum_export_options), 0, PLURUM_JOB_OPTIONS_INIT                                  \
    }

/*
 * Gives every document of one moment as a JSON object on one line, in the order of the internal
 * ids: an experience as plurum_batch_import takes it, with "id", "short_id", "agent_id", "status",
 * "created_at", "updated_at", "internal_id" (which decides among equals, and is kept where it is
 * free) and, where there are any, its outcomes and votes as "events" in seq order, each with its
 * weight; a plain document with "kind": "plain" and its "key". line: len bytes and a NUL, borrowed
 * during the call; non-zero stops. Acts as the operator.
 * Threads: any. Errors: CORRUPT, CANCELLED, LIMIT (it took longer than snapshot_seconds of the
 * opening), NOMEM, IO. Since 0.1.
 */
PLURUM_API plurum_status plurum_index_export(plurum_index *index,
                                             const plurum_export_options *options,
                                             int (*line)(void *payload, const char *text,
                                                         size_t len),
                                             void *payload, plurum_error *error);

/* What was exported for FAISS. */
typedef struct plurum_faiss_report {
    size_t struct_size;
    uint64_t documents; /* that have a vector                                                      */
    uint64_t vectors;   /* distinct ones                                                           */
    uint32_t dim;       /* numbers in each                                                         */
} plurum_faiss_report;

/*
 * Writes the vectors of all documents at one moment to a file that FAISS's read_index takes: an
 * IndexIDMap over an IndexHNSWFlat (M 32, efConstruction 100) of inner products, which are cosines, as
 * vectors have unit length. Documents with the same vector share one in the file. path.tsv says whose
 * they are: a line a document, FAISS's id, a tab, and the key, in which a backslash, tab, newline and
 * carriage return are written as in C. Both are written under names that end with .part and renamed,
 * path.tsv first. Acts as the operator. out: set out->struct_size first; NULL: not wanted.
 * Threads: any. Errors: NOTFOUND (no document has a vector), CORRUPT, CANCELLED, IO, NOMEM, BACKEND
 * (FAISS's). Cost: builds a graph, and takes 4·dim + 768 bytes of memory a vector for it. Since 0.1.
 */
PLURUM_API plurum_status plurum_index_export_faiss(plurum_faiss_report *out, plurum_index *index,
                                                   const char *path,
                                                   const plurum_job_options *options,
                                                   plurum_error *error);

/* How lines are imported. */
typedef struct plurum_import_options {
    size_t struct_size;
    plurum_lifecycle lifecycle; /* where a line gives no status                                    */
    plurum_conflict conflict;   /* REPLACE keeps the stored reports and leaves the line's out      */
    const float *vector;        /* dim numbers; NULL: the line's "vector", the embedder's, or none */
    size_t dim;                 /* of vector                                                       */
} plurum_import_options;

#define PLURUM_IMPORT_OPTIONS_INIT                                                                 \
    {                                                                                              \
        sizeof(plurum_import_options), PLURUM_PUBLISHED, PLURUM_CONFLICT_ERROR, NULL, 0            \
    }

/*
 * Adds one line of an import to a batch. line: len bytes, an experience as plurum_experience_parse
 * reads it with `import` set, or a line of an export. Its "events" are stored with their times,
 * weights and numbers as they are, so that the trust folded from them is the same to the bit;
 * "counted" may be left out (all but the author's own count), "weight" (1) and "seq" (numbered
 * anew) too.
 * Ownership: everything is copied. Threads: one per handle. Errors: INVALID (names the member),
 * LIMIT, MISMATCH (of a vector), those of the embedder, NOMEM. Since 0.1.
 */
PLURUM_API plurum_status plurum_batch_import(plurum_batch *batch, const char *line, size_t len,
                                             const plurum_import_options *options,
                                             plurum_error *error);

/* ---- backup and restore ---- */

/* What a backup or a restoration has copied. */
typedef struct plurum_copy_report {
    size_t struct_size;
    uint64_t seq;       /* number of the last event that is in the copy                            */
    uint64_t documents; /* documents in it                                                         */
    uint64_t records;   /* of the store, each checked against its seal                             */
    uint64_t bytes;     /* of the copy's store                                                     */
} plurum_copy_report;

/*
 * Copies the index as it is at one moment, while others go on writing. dest: a directory that
 * does not exist or is empty. It gets its name when it is whole (until then it is dest.part), and
 * holds the store alone, as everything else can be made from it; it is an index itself.
 * out: set out->struct_size first; NULL: not wanted.
 * Threads: any. Errors: EXISTS (dest holds something), CORRUPT (the index is damaged; names the
 * record), BUSY (another process is making it), CANCELLED, IO, LIMIT, NOMEM. Since 0.1.
 */
PLURUM_API plurum_status plurum_index_backup(plurum_copy_report *out, plurum_index *index,
                                             const char *dest, const plurum_job_options *options,
                                             plurum_error *error);

/*
 * Makes a new index at path from a backup (or from any index), makes its text index, and verifies
 * all of it before it gets its name. backup: directory of the backup. path: as dest above. Segments
 * are built by whoever next writes.
 * Threads: any. Errors: as plurum_index_backup; those of plurum_index_open. Since 0.1.
 */
PLURUM_API plurum_status plurum_index_restore(plurum_copy_report *out, const char *backup,
                                              const char *path, const plurum_job_options *options,
                                              plurum_error *error);

/* ---- forgetting an agent ---- */

/* What forgetting an agent has changed. */
typedef struct plurum_forget_report {
    size_t struct_size;
    uint64_t outcomes, votes; /* removed                                                           */
    uint64_t owned;           /* documents that have no owner now                                  */
    uint64_t refolded;        /* documents whose trust was made anew from the reports that remain  */
} plurum_forget_report;

/*
 * Removes all that an agent has reported and voted, and its name from its documents, which stay,
 * without an owner; the weights of others' reports stay as they were settled. One transaction: all
 * of it or nothing. What was removed is gone from the disk after plurum_index_compact. agent: its id.
 * out: set out->struct_size first; NULL: not wanted.
 * Threads: any; others' commits wait. Errors: INVALID (agent), UNSUPPORTED (read-only handle),
 * CORRUPT, CANCELLED, IO, NOMEM. Cost: reads all reports and headers. Since 0.1.
 */
PLURUM_API plurum_status plurum_index_forget(plurum_forget_report *out, plurum_index *index,
                                             const char *agent, const plurum_job_options *options,
                                             plurum_error *error);

/* ---- compaction ---- */

/* What a compaction has gained. */
typedef struct plurum_compact_report {
    size_t struct_size;
    uint64_t bytes_before, bytes_after; /* of the store's and the text index's files               */
    uint64_t samples; /* public documents that the new dictionary was trained on; 0: there is none */
} plurum_compact_report;

/*
 * Writes an index anew: the store without free pages, so that nothing deleted is left on the disk,
 * contents compressed with a dictionary trained on what is public now, and the text index. Ids,
 * answers and trust stay the same. Made beside and put in place in one step; verified at the end.
 * Segments go, as they keep vectors of what was deleted: whoever next writes builds them again, and
 * until then vectors are scanned.
 * No handle of this process may have the index open; reading handles of other processes get STALE
 * from then on and open it again. Needs room for a second copy meanwhile.
 * out: set out->struct_size first; NULL: not wanted.
 * Threads: any. Errors: BUSY (another process writes), those of plurum_index_open, CORRUPT,
 * CANCELLED (before the new store is in place; later it is finished at the next opening), IO,
 * LIMIT, NOMEM. Since 0.1.
 */
PLURUM_API plurum_status plurum_index_compact(plurum_compact_report *out, const char *path,
                                              const plurum_job_options *options,
                                              plurum_error *error);

/* ---- reindexing ---- */

/* What the new generation is made with. */
typedef struct plurum_reindex_options {
    size_t struct_size;
    /* The model of the new generation; borrowed during the call. NULL: that of the live one. With
     * rollback: the previous one's, for documents put since (NULL: those of a model wait for it).  */
    const plurum_embedder *embedder;
    int without_vectors;           /* 1: the new generation is of text alone                       */
    const plurum_weights *weights; /* of searches that bring none, from now on; NULL: as before    */
    int rollback;                  /* 1: back to the generation before; once more, forth again     */
    plurum_job_options job;
    const char *embedder_url;      /* with an embedder: as plurum_create_options.embedder_url      */
} plurum_reindex_options;

#define PLURUM_REINDEX_OPTIONS_INIT                                                                \
    {                                                                                              \
        sizeof(plurum_reindex_options), NULL, 0, NULL, 0, PLURUM_JOB_OPTIONS_INIT, NULL            \
    }

/* What a reindex has made. */
typedef struct plurum_reindex_report {
    size_t struct_size;
    uint64_t documents; /* all that are stored                                                      */
    uint64_t without;  /* documents in which the model found nothing, of those embedded now         */
    uint32_t dim;      /* of the vectors that are live now                                          */
    char model[PLURUM_MODEL_NAME_MAX + 1]; /* name of the live model; "" without vectors            */
    uint64_t unasked;  /* outcomes looked at whose query got no vector of the model                 */
} plurum_reindex_report;

/*
 * Makes a new generation of what an index derives from its contents: the vectors of another model,
 * beside those in use, and the text index. Then the new one is live, in one transaction, and all of
 * it is verified; the vectors and weights of before are kept for one rollback. Stopped or killed, it
 * leaves the index as it was, and the next call with the same model goes on where it ended.
 * Then its model is asked for the queries of outcomes; stopping ends that early and is no failure, and the
 * next call with this model goes on. A rollback without an embedder leaves the queries to their words.
 * Contents, ids, trust and events are not touched but for that. Segments of the vectors of before go, and
 * whoever next writes builds them of the new ones; until then vectors are scanned.
 * No handle of this process may have the index open; reading handles of other processes get STALE
 * and open it again. out: set out->struct_size first; NULL: not wanted.
 * Threads: any. Errors: NOTFOUND (nothing to roll back to), MISMATCH (rollback's embedder), BUSY
 * (another process writes), those of plurum_index_open and of the embedder, CORRUPT, CANCELLED, IO,
 * LIMIT, NOMEM, INVALID (a secret in embedder_url). Since 0.1.
 */
PLURUM_API plurum_status plurum_index_reindex(plurum_reindex_report *out, const char *path,
                                              const plurum_reindex_options *options,
                                              plurum_error *error);

/* ---- embedding what waits ---- */

/*
 * Asks the handle's embedder for the vectors that documents wait for (plurum_batch_embed_later), until
 * none does. What it refuses goes on waiting: INVALID, with how many and why, after the others.
 * Threads: any. Errors: UNSUPPORTED (read-only handle), MISMATCH (no embedder), those of the embedder,
 * CANCELLED (documents embedded so far have their vectors), CORRUPT, IO, NOMEM. Since 0.1.
 */
PLURUM_API plurum_status plurum_index_embed(plurum_index *index, const plurum_job_options *options,
                                            plurum_error *error);

/* ---- looking at damage ---- */

/*
 * Copies an index's files as they are at one moment, damage included. dest: a directory that does
 * not exist or is empty. Pages of a damaged store can crash or hang who reads them; such a copy can
 * be opened and verified in a process of its own, and harms nobody. No handle of this process may
 * have the index open; others may write meanwhile. On failure dest may hold a part.
 * Threads: any. Errors: those of plurum_index_open, EXISTS, CORRUPT (the store's first pages), BUSY
 * (the text index or the segments change all the time), IO. Since 0.1.
 */
PLURUM_API plurum_status plurum_index_copy_files(const char *path, const char *dest,
                                                 plurum_error *error);

#ifdef __cplusplus
}
#endif

#endif
