/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facets: counts over all candidates of an answer, whatever the page, and of what the viewer sees.
 */
#include <config.h>

#include "tests/api/world.h"

#include <stdio.h>
#include <string.h>

static void put_labelled(const char *key, const char *domain, const char *tool, const char *tag)
{
    const char *const tools[] = {tool, "git"}, *const tags[] = {tag};
    plurum_document d = document(key, "restore a backup");
    d.domain = domain;
    d.tools = tools, d.tool_count = 2;
    d.tags = tags, d.tag_count = tag ? 1 : 0;
    d.owner = "anna";
    d.visibility = tag ? PLURUM_PUBLIC : PLURUM_PRIVATE;
    put(&d);
}

static void setup(void)
{
    begin();
    put_labelled("a", "Postgres", "psql", "x");
    put_labelled("b", "postgres", "PSQL", "y");
    put_labelled("c", "mysql", "mysqldump", "x");
    put_labelled("hidden", "secret", "psql", NULL);
    put_text("none", "restore nothing");
    put_text("other", "another matter");
}

static void counts_are(const plurum_results *results, plurum_facet_kind kind, const char *expected)
{
    char shown[256] = "";
    size_t used = 0;
    for (size_t i = 0; i < plurum_results_facet_count(results, kind); i++) {
        const plurum_facet *f = plurum_results_facet(results, kind, i);
        used += (size_t)snprintf(shown + used, sizeof shown - used, "%s%s %zu", i ? ", " : "",
                                 f->name, f->count);
    }
    ck_assert_str_eq(shown, expected);
    ck_assert_ptr_null(plurum_results_facet(results, kind, plurum_results_facet_count(results, kind)));
}

START_TEST(all_candidates_are_counted_whatever_the_page)
{
    plurum_query q = query("restore");
    q.facets = 10;
    for (size_t limit = 1; limit <= 10; limit += 3) {
        q.limit = limit;
        plurum_results *results = search(&q);
        counts_are(results, PLURUM_FACET_DOMAIN, "postgres 2, mysql 1");
        counts_are(results, PLURUM_FACET_TOOL, "git 3, psql 2, mysqldump 1");
        counts_are(results, PLURUM_FACET_TAG, "x 2, y 1");
        plurum_results_free(results);
    }
    q.facets = 1;
    plurum_results *results = search(&q);
    counts_are(results, PLURUM_FACET_TOOL, "git 3");
    plurum_results_free(results);
}
END_TEST

START_TEST(only_what_the_viewer_and_the_filter_let_pass_is_counted)
{
    plurum_filter f = PLURUM_FILTER_INIT;
    plurum_viewer anna = viewer_of("anna");
    plurum_query q = query("restore");
    q.facets = 10;
    q.viewer = &anna;
    plurum_results *results = search(&q);
    counts_are(results, PLURUM_FACET_DOMAIN, "postgres 2, mysql 1, secret 1");
    plurum_results_free(results);
    f.domain = "mysql";
    q.filter = &f;
    results = search(&q);
    counts_are(results, PLURUM_FACET_TAG, "x 1");
    plurum_results_free(results);
}
END_TEST

START_TEST(nothing_is_counted_unless_asked)
{
    char *line;
    plurum_query q = query("restore");
    plurum_results *results = search(&q);
    counts_are(results, PLURUM_FACET_DOMAIN, "");
    OK(plurum_results_json(&line, results, 0, &error));
    ck_assert_ptr_null(strstr(line, "facets"));
    plurum_text_free(line);
    plurum_results_free(results);
    q.facets = 10;
    results = search(&q);
    OK(plurum_results_json(&line, results, 0, &error));
    ck_assert_ptr_nonnull(strstr(line, "\"facets\":{\"domain\":[{\"value\":\"postgres\",\"count\":2},"));
    plurum_text_free(line);
    plurum_results_free(results);
    q = query("zymurgy");
    q.facets = 10;
    results = search(&q);
    counts_are(results, PLURUM_FACET_TAG, "");
    plurum_results_free(results);
    q.facets = PLURUM_LIMIT_MAX + 1;
    FAILS(plurum_search(&results, opened, &q, &error), PLURUM_ARG, "facets: 10001");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("api: facets");
    TCase *t = tcase_create("facets");
    tcase_add_checked_fixture(t, setup, end_world);
    tcase_add_test(t, all_candidates_are_counted_whatever_the_page);
    tcase_add_test(t, only_what_the_viewer_and_the_filter_let_pass_is_counted);
    tcase_add_test(t, nothing_is_counted_unless_asked);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
