/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is no experience, and the exact words it is refused with.
 *
 * A row gives members that are put behind a valid goal, or a whole text where it begins with a
 * bracket or is marked WHOLE. In both, ⟨n c⟩ stands for n times c, and ⟨n,c⟩ for the same with
 * commas between.
 */
#include <config.h>

#include "tests/limits/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum how { MEMBERS, IMPORTED, WHOLE, WHOLE_IMPORTED };

static const struct refusal {
    enum how how;
    const char *json, *message;
} REFUSALS[] = {
    /* the whole */
    {WHOLE, "[]", "experience: an array, an object expected"},
    {WHOLE, "\"text\"", "experience: a string, an object expected"},
    {WHOLE, "null", "experience: null, an object expected"},
    {WHOLE, "true", "experience: true, an object expected"},
    {WHOLE, "17", "experience: a number, an object expected"},
    {WHOLE, "[{\"goal\":\"Ten code points\"}]", "experience: an array, an object expected"},

    /* goal */
    {WHOLE, "{}", "goal: missing, a string expected"},
    {WHOLE, "{\"Goal\":\"Ten code points\"}", "goal: missing, a string expected"},
    {WHOLE, "{\"goal\":null}", "goal: null, a string expected"},
    {WHOLE, "{\"goal\":17}", "goal: a number, a string expected"},
    {WHOLE, "{\"goal\":false}", "goal: false, a string expected"},
    {WHOLE, "{\"goal\":[\"Ten code points\"]}", "goal: an array, a string expected"},
    {WHOLE, "{\"goal\":\"\"}", "goal: empty, at least 10 code points expected"},
    {WHOLE, "{\"goal\":\"x\"}", "goal: 1 code point, at least 10 expected"},
    {WHOLE, "{\"goal\":\"⟨9 x⟩\"}", "goal: 9 code points, at least 10 expected"},
    {WHOLE, "{\"goal\":\"⟨9 é⟩\"}", "goal: 9 code points, at least 10 expected"},
    {WHOLE, "{\"goal\":\"⟨9 🚀⟩\"}", "goal: 9 code points, at least 10 expected"},
    {WHOLE, "{\"goal\":\"⟨2001 x⟩\"}", "goal: 2001 code points, at most 2000 allowed"},
    {WHOLE, "{\"goal\":\"⟨2001 漢⟩\"}", "goal: 2001 code points, at most 2000 allowed"},
    {WHOLE, "{\"goal\":\"⟨12  ⟩\"}", "goal: white space only, a text expected"},
    {WHOLE, "{\"goal\":\"⟨12 \\n⟩\"}", "goal: white space only, a text expected"},
    {WHOLE, "{\"goal\":\"⟨12 \u3000⟩\"}", "goal: white space only, a text expected"},
    {WHOLE_IMPORTED, "{\"goal\":\"four\"}", "goal: 4 code points, at least 5 expected"},
    {WHOLE_IMPORTED, "{\"goal\":\"⟨5  ⟩\"}", "goal: white space only, a text expected"},
    {WHOLE_IMPORTED, "{\"goal\":\"\"}", "goal: empty, at least 5 code points expected"},
    {WHOLE_IMPORTED, "{\"goal\":\"⟨2001 x⟩\"}", "goal: 2001 code points, at most 2000 allowed"},
    {MEMBERS, "\"goal\":\"last wins\"", "goal: 9 code points, at least 10 expected"},

    /* domain */
    {MEMBERS, "\"domain\":17", "domain: a number, a string expected"},
    {MEMBERS, "\"domain\":[]", "domain: an array, a string expected"},
    {MEMBERS, "\"domain\":{}", "domain: an object, a string expected"},
    {MEMBERS, "\"domain\":true", "domain: true, a string expected"},
    {MEMBERS, "\"domain\":\"⟨134 x⟩\"", "domain: 134 code points, at most 100 allowed"},
    {MEMBERS, "\"domain\":\"⟨101 é⟩\"", "domain: 101 code points, at most 100 allowed"},
    {MEMBERS, "\"domain\":\"\\u00ad\"", "domain: empty, a name of 1 to 100 code points expected"},

    /* tools and tags */
    {MEMBERS, "\"tools_used\":\"docker\"", "tools_used: a string, an array of strings expected"},
    {MEMBERS, "\"tools_used\":{}", "tools_used: an object, an array of strings expected"},
    {MEMBERS, "\"tools_used\":0", "tools_used: a number, an array of strings expected"},
    {MEMBERS, "\"tools_used\":[\"a\",17]", "tools_used[1]: a number, a string expected"},
    {MEMBERS, "\"tools_used\":[null]", "tools_used[0]: null, a string expected"},
    {MEMBERS, "\"tools_used\":[[]]", "tools_used[0]: an array, a string expected"},
    {MEMBERS, "\"tools_used\":[{}]", "tools_used[0]: an object, a string expected"},
    {MEMBERS, "\"tools_used\":[\"\"]",
     "tools_used[0]: empty, a name of 1 to 100 code points expected"},
    {MEMBERS, "\"tools_used\":[\"a\",\"b\",\" \\t \"]",
     "tools_used[2]: empty, a name of 1 to 100 code points expected"},
    {MEMBERS, "\"tools_used\":[\"\\u200d\\u00ad\"]",
     "tools_used[0]: empty, a name of 1 to 100 code points expected"},
    {MEMBERS, "\"tools_used\":[\"⟨101 x⟩\"]",
     "tools_used[0]: 101 code points, at most 100 allowed"},
    {MEMBERS, "\"tools_used\":[\"  ⟨101 漢⟩  \"]",
     "tools_used[0]: 101 code points, at most 100 allowed"},
    {MEMBERS, "\"tools_used\":[⟨201,\"x\"⟩]", "tools_used: 201 items, at most 200 allowed"},
    {MEMBERS, "\"tags\":\"rust\"", "tags: a string, an array of strings expected"},
    {MEMBERS, "\"tags\":false", "tags: false, an array of strings expected"},
    {MEMBERS, "\"tags\":[true]", "tags[0]: true, a string expected"},
    {MEMBERS, "\"tags\":[\"a\",\"\"]", "tags[1]: empty, a name of 1 to 100 code points expected"},
    {MEMBERS, "\"tags\":[\"⟨500 x⟩\"]", "tags[0]: 500 code points, at most 100 allowed"},
    {MEMBERS, "\"tags\":[⟨5000,\"x\"⟩]", "tags: 5000 items, at most 200 allowed"},

    /* outcome, visibility, confidence */
    {MEMBERS, "\"outcome\":\"great\"",
     "outcome: \"great\", success, partial or failure expected"},
    {MEMBERS, "\"outcome\":\"Success\"",
     "outcome: \"Success\", success, partial or failure expected"},
    {MEMBERS, "\"outcome\":\" success\"",
     "outcome: \" success\", success, partial or failure expected"},
    {MEMBERS, "\"outcome\":true", "outcome: true, success, partial or failure expected"},
    {MEMBERS, "\"outcome\":\"⟨100 y⟩\"",
     "outcome: \"⟨60 y⟩…\", success, partial or failure expected"},
    {MEMBERS, "\"outcome\":\"a\\\"b\\nc\"",
     "outcome: \"a?b?c\", success, partial or failure expected"},
    {MEMBERS, "\"visibility\":\"secret\"",
     "visibility: \"secret\", public, team or private expected"},
    {MEMBERS, "\"visibility\":\"\"", "visibility: \"\", public, team or private expected"},
    {MEMBERS, "\"visibility\":0", "visibility: a number, public, team or private expected"},
    {MEMBERS, "\"visibility\":\"PUBLIC\"",
     "visibility: \"PUBLIC\", public, team or private expected"},
    {MEMBERS, "\"confidence\":\"0.85\"",
     "confidence: a string, a number from 0 to 1 expected"},
    {MEMBERS, "\"confidence\":true", "confidence: true, a number from 0 to 1 expected"},
    {MEMBERS, "\"confidence\":[0.5]", "confidence: an array, a number from 0 to 1 expected"},
    {MEMBERS, "\"confidence\":{}", "confidence: an object, a number from 0 to 1 expected"},
    {MEMBERS, "\"confidence\":1.01", "confidence: 1.01, a number from 0 to 1 expected"},
    {MEMBERS, "\"confidence\":-0.1", "confidence: -0.1, a number from 0 to 1 expected"},
    {MEMBERS, "\"confidence\":85", "confidence: 85.0, a number from 0 to 1 expected"},
    {MEMBERS, "\"confidence\":1.0000000000000002",
     "confidence: 1.0000000000000002, a number from 0 to 1 expected"},
    {MEMBERS, "\"confidence\":1e300", "confidence: 1e+300, a number from 0 to 1 expected"},
    {MEMBERS, "\"confidence\":-5e-324",
     "confidence: -4.94065645841247e-324, a number from 0 to 1 expected"},
    {MEMBERS, "\"confidence\":99999999999999999999",
     "confidence: 1e+20, a number from 0 to 1 expected"},

    /* solution and context */
    {MEMBERS, "\"solution\":17", "solution: a number, a string expected"},
    {MEMBERS, "\"solution\":[\"text\"]", "solution: an array, a string expected"},
    {MEMBERS, "\"solution\":\"⟨50001 x⟩\"",
     "solution: 50001 code points, at most 50000 allowed"},
    {MEMBERS, "\"solution\":\"⟨50001 é⟩\"",
     "solution: 50001 code points, at most 50000 allowed"},
    {MEMBERS, "\"context\":{}", "context: an object, a string expected"},
    {MEMBERS, "\"context\":\"⟨50001 x⟩\"", "context: 50001 code points, at most 50000 allowed"},

    /* attempts */
    {MEMBERS, "\"attempts\":{}", "attempts: an object, an array of objects expected"},
    {MEMBERS, "\"attempts\":\"x\"", "attempts: a string, an array of objects expected"},
    {MEMBERS, "\"attempts\":[\"x\"]", "attempts[0]: a string, an object expected"},
    {MEMBERS, "\"attempts\":[null]", "attempts[0]: null, an object expected"},
    {MEMBERS, "\"attempts\":[[]]", "attempts[0]: an array, an object expected"},
    {MEMBERS, "\"attempts\":[{}]", "attempts[0].action: missing, a string expected"},
    {MEMBERS, "\"attempts\":[{\"action\":null}]", "attempts[0].action: null, a string expected"},
    {MEMBERS, "\"attempts\":[{\"action\":\"\"}]",
     "attempts[0].action: empty, at least 1 code point expected"},
    {MEMBERS, "\"attempts\":[{\"action\":\" \\n\"}]",
     "attempts[0].action: white space only, a text expected"},
    {MEMBERS, "\"attempts\":[{\"action\":\"a\"},{\"action\":\"⟨50001 x⟩\"}]",
     "attempts[1].action: 50001 code points, at most 50000 allowed"},
    {MEMBERS, "\"attempts\":[{\"action\":\"a\",\"outcome\":1}]",
     "attempts[0].outcome: a number, a string expected"},
    {MEMBERS, "\"attempts\":[{\"action\":\"a\",\"dead_end\":\"true\"}]",
     "attempts[0].dead_end: a string, true or false expected"},
    {MEMBERS, "\"attempts\":[{\"action\":\"a\",\"dead_end\":1}]",
     "attempts[0].dead_end: a number, true or false expected"},
    {MEMBERS, "\"attempts\":[⟨3,{\"action\":\"a\"}⟩,{\"action\":\"a\",\"insight\":[]}]",
     "attempts[3].insight: an array, a string expected"},
    {MEMBERS, "\"attempts\":[⟨3,{\"action\":\"a\"}⟩,{\"action\":\"a\",\"insight\":\"⟨50001 x⟩\"}]",
     "attempts[3].insight: 50001 code points, at most 50000 allowed"},
    {MEMBERS, "\"attempts\":[⟨201,{\"action\":\"a\"}⟩]",
     "attempts: 201 items, at most 200 allowed"},

    /* dead ends */
    {MEMBERS, "\"dead_ends\":true", "dead_ends: true, an array of objects expected"},
    {MEMBERS, "\"dead_ends\":[17]", "dead_ends[0]: a number, an object expected"},
    {MEMBERS, "\"dead_ends\":[\"bare\"]", "dead_ends[0]: a string, an object expected"},
    {MEMBERS, "\"dead_ends\":[{\"why\":\"x\"}]",
     "dead_ends[0].what: missing, a string expected"},
    {MEMBERS, "\"dead_ends\":[{\"what\":\"\"}]",
     "dead_ends[0].what: empty, at least 1 code point expected"},
    {MEMBERS, "\"dead_ends\":[{\"what\":\"x\",\"why\":{}}]",
     "dead_ends[0].why: an object, a string expected"},
    {MEMBERS, "\"dead_ends\":[{\"what\":\"x\",\"why\":\"⟨50001 x⟩\"}]",
     "dead_ends[0].why: 50001 code points, at most 50000 allowed"},
    {MEMBERS, "\"dead_ends\":[⟨200,{\"what\":\"x\"}⟩,{\"what\":\"x\"}]",
     "dead_ends: 201 items, at most 200 allowed"},

    /* breakthroughs */
    {MEMBERS, "\"breakthroughs\":1", "breakthroughs: a number, an array of objects expected"},
    {MEMBERS, "\"breakthroughs\":[\"bare\"]", "breakthroughs[0]: a string, an object expected"},
    {MEMBERS, "\"breakthroughs\":[{\"detail\":\"x\"}]",
     "breakthroughs[0].insight: missing, a string expected"},
    {MEMBERS, "\"breakthroughs\":[{\"insight\":\"\\t\"}]",
     "breakthroughs[0].insight: white space only, a text expected"},
    {MEMBERS, "\"breakthroughs\":[{\"insight\":\"x\",\"detail\":false}]",
     "breakthroughs[0].detail: false, a string expected"},
    {MEMBERS, "\"breakthroughs\":[{\"insight\":\"x\",\"importance\":\"urgent\"}]",
     "breakthroughs[0].importance: \"urgent\", high, medium or low expected"},
    {MEMBERS, "\"breakthroughs\":[{\"insight\":\"x\",\"importance\":\"\"}]",
     "breakthroughs[0].importance: \"\", high, medium or low expected"},
    {MEMBERS, "\"breakthroughs\":[{\"insight\":\"x\",\"importance\":1}]",
     "breakthroughs[0].importance: a number, high, medium or low expected"},

    /* gotchas: a bare string is one too */
    {MEMBERS, "\"gotchas\":\"x\"", "gotchas: a string, an array of strings or objects expected"},
    {MEMBERS, "\"gotchas\":{}", "gotchas: an object, an array of strings or objects expected"},
    {MEMBERS, "\"gotchas\":[17]", "gotchas[0]: a number, a string or an object expected"},
    {MEMBERS, "\"gotchas\":[\"x\",null]", "gotchas[1]: null, a string or an object expected"},
    {MEMBERS, "\"gotchas\":[\"\"]", "gotchas[0]: empty, at least 1 code point expected"},
    {MEMBERS, "\"gotchas\":[\"  \"]", "gotchas[0]: white space only, a text expected"},
    {MEMBERS, "\"gotchas\":[\"⟨50001 x⟩\"]",
     "gotchas[0]: 50001 code points, at most 50000 allowed"},
    {MEMBERS, "\"gotchas\":[{}]", "gotchas[0].warning: missing, a string expected"},
    {MEMBERS, "\"gotchas\":[{\"warning\":\"\"}]",
     "gotchas[0].warning: empty, at least 1 code point expected"},
    {MEMBERS, "\"gotchas\":[{\"warning\":\"x\",\"context\":1}]",
     "gotchas[0].context: a number, a string expected"},
    {MEMBERS, "\"gotchas\":[⟨201,\"x\"⟩]", "gotchas: 201 items, at most 200 allowed"},

    /* artifacts */
    {MEMBERS, "\"artifacts\":[\"code\"]", "artifacts[0]: a string, an object expected"},
    {MEMBERS, "\"artifacts\":[{\"code\":\"x\"}]",
     "artifacts[0].language: missing, a string expected"},
    {MEMBERS, "\"artifacts\":[{\"language\":\"bash\"}]",
     "artifacts[0].code: missing, a string expected"},
    {MEMBERS, "\"artifacts\":[{\"language\":\"\",\"code\":\"x\"}]",
     "artifacts[0].language: empty, at least 1 code point expected"},
    {MEMBERS, "\"artifacts\":[{\"language\":\"⟨51 x⟩\",\"code\":\"x\"}]",
     "artifacts[0].language: 51 code points, at most 50 allowed"},
    {MEMBERS, "\"artifacts\":[{\"language\":\"c\",\"code\":\"\\n\"}]",
     "artifacts[0].code: white space only, a text expected"},
    {MEMBERS, "\"artifacts\":[{\"language\":\"c\",\"code\":\"⟨50001 x⟩\"}]",
     "artifacts[0].code: 50001 code points, at most 50000 allowed"},
    {MEMBERS, "\"artifacts\":[{\"language\":\"c\",\"code\":\"x\",\"description\":7}]",
     "artifacts[0].description: a number, a string expected"},

    /* structured context */
    {MEMBERS, "\"context_structured\":\"x\"", "context_structured: a string, an object expected"},
    {MEMBERS, "\"context_structured\":[]", "context_structured: an array, an object expected"},
    {MEMBERS, "\"context_structured\":{\"environment\":{}}",
     "context_structured.environment: an object, a string expected"},
    {MEMBERS, "\"context_structured\":{\"constraints\":[\"x\"]}",
     "context_structured.constraints: an array, a string expected"},
    {MEMBERS, "\"context_structured\":{\"constraints\":\"⟨50001 x⟩\"}",
     "context_structured.constraints: 50001 code points, at most 50000 allowed"},
    {MEMBERS, "\"context_structured\":{\"tools_used\":\"shell\"}",
     "context_structured.tools_used: a string, an array of strings expected"},
    {MEMBERS, "\"context_structured\":{\"tools_used\":[\"a\",\"b\",\"\"]}",
     "context_structured.tools_used[2]: empty, a name of 1 to 100 code points expected"},

    /* the members of an import */
    {IMPORTED, "\"id\":17", "id: a number, a UUID expected"},
    {IMPORTED, "\"id\":\"\"", "id: \"\", a UUID expected"},
    {IMPORTED, "\"id\":\"abc\"", "id: \"abc\", a UUID expected"},
    {IMPORTED, "\"id\":\"0123456789abcdef0123456789abcdef\"",
     "id: \"0123456789abcdef0123456789abcdef\", a UUID expected"},
    {IMPORTED, "\"id\":\"{01234567-89ab-cdef-0123-456789abcdef}\"",
     "id: \"{01234567-89ab-cdef-0123-456789abcdef}\", a UUID expected"},
    {IMPORTED, "\"id\":\"01234567-89ab-cdef-0123-456789abcdeg\"",
     "id: \"01234567-89ab-cdef-0123-456789abcdeg\", a UUID expected"},
    {IMPORTED, "\"id\":\"0123456-789ab-cdef-0123-456789abcdef\"",
     "id: \"0123456-789ab-cdef-0123-456789abcdef\", a UUID expected"},
    {IMPORTED, "\"short_id\":\"abc\"",
     "short_id: \"abc\", 8 characters of 0-9 and a-z expected"},
    {IMPORTED, "\"short_id\":\"ABCDEFGH\"",
     "short_id: \"ABCDEFGH\", 8 characters of 0-9 and a-z expected"},
    {IMPORTED, "\"short_id\":\"abcdefgh9\"",
     "short_id: \"abcdefgh9\", 8 characters of 0-9 and a-z expected"},
    {IMPORTED, "\"short_id\":12345678",
     "short_id: a number, 8 characters of 0-9 and a-z expected"},
    {IMPORTED, "\"short_id\":\"\"", "short_id: \"\", 8 characters of 0-9 and a-z expected"},
    {IMPORTED, "\"agent_id\":\"\"",
     "agent_id: \"\", 1 to 64 printable ASCII characters expected"},
    {IMPORTED, "\"agent_id\":\"zoë\"",
     "agent_id: \"zoë\", 1 to 64 printable ASCII characters expected"},
    {IMPORTED, "\"agent_id\":\"a\\tb\"",
     "agent_id: \"a?b\", 1 to 64 printable ASCII characters expected"},
    {IMPORTED, "\"agent_id\":\"⟨65 x⟩\"",
     "agent_id: \"⟨60 x⟩…\", 1 to 64 printable ASCII characters expected"},
    {IMPORTED, "\"status\":\"open\"",
     "status: \"open\", draft, published, verified or archived expected"},
    {IMPORTED, "\"status\":\"\"",
     "status: \"\", draft, published, verified or archived expected"},
    {IMPORTED, "\"status\":1",
     "status: a number, draft, published, verified or archived expected"},
    {IMPORTED, "\"created_at\":1700000000",
     "created_at: a number, a time as 2026-02-07T10:30:00Z expected"},
    {IMPORTED, "\"created_at\":\"yesterday\"",
     "created_at: \"yesterday\", a time as 2026-02-07T10:30:00Z expected"},
    {IMPORTED, "\"created_at\":\"2026-02-30T10:30:00Z\"",
     "created_at: \"2026-02-30T10:30:00Z\", a time as 2026-02-07T10:30:00Z expected"},
    {IMPORTED, "\"created_at\":\"\"",
     "created_at: \"\", a time as 2026-02-07T10:30:00Z expected"},

    /* the first in the table's order is named, wherever it stands */
    {MEMBERS, "\"tags\":7,\"domain\":7", "domain: a number, a string expected"},
    {MEMBERS, "\"gotchas\":[\"\"],\"attempts\":[{\"insight\":1}]",
     "attempts[0].action: missing, a string expected"},

    /* nesting: one level is the object, 64 are read */
    {MEMBERS, "\"x\":⟨64 [⟩⟨64 ]⟩", "nesting: more than 64 levels, at most 64 allowed"},
    {WHOLE, "⟨100000 [⟩", "nesting: more than 64 levels, at most 64 allowed"},
    {WHOLE, "{\"a\":\"\\\\\",\"b\":⟨64 {\"a\":⟩1⟨64 }⟩}",
     "nesting: more than 64 levels, at most 64 allowed"},
};

