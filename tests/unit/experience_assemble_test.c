/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Assembling experiences from sessions: what becomes of every kind of entry, both forms of a
 * session, and what is refused, by its name.
 */
#include <config.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <plurum/experience.h>
#include <plurum/session.h>

#include "base/alloc.h"
#include "experience_samples.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static char *assembled(const char *json)
{
    char *out = NULL;
    plurum_error error;
    plurum_status status = plurum_session_assemble(&out, json, strlen(json), &error);
    ck_assert_msg(status == PLURUM_OK, "%s: %s", status ? error.text : "", json);
    ck_assert_ptr_null(strchr(out, '\n'));
    return out;
}

static void assert_refused(const char *json, const char *message)
{
    char *out = (char *)&out;
    plurum_error error = {.text = ""};
    ck_assert_int_eq(plurum_session_assemble(&out, json, strlen(json), &error), PLURUM_INVALID);
    ck_assert_str_eq(error.text, message);
    ck_assert_ptr_null(out);
}

/* ---- what becomes of it --------------------------------------------------------------------- */

#define MEMBERS                                                                                    \
    "\"topic\": \"Set up PostgreSQL replication\", \"domain\": \" databases \","                   \
    "\"tools_used\": [\"postgresql\", \"docker\"], \"visibility\": \"public\","                    \
    "\"outcome\": \"partial\", \"status\": \"closed\", \"agent_id\": \"anna\""
#define ENTRIES                                                                                    \
    "\"entries\": ["                                                                               \
    "{\"entry_type\": \"update\", \"content\": {\"text\": \"Started\"}},"                          \
    "{\"entry_type\": \"dead_end\", \"content\": {\"what\": \"Synchronous\", \"why\": \"Slow\"}}," \
    "{\"entry_type\": \"gotcha\", \"content\": {\"warning\": \"Slots fill the disk\"}},"           \
    "{\"entry_type\": \"breakthrough\", \"content\": {\"insight\": \"Asynchronous\","              \
    "\"detail\": \"With slots\", \"importance\": \"high\"}},"                                      \
    "{\"entry_type\": \"artifact\", \"content\": {\"language\": \"sh\", \"code\": \"a\\nb\"}},"    \
    "{\"entry_type\": \"note\", \"content\": {\"text\": \"Two lines\\nof it\"}},"                  \
    "{\"entry_type\": \"breakthrough\", \"content\": {\"insight\": \"Alone\"}},"                   \
    "{\"entry_type\": \"dead_end\", \"content\": {\"what\": \"Why not\", \"why\": null}}]"

static const char ASSEMBLED[] =
    "{\"goal\":\"Set up PostgreSQL replication\",\"domain\":\"databases\","
    "\"tools_used\":[\"postgresql\",\"docker\"],\"tags\":[],\"outcome\":\"partial\","
    "\"confidence\":null,\"visibility\":\"public\",\"solution\":null,"
    "\"breakthroughs\":[{\"insight\":\"Asynchronous\",\"detail\":\"With slots\","
    "\"importance\":\"high\"},{\"insight\":\"Alone\",\"detail\":\"\",\"importance\":\"medium\"}],"
    "\"attempts\":[{\"action\":\"Synchronous\",\"outcome\":\"Slow\",\"dead_end\":true,"
    "\"insight\":null},{\"action\":\"Asynchronous\",\"outcome\":\"With slots\",\"dead_end\":false,"
    "\"insight\":null},{\"action\":\"Alone\",\"outcome\":\"\",\"dead_end\":false,\"insight\":null},"
    "{\"action\":\"Why not\",\"outcome\":\"\",\"dead_end\":true,\"insight\":null}],"
    "\"dead_ends\":[{\"what\":\"Synchronous\",\"why\":\"Slow\"},{\"what\":\"Why not\",\"why\":\"\"}],"
    "\"gotchas\":[{\"warning\":\"Slots fill the disk\",\"context\":null}],"
    "\"context\":\"Started\\n\\nTwo lines\\nof it\",\"context_structured\":null,"
    "\"artifacts\":[{\"language\":\"sh\",\"description\":null,\"code\":\"a\\nb\"}],"
    "\"status\":\"published\",\"agent_id\":\"anna\"}";

