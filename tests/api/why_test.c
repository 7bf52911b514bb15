/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why: each condition is named, places and scores are those of a search, and each weight that is
 * said to bring a document in does so when the search is run again with it.
 */
#include <config.h>

#include "tests/api/world.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static plurum_why *ask(const char *id, const plurum_query *q)
{
    plurum_why *why;
    OK(plurum_index_why(&why, opened, id, q, &error));
    return why;
}

static plurum_query hybrid(const char *text)
{
    plurum_query q = query(text);
    q.vector = EAST;
    q.dim = DIM;
    return q;
}

/* ---- conditions ---- */

static plurum_document full(void)
{
    static const char *const tools[] = {"psql"}, *const tags[] = {"table"};
    plurum_document d = document("full", "add a column");
    d.domain = "postgres";
    d.tools = tools, d.tool_count = 1;
    d.tags = tags, d.tag_count = 1;
    d.confidence = .5;
    d.owner = "anna";
    d.created_at = NEW_YEAR - DAY;
    return d;
}

static void filtered_by(const plurum_filter *f, const plurum_viewer *viewer, const char *expected)
{
    char names[256] = "";
    plurum_query q = query("add a column");
    q.filter = f;
    q.viewer = viewer;
    plurum_why *why = ask("full", &q);
    const plurum_why_report *r = plurum_why_report_of(why);
    for (size_t i = 0; i < r->filter_count; i++) {
        if (i) strcat(names, " ");
        strcat(names, r->filters[i]);
    }
    ck_assert_str_eq(names, expected);
    ck_assert_int_eq(r->place == 0, *expected != '\0');
    ck_assert_uint_eq(r->change_count, 0);
    ck_assert_double_gt(r->hit->score, 0); /* what it would have */
    ck_assert_uint_eq(r->text_place, 1);
    plurum_results *results = search(&q);
    ck_assert_uint_eq(plurum_results_count(results), *expected ? 0 : 1);
    plurum_results_free(results);
    plurum_why_free(why);
}

START_TEST(each_condition_that_it_does_not_meet_is_named)
{
    static const char *const other[] = {"other"};
    plurum_document d = full();
    put(&d);
    plurum_filter f = PLURUM_FILTER_INIT;
    filtered_by(&f, NULL, "");
    f.domain = "mysql";
    filtered_by(&f, NULL, "domain");
    f.domain = "POSTGRES";
    filtered_by(&f, NULL, "");
    f.tools = other, f.tool_count = 1;
    filtered_by(&f, NULL, "tools");
    f.tags = other, f.tag_count = 1;
    filtered_by(&f, NULL, "tools tags");
    f = (plurum_filter)PLURUM_FILTER_INIT;
    f.min_quality = .9;
    filtered_by(&f, NULL, "min_quality");
    f.min_confidence = .6;
    filtered_by(&f, NULL, "min_quality min_confidence");
    f = (plurum_filter)PLURUM_FILTER_INIT;
    f.since = NEW_YEAR;
    filtered_by(&f, NULL, "since");
    f.since = PLURUM_TIME_UNSET;
    f.until = NEW_YEAR - 2 * DAY;
    filtered_by(&f, NULL, "until");
    f = (plurum_filter)PLURUM_FILTER_INIT;
    f.visibilities = 1u << PLURUM_PRIVATE;
    filtered_by(&f, NULL, "visibility");
    f.visibilities = 0;
    f.lifecycles = 1u << PLURUM_ARCHIVED;
    filtered_by(&f, NULL, "status");
}
END_TEST

START_TEST(viewer_status_and_quarantine_are_named_too)
{
    plurum_document d = full();
    d.visibility = PLURUM_PRIVATE;
    put(&d);
    plurum_filter f = PLURUM_FILTER_INIT;
    plurum_viewer anna = viewer_of("anna"), berta = viewer_of("berta");
    filtered_by(&f, NULL, "viewer");
    filtered_by(&f, &berta, "viewer");
    filtered_by(&f, &anna, "");
    OK(set_lifecycle("full", NULL, PLURUM_ARCHIVED, NULL));
    filtered_by(&f, &anna, "status");
    filtered_by(&f, &berta, "viewer status");
    OK(set_lifecycle("full", NULL, PLURUM_PUBLISHED, NULL));
    for (int i = 0; i < 3; i++) failed("full", (const char *[]){"a", "b", "c"}[i]);
    filtered_by(&f, &anna, "quarantine");
    f.quarantine = PLURUM_QUARANTINE_SHOW;
    filtered_by(&f, &anna, "");
}
END_TEST

