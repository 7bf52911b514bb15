/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fields of an experience and of a plain document, one row each: shape, limits, and what
 * becomes of them. A new field is a row here, and nothing else.
 *
 * The order of the rows is the order of the normal form's members and of the texts in the
 * projected document. What is indexed must not change while an index lives, so rows may be added
 * but not moved without a new format.
 */
#include <config.h>

#include "experience/fields.h"

#include <string.h>

#include <plurum/experience.h>

#include "base/clock.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- words ---------------------------------------------------------------------------------- */

const char *const pli_lifecycle_words[] = {
    [PLURUM_DRAFT] = "draft",
    [PLURUM_PUBLISHED] = "published",
    [PLURUM_VERIFIED] = "verified",
    [PLURUM_ARCHIVED] = "archived",
    [PLURUM_LIFECYCLE_COUNT] = NULL,
};

const char *const pli_visibility_words[] = {
    [PLURUM_PUBLIC] = "public",
    [PLURUM_TEAM] = "team",
    [PLURUM_PRIVATE] = "private",
    [PLURUM_VISIBILITY_COUNT] = NULL,
};

static const char *const OUTCOMES[] = {"success", "partial", "failure", NULL};
static const char *const IMPORTANCES[] = {"high", "medium", "low", NULL};

int pli_word_index(const char *const *words, const char *word)
{
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], word) == 0) return i;
    return -1;
}

/* ---- forms ---------------------------------------------------------------------------------- */

static int is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* 8-4-4-4-12 hexadecimal digits. Version and variant are not looked at: other systems' ids too. */
static int uuid_valid(const char *text, size_t len)
{
    if (len != PLURUM_UUID_LEN) return 0;
    for (size_t i = 0; i < len; i++) {
        int hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? text[i] != '-' : !is_hex(text[i])) return 0;
    }
    return 1;
}

static int short_id_valid(const char *text, size_t len)
{
    return len == PLURUM_SHORT_ID_LEN &&
           strspn(text, "0123456789abcdefghijklmnopqrstuvwxyz") == len;
}

int pli_agent_valid(const char *text, size_t len)
{
    if (len < 1 || len > PLURUM_AGENT_MAX) return 0;
    for (size_t i = 0; i < len; i++)
        if (text[i] < 0x20 || text[i] > 0x7E) return 0;
    return 1;
}

static int time_valid(const char *text, size_t len)
{
    int64_t t;
    return pli_time_parse(&t, text, len) == 0;
}

/* ---- tables --------------------------------------------------------------------------------- */

/* Texts: a required one, one whose nothing is "", and one whose nothing is null. */
#define REQUIRED(n, p, lim)                                                                        \
    {.name = n, .shape = PLI_SHAPE_TEXT, .flags = PLI_REQUIRED, .part = p, .least = 1, .most = lim}
#define EMPTIABLE(n, p)                                                                            \
    {.name = n, .shape = PLI_SHAPE_TEXT, .flags = PLI_EMPTY, .part = p, .most = PLURUM_TEXT_MAX}
#define NULLABLE(n, p, more)                                                                       \
    {.name = n, .shape = PLI_SHAPE_TEXT, .flags = more, .part = p, .most = PLURUM_TEXT_MAX}
#define LABELS(n, p, more)                                                                         \
    {.name = n, .shape = PLI_SHAPE_LABELS, .flags = more, .part = p}
#define RECORDS(n, m, more)                                                                        \
    {.name = n, .shape = PLI_SHAPE_RECORDS, .flags = PLI_DETAIL | (more), .members = m}
#define FORM(n, test, text)                                                                        \
    {.name = n, .shape = PLI_SHAPE_FORM, .flags = PLI_IMPORT, .valid = test, .expected = text}
#define TABLE(n, thin, rows) {.name = n, .sparse = thin, .count = COUNT(rows), .fields = rows}

