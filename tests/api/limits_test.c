/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bad input: what exactly each call refuses, with which status and in which words; and that the
 * index is to the letter what it was after every refusal. What lies just inside a limit is taken.
 */
#include <config.h>

#include "tests/api/world.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *before;         /* the index's digest */
static char *made[128];      /* long texts         */
static size_t made_count;
static const char *names[256];

/* A text that repeats a unit; freed with the test. */
static const char *many(size_t count, const char *unit)
{
    size_t len = strlen(unit);
    char *all = malloc(count * len + 1);
    ck_assert(all && made_count < sizeof made / sizeof *made);
    for (size_t i = 0; i < count; i++) memcpy(all + i * len, unit, len);
    all[count * len] = '\0';
    return made[made_count++] = all;
}

static void setup(void)
{
    begin();
    put_experience("{\"id\":\"00000000-0000-4000-8000-000000000001\",\"short_id\":\"kept0001\","
                   "\"goal\":\"keep this as it is\",\"agent_id\":\"author\",\"confidence\":0.5}",
                   NULL);
    worked("kept0001", "user");
    OK(vote("kept0001", "user", 1, NULL));
    put_vector("plain", "a plain document", 1, 2);
    before = digest();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) names[i] = "name";
}

static void teardown(void)
{
    free(before);
    before = NULL;
    while (made_count > 0) free(made[--made_count]);
    end_world();
}

static void is_unchanged(const char *after, int line)
{
    char *now = digest();
    ck_assert_msg(strcmp(before, now) == 0, "line %d: %s changed the index", line, after);
    free(now);
}