START_TEST(what_the_viewer_may_not_see_has_no_json)
{
    plurum_document d = full();
    d.visibility = PLURUM_PRIVATE;
    put(&d);
    plurum_query q = query("add a column");
    plurum_why *why = ask("full", &q);
    ck_assert_ptr_null(plurum_why_report_of(why)->hit->json);
    plurum_why_free(why);
}
END_TEST

/* ---- places and scores ---- */

/* Sixty documents around a quarter circle, with fewer and fewer words of the query. */
static void fill(void)
{
    static const char *const tools[] = {"psql"};
    for (int i = 0; i < 60; i++) {
        char key[16], title[64];
        const float vector[DIM] = {(float)cos(i * .025), (float)sin(i * .025), 0, 0};
        snprintf(key, sizeof key, "d%02d", i);
        snprintf(title, sizeof title, "%s%s number%d", i % 3 ? "add " : "",
                 i % 5 ? "column column" : "table", i);
        plurum_document d = document(key, title);
        if (i % 7) d.vector = vector, d.dim = DIM;
        if (i % 4 == 0) d.tools = tools, d.tool_count = 1;
        put(&d);
        if (i % 6 == 0) worked(key, "a"), worked(key, "b"), worked(key, "c");
    }
}

START_TEST(places_scores_and_rival_are_those_of_the_search)
{
    fill();
    plurum_query q = hybrid("add a column");
    q.limit = 100;
    plurum_results *all = search(&q);
    size_t count = plurum_results_count(all);
    ck_assert_uint_eq(count, 59); /* d00 has neither a word nor a vector */
    q.limit = 5;
    q.offset = 5;
    for (size_t i = 0; i < count; i += 3) {
        const plurum_hit *hit = plurum_results_hit(all, i);
        plurum_why *why = ask(hit->key, &q);
        const plurum_why_report *r = plurum_why_report_of(why);
        ck_assert_uint_eq(r->place, i + 1);
        ck_assert_uint_eq(r->total, count);
        ck_assert(r->first == 6 && r->last == 10);
        ck_assert(r->hit->score == hit->score && r->hit->text_score == hit->text_score);
        ck_assert_uint_eq(r->text_place, hit->text_rank);
        ck_assert_uint_eq(r->vector_place, hit->vector_rank);
        size_t rival = i == 0 ? 0 : i < 10 ? i : 10;
        ck_assert_uint_eq(r->rival_place, rival);
        if (rival) ck_assert_str_eq(r->rival->key, plurum_results_hit(all, rival - 1)->key);
        plurum_why_free(why);
    }
    plurum_results_free(all);
}
END_TEST

START_TEST(what_is_no_candidate_has_its_full_scores_all_the_same)
{
    fill();
    plurum_weights *few;
    OK(plurum_weights_new(&few, &error));
    OK(plurum_weights_set(few, "candidates", 8, &error));
    plurum_query q = hybrid("add a column");
    q.limit = 100;
    plurum_results *all = search(&q);
    q.weights = few;
    for (size_t i = 0; i < plurum_results_count(all); i++) {
        const plurum_hit *hit = plurum_results_hit(all, i);
        plurum_why *why = ask(hit->key, &q);
        const plurum_why_report *r = plurum_why_report_of(why);
        ck_assert(r->hit->text_score == hit->text_score);
        ck_assert(isnan(hit->cosine) ? isnan(r->hit->cosine) : r->hit->cosine == hit->cosine);
        ck_assert_uint_eq(r->text_place, hit->text_rank);
        ck_assert_uint_eq(r->vector_place, hit->vector_rank);
        ck_assert_int_eq(r->place == 0, (hit->text_rank == 0 || hit->text_rank > 8) &&
                                            (hit->vector_rank == 0 || hit->vector_rank > 8));
        plurum_why_free(why);
    }
    plurum_results_free(all);
    plurum_weights_free(few);
}
END_TEST

/* ---- what would bring it in ---- */