START_TEST(every_kind_of_entry_has_its_place)
{
    char *out = assembled("{" MEMBERS ", " ENTRIES "}");
    ck_assert_str_eq(out, ASSEMBLED);
    pli_free(out);
}
END_TEST

START_TEST(a_session_beside_its_entries_is_the_same)
{
    char *out = assembled("{\"session\": {" MEMBERS "}, \"entry_count\": 8, " ENTRIES "}");
    ck_assert_str_eq(out, ASSEMBLED);
    pli_free(out);
    out = assembled("{\"session\": {" MEMBERS ", " ENTRIES "}}");
    ck_assert_str_eq(out, ASSEMBLED);
    pli_free(out);
}
END_TEST

START_TEST(an_import_reads_what_was_assembled)
{
    plurum_experience *experience = accepted(ASSEMBLED, 1);
    const plurum_document *document = plurum_experience_document(experience);
    ck_assert_str_eq(document->owner, "anna");
    ck_assert_int_eq(document->lifecycle, PLURUM_PUBLISHED);
    /* the normal form, but for what an import reads beside it */
    size_t len = strlen(plurum_experience_json(experience)) - 1;
    ck_assert_int_eq(strncmp(plurum_experience_json(experience), ASSEMBLED, len), 0);
    ck_assert_int_eq(strncmp(ASSEMBLED + len, ",\"status\":", 10), 0);
    plurum_experience_free(experience);
}
END_TEST

#define NOTE "{\"entry_type\": \"note\", \"content\": {\"text\": \"n\"}}"

static void assert_member(const char *session, const char *name, const char *expected)
{
    char *out = assembled(session);
    json_t *object = json_loads(out, 0, NULL);
    char *text = json_dumps(json_object_get(object, name), JSON_ENCODE_ANY | JSON_COMPACT);
    ck_assert_str_eq(text ? text : "absent", expected);
    free(text);
    json_decref(object);
    pli_free(out);
}

START_TEST(only_a_public_session_is_published)
{
    static const char *const WORDS[][2] = {{"\"public\"", "\"published\""}, {"null", "\"published\""},
                                           {"\"team\"", "\"draft\""}, {"\"private\"", "\"draft\""}};
    for (size_t i = 0; i < COUNT(WORDS); i++) {
        char json[256];
        snprintf(json, sizeof json,
                 "{\"topic\": \"Five!\", \"visibility\": %s, \"entries\": [" NOTE "]}", WORDS[i][0]);
        assert_member(json, "status", WORDS[i][1]);
    }
    assert_member("{\"topic\": \"Five!\", \"entries\": [" NOTE "]}", "agent_id", "absent");
}
END_TEST

#define NUMBERED(text, number)                                                                     \
    "{\"entry_type\": \"note\", \"ordinal\": " number ", \"content\": {\"text\": \"" text "\"}}"

START_TEST(ordinals_rule_the_order_where_all_entries_have_one)
{
    assert_member("{\"topic\": \"Order\", \"entries\": [" NUMBERED("c", "3") "," NUMBERED("a", "1")
                  "," NUMBERED("b", "2") "," NUMBERED("B", "2") "]}",
                  "context", "\"a\\n\\nb\\n\\nB\\n\\nc\"");
    assert_member("{\"topic\": \"Order\", \"entries\": [" NUMBERED("c", "3") "," NUMBERED("a", "1")
                  "," NOTE "]}",
                  "context", "\"c\\n\\na\\n\\nn\"");
}
END_TEST

START_TEST(unknown_members_are_left_out)
{
    assert_member("{\"topic\": \"Extra\", \"x\": 1, \"solution\": \"no\", \"entries\": [{\"entry_type\":"
                  "\"gotcha\", \"id\": 7, \"content\": {\"warning\": \"w\", \"y\": [1]}}]}",
                  "gotchas", "[{\"warning\":\"w\",\"context\":null}]");
    assert_member("{\"topic\": \"Extra\", \"solution\": \"no\", \"entries\": [" NOTE "]}", "solution",
                  "null");
}
END_TEST

/* ---- what is refused ------------------------------------------------------------------------ */

