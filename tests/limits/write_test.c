/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What cannot be written: documents, experiences, reports and changes of state beyond a limit. What
 * lies just inside one is taken.
 */
#include <config.h>

#include "tests/limits/limits.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *names[256];

static void setup(void)
{
    limits_begin();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) names[i] = "name";
}

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
        REFUSED_AS(#change, put_one(&d, PLURUM_CONFLICT_ERROR), status, piece);                    \
    } while (0)

START_TEST(a_document_beyond_a_limit_is_refused)
{
    limits_kind("Documents");
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
    limits_kind("Documents");
    BAD_DOCUMENT(INVALID, "tools: 201 items, at most 200", (d.tools = names, d.tool_count = 201));
    BAD_DOCUMENT(INVALID, "tags: 201 items, at most 200", (d.tags = names, d.tag_count = 201));
    BAD_DOCUMENT(INVALID, "tools: NULL with a count of 2", d.tool_count = 2);
    BAD_DOCUMENT(INVALID, "tags: NULL with a count of 1", d.tag_count = 1);
#define BAD_NAME(piece, name)                                                                      \
    BAD_DOCUMENT(INVALID, piece, (d.tools = names, d.tool_count = 2, names[1] = name))
    BAD_NAME("tools[1]: NULL", NULL);
    BAD_NAME("tools[1]: empty", "");
    BAD_NAME("tools[1]: empty", " \t");
    BAD_NAME("tools[1]: empty", "\xC2\xAD");
    BAD_NAME("tools[1]: bytes that are not UTF-8", "\xFF");
    BAD_NAME("tools[1]: 101 code points, at most 100", many(101, "t"));
    BAD_DOCUMENT(INVALID, "tags[1]: 101 code points, at most 100",
                 (d.tags = names, d.tag_count = 2, names[1] = many(101, "t")));
}
END_TEST

START_TEST(a_vector_that_is_none_is_refused)
{
    limits_kind("Vectors");
    float v[DIM + 1] = {1, 2, 3, 4, 5};
    const float zero[DIM] = {0, -0.0f, 0, 0};
#define BAD_VECTOR(status, piece, change)                                                          \
    do {                                                                                           \
        float saved[DIM + 1];                                                                      \
        memcpy(saved, v, sizeof v);                                                                \
        BAD_DOCUMENT(status, piece, (d.vector = v, d.dim = DIM, change));                          \
        memcpy(v, saved, sizeof v);                                                                \
    } while (0)
    BAD_VECTOR(MISMATCH, "a vector of 3 dimensions; the index is of model caller with 4", d.dim = 3);
    BAD_VECTOR(MISMATCH, "a vector of 5 dimensions", d.dim = 5);
    BAD_VECTOR(MISMATCH, "a vector of 0 dimensions", d.dim = 0);
    BAD_VECTOR(INVALID, "nan at 2", v[2] = NAN);
    ck_assert_uint_eq(error.position, 2);
    BAD_VECTOR(INVALID, "inf at 3", v[3] = INFINITY);
    BAD_VECTOR(INVALID, "-inf at 0", v[0] = -INFINITY);
    BAD_VECTOR(INVALID, "zero", d.vector = zero);
}
END_TEST

START_TEST(vectors_of_another_model_are_refused)
{
    static const plurum_fingerprint other = {.name = "other", .dim = DIM, .text_template = 1};
    plurum_batch *batch;
    OK(plurum_batch_new(&batch, opened, &error));
    limits_kind("Vectors");
    REFUSED(plurum_batch_vectors_of(batch, &other, &error), MISMATCH, "given is other",
            plurum_batch_vectors_of of a model "other");
    REFUSED(plurum_batch_vectors_of(batch, NULL, &error), ARG, "model: NULL",
            plurum_batch_vectors_of(model = NULL));
    plurum_batch_free(batch);
}
END_TEST

