/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Judging values: placeholder or reference, words, a number, or what only a secret looks like.
 *
 * No entropy is computed: over the 8 to 40 bytes of a password or token it is too noisy to tell
 * "s3cr3t" from "base64". What counts is shape: words and names change between letters and digits
 * once at most and change case where a part begins; what is drawn at random does neither.
 */
#include <config.h>

#include "secrets/secrets.h"

#include <string.h>

enum { LOOK_MAX = 128 }; /* bytes of a value that are looked at */

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- parts ---------------------------------------------------------------------------------- */

typedef struct judging {
    pli_value value;
    unsigned drawn;   /* parts that are no words                              */
    unsigned blended; /* words with digits inside                             */
    unsigned small;   /* words that do not speak for a value                  */
    unsigned names;   /* words that name a secret                             */
    unsigned owns;    /* words that stand beside those                        */
    int named_last;   /* the last part names a secret                         */
    int denies;       /* a word says that this is no value: your, example     */
    int has_digits;   /* anywhere in the value                                */
} judging;

static void judge_part(judging *j, const unsigned char *at, size_t len)
{
    pli_word word = pli_word_judge(at, len);
    j->value.parts++;
    j->value.digits += word.digits;
    if (word.changes > j->value.changes) j->value.changes = word.changes;
    j->value.technical |= word.kind == PLI_WORD_TECHNICAL;
    switch (word.kind) {
    case PLI_WORD_DRAWN: j->drawn++; break;
    case PLI_WORD_DENIES: j->denies = 1; break;
    case PLI_WORD_NAMES: j->names++; break;
    case PLI_WORD_OWNS: j->owns++; break;
    case PLI_WORD_SMALL: j->small++; break;
    case PLI_WORD_TECHNICAL:
    case PLI_WORD_PLAIN: break;
    }
    j->named_last = word.kind == PLI_WORD_NAMES;
    if (word.changes && word.kind != PLI_WORD_TECHNICAL) j->blended++;
}

/*
 * Words that stand for a value, not one: YOUR_TOKEN, my-db-password, "must not be empty",
 * ftp_login_password.
 */
static int is_placeholder(const judging *j)
{
    if (j->denies || j->small == j->value.parts) return 1;
    if (j->named_last && !j->value.digits && j->value.parts > 1) return 1;
    return j->names && j->names + j->owns + j->small == j->value.parts;
}

/* ---- references ----------------------------------------------------------------------------- */

static int is_part(unsigned char c)
{
    return pli_is_alnum(c) || c >= 0x80;
}

static int contains(const unsigned char *at, size_t len, const char *what)
{
    return memmem(at, len, what, strlen(what)) != NULL;
}

static int begins(const unsigned char *at, size_t len, const char *what)
{
    size_t n = strlen(what);
    return len >= n && memcmp(at, what, n) == 0;
}

/* A row of at least four that stand for what is not shown: xxxx, ****, ....; or three dots. */
int pli_value_veiled(const unsigned char *at, size_t len)
{
    size_t row = 0;
    if (contains(at, len, "...") || contains(at, len, "\xE2\x80\xA6") || contains(at, len, "***") ||
        contains(at, len, "\xE2\x80\xA2"))
        return 1;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = at[i];
        int same = i > 0 && (at[i - 1] | 32) == (c | 32);
        row = !c || !strchr("xX*#_-0", c) ? 0 : same ? row + 1 : 1;
        if (row >= (c == '0' ? 8u : 4u)) return 1;
    }
    return 0;
}

/* "$2b$12$…", "$6$salt$…": a stored hash, not a variable. */
static int is_crypt(const unsigned char *at, size_t len)
{
    size_t i = 1;
    while (i < len && i < 12 && (pli_is_alnum(at[i]) || at[i] == '-')) i++;
    return len >= 20 && i > 1 && i < len && at[i] == '$';
}

