/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What cannot come in by other ways than an experience's own members: events and vectors of an
 * export's lines, plain documents as lines, sessions, and secrets by every way there is.
 */
#include <config.h>

#include "tests/limits/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- lines of an export ---- */

static plurum_status import_line(const char *line)
{
    plurum_batch *batch;
    OK(plurum_batch_new(&batch, opened, &error));
    plurum_status status = plurum_batch_import(batch, line, strlen(line), NULL, &error);
    ck_assert_uint_eq(plurum_batch_count(batch), status ? 0 : 1);
    if (!status) status = plurum_batch_commit(batch, NULL, &error);
    plurum_batch_free(batch);
    return status;
}

#define EXPERIENCE "{\"goal\":\"long enough\","

/* The members behind the goal, or those behind the key of a plain document. */
static void refuse_line(const char *before, const char *members, plurum_status status,
                        const char *piece)
{
    memset(&error, 0, sizeof error);
    expect_failure(import_line(printed("%s%s}", before, members)), status, piece, members, __FILE__,
                   __LINE__);
    limits_row(members, __LINE__);
}

#define BAD_MEMBERS(piece, members) refuse_line(EXPERIENCE, members, PLURUM_INVALID, piece)
/* The members of an event that is sound but for the last of them. */
#define BAD_EVENT(piece, members) BAD_MEMBERS(piece, "\"events\":[" members "]")
#define OUTCOME "{\"type\":\"outcome\",\"agent\":\"a\",\"success\":true"
#define VOTE "{\"type\":\"vote\",\"agent\":\"a\",\"vote\":\"up\""

START_TEST(an_event_that_is_none_is_refused)
{
    limits_kind("Events in lines of an export");
    BAD_MEMBERS("an array expected", "\"events\":{}");
    BAD_EVENT("events[0]: an object expected", "17");
    BAD_EVENT("events[0].type", "{}");
    BAD_EVENT("events[0].type", "{\"type\":\"visit\"}");
    BAD_EVENT("events[0].agent", "{\"type\":\"outcome\",\"success\":true}");
    BAD_EVENT("events[0].agent", "{\"type\":\"outcome\",\"success\":true,\"agent\":\"zo\xC3\xAB\"}");
    BAD_EVENT("events[0].success", "{\"type\":\"outcome\",\"agent\":\"a\"}");
    BAD_EVENT("events[0].success", "{\"type\":\"outcome\",\"agent\":\"a\",\"success\":1}");
    BAD_EVENT("events[0].vote", "{\"type\":\"vote\",\"agent\":\"a\"}");
    BAD_EVENT("events[0].vote", "{\"type\":\"vote\",\"agent\":\"a\",\"vote\":1}");
    BAD_EVENT("events[0].at", OUTCOME ",\"at\":\"yesterday\"}");
    BAD_EVENT("events[0].at", OUTCOME ",\"at\":1e300}");
    BAD_EVENT("events[0].at: later than the clock", OUTCOME ",\"at\":\"2026-01-01T00:00:01Z\"}");
    BAD_EVENT("events[0].counted", VOTE ",\"counted\":1}");
    BAD_EVENT("events[0].weight", OUTCOME ",\"weight\":0}");
    BAD_EVENT("events[0].weight", OUTCOME ",\"weight\":1.5}");
    BAD_EVENT("events[0].weight", OUTCOME ",\"weight\":\"1\"}");
    BAD_EVENT("events[0].seq", OUTCOME ",\"seq\":0}");
    BAD_EVENT("events[0].seq", OUTCOME ",\"seq\":1.5}");
    BAD_EVENT("events[1].seq", OUTCOME ",\"seq\":7}," VOTE ",\"seq\":7}");
    BAD_EVENT("events[1].seq", OUTCOME ",\"seq\":7}," VOTE "}");
    BAD_EVENT("events[0].execution_time_ms", OUTCOME ",\"execution_time_ms\":-1}");
    BAD_EVENT("events[0].error_message", OUTCOME ",\"error_message\":7}");
    BAD_EVENT("events[0].context_notes", OUTCOME ",\"context_notes\":[]}");
    BAD_EVENT("events[0].env_fingerprint", OUTCOME ",\"env_fingerprint\":\"linux\"}");
    BAD_EVENT("events[0].env_fingerprint", OUTCOME ",\"env_fingerprint\":[]}");
    BAD_EVENT("events[0].env_fingerprint", OUTCOME ",\"env_fingerprint\":\"[]\"}");
    BAD_EVENT("events[0].query", OUTCOME ",\"query\":7}");
    BAD_EVENT("events[0].query_code", OUTCOME ",\"query_code\":\"AAA\"}");
    BAD_EVENT("events[0].query_code", OUTCOME ",\"query_code\":[]}");
    BAD_EVENT("events[0].query_code", OUTCOME ",\"query_code\":[0,0,0,0]}");
    BAD_EVENT("events[0].query_code", OUTCOME ",\"query_code\":[1,2,3,128]}");
    BAD_EVENT("events[0].query_code", OUTCOME ",\"query_code\":[1,2,3,0.5]}");
    BAD_EVENT("events[1]: a second outcome of agent a", OUTCOME "}," OUTCOME "}");
    BAD_EVENT("events[1]: a second vote of agent a", VOTE "}," VOTE "}");
}
END_TEST

