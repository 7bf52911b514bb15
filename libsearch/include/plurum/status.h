/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Status codes and error text: how every call of libplurum says what went wrong.
 *
 * A call returns a plurum_status; 0 is success and every failure is negative. Details go into a
 * plurum_error that the caller owns and may leave out (NULL). Nothing is thread-local and nothing
 * is allocated, so an error stays valid however a request moves between threads.
 */
#ifndef PLURUM_STATUS_H
#define PLURUM_STATUS_H

#include <stddef.h>
#include <stdint.h>

#include <plurum/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The one table of status codes: name, value, sentence. Values are never reused.
 */
#define PLURUM_STATUS_TABLE(X)                                                                     \
    X(OK, 0, "success")                                                                            \
    X(NOMEM, -1, "out of memory")                                                                  \
    X(ARG, -2, "an argument of the call is wrong")                                                 \
    X(INVALID, -3, "the data breaks a rule")                                                       \
    X(NOTFOUND, -4, "no such thing, or not the viewer's to see")                                   \
    X(EXISTS, -5, "it is there already")                                                           \
    X(BUSY, -6, "another process or handle holds it")                                              \
    X(IO, -7, "the storage failed")                                                                \
    X(CORRUPT, -8, "stored data is damaged")                                                       \
    X(FORMAT, -9, "not an index, or one of a newer format")                                        \
    X(MISMATCH, -10, "the embedding model is not the one of the index")                            \
    X(LIMIT, -11, "a limit is exceeded")                                                           \
    X(CANCELLED, -12, "a callback asked to stop")                                                  \
    X(BACKEND, -13, "a backend library failed")                                                    \
    X(UNSUPPORTED, -14, "not supported by this build or handle")                                   \
    X(INTERNAL, -15, "a bug in plurum")                                                            \
    X(FORBIDDEN, -16, "only the owner may do this")                                                \
    X(STALE, -17, "another process has rebuilt the index; open it again")

/* What a call returns. */
typedef enum plurum_status {
#define PLURUM_STATUS_ENUM(name, value, sentence) PLURUM_##name = value,
    PLURUM_STATUS_TABLE(PLURUM_STATUS_ENUM)
#undef PLURUM_STATUS_ENUM
} plurum_status;

/* Bytes of plurum_error.text, the terminating NUL included. */
#define PLURUM_ERROR_TEXT_SIZE 256

/*
 * What went wrong. Owned by the caller, who need not initialise it: a call that takes an error
 * writes all of it when it fails and leaves it alone when it succeeds.
 */
typedef struct plurum_error {
    plurum_status status;             /* the same as the return value                              */
    int sys_errno;                    /* errno of the system call that failed, or 0                */
    int backend_code;                 /* code of LMDB, zstd or another backend, or 0               */
    uint64_t position;                /* which item of a batch, or which byte of a text; 0-based   */
    char text[PLURUM_ERROR_TEXT_SIZE]; /* one line: what, which value, what is allowed; UTF-8      */
    uint64_t spare[2];                /* 0                                                         */
} plurum_error;

/*
 * The constant's name, as "PLURUM_NOMEM"; "PLURUM_UNKNOWN" for a number that is no status.
 * Ownership: borrowed for ever. Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API const char *plurum_status_name(plurum_status status);

/*
 * The status as a sentence, in lower case and without a full stop.
 * Ownership: borrowed for ever. Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API const char *plurum_status_text(plurum_status status);

/*
 * Frees a text. text: one that a call handed out as "owned"; NULL is fine.
 * Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API void plurum_text_free(char *text);

#ifdef __cplusplus
}
#endif

#endif
