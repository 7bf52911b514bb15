/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list of a document's stored terms.
 */
#include <config.h>

#include "text/indexed.h"

#include <string.h>

#include "text/cut.h"

/* The fields that have a prefix; the body is what is left. */
static const struct {
    plurum_text_field field;
    const char *prefix;
} PREFIXED[] = {{PLURUM_TEXT_TITLE, PLI_PREFIX_TITLE},
                {PLURUM_TEXT_LABELS, PLI_PREFIX_LABELS},
                {PLURUM_TEXT_CODE, PLI_PREFIX_CODE}};

typedef struct listing {
    int (*each)(void *payload, const char *term, size_t len, uint32_t tf);
    void *payload;
} listing;

size_t pli_stored_term(char out[PLI_STORED_TERM_MAX], const char *prefix, const char *term,
                       size_t len)
{
    size_t start = strlen(prefix);
    memcpy(out, prefix, start);
    if (len > PLI_TERM_MAX) return start + pli_term_cut(out + start, term, len);
    memcpy(out + start, term, len);
    return start + len;
}

static int list(const listing *l, const char *prefix, const char *term, size_t len, uint64_t tf)
{
    char stored[PLI_STORED_TERM_MAX];
    size_t stored_len = pli_stored_term(stored, prefix, term, len);
    return l->each(l->payload, stored, stored_len, tf < UINT32_MAX ? (uint32_t)tf : UINT32_MAX);
}

static int list_term(const listing *l, const pli_term *term)
{
    uint64_t sum = 0;
    for (int f = 0; f < PLURUM_TEXT_FIELD_COUNT; f++) sum += term->tf[f];
    int stop = list(l, PLI_PREFIX_ALL, term->bytes, term->len, sum);
    for (size_t p = 0; p < sizeof PREFIXED / sizeof *PREFIXED && !stop; p++)
        if (term->tf[PREFIXED[p].field])
            stop = list(l, PREFIXED[p].prefix, term->bytes, term->len, term->tf[PREFIXED[p].field]);
    return stop;
}

static int list_labels(const listing *l, const char *prefix, const char *const *labels,
                       size_t count)
{
    int stop = 0;
    for (size_t i = 0; i < count && !stop; i++)
        stop = list(l, prefix, labels[i], strlen(labels[i]), 0);
    return stop;
}

int pli_text_document_terms(const pli_terms *terms, const pli_labels *labels,
                            int (*each)(void *payload, const char *term, size_t len, uint32_t tf),
                            void *payload)
{
    const listing l = {each, payload};
    int stop = 0;
    for (uint32_t i = 0; i < terms->count && !stop; i++) stop = list_term(&l, &terms->terms[i]);
    if (stop || !labels) return stop;
    stop = list_labels(&l, PLI_PREFIX_DOMAIN, &labels->domain, labels->domain != NULL);
    if (!stop) stop = list_labels(&l, PLI_PREFIX_TOOL, labels->tools, labels->tool_count);
    return stop ? stop : list_labels(&l, PLI_PREFIX_TAG, labels->tags, labels->tag_count);
}
