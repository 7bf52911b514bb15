/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An index: one directory, one handle a process, any number of threads.
 *
 * The store inside is the truth; text index, vectors and columns follow it and can be rebuilt from
 * it. Whatever a write call has returned OK for survives a kill, and the next search of any thread
 * sees it.
 */
#ifndef PLURUM_INDEX_H
#define PLURUM_INDEX_H

#include <plurum/embed.h>
#include <plurum/status.h>
#include <plurum/trust.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An open index. */
typedef struct plurum_index plurum_index;

/* How a new index is made; all of it is recorded in the index and holds for its life. */
typedef struct plurum_create_options {
    size_t struct_size;
    /* The embedder's fingerprint; for caller's vectors name it "caller" and give dim.            */
    const plurum_fingerprint *fingerprint; /* NULL: an index without vectors                       */
    const plurum_model_traits *traits;     /* NULL: PLURUM_MODEL_TRAITS_INIT                       */
    const plurum_trust_config *trust;      /* NULL: libtrust's defaults. floor, explore and noise  */
                                           /* are ranking weights, here 0                          */
    int newcomer_weights; /* 1: an agent's first five reports count less; 0 by default             */
    /*
     * Bytes of address space the store may grow to; the file itself grows as needed.
     * Default 64 GiB; 1 MiB..16 TiB.
     */
    uint64_t map_size;
    /*
     * Where the model is asked, for whoever opens the index; NULL: nowhere. The engine only keeps it:
     * printable ASCII, at most PLURUM_URL_MAX bytes, without a secret. A reindex may change it.
     */
    const char *embedder_url;
} plurum_create_options;

#define PLURUM_URL_MAX 1023 /* bytes */

/* Fills *options with the defaults. Threads: any. Errors: none. Since 0.1. */
PLURUM_API void plurum_create_options_init(plurum_create_options *options);

/*
 * Makes a new, empty index at path: a directory that does not exist, is empty, or holds nothing but
 * what a creation that was killed has left. On failure nothing is left behind. Threads: any.
 * Errors: EXISTS (the directory holds something), BUSY (another process is making it), ARG (an
 * option is out of range), INVALID (a secret in embedder_url), IO. Since 0.1.
 */
PLURUM_API plurum_status plurum_index_create(const char *path,
                                             const plurum_create_options *options,
                                             plurum_error *error);

/* How an index is opened; holds for the handle. */
typedef struct plurum_open_options {
    size_t struct_size;
    int read_only;                   /* 1: searches and reads only; others may write               */
    const plurum_embedder *embedder; /* borrowed until close; NULL: caller's vectors only, and     */
                                     /* nothing is put into an index of a model without them       */
    /*
     * 0: a thread of the handle keeps the derived indexes up to date. 1: nothing is applied until
     * plurum_index_apply is called; searches see everything all the same.
     */
    int manual_apply;
    /*
     * 1: commits do not wait for the disk. A kill of the process still loses nothing, a power
     * failure may lose or damage the index. For tests and for loads that can be repeated.
     */
    int no_sync;
    /* Most documents that may wait for the applier before writers wait for it; default 20000.     */
    size_t max_pending;
    /* The engine's clock, in Unix seconds; NULL: the system's. Called from any thread.            */
    int64_t (*clock)(void *payload);
    void *clock_payload;
    /* Told of things worth a log line (a rebuild, a trained dictionary); any thread; may be NULL. */
    void (*log)(void *payload, const char *line);
    void *log_payload;
    /*
     * Most threads that embed the texts of a batch at its commit, the committing one among them.
     * 0, the default: one a processor, at most 4. More than PLURUM_EMBED_THREADS_MAX are that many.
     */
    size_t embed_threads;
    /*
     * Vectors from which on graphs are built and searched beside the exact scan, default 65536; and
     * how many that are in no graph yet become one, default 32768. At least 1 each.
     */
    size_t graph_from;
    size_t segment_size;
    /* Bytes that building a graph may take, which bounds its size; default 1 GiB. Released after.  */
    uint64_t build_memory;
    /*
     * Events after which a checkpoint of what searches keep in memory is written, so that opening
     * need not read the whole store. 0, the default: a sixteenth of the documents, at least 4096.
     */
    uint64_t checkpoint_events;
    /*
     * Most seconds that an export or a verification, which may take as long as their caller's
     * callbacks do, keep their moment: meanwhile no page that it might see is used again, and the
     * store's file grows with every write. Then they end with LIMIT. Default 3600; 0: no such end.
     */
    uint64_t snapshot_seconds;
} plurum_open_options;

#define PLURUM_EMBED_THREADS_MAX 64 /* most threads that embed for one handle                      */

#define PLURUM_OPEN_OPTIONS_INIT                                                                   \
    {                                                                                              \
        sizeof(plurum_open_options), 0, NULL, 0, 0, 20000, NULL, NULL, NULL, NULL, 0, 65536,       \
            32768, (uint64_t)1 << 30, 0, 3600                                                      \
    }

/*
 * Fills *options with the defaults. Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API void plurum_open_options_init(plurum_open_options *options);

/*
 * Opens an index. One handle a process and index; one writing process at a time, any number of
 * reading ones. A derived index that is missing, damaged or of another store is rebuilt (in a
 * writing process) and the log callback told: here, or when reading it meets the damage.
 * Ownership: *out is owned, close it with plurum_index_close. Threads: any. Errors: NOTFOUND (no
 * such directory), FORMAT (not an index, or a newer one), BUSY (another writer: the text names its
 * pid; or open in this process already), MISMATCH (the embedder's fingerprint), CORRUPT, IO.
 * Since 0.1.
 */
