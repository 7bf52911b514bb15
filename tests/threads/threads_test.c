/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Eight threads search while one or two write, in one process, with the applier in the background.
 *
 * Three kinds of documents: "fixed-…" are written once and must be found from the moment that their
 * commit has returned, by any thread. "group-…" are replaced five at a time, in one batch: whoever
 * sees one of them sees all five in the same revision. "loose-…" come, change, are voted on and go,
 * so that everything moves.
 */
#include <config.h>

#include <check.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/threads/small.h"

enum { SEARCHERS = 8, WRITERS_MAX = 2, GROUPS = 6, GROUP_SIZE = 5, LOOSE = 60, FIXED_MAX = 100000 };

static char path[PATH_SIZE];

static struct {
    plurum_index *index;
    int searches, commits; /* each searcher does at least so many, and all writers together */
    atomic_int searching, committed; /* searchers that are not done; commits that are       */
    atomic_uint fixed[WRITERS_MAX];  /* documents "fixed-<writer>-0" to this are there */
    _Atomic uint64_t newest;         /* a sequence number that has been committed      */
    atomic_uint revision[WRITERS_MAX][GROUPS]; /* that has been committed               */
    atomic_ulong done[8];                      /* searches by kind                               */
    int writers;
} shared;

/* Numbers that words and vectors are made from. */
static uint32_t fixed_number(int writer, uint32_t i)
{
    return 1000000 * (uint32_t)(writer + 1) + i;
}

static uint32_t group_number(int writer, int group)
{
    return 900000 + (uint32_t)(writer * GROUPS + group);
}

/* ---- writing ---- */

static void note_newest(uint64_t seq)
{
    uint64_t known = shared.newest;
    while (seq > known && !atomic_compare_exchange_weak(&shared.newest, &known, seq)) {
    }
}

/* What a search right after a commit must find, in the writer's own thread. */
static void look_for(uint32_t number, size_t expected)
{
    size_t count = small_count(shared.index, number);
    HOLDS(count == expected, "%u is found %zu times, not %zu", number, count, expected);
}

static void add_fixed(plurum_batch *batch, int writer, uint32_t i)
{
    plurum_error error = {0};
    char key[KEY_SIZE];
    snprintf(key, sizeof key, "fixed-%d-%u", writer, i);
    MUST(small_put(batch, key, fixed_number(writer, i), "fixed", &error));
}

/* All five members in the next revision, which the tag says. */
static void add_group(plurum_batch *batch, int writer, int group, unsigned revision)
{
    plurum_error error = {0};
    char key[KEY_SIZE], tag[KEY_SIZE];
    snprintf(tag, sizeof tag, "revision%u", revision);
    for (int i = 0; i < GROUP_SIZE; i++) {
        snprintf(key, sizeof key, "group-%d-%d-%d", writer, group, i);
        MUST(small_put(batch, key, group_number(writer, group), tag, &error));
    }
}

static void add_loose(plurum_batch *batch, int writer, random_state *r, char there[LOOSE])
{
    plurum_error error = {0};
    plurum_outcome outcome = PLURUM_OUTCOME_INIT;
    char key[KEY_SIZE], agent[KEY_SIZE];
    int i = random_below(r, LOOSE), what = there[i] ? random_below(r, 8) : 0;
    snprintf(key, sizeof key, "loose-%d-%d", writer, i);
    snprintf(agent, sizeof agent, "agent-%u", (unsigned)random_next(r) % 1000000u);
    outcome.id = key;
    outcome.agent = agent;
    outcome.success = random_below(r, 2);
    if (what < 3)
        MUST(small_put(batch, key, (uint32_t)random_below(r, 500000), "loose", &error));
    else if (what < 5)
        MUST(plurum_batch_vote(batch, key, agent, outcome.success ? 1 : -1, PLURUM_TIME_UNSET,
                               &error));
    else if (what == 5)
        MUST(plurum_batch_delete(batch, key, NULL, &error));
    else if (what == 6)
        MUST(plurum_batch_set_lifecycle(
            batch, key, NULL, outcome.success ? PLURUM_ARCHIVED : PLURUM_PUBLISHED, &error));
    else
        MUST(plurum_batch_outcome(batch, &outcome, &error));
    there[i] = what != 5;
}