/* Not JSON: the beginning is ours, the rest jansson's. */
static const struct broken {
    const char *json;
    size_t len; /* 0: strlen */
} BROKEN[] = {
    {"", 0},
    {" ", 0},
    {"{", 0},
    {"{\"goal\":", 0},
    {"{\"goal\":\"Ten code points\"", 0},
    {"{\"goal\":\"Ten code points\",}", 0},
    {"{'goal':'Ten code points'}", 0},
    {"{\"goal\":\"Ten code points\"} x", 0},
    {"{\"goal\":\"Ten code points\"}{}", 0},
    {"{\"goal\":\"Ten code\npoints\"}", 0},
    {"{\"goal\":\"Ten code points\\u0000\"}", 0},
    {"{\"goal\":\"Ten code points\\ud800\"}", 0},
    {"{\"goal\":\"Ten code points\\udc00\"}", 0},
    {"{\"goal\":\"Ten code points\\x\"}", 0},
    {"{\"goal\":\"Ten code points\xFF\"}", 0},
    {"{\"goal\":\"Ten code points\xC3\"}", 0},
    {"{\"goal\":\"Ten code points\xC0\x80\"}", 0},
    {"{\"goal\":\"Ten code points\xED\xA0\x80\"}", 0},
    {"{\"goal\":\"Ten code points\xF4\x90\x80\x80\"}", 0},
    {"\xEF\xBB\xBF{\"goal\":\"Ten code points\"}", 0},
    {"{\"goal\":\"Ten code points\",\"confidence\":NaN}", 0},
    {"{\"goal\":\"Ten code points\",\"confidence\":1e999}", 0},
    {"{\"goal\":\"Ten code points\",\"confidence\":.5}", 0},
    {"{\"goal\":\"Ten code points\",\"confidence\":01}", 0},
    {"{\"goal\":\"Ten code points\"}\0", 27},
    {"{\"goal\":\"Ten\0code points\"}", 26},
    {"{\"goal\":\"Ten code points\",\"x\":[1,2", 0},
    {"{\"go\\u0000al\":1}", 0},
};

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
#define GOAL "\"goal\":\"Ten code points\""