START_TEST(a_way_to_settle_a_conflict_that_is_none_is_refused)
{
    limits_kind("Documents");
    plurum_document d = document("plain", "another title");
    REFUSED(put_one(&d, (plurum_conflict)3), INVALID, "conflict: 3 is none", conflict = 3);
    REFUSED(put_one(&d, (plurum_conflict)-1), INVALID, "conflict: -1 is none", conflict = -1);
    REFUSED(put_one(NULL, PLURUM_CONFLICT_ERROR), ARG, "document: NULL", document = NULL);
    plurum_batch *batch;
    plurum_experience *e = experience("{\"goal\":\"enough\"}");
    OK(plurum_batch_new(&batch, opened, &error));
    REFUSED(plurum_batch_put_experience(batch, e, NULL, NULL, 0, (plurum_conflict)3, &error),
            INVALID, "conflict: 3 is none", conflict = 3 of an experience);
    REFUSED(plurum_batch_put_experience(batch, e, "zo\xC3\xAB", NULL, 0, 0, &error), INVALID,
            "agent_id: \"zo", owner = "zo\xC3\xAB" of an experience);
    plurum_batch_free(batch);
    plurum_experience_free(e);
}
END_TEST

/* Commits what is given as lines of an import. */
static plurum_status commit_lines(const char *const *lines, size_t count)
{
    plurum_batch *batch;
    plurum_status status = PLURUM_OK;
    OK(plurum_batch_new(&batch, opened, &error));
    for (size_t i = 0; i < count && !status; i++)
        status = plurum_batch_import(batch, lines[i], strlen(lines[i]), NULL, &error);
    if (!status) status = plurum_batch_commit(batch, NULL, &error);
    plurum_batch_free(batch);
    return status;
}

#define ID "00000000-0000-4000-8000-000000000002"
#define GOAL "{\"goal\":\"long enough\""

START_TEST(a_batch_of_which_one_change_is_refused_changes_nothing)
{
    static const char *const TAKEN[] = {GOAL ",\"id\":\"" ID "\"}", GOAL ",\"id\":\"" ID "\"}"};
    static const char *const SHORT[] = {GOAL "}", GOAL ",\"short_id\":\"kept0001\"}"};
    plurum_document d = document("plain", "another title");
    plurum_outcome o = outcome("kept0001", "tester", 1);
    plurum_batch *batch, *rest;
    limits_kind("Batches");
    REFUSED(put_one(&d, PLURUM_CONFLICT_ERROR), EXISTS, "key: \"plain\" is taken",
            a key that is taken);
    REFUSED(commit_lines(TAKEN, 2), EXISTS, "key: \"" ID "\" is taken", the same id twice);
    ck_assert_uint_eq(error.position, 1);
    REFUSED(commit_lines(SHORT, 2), EXISTS, "short_id: \"kept0001\" is taken",
            a short_id that is taken);
    ck_assert_uint_eq(error.position, 1);
    OK(plurum_batch_new(&batch, opened, &error));
    OK(plurum_batch_outcome(batch, &o, &error));
    OK(plurum_batch_outcome(batch, &o, &error));
    REFUSED(plurum_batch_commit(batch, NULL, &error), EXISTS, "has reported an outcome",
            the same outcome twice);
    ck_assert_uint_eq(error.position, 1);
    REFUSED(plurum_batch_split(&rest, batch, 3, &error), ARG, "at: 3, at most 2",
            plurum_batch_split(at = 3) of two changes);
    plurum_batch_free(batch);
}
END_TEST

START_TEST(a_handle_that_reads_refuses_to_write)
{
    plurum_open_options options = opening();
    plurum_batch *batch;
    close_index();
    options.read_only = 1;
    open_with(&options);
    limits_settle();
    limits_kind("Batches");
    REFUSED(plurum_batch_new(&batch, opened, &error), UNSUPPORTED, "for reading only",
            plurum_batch_new with read_only = 1);
    REFUSED(plurum_index_apply(opened, &error), UNSUPPORTED, "for reading only",
            plurum_index_apply with read_only = 1);
    REFUSED(plurum_index_forget(NULL, opened, "user", NULL, &error), UNSUPPORTED,
            "for reading only", plurum_index_forget with read_only = 1);
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
    return printed("{\"goal\":\"long enough\",\"%s\":%s}", member, value);
}

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
        REFUSED_AS(#change, report(&o, NULL), status, piece);                                      \
    } while (0)

