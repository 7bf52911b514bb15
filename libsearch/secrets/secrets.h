/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The secrets check inside: what rules are made of, and the parts that judge names and values.
 *
 * A text is walked once, run by run: a run is a maximal row of letters, digits, '_', '-' and '.'.
 * Rules are asked at runs, and each looks at a bounded number of bytes around its place, so that
 * the whole is linear whatever the text.
 */
#ifndef PLI_SECRETS_SECRETS_H
#define PLI_SECRETS_SECRETS_H

#include <stddef.h>

#include <plurum/secrets.h>

typedef struct pli_text {
    const unsigned char *bytes;
    size_t len;
} pli_text;

typedef struct pli_span {
    size_t start, end; /* bytes from start up to, not including, end */
} pli_span;

/* The byte at i, 0 behind the end and before the beginning ((size_t)-1). */
static inline unsigned char pli_at(const pli_text *text, size_t i)
{
    return i < text->len ? text->bytes[i] : 0;
}

static inline int pli_is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

static inline int pli_is_lower(unsigned char c)
{
    return c >= 'a' && c <= 'z';
}

static inline int pli_is_upper(unsigned char c)
{
    return c >= 'A' && c <= 'Z';
}

static inline int pli_is_alnum(unsigned char c)
{
    return pli_is_digit(c) || pli_is_lower(c) || pli_is_upper(c);
}

static inline int pli_is_blank(unsigned char c)
{
    return c == ' ' || c == '\t';
}

static inline int pli_is_quote(unsigned char c)
{
    return c == '"' || c == '\'' || c == '`';
}

static inline int pli_in_run(unsigned char c)
{
    return pli_is_alnum(c) || c == '_' || c == '-' || c == '.';
}

/* Whether the lower-case word stands at i, in any case. */
int pli_text_has(const pli_text *text, size_t i, const char *word);

/* The first byte from i on that is neither blank nor tab, at most 64 on. */
size_t pli_skip_blanks(const pli_text *text, size_t i);

/* ---- words ---------------------------------------------------------------------------------- */

typedef enum pli_word_kind {
    PLI_WORD_PLAIN,     /* could stand in a sentence, be a name, or v2, 24h    */
    PLI_WORD_SMALL,     /* so small that it says nothing: the, not, on         */
    PLI_WORD_OWNS,      /* stands beside the name of a secret: my, db, access  */
    PLI_WORD_NAMES,     /* names a secret or what holds it: password, key, arg */
    PLI_WORD_DENIES,    /* says that this is no value: your, example, required */
    PLI_WORD_TECHNICAL, /* a name with digits: sha256, oauth2, Ed25519Key      */
    PLI_WORD_DRAWN      /* no word: drawn at random, or obscured               */
} pli_word_kind;

typedef struct pli_word {
    pli_word_kind kind;
    unsigned digits;  /* how many                            */
    unsigned changes; /* between letters and digits          */
} pli_word;

/* Judges letters and digits (and bytes beyond ASCII), at least one. */
pli_word pli_word_judge(const unsigned char *at, size_t len);

/*
 * Whether it is PLI_WORD_DRAWN, found with less work; *blended: it has letters and digits, and is
 * no technical name.
 */
int pli_word_drawn(const unsigned char *at, size_t len, int *blended);

/* ---- values --------------------------------------------------------------------------------- */

typedef enum pli_value_kind {
    PLI_VALUE_NOTHING, /* a placeholder, a reference, an expression, or empty  */
    PLI_VALUE_WORDS,   /* what could stand in a sentence: words, names, v1.2   */
    PLI_VALUE_DIGITS,  /* a number                                             */
    PLI_VALUE_MIXED    /* neither: what passwords and tokens look like         */
} pli_value_kind;

typedef struct pli_value {
    pli_value_kind kind;
    size_t len;
    unsigned parts;      /* words that separators such as - _ . / divide           */
    unsigned digits;     /* how many                                               */
    unsigned changes;    /* between letters and digits inside a part, the most      */
    int spaces;          /* has white space                                        */
    int symbols;         /* has more than letters, digits and separators           */
    int lower, upper;    /* has letters of that case                               */
    int camel;           /* has an upper-case letter behind a lower-case one       */
    int underscores;
    int technical;       /* is a known technical name with digits, as sha256       */
    int named;           /* nothing, but in words that name a secret: pass, mypw   */
} pli_value;

