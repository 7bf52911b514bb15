/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The secrets check at every way in: experiences, JSON of any shape, outcomes. What is refused is
 * named by field and kind and never shown.
 */
#include <config.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <plurum/plurum.h>

#include "base/alloc.h"
#include "secrets_corpus.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- experiences ---------------------------------------------------------------------------- */

/* Where a text can be: {} stands for it. */
static const struct place {
    const char *field, *json;
} PLACES[] = {
    {"goal", "{\"goal\": {}}"},
    {"domain", "{\"goal\": \"Ten code points\", \"domain\": {}}"},
    {"tools_used[1]", "{\"goal\": \"Ten code points\", \"tools_used\": [\"docker\", {}]}"},
    {"tags[0]", "{\"goal\": \"Ten code points\", \"tags\": [{}]}"},
    {"outcome", "{\"goal\": \"Ten code points\", \"outcome\": {}}"},
    {"visibility", "{\"goal\": \"Ten code points\", \"visibility\": {}}"},
    {"solution", "{\"goal\": \"Ten code points\", \"solution\": {}}"},
    {"context", "{\"goal\": \"Ten code points\", \"context\": {}}"},
    {"attempts[0].action", "{\"goal\": \"Ten code points\", \"attempts\": [{\"action\": {}}]}"},
    {"attempts[1].insight",
     "{\"goal\": \"x\", \"attempts\": [{\"action\": \"a\"}, {\"insight\": {}}]}"},
    {"dead_ends[0].why",
     "{\"goal\": \"Ten code points\", \"dead_ends\": [{\"what\": \"w\", \"why\": {}}]}"},
    {"breakthroughs[0].importance",
     "{\"goal\": \"x\", \"breakthroughs\": [{\"insight\": \"i\", \"importance\": {}}]}"},
    {"gotchas[0]", "{\"goal\": \"Ten code points\", \"gotchas\": [{}]}"},
    {"gotchas[0].context",
     "{\"goal\": \"Ten code points\", \"gotchas\": [{\"warning\": \"w\", \"context\": {}}]}"},
    {"artifacts[0].code",
     "{\"goal\": \"Ten code points\", \"artifacts\": [{\"language\": \"sh\", \"code\": {}}]}"},
    {"artifacts[0].language", "{\"goal\": \"x\", \"artifacts\": [{\"language\": {}}]}"},
    {"context_structured.environment",
     "{\"goal\": \"Ten code points\", \"context_structured\": {\"environment\": {}}}"},
    {"context_structured.tools_used[0]",
     "{\"goal\": \"Ten code points\", \"context_structured\": {\"tools_used\": [{}]}}"},
    {"agent_id", "{\"goal\": \"Ten code points\", \"agent_id\": {}}"},
    {"unheard_of", "{\"goal\": \"Ten code points\", \"unheard_of\": {}}"},
    {"x.y[1][0].z", "{\"goal\": \"Ten code points\", \"x\": {\"y\": [1, [{\"z\": {}}]]}}"},
    {"(member)", "{\"goal\": \"Ten code points\", {}: true}"},
    {"x.(member)", "{\"goal\": \"Ten code points\", \"x\": {{}: true}}"},
    {"x.(member)", "{\"goal\": \"Ten code points\", \"x\": {\"not a name\\n\": {}}}"},
};

/* The JSON of a place with a text in it; the caller frees it. */
static char *put_in(const struct place *place, const char *text)
{
    json_t *string = json_string(text);
    char *quoted = json_dumps(string, JSON_ENCODE_ANY), *out;
    const char *gap = strstr(place->json, "{}");
    json_decref(string);
    size_t size = strlen(place->json) + strlen(quoted) + 1;
    out = malloc(size);
    snprintf(out, size, "%.*s%s%s", (int)(gap - place->json), place->json, quoted, gap + 2);
    free(quoted);
    return out;
}

static plurum_status parse(const char *json, int import, plurum_error *error)
{
    plurum_experience_options options = PLURUM_EXPERIENCE_OPTIONS_INIT;
    options.import = import;
    plurum_experience *experience = NULL;
    plurum_status status =
        plurum_experience_parse(&experience, json, strlen(json), &options, error);
    ck_assert((experience != NULL) == (status == PLURUM_OK));
    plurum_experience_free(experience);
    return status;
}