static const pli_field BREAKTHROUGH_FIELDS[] = {
    REQUIRED("insight", PLI_PART_BODY, PLURUM_TEXT_MAX),
    EMPTIABLE("detail", PLI_PART_BODY),
    {.name = "importance", .shape = PLI_SHAPE_WORD, .words = IMPORTANCES, .fallback = "medium"},
};
static const pli_table BREAKTHROUGH = TABLE("breakthrough", 0, BREAKTHROUGH_FIELDS);

static const pli_field ATTEMPT_FIELDS[] = {
    REQUIRED("action", PLI_PART_BODY, PLURUM_TEXT_MAX),
    EMPTIABLE("outcome", PLI_PART_BODY),
    {.name = "dead_end", .shape = PLI_SHAPE_FLAG},
    NULLABLE("insight", PLI_PART_BODY, 0),
};
static const pli_table ATTEMPT = TABLE("attempt", 0, ATTEMPT_FIELDS);

static const pli_field DEAD_END_FIELDS[] = {
    REQUIRED("what", PLI_PART_BODY, PLURUM_TEXT_MAX),
    EMPTIABLE("why", PLI_PART_BODY),
};
static const pli_table DEAD_END = TABLE("dead end", 0, DEAD_END_FIELDS);

static const pli_field GOTCHA_FIELDS[] = {
    REQUIRED("warning", PLI_PART_BODY, PLURUM_TEXT_MAX),
    NULLABLE("context", PLI_PART_BODY, 0),
};
static const pli_table GOTCHA = TABLE("gotcha", 0, GOTCHA_FIELDS);

static const pli_field ARTIFACT_FIELDS[] = {
    REQUIRED("language", PLI_PART_NONE, 50),
    NULLABLE("description", PLI_PART_CODE, 0),
    REQUIRED("code", PLI_PART_CODE, PLURUM_TEXT_MAX),
};
static const pli_table ARTIFACT = TABLE("artifact", 0, ARTIFACT_FIELDS);

/* The tools named here are those of the author's surroundings, not of the task: not indexed. */
static const pli_field CONTEXT_FIELDS[] = {
    LABELS("tools_used", PLI_PART_NONE, PLI_TIDY),
    NULLABLE("environment", PLI_PART_BODY, 0),
    NULLABLE("constraints", PLI_PART_BODY, 0),
};
static const pli_table CONTEXT = TABLE("context_structured", 0, CONTEXT_FIELDS);

static const pli_field EXPERIENCE_FIELDS[] = {
    {.name = "goal", .shape = PLI_SHAPE_TEXT, .flags = PLI_REQUIRED | PLI_ITEM,
     .part = PLI_PART_TITLE, .least = 10, .least_import = 5, .most = 2000},
    {.name = "domain", .shape = PLI_SHAPE_LABEL, .flags = PLI_TIDY | PLI_VACANT | PLI_ITEM,
     .part = PLI_PART_LABELS},
    LABELS("tools_used", PLI_PART_LABELS, PLI_TIDY | PLI_ITEM),
    LABELS("tags", PLI_PART_LABELS, PLI_TIDY | PLI_ITEM),
    {.name = "outcome", .shape = PLI_SHAPE_WORD, .flags = PLI_VACANT | PLI_ITEM,
     .words = OUTCOMES},
    {.name = "confidence", .shape = PLI_SHAPE_SHARE},
    {.name = "visibility", .shape = PLI_SHAPE_WORD, .words = pli_visibility_words,
     .fallback = "public"},
    NULLABLE("solution", PLI_PART_BODY, PLI_DETAIL),
    RECORDS("breakthroughs", &BREAKTHROUGH, 0),
    RECORDS("attempts", &ATTEMPT, 0),
    RECORDS("dead_ends", &DEAD_END, 0),
    RECORDS("gotchas", &GOTCHA, PLI_BARE),
    NULLABLE("context", PLI_PART_BODY, PLI_DETAIL),
    {.name = "context_structured", .shape = PLI_SHAPE_RECORD, .flags = PLI_DETAIL,
     .members = &CONTEXT},
    RECORDS("artifacts", &ARTIFACT, 0),
    FORM("id", uuid_valid, "a UUID"),
    FORM("short_id", short_id_valid, "8 characters of 0-9 and a-z"),
    FORM("agent_id", pli_agent_valid, "1 to 64 printable ASCII characters"),
    {.name = "status", .shape = PLI_SHAPE_WORD, .flags = PLI_IMPORT,
     .words = pli_lifecycle_words},
    FORM("created_at", time_valid, "a time as 2026-02-07T10:30:00Z"),
};
static const pli_table EXPERIENCE = TABLE("experience", 0, EXPERIENCE_FIELDS);