START_TEST(other_members_of_an_export_that_are_none_are_refused)
{
    limits_kind("Other members in lines of an export");
    BAD_MEMBERS("updated_at", "\"updated_at\":\"yesterday\"");
    BAD_MEMBERS("internal_id", "\"internal_id\":0");
    BAD_MEMBERS("internal_id", "\"internal_id\":1.5");
    BAD_MEMBERS("internal_id", "\"internal_id\":4294967295");
    BAD_MEMBERS("internal_id", "\"internal_id\":\"1\"");
    BAD_MEMBERS("an array of 1 to 4096", "\"vector\":[]");
    BAD_MEMBERS("an array of 1 to 4096", "\"vector\":7");
    BAD_MEMBERS("vector[1]: a number", "\"vector\":[1,\"2\",3,4]");
    BAD_MEMBERS("zero", "\"vector\":[0,0,0,0]");
    BAD_MEMBERS("expected finite numbers", "\"vector\":[1e300,0,0,0]");
    refuse_line(EXPERIENCE, "\"vector\":[1,2,3]", PLURUM_MISMATCH, "of 3 dimensions");
}
END_TEST

#define BAD_PLAIN(piece, members) refuse_line("{\"kind\":\"plain\",", members, PLURUM_INVALID, piece)

START_TEST(a_plain_document_that_is_none_is_refused)
{
    limits_kind("Plain documents as lines of an export");
    BAD_PLAIN("key: missing", "\"title\":\"t\"");
    BAD_PLAIN("key: 7", "\"key\":7");
    BAD_PLAIN("key: empty", "\"key\":\"\"");
    BAD_PLAIN("title: a number", "\"key\":\"k\",\"title\":7");
    BAD_PLAIN("tools_used", "\"key\":\"k\",\"tools_used\":\"docker\"");
    BAD_PLAIN("status: \"done\"", "\"key\":\"k\",\"status\":\"done\"");
    BAD_PLAIN("status: 1", "\"key\":\"k\",\"status\":1");
    BAD_PLAIN("visibility: \"all\"", "\"key\":\"k\",\"visibility\":\"all\"");
    BAD_PLAIN("visibility: 2", "\"key\":\"k\",\"visibility\":2");
    BAD_PLAIN("agent_id: 7", "\"key\":\"k\",\"agent_id\":7");
    BAD_PLAIN("created_at: \"yesterday\"", "\"key\":\"k\",\"created_at\":\"yesterday\"");
    BAD_PLAIN("confidence: 1.5", "\"key\":\"k\",\"confidence\":1.5");
    BAD_PLAIN("confidence: \"high\"", "\"key\":\"k\",\"confidence\":\"high\"");
}
END_TEST

START_TEST(arguments_of_an_import_that_are_none_are_refused)
{
    static const float vector[DIM] = {1, 0, 0, 0};
    static const char LINE[] = EXPERIENCE "\"tags\":[]}";
    plurum_import_options o = PLURUM_IMPORT_OPTIONS_INIT;
    plurum_batch *batch;
    OK(plurum_batch_new(&batch, opened, &error));
    limits_kind("Lines of an import");
#define TRY plurum_batch_import(batch, LINE, sizeof LINE - 1, &o, &error)
    o.lifecycle = (plurum_lifecycle)4;
    REFUSED(TRY, ARG, "lifecycle: 4", options: lifecycle = 4);
    o.lifecycle = PLURUM_DRAFT;
    o.conflict = (plurum_conflict)3;
    REFUSED(TRY, INVALID, "conflict: 3", options: conflict = 3);
    o.conflict = PLURUM_CONFLICT_SKIP;
    o.vector = vector;
    o.dim = 2;
    REFUSED(TRY, MISMATCH, "of 2 dimensions", options: dim = 2);
    REFUSED(plurum_batch_import(batch, NULL, 7, NULL, &error), ARG, "line: NULL", line = NULL);
    plurum_batch_free(batch);
}
END_TEST