static int is_variable(const unsigned char *at, size_t len)
{
    if (at[0] == '$') return !is_crypt(at, len);
    for (size_t i = 0; i + 2 < len; i++) {
        if (at[i] != '$') continue;
        unsigned char c = at[i + 1], d = at[i + 2];
        if (c == '{' || c == '(' || (pli_is_upper(c) && (pli_is_upper(d) || d == '_'))) return 1;
    }
    return 0;
}

/* An opening bracket and its closing one somewhere behind it: <token>, {{ x }}, [hidden], f(x). */
static int has_brackets(const unsigned char *at, size_t len)
{
    static const char PAIRS[] = "<>{}[]()";
    for (size_t i = 0; i < len; i++) {
        const char *pair = at[i] ? strchr(PAIRS, at[i]) : NULL;
        if (!pair || (pair - PAIRS) % 2) continue;
        if (memchr(at + i, pair[1], len - i)) return 1;
    }
    return 0;
}

/* A value that says where the real one is. */
static int is_reference(const unsigned char *at, size_t len)
{
    static const char *const SCHEMES[] = {"env:", "env.", "file:", "vault:", "ssm:", "arn:", "op:",
                                          "ENC[", "secret:", "secrets.", "kms:", "sm:", "path:",
                                          "process.env", "os.environ", "projects/"};
    static const char *const FORMATS[] = {"%s", "%d", "%v", "%q", "%@", "%(", "<%", "\\d", "\\w",
                                          "\\S", ".*", ".+", "://"};
    if (is_variable(at, len) || pli_value_veiled(at, len)) return 1;
    if (has_brackets(at, len)) return 1;
    for (size_t i = 0; i < COUNT(SCHEMES); i++)
        if (begins(at, len, SCHEMES[i])) return 1;
    for (size_t i = 0; i < COUNT(FORMATS); i++)
        if (contains(at, len, FORMATS[i])) return 1;
    return 0;
}

/* 0x1F, 0x00000001UL */
static int is_hex_number(const unsigned char *at, size_t len)
{
    if (len < 3 || len > 20 || at[0] != '0' || (at[1] | 32) != 'x') return 0;
    for (size_t i = 2; i < len; i++)
        if (!pli_is_digit(at[i]) && !((at[i] | 32) >= 'a' && (at[i] | 32) <= 'f') &&
            !strchr("uUlL", at[i]))
            return 0;
    return 1;
}