/* Writes what ⟨n c⟩ and ⟨n,c⟩ stand for. */
static void expand(FILE *out, const char *text)
{
    for (const char *open; (open = strstr(text, "⟨")); ) {
        fwrite(text, 1, (size_t)(open - text), out);
        char *unit;
        unsigned long n = strtoul(open + strlen("⟨"), &unit, 10);
        const char *separator = *unit++ == ',' ? "," : "";
        const char *close = strstr(unit, "⟩");
        ck_assert_ptr_nonnull(close);
        for (unsigned long i = 0; i < n; i++)
            fprintf(out, "%s%.*s", i ? separator : "", (int)(close - unit), unit);
        text = close + strlen("⟩");
    }
    fputs(text, out);
}

/* The caller's to free. */
static char *expanded(const char *before, const char *text, const char *after)
{
    char *made;
    size_t size;
    FILE *out = open_memstream(&made, &size);
    ck_assert_ptr_nonnull(out);
    fputs(before, out);
    expand(out, text);
    fputs(after, out);
    ck_assert_int_eq(fclose(out), 0);
    return made;
}

static plurum_status parse(const char *json, size_t len, int import, plurum_error *why)
{
    plurum_experience *parsed = (plurum_experience *)&len; /* must be overwritten */
    plurum_experience_options options = PLURUM_EXPERIENCE_OPTIONS_INIT;
    options.import = import;
    plurum_status status = plurum_experience_parse(&parsed, json, len, &options, why);
    ck_assert_int_eq(parsed == NULL, status != PLURUM_OK);
    plurum_experience_free(parsed);
    return status;
}