static void *write_on(void *payload)
{
    int writer = *(int *)payload;
    random_state r = {(uint64_t)writer + 17};
    char there[LOOSE] = {0};
    plurum_batch *batch;
    plurum_error error = {0};
    MUST(plurum_batch_new(&batch, shared.index, &error));
    for (uint32_t n = 0; shared.searching > 0 && n < FIXED_MAX; n++) {
        int group = random_below(&r, GROUPS);
        unsigned revision = shared.revision[writer][group] + 1;
        add_fixed(batch, writer, n);
        add_group(batch, writer, group, revision);
        for (int i = random_below(&r, 6); i > 0; i--) add_loose(batch, writer, &r, there);
        MUST(plurum_batch_commit(batch, NULL, &error));
        shared.revision[writer][group] = revision;
        shared.fixed[writer] = n + 1;
        shared.committed++;
        if (n % 4 == 0) look_for(fixed_number(writer, n), 1);
        if (n % 4 == 1) look_for(group_number(writer, group), GROUP_SIZE);
        if (n % 16 == 2) note_newest(small_stats(shared.index).seq);
    }
    plurum_batch_free(batch);
    return NULL;
}

/* ---- what must hold of every answer ---- */

static int before(const plurum_hit *a, const plurum_hit *b)
{
    double sa = isnan(a->similarity) ? -1 : a->similarity,
           sb = isnan(b->similarity) ? -1 : b->similarity;
    if (a->score != b->score) return a->score > b->score;
    if (sa != sb) return sa > sb;
    if (a->text_score != b->text_score) return a->text_score > b->text_score;
    return a->id < b->id;
}

static void check_hits(const plurum_results *results)
{
    size_t count = plurum_results_count(results);
    HOLDS(plurum_results_total(results) >= count, "%zu of %zu", count,
          plurum_results_total(results));
    for (size_t i = 0; i < count; i++) {
        const plurum_hit *hit = plurum_results_hit(results, i);
        const plurum_explain *e = hit->explain;
        double relevance = e->text + e->vector + e->tools;
        HOLDS(fabs(relevance - hit->relevance) < 1e-9, "%s: %.12f, %.12f", hit->key, relevance,
              hit->relevance);
        HOLDS(fabs(relevance + e->trust - hit->score) < 1e-9, "%s: score %.12f", hit->key,
              hit->score);
        if (i == 0) continue;
        const plurum_hit *last = plurum_results_hit(results, i - 1);
        HOLDS(before(last, hit), "%s (%.12f) before %s (%.12f)", last->key, last->score, hit->key,
              hit->score);
    }
}

/* Moments only go forward, and never behind what had been committed. */
static void check_moment(const plurum_results *results, uint64_t committed, uint64_t *last)
{
    uint64_t seq = plurum_results_seq(results);
    HOLDS(seq >= committed, "%llu, committed was %llu", (unsigned long long)seq,
          (unsigned long long)committed);
    HOLDS(seq >= *last, "%llu after %llu", (unsigned long long)seq, (unsigned long long)*last);
    *last = seq;
}

/* ---- searching ---- */

typedef struct searcher {
    random_state random;
    uint64_t last; /* moment of its newest answer */
    char word[WORD_SIZE], text[100];
    float vector[DIM];
    const char *tag;
    plurum_filter filter;
    plurum_viewer operator;
} searcher;

/* A query by words that many documents have. */
static void draw_query(plurum_query *query, searcher *s)
{
    random_state *r = &s->random;
    static const char *const TEXTS[] = {"server error", "docker timeout proxy", "kernel memory",
                                        "the python database replica", "nothing has zyzzyva"};
    plurum_query_init(query);
    query->text = TEXTS[random_below(r, 5)];
    query->text_len = strlen(query->text);
    small_vector(s->vector, (uint32_t)random_below(r, 500000));
    query->vector = s->vector;
    query->dim = DIM;
    query->mode = (plurum_mode)random_below(r, 3);
    query->limit = 1 + (size_t)random_below(r, 30);
    query->bodies = random_below(r, 2);
    query->warnings = random_below(r, 4) ? 0 : 5;
}

static plurum_results *ask(const plurum_query *query, searcher *s)
{
    plurum_results *results;
    plurum_error error = {0};
    uint64_t committed = shared.newest;
    MUST(plurum_search(&results, shared.index, query, &error));
    check_hits(results);
    check_moment(results, committed, &s->last);
    return results;
}

static void search_plainly(searcher *s)
{
    plurum_query query;
    draw_query(&query, s);
    plurum_results_free(ask(&query, s));
}

