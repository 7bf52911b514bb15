/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The project's own collection in data/: that every experience is valid and unlike every other, that
 * judgements and feedback point to what exists, and that domains and kinds of query are covered.
 */
#include <config.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <xxhash.h>

#include <plurum/plurum.h>

enum { MOST = 1000, SHINGLE = 5, LINE = 1 << 20 };

typedef struct record {
    json_t *json;
    uint64_t *shingles; /* sorted, unique */
    size_t shingle_count;
} record;

static record experiences[MOST], queries[MOST];
static size_t experience_count, query_count;

static FILE *open_data(const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", DATA_DIR, name);
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s is missing", path);
    return file;
}

static size_t read_lines(record *records, const char *name)
{
    static char line[LINE];
    FILE *file = open_data(name);
    size_t n = 0;
    while (fgets(line, sizeof line, file)) {
        ck_assert_uint_lt(n, MOST);
        records[n].json = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
        ck_assert_msg(records[n].json != NULL, "%s:%zu: not JSON", name, n + 1);
        n++;
    }
    fclose(file);
    return n;
}

static const char *text_of(const record *r, const char *name)
{
    const char *text = json_string_value(json_object_get(r->json, name));
    return text ? text : "";
}

/* By id, or by short id. */
static int has_experience(const char *id)
{
    const char *name = strlen(id) == PLURUM_SHORT_ID_LEN ? "short_id" : "id";
    for (size_t i = 0; i < experience_count; i++)
        if (strcmp(text_of(&experiences[i], name), id) == 0) return 1;
    return 0;
}

static const record *query_of(const char *id)
{
    for (size_t i = 0; i < query_count; i++)
        if (strcmp(text_of(&queries[i], "_id"), id) == 0) return &queries[i];
    return NULL;
}

/* ---- likeness ---- */

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Hashes of every five words in a row of an experience's text. */
static void make_shingles(record *r, const char *text)
{
    static uint64_t words[LINE / 2];
    size_t n = 0;
    for (const char *at = text; *at;) {
        size_t len = strcspn(at, " \n\t.,;:()\"'`");
        if (len) words[n++] = XXH3_64bits(at, len);
        at += len + (at[len] != 0);
    }
    size_t count = n >= SHINGLE ? n - SHINGLE + 1 : 0, kept = 0;
    r->shingles = malloc((count + 1) * sizeof *r->shingles);
    for (size_t i = 0; i < count; i++)
        r->shingles[i] = XXH3_64bits(words + i, SHINGLE * sizeof *words);
    qsort(r->shingles, count, sizeof *r->shingles, by_value);
    for (size_t i = 0; i < count; i++)
        if (!kept || r->shingles[kept - 1] != r->shingles[i]) r->shingles[kept++] = r->shingles[i];
    r->shingle_count = kept;
}

static double jaccard(const record *a, const record *b)
{
    size_t i = 0, j = 0, both = 0;
    while (i < a->shingle_count && j < b->shingle_count) {
        if (a->shingles[i] == b->shingles[j]) both++, i++, j++;
        else if (a->shingles[i] < b->shingles[j]) i++;
        else j++;
    }
    size_t all = a->shingle_count + b->shingle_count - both;
    return all ? (double)both / (double)all : 0.0;
}

static plurum_experience *parse(const record *r, size_t i)
{
    plurum_experience_options options = PLURUM_EXPERIENCE_OPTIONS_INIT;
    plurum_experience *experience;
    plurum_error error;
    char *text = json_dumps(r->json, JSON_COMPACT);
    options.import = 1;
    plurum_status status =
        plurum_experience_parse(&experience, text, strlen(text), &options, &error);
    free(text);
    ck_assert_msg(status == PLURUM_OK, "experiences.jsonl:%zu: %s", i + 1, error.text);
    return experience;
}

static void setup(void)
{
    experience_count = read_lines(experiences, "experiences.jsonl");
    query_count = read_lines(queries, "queries.jsonl");
}

static void teardown(void)
{
    for (size_t i = 0; i < experience_count; i++) {
        json_decref(experiences[i].json);
        free(experiences[i].shingles);
        experiences[i].shingles = NULL;
    }
    for (size_t i = 0; i < query_count; i++) json_decref(queries[i].json);
}

START_TEST(every_experience_is_valid_and_of_a_fitting_size)
{
    ck_assert_uint_ge(experience_count, 300);
    for (size_t i = 0; i < experience_count; i++) {
        plurum_experience *experience = parse(&experiences[i], i);
        size_t size = strlen(plurum_experience_json(experience));
        ck_assert_msg(size >= 1000 && size <= 4600, "experiences.jsonl:%zu: %zu bytes", i + 1, size);
        plurum_experience_free(experience);
        for (size_t j = 0; j < i; j++) {
            ck_assert_str_ne(text_of(&experiences[i], "id"), text_of(&experiences[j], "id"));
            ck_assert_str_ne(text_of(&experiences[i], "short_id"),
                             text_of(&experiences[j], "short_id"));
        }
    }
}
END_TEST

START_TEST(no_experience_is_a_copy_of_another)
{
    for (size_t i = 0; i < experience_count; i++) {
        plurum_experience *experience = parse(&experiences[i], i);
        make_shingles(&experiences[i], plurum_experience_json(experience));
        plurum_experience_free(experience);
        for (size_t j = 0; j < i; j++) {
            double likeness = jaccard(&experiences[i], &experiences[j]);
            ck_assert_msg(likeness < 0.5, "experiences.jsonl: lines %zu and %zu are alike: %.2f",
                          j + 1, i + 1, likeness);
        }
    }
}
END_TEST

