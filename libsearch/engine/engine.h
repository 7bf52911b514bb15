/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The open index, as the files of the engine room share it.
 *
 * Who locks what: writer.mutex orders commits; view_mutex orders the making of views (it is never
 * held during a commit, so searches do not wait for writers); pool_mutex guards the pools;
 * applier.mutex, builder.mutex and later.mutex guard the state of their threads. None is taken while another is
 * held, except pool_mutex and the mutexes of segments.h, which are last; applier.still is taken under
 * applier.work, or by a search, which holds none then.
 */
#ifndef PLI_ENGINE_ENGINE_H
#define PLI_ENGINE_ENGINE_H

#include <pthread.h>

#include <plurum/index.h>

#include "engine/pending.h"
#include "engine/view/checkpoint.h"
#include "engine/view/segments.h"
#include "engine/view/view.h"
#include "experience/content.h"
#include "rank/weights.h"
#include "store/blob.h"
#include "store/lock.h"

typedef struct pli_commit pli_commit; /* a batch that waits for its turn (commit.c) */

typedef struct pli_writer {
    pthread_mutex_t mutex;
    pthread_cond_t turn;
    pli_commit *first, **last; /* waiting, in order of arrival       */
    int leading;               /* somebody is committing a group     */
} pli_writer;

typedef struct pli_applier {
    pthread_mutex_t mutex;
    pthread_cond_t wake;      /* there is something to do           */
    pthread_cond_t progress;  /* something was done                 */
    pthread_t thread;
    int running, stopping;
    int urgent;               /* somebody waits: do not gather      */
    uint64_t committed;       /* newest event known                 */
    uint64_t applied;         /* the text index follows up to here  */
    uint64_t failures;        /* applications that failed in a row  */
    pli_text_writer *text;    /* of whoever applies: one at a time  */
    uint64_t dictionary_tried; /* documents when training was last tried */
    pthread_mutex_t work;     /* held while applying                */
    pthread_rwlock_t still;   /* to write: the text index changes on disk; to read: it must not */
} pli_applier;

typedef struct pli_builder {
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    pthread_t thread;
    int running, wanted;
    _Atomic int stopping;
    pthread_mutex_t work; /* held while building                          */
    uint64_t looked_at;   /* moment at which a plan last found nothing    */
} pli_builder;

typedef struct pli_later {
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    pthread_t thread;
    int running, wanted;
    int hurry;            /* the embedder is known to answer again                  */
    _Atomic int stopping;
    _Atomic int down;     /* the embedder failed when it was asked for what waits   */
    pthread_mutex_t work; /* held while embedding                                   */
} pli_later;

enum { PLI_POOL = 64 };

struct plurum_index {
    char *path;
    char *text_path;
    plurum_open_options options;
    plurum_create_options config;
    plurum_fingerprint fingerprint; /* what config points to */
    plurum_model_traits traits;
    plurum_trust_config trust;
    char embedder_url[PLURUM_URL_MAX + 1];
    uint32_t model;                 /* the number of its vectors in the store */
    int has_weights;                /* of its own, for searches that bring none */
    plurum_weights weights;

    pli_lock *lock;
    pli_store *store;
    pli_codec *codec;
    pli_writer writer;
    pli_applier applier;
    pli_pending pending;
    pli_segments segments;
    pli_checkpoint checkpoint;
    pli_builder builder;
    pli_later later;

    pthread_mutex_t view_mutex;
    pli_view *view; /* the newest made, or NULL */
    pli_columns columns;
    pli_flat *vectors;
    int columns_ready;
    _Atomic uint32_t text_last_id; /* highest id known to be in the text index */
    _Atomic int text_told;         /* that it cannot be read has been logged   */
    _Atomic int embedder_told;     /* that the embedder failed a query, likewise */
    _Atomic int64_t queries_rest_until; /* monotonic seconds: queries of outcomes are not embedded */

    pthread_mutex_t pool_mutex;
    unsigned text_generation; /* how often the text index has been made anew */
    pli_text_reader *readers[PLI_POOL];
    pli_analyser *analysers[PLI_POOL];
    size_t reader_count, analyser_count;
};

/* The engine's clock. */
int64_t pli_index_clock(const plurum_index *index);

/* One line to the log callback, if there is one. */
void pli_index_log(const plurum_index *index, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Analysers are made once and lent. */
plurum_status pli_borrow_analyser(pli_analyser **out, plurum_index *index, plurum_error *error);
void pli_return_analyser(plurum_index *index, pli_analyser *analyser);

/* A reader of the newest revision of the text index; *out is NULL while there is none on disk. The
 * generation goes with it: a reader of an index that has been made anew since is not lent again. */
plurum_status pli_borrow_reader(pli_text_reader **out, unsigned *generation, plurum_index *index,
                                plurum_error *error);
void pli_return_reader(plurum_index *index, pli_text_reader *reader, unsigned generation);
/* The text index has been made anew: nothing is known of it any more. */
void pli_forget_readers(plurum_index *index);

/* A document as it is stored: the caller's, pli_projection_free. Errors: CORRUPT, NOMEM, NOTFOUND. */
plurum_status pli_stored_document(pli_projection **out, plurum_index *index, pli_txn *txn,
                                  uint32_t id, plurum_error *error);

/* Terms of a stored document: those that its writer left, else analysed anew. */
plurum_status pli_stored_terms(pli_terms **out, void *index, pli_txn *txn, uint32_t id,
                               plurum_error *error);

/* What an embedder gets of a stored document: the caller's. */
plurum_status pli_stored_text(char **out, plurum_index *index, pli_txn *txn, uint32_t id,
                              pli_kind kind, plurum_error *error);

/* Whether a viewer may see a document at all, by its header. */
int pli_may_see(const plurum_viewer *viewer, const pli_doc_row *row);

/* Runs one write transaction of the engine's own, in turn with the commits (turn.c). */
plurum_status pli_write_apart(plurum_index *index,
                              plurum_status (*write)(void *payload, pli_txn *txn,
                                                     plurum_error *error),
                              void *payload, plurum_error *error);

/* Closes the store and opens the one that is now in its place, and removes segments that it does not
 * name; nobody else uses the handle. */
plurum_status pli_index_reopen_store(plurum_index *index, plurum_error *error);

/* Remembers how far the text index reaches. */
void pli_note_text(plurum_index *index, uint32_t last_id);

#endif