static void search_with_filter(searcher *s)
{
    plurum_query query;
    draw_query(&query, s);
    s->filter = (plurum_filter)PLURUM_FILTER_INIT;
    s->tag = random_below(&s->random, 2) ? "fixed" : "loose";
    if (random_below(&s->random, 2))
        s->filter.domain = random_below(&s->random, 2) ? "odd" : "even";
    if (random_below(&s->random, 2)) s->filter.tags = &s->tag, s->filter.tag_count = 1;
    s->filter.min_quality = random_below(&s->random, 3) ? 0 : 0.4;
    query.filter = &s->filter;
    query.bodies = 1;
    plurum_results *results = ask(&query, s);
    for (size_t i = 0; i < plurum_results_count(results); i++) {
        const plurum_hit *hit = plurum_results_hit(results, i);
        HOLDS(!s->filter.tag_count || strncmp(hit->key, s->tag, 5) == 0, "%s", hit->key);
        HOLDS(!s->filter.domain || strstr(hit->json, s->filter.domain), "%s", hit->key);
    }
    plurum_results_free(results);
}

/* Pages by cursor; the index moves between them, the trust's moment does not. */
static void search_pages(searcher *s)
{
    plurum_query query;
    draw_query(&query, s);
    query.limit = 7;
    plurum_results *page = ask(&query, s);
    for (int i = 0; i < 4 && plurum_results_cursor(page); i++) {
        query.cursor = plurum_results_cursor(page);
        plurum_results *next = ask(&query, s);
        HOLDS(plurum_results_now(next) == plurum_results_now(page), "page %d", i);
        plurum_results_free(page);
        page = next;
    }
    plurum_results_free(page);
}

/* A document of which another thread has said that it is there. */
static void search_fixed(searcher *s)
{
    int writer = random_below(&s->random, shared.writers);
    uint32_t there = shared.fixed[writer];
    if (there == 0) return;
    uint32_t i =
        random_below(&s->random, 2) ? there - 1 : (uint32_t)random_below(&s->random, (int)there);
    plurum_query query;
    draw_query(&query, s);
    uint32_t number = fixed_number(writer, i);
    query.text = small_word(s->word, number);
    query.text_len = strlen(s->word);
    small_vector(s->vector, number);
    query.limit = 100;
    plurum_results *results = ask(&query, s);
    char key[KEY_SIZE];
    int found = 0;
    snprintf(key, sizeof key, "fixed-%d-%u", writer, i);
    for (size_t k = 0; k < plurum_results_count(results); k++)
        found |= strcmp(plurum_results_hit(results, k)->key, key) == 0;
    HOLDS(found, "%s is not found in mode %d", key, query.mode);
    plurum_results_free(results);
}

/* The revision that a document's tag says. */
static unsigned revision_of(const char *json)
{
    const char *tag = strstr(json, "\"revision");
    return tag ? (unsigned)strtoul(tag + strlen("\"revision"), NULL, 10) : 0;
}

static void check_group(const plurum_results *results, unsigned at_least, const char *how)
{
    size_t count = plurum_results_count(results);
    if (count == 0) {
        const char *note = plurum_results_note(results);
        HOLDS(at_least == 0, "%s: no member, revision %u was committed: %s", how, at_least,
              note ? note : "no note");
        return;
    }
    unsigned revision = revision_of(plurum_results_hit(results, 0)->json);
    HOLDS(count == GROUP_SIZE, "%s: %zu members", how, count);
    HOLDS(revision >= at_least, "%s: %u, %u was committed", how, revision, at_least);
    for (size_t i = 1; i < count; i++)
        HOLDS(revision_of(plurum_results_hit(results, i)->json) == revision, "%s: %s", how,
              plurum_results_hit(results, i)->json);
}

/* Whoever sees one member sees all, in one revision: by their word, or by the revision's tag. */
static void search_group(searcher *s)
{
    int writer = random_below(&s->random, shared.writers), group = random_below(&s->random, GROUPS);
    unsigned at_least = shared.revision[writer][group];
    plurum_query query;
    draw_query(&query, s);
    query.text = small_word(s->word, group_number(writer, group));
    query.text_len = strlen(s->word);
    query.mode = PLURUM_MODE_TEXT;
    query.limit = 20;
    query.bodies = 1;
    plurum_results *results = ask(&query, s);
    check_group(results, at_least, "search");
    plurum_results_free(results);
}

