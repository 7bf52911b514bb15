/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one table of fields: what an experience and a plain document consist of. Checking, normal
 * form, projection and presentation all walk it; none of them has a list of its own.
 */
#ifndef PLI_EXPERIENCE_FIELDS_H
#define PLI_EXPERIENCE_FIELDS_H

#include <stddef.h>
#include <stdint.h>

#include <plurum/document.h>

#include "experience/content.h"

typedef enum pli_shape {
    PLI_SHAPE_TEXT,   /* least to most code points                        */
    PLI_SHAPE_LABEL,  /* a name: 1 to PLURUM_LABEL_MAX code points        */
    PLI_SHAPE_WORD,   /* one of `words`                                   */
    PLI_SHAPE_FORM,   /* a text that `valid` accepts                      */
    PLI_SHAPE_FLAG,   /* true or false                                    */
    PLI_SHAPE_SHARE,  /* a number from 0 to 1                             */
    PLI_SHAPE_LABELS, /* a list of labels                                 */
    PLI_SHAPE_RECORD, /* an object of `members`                           */
    PLI_SHAPE_RECORDS /* a list of such objects                           */
} pli_shape;

enum {
    PLI_REQUIRED = 1, /* must be there, and more than white space         */
    PLI_IMPORT = 2,   /* read on import only, and not part of the content */
    PLI_TIDY = 4,     /* labels: trimmed, and each but once               */
    PLI_BARE = 8,     /* an item may be a string: its first member        */
    PLI_EMPTY = 16,   /* nothing is "", not null                          */
    PLI_BYTES = 32,   /* `most` counts bytes                              */
    PLI_VACANT = 64,  /* a word or label may be "": nothing               */
    PLI_ITEM = 128,   /* presented in lists and search results            */
    PLI_DETAIL = 256  /* presented in the detail only                     */
};

/* Which text of the document a field becomes part of. */
typedef enum pli_part {
    PLI_PART_NONE = 0,
    PLI_PART_TITLE = 1 + PLURUM_TEXT_TITLE,
    PLI_PART_BODY = 1 + PLURUM_TEXT_BODY,
    PLI_PART_LABELS = 1 + PLURUM_TEXT_LABELS,
    PLI_PART_CODE = 1 + PLURUM_TEXT_CODE
} pli_part;

typedef struct pli_field {
    const char *name;
    pli_shape shape;
    unsigned flags;
    pli_part part;
    size_t least, most;       /* code points (or bytes) of a text         */
    size_t least_import;      /* instead of `least` on import; 0: the same */
    const char *const *words; /* NULL-terminated                          */
    const char *fallback;     /* the word for nothing; NULL: null         */
    const char *expected;     /* of a form, for messages                  */
    int (*valid)(const char *text, size_t len);
    const struct pli_table *members;
} pli_field;

typedef struct pli_table {
    const char *name; /* of the whole, for messages                       */
    int sparse;       /* the normal form leaves out what is nothing       */
    size_t count;
    const pli_field *fields; /* in the order of the normal form and of projected texts */
} pli_table;

const pli_table *pli_content_table(pli_kind kind);

/* A session without its entries; an entry without its content; the content of a type of entry, NULL
 * for a word that is none. */
const pli_table *pli_session_table(void);
const pli_table *pli_entry_table(void);
const pli_table *pli_entry_content_table(const char *type);

/* NULL-terminated words by number, as the public enumerations count. */
extern const char *const pli_lifecycle_words[PLURUM_LIFECYCLE_COUNT + 1];
extern const char *const pli_visibility_words[PLURUM_VISIBILITY_COUNT + 1];

/* The number of a word, or -1. */
int pli_word_index(const char *const *words, const char *word);

/* Whether a text has the form of an agent id: 1 to PLURUM_AGENT_MAX printable ASCII characters. */
int pli_agent_valid(const char *text, size_t len);

#endif
