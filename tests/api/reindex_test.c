/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reindexing with another model: the answers of an index that was made with it, going on where it
 * was stopped, and back.
 */
#include <config.h>

#include "tests/api/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOCUMENTS = 700, DIM_B = 6 };

static plurum_embedder *first, *second;
static _Atomic int embedded; /* texts since it was last set to 0 */
static _Atomic int failing;

/* Bags of letters: any function of the text will do. */
static plurum_status embed(void *payload, const char *const *texts, size_t count, float *out,
                           plurum_error *why)
{
    size_t dim = *(const size_t *)payload;
    if (failing && --failing == 0) {
        memset(why, 0, sizeof *why);
        why->status = PLURUM_IO;
        strcpy(why->text, "the model is down");
        return PLURUM_IO;
    }
    memset(out, 0, count * dim * sizeof *out);
    for (size_t i = 0; i < count && dim == DIM_B; i++)
        if (strchr(texts[i], '#')) return PLURUM_INVALID;
    for (size_t i = 0; i < count; i++)
        for (const char *at = texts[i]; *at; at++)
            if (!strchr(texts[i], '!')) out[i * dim + (unsigned char)*at * 7 % dim] += 1;
    embedded += (int)count;
    return PLURUM_OK;
}

static plurum_embedder *model(const char *name, const size_t *dim, double alpha)
{
    plurum_embedder *made;
    plurum_fingerprint fingerprint = {.dim = (uint32_t)*dim, .text_template = 1, .checksum = *dim};
    plurum_embedder_methods methods = {.struct_size = sizeof methods, .embed = embed};
    plurum_model_traits traits = PLURUM_MODEL_TRAITS_INIT;
    traits.alpha = alpha;
    strcpy(fingerprint.name, name);
    OK(plurum_embedder_create(&made, &fingerprint, &traits, &methods, (void *)(uintptr_t)dim, &error));
    return made;
}

static void open_as(plurum_embedder *embedder)
{
    plurum_open_options options = opening();
    close_index();
    options.embedder = embedder;
    open_with(&options);
}

static void put_texts(int from, int to)
{
    static const char *const WORDS[] = {"restore", "backup", "database", "volume", "kernel!"};
    for (int i = from; i < to; i++) {
        char key[16], title[96];
        snprintf(key, sizeof key, "k%d", i);
        snprintf(title, sizeof title, "%s of the %s number %d", WORDS[i % 5], WORDS[i / 5 % 5], i);
        put_text(key, title);
    }
}

static void create_as(const plurum_embedder *embedder)
{
    plurum_create_options options = creation();
    options.fingerprint = plurum_embedder_fingerprint(embedder);
    options.traits = plurum_embedder_traits(embedder);
    create(&options);
}

static void setup(void)
{
    static const size_t DIMS[] = {4, DIM_B};
    begin_world();
    first = model("first", &DIMS[0], 0.5);
    second = model("second", &DIMS[1], 0.3);
    create_as(first);
    open_as(first);
    put_texts(0, DOCUMENTS);
    for (int i = 0; i < 3; i++) {
        plurum_outcome o = outcome((const char *const[]){"k1", "k77", "k120"}[i], "anna", i != 1);
        o.query = (const char *const[]){"restore a database", "number 77", "!"}[i];
        OK(report(&o, NULL));
    }
    OK(delete_document("k2", NULL));
    embedded = failing = 0;
}

static void teardown(void)
{
    end_world();
    plurum_embedder_free(first);
    plurum_embedder_free(second);
}

static char *answers(void)
{
    static const char *const QUERIES[] = {"restore the database", "kernel", "number 77 of volume",
                                          "the backup"};
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (int i = 0; i < 12; i++) {
        plurum_query q = query(QUERIES[i % 4]);
        q.mode = i < 4 ? PLURUM_MODE_HYBRID : i < 8 ? PLURUM_MODE_TEXT : PLURUM_MODE_VECTOR;
        q.limit = 100;
        plurum_results *results = search(&q);
        for (size_t h = 0; h < plurum_results_count(results); h++) {
            const plurum_hit *hit = plurum_results_hit(results, h);
            fprintf(out, "%s %.17g %.17g\n", hit->key, hit->score, hit->similarity);
        }
        fprintf(out, "of %zu\n", plurum_results_total(results));
        plurum_results_free(results);
    }
    fclose(out);
    return text;
}

