/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replays: a query kept under one set of weights and ranked again under another gives the scores
 * and the order of a live search under that other, to the bit, in memory and through a line of a
 * log; and what no replay can tell is refused.
 */
#include <config.h>

#include "tests/api/world.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOCUMENTS = 60, ROUNDS = 120 };

static const char *const WORDS[] = {"restore", "backup", "prune", "volume", "index", "table",
                                    "service", "restart"};
static unsigned seed = 20261; /* printed by every failure */

static double unit(void)
{
    return rand_r(&seed) / (double)RAND_MAX;
}

/* Texts of some words, vectors but for every sixth, tools, and outcomes of a third. */
static void setup(void)
{
    static const char *const TOOL[] = {"psql"};
    begin();
    for (int i = 0; i < DOCUMENTS; i++) {
        char key[16], title[128] = "";
        float vector[DIM];
        snprintf(key, sizeof key, "d%02d", i);
        for (int w = 0; w < 6; w++)
            strcat(strcat(title, WORDS[rand_r(&seed) % 8]), " ");
        for (int v = 0; v < DIM; v++) vector[v] = (float)(unit() - .3);
        plurum_document d = document(key, title);
        d.tools = TOOL;
        d.tool_count = i % 4 == 0;
        d.vector = i % 6 ? vector : NULL;
        d.dim = i % 6 ? DIM : 0;
        put(&d);
        if (i % 3 == 0) {
            plurum_outcome o = outcome(key, "alice", 1);
            o.env_fingerprint = i % 2 ? "{\"os\":\"linux\",\"arch\":\"arm\"}" : NULL;
            o.query_vector = i % 6 ? vector : NULL;
            o.dim = i % 6 ? DIM : 0;
            OK(report(&o, NULL));
        }
        if (i % 5 == 0) failed(key, "bob");
    }
}

static void set(plurum_weights *weights, const char *name, double value)
{
    OK(plurum_weights_set(weights, name, value, &error));
}

/* A point anywhere among the weights that need no search. */
static plurum_weights *draw_weights(void)
{
    plurum_weights *weights;
    OK(plurum_weights_new(&weights, &error));
    for (size_t i = 0; i < plurum_weight_count(); i++) {
        const plurum_weight_info *info = plurum_weight_info_at(i);
        if (strncmp(info->name, "bm25_", 5) == 0 || strncmp(info->name, "field_", 6) == 0) continue;
        double value = info->min + unit() * (fmin(info->max, 3) - info->min);
        if (strcmp(info->name, "ef") == 0) continue;
        if (strcmp(info->name, "candidates") == 0) value = 1 + rand_r(&seed) % 30;
        if (info->choices) value = rand_r(&seed) % ((int)info->max + 1);
        if (!isnan(info->initial) || rand_r(&seed) % 4) set(weights, info->name, value);
    }
    return weights;
}

static plurum_query draw_query(char text[64], float vector[DIM])
{
    static const char *const TOOL[] = {"psql", "vim"};
    sprintf(text, "%s %s", WORDS[rand_r(&seed) % 8], WORDS[rand_r(&seed) % 8]);
    for (int v = 0; v < DIM; v++) vector[v] = (float)(unit() - .3);
    plurum_query q = query(text);
    q.vector = vector;
    q.dim = DIM;
    q.mode = (plurum_mode)(rand_r(&seed) % 8 < 6 ? 0 : 1 + rand_r(&seed) % 2);
    q.tools = TOOL;
    q.tool_count = (size_t)rand_r(&seed) % 3;
    q.environment = rand_r(&seed) % 2 ? "{\"os\":\"linux\",\"arch\":\"x86\"}" : NULL;
    q.limit = 200;
    q.bodies = 0;
    return q;
}

/* Bits, since equal numbers are not enough. */
static int same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

