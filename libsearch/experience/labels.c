/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tidying labels: "Docker " and "docker" are one tool, and the first spelling is the one shown.
 *
 * A label that folds to nothing (soft hyphens, joiners) would compare equal to no label at all;
 * it counts as empty. Texts are not tidied: they are kept to the letter.
 */
#include <config.h>

#include "experience/labels.h"

#include <string.h>

#include <plurum/document.h>

#include "base/alloc.h"
#include "base/unicode.h"

/* Unicode's White_Space property. */
static int is_space(uint32_t c)
{
    if (c < 0x80) return c == ' ' || (c >= 0x09 && c <= 0x0D);
    return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
           c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

void pli_trim(const char **text, size_t *len)
{
    const unsigned char *at = (const unsigned char *)*text, *end = at + *len;
    const unsigned char *first = NULL, *last = at;
    while (at < end) {
        const unsigned char *before = at;
        if (is_space(pli_utf8_next(&at, end))) continue;
        if (!first) first = before;
        last = at;
    }
    if (!first) first = last;
    *text = (const char *)first;
    *len = (size_t)(last - first);
}

int pli_blank(const char *text, size_t len)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + len;
    while (at < end)
        if (!is_space(pli_utf8_next(&at, end))) return 0;
    return 1;
}

int pli_label_shows(const char *text, size_t len)
{
    if (len == 0) return 0;
    for (size_t i = 0; i < len; i++)
        if (text[i] > ' ' && text[i] < 0x7F) return 1; /* the usual case, without folding */
    char *folded = pli_utf8_fold(text, len);
    if (!folded) return -1;
    int shows = !pli_blank(folded, strlen(folded));
    pli_free(folded);
    return shows;
}

json_t *pli_label_tidy(json_t *label)
{
    const char *text = json_string_value(label);
    size_t whole = json_string_length(label), len = whole;
    pli_trim(&text, &len);
    return len == whole ? json_incref(label) : json_stringn_nocheck(text, len);
}

static int among(char *const *folded, size_t count, const char *wanted)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(folded[i], wanted) == 0) return 1;
    return 0;
}

/* Adds one label unless its fold is known; the fold is added then. -1: memory is short. */
static int add_distinct(json_t *out, json_t *label, char **folded, size_t *count)
{
    json_t *tidy = pli_label_tidy(label);
    if (!tidy) return -1;
    char *fold = pli_utf8_fold(json_string_value(tidy), json_string_length(tidy));
    if (!fold) {
        json_decref(tidy);
        return -1;
    }
    if (among(folded, *count, fold)) {
        json_decref(tidy);
        pli_free(fold);
        return 0;
    }
    folded[(*count)++] = fold;
    return json_array_append_new(out, tidy);
}

json_t *pli_labels_tidy(json_t *list)
{
    char *folded[PLURUM_LIST_MAX];
    size_t known = 0, count = json_array_size(list);
    json_t *out = json_array();
    int failed = !out;
    for (size_t i = 0; i < count && !failed; i++)
        failed = add_distinct(out, json_array_get(list, i), folded, &known);
    while (known > 0) pli_free(folded[--known]);
    if (!failed) return out;
    json_decref(out);
    return NULL;
}