/* ---- sessions ---- */

static plurum_status assemble(const char *json)
{
    char *made = (char *)&json;
    plurum_status status = plurum_session_assemble(&made, json, json ? strlen(json) : 0, &error);
    ck_assert_int_eq(made == NULL, status != PLURUM_OK);
    plurum_text_free(made);
    return status;
}

#define BAD_SESSION(piece, json) REFUSED_AS(json, assemble(json), INVALID, piece)
#define ENTRIES(list) "{\"topic\":\"topic\",\"entries\":[" list "]}"
#define BAD_ENTRY(piece, entry) REFUSED_AS("an entry " entry, assemble(ENTRIES(entry)), INVALID, piece)
#define UPDATE "{\"entry_type\":\"update\",\"content\":{\"text\":\"t\"}}"

START_TEST(a_session_that_is_none_is_refused)
{
    limits_kind("Sessions");
    BAD_SESSION("not JSON at byte", "{\"topic\":");
    BAD_SESSION("session: an array, an object expected", "[]");
    BAD_SESSION("topic: missing", "{\"entries\":[" UPDATE "]}");
    BAD_SESSION("topic: 4 code points", "{\"topic\":\"four\",\"entries\":[" UPDATE "]}");
    BAD_SESSION("entries: missing", "{\"topic\":\"topic\"}");
    BAD_SESSION("entries: an object", "{\"topic\":\"topic\",\"entries\":{}}");
    BAD_SESSION("entries: empty", "{\"topic\":\"topic\",\"entries\":[]}");
    BAD_SESSION("outcome: \"fine\"",
                "{\"topic\":\"topic\",\"outcome\":\"fine\",\"entries\":[" UPDATE "]}");
    BAD_SESSION("visibility: \"all\"",
                "{\"topic\":\"topic\",\"visibility\":\"all\",\"entries\":[" UPDATE "]}");
    BAD_SESSION("domain: a number",
                "{\"topic\":\"topic\",\"domain\":7,\"entries\":[" UPDATE "]}");
    BAD_SESSION("tools_used[0]: empty",
                "{\"topic\":\"topic\",\"tools_used\":[\"\"],\"entries\":[" UPDATE "]}");
    REFUSED_AS("topic = many(1001, \"t\")",
               assemble(printed("{\"topic\":\"%s\",\"entries\":[" UPDATE "]}", many(1001, "t"))),
               INVALID, "topic: 1001 code points, at most 1000");
    REFUSED_AS("8388609 bytes", assemble(many(PLURUM_SESSION_MAX + 1, " ")), LIMIT,
               "session: 8388609 bytes, at most 8388608 allowed");
    REFUSED_AS("NULL", assemble(NULL), ARG, "json: NULL");
}
END_TEST

START_TEST(an_entry_that_is_none_is_refused)
{
    limits_kind("Sessions");
    BAD_ENTRY("entries[0]: a number, an object expected", "17");
    BAD_ENTRY("entries[0].entry_type: missing", "{\"content\":{}}");
    BAD_ENTRY("entries[0].entry_type: \"remark\"", "{\"entry_type\":\"remark\",\"content\":{}}");
    BAD_ENTRY("entries[0].content: missing", "{\"entry_type\":\"update\"}");
    BAD_ENTRY("content: a string", "{\"entry_type\":\"update\",\"content\":\"t\"}");
    BAD_ENTRY("content.text: missing", "{\"entry_type\":\"note\",\"content\":{}}");
    BAD_ENTRY("content.what: missing", "{\"entry_type\":\"dead_end\",\"content\":{\"why\":\"w\"}}");
    BAD_ENTRY("content.insight: empty", "{\"entry_type\":\"breakthrough\",\"content\":{\"insight\":\"\"}}");
    BAD_ENTRY("content.importance: \"huge\"",
              "{\"entry_type\":\"breakthrough\",\"content\":{\"insight\":\"i\",\"importance\":\"huge\"}}");
    BAD_ENTRY("content.warning: missing", "{\"entry_type\":\"gotcha\",\"content\":{}}");
    BAD_ENTRY("content.language: missing", "{\"entry_type\":\"artifact\",\"content\":{\"code\":\"c\"}}");
    BAD_ENTRY("content.code: missing", "{\"entry_type\":\"artifact\",\"content\":{\"language\":\"c\"}}");
    REFUSED_AS("text = many(50001, \"t\") of an update",
               assemble(printed(ENTRIES("{\"entry_type\":\"update\",\"content\":{\"text\":\"%s\"}}"),
                                many(50001, "t"))),
               INVALID, "content.text: 50001 code points, at most 50000 allowed");
}
END_TEST