static int add_line(void *payload, const char *line, size_t len)
{
    return plurum_batch_import(payload, line, len, NULL, &error) != PLURUM_OK;
}

/* What an index answers that was made with this model from the start. */
static char *answers_of_new(plurum_embedder *embedder)
{
    char old[96];
    plurum_batch *batch;
    char *text;
    plurum_index *source = opened;
    strcpy(old, path);
    snprintf(path, sizeof path, "%s/new", directory);
    opened = NULL;
    create_as(embedder);
    open_as(embedder);
    OK(plurum_batch_new(&batch, opened, &error));
    OK(plurum_index_export(source, NULL, add_line, batch, &error));
    OK(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
    text = answers();
    close_index();
    snprintf(path, sizeof path, "rm -r %.80s/new", directory);
    ck_assert_int_eq(system(path), 0);
    strcpy(path, old);
    opened = source;
    return text;
}

static plurum_status reindex(plurum_reindex_report *r, plurum_embedder *embedder, int rollback)
{
    plurum_reindex_options options = PLURUM_REINDEX_OPTIONS_INIT;
    options.embedder = embedder;
    options.rollback = rollback;
    if (r) *r = (plurum_reindex_report){.struct_size = sizeof *r};
    close_index();
    return plurum_index_reindex(r, path, &options, &error);
}

START_TEST(a_reindexed_index_answers_like_one_that_was_made_with_the_model)
{
    plurum_reindex_report r;
    char *expected = answers_of_new(second), *state = digest();
    OK(reindex(&r, second, 0));
    ck_assert_str_eq(r.model, "second");
    ck_assert_uint_eq(r.dim, DIM_B);
    ck_assert_uint_eq(r.documents, DOCUMENTS - 1);
    ck_assert_uint_gt(r.without, 0);
    open_as(second);
    char *now = answers(), *same = digest();
    ck_assert_str_eq(now, expected);
    *strstr(state, " vectors, ") = *strstr(same, " vectors, ") = '\0';
    ck_assert_str_eq(state, same);
    ck_assert_str_eq(log_text, "");
    ck_assert_uint_eq(stats().kept_vectors, stats().vectors);
    verify_is_clean();
    put_texts(700, 720);
    OK(delete_document("k5", NULL));
    verify_is_clean();
    free(expected), free(now), free(state), free(same);
}
END_TEST

/* How many successes for queries like it a search hears of k1. */
static double heard(const char *text)
{
    plurum_query q = query(text);
    q.limit = 100;
    plurum_results *results = search(&q);
    double successes = -1;
    for (size_t i = 0; i < plurum_results_count(results); i++)
        if (strcmp(plurum_results_hit(results, i)->key, "k1") == 0)
            successes = plurum_results_hit(results, i)->explain->alike_successes;
    plurum_results_free(results);
    ck_assert_double_ge(successes, 0);
    return successes;
}

static int count_codes(void *payload, const char *line, size_t len)
{
    *(int *)payload += memmem(line, len, "\"query_code\"", 12) != NULL;
    return 0;
}

static int exported_codes(void)
{
    int count = 0;
    plurum_export_options options = PLURUM_EXPORT_OPTIONS_INIT;
    options.vectors = 1;
    OK(plurum_index_export(opened, &options, count_codes, &count, &error));
    return count;
}

START_TEST(queries_of_another_model_are_like_none_even_in_as_many_dimensions)
{
    static const size_t FOUR = 4;
    plurum_embedder *twin = model("twin", &FOUR, 0.5);
    ck_assert_double_gt(heard("backup of the restore number 1"), 0);
    OK(reindex(NULL, twin, 0));
    open_as(twin);
    ck_assert_double_gt(heard("backup of the restore number 1"), 0); /* asked anew */
    ck_assert_int_eq(exported_codes(), 2);
    OK(reindex(NULL, NULL, 1)); /* back, and nobody is asked */
    open_as(first);
    ck_assert_double_eq(heard("backup of the restore number 1"), 0);
    ck_assert_int_eq(exported_codes(), 0); /* another model's are not the index's to give */
    verify_is_clean();
    plurum_embedder_free(twin);
}
END_TEST

START_TEST(queries_that_a_model_refuses_are_no_failure_and_are_counted)
{
    plurum_reindex_report r;
    plurum_outcome o = outcome("k3", "bert", 1);
    o.query = "restore # a database";
    OK(report(&o, NULL));
    OK(reindex(&r, second, 0));
    ck_assert_uint_eq(r.unasked, 2); /* and the one in which the model finds nothing */
    open_as(second);
    ck_assert_double_gt(heard("backup of the restore number 1"), 0);
    verify_is_clean();
}
END_TEST

START_TEST(the_old_model_is_refused_after_it)
{
    plurum_open_options options = opening();
    options.embedder = first;
    OK(reindex(NULL, second, 0));
    FAILS(plurum_index_open(&opened, path, &options, &error), PLURUM_MISMATCH, "second");
}
END_TEST

START_TEST(rolled_back_it_answers_as_before_and_embeds_what_came_since)
{
    plurum_reindex_report r;
    OK(reindex(NULL, second, 0));
    open_as(second);
    put_texts(650, 750); /* some replaced, some new */
    char *forth = answers();
    embedded = 0;
    OK(reindex(&r, first, 1));
    ck_assert_str_eq(r.model, "first");
    ck_assert_int_lt(embedded, 400); /* those since, and those without a vector */
    open_as(first);
    verify_is_clean();
    char *expected = answers_of_new(first), *now = answers();
    ck_assert_str_eq(now, expected);
    OK(reindex(&r, second, 1)); /* and forth again */
    open_as(second);
    char *again = answers();
    ck_assert_str_eq(again, forth);
    verify_is_clean();
    free(forth), free(expected), free(now), free(again);
}
END_TEST

static int stop_at(void *payload, const char *step, uint64_t done, uint64_t total)
{
    (void)total;
    return strcmp(step, "documents") == 0 && done >= *(uint64_t *)payload;
}

START_TEST(stopped_it_changes_nothing_and_goes_on_where_it_was)
{
    uint64_t at = 400;
    plurum_reindex_options options = PLURUM_REINDEX_OPTIONS_INIT;
    char *before = answers(), *expected = answers_of_new(second);
    options.embedder = second;
    options.job.progress = stop_at;
    options.job.progress_payload = &at;
    close_index();
    embedded = 0;
    FAILS(plurum_index_reindex(NULL, path, &options, &error), PLURUM_CANCELLED, "400 of 699 documents");
    int done = embedded;
    ck_assert_int_ge(done, 256);
    open_as(first);
    char *now = answers();
    ck_assert_str_eq(now, before);
    verify_is_clean();
    OK(delete_document("k7", NULL)); /* one that has its new vector already */
    put_text("k7", "restore of the volume number 7");
    embedded = 0;
    free(expected);
    expected = answers_of_new(second);
    embedded = 0;
    OK(reindex(NULL, second, 0));
    ck_assert_int_lt(embedded, DOCUMENTS - 150);
    open_as(second);
    free(now);
    now = answers();
    ck_assert_str_eq(now, expected);
    verify_is_clean();
    free(before), free(expected), free(now);
}
END_TEST

START_TEST(a_failing_model_leaves_the_index_as_it_was)
{
    char *before = answers();
    failing = 2;
    FAILS(reindex(NULL, second, 0), PLURUM_IO, "the model is down");
    open_as(first);
    char *now = answers();
    ck_assert_str_eq(now, before);
    verify_is_clean();
    FAILS(reindex(NULL, first, 1), PLURUM_NOTFOUND, "no generation before");
    OK(reindex(NULL, second, 0));
    open_as(second);
    verify_is_clean();
    free(before), free(now);
}
END_TEST

START_TEST(a_third_model_takes_the_place_of_the_previous_one)
{
    static const size_t DIM_C = 3;
    plurum_embedder *third = model("third", &DIM_C, 0.5);
    char *expected = answers_of_new(third);
    OK(reindex(NULL, second, 0));
    OK(reindex(NULL, third, 0));
    open_as(third);
    char *now = answers();
    ck_assert_str_eq(now, expected);
    verify_is_clean();
    OK(reindex(NULL, second, 1));
    open_as(second);
    verify_is_clean();
    FAILS(reindex(NULL, first, 1), PLURUM_MISMATCH, "third");
    free(expected), free(now);
    plurum_embedder_free(third);
}
END_TEST

START_TEST(weights_become_those_of_searches_that_bring_none)
{
    plurum_weights *weights;
    plurum_reindex_options options = PLURUM_REINDEX_OPTIONS_INIT;
    OK(plurum_weights_new(&weights, &error));
    OK(plurum_weights_set(weights, "field_title", 0.25, &error));
    OK(plurum_weights_set_text(weights, "fusion", "rrf", &error));
    plurum_query q = query("restore the database");
    q.weights = weights;
    plurum_results *results = search(&q);
    char *expected = strdup(keys(results));
    double score = plurum_results_hit(results, 0)->score;
    plurum_results_free(results);
    char *before = answers();
    options.weights = weights;
    close_index();
    OK(plurum_index_reindex(NULL, path, &options, &error));
    open_as(first);
    q.weights = NULL;
    results = search(&q);
    ck_assert_str_eq(keys(results), expected);
    ck_assert(plurum_results_hit(results, 0)->score == score);
    plurum_results_free(results);
    verify_is_clean();
    OK(reindex(NULL, NULL, 1));
    open_as(first);
    char *now = answers();
    ck_assert_str_eq(now, before);
    plurum_weights_free(weights);
    free(expected), free(before), free(now);
}
END_TEST

START_TEST(an_index_may_go_without_vectors)
{
    plurum_reindex_report r = {.struct_size = sizeof r};
    plurum_reindex_options options = PLURUM_REINDEX_OPTIONS_INIT;
    options.without_vectors = 1;
    close_index();
    OK(plurum_index_reindex(&r, path, &options, &error));
    ck_assert_uint_eq(r.dim, 0);
    reopen();
    ck_assert_uint_eq(stats().vectors, 0);
    ck_assert_int_eq(strncmp(found("number 77"), "k77 ", 4), 0);
    verify_is_clean();
    plurum_compact_report c = {.struct_size = sizeof c};
    close_index();
    OK(plurum_index_compact(&c, path, NULL, &error)); /* which takes both generations along */
    OK(reindex(&r, NULL, 1));
    ck_assert_uint_eq(r.dim, 4);
    open_as(first);
    verify_is_clean();
}
END_TEST

START_TEST(what_makes_no_sense_is_refused)
{
    plurum_reindex_options options = PLURUM_REINDEX_OPTIONS_INIT;
    plurum_reindex_report unset = {0};
    FAILS(plurum_index_reindex(NULL, path, NULL, &error), PLURUM_BUSY, "open in this process");
    FAILS(plurum_index_reindex(NULL, "/nowhere", NULL, &error), PLURUM_NOTFOUND, "/nowhere");
    FAILS(plurum_index_reindex(&unset, path, NULL, &error), PLURUM_ARG, "struct_size");
    options.embedder = second;
    options.without_vectors = 1;
    FAILS(plurum_index_reindex(NULL, path, &options, &error), PLURUM_ARG, "one of them");
    options.rollback = 1;
    FAILS(plurum_index_reindex(NULL, path, &options, &error), PLURUM_ARG, "rollback");
    close_index();
    OK(plurum_index_reindex(NULL, path, NULL, &error)); /* the text index alone */
    open_as(first);
    verify_is_clean();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("reindex");
    TCase *tests = tcase_create("reindex");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, a_reindexed_index_answers_like_one_that_was_made_with_the_model);
    tcase_add_test(tests, queries_of_another_model_are_like_none_even_in_as_many_dimensions);
    tcase_add_test(tests, queries_that_a_model_refuses_are_no_failure_and_are_counted);
    tcase_add_test(tests, the_old_model_is_refused_after_it);
    tcase_add_test(tests, rolled_back_it_answers_as_before_and_embeds_what_came_since);
    tcase_add_test(tests, stopped_it_changes_nothing_and_goes_on_where_it_was);
    tcase_add_test(tests, a_failing_model_leaves_the_index_as_it_was);
    tcase_add_test(tests, a_third_model_takes_the_place_of_the_previous_one);
    tcase_add_test(tests, weights_become_those_of_searches_that_bring_none);
    tcase_add_test(tests, an_index_may_go_without_vectors);
    tcase_add_test(tests, what_makes_no_sense_is_refused);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