static void compare(plurum_replay *replay, const plurum_results *live, unsigned begun)
{
    ck_assert_msg(plurum_replay_count(replay) == plurum_results_count(live), "seed %u: %zu, live %zu",
                  begun, plurum_replay_count(replay), plurum_results_count(live));
    for (size_t i = 0; i < plurum_results_count(live); i++) {
        const plurum_hit *a = plurum_replay_hit(replay, i), *b = plurum_results_hit(live, i);
        ck_assert_msg(strcmp(a->key, b->key) == 0 && same(a->score, b->score) &&
                          same(a->relevance, b->relevance) && same(a->similarity, b->similarity) &&
                          same(a->relevant, b->relevant) &&
                          same(a->trust->boost, b->trust->boost) && a->id == b->id &&
                          a->text_rank == b->text_rank && a->vector_rank == b->vector_rank,
                      "seed %u: place %zu: %s %.17g, live %s %.17g", begun, i, a->key, a->score,
                      b->key, b->score);
        ck_assert(memcmp(a->explain, b->explain, sizeof *a->explain) == 0);
    }
    ck_assert_ptr_null(plurum_replay_hit(replay, plurum_results_count(live)));
}

/* The table that a program would keep: here simply a row for every hit, and one for the query. */
static plurum_replay *through_text(plurum_replay *replay, float *table)
{
    uint64_t rows[2 * DOCUMENTS], n = 0;
    size_t dim = plurum_replay_dim(replay);
    char *line;
    plurum_replay *read;
    for (size_t i = 0; i < plurum_replay_count(replay); i++) {
        const float *vector = plurum_replay_vector(replay, i);
        rows[i] = vector && dim ? n : PLURUM_REPLAY_NO_ROW;
        if (vector && dim) memcpy(table + n++ * DIM, vector, sizeof(float) * DIM);
    }
    uint64_t query_row = dim ? n : PLURUM_REPLAY_NO_ROW;
    if (dim) memcpy(table + n++ * DIM, plurum_replay_query(replay), sizeof(float) * DIM);
    OK(plurum_replay_print(&line, replay, dim ? rows : NULL, query_row, &error));
    OK(plurum_replay_parse(&read, line, strlen(line), table, n, DIM, &error));
    ck_assert_int_eq(plurum_replay_agrees(read), 1);
    ck_assert_uint_eq(plurum_replay_seq(read), plurum_replay_seq(replay));
    ck_assert_int_eq(plurum_replay_now(read), plurum_replay_now(replay));
    plurum_text_free(line);
    return read;
}

static plurum_replay *keep(plurum_query *q, const plurum_weights *weights)
{
    plurum_replay *replay;
    q->weights = weights;
    q->trace = 1;
    plurum_results *results = search(q);
    OK(plurum_replay_take(&replay, results, &error));
    FAILS(plurum_replay_take(&(plurum_replay *){NULL}, results, &error), PLURUM_ARG, "trace");
    plurum_results_free(results);
    q->trace = 0;
    return replay;
}

START_TEST(a_replay_under_other_weights_equals_the_live_search_to_the_bit)
{
    float table[(2 * DOCUMENTS + 1) * DIM];
    for (int round = 0; round < ROUNDS; round++) {
        char words[64];
        float vector[DIM];
        unsigned begun = seed;
        plurum_query q = draw_query(words, vector);
        plurum_weights *first = draw_weights();
        if (round % 2) set(first, "candidates", 40); /* so that fewer are asked for after */
        plurum_replay *kept = keep(&q, first);
        plurum_replay *read = through_text(kept, table);
        for (int other = 0; other < 4; other++) {
            plurum_weights *second = draw_weights();
            double k, most;
            plurum_weights_get(first, "candidates", &most, NULL);
            plurum_weights_get(second, "candidates", &k, NULL);
            if (k > most) set(second, "candidates", most);
            q.weights = second;
            plurum_results *live = search(&q);
            OK(plurum_replay_rank(kept, second, &error));
            compare(kept, live, begun);
            OK(plurum_replay_rank(read, second, &error));
            compare(read, live, begun);
            plurum_results_free(live);
            plurum_weights_free(second);
        }
        plurum_replay_free(kept);
        plurum_replay_free(read);
        plurum_weights_free(first);
    }
}
END_TEST