/* ---- secrets ---- */

#define SECRET "password=hunter2"
#define KEY "plrm_live_0123456789abcdef"

static plurum_status report_with(const char *message, const char *notes, const char *environment)
{
    plurum_outcome o = outcome("kept0001", "tester", 1);
    o.error_message = message;
    o.context_notes = notes;
    o.env_fingerprint = environment;
    return report(&o, NULL);
}

static void refuse_secret(const char *given, plurum_status status)
{
    expect_failure(status, PLURUM_INVALID, "holds a secret", given, __FILE__, __LINE__);
    ck_assert_msg(!strstr(error.text, "hunter2") && !strstr(error.text, KEY), "%s", error.text);
    limits_row(given, __LINE__);
}

#define IN_MEMBER(given, members) refuse_secret(given, import_line(EXPERIENCE members "}"))
#define IN_ENTRY(given, entry) refuse_secret(given, assemble(ENTRIES(entry)))

START_TEST(a_secret_is_refused_in_every_member_of_an_experience)
{
    limits_kind("Secrets");
    refuse_secret("goal", import_line("{\"goal\":\"" SECRET "\"}"));
    IN_MEMBER("domain", "\"domain\":\"" SECRET "\"");
    IN_MEMBER("a tool", "\"tools_used\":[\"docker\",\"" SECRET "\"]");
    IN_MEMBER("a tag", "\"tags\":[\"" SECRET "\"]");
    IN_MEMBER("the action of an attempt", "\"attempts\":[{\"action\":\"" SECRET "\"}]");
    IN_MEMBER("the outcome of an attempt", "\"attempts\":[{\"action\":\"a\",\"outcome\":\"" SECRET "\"}]");
    IN_MEMBER("the insight of an attempt", "\"attempts\":[{\"action\":\"a\",\"insight\":\"" SECRET "\"}]");
    IN_MEMBER("solution", "\"solution\":\"" SECRET "\"");
    IN_MEMBER("context", "\"context\":\"" SECRET "\"");
    IN_MEMBER("a dead end", "\"dead_ends\":[{\"what\":\"" SECRET "\"}]");
    IN_MEMBER("the reason of a dead end", "\"dead_ends\":[{\"what\":\"w\",\"why\":\"" SECRET "\"}]");
    IN_MEMBER("a breakthrough", "\"breakthroughs\":[{\"insight\":\"" SECRET "\"}]");
    IN_MEMBER("the detail of a breakthrough",
              "\"breakthroughs\":[{\"insight\":\"i\",\"detail\":\"" SECRET "\"}]");
    IN_MEMBER("a bare gotcha", "\"gotchas\":[\"" SECRET "\"]");
    IN_MEMBER("the context of a gotcha", "\"gotchas\":[{\"warning\":\"w\",\"context\":\"" SECRET "\"}]");
    IN_MEMBER("the code of an artifact", "\"artifacts\":[{\"language\":\"sh\",\"code\":\"" SECRET "\"}]");
    IN_MEMBER("the description of an artifact",
              "\"artifacts\":[{\"language\":\"sh\",\"code\":\"c\",\"description\":\"" SECRET "\"}]");
    IN_MEMBER("the structured context", "\"context_structured\":{\"constraints\":\"" SECRET "\"}");
    IN_MEMBER("agent_id", "\"agent_id\":\"" KEY "\"");
    IN_MEMBER("a member that is not known", "\"x\":{\"y\":[1,{\"password\":\"hunter2\"}]}");
    IN_MEMBER("the name of a member", "\"" SECRET "\":1");
    IN_MEMBER("an event's notes",
              "\"events\":[" OUTCOME ",\"context_notes\":\"" SECRET "\"}]");
    IN_MEMBER("an event's environment",
              "\"events\":[" OUTCOME ",\"env_fingerprint\":{\"password\":\"hunter2\"}}]");
    IN_MEMBER("an event's agent",
              "\"events\":[{\"type\":\"vote\",\"vote\":\"up\",\"agent\":\"" KEY "\"}]");
    refuse_secret("what is not JSON", import_line("{\"goal\":password=hunter2"));
}
END_TEST

