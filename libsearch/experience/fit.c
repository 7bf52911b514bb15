/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeping what tells most, one entry after the other while there is room for it.
 */
#include <config.h>

#include "experience/fit.h"

#include <stdlib.h>
#include <string.h>

#include <plurum/document.h>

#include "base/alloc.h"
#include "base/unicode.h"
#include "experience/content.h"

enum {
    NOTE = 200,  /* code points for the sentence about what is left out */
    BLANK = 2,   /* code points between texts of the context            */
    EXTRA = 80   /* bytes of members that the normal form fills in      */
};

typedef struct room {
    size_t lists[PLI_ENTRY_KINDS], attempts, context, bytes;
} room;

static const struct {
    const char *type, *one, *many; /* many: what several are called */
} KINDS[PLI_ENTRY_KINDS] = {{"breakthrough", "breakthrough", "breakthroughs"},
                            {"dead_end", "dead end", "dead ends"},
                            {"gotcha", "gotcha", "gotchas"},
                            {"artifact", "artifact", "artifacts"},
                            {NULL, "update or note", "updates and notes"}};

static int kind_of(const pli_entry *e)
{
    int kind = 0;
    while (KINDS[kind].type && strcmp(KINDS[kind].type, e->type) != 0) kind++;
    return kind;
}

static int makes_attempt(int kind)
{
    return kind == PLI_BREAKTHROUGH || kind == PLI_DEAD_END;
}

static size_t code_points(const pli_entry *e)
{
    const json_t *text = json_object_get(e->content, "text");
    return (size_t)pli_utf8_length(json_string_value(text), json_string_length(text));
}

/* Takes room for an entry; 0: there is none. */
static int take(room *left, const pli_entry *e, size_t bytes)
{
    int kind = kind_of(e);
    size_t points = kind == PLI_REMARK ? code_points(e) + BLANK : 0;
    if (kind != PLI_REMARK && !left->lists[kind]) return 0;
    if (points > left->context || bytes > left->bytes) return 0;
    if (kind != PLI_REMARK) left->lists[kind]--;
    left->context -= points;
    left->bytes -= bytes;
    return 1;
}

/* ---- order ---- */

static int rank_of(const pli_entry *e)
{
    static const int RANKS[PLI_ENTRY_KINDS] = {1, 1, 1, 2, 3};
    const char *importance = json_string_value(json_object_get(e->content, "importance"));
    int kind = kind_of(e);
    return kind == PLI_BREAKTHROUGH && importance && strcmp(importance, "high") == 0 ? 0 : RANKS[kind];
}

static int by_rank(const void *a, const void *b)
{
    const pli_entry *x = *(pli_entry *const *)a, *y = *(pli_entry *const *)b;
    int p = rank_of(x), q = rank_of(y);
    if (p != q) return p < q ? -1 : 1;
    return x > y ? -1 : x < y; /* the later stands behind the earlier */
}

static int bytes_of(size_t *out, const pli_entry *e)
{
    char *text = pli_json_text(e->content);
    if (!text) return -1;
    *out = (strlen(text) + EXTRA) * (makes_attempt(kind_of(e)) ? 2 : 1);
    pli_free(text);
    return 0;
}

int pli_fit(pli_left_out *out, pli_entry *entries, size_t count, size_t bytes)
{
    room left = {.attempts = PLURUM_LIST_MAX, .context = PLURUM_TEXT_MAX + BLANK,
                 .bytes = bytes ? bytes : SIZE_MAX};
    pli_entry **order = pli_calloc(count + 1, sizeof *order);
    int fits = 1, failed = !order;
    for (int k = 0; k < PLI_ENTRY_KINDS; k++) left.lists[k] = PLURUM_LIST_MAX;
    room whole = left;
    for (size_t i = 0; i < count && !failed; i++) {
        order[i] = &entries[i];
        if (makes_attempt(kind_of(order[i]))) fits &= whole.attempts > 0 && whole.attempts--;
        fits &= take(&whole, order[i], 0);
    }
    if (!failed) qsort(order, count, sizeof *order, by_rank);
    if (!fits || bytes) left.context -= NOTE;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < count && !failed; i++) {
        pli_entry *e = order[i];
        size_t size = 0;
        if (bytes) failed = bytes_of(&size, e);
        e->kept = take(&left, e, size);
        out->entries[kind_of(e)] += !e->kept;
        e->attempt = e->kept && makes_attempt(kind_of(e)) && left.attempts > 0 && left.attempts--;
        out->attempts += e->kept && makes_attempt(kind_of(e)) && !e->attempt;
    }
    pli_free(order);
    return failed ? -1 : 0;
}

/* ---- telling ---- */

static void write_count(pli_buf *out, int *some, size_t count, const char *one, const char *many)
{
    if (!count) return;
    pli_buf_printf(out, "%s%zu %s", *some ? ", " : "(Left out, as an experience holds no more: ", count,
                   count == 1 ? one : many);
    *some = 1;
}

void pli_left_out_write(pli_buf *out, const pli_left_out *left)
{
    int some = 0;
    for (int k = 0; k < PLI_ENTRY_KINDS; k++)
        write_count(out, &some, left->entries[k], KINDS[k].one, KINDS[k].many);
    write_count(out, &some, left->attempts, "attempt that is told above", "attempts that are told above");
    if (some) pli_buf_text(out, ".)");
}