/* A plain document is kept to the letter: its owner has normalised it or wants it so. */
#define PLAIN_TEXT(n, p)                                                                           \
    {.name = n, .shape = PLI_SHAPE_TEXT, .flags = PLI_BYTES | PLI_DETAIL, .part = p,               \
     .most = PLURUM_FIELD_MAX}
static const pli_field PLAIN_FIELDS[] = {
    PLAIN_TEXT("title", PLI_PART_TITLE),
    PLAIN_TEXT("body", PLI_PART_BODY),
    PLAIN_TEXT("labels", PLI_PART_LABELS),
    PLAIN_TEXT("code", PLI_PART_CODE),
    {.name = "domain", .shape = PLI_SHAPE_LABEL, .flags = PLI_VACANT | PLI_ITEM},
    LABELS("tools_used", PLI_PART_NONE, PLI_ITEM),
    LABELS("tags", PLI_PART_NONE, PLI_ITEM),
};
static const pli_table PLAIN = TABLE("document", 1, PLAIN_FIELDS);

const pli_table *pli_content_table(pli_kind kind)
{
    return kind == PLI_KIND_EXPERIENCE ? &EXPERIENCE : &PLAIN;
}

/* ---- sessions ------------------------------------------------------------------------------- */

static const pli_field SESSION_FIELDS[] = {
    {.name = "topic", .shape = PLI_SHAPE_TEXT, .flags = PLI_REQUIRED, .least = 5, .most = 1000},
    {.name = "domain", .shape = PLI_SHAPE_LABEL, .flags = PLI_TIDY | PLI_VACANT},
    LABELS("tools_used", PLI_PART_NONE, PLI_TIDY),
    {.name = "visibility", .shape = PLI_SHAPE_WORD, .words = pli_visibility_words},
    {.name = "outcome", .shape = PLI_SHAPE_WORD, .flags = PLI_VACANT, .words = OUTCOMES},
    FORM("agent_id", pli_agent_valid, "1 to 64 printable ASCII characters"),
};
static const pli_table SESSION = TABLE("session", 0, SESSION_FIELDS);

static const pli_field TEXT_FIELDS[] = {REQUIRED("text", PLI_PART_NONE, PLURUM_TEXT_MAX)};
static const pli_table TEXT = TABLE("text", 0, TEXT_FIELDS);

/* In the same order: the types of entries, and what their contents are. */
static const char *const ENTRY_TYPES[] = {"update",  "dead_end", "breakthrough", "gotcha",
                                          "artifact", "note",    NULL};
static const pli_table *const ENTRY_CONTENTS[] = {&TEXT,   &DEAD_END, &BREAKTHROUGH,
                                                  &GOTCHA, &ARTIFACT, &TEXT};

static const pli_field ENTRY_FIELDS[] = {
    {.name = "entry_type", .shape = PLI_SHAPE_WORD, .flags = PLI_REQUIRED, .words = ENTRY_TYPES},
};
static const pli_table ENTRY = TABLE("entry", 0, ENTRY_FIELDS);

const pli_table *pli_session_table(void)
{
    return &SESSION;
}

const pli_table *pli_entry_table(void)
{
    return &ENTRY;
}

const pli_table *pli_entry_content_table(const char *type)
{
    int i = pli_word_index(ENTRY_TYPES, type);
    return i < 0 ? NULL : ENTRY_CONTENTS[i];
}