/* Runs the search again with the change: the place is the one that was told, on the page. */
static void verify(const char *id, plurum_query q, const plurum_why_report *r,
                   const plurum_why_change *c)
{
    plurum_weights *weights;
    OK(plurum_weights_new(&weights, &error));
    if (q.weights) {
        char *text;
        OK(plurum_weights_print(&text, q.weights, &error));
        OK(plurum_weights_parse(weights, text, strlen(text), &error));
        plurum_text_free(text);
    }
    if (c->word)
        OK(plurum_weights_set_text(weights, c->weight, c->word, &error));
    else
        OK(plurum_weights_set(weights, c->weight, c->to, &error));
    q.weights = weights;
    plurum_results *results = search(&q);
    ck_assert_uint_le(c->place, r->last);
    ck_assert_msg(c->place >= 1 && c->place <= plurum_results_count(results), "%s: %s to %g", id,
                  c->weight, c->to);
    ck_assert_str_eq(plurum_results_hit(results, c->place - 1)->key, id);
    plurum_results_free(results);
    plurum_weights_free(weights);
}

static void note_seen(char *seen, const char *weight)
{
    if (!strstr(seen, weight)) strcat(strcat(seen, weight), " ");
}

START_TEST(each_weight_that_is_said_to_bring_it_in_does)
{
    static const char *const tools[] = {"psql"};
    static const char *const fusions[] = {"adaptive", "minmax", "rrf"};
    char seen[512] = "";
    fill();
    for (size_t f = 0; f < 3; f++) {
        plurum_weights *base;
        OK(plurum_weights_new(&base, &error));
        OK(plurum_weights_set_text(base, "fusion", fusions[f], &error));
        OK(plurum_weights_set(base, "candidates", f ? 20 : 40, &error));
        OK(plurum_weights_set(base, "gate", 0, &error));
        plurum_query q = hybrid("add a column");
        q.limit = 5;
        q.tools = tools, q.tool_count = 1;
        q.weights = base;
        for (int i = 0; i < 60; i += 4) {
            char key[16];
            snprintf(key, sizeof key, "d%02d", i);
            plurum_why *why = ask(key, &q);
            const plurum_why_report *r = plurum_why_report_of(why);
            if (r->place && r->place <= r->last) ck_assert_uint_eq(r->change_count, 0);
            for (size_t c = 0; c < r->change_count; c++) {
                verify(key, q, r, &r->changes[c]);
                note_seen(seen, r->changes[c].weight);
            }
            plurum_why_free(why);
        }
        plurum_weights_free(base);
    }
    static const char *const EXPECTED[] = {"fusion", "alpha", "tools", "floor"};
    for (size_t i = 0; i < 4; i++) ck_assert_msg(strstr(seen, EXPECTED[i]) != NULL, "only %s", seen);
}
END_TEST

START_TEST(more_candidates_bring_in_what_neither_leg_proposed)
{
    for (int i = 0; i < 30; i++) {
        char key[16];
        snprintf(key, sizeof key, "w%02d", i);
        put_text(key, i == 29 ? "add something to something else in a table" : "add column");
    }
    for (int i = 0; i < 10; i++) worked("w29", (char[]){'a', (char)('a' + i), 0});
    plurum_weights *few;
    OK(plurum_weights_new(&few, &error));
    OK(plurum_weights_set(few, "candidates", 5, &error));
    plurum_query q = query("add table");
    q.weights = few;
    q.limit = 3;
    plurum_why *why = ask("w29", &q);
    const plurum_why_report *r = plurum_why_report_of(why);
    if (r->place == 0) {
        ck_assert_uint_ge(r->change_count, 1);
        ck_assert_str_eq(r->changes[0].weight, "candidates");
    }
    for (size_t c = 0; c < r->change_count; c++) verify("w29", q, r, &r->changes[c]);
    plurum_why_free(why);
    plurum_weights_free(few);
}
END_TEST

/* Directions at random in as many dimensions as make a graph's search miss some. */
enum { MANY_DIM = 64, MANY = 6000 };

static void draw(float out[MANY_DIM], unsigned *seed)
{
    for (int k = 0; k < MANY_DIM; k++) {
        out[k] = 0;
        for (int i = 0; i < 4; i++) out[k] += (float)rand_r(seed) / (float)RAND_MAX - .5f;
    }
}