static plurum_status import_line(const char *json, size_t len)
{
    plurum_batch *batch;
    OK(plurum_batch_new(&batch, opened, &error));
    plurum_status status = plurum_batch_import(batch, json, len, NULL, &error);
    ck_assert_uint_eq(plurum_batch_count(batch), status ? 0 : 1);
    plurum_batch_free(batch);
    return status;
}

START_TEST(each_refusal_names_field_value_and_what_is_allowed)
{
    const struct refusal *row = &REFUSALS[_i];
    int whole = row->how == WHOLE || row->how == WHOLE_IMPORTED;
    int import = row->how == IMPORTED || row->how == WHOLE_IMPORTED;
    char *json = expanded(whole ? "" : "{" GOAL ",", row->json, whole ? "" : "}");
    char *message = expanded("", row->message, "");
    limits_kind(import ? "Lines of an import" : "Experiences");
    REFUSED_AS(row->json, import ? import_line(json, strlen(json))
                                 : parse(json, strlen(json), 0, &error), INVALID, message);
    ck_assert_str_eq(error.text, message);
    ck_assert_int_eq(parse(json, strlen(json), import, NULL), PLURUM_INVALID);
    free(message);
    free(json);
}
END_TEST

START_TEST(what_an_import_brings_is_ignored_elsewhere)
{
    const struct refusal *row = &REFUSALS[_i];
    if (row->how != IMPORTED) return;
    char *json = expanded("{" GOAL ",", row->json, "}");
    plurum_experience *parsed;
    OK(plurum_experience_parse(&parsed, json, strlen(json), NULL, &error));
    ck_assert_ptr_null(plurum_experience_document(parsed)->key);
    plurum_experience_free(parsed);
    free(json);
}
END_TEST

