/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plain document: what both legs, the filters and the ranking work on.
 *
 * An experience projects to one; a researcher's collection is put in as such directly. All
 * strings are UTF-8 and NUL-terminated; NULL means absent. A plurum_document only points: it owns
 * nothing, and what it points to must stay valid until the call that takes it returns.
 */
#ifndef PLURUM_DOCUMENT_H
#define PLURUM_DOCUMENT_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include <plurum/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The text fields; each has its own weight in the text leg (plurum/weights.h). */
typedef enum plurum_text_field {
    PLURUM_TEXT_TITLE = 0,  /* what it is about: a goal, a title                                  */
    PLURUM_TEXT_BODY = 1,   /* what was learned: solution, attempts, dead ends, gotchas, context   */
    PLURUM_TEXT_LABELS = 2, /* domain, tools and tags                                              */
    PLURUM_TEXT_CODE = 3    /* artifacts: descriptions and code                                    */
} plurum_text_field;
#define PLURUM_TEXT_FIELD_COUNT 4

/* Where a document is in its life. Search shows published and verified ones. */
typedef enum plurum_lifecycle {
    PLURUM_DRAFT = 0,     /* not ready for others: no search shows it                              */
    PLURUM_PUBLISHED = 1, /* for others to find                                                    */
    PLURUM_VERIFIED = 2,  /* published, and looked through by the operator                         */
    PLURUM_ARCHIVED = 3   /* kept, but found no longer                                             */
} plurum_lifecycle;
#define PLURUM_LIFECYCLE_COUNT 4

/* Who may see a document, beside its owner and the operator. */
typedef enum plurum_visibility {
    PLURUM_PUBLIC = 0, /* everyone                                                                */
    PLURUM_TEAM = 1,   /* agents that the viewer names as team-mates of the owner                 */
    PLURUM_PRIVATE = 2 /* nobody else                                                             */
} plurum_visibility;
#define PLURUM_VISIBILITY_COUNT 3

/* No time given. Times are signed Unix seconds, UTC. */
#define PLURUM_TIME_UNSET INT64_MIN

#define PLURUM_KEY_MAX 255      /* bytes of a key, at least 1                                      */
#define PLURUM_AGENT_MAX 64     /* bytes of an agent id, printable ASCII, at least 1               */
#define PLURUM_LABEL_MAX 100    /* code points of a domain, tool or tag                            */
#define PLURUM_TEXT_MAX 50000   /* code points of one text of an experience                        */
#define PLURUM_FIELD_MAX 1048576 /* bytes of one text field of a plain document                    */
#define PLURUM_LIST_MAX 200     /* members of one list                                             */

/* A document as the caller gives it. */
typedef struct plurum_document {
    size_t struct_size;                         /* sizeof(plurum_document)                         */
    const char *key;                            /* 1..PLURUM_KEY_MAX bytes, unique in the index    */
    const char *text[PLURUM_TEXT_FIELD_COUNT];  /* by plurum_text_field; NULL is empty             */
    const char *domain;                         /* compared after NFKC and case folding            */
    const char *const *tools;                   /* tool_count strings, compared likewise           */
    size_t tool_count;
    const char *const *tags;                    /* tag_count strings, compared likewise            */
    size_t tag_count;
    const char *owner;                          /* agent id of the author, or NULL                 */
    plurum_lifecycle lifecycle;                 /* PLURUM_PUBLISHED by default                     */
    plurum_visibility visibility;               /* PLURUM_PUBLIC by default                        */
    double confidence;                          /* the author's, 0..1; NAN = not stated            */
    int64_t created_at;                         /* Unix seconds; PLURUM_TIME_UNSET = now           */
    const float *vector;                        /* dim numbers, any length but zero; NULL = embed  */
                                                /* or leave without one, as the index does         */
    size_t dim;                                 /* of vector: the index's, or 0 without one        */
} plurum_document;

#define PLURUM_DOCUMENT_INIT                                                                       \
    {                                                                                              \
        sizeof(plurum_document), NULL, {NULL, NULL, NULL, NULL}, NULL, NULL, 0, NULL, 0, NULL,     \
            PLURUM_PUBLISHED, PLURUM_PUBLIC, NAN, PLURUM_TIME_UNSET, NULL, 0                       \
    }

/*
 * Fills *document with the defaults of PLURUM_DOCUMENT_INIT, for callers without the macro.
 * Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API void plurum_document_init(plurum_document *document);

/*
 * The contract's word for a lifecycle or a visibility ("published", "team"), or NULL for a number
 * that is none. Ownership: borrowed for ever. Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API const char *plurum_lifecycle_name(plurum_lifecycle lifecycle);
PLURUM_API const char *plurum_visibility_name(plurum_visibility visibility);

/*
 * The reverse: PLURUM_NOTFOUND for a word that is none.
 * Threads: any. Errors: NOTFOUND. Since 0.1.
 */
PLURUM_API plurum_status plurum_lifecycle_parse(plurum_lifecycle *out, const char *name);
PLURUM_API plurum_status plurum_visibility_parse(plurum_visibility *out, const char *name);

#ifdef __cplusplus
}
#endif

#endif