/* Judges a value of at least 0 bytes; only its first 128 count. */
pli_value pli_value_judge(const unsigned char *bytes, size_t len);

/* Whether part of it stands for what is not shown: xxxx, ****, three dots. */
int pli_value_veiled(const unsigned char *bytes, size_t len);

/* Whether the body of a token looks drawn at random: neither veiled nor words. */
int pli_value_random(const unsigned char *bytes, size_t len);

/* ---- names ---------------------------------------------------------------------------------- */

/* What a name says of the value beside it. */
typedef enum pli_name_class {
    PLI_NAME_PLAIN = 0,
    PLI_NAME_PASSWORD, /* password, DB_PASS, pwd       */
    PLI_NAME_PASS,     /* pass alone: a weak hint      */
    PLI_NAME_SECRET,   /* client_secret, secretKey     */
    PLI_NAME_TOKEN,    /* token, api_key               */
    PLI_NAME_AUTH      /* authorization, credentials   */
} pli_name_class;

pli_name_class pli_name_classify(const unsigned char *name, size_t len);

/* How sure it is that a value is meant literally. */
typedef enum pli_standing {
    PLI_PROSE,  /* password: value and more words                                   */
    PLI_LOOSE,  /* password: value, as in YAML and declarations                     */
    PLI_LINE,   /* password: value on a line of its own, with a name as in YAML     */
    PLI_TIGHT,  /* password=value, where value may be a variable                    */
    PLI_LITERAL /* in quotes, of an environment variable, in a URL's query          */
} pli_standing;

/* Whether a value beside a name of this class is a secret. */
int pli_value_is_secret(pli_name_class class, pli_standing standing, const unsigned char *bytes,
                        size_t len);

/* Reads a value in quotes or bare, up to what ends it. 0: there is none, or it is a call. */
int pli_read_value(pli_span *value, int *quoted, const pli_text *text, size_t at);

/* ---- rules ---------------------------------------------------------------------------------- */

/* Where a rule is asked. */
typedef enum pli_hook {
    PLI_AT_TOKEN, /* wherever a token may begin in a run of 15 bytes or more     */
    PLI_AT_WORD,  /* at every run                                                */
    PLI_AT_NAME,  /* the same, but behind all others                             */
    PLI_AT_URL    /* at a run before "://"                                       */
} pli_hook;

/* A form of token: what it begins with and what may follow. */
typedef struct pli_form {
    const char *prefix;
    const char *also;     /* bytes of the body beside letters and digits; NULL: "_-"        */
    unsigned least;       /* bytes of the body                                              */
    unsigned most;        /* 0: any number                                                  */
    unsigned flags;
} pli_form;

enum {
    PLI_FORM_UPPER = 1, /* the body is upper-case letters and digits             */
    PLI_FORM_HEX = 2,   /* the body is lower-case hexadecimal digits             */
    PLI_FORM_APART = 4, /* the prefix is not preceded by - or _ either           */
    PLI_FORM_RAW = 8,   /* words in the body count: the prefix is proof enough   */
    PLI_FORM_PROOF = 16 /* the same, where the body has digits: abc123           */
};

typedef struct pli_rule {
    const char *name, *text;
    pli_hook hook;
    /* place: from where the rule is asked to the end of the run. Fills *found when it matches. */
    int (*match)(pli_span *found, const struct pli_rule *rule, const pli_text *text,
                 pli_span place);
    const pli_form *forms;
    size_t form_count;
    unsigned classes; /* of names, as bits 1 << pli_name_class */
} pli_rule;

extern const pli_rule pli_rules[];
extern const size_t pli_rule_count;

typedef int pli_match(pli_span *found, const pli_rule *rule, const pli_text *text, pli_span place);
pli_match pli_match_form, pli_match_jwt, pli_match_private_key, pli_match_bearer, pli_match_basic,
    pli_match_command, pli_match_statement, pli_match_assignment, pli_match_url;

/* ---- texts ---------------------------------------------------------------------------------- */

/* What a refusal says: field, kind, byte. */
#define PLI_SECRET_REFUSAL                                                                         \
    "%s: holds a secret (%s at byte %zu), a placeholder such as $TOKEN expected"

/* plurum_secrets_find with the field that findings name; *stopped when found ended it. */
size_t pli_secrets_scan(const char *bytes, size_t len, const char *field,
                        plurum_secret_found *found, void *payload, int *stopped);

#endif