START_TEST(what_is_not_json_is_refused_with_the_byte)
{
    const struct broken *row = &BROKEN[_i];
    size_t len = row->len ? row->len : strlen(row->json);
    char start[64];
    ck_assert_int_eq(parse(row->json, len, 0, &error), PLURUM_INVALID);
    snprintf(start, sizeof start, "not JSON at byte %d: ", (int)error.position);
    ck_assert_msg(strncmp(error.text, start, strlen(start)) == 0, "%s", error.text);
    ck_assert_uint_le(error.position, len);
    for (const char *c = error.text; *c; c++) ck_assert_msg((unsigned char)*c >= 0x20, "%s", c);
    limits_kind("JSON");
    REFUSED_AS(printed("%.*s", (int)len, row->json), import_line(row->json, len), INVALID, start);
}
END_TEST

START_TEST(an_experience_of_more_than_a_mebibyte_is_refused)
{
    char *json = malloc(PLURUM_EXPERIENCE_MAX + 1);
    memset(json, ' ', PLURUM_EXPERIENCE_MAX + 1);
    memcpy(json, "{" GOAL "}", strlen("{" GOAL "}"));
    limits_kind("Experiences");
    REFUSED_AS("1048577 bytes", import_line(json, PLURUM_EXPERIENCE_MAX + 1), LIMIT,
               "experience: 1048577 bytes, at most 1048576 allowed");
    ck_assert_int_eq(parse(json, PLURUM_EXPERIENCE_MAX, 0, &error), PLURUM_OK);
    free(json);
}
END_TEST