static void fill_graph(unsigned *seed)
{
    static const plurum_fingerprint wide = {.name = "caller", .dim = MANY_DIM, .text_template = 1};
    plurum_create_options made = creation();
    plurum_open_options options = opening();
    plurum_batch *batch;
    made.fingerprint = &wide;
    options.graph_from = 1000;
    options.segment_size = MANY;
    close_index();
    snprintf(path, sizeof path, "%s/wide", directory);
    create(&made);
    open_with(&options);
    OK(plurum_batch_new(&batch, opened, &error));
    for (int i = 0; i < MANY; i++) {
        char key[16];
        float vector[MANY_DIM];
        snprintf(key, sizeof key, "g%d", i);
        draw(vector, seed);
        plurum_document d = document(key, "wide");
        d.vector = vector, d.dim = MANY_DIM;
        OK(plurum_batch_put(batch, &d, PLURUM_CONFLICT_ERROR, &error));
    }
    OK(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
    OK(plurum_index_apply(opened, &error));
    ck_assert_uint_gt(stats().segments, 0);
}

/* How many of the changes are of this weight; all of them are seen to work. */
static size_t changes_of(const char *id, const plurum_query *q, const char *weight)
{
    plurum_why *why = ask(id, q);
    const plurum_why_report *r = plurum_why_report_of(why);
    size_t found = 0;
    for (size_t c = 0; c < r->change_count; c++) {
        if (strcmp(r->changes[c].weight, weight) == 0) found++;
        verify(id, *q, r, &r->changes[c]);
    }
    plurum_why_free(why);
    return found;
}

START_TEST(a_longer_search_of_graphs_brings_in_what_it_missed)
{
    unsigned seed = 7;
    plurum_weights *few;
    fill_graph(&seed);
    OK(plurum_weights_new(&few, &error));
    OK(plurum_weights_set(few, "candidates", 10, &error));
    OK(plurum_weights_set(few, "ef", 10, &error));
    size_t found = 0;
    for (int t = 0; t < 10; t++) {
        float vector[MANY_DIM];
        draw(vector, &seed);
        plurum_query q = query("");
        q.mode = PLURUM_MODE_VECTOR;
        q.vector = vector, q.dim = MANY_DIM;
        q.weights = few;
        q.exact = 1;
        plurum_results *all = search(&q);
        q.exact = 0;
        for (size_t i = 0; i < plurum_results_count(all); i++)
            found += changes_of(plurum_results_hit(all, i)->key, &q, "ef");
        plurum_results_free(all);
    }
    ck_assert_uint_gt(found, 0);
    plurum_weights_free(few);
}
END_TEST

START_TEST(a_question_is_checked_like_a_search)
{
    plurum_why *why = (plurum_why *)&error;
    plurum_query q = query("add");
    FAILS(plurum_index_why(&why, opened, "nothing", &q, &error), PLURUM_NOTFOUND, "\"nothing\"");
    ck_assert_ptr_null(why);
    FAILS(plurum_index_why(&why, opened, NULL, &q, &error), PLURUM_ARG, "id: NULL");
    FAILS(plurum_index_why(&why, opened, "a", NULL, &error), PLURUM_ARG, "query: NULL");
    q.cursor = "00";
    FAILS(plurum_index_why(&why, opened, "a", &q, &error), PLURUM_INVALID, "cursor");
}
END_TEST

START_TEST(json_says_the_same)
{
    fill();
    char *line;
    plurum_query q = hybrid("add a column");
    q.limit = 2;
    plurum_why *why = ask("d30", &q);
    const plurum_why_report *r = plurum_why_report_of(why);
    OK(plurum_why_json(&line, why, &error));
    json_t *object = json_loads(line, 0, NULL);
    ck_assert_uint_eq((size_t)number(object, "place"), r->place);
    ck_assert(json_is_false(json_object_get(object, "on_page")));
    ck_assert_uint_eq(json_array_size(json_object_get(object, "changes")), r->change_count);
    ck_assert_str_eq(text(json_object_get(object, "lost_to"), "id"), r->rival->key);
    json_decref(object);
    plurum_text_free(line);
    plurum_why_free(why);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("api: why");
    TCase *t = tcase_create("why");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, begin, end_world);
    tcase_add_test(t, each_condition_that_it_does_not_meet_is_named);
    tcase_add_test(t, viewer_status_and_quarantine_are_named_too);
    tcase_add_test(t, what_the_viewer_may_not_see_has_no_json);
    tcase_add_test(t, places_scores_and_rival_are_those_of_the_search);
    tcase_add_test(t, what_is_no_candidate_has_its_full_scores_all_the_same);
    tcase_add_test(t, each_weight_that_is_said_to_bring_it_in_does);
    tcase_add_test(t, more_candidates_bring_in_what_neither_leg_proposed);
    tcase_add_test(t, a_longer_search_of_graphs_brings_in_what_it_missed);
    tcase_add_test(t, a_question_is_checked_like_a_search);
    tcase_add_test(t, json_says_the_same);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