START_TEST(a_secret_is_refused_in_every_report_and_name)
{
    plurum_batch *batch;
    plurum_experience *e = experience("{\"goal\":\"enough\"}");
    OK(plurum_batch_new(&batch, opened, &error));
    limits_kind("Secrets");
    refuse_secret("error_message of an outcome", report_with(SECRET, NULL, NULL));
    refuse_secret("context_notes of an outcome", report_with(NULL, SECRET, NULL));
    refuse_secret("env_fingerprint of an outcome",
                  report_with(NULL, NULL, "{\"password\":\"hunter2\"}"));
    plurum_outcome o = outcome("kept0001", KEY, 1);
    refuse_secret("agent of an outcome", report(&o, NULL));
    refuse_secret("agent of a vote", vote("kept0001", KEY, 1, NULL));
    refuse_secret("agent of a change of state", set_lifecycle("kept0001", KEY, PLURUM_DRAFT, NULL));
    refuse_secret("agent of a deletion", delete_document("kept0001", KEY));
    refuse_secret("agent of a forgetting", plurum_index_forget(NULL, opened, KEY, NULL, &error));
    refuse_secret("owner of an experience",
                  plurum_batch_put_experience(batch, e, KEY, NULL, 0, PLURUM_CONFLICT_ERROR, &error));
    plurum_experience_free(e);
    plurum_batch_free(batch);
}
END_TEST

START_TEST(a_secret_is_refused_everywhere_in_a_session)
{
    limits_kind("Secrets");
    refuse_secret("topic of a session",
                  assemble("{\"topic\":\"" SECRET "\",\"entries\":[" UPDATE "]}"));
    refuse_secret("domain of a session",
                  assemble("{\"topic\":\"topic\",\"domain\":\"" SECRET "\",\"entries\":[" UPDATE "]}"));
    refuse_secret("a tool of a session", assemble("{\"topic\":\"topic\",\"tools_used\":[\"" SECRET
                                                  "\"],\"entries\":[" UPDATE "]}"));
    refuse_secret("agent_id of a session", assemble("{\"topic\":\"topic\",\"agent_id\":\"" KEY
                                                    "\",\"entries\":[" UPDATE "]}"));
    refuse_secret("a private session", assemble("{\"topic\":\"" SECRET "\",\"visibility\":\"private\","
                                                "\"entries\":[" UPDATE "]}"));
    IN_ENTRY("an update", "{\"entry_type\":\"update\",\"content\":{\"text\":\"" SECRET "\"}}");
    IN_ENTRY("a note", "{\"entry_type\":\"note\",\"content\":{\"text\":\"" SECRET "\"}}");
    IN_ENTRY("an entry dead_end", "{\"entry_type\":\"dead_end\",\"content\":{\"what\":\"" SECRET "\"}}");
    IN_ENTRY("an entry breakthrough",
             "{\"entry_type\":\"breakthrough\",\"content\":{\"insight\":\"" SECRET "\"}}");
    IN_ENTRY("an entry gotcha", "{\"entry_type\":\"gotcha\",\"content\":{\"warning\":\"" SECRET "\"}}");
    IN_ENTRY("an entry artifact",
             "{\"entry_type\":\"artifact\",\"content\":{\"language\":\"sh\",\"code\":\"" SECRET "\"}}");
    IN_ENTRY("a member of an entry that is not known",
             "{\"entry_type\":\"update\",\"content\":{\"text\":\"t\"},\"x\":\"" SECRET "\"}");
    refuse_secret("a contribution",
                  plurum_secrets_check_json("content", "{\"text\":\"" SECRET "\"}",
                                            strlen("{\"text\":\"" SECRET "\"}"), &error));
    refuse_secret("any text", plurum_secrets_check("name", SECRET, strlen(SECRET), &error));
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("limits: coming in");
    TCase *t = tcase_create("refusals");
    tcase_set_timeout(t, 120);
    tcase_add_checked_fixture(t, limits_begin, limits_end);
    tcase_add_test(t, an_event_that_is_none_is_refused);
    tcase_add_test(t, other_members_of_an_export_that_are_none_are_refused);
    tcase_add_test(t, a_plain_document_that_is_none_is_refused);
    tcase_add_test(t, arguments_of_an_import_that_are_none_are_refused);
    tcase_add_test(t, a_session_that_is_none_is_refused);
    tcase_add_test(t, an_entry_that_is_none_is_refused);
    tcase_add_test(t, a_secret_is_refused_in_every_member_of_an_experience);
    tcase_add_test(t, a_secret_is_refused_in_every_report_and_name);
    tcase_add_test(t, a_secret_is_refused_everywhere_in_a_session);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