/* Bare gotchas grow by their members' names: 200 of them by 5,400 bytes. */
START_TEST(a_normal_form_of_more_than_a_mebibyte_is_refused)
{
    char *some = expanded("{" GOAL ",\"gotchas\":[", "⟨174,\"x\"⟩", "");
    char *item = expanded(",\"", "⟨40200 x⟩", "\""), *json;
    size_t len;
    FILE *out = open_memstream(&json, &len);
    ck_assert_ptr_nonnull(out);
    fputs(some, out);
    for (int i = 0; i < 26; i++) fputs(item, out);
    fputs("]}", out);
    ck_assert_int_eq(fclose(out), 0);
    ck_assert_uint_lt(len, PLURUM_EXPERIENCE_MAX);
    limits_kind("Experiences");
    REFUSED_AS("200 bare gotchas, which grow by 27 bytes each", import_line(json, len), LIMIT,
               " bytes in normal form, at most 1048576 allowed");
    free(json);
    free(item);
    free(some);
}
END_TEST

START_TEST(wrong_arguments_are_named)
{
    plurum_experience_options options = PLURUM_EXPERIENCE_OPTIONS_INIT;
    plurum_experience *made;
    options.lifecycle = (plurum_lifecycle)7;
    limits_kind("Experiences");
    REFUSED_AS("options.lifecycle = 7", plurum_experience_parse(&made, "{}", 2, &options, &error),
               ARG, "options.lifecycle: 7, 0 to 3 expected");
    REFUSED_AS("json = NULL", plurum_experience_parse(&made, NULL, 2, NULL, &error), ARG, "json");
    REFUSED_AS("out = NULL", plurum_experience_parse(NULL, "{}", 2, NULL, &error), ARG, "out");
    ck_assert_int_eq(plurum_experience_parse(&made, NULL, 0, NULL, &error), PLURUM_INVALID);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("limits: experiences");
    TCase *t = tcase_create("refusals");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, limits_begin, limits_end);
    tcase_add_loop_test(t, each_refusal_names_field_value_and_what_is_allowed, 0, COUNT(REFUSALS));
    tcase_add_loop_test(t, what_an_import_brings_is_ignored_elsewhere, 0, COUNT(REFUSALS));
    tcase_add_loop_test(t, what_is_not_json_is_refused_with_the_byte, 0, COUNT(BROKEN));
    tcase_add_test(t, an_experience_of_more_than_a_mebibyte_is_refused);
    tcase_add_test(t, a_normal_form_of_more_than_a_mebibyte_is_refused);
    tcase_add_test(t, wrong_arguments_are_named);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