static int keep_first(void *payload, const plurum_secret *secret)
{
    *(plurum_secret *)payload = *secret;
    return 1;
}

static void assert_not_echoed(const char *message, const corpus_text *text)
{
    plurum_secret secret;
    plurum_secrets_find(text->text, text->len, keep_first, &secret);
    char *value = strndup(text->text + secret.offset, secret.len);
    ck_assert_msg(!strstr(message, value), "echoed: %s", message);
    free(value);
}

START_TEST(a_secret_is_refused_wherever_it_stands_in_an_experience)
{
    corpus c = corpus_read("secret.txt");
    for (size_t i = 0; i < c.count; i++)
        for (size_t p = 0; p < COUNT(PLACES); p++) {
            char *json = put_in(&PLACES[p], c.texts[i].text), expected[160];
            plurum_error error;
            ck_assert_int_eq(parse(json, p % 2 == 0, &error), PLURUM_INVALID);
            snprintf(expected, sizeof expected, "%s: holds a secret (%s at byte ", PLACES[p].field,
                     c.texts[i].kind);
            ck_assert_msg(strncmp(error.text, expected, strlen(expected)) == 0, "%s\n%s",
                          error.text, json);
            assert_not_echoed(error.text, &c.texts[i]);
            free(json);
        }
    corpus_free(&c);
}
END_TEST

START_TEST(harmless_texts_are_accepted_in_an_experience)
{
    corpus c = corpus_read("harmless.txt");
    for (size_t i = 0; i < c.count; i++) {
        json_t *experience =
            json_pack("{ss, ss, s[{ss, ss}], s[s], s{ss}, s[{ss, ss}]}", "goal",
                      "Learn what passes", "solution", c.texts[i].text, "attempts", "action",
                      c.texts[i].text, "insight", c.texts[i].text, "gotchas", c.texts[i].text,
                      "context_structured", "environment", c.texts[i].text, "artifacts",
                      "language", "text", "code", c.texts[i].text);
        char *json = json_dumps(experience, 0);
        plurum_error error;
        plurum_status status = parse(json, 0, &error);
        ck_assert_msg(status == PLURUM_OK, "%s\n%s", status ? error.text : "", json);
        ck_assert_int_eq(plurum_secrets_find(json, strlen(json), NULL, NULL), 0);
        free(json);
        json_decref(experience);
    }
    corpus_free(&c);
}
END_TEST

static const struct refusal {
    const char *json, *message;
} REFUSALS[] = {
    /* a name and its value */
    {"{\"goal\":\"Ten code points\",\"x\":{\"password\":\"hunter2\"}}",
     "x.password: holds a secret (password at byte 0), a placeholder such as $TOKEN expected"},
    {"{\"goal\":\"Ten code points\",\"x\":{\"db_password\":12345678}}",
     "x.db_password: holds a secret (password at byte 0), a placeholder such as $TOKEN expected"},
    {"{\"goal\":\"Ten code points\",\"api_key\":[\"\",\"0123456789abcdef\"]}",
     "api_key[1]: holds a secret (secret at byte 0), a placeholder such as $TOKEN expected"},
    {"{\"goal\":\"Ten code points\",\"Authorization\":\"Token 0123456789abcdef01\"}",
     "Authorization: holds a secret (secret at byte 0), a placeholder such as $TOKEN expected"},
    /* escapes hide nothing */
    {"{\"goal\":\"Ten code points\",\"solution\":\"p\\u0061ssword=\\u0068unter2\"}",
     "solution: holds a secret (password at byte 9), a placeholder such as $TOKEN expected"},
    {"{\"goal\":\"Ten code points\",\"p\\u0061ssword\":\"hunter2\"}",
     "password: holds a secret (password at byte 0), a placeholder such as $TOKEN expected"},
    /* it comes before whatever else is wrong */
    {"{\"goal\":17,\"outcome\":\"password=hunter2\"}",
     "outcome: holds a secret (password at byte 9), a placeholder such as $TOKEN expected"},
    {"\"password=hunter2\"",
     "experience: holds a secret (password at byte 9), a placeholder such as $TOKEN expected"},
    {"[{\"password\":\"hunter2\"}]",
     "[0].password: holds a secret (password at byte 0), a placeholder such as $TOKEN expected"},
    /* what is no JSON is not quoted */
    {"password=hunter2",
     "not JSON at byte 8; the text holds a secret and is not shown"},
    {"{\"goal\":\"Ten code points\",\"password\":hunter2}",
     "not JSON at byte 43; the text holds a secret and is not shown"},
    /* names are shown where they are plain */
    {"{\"goal\":\"Ten code points\",\"x\\u0001y\":{\"a-b_C9\":[\"token=0123456789abcdef\"]}}",
     "(member).a-b_C9[0]: holds a secret (secret at byte 6), a placeholder such as $TOKEN "
     "expected"},
};