#define SESSION_OF(entry) "{\"topic\": \"A topic\", \"entries\": [" NOTE ", " entry "]}"

static const char *const REFUSALS[][2] = {
    {"[]", "session: an array, an object expected"},
    {"{\"session\": 7, \"entries\": []}", "session: a number, an object expected"},
    {"{\"entries\": []}", "topic: missing, a string expected"},
    {"{\"session\": {}, \"entries\": []}", "session.topic: missing, a string expected"},
    {"{\"topic\": \"four\", \"entries\": [" NOTE "]}", "topic: 4 code points, at least 5 expected"},
    {"{\"topic\": \"     \", \"entries\": [" NOTE "]}", "topic: white space only, a text expected"},
    {"{\"topic\": \"A topic\", \"outcome\": \"done\", \"entries\": []}",
     "outcome: \"done\", success, partial or failure expected"},
    {"{\"topic\": \"A topic\", \"visibility\": \"all\", \"entries\": []}",
     "visibility: \"all\", public, team or private expected"},
    {"{\"topic\": \"A topic\", \"tools_used\": [\"a\", 7], \"entries\": []}",
     "tools_used[1]: a number, a string expected"},
    {"{\"topic\": \"A topic\", \"agent_id\": \"\", \"entries\": []}",
     "agent_id: \"\", 1 to 64 printable ASCII characters expected"},
    {"{\"topic\": \"A topic\"}", "entries: missing, an array of objects expected"},
    {"{\"topic\": \"A topic\", \"entries\": {}}", "entries: an object, an array of objects expected"},
    {"{\"topic\": \"A topic\", \"entries\": []}", "entries: empty, at least one entry expected"},
    {SESSION_OF("7"), "entries[1]: a number, an object expected"},
    {SESSION_OF("{}"), "entries[1].entry_type: missing, update, dead_end, breakthrough, gotcha, "
                       "artifact or note expected"},
    {SESSION_OF("{\"entry_type\": \"idea\"}"),
     "entries[1].entry_type: \"idea\", update, dead_end, breakthrough, gotcha, artifact or note "
     "expected"},
    {SESSION_OF("{\"entry_type\": null}"), "entries[1].entry_type: null, update, dead_end, "
                                           "breakthrough, gotcha, artifact or note expected"},
    {SESSION_OF("{\"entry_type\": \"note\"}"), "entries[1].content: missing, an object expected"},
    {SESSION_OF("{\"entry_type\": \"note\", \"content\": \"text\"}"),
     "entries[1].content: a string, an object expected"},
    {SESSION_OF("{\"entry_type\": \"note\", \"content\": {}}"),
     "entries[1].content.text: missing, a string expected"},
    {SESSION_OF("{\"entry_type\": \"update\", \"content\": {\"text\": \"\"}}"),
     "entries[1].content.text: empty, at least 1 code point expected"},
    {SESSION_OF("{\"entry_type\": \"dead_end\", \"content\": {\"why\": \"w\"}}"),
     "entries[1].content.what: missing, a string expected"},
    {SESSION_OF("{\"entry_type\": \"breakthrough\", \"content\": {\"detail\": \"d\"}}"),
     "entries[1].content.insight: missing, a string expected"},
    {SESSION_OF("{\"entry_type\": \"breakthrough\", \"content\": {\"insight\": \"i\","
                "\"importance\": \"huge\"}}"),
     "entries[1].content.importance: \"huge\", high, medium or low expected"},
    {SESSION_OF("{\"entry_type\": \"gotcha\", \"content\": {\"context\": \"c\"}}"),
     "entries[1].content.warning: missing, a string expected"},
    {SESSION_OF("{\"entry_type\": \"artifact\", \"content\": {\"code\": \"c\"}}"),
     "entries[1].content.language: missing, a string expected"},
    {SESSION_OF("{\"entry_type\": \"artifact\", \"content\": {\"language\": \"c\"}}"),
     "entries[1].content.code: missing, a string expected"},
    {SESSION_OF("{\"entry_type\": \"note\", \"content\": {\"text\": \"password=hunter2\"}}"),
     "entries[1].content.text: holds a secret (password at byte 9), a placeholder such as $TOKEN "
     "expected"},
    {SESSION_OF("{\"entry_type\": \"note\", \"content\": {\"text\": \"- name: DB_PASSWORD\"}},"
                "{\"entry_type\": \"note\", \"content\": {\"text\": \"  value: hunter2\"}}"),
     "context: holds a secret (password at byte 33), a placeholder such as $TOKEN expected"},
    {"{\"topic\": 7, \"entries\": \"password=hunter2\"}",
     "entries: holds a secret (password at byte 9), a placeholder such as $TOKEN expected"},
    {"{\"topic\": password=hunter2", "not JSON at byte 18; the text holds a secret and is not shown"},
};