START_TEST(what_needs_a_search_or_vectors_is_refused)
{
    char words[64];
    float vector[DIM];
    plurum_weights *weights, *plain;
    plurum_replay *without;
    char *line;
    plurum_query q = draw_query(words, vector);
    q.mode = PLURUM_MODE_HYBRID;
    OK(plurum_weights_new(&weights, &error));
    OK(plurum_weights_new(&plain, &error));
    OK(plurum_weights_set_text(plain, "fusion", "minmax", &error));
    plurum_replay *replay = keep(&q, NULL);
    char *first = strdup(plurum_replay_hit(replay, 0)->key);
    set(weights, "field_title", 2);
    FAILS(plurum_replay_rank(replay, weights, &error), PLURUM_INVALID, "field_title: 2 needs a search");
    ck_assert_str_eq(plurum_replay_hit(replay, 0)->key, first);
    set(weights, "field_title", 1);
    set(weights, "candidates", 101);
    FAILS(plurum_replay_rank(replay, weights, &error), PLURUM_INVALID, "candidates: 101");
    set(weights, "candidates", 100);
    OK(plurum_weights_set_text(weights, "fusion", "adaptive", &error));
    OK(plurum_replay_print(&line, replay, NULL, 0, &error));
    OK(plurum_replay_parse(&without, line, strlen(line), NULL, 0, 0, &error));
    FAILS(plurum_replay_rank(without, weights, &error), PLURUM_INVALID, "fusion: adaptive");
    OK(plurum_replay_rank(without, plain, &error));
    ck_assert_uint_eq(plurum_replay_count(without), plurum_replay_count(replay));
    plurum_replay_free(without);
    plurum_replay_free(replay);
    plurum_text_free(line);
    plurum_weights_free(weights);
    plurum_weights_free(plain);
    free(first);
    plurum_results *results = search(&q);
    FAILS(plurum_replay_take(&replay, results, &error), PLURUM_ARG, "trace");
    plurum_results_free(results);
    plurum_replay_free(NULL);
}
END_TEST

START_TEST(the_whole_answer_is_kept_whatever_page_was_asked_for)
{
    plurum_query q = query("restore backup");
    q.limit = 3;
    q.offset = 2;
    plurum_replay *replay = keep(&q, NULL);
    plurum_results *results = search(&q);
    ck_assert_uint_eq(plurum_replay_count(replay), plurum_results_total(results));
    ck_assert_str_eq(plurum_replay_hit(replay, 2)->key, plurum_results_hit(results, 0)->key);
    plurum_results_free(results);
    plurum_replay_free(replay);
}
END_TEST

/* Each member in turn is replaced by null and by a string, and left out. */
START_TEST(a_damaged_line_is_refused_or_read_but_never_believed_blindly)
{
    static const float TABLE[4][DIM];
    char words[64], *line;
    float vector[DIM];
    plurum_query q = draw_query(words, vector);
    q.mode = PLURUM_MODE_TEXT;
    plurum_replay *replay = keep(&q, NULL);
    OK(plurum_replay_print(&line, replay, NULL, 0, &error));
    plurum_replay_free(replay);
    size_t len = strlen(line);
    for (size_t cut = 0; cut < len; cut += 1 + cut / 8) {
        FAILS(plurum_replay_parse(&replay, line, cut, NULL, 0, 0, &error), PLURUM_INVALID,
              "malformed");
        ck_assert_ptr_null(replay);
    }
    for (int round = 0; round < 2000; round++) {
        char *broken = strdup(line);
        broken[(size_t)rand_r(&seed) % len] = (char)(32 + rand_r(&seed) % 95);
        if (plurum_replay_parse(&replay, broken, len, TABLE[0], 4, DIM, NULL) == PLURUM_OK)
            plurum_replay_free(replay);
        free(broken);
    }
    plurum_text_free(line);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("replay");
    TCase *c = tcase_create("replay");
    tcase_set_timeout(c, 120);
    tcase_add_checked_fixture(c, setup, end_world);
    tcase_add_test(c, a_replay_under_other_weights_equals_the_live_search_to_the_bit);
    tcase_add_test(c, what_needs_a_search_or_vectors_is_refused);
    tcase_add_test(c, the_whole_answer_is_kept_whatever_page_was_asked_for);
    tcase_add_test(c, a_damaged_line_is_refused_or_read_but_never_believed_blindly);
    suite_add_tcase(suite, c);
    return run_suite(suite);
}