START_TEST(refusals_have_their_words)
{
    for (size_t i = 0; i < COUNT(REFUSALS); i++) {
        plurum_error error = {.text = "nothing"};
        plurum_status status = parse(REFUSALS[i].json, 0, &error);
        ck_assert_msg(status == PLURUM_INVALID, "accepted: %s", REFUSALS[i].json);
        ck_assert_str_eq(error.text, REFUSALS[i].message);
    }
}
END_TEST

static const char *const ACCEPTED[] = {
    "{\"goal\":\"Ten code points\",\"x\":{\"password\":\"$PW\",\"token\":null,\"secret\":true}}",
    "{\"goal\":\"Ten code points\",\"x\":{\"max_tokens\":4096,\"token\":151643,\"pass\":1200}}",
    "{\"goal\":\"Ten code points\",\"x\":{\"password\":\"********\",\"password_hash\":\"x\"}}",
    "{\"goal\":\"Ten code points\",\"x\":{\"password\":{\"type\":\"string\"},\"pwd\":\"/src\"}}",
    "{\"goal\":\"Ten code points\",\"tags\":[\"disk-full\",\"sk-learn\",\"token\",\"password\"]}",
};

START_TEST(names_alone_and_placeholders_are_accepted)
{
    for (size_t i = 0; i < COUNT(ACCEPTED); i++) {
        plurum_error error;
        plurum_status status = parse(ACCEPTED[i], 0, &error);
        ck_assert_msg(status == PLURUM_OK, "%s\n%s", status ? error.text : "", ACCEPTED[i]);
    }
}
END_TEST

START_TEST(a_long_and_deep_path_is_cut_and_refused_all_the_same)
{
    char json[8192], name[41], *at = json;
    plurum_error error;
    memset(name, 'n', 40);
    name[40] = '\0';
    at += sprintf(at, "{\"goal\":\"Ten code points\",\"x\":");
    for (int i = 0; i < 60; i++) at += sprintf(at, "{\"%s\":", name);
    at += sprintf(at, "\"password=hunter2\"");
    for (int i = 0; i < 61; i++) *at++ = '}';
    *at = '\0';
    ck_assert_int_eq(parse(json, 0, &error), PLURUM_INVALID);
    ck_assert_ptr_nonnull(strstr(error.text, "x.nnnnn"));
    ck_assert_ptr_nonnull(strstr(error.text, ": holds a secret (password"));
}
END_TEST

START_TEST(short_memory_never_lets_a_secret_through)
{
    static const char JSON[] = "{\"goal\":\"Ten code points\",\"solution\":\"password=hunter2\"}";
    for (unsigned long nth = 1; nth < 50; nth++) {
        plurum_experience *experience;
        plurum_error error;
        pli_alloc_fail_at(nth);
        plurum_status status =
            plurum_experience_parse(&experience, JSON, sizeof JSON - 1, NULL, &error);
        pli_alloc_fail_at(0);
        ck_assert(status == PLURUM_INVALID || status == PLURUM_NOMEM);
    }
}
END_TEST

/* ---- JSON of any shape ---------------------------------------------------------------------- */

typedef struct told {
    size_t count, stop_at;
    char lines[1024];
} told;

static int tell(void *payload, const plurum_secret *secret)
{
    told *t = payload;
    size_t len = strlen(t->lines);
    snprintf(t->lines + len, sizeof t->lines - len, "%s %s %zu+%zu:%llu\n", secret->field,
             secret->kind, secret->offset, secret->len, (unsigned long long)secret->line);
    return ++t->count == t->stop_at;
}