START_TEST(what_is_wrong_is_named)
{
    for (size_t i = 0; i < COUNT(REFUSALS); i++) assert_refused(REFUSALS[i][0], REFUSALS[i][1]);
    plurum_error error;
    char *out;
    ck_assert_int_eq(plurum_session_assemble(&out, "{", 1, &error), PLURUM_INVALID);
    ck_assert_int_eq(plurum_session_assemble(&out, NULL, 0, &error), PLURUM_ARG);
    ck_assert_int_eq(plurum_session_assemble(&out, "{}", 2, NULL), PLURUM_INVALID);
    ck_assert_int_eq(plurum_session_assemble(&out, "{}", PLURUM_SESSION_MAX + 1, &error),
                     PLURUM_LIMIT);
    ck_assert_str_eq(error.text, "session: 8388609 bytes, at most 8388608 allowed");
}
END_TEST

/* A session of `count` entries of one kind, each with a text of `len` bytes. */
static char *many(size_t count, size_t len, const char *type, const char *member)
{
    char *json = malloc(256 + count * (len + 96)), *at = json;
    at += sprintf(at, "{\"topic\": \"Many entries\", \"entries\": [");
    for (size_t i = 0; i < count; i++) {
        at += sprintf(at, "%s{\"entry_type\": \"%s\", \"content\": {\"%s\": \"", i ? "," : "", type,
                      member);
        memset(at, 'a', len);
        at += len;
        at += sprintf(at, "\"}}");
    }
    strcpy(at, "]}");
    return json;
}

/* How many there are of a list, and the whole checked as an import would. */
static size_t size_of(const json_t *experience, const char *list)
{
    return json_array_size(json_object_get(experience, list));
}

static json_t *assembled_tree(const char *json)
{
    char *text = assembled(json);
    plurum_experience *parsed;
    plurum_experience_options import = PLURUM_EXPERIENCE_OPTIONS_INIT;
    plurum_error error;
    import.import = 1;
    plurum_status status =
        plurum_experience_parse(&parsed, text, strlen(text), &import, &error);
    ck_assert_msg(status == PLURUM_OK, "%s", status ? error.text : "");
    plurum_experience_free(parsed);
    json_t *tree = json_loads(text, 0, NULL);
    pli_free(text);
    return tree;
}

static const char *context_of(const json_t *experience)
{
    const char *text = json_string_value(json_object_get(experience, "context"));
    return text ? text : "";
}

START_TEST(a_session_of_more_entries_than_fit_keeps_the_last_and_says_so)
{
    static const struct {
        size_t count, len;
        const char *type, *member, *list, *says;
        size_t kept;
    } CASES[] = {
        {200, 1, "dead_end", "what", "dead_ends", "", 200},
        {201, 1, "dead_end", "what", "dead_ends", "(Left out, as an experience holds no more: 1 dead end.)", 200},
        {999, 1, "gotcha", "warning", "gotchas", "(Left out, as an experience holds no more: 799 gotchas.)", 200},
        {30, 49000, "gotcha", "warning", "gotchas", "(Left out, as an experience holds no more: 12 gotchas.)", 18},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        char *json = many(CASES[i].count, CASES[i].len, CASES[i].type, CASES[i].member);
        json_t *made = assembled_tree(json);
        ck_assert_uint_eq(size_of(made, CASES[i].list), CASES[i].kept);
        ck_assert_str_eq(context_of(made), CASES[i].says);
        json_decref(made);
        free(json);
    }
}
END_TEST