static int hex_digit(unsigned char c)
{
    if (pli_is_digit(c)) return c - '0';
    return (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* Writes the value with %40 and the like decoded. */
static size_t decode(unsigned char out[LOOK_MAX], const unsigned char *at, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        int high = at[i] == '%' && i + 2 < len ? hex_digit(at[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(at[i + 2]) : -1;
        out[n++] = low < 0 ? at[i] : (unsigned char)(high * 16 + low);
        if (low >= 0) i += 2;
    }
    return n;
}

/* %NAME%, ^PASS^, @@NAME@@: the same mark at both ends of a name. */
static int is_framed(const unsigned char *at, size_t len)
{
    size_t i = 1;
    if (!strchr("%^#@*!", at[0])) return 0;
    while (i < len && at[i] == at[0]) i++;
    size_t name = i;
    while (i < len && (pli_is_alnum(at[i]) || at[i] == '_')) i++;
    return i > name + 1 && i < len && at[i] == at[0];
}

/* !secret name, *alias, @file, :bound, ?, |, ~/path, ./path, /run/secrets/x */
static int is_marked(const unsigned char *at, size_t len, const pli_value *value)
{
    if (at[0] == '/' || begins(at, len, "./") || begins(at, len, "../") || begins(at, len, "~/"))
        return value->kind == PLI_VALUE_WORDS;
    return strchr("!*&@|>?:#%+~^=,;\\", at[0]) != NULL && value->digits == 0 &&
           value->kind != PLI_VALUE_MIXED;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static void trim(const unsigned char **at, size_t *len)
{
    int digits = 0;
    if (*len > LOOK_MAX) *len = LOOK_MAX;
    while (*len && (pli_is_blank(**at) || **at == '\n' || **at == '\r')) (*at)++, (*len)--;
    for (size_t i = 0; i < *len; i++) digits |= pli_is_digit((*at)[i]);
    while (*len && strchr(digits ? ".,:; \t\r\n" : ".,:;!? \t\r\n", (*at)[*len - 1])) (*len)--;
}

/* "AQICAHh...": the rest is not shown. */
static int is_cut_off(const unsigned char *at, size_t len)
{
    return len > 3 && memcmp(at + len - 3, "...", 3) == 0;
}

static void note_byte(judging *j, const unsigned char *at, size_t len, size_t i)
{
    pli_value *v = &j->value;
    unsigned char c = at[i];
    v->lower |= pli_is_lower(c);
    v->upper |= pli_is_upper(c);
    v->camel |= i > 0 && pli_is_upper(c) && pli_is_lower(at[i - 1]);
    v->underscores |= c == '_';
    v->spaces |= pli_is_blank(c) || c == '\n' || c == '\r';
    if (is_part(c) || (c && strchr("-_./:+=,|? \t\r\n", c))) return;
    if (c == '\'' && i > 0 && i + 1 < len && is_part(at[i - 1]) && is_part(at[i + 1])) return;
    if (c == '@' && (memchr(at + i, '.', len - i) || (!j->has_digits && i >= 3))) return;
    if (i == 0 && len > 1) return;                        /* a mark; see is_marked */
    v->symbols = 1;
}

pli_value pli_value_judge(const unsigned char *at, size_t len)
{
    judging j = {.value = {.kind = PLI_VALUE_NOTHING}};
    unsigned char decoded[LOOK_MAX];
    if (len <= LOOK_MAX && is_cut_off(at, len)) return j.value;
    trim(&at, &len);
    if (len == 0 || is_framed(at, len)) return j.value;
    if (memchr(at, '%', len)) {
        len = decode(decoded, at, len);
        at = decoded;
    }
    j.value.len = len;
    if (is_reference(at, len) || is_hex_number(at, len)) return j.value;
    size_t letters = 0, start = 0;
    for (size_t i = 0; i < len; i++) j.has_digits |= pli_is_digit(at[i]);
    for (size_t i = 0; i < len; i++) {
        note_byte(&j, at, len, i);
        if (!is_part(at[i])) continue;
        letters += !pli_is_digit(at[i]);
        if (i == 0 || !is_part(at[i - 1])) start = i;
        if (i + 1 == len || !is_part(at[i + 1])) judge_part(&j, at + start, i + 1 - start);
    }
    pli_value *v = &j.value;
    if (letters == 0 && v->digits && !v->symbols)
        v->kind = PLI_VALUE_DIGITS;
    else if (letters == 0 && !v->digits)
        v->kind = PLI_VALUE_NOTHING;
    else if (j.drawn || j.blended > 2 || (v->symbols && (v->digits || !is_placeholder(&j))))
        v->kind = PLI_VALUE_MIXED;
    else
        v->kind = is_placeholder(&j) ? PLI_VALUE_NOTHING : PLI_VALUE_WORDS;
    v->named = v->kind == PLI_VALUE_NOTHING && j.names && !j.denies;
    if (is_marked(at, len, v)) v->kind = PLI_VALUE_NOTHING;
    return *v;
}

int pli_value_random(const unsigned char *at, size_t len)
{
    size_t start = 0, blended = 0, digits = 0;
    if (pli_value_veiled(at, len)) return 0;
    for (size_t i = 0; i <= len; i++) {
        if (i < len) digits += (size_t)pli_is_digit(at[i]);
        if (i < len && is_part(at[i])) continue;
        int blend = 0;
        if (i > start && pli_word_drawn(at + start, i - start, &blend)) return 1;
        blended += (size_t)blend;
        start = i + 1;
    }
    return blended > 2 || (digits == len && len >= 8);
}
