/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The summary of an experience: one paragraph that fits in a prompt.
 *
 * How far it is to be trusted comes right behind the goal, since all that follows depends on it.
 * Texts are cut between words, and of long lists the first are taken.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/unicode.h"
#include "experience/acquire.h"
#include "experience/lessons.h"

enum {
    SOLUTION_MAX = 1000, /* code points of the solution        */
    LESSON_MAX = 240,    /* of a lesson                        */
    WHY_MAX = 160,       /* of what is in brackets behind it   */
    LISTED_MAX = 5       /* lessons of a kind                  */
};

/* ---- texts ---------------------------------------------------------------------------------- */

static int is_space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Where the text ends that holds at most `most` code points, between words if there are any. */
static const unsigned char *cut_at(const unsigned char *at, const unsigned char *end, size_t most)
{
    const unsigned char *space = NULL, *next = at;
    for (size_t n = 0; next < end && n < most; n++) {
        const unsigned char *here = next;
        if (is_space(pli_utf8_next(&next, end))) space = here;
    }
    if (next == end) return end;
    return space ? space : next;
}

/* Adds a text on one line, without blanks at its ends; "…" where it was cut. */
static void put(pli_buf *buf, const char *text, size_t most)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + strlen(text);
    while (at < end && is_space(*at)) at++;
    while (end > at && is_space(end[-1])) end--;
    const unsigned char *cut = cut_at(at, end, most);
    for (const unsigned char *word = at; word < cut;) {
        const unsigned char *stop = word;
        while (stop < cut && !is_space(*stop)) stop++;
        if (word > at) pli_buf_text(buf, " ");
        pli_buf_add(buf, word, (size_t)(stop - word));
        for (word = stop; word < cut && is_space(*word);) word++;
    }
    if (cut < end) pli_buf_text(buf, "…");
}

/* Ends a sentence that may have its mark already. */
static void stop(pli_buf *buf)
{
    static const char *const MARKS[] = {".", "!", "?", "…", "。"};
    for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++) {
        size_t len = strlen(MARKS[i]);
        if (buf->len >= len && memcmp(buf->bytes + buf->len - len, MARKS[i], len) == 0) return;
    }
    pli_buf_text(buf, ".");
}

static void put_sentence(pli_buf *buf, const char *lead, const char *text, size_t most)
{
    if (!text[strspn(text, " \t\r\n")]) return;
    if (buf->len) pli_buf_text(buf, " ");
    pli_buf_text(buf, lead);
    put(buf, text, most);
    stop(buf);
}

/* ---- parts ---------------------------------------------------------------------------------- */

static double number(const json_t *detail, const char *name)
{
    return json_number_value(json_object_get(detail, name));
}

/* 0.7142 as 71, rounded half away from zero. */
static long percent(double share)
{
    return lround(100 * share);
}

/* "Outcome: success. 3 of 4 reports say that it worked (success rate 75%), trust 0.71." */
static void put_standing(pli_buf *buf, const json_t *detail)
{
    const json_t *confidence = json_object_get(detail, "confidence");
    long trust = percent(number(detail, "trust_score"));
    double reports = number(detail, "total_reports");
    put_sentence(buf, "Outcome: ", pli_text_member(detail, "outcome"), LESSON_MAX);
    if (reports > 0)
        pli_buf_printf(buf, " %.0f of %.0f report%s say%s that it worked (success rate %ld%%)",
                       number(detail, "success_count"), reports, reports == 1 ? "" : "s",
                       reports == 1 ? "s" : "", percent(number(detail, "success_rate")));
    else
        pli_buf_text(buf, " Nobody has reported on it yet (no success rate)");
    pli_buf_printf(buf, ", trust %ld.%02ld", trust / 100, trust % 100);
    if (json_is_true(json_object_get(detail, "quarantined"))) pli_buf_text(buf, ", in quarantine");
    if (json_is_number(confidence))
        pli_buf_printf(buf, "; its author's confidence is %ld%%",
                       percent(json_number_value(confidence)));
    pli_buf_text(buf, ".");
}

/* "What helps: a (why); b; and 3 more." */
static void put_lessons(pli_buf *buf, const char *lead, const pli_lesson *lessons, size_t count)
{
    size_t shown = count < LISTED_MAX ? count : LISTED_MAX;
    for (size_t i = 0; i < shown; i++) {
        pli_buf_text(buf, i ? "; " : lead);
        put(buf, lessons[i].what, LESSON_MAX);
        if (!*lessons[i].why) continue;
        pli_buf_text(buf, " (");
        put(buf, lessons[i].why, WHY_MAX);
        pli_buf_text(buf, ")");
    }
    if (count > shown) pli_buf_printf(buf, "; and %zu more", count - shown);
    if (count) stop(buf);
}

static void put_all(pli_buf *buf, const json_t *detail, const pli_lessons *lessons)
{
    const char *solution = pli_text_member(detail, "solution");
    const char *context = pli_text_member(detail, "context");
    put_sentence(buf, "", pli_text_member(detail, "goal"), SOLUTION_MAX);
    put_standing(buf, detail);
    put_sentence(buf, "Solution: ", solution, SOLUTION_MAX);
    put_sentence(buf, "", pli_text_member(detail, "body"), SOLUTION_MAX); /* a plain document's */
    put_lessons(buf, " What helps: ", lessons->helps, lessons->help_count);
    put_lessons(buf, " What does not: ", lessons->fails, lessons->fail_count);
    put_lessons(buf, " Watch out: ", lessons->watch, lessons->watch_count);
    if (!*solution) put_sentence(buf, "Context: ", context, SOLUTION_MAX);
}

json_t *pli_summary(const json_t *detail)
{
    pli_buf buf = PLI_BUF_INIT;
    pli_lessons lessons;
    json_t *summary = NULL;
    if (!pli_lessons_collect(&lessons, detail)) put_all(&buf, detail, &lessons);
    if (lessons.all && !buf.failed)
        summary = json_pack("{s:o}", "summary",
                            json_stringn_nocheck((const char *)buf.bytes, buf.len));
    pli_lessons_free(&lessons);
    pli_buf_free(&buf);
    return summary;
}