PLURUM_API plurum_status plurum_index_open(plurum_index **out, const char *path,
                                           const plurum_open_options *options,
                                           plurum_error *error);

/*
 * Gives an open index its embedder, as plurum_open_options.embedder does: for callers that learn
 * from plurum_index_configuration which one it wants. Before any other use of the handle.
 * Ownership: borrowed until close. Threads: one per handle. Errors: ARG, MISMATCH, IO. Since 0.1.
 */
PLURUM_API plurum_status plurum_index_use_embedder(plurum_index *index,
                                                   const plurum_embedder *embedder,
                                                   plurum_error *error);

/*
 * Closes a handle; NULL is fine. Brings the text index up to date first, unless manual_apply is
 * set; a graph that is being built is given up, and begun again by the next writer. No other call
 * may be running, and every result taken from it must have been freed.
 * Threads: one per handle. Errors: none. Since 0.1.
 */
PLURUM_API void plurum_index_close(plurum_index *index);

/*
 * What the index was created with. Ownership: borrowed until close.
 * Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API const plurum_create_options *plurum_index_configuration(const plurum_index *index);

/*
 * Waits until the derived indexes hold everything committed before the call, and until the graphs
 * that are due are built (about 4,000 vectors a second). Never needed for correctness. First asks the
 * embedder, if there is one, for the vectors that documents wait for; that it fails is logged, and
 * no failure of this.
 * Threads: any. Errors: UNSUPPORTED (read-only handle), IO, BACKEND.
 * Since 0.1.
 */
PLURUM_API plurum_status plurum_index_apply(plurum_index *index, plurum_error *error);

/* Counts and sizes. Bytes are those on disk. */
typedef struct plurum_stats {
    size_t struct_size;
    uint64_t seq;              /* number of the last committed event                               */
    uint64_t text_applied;     /* number up to which the text index has followed                   */
    uint64_t documents;        /* all that are stored                                              */
    uint64_t lifecycle[4];     /* the same by plurum_lifecycle                                     */
    uint64_t quarantined;      /* at the engine's clock                                            */
    uint64_t tombstones;       /* internal ids of replaced and deleted documents                   */
    uint64_t vectors;          /* of the live model                                                */
    uint64_t outcomes, votes;  /* reports and votes that are stored                                */
    uint64_t reporters;        /* agents whose outcomes count                                      */
    uint64_t dictionary_count; /* compression dictionaries                                         */
    uint64_t dictionary_version; /* the one now used; 0: none                                      */
    uint64_t blob_bytes;       /* stored documents, compressed                                     */
    uint64_t plain_bytes;      /* the same before compression                                      */
    uint64_t store_bytes;      /* the store's file, as far as it is used                           */
    uint64_t text_bytes;       /* the text index's files                                           */
    uint64_t memory_bytes;     /* columns, vectors and tail held in memory by this handle          */
    uint64_t tail_documents;   /* documents searched from the tail at this moment                  */
    uint64_t log_events;       /* newest events that readers can follow by                         */
    uint64_t next_id;          /* internal id of the next document                                 */
    uint64_t generation;       /* grows when the index is rebuilt; see plurum/jobs.h               */
    uint64_t kept_vectors;     /* of the generation before, or of one in the making                */
    uint64_t dictionary_bytes; /* all compression dictionaries                                     */
    uint64_t free_bytes;       /* of store_bytes: pages to be used again, gone after compaction    */
    uint64_t segments;         /* graphs over vectors                                              */
    uint64_t segment_vectors;  /* vectors in them, those of tombstones too                         */
    uint64_t segment_bytes;    /* their files, mapped                                              */
    uint64_t waiting;          /* documents that wait for their vector; see plurum_batch_embed_later */
    uint64_t checkpoint_seq;   /* moment up to which there is a checkpoint, as far as this handle  */
                               /* knows; 0: none                                                   */
    uint64_t checkpoint_bytes; /* its files                                                        */
    uint64_t mapped_bytes;     /* of checkpoints, used by this handle where they are mapped        */
} plurum_stats;

/*
 * Fills *out (set out->struct_size first). Threads: any. Errors: IO, CORRUPT. Since 0.1.
 */
PLURUM_API plurum_status plurum_index_stats(plurum_stats *out, plurum_index *index,
                                            plurum_error *error);

/* What a verification went through. */
typedef struct plurum_verify_report {
    size_t struct_size;
    uint64_t records;  /* stored records read and checked                                          */
    uint64_t documents; /* documents among them                                                    */
    uint64_t postings; /* of the text index, compared with a fresh analysis                        */
    uint64_t findings; /* things that are wrong                                                    */
} plurum_verify_report;

/*
 * Checks everything against everything, in one snapshot: every record's checksum, every
 * sub-database's count and digest, ids against keys, trust states against their events refolded,
 * vectors, their segments and the checkpoint, the log, and every posting of the text index against a fresh analysis
 * of its document.
 * finding: called in the calling thread with one line each, non-zero stops; may be NULL.
 * Threads: any. Errors: CORRUPT (findings > 0), CANCELLED, LIMIT (it took longer than
 * snapshot_seconds of the opening), IO, BACKEND. Cost: reads everything.
 * Since 0.1.
 */
PLURUM_API plurum_status plurum_index_verify(plurum_verify_report *out, plurum_index *index,
                                             int (*finding)(void *payload, const char *line),
                                             void *payload, plurum_error *error);

#ifdef __cplusplus
}
#endif

#endif