/* Every way in refuses what holds one; the file itself must not either, queries and notes included. */
START_TEST(no_file_holds_a_secret)
{
    static const char *const FILES[] = {"experiences.jsonl", "queries.jsonl", "feedback.jsonl"};
    static char line[LINE];
    for (size_t f = 0; f < sizeof FILES / sizeof *FILES; f++) {
        FILE *file = open_data(FILES[f]);
        for (size_t n = 1; fgets(line, sizeof line, file); n++) {
            plurum_error error = {.text = ""};
            plurum_status status = plurum_secrets_check_json("line", line, strlen(line), &error);
            ck_assert_msg(status == PLURUM_OK, "%s:%zu: %s", FILES[f], n, error.text);
            ck_assert_uint_eq(plurum_secrets_find(line, strlen(line), NULL, NULL), 0);
        }
        fclose(file);
    }
}
END_TEST

/* Number of distinct values of a member, or of the members of a list, case folded by hand. */
static size_t distinct(const record *records, size_t count, const char *name)
{
    json_t *seen = json_object();
    for (size_t i = 0; i < count; i++) {
        json_t *value = json_object_get(records[i].json, name), *item;
        size_t k;
        if (json_is_string(value)) json_object_set_new(seen, json_string_value(value), json_true());
        json_array_foreach(value, k, item)
            json_object_set_new(seen, json_string_value(item), json_true());
    }
    size_t n = json_object_size(seen);
    json_decref(seen);
    return n;
}

START_TEST(domains_tools_and_outcomes_are_many)
{
    ck_assert_uint_ge(distinct(experiences, experience_count, "domain"), 12);
    ck_assert_uint_ge(distinct(experiences, experience_count, "tools_used"), 60);
    ck_assert_uint_eq(distinct(experiences, experience_count, "outcome"), 3);
}
END_TEST

START_TEST(every_kind_of_query_is_there)
{
    static const char *const KINDS[] = {"paraphrase", "error", "identifier", "vague",
                                        "double",     "typo",  "howto",      "none"};
    ck_assert_uint_ge(query_count, 120);
    ck_assert_uint_eq(distinct(queries, query_count, "_id"), query_count);
    for (size_t k = 0; k < sizeof KINDS / sizeof *KINDS; k++) {
        size_t n = 0;
        for (size_t i = 0; i < query_count; i++)
            n += strcmp(text_of(&queries[i], "kind"), KINDS[k]) == 0;
        ck_assert_msg(n >= 10, "only %zu queries of kind %s", n, KINDS[k]);
    }
    ck_assert_uint_eq(distinct(queries, query_count, "kind"), sizeof KINDS / sizeof *KINDS);
}
END_TEST

START_TEST(judgements_point_to_what_exists)
{
    char line[512], query[128], document[128], more;
    int grade;
    FILE *file = open_data("qrels.tsv");
    size_t judged = 0;
    json_t *answered = json_object();
    ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file)) {
        ck_assert_int_eq(sscanf(line, "%127s %127s %d %c", query, document, &grade, &more), 3);
        ck_assert_msg(has_experience(document), "qrels.tsv: %s is no experience", document);
        const record *asked = query_of(query);
        ck_assert_msg(asked != NULL, "qrels.tsv: %s is no query", query);
        ck_assert_int_ge(grade, 0);
        ck_assert_int_le(grade, 3);
        if (strcmp(text_of(asked, "kind"), "none") == 0) ck_assert_int_lt(grade, 2);
        if (grade >= 2) json_object_set_new(answered, query, json_true());
        judged++;
    }
    fclose(file);
    ck_assert_uint_gt(judged, query_count);
    for (size_t i = 0; i < query_count; i++)
        ck_assert_msg(strcmp(text_of(&queries[i], "kind"), "none") == 0 ||
                          json_object_get(answered, text_of(&queries[i], "_id")),
                      "%s has no answer", text_of(&queries[i], "_id"));
    json_decref(answered);
}
END_TEST

START_TEST(feedback_is_by_forty_agents_on_what_exists)
{
    static char line[LINE];
    FILE *file = open_data("feedback.jsonl");
    json_t *agents = json_object();
    size_t n = 0;
    while (fgets(line, sizeof line, file)) {
        json_t *event = json_loads(line, 0, NULL);
        const char *id = json_string_value(json_object_get(event, "experience"));
        const char *agent = json_string_value(json_object_get(event, "agent"));
        ck_assert_msg(id && agent && has_experience(id), "feedback.jsonl:%zu: no such experience",
                      n + 1);
        json_object_set_new(agents, agent, json_true());
        json_decref(event);
        n++;
    }
    fclose(file);
    ck_assert_uint_ge(n, 500);
    ck_assert_uint_eq(json_object_size(agents), 40);
    json_decref(agents);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("collection");
    TCase *tc = tcase_create("collection");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 120);
    suite_add_tcase(suite, tc);
    tcase_add_test(tc, every_experience_is_valid_and_of_a_fitting_size);
    tcase_add_test(tc, no_experience_is_a_copy_of_another);
    tcase_add_test(tc, no_file_holds_a_secret);
    tcase_add_test(tc, domains_tools_and_outcomes_are_many);
    tcase_add_test(tc, every_kind_of_query_is_there);
    tcase_add_test(tc, judgements_point_to_what_exists);
    tcase_add_test(tc, feedback_is_by_forty_agents_on_what_exists);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