START_TEST(a_context_that_is_too_long_keeps_the_last_texts)
{
    char *json = many(2, 24999, "note", "text");
    json_t *made = assembled_tree(json);
    ck_assert_uint_eq(strlen(context_of(made)), 50000);
    json_decref(made);
    free(json);
    json = many(2, 25000, "note", "text");
    memset(strstr(json, "aaaa"), 'b', 25000); /* the first */
    made = assembled_tree(json);
    ck_assert_ptr_null(strchr(context_of(made), 'b'));
    ck_assert_str_eq(context_of(made) + 25000,
                     "\n\n(Left out, as an experience holds no more: 1 update or note.)");
    json_decref(made);
    free(json);
}
END_TEST

START_TEST(what_tells_most_is_kept_in_its_order)
{
    char *json = malloc(1 << 16), *at = json;
    at += sprintf(at, "{\"topic\": \"Many entries\", \"entries\": [");
    for (int i = 0; i < 150; i++) /* 5 of high importance, early; as many dead ends */
        at += sprintf(at, "%s{\"entry_type\": \"breakthrough\", \"content\": {\"insight\": \"i%d\","
                      " \"importance\": \"%s\"}}, {\"entry_type\": \"dead_end\", \"content\": {\"what\": \"w%d\"}}",
                      i ? "," : "", i, i < 5 ? "high" : "low", i);
    strcpy(at, "]}");
    json_t *made = assembled_tree(json), *attempts = json_object_get(made, "attempts");
    ck_assert_uint_eq(size_of(made, "breakthroughs"), 150);
    ck_assert_uint_eq(size_of(made, "dead_ends"), 150);
    ck_assert_uint_eq(json_array_size(attempts), 200);
    for (int i = 0; i < 6; i++) { /* those of high importance, then the last 195 */
        char expected[8];
        snprintf(expected, sizeof expected, i < 5 ? "i%d" : "w%d", i < 5 ? i : 52);
        ck_assert_str_eq(json_string_value(json_object_get(json_array_get(attempts, (size_t)i), "action")),
                         expected);
    }
    ck_assert_str_eq(context_of(made), "(Left out, as an experience holds no more: 100 attempts that are told above.)");
    char *first = assembled(json), *second = assembled(json);
    ck_assert_str_eq(first, second);
    pli_free(first);
    pli_free(second);
    json_decref(made);
    free(json);
}
END_TEST

START_TEST(an_entry_that_is_too_long_is_named)
{
    char *json = many(1, 50001, "note", "text");
    assert_refused(json, "entries[0].content.text: 50001 code points, at most 50000 allowed");
    free(json);
}
END_TEST

START_TEST(short_memory_is_told_and_leaks_nothing)
{
    static const char JSON[] = "{" MEMBERS ", " ENTRIES "}";
    char *out = NULL;
    for (unsigned long nth = 1; !out; nth++) {
        plurum_error error;
        pli_alloc_fail_at(nth);
        plurum_status status = plurum_session_assemble(&out, JSON, strlen(JSON), &error);
        pli_alloc_fail_at(0);
        ck_assert(status == PLURUM_OK || status == PLURUM_NOMEM);
        ck_assert_uint_lt(nth, 1000);
    }
    ck_assert_str_eq(out, ASSEMBLED);
    pli_free(out);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("assemble");
    TCase *tc = tcase_create("assemble");
    tcase_add_test(tc, every_kind_of_entry_has_its_place);
    tcase_add_test(tc, a_session_beside_its_entries_is_the_same);
    tcase_add_test(tc, an_import_reads_what_was_assembled);
    tcase_add_test(tc, only_a_public_session_is_published);
    tcase_add_test(tc, ordinals_rule_the_order_where_all_entries_have_one);
    tcase_add_test(tc, unknown_members_are_left_out);
    tcase_add_test(tc, what_is_wrong_is_named);
    tcase_add_test(tc, a_session_of_more_entries_than_fit_keeps_the_last_and_says_so);
    tcase_add_test(tc, a_context_that_is_too_long_keeps_the_last_texts);
    tcase_add_test(tc, what_tells_most_is_kept_in_its_order);
    tcase_add_test(tc, an_entry_that_is_too_long_is_named);
    tcase_add_test(tc, short_memory_is_told_and_leaks_nothing);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