START_TEST(every_finding_in_json_is_told_with_its_field)
{
    static const char JSON[] = "{\"a\":\"x\\npassword=hunter2\",\"password\":\"hunter2\",\"b\":"
                               "[1,{\"token=0123456789abcdef\":\"AKIAIOSFODNN7EXAMPLE\"}]}";
    told all = {0}, one = {.stop_at = 1};
    size_t count;
    plurum_error error;
    ck_assert_int_eq(plurum_secrets_find_json(&count, JSON, strlen(JSON), tell, &all, &error), 0);
    ck_assert_str_eq(all.lines, "a password 11+7:2\n"
                                "password password 0+7:1\n"
                                "b[1].(member) secret 6+16:1\n"
                                "b[1].(member) aws-access-key 0+20:1\n");
    ck_assert_uint_eq(count, 4);
    ck_assert_int_eq(plurum_secrets_find_json(&count, JSON, strlen(JSON), tell, &one, &error), 0);
    ck_assert_uint_eq(count, 1);
    ck_assert_int_eq(plurum_secrets_find_json(NULL, JSON, strlen(JSON), NULL, NULL, NULL), 0);
    ck_assert_int_eq(plurum_secrets_find_json(&count, "{}", 2, NULL, NULL, NULL), 0);
    ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(a_json_value_is_refused_by_field_and_kind)
{
    static const char JSON[] = "{\"text\":[\"fine\",\"ghp_0123456789abcdefABCDEF0123456789abcd\"]}";
    plurum_error error;
    ck_assert_int_eq(plurum_secrets_check_json("content", JSON, strlen(JSON), &error),
                     PLURUM_INVALID);
    ck_assert_str_eq(error.text, "content.text[1]: holds a secret (github-token at byte 0), a "
                                 "placeholder such as $TOKEN expected");
    ck_assert_int_eq(plurum_secrets_check_json("content", "{", 1, &error), PLURUM_INVALID);
    ck_assert_msg(strncmp(error.text, "not JSON at byte 1: ", 20) == 0, "%s", error.text);
    ck_assert_int_eq(plurum_secrets_check_json(NULL, "\"$TOKEN\"", 8, &error), PLURUM_OK);
}
END_TEST

START_TEST(every_secret_is_found_as_a_json_string)
{
    corpus c = corpus_read("secret.txt");
    for (size_t i = 0; i < c.count; i++) {
        json_t *value = json_pack("[s, {s: [s]}]", "fine", "entry", c.texts[i].text);
        char *json = json_dumps(value, i % 2 ? JSON_ENSURE_ASCII : JSON_INDENT(2));
        size_t count;
        ck_assert_int_eq(plurum_secrets_find_json(&count, json, strlen(json), NULL, NULL, NULL), 0);
        ck_assert_msg(count > 0, "missed in JSON: %s", json);
        ck_assert_msg(plurum_secrets_find(json, strlen(json), NULL, NULL) > 0,
                      "missed in the text of JSON: %s", json);
        free(json);
        json_decref(value);
    }
    corpus_free(&c);
}
END_TEST

/* ---- the index ------------------------------------------------------------------------------ */

static char directory[64];
static plurum_index *handle;
static plurum_batch *batch;

static void open_index(void)
{
    plurum_error error;
    strcpy(directory, "/tmp/plurum-secrets-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_msg(plurum_index_create(directory, NULL, &error) == PLURUM_OK, "%s", error.text);
    ck_assert_msg(plurum_index_open(&handle, directory, NULL, &error) == PLURUM_OK, "%s",
                  error.text);
    ck_assert_int_eq(plurum_batch_new(&batch, handle, &error), PLURUM_OK);
}

static void close_index(void)
{
    char command[96];
    plurum_batch_free(batch);
    plurum_index_close(handle);
    snprintf(command, sizeof command, "rm -rf %s", directory);
    ck_assert_int_eq(system(command), 0);
}

static void assert_outcome_refused(const plurum_outcome *outcome, const char *message)
{
    plurum_error error = {.text = "nothing"};
    ck_assert_int_eq(plurum_batch_outcome(batch, outcome, &error), PLURUM_INVALID);
    ck_assert_str_eq(error.text, message);
    ck_assert_uint_eq(plurum_batch_count(batch), 0);
}

START_TEST(no_text_of_an_outcome_may_hold_a_secret)
{
    static const char NOTE[] = "connect to postgres://app:hunter2@db/app failed";
    static const char ENV[] = "{\"os\": \"linux\", \"vars\": [{\"DB_PASSWORD\": \"hunter2\"}]}";
    plurum_outcome message = PLURUM_OUTCOME_INIT, notes, env, agent;
    message.id = "01234567-89ab-4def-8123-456789abcdef";
    message.agent = "agent";
    notes = env = agent = message;
    message.error_message = NOTE;
    notes.context_notes = NOTE;
    env.env_fingerprint = ENV;
    agent.agent = "plrm_live_0123456789abcdef";
    assert_outcome_refused(&message, "error_message: holds a secret (connection-string at byte 26),"
                                     " a placeholder such as $TOKEN expected");
    assert_outcome_refused(&notes, "context_notes: holds a secret (connection-string at byte 26), a"
                                   " placeholder such as $TOKEN expected");
    assert_outcome_refused(&env, "env_fingerprint.vars[0].DB_PASSWORD: holds a secret (password at "
                                 "byte 0), a placeholder such as $TOKEN expected");
    assert_outcome_refused(&agent, "agent: holds a secret (plurum-key at byte 0), a placeholder "
                                   "such as $TOKEN expected");
    notes.context_notes = "connect to postgres://app:$PGPASSWORD@db/app failed";
    ck_assert_int_eq(plurum_batch_outcome(batch, &notes, NULL), PLURUM_OK);
}
END_TEST

START_TEST(no_name_of_an_agent_may_be_a_secret)
{
    static const char KEY[] = "plrm_live_0123456789abcdef";
    plurum_error error = {.text = ""};
    ck_assert_int_eq(plurum_batch_vote(batch, "id", KEY, 1, PLURUM_TIME_UNSET, &error),
                     PLURUM_INVALID);
    ck_assert(strstr(error.text, "agent: holds a secret") && !strstr(error.text, KEY));
    ck_assert_int_eq(plurum_batch_delete(batch, "id", KEY, &error), PLURUM_INVALID);
    plurum_experience *experience;
    static const char JSON[] = "{\"goal\":\"Ten code points\"}";
    ck_assert_int_eq(plurum_experience_parse(&experience, JSON, strlen(JSON), NULL, &error), 0);
    ck_assert_int_eq(plurum_batch_put_experience(batch, experience, KEY, NULL, 0,
                                                 PLURUM_CONFLICT_ERROR, &error), PLURUM_INVALID);
    ck_assert(strstr(error.text, "agent_id: holds a secret") && !strstr(error.text, KEY));
    plurum_experience_free(experience);
}
END_TEST

START_TEST(plain_documents_are_taken_as_they_are)
{
    plurum_document document = PLURUM_DOCUMENT_INIT;
    document.key = "d1";
    document.text[PLURUM_TEXT_BODY] = "password=hunter2";
    plurum_error error;
    ck_assert_int_eq(plurum_batch_put(batch, &document, PLURUM_CONFLICT_ERROR, &error), PLURUM_OK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("secrets at every way in");
    TCase *in = tcase_create("experiences"), *json = tcase_create("json");
    TCase *engine = tcase_create("index");
    tcase_set_timeout(in, 120);
    tcase_set_timeout(json, 60);
    tcase_add_test(in, a_secret_is_refused_wherever_it_stands_in_an_experience);
    tcase_add_test(in, harmless_texts_are_accepted_in_an_experience);
    tcase_add_test(in, refusals_have_their_words);
    tcase_add_test(in, names_alone_and_placeholders_are_accepted);
    tcase_add_test(in, a_long_and_deep_path_is_cut_and_refused_all_the_same);
    tcase_add_test(in, short_memory_never_lets_a_secret_through);
    tcase_add_test(json, every_finding_in_json_is_told_with_its_field);
    tcase_add_test(json, a_json_value_is_refused_by_field_and_kind);
    tcase_add_test(json, every_secret_is_found_as_a_json_string);
    tcase_add_checked_fixture(engine, open_index, close_index);
    tcase_add_test(engine, no_text_of_an_outcome_may_hold_a_secret);
    tcase_add_test(engine, no_name_of_an_agent_may_be_a_secret);
    tcase_add_test(engine, plain_documents_are_taken_as_they_are);
    suite_add_tcase(suite, in);
    suite_add_tcase(suite, json);
    suite_add_tcase(suite, engine);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
