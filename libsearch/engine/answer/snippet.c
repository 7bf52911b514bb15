/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Choosing a passage. Every window that begins with a matched word is looked at; the one with most
 * different terms of the query wins, of equal ones the first in the order of the fields below.
 */
#include <config.h>

#include "engine/answer/snippet.h"

#include <string.h>

#include "base/error.h"
#include "experience/content.h"
#include "text/marks.h"

/* What was learned says more than the title, which every answer shows anyway. */
static const plurum_text_field FIELDS[] = {PLURUM_TEXT_BODY, PLURUM_TEXT_TITLE, PLURUM_TEXT_CODE,
                                           PLURUM_TEXT_LABELS};
static const char *const NAMES[PLURUM_TEXT_FIELD_COUNT] = {"title", "body", "labels", "code"};

typedef struct passage {
    plurum_text_field field;
    const char *text;
    size_t len;           /* of the whole text         */
    size_t first, last;   /* marks in it; last is behind */
    size_t different;     /* terms                     */
    pli_marks marks;      /* of the text               */
} passage;

/* The window of at most `size` bytes with most different terms. Windows begin and end one after the
 * other, so each mark comes in once and goes out once. */
static int find_window(passage *p, size_t size, uint32_t term_count)
{
    size_t *inside = pli_calloc(term_count, sizeof *inside); /* marks of the term in the window */
    if (!inside) return -1;
    const pli_mark *all = p->marks.all;
    size_t different = 0, j = 0;
    for (size_t i = 0; i < p->marks.count; i++) {
        for (; j < p->marks.count && (j == i || all[j].to <= all[i].from + size); j++)
            different += inside[all[j].term]++ == 0;
        if (different > p->different) {
            p->different = different;
            p->first = i;
            p->last = j;
        }
        different -= --inside[all[i].term] == 0;
    }
    pli_free(inside);
    return 0;
}

static int is_inside(const char *text, size_t i)
{
    return ((unsigned char)text[i] & 0xC0) == 0x80;
}

/* Bytes [*from, *to) around the window's marks, cut at spaces where there are some near. */
static void cut(size_t *from, size_t *to, const passage *p, size_t size)
{
    size_t begin = 0, end = 0;
    if (p->different) {
        begin = p->marks.all[p->first].from;
        end = p->marks.all[p->last - 1].to;
    }
    size_t slack = end - begin < size ? size - (end - begin) : 0;
    *from = begin > slack / 2 ? begin - slack / 2 : 0;
    *to = p->len - *from > size ? *from + size : p->len;
    if (*to - *from < size) *from = *to > size ? *to - size : 0;
    size_t at = *from;
    while (at > 0 && at < begin && p->text[at - 1] != ' ' && p->text[at - 1] != '\n') at++;
    if (at < begin || at == 0) *from = at;
    while (*from < *to && is_inside(p->text, *from)) ++*from;
    at = *to;
    while (at < p->len && at > end && p->text[at] != ' ' && p->text[at] != '\n') at--;
    if (at > end) *to = at;
    while (*to > *from && *to < p->len && is_inside(p->text, *to)) --*to;
}

/* Marks within [from, to), those that touch made one, relative to from. */
static plurum_status keep_marks(plurum_hit *hit, pli_hit_memory *memory, const passage *p,
                                size_t from, size_t to, plurum_error *error)
{
    size_t count = 0;
    plurum_span *spans = memory->marks = pli_calloc(p->marks.count, sizeof *spans);
    if (!spans) return pli_nomem(error);
    for (size_t i = 0; i < p->marks.count; i++) {
        size_t a = p->marks.all[i].from, b = p->marks.all[i].to;
        if (b <= from || a >= to) continue;
        a = a > from ? a - from : 0;
        b = (b < to ? b : to) - from;
        if (count && a <= spans[count - 1].to) {
            if (b > spans[count - 1].to) spans[count - 1].to = b;
        } else {
            spans[count++] = (plurum_span){a, b};
        }
    }
    hit->marks = spans;
    hit->mark_count = count;
    return PLURUM_OK;
}

static plurum_status keep(plurum_hit *hit, pli_hit_memory *memory, const passage *p, size_t size,
                          plurum_error *error)
{
    size_t from, to;
    cut(&from, &to, p, size);
    memory->snippet = pli_strndup(p->text + from, to - from);
    if (!memory->snippet) return pli_nomem(error);
    hit->snippet = memory->snippet;
    hit->snippet_field = p->field;
    hit->snippet_at = from;
    hit->snippet_goes_on = to < p->len;
    return keep_marks(hit, memory, p, from, to, error);
}

/* The best passage of all fields; where nothing is marked, the beginning of the first text. */
static plurum_status choose(passage *best, const plurum_document *d, pli_analyser *analyser,
                            const pli_search *s, plurum_error *error)
{
    plurum_status status = PLURUM_OK;
    memset(best, 0, sizeof *best);
    for (size_t f = 0; f < PLURUM_TEXT_FIELD_COUNT && !status; f++) {
        passage p = {.field = FIELDS[f], .text = d->text[FIELDS[f]]};
        if (!p.text || !*p.text) continue;
        p.len = strlen(p.text);
        if (s->terms && s->terms->count)
            status = pli_marks_find(&p.marks, analyser, s->terms, p.text, p.len, error);
        if (!status && p.marks.count && find_window(&p, s->query.snippet, s->terms->count))
            status = pli_nomem(error);
        if (!status && (!best->text || p.different > best->different)) {
            passage worse = *best;
            *best = p;
            p = worse;
        }
        pli_free(p.marks.all);
    }
    return status;
}

plurum_status pli_snippet_add(pli_hits *hits, size_t i, const pli_search *s, plurum_error *error)
{
    plurum_hit *hit = &hits->hits[i];
    pli_projection *projection;
    pli_analyser *analyser = NULL;
    passage best = {0};
    plurum_status status =
        pli_stored_document(&projection, s->index, s->snapshot->txn, hit->id, error);
    if (!status) status = pli_borrow_analyser(&analyser, s->index, error);
    if (!status) status = choose(&best, pli_projection_document(projection), analyser, s, error);
    if (!status && best.text) status = keep(hit, &hits->memory[i], &best, s->query.snippet, error);
    pli_free(best.marks.all);
    pli_return_analyser(s->index, analyser);
    pli_projection_free(projection);
    return status;
}

json_t *pli_snippet_json(const plurum_hit *hit)
{
    json_t *marks = json_array();
    for (size_t i = 0; i < hit->mark_count; i++)
        json_array_append_new(marks, json_pack("[I, I]", (json_int_t)hit->marks[i].from,
                                               (json_int_t)hit->marks[i].to));
    return json_pack("{s:s, s:s, s:I, s:b, s:o}", "text", hit->snippet, "field",
                     NAMES[hit->snippet_field], "at", (json_int_t)hit->snippet_at, "goes_on",
                     hit->snippet_goes_on, "marks", marks);
}