START_TEST(an_outcome_beyond_a_limit_is_refused)
{
    limits_kind("Outcomes");
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
    BAD_OUTCOME(INVALID, "query: 4097", o.query = many(4097, "q"));
    BAD_OUTCOME(MISMATCH, "a vector of 3 dimensions", (o.query_vector = (const float[]){1, 2, 3}, o.dim = 3));
    BAD_OUTCOME(INVALID, "env_fingerprint: 50001", o.env_fingerprint = many(50001, "{"));
    BAD_OUTCOME(INVALID, "at: 2026-01-01T00:00:01Z is later than the clock, 2026-01-01T00:00:00Z",
                o.at = NEW_YEAR + 1);
    BAD_OUTCOME(EXISTS, "agent user has reported an outcome of 00000000", o.agent = "user");
    REFUSED(report(NULL, NULL), ARG, "outcome: NULL", outcome = NULL);
}
END_TEST

START_TEST(a_vote_or_a_change_of_state_beyond_a_limit_is_refused)
{
    limits_kind("Votes and changes of state");
    REFUSED(vote("kept0001", "tester", 0, NULL), INVALID, "vote: 0, 1 or -1", vote: vote = 0);
    REFUSED(vote("kept0001", "tester", 2, NULL), INVALID, "vote: 2", vote: vote = 2);
    REFUSED(vote("kept0001", NULL, 1, NULL), INVALID, "agent: missing", vote: agent = NULL);
    REFUSED(vote("kept0001", "", 1, NULL), INVALID, "agent: \"\"", vote: agent = "");
    REFUSED(vote(NULL, "tester", 1, NULL), INVALID, "id: empty", vote: id = NULL);
    REFUSED(vote("nobody00", "tester", 1, NULL), NOTFOUND, "nobody00", vote: id = "nobody00");
    REFUSED(set_lifecycle("kept0001", NULL, (plurum_lifecycle)4, NULL), INVALID,
            "lifecycle: 4 is none", state: lifecycle = 4);
    REFUSED(set_lifecycle("", NULL, PLURUM_DRAFT, NULL), INVALID, "id: empty", state: id = "");
    REFUSED(set_lifecycle("kept0001", "a\x7F", PLURUM_DRAFT, NULL), INVALID, "agent",
            state: agent = "a\x7F");
    REFUSED(set_lifecycle("nobody00", NULL, PLURUM_DRAFT, NULL), NOTFOUND, "nobody00",
            state: id = "nobody00");
    REFUSED(set_lifecycle("kept0001", "tester", PLURUM_ARCHIVED, NULL), FORBIDDEN, "not the owner",
            state: agent = "tester", who is not the owner);
    REFUSED(delete_document("nobody00", NULL), NOTFOUND, "nobody00",
            deletion: id = "nobody00");
    REFUSED(delete_document("", NULL), INVALID, "id: empty", deletion: id = "");
    REFUSED(delete_document("kept0001", "tester"), FORBIDDEN,
            "agent \"tester\" is not the owner of kept0001",
            deletion: agent = "tester", who is not the owner);
    REFUSED(plurum_index_forget(NULL, opened, NULL, NULL, &error), ARG, "agent: NULL",
            forget: agent = NULL);
    REFUSED(plurum_index_forget(NULL, opened, "", NULL, &error), INVALID, "agent: \"\"",
            forget: agent = "");
    REFUSED(plurum_index_forget(NULL, opened, many(65, "a"), NULL, &error), INVALID, "agent: ",
            forget: agent = many(65, "a"));
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

static Suite *suite(void)
{
    Suite *s = suite_create("limits: writing");
    TCase *t = tcase_create("refusals");
    tcase_set_timeout(t, 120);
    tcase_add_checked_fixture(t, setup, limits_end);
    tcase_add_test(t, a_document_beyond_a_limit_is_refused);
    tcase_add_test(t, a_list_of_a_document_beyond_a_limit_is_refused);
    tcase_add_test(t, a_vector_that_is_none_is_refused);
    tcase_add_test(t, vectors_of_another_model_are_refused);
    tcase_add_test(t, a_batch_of_which_one_change_is_refused_changes_nothing);
    tcase_add_test(t, a_handle_that_reads_refuses_to_write);
    tcase_add_test(t, a_way_to_settle_a_conflict_that_is_none_is_refused);
    tcase_add_test(t, a_document_at_every_limit_is_taken);
    tcase_add_test(t, an_experience_at_its_limits_is_taken_as_a_draft_of_nobody);
    tcase_add_test(t, an_outcome_beyond_a_limit_is_refused);
    tcase_add_test(t, a_vote_or_a_change_of_state_beyond_a_limit_is_refused);
    tcase_add_test(t, an_agent_and_its_notes_at_their_limits_are_taken);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