/* One row: the change to a sound argument, the status, and a piece of the message. */
#define REFUSED(call, status, piece, change)                                                       \
    do {                                                                                           \
        memset(&error, 0, sizeof error);                                                           \
        expect_failure((call), PLURUM_##status, piece, #change, __FILE__, __LINE__);               \
        is_unchanged(#change, __LINE__);                                                           \
    } while (0)

/* ---- documents ---- */

/* Puts a document and commits it: the first status that is not OK. */
static plurum_status put_one(const plurum_document *d, plurum_conflict conflict)
{
    plurum_batch *batch;
    OK(plurum_batch_new(&batch, opened, &error));
    plurum_status status = plurum_batch_put(batch, d, conflict, &error);
    ck_assert_uint_eq(plurum_batch_count(batch), status ? 0 : 1);
    if (!status) status = plurum_batch_commit(batch, NULL, &error);
    plurum_batch_free(batch);
    return status;
}

#define BAD_DOCUMENT(status, piece, change)                                                        \
    do {                                                                                           \
        plurum_document d = document("bad", "a title");                                            \
        change;                                                                                    \
        REFUSED(put_one(&d, PLURUM_CONFLICT_ERROR), status, piece, change);                        \
    } while (0)

START_TEST(a_document_beyond_a_limit_is_refused)
{
    BAD_DOCUMENT(INVALID, "key: missing", d.key = NULL);
    BAD_DOCUMENT(INVALID, "key: empty", d.key = "");
    BAD_DOCUMENT(INVALID, "key: 256 bytes, at most 255", d.key = many(256, "k"));
    BAD_DOCUMENT(INVALID, "key: 256 bytes", d.key = many(128, "\xC3\xA9"));
    BAD_DOCUMENT(INVALID, "key: bytes that are not UTF-8", d.key = "\xFF");
    BAD_DOCUMENT(INVALID, "title: 1048577 bytes, at most 1048576",
                 d.text[PLURUM_TEXT_TITLE] = many(PLURUM_FIELD_MAX + 1, "t"));
    BAD_DOCUMENT(INVALID, "body: 1048578 bytes",
                 d.text[PLURUM_TEXT_BODY] = many(PLURUM_FIELD_MAX / 2 + 1, "\xC3\xA9"));
    BAD_DOCUMENT(INVALID, "labels: bytes that are not UTF-8",
                 d.text[PLURUM_TEXT_LABELS] = "\xC3");
    BAD_DOCUMENT(INVALID, "code: bytes that are not UTF-8",
                 d.text[PLURUM_TEXT_CODE] = "\xED\xA0\x80");
    BAD_DOCUMENT(INVALID, "domain: 101 code points, at most 100", d.domain = many(101, "\xC3\xA9"));
    BAD_DOCUMENT(INVALID, "domain: bytes that are not UTF-8", d.domain = "\xFE");
    BAD_DOCUMENT(INVALID, "owner: \"\", 1 to 64", d.owner = "");
    BAD_DOCUMENT(INVALID, "owner: ", d.owner = many(65, "o"));
    BAD_DOCUMENT(INVALID, "owner: \"\xC3\xA9\"", d.owner = "\xC3\xA9");
    BAD_DOCUMENT(INVALID, "owner: \"a?b\"", d.owner = "a\nb");
    BAD_DOCUMENT(INVALID, "owner: bytes that are not UTF-8", d.owner = "\xFF");
    BAD_DOCUMENT(INVALID, "lifecycle: 4", d.lifecycle = (plurum_lifecycle)4);
    BAD_DOCUMENT(INVALID, "visibility: 3", d.visibility = (plurum_visibility)3);
    BAD_DOCUMENT(INVALID, "confidence: 1.5, 0 to 1", d.confidence = 1.5);
    BAD_DOCUMENT(INVALID, "confidence: -0.25", d.confidence = -0.25);
    BAD_DOCUMENT(INVALID, "confidence: infinite", d.confidence = INFINITY);
    BAD_DOCUMENT(INVALID, "created_at: 253402300800, a time", d.created_at = 253402300800);
    BAD_DOCUMENT(INVALID, "created_at: -62135596801", d.created_at = -62135596801);
}
END_TEST

START_TEST(a_list_of_a_document_beyond_a_limit_is_refused)
{
    BAD_DOCUMENT(INVALID, "tools: 201 items, at most 200", (d.tools = names, d.tool_count = 201));
    BAD_DOCUMENT(INVALID, "tags: 201 items, at most 200", (d.tags = names, d.tag_count = 201));
    BAD_DOCUMENT(INVALID, "tools: NULL with a count of 2", d.tool_count = 2);
    BAD_DOCUMENT(INVALID, "tags: NULL with a count of 1", d.tag_count = 1);
    static const char *const BAD[] = {NULL, "", " \t", "\xC2\xAD", "\xFF"};
    static const char *const SAYS[] = {"tools[3]: NULL", "tools[3]: empty", "tools[3]: empty",
                                       "tools[3]: empty", "tools[3]: bytes that are not UTF-8"};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        names[3] = BAD[i];
        BAD_DOCUMENT(INVALID, SAYS[i], (d.tools = names, d.tool_count = 5));
    }
    names[3] = many(101, "t");
    BAD_DOCUMENT(INVALID, "tags[3]: 101 code points, at most 100",
                 (d.tags = names, d.tag_count = 5));
}
END_TEST

START_TEST(a_vector_that_is_none_is_refused)
{
    float v[DIM + 1] = {1, 2, 3, 4, 5};
#define BAD_VECTOR(status, piece, n, i, value)                                                     \
    do {                                                                                           \
        float saved = v[i];                                                                        \
        v[i] = (value);                                                                            \
        BAD_DOCUMENT(status, piece, (d.vector = v, d.dim = n));                                    \
        v[i] = saved;                                                                              \
    } while (0)
    BAD_VECTOR(MISMATCH, "a vector of 3 dimensions; the index is of model caller with 4", 3, 0, 1);
    BAD_VECTOR(MISMATCH, "a vector of 5 dimensions", 5, 0, 1);
    BAD_VECTOR(MISMATCH, "a vector of 0 dimensions", 0, 0, 1);
    BAD_VECTOR(INVALID, "nan at 2", DIM, 2, NAN);
    ck_assert_uint_eq(error.position, 2);
    BAD_VECTOR(INVALID, "inf at 3", DIM, 3, INFINITY);
    BAD_VECTOR(INVALID, "-inf at 0", DIM, 0, -INFINITY);
    static const float zero[DIM] = {0, -0.0f, 0, 0};
    BAD_DOCUMENT(INVALID, "zero", (d.vector = zero, d.dim = DIM));
}
END_TEST

START_TEST(a_way_to_settle_a_conflict_that_is_none_is_refused)
{
    plurum_document d = document("plain", "another title");
    REFUSED(put_one(&d, (plurum_conflict)3), INVALID, "conflict: 3 is none", conflict = 3);
    REFUSED(put_one(&d, (plurum_conflict)-1), INVALID, "conflict: -1 is none", conflict = -1);
    REFUSED(put_one(NULL, PLURUM_CONFLICT_ERROR), ARG, "document: NULL", document = NULL);
    plurum_batch *batch;
    plurum_experience *e = experience("{\"goal\":\"enough\"}");
    OK(plurum_batch_new(&batch, opened, &error));
    REFUSED(plurum_batch_put_experience(batch, e, NULL, NULL, 0, (plurum_conflict)3, &error),
            INVALID, "conflict: 3 is none", conflict = 3);
    plurum_batch_free(batch);
    plurum_experience_free(e);
}
END_TEST

START_TEST(a_document_at_every_limit_is_taken)
{
    plurum_document d = document(many(255, "k"), many(PLURUM_FIELD_MAX, "t"));
    for (int f = 1; f < PLURUM_TEXT_FIELD_COUNT; f++)
        d.text[f] = many(PLURUM_FIELD_MAX / 2, "\xC3\xA9");
    d.domain = many(100, "\xF0\x9F\x98\x80");
    char numbers[200][8];
    for (int i = 0; i < 200; i++) {
        snprintf(numbers[i], sizeof numbers[i], "n%d", i);
        names[i] = numbers[i];
    }
    names[0] = many(100, "\xF0\x9F\x98\x80");
    d.tools = d.tags = names;
    d.tool_count = d.tag_count = 200;
    d.owner = many(64, "~");
    d.confidence = 1;
    d.created_at = 253402300799;
    put(&d);
    json_t *object = get(d.key, NULL);
    ck_assert_str_eq(text(object, "id"), d.key);
    ck_assert_uint_eq(json_array_size(json_object_get(object, "tools_used")), 200);
    ck_assert_str_eq(text(object, "created_at"), "9999-12-31T23:59:59Z");
    ck_assert_str_eq(text(object, "title"), d.text[PLURUM_TEXT_TITLE]);
    json_decref(object);
    put_text("k", "a key of one byte");
    ck_assert_ptr_nonnull(object = get("k", NULL));
    json_decref(object);
    verify_is_clean();
}
END_TEST

/* ---- experiences ---- */

static plurum_status parse(const char *json, int import)
{
    plurum_experience *parsed;
    plurum_experience_options options = PLURUM_EXPERIENCE_OPTIONS_INIT;
    options.import = import;
    plurum_status status = plurum_experience_parse(&parsed, json, strlen(json), &options, &error);
    ck_assert_int_eq(parsed == NULL, status != PLURUM_OK);
    plurum_experience_free(parsed);
    return status;
}

/* An experience with one more member, whose value may hold a long text. */
static const char *with(const char *member, const char *value)
{
    size_t size = strlen(member) + strlen(value) + 64;
    char *json = malloc(size);
    ck_assert(json && made_count < sizeof made / sizeof *made);
    snprintf(json, size, "{\"goal\":\"long enough\",\"%s\":%s}", member, value);
    return made[made_count++] = json;
}

static const char *quoted(const char *text)
{
    char *json = malloc(strlen(text) + 3);
    ck_assert(json && made_count < sizeof made / sizeof *made);
    sprintf(json, "\"%s\"", text);
    return made[made_count++] = json;
}

#define BAD_JSON(status, piece, json) REFUSED(parse(json, 1), status, piece, json)
#define BAD_MEMBER(piece, name, value) BAD_JSON(INVALID, piece, with(name, value))

START_TEST(an_experience_beyond_a_limit_is_refused)
{
    BAD_JSON(INVALID, "not JSON at byte", "{\"goal\":\"long enough\"");
    BAD_JSON(INVALID, "an object expected", "[]");
    BAD_JSON(INVALID, "goal: missing", "{}");
    BAD_JSON(INVALID, "goal: 4 code points, at least 5", "{\"goal\":\"\\u00e9abc\"}");
    REFUSED(parse("{\"goal\":\"123456789\"}", 0), INVALID, "at least 10", goal);
    BAD_MEMBER("goal: 2001 code points, at most 2000", "goal", quoted(many(2001, "g")));
    BAD_MEMBER("domain: 101 code points", "domain", quoted(many(101, "d")));
    BAD_MEMBER("domain: a number, a string expected", "domain", "7");
    BAD_MEMBER("tools_used[1]: empty", "tools_used", "[\"a\",\"\"]");
    BAD_MEMBER("outcome: \"fine\", success, partial or failure", "outcome", "\"fine\"");
    BAD_MEMBER("confidence: 1.5, a number from 0 to 1", "confidence", "1.5");
    BAD_MEMBER("visibility: \"all\", public, team or private", "visibility", "\"all\"");
    BAD_MEMBER("solution: 50001 code points, at most 50000", "solution",
               quoted(many(50001, "s")));
    BAD_MEMBER("dead_ends[0].what: missing", "dead_ends", "[{}]");
    BAD_MEMBER("attempts[0].dead_end: a string, true or false", "attempts",
               "[{\"action\":\"a\",\"dead_end\":\"yes\"}]");
    BAD_MEMBER("breakthroughs[0].importance", "breakthroughs",
               "[{\"insight\":\"i\",\"importance\":\"huge\"}]");
    BAD_MEMBER("gotchas[0]: a number", "gotchas", "[1]");
    BAD_MEMBER("artifacts[0].code: missing", "artifacts", "[{\"language\":\"c\"}]");
    BAD_MEMBER("id: \"7\", a UUID expected", "id", "\"7\"");
    BAD_MEMBER("short_id: \"ABCDEFGH\", 8 characters", "short_id", "\"ABCDEFGH\"");
    BAD_MEMBER("agent_id: \"\xC3\xA9\"", "agent_id", "\"\xC3\xA9\"");
    BAD_MEMBER("status: \"done\"", "status", "\"done\"");
    BAD_MEMBER("created_at: \"yesterday\"", "created_at", "\"yesterday\"");
    BAD_JSON(LIMIT, "1048577 bytes, at most 1048576", many(PLURUM_EXPERIENCE_MAX + 1, " "));
}
END_TEST

START_TEST(an_experience_at_its_limits_is_taken_as_a_draft_of_nobody)
{
    OK(parse("{\"goal\":\"12345\"}", 1));
    OK(parse("{\"goal\":\"1234567890\"}", 0));
    OK(parse(with("goal", quoted(many(2000, "g"))), 0));
    OK(parse(with("solution", quoted(many(50000, "\xC3\xA9"))), 0));
    OK(parse(with("id", "7"), 0)); /* the body of a request brings no ids: ignored like unknown ones */
    plurum_receipt receipt = put_experience("{\"goal\":\"12345\",\"status\":\"draft\"}", NULL);
    ck_assert_ptr_null(get(receipt.key, NULL));
    json_t *object = get(receipt.key, &OPERATOR);
    ck_assert(json_is_null(json_object_get(object, "agent_id")));
    json_decref(object);
}
END_TEST

/* ---- reports and changes of state ---- */

#define BAD_OUTCOME(status, piece, change)                                                         \
    do {                                                                                           \
        plurum_outcome o = outcome("kept0001", "tester", 1);                                       \
        change;                                                                                    \
        REFUSED(report(&o, NULL), status, piece, change);                                          \
    } while (0)

START_TEST(an_outcome_beyond_a_limit_is_refused)
{
    BAD_OUTCOME(INVALID, "id: empty", o.id = NULL);
    BAD_OUTCOME(INVALID, "id: empty", o.id = "");
    BAD_OUTCOME(NOTFOUND, "no document \"kept0002\"", o.id = "kept0002");
    BAD_OUTCOME(NOTFOUND, "no document \"kkkk", o.id = many(300, "k"));
    BAD_OUTCOME(INVALID, "agent: missing", o.agent = NULL);
    BAD_OUTCOME(INVALID, "agent: \"\", 1 to 64", o.agent = "");
    BAD_OUTCOME(INVALID, "agent: \"aaaa", o.agent = many(65, "a"));
    BAD_OUTCOME(INVALID, "agent: \"a?b\"", o.agent = "a\tb");
    BAD_OUTCOME(INVALID, "agent: \"\xC3\xA9\"", o.agent = "\xC3\xA9");
    BAD_OUTCOME(INVALID, "execution_time_ms: -2", o.execution_time_ms = -2);
    BAD_OUTCOME(INVALID, "error_message: 50001 code points", o.error_message = many(50001, "m"));
    BAD_OUTCOME(INVALID, "error_message: not valid UTF-8", o.error_message = "\xFF");
    BAD_OUTCOME(INVALID, "context_notes: 50001 code points",
                o.context_notes = many(50001, "\xC3\xA9"));
    BAD_OUTCOME(INVALID, "env_fingerprint: a JSON object", o.env_fingerprint = "[]");
    BAD_OUTCOME(INVALID, "env_fingerprint: a JSON object", o.env_fingerprint = "{\"os\":");
    BAD_OUTCOME(INVALID, "env_fingerprint: 50001", o.env_fingerprint = many(50001, "{"));
    BAD_OUTCOME(INVALID, "at: 2026-01-01T00:00:01Z is later than the clock, 2026-01-01T00:00:00Z",
                o.at = NEW_YEAR + 1);
    BAD_OUTCOME(EXISTS, "agent user has reported an outcome of 00000000", o.agent = "user");
    REFUSED(report(NULL, NULL), ARG, "outcome: NULL", outcome = NULL);
}
END_TEST

START_TEST(a_vote_or_a_change_of_state_beyond_a_limit_is_refused)
{
    REFUSED(vote("kept0001", "tester", 0, NULL), INVALID, "vote: 0, 1 or -1", vote = 0);
    REFUSED(vote("kept0001", "tester", 2, NULL), INVALID, "vote: 2", vote = 2);
    REFUSED(vote("kept0001", NULL, 1, NULL), INVALID, "agent: missing", agent = NULL);
    REFUSED(vote("kept0001", "", 1, NULL), INVALID, "agent: \"\"", agent = "");
    REFUSED(vote(NULL, "tester", 1, NULL), INVALID, "id: empty", id = NULL);
    REFUSED(vote("nobody00", "tester", 1, NULL), NOTFOUND, "nobody00", id = nobody00);
    REFUSED(set_lifecycle("kept0001", NULL, (plurum_lifecycle)4, NULL), INVALID,
            "lifecycle: 4 is none", lifecycle = 4);
    REFUSED(set_lifecycle("", NULL, PLURUM_DRAFT, NULL), INVALID, "id: empty", id = "");
    REFUSED(set_lifecycle("kept0001", "a\x7F", PLURUM_DRAFT, NULL), INVALID, "agent", agent);
    REFUSED(set_lifecycle("nobody00", NULL, PLURUM_DRAFT, NULL), NOTFOUND, "nobody00", id);
    REFUSED(delete_document("nobody00", NULL), NOTFOUND, "nobody00", id = nobody00);
    REFUSED(delete_document("", NULL), INVALID, "id: empty", id = "");
    REFUSED(delete_document("kept0001", "tester"), FORBIDDEN,
            "agent \"tester\" is not the owner of kept0001", agent = tester);
}
END_TEST

START_TEST(an_agent_and_its_notes_at_their_limits_are_taken)
{
    plurum_outcome o = outcome("kept0001", many(64, "~"), 0);
    o.execution_time_ms = INT64_MAX;
    o.error_message = many(50000, "\xC3\xA9");
    o.context_notes = "";
    o.env_fingerprint = "{\"os\":\"linux\",\"versions\":{\"c\":[11]}}";
    o.at = NEW_YEAR;
    OK(report(&o, NULL));
    o = outcome("kept0001", " ", 1);
    o.at = INT64_C(-62135596800);
    OK(report(&o, NULL));
    verify_is_clean();
}
END_TEST

/* ---- reads ---- */

static plurum_status try_search(const plurum_query *q)
{
    plurum_results *results = (plurum_results *)&before;
    plurum_status status = plurum_search(&results, opened, q, &error);
    ck_assert_int_eq(results == NULL, status != PLURUM_OK);
    plurum_results_free(results);
    return status;
}

#define BAD_QUERY(status, piece, change)                                                           \
    do {                                                                                           \
        plurum_query q = query("plain");                                                           \
        change;                                                                                    \
        REFUSED(try_search(&q), status, piece, change);                                            \
    } while (0)

START_TEST(a_query_beyond_a_limit_is_refused)
{
    static const float bad[DIM] = {1, NAN, 0, 0};
    BAD_QUERY(ARG, "limit: 0, allowed are 1 to 10000", q.limit = 0);
    BAD_QUERY(ARG, "limit: 10001", q.limit = PLURUM_LIMIT_MAX + 1);
    BAD_QUERY(ARG, "warnings: 10001", q.warnings = PLURUM_LIMIT_MAX + 1);
    BAD_QUERY(ARG, "mode: 3 is none", q.mode = (plurum_mode)3);
    BAD_QUERY(ARG, "mode: -1 is none", q.mode = (plurum_mode)-1);
    BAD_QUERY(ARG, "neither a text nor a vector", q.text_len = 0);
    BAD_QUERY(ARG, "its text or vector is NULL", q.text = NULL);
    BAD_QUERY(ARG, "its text or vector is NULL", q.dim = DIM);
    BAD_QUERY(ARG, "tools: NULL", q.tool_count = 1);
    BAD_QUERY(ARG, "tools: 201, at most 200", (q.tools = names, q.tool_count = 201));
    BAD_QUERY(ARG, "tools[2]: NULL", (q.tools = names, names[2] = NULL, q.tool_count = 3));
    BAD_QUERY(LIMIT, "262145 bytes, at most 262144",
              (q.text = many(PLURUM_QUERY_MAX + 1, "q"), q.text_len = PLURUM_QUERY_MAX + 1));
    BAD_QUERY(MISMATCH, "a query vector of 3 dimensions; the index is of model caller with 4",
              (q.vector = bad, q.dim = 3));
    BAD_QUERY(MISMATCH, "a query vector of 0 dimensions", q.vector = bad);
    BAD_QUERY(INVALID, "nan at 1", (q.vector = bad, q.dim = DIM));
    BAD_QUERY(ARG, "offset: 1, with a cursor", (q.cursor = "x", q.offset = 1));
    BAD_QUERY(INVALID, "cursor: not one", q.cursor = "x");
    BAD_QUERY(INVALID, "cursor: not one", q.cursor = "");
    BAD_QUERY(INVALID, "cursor: not one", q.cursor = many(138, "0"));
    REFUSED(try_search(NULL), ARG, "query: NULL", query = NULL);
}
END_TEST

static plurum_status try_list(const plurum_viewer *v, const plurum_filter *f, size_t limit)
{
    plurum_results *results = (plurum_results *)&before;
    plurum_status status = plurum_index_list(&results, opened, v, f, limit, 0, &error);
    ck_assert_int_eq(results == NULL, status != PLURUM_OK);
    plurum_results_free(results);
    return status;
}

/* A filter is checked in the same way by search and by list. */
#define BAD_FILTER(piece, change)                                                                  \
    do {                                                                                           \
        plurum_filter f = PLURUM_FILTER_INIT;                                                      \
        plurum_viewer v = PLURUM_VIEWER_INIT;                                                      \
        plurum_query q = query("plain");                                                           \
        q.filter = &f, q.viewer = &v;                                                              \
        change;                                                                                    \
        REFUSED(try_search(&q), ARG, piece, change);                                               \
        REFUSED(try_list(&v, &f, 10), ARG, piece, change);                                         \
    } while (0)

START_TEST(a_filter_or_viewer_beyond_a_limit_is_refused)
{
    BAD_FILTER("min_quality: 1.1, allowed are 0 to 1", f.min_quality = 1.1);
    BAD_FILTER("min_quality: -0.5", f.min_quality = -0.5);
    BAD_FILTER("min_quality: nan", f.min_quality = NAN);
    BAD_FILTER("min_confidence: 2", f.min_confidence = 2);
    BAD_FILTER("lifecycles", f.lifecycles = 1u << PLURUM_LIFECYCLE_COUNT);
    BAD_FILTER("visibilities", f.visibilities = 8);
    BAD_FILTER("quarantine: 3 is none", f.quarantine = (plurum_quarantine)3);
    BAD_FILTER("filter.tools: NULL", f.tool_count = 1);
    BAD_FILTER("filter.tags: NULL", f.tag_count = 1);
    BAD_FILTER("list of more than 200", (f.tools = names, f.tool_count = 201));
    BAD_FILTER("list of more than 200", (f.tags = names, f.tag_count = 201));
    BAD_FILTER("team_mates: NULL", v.team_mate_count = 1);
    names[1] = NULL;
    BAD_FILTER("filter.tools[1]: NULL", (f.tools = names, f.tool_count = 2));
    BAD_FILTER("filter.tags[1]: NULL", (f.tags = names, f.tag_count = 2));
    BAD_FILTER("viewer.team_mates[1]: NULL", (v.team_mates = names, v.team_mate_count = 2));
    REFUSED(try_list(NULL, NULL, 0), ARG, "limit: 0, allowed are 1 to 10000", limit = 0);
    REFUSED(try_list(NULL, NULL, 10001), ARG, "limit: 10001", limit = 10001);
}
END_TEST

START_TEST(an_id_that_is_none_is_refused)
{
    char *json = (char *)names;
    plurum_history *history = (plurum_history *)names;
    REFUSED(plurum_index_get(&json, opened, NULL, NULL, &error), ARG, "id: NULL", id = NULL);
    ck_assert_ptr_null(json);
    REFUSED(plurum_index_history(&history, opened, NULL, NEW_YEAR, &error), ARG, "id: NULL", id);
    ck_assert_ptr_null(history);
    const char *const UNKNOWN[] = {"", "plain ", "PLAIN", "kept000", "KEPT0001", many(5000, "k"), "\xFF"};
    for (size_t i = 0; i < sizeof UNKNOWN / sizeof *UNKNOWN; i++) {
        REFUSED(plurum_index_get(&json, opened, UNKNOWN[i], &OPERATOR, &error), NOTFOUND,
                "no document \"", id);
        REFUSED(plurum_index_history(&history, opened, UNKNOWN[i], NEW_YEAR, &error), NOTFOUND,
                "no document \"", id);
    }
}
END_TEST

START_TEST(a_query_of_the_greatest_length_is_taken)
{
    plurum_query q = query(many(PLURUM_QUERY_MAX / 6, "plain "));
    ck_assert_uint_le(q.text_len, PLURUM_QUERY_MAX);
    KEYS(search(&q), "plain");
    char *distinct = malloc(PLURUM_QUERY_MAX + 1);
    ck_assert_ptr_nonnull(distinct);
    size_t used = 0;
    for (unsigned i = 0; used + 12 < PLURUM_QUERY_MAX; i++)
        used += (size_t)sprintf(distinct + used, "w%x ", i * 2654435761u);
    memset(distinct + used, ' ', PLURUM_QUERY_MAX - used);
    memcpy(distinct + PLURUM_QUERY_MAX - 5, "plain", 5);
    q.text = distinct;
    q.text_len = PLURUM_QUERY_MAX;
    KEYS(search(&q), "plain");
    free(distinct);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("api: limits");
    TCase *t = tcase_create("refusals");
    tcase_set_timeout(t, 120);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_document_beyond_a_limit_is_refused);
    tcase_add_test(t, a_list_of_a_document_beyond_a_limit_is_refused);
    tcase_add_test(t, a_vector_that_is_none_is_refused);
    tcase_add_test(t, a_way_to_settle_a_conflict_that_is_none_is_refused);
    tcase_add_test(t, a_document_at_every_limit_is_taken);
    tcase_add_test(t, an_experience_beyond_a_limit_is_refused);
    tcase_add_test(t, an_experience_at_its_limits_is_taken_as_a_draft_of_nobody);
    tcase_add_test(t, an_outcome_beyond_a_limit_is_refused);
    tcase_add_test(t, a_vote_or_a_change_of_state_beyond_a_limit_is_refused);
    tcase_add_test(t, an_agent_and_its_notes_at_their_limits_are_taken);
    tcase_add_test(t, a_query_beyond_a_limit_is_refused);
    tcase_add_test(t, a_filter_or_viewer_beyond_a_limit_is_refused);
    tcase_add_test(t, an_id_that_is_none_is_refused);
    tcase_add_test(t, a_query_of_the_greatest_length_is_taken);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