static void list_some(searcher *s)
{
    plurum_results *results;
    plurum_error error = {0};
    uint64_t committed = shared.newest;
    s->filter = (plurum_filter)PLURUM_FILTER_INIT;
    s->tag = random_below(&s->random, 2) ? "fixed" : "loose";
    s->filter.tags = &s->tag;
    s->filter.tag_count = (size_t)random_below(&s->random, 2);
    MUST(plurum_index_list(&results, shared.index, &s->operator, & s->filter, 20,
                           (size_t)random_below(&s->random, 30), &error));
    HOLDS(plurum_results_total(results) >= plurum_results_count(results), "%s", s->tag);
    check_moment(results, committed, &s->last);
    plurum_results_free(results);
}

static void get_some(searcher *s)
{
    char key[KEY_SIZE], *json = NULL;
    plurum_history *history = NULL;
    plurum_error error = {0};
    int writer = random_below(&s->random, shared.writers);
    uint32_t there = shared.fixed[writer];
    snprintf(key, sizeof key, "loose-%d-%d", writer, random_below(&s->random, LOOSE));
    plurum_status status = plurum_index_get(&json, shared.index, key, &s->operator, & error);
    if (status != PLURUM_NOTFOUND) MUST(status);
    plurum_text_free(json);
    status = plurum_index_history(&history, shared.index, key, PLURUM_TIME_UNSET, &error);
    if (status != PLURUM_NOTFOUND) MUST(status);
    plurum_history_free(history);
    if (there == 0) return;
    snprintf(key, sizeof key, "fixed-%d-%d", writer, random_below(&s->random, (int)there));
    MUST(plurum_index_get(&json, shared.index, key, NULL, &error));
    plurum_text_free(json);
}

static void *search_on(void *payload)
{
    static void (*const KINDS[])(searcher *) = {
        search_plainly, search_with_filter, search_pages, search_fixed,
        search_group,   search_group,       list_some,    get_some};
    searcher s = {.random = {(uint64_t)(*(int *)payload + 1000)}, .operator= PLURUM_VIEWER_INIT };
    s.operator.is_operator = 1;
    for (int i = 0; i < shared.searches || shared.committed < shared.commits; i++) {
        int kind = random_below(&s.random, 8);
        KINDS[kind](&s);
        atomic_fetch_add(&shared.done[kind], 1);
    }
    atomic_fetch_sub(&shared.searching, 1);
    return NULL;
}

/* ---- the tests ---- */

static void run(int writers, size_t max_pending)
{
    enum { SEARCHES = 500, COMMITS = 150 };
    pthread_t threads[SEARCHERS + WRITERS_MAX];
    int numbers[SEARCHERS + WRITERS_MAX];
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    options.max_pending = max_pending;
    options.graph_from = 64; /* so that vectors are sealed and merged all the while */
    options.segment_size = 32;
    options.checkpoint_events = 100;
    memset(&shared, 0, sizeof shared);
    shared.searches = SEARCHES * test_scale();
    shared.commits = COMMITS * test_scale();
    shared.searching = SEARCHERS;
    shared.writers = writers;
    shared.index = small_open(path, &options);
    for (int i = 0; i < SEARCHERS + writers; i++) {
        numbers[i] = i < SEARCHERS ? i : i - SEARCHERS;
        ck_assert_int_eq(
            pthread_create(&threads[i], NULL, i < SEARCHERS ? search_on : write_on, &numbers[i]),
            0);
    }
    for (int i = 0; i < SEARCHERS + writers; i++) pthread_join(threads[i], NULL);
    ck_assert_int_eq(plurum_index_apply(shared.index, NULL), PLURUM_OK);
    ck_assert_uint_gt(small_stats(shared.index).segments, 0);
    small_verify(shared.index);
    for (int w = 0; w < writers; w++) ck_assert_uint_gt(shared.fixed[w], 1);
    for (int kind = 0; kind < 8; kind++) ck_assert_uint_gt(shared.done[kind], 0);
    plurum_index_close(shared.index);
    shared.index = small_open(path, NULL);
    small_verify(shared.index);
    plurum_index_close(shared.index);
}

static void setup(void)
{
    folder_make(path);
    small_create(path);
}

static void teardown(void)
{
    folder_remove(path);
}

START_TEST(eight_threads_search_while_one_writes)
{
    run(1, 20000);
}
END_TEST

/* Both writers wait for the applier now and then. */
START_TEST(eight_threads_search_while_two_write)
{
    run(2, 30);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("threads");
    TCase *tests = tcase_create("threads");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 600 * test_scale());
    tcase_add_test(tests, eight_threads_search_while_one_writes);
    tcase_add_test(tests, eight_threads_search_while_two_write);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
