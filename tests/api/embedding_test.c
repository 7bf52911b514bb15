/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The vectors of a batch, which its commit makes by several threads: every document gets its own,
 * whatever the number of threads, and a text that fails keeps the whole batch out.
 */
#include <config.h>

#include "tests/api/world.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { COUNT = 300, ODD = 218 };

/* ---- an embedder that watches its calls ------------------------------------------------------ */

static struct {
    pthread_mutex_t mutex;
    size_t calls, texts, running, most_running, largest;
    int gives_infinity;    /* for the document ODD */
    plurum_status refuses; /* likewise             */
} seen = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void enter(size_t count)
{
    pthread_mutex_lock(&seen.mutex);
    seen.calls++;
    seen.texts += count;
    if (count > seen.largest) seen.largest = count;
    if (++seen.running > seen.most_running) seen.most_running = seen.running;
    pthread_mutex_unlock(&seen.mutex);
    struct timespec while_others_begin = {0, 5000000};
    nanosleep(&while_others_begin, NULL);
}

/* A direction of its own for each document, told from the number in its title. */
static void direction(float out[DIM], int number)
{
    out[0] = cosf((float)number / COUNT);
    out[1] = sinf((float)number / COUNT);
    out[2] = out[3] = 0;
}

static plurum_status embed(void *payload, const char *const *texts, size_t count, float *out,
                           plurum_error *why)
{
    plurum_status status = PLURUM_OK;
    (void)payload;
    (void)why;
    enter(count);
    for (size_t i = 0; i < count; i++) {
        int number;
        if (sscanf(texts[i], "number %d", &number) != 1) continue;
        direction(out + i * DIM, number);
        if (number == ODD && seen.gives_infinity) out[i * DIM] = INFINITY;
        if (number == ODD) status = seen.refuses;
    }
    pthread_mutex_lock(&seen.mutex);
    seen.running--;
    pthread_mutex_unlock(&seen.mutex);
    return status;
}

static plurum_embedder *embedder;

static void begin_with(size_t threads)
{
    plurum_embedder_methods methods = {.struct_size = sizeof methods, .embed = embed};
    plurum_create_options options = creation();
    begin_world();
    OK(plurum_embedder_create(&embedder, options.fingerprint, NULL, &methods, NULL, &error));
    create(&options);
    plurum_open_options open = opening();
    open.embedder = embedder;
    open.embed_threads = threads;
    open_with(&open);
    seen.calls = seen.texts = seen.most_running = seen.largest = 0;
    seen.gives_infinity = 0;
    seen.refuses = PLURUM_OK;
}

static void end(void)
{
    end_world();
    plurum_embedder_free(embedder);
}

/* COUNT documents; every seventh brings its vector, every eleventh has a text without one. */
static plurum_batch *fill(void)
{
    plurum_batch *batch;
    OK(plurum_batch_new(&batch, opened, &error));
    for (int i = 0; i < COUNT; i++) {
        char key[16], title[32];
        float vector[DIM];
        snprintf(key, sizeof key, "k%d", i);
        snprintf(title, sizeof title, i % 11 ? "number %d" : "nothing %d", i);
        plurum_document d = document(key, title);
        if (i % 7 == 0) {
            direction(vector, i);
            d.vector = vector;
            d.dim = DIM;
        }
        OK(plurum_batch_put(batch, &d, PLURUM_CONFLICT_ERROR, &error));
    }
    return batch;
}

enum { GIVEN = COUNT / 7 + 1, NEITHER = 24 /* multiples of 11 below COUNT that are none of 7 */ };

static void each_has_its_own(void)
{
    ck_assert_uint_eq(stats().vectors, COUNT - NEITHER);
    for (int i = 0; i < COUNT; i += 13) {
        if (i % 11 == 0 && i % 7) continue;
        float vector[DIM];
        char key[16];
        direction(vector, i);
        plurum_query q = query("number");
        q.mode = PLURUM_MODE_VECTOR;
        q.vector = vector;
        q.dim = DIM;
        q.limit = 1;
        snprintf(key, sizeof key, "k%d", i);
        KEYS(search(&q), key);
    }
}

/* ---- tests ----------------------------------------------------------------------------------- */

static const size_t THREADS[] = {1, 2, 3, 7, 1000};

START_TEST(every_document_gets_its_own_vector)
{
    begin_with(THREADS[_i]);
    plurum_batch *batch = fill();
    ck_assert_uint_eq(seen.calls, 0);
    OK(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
    ck_assert_uint_eq(seen.texts, COUNT - GIVEN);
    ck_assert_uint_le(seen.largest, 32);
    if (THREADS[_i] == 1) ck_assert_uint_eq(seen.most_running, 1);
    if (THREADS[_i] > 1) ck_assert_uint_gt(seen.most_running, 1);
    ck_assert_uint_le(seen.most_running, THREADS[_i]);
    each_has_its_own();
    verify_is_clean();
    end();
}
END_TEST

START_TEST(the_row_at_fault_is_named_and_nothing_is_kept)
{
    begin_with(3);
    seen.gives_infinity = 1;
    plurum_batch *batch = fill();
    FAILS(plurum_batch_commit(batch, NULL, &error), PLURUM_INVALID, "expected finite numbers");
    ck_assert_uint_eq(error.position, ODD);
    ck_assert_uint_eq(stats().documents, 0);
    ck_assert_uint_eq(plurum_batch_count(batch), COUNT);
    plurum_batch_free(batch);
    end();
}
END_TEST

START_TEST(a_commit_can_be_tried_again)
{
    begin_with(2);
    seen.refuses = PLURUM_IO;
    plurum_batch *batch = fill();
    FAILS(plurum_batch_commit(batch, NULL, &error), PLURUM_IO, "caller");
    ck_assert_uint_eq(stats().documents, 0);
    seen.refuses = PLURUM_OK;
    OK(plurum_batch_commit(batch, NULL, &error));
    ck_assert_uint_eq(plurum_batch_count(batch), 0);
    plurum_batch_free(batch);
    each_has_its_own();
    end();
}
END_TEST

START_TEST(a_parted_batch_keeps_the_vectors_that_were_made)
{
    begin_with(2);
    plurum_batch *rest, *batch = fill();
    OK(plurum_batch_delete(batch, "nosuch", NULL, &error));
    FAILS(plurum_batch_commit(batch, NULL, &error), PLURUM_NOTFOUND, "nosuch");
    size_t texts = seen.texts;
    ck_assert_uint_eq(texts, COUNT - GIVEN);
    OK(plurum_batch_split(&rest, batch, COUNT, &error));
    plurum_batch_free(rest);
    OK(plurum_batch_split(&rest, batch, COUNT / 2, &error));
    OK(plurum_batch_commit(batch, NULL, &error));
    OK(plurum_batch_commit(rest, NULL, &error));
    ck_assert_uint_eq(seen.texts, texts);
    plurum_batch_free(rest);
    plurum_batch_free(batch);
    each_has_its_own();
    end();
}
END_TEST

START_TEST(a_single_document_starts_no_thread)
{
    begin_with(8);
    put_text("a", "number 5");
    ck_assert_uint_eq(seen.calls, 1);
    ck_assert_uint_eq(seen.most_running, 1);
    end();
}
END_TEST

static int is_heard_by(const char *text)
{
    plurum_query q = query(text);
    plurum_results *results = search(&q);
    int heard = plurum_results_hit(results, 0)->explain->alike_successes > 0;
    plurum_results_free(results);
    return heard;
}

START_TEST(the_query_of_an_outcome_gets_its_vector_at_the_commit)
{
    begin_with(2);
    put_text("a", "number 5");
    plurum_outcome o = outcome("a", "anna", 1);
    o.query = "number 0";
    OK(report(&o, NULL));
    ck_assert_uint_eq(seen.texts, 2);
    ck_assert(is_heard_by("number 2"));
    ck_assert(!is_heard_by("number 299")); /* a right angle, nearly */
    end();
}
END_TEST

START_TEST(a_query_that_is_refused_does_not_cost_others_theirs)
{
    plurum_batch *batch;
    begin_with(2);
    put_text("a", "number 5");
    seen.refuses = PLURUM_INVALID;
    OK(plurum_batch_new(&batch, opened, &error));
    for (int i = 0; i < 40; i++) {
        char agent[16], asked[32];
        snprintf(agent, sizeof agent, "agent-%d", i);
        snprintf(asked, sizeof asked, "number %d", i == 7 ? ODD : 0);
        plurum_outcome o = outcome("a", agent, 1);
        o.query = asked;
        OK(plurum_batch_outcome(batch, &o, &error));
    }
    OK(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
    ck_assert_uint_le(seen.texts, 1 + 40 + 20); /* but those of its slice are not asked twice */
    plurum_query q = query("number 0");
    plurum_results *results = search(&q);
    ck_assert_double_gt(plurum_results_hit(results, 0)->explain->alike_successes, 38);
    plurum_results_free(results);
    end();
}
END_TEST

START_TEST(an_outcome_does_not_fail_for_want_of_its_querys_vector)
{
    begin_with(2);
    put_text("a", "number 5");
    plurum_outcome o = outcome("a", "anna", 1);
    o.query = "number 218"; /* ODD */
    seen.refuses = PLURUM_IO;
    OK(report(&o, NULL));
    ck_assert_ptr_nonnull(strstr(log_text, "outcomes are kept without their queries' vectors"));
    ck_assert_uint_eq(stats().outcomes, 1);
    ck_assert(is_heard_by("number 218")); /* by its words */
    ck_assert(!is_heard_by("number 217"));
    verify_is_clean();
    end();
}
END_TEST

/* ---- an index of a model ---- */

static plurum_fingerprint model_of(uint64_t checksum)
{
    return (plurum_fingerprint){.name = "of some model", .dim = DIM, .text_template = 1, .checksum = checksum};
}

/* An index of a model with a checksum, opened without an embedder. */
static void begin_with_model(void)
{
    plurum_create_options options = creation();
    plurum_fingerprint model = model_of(7);
    options.fingerprint = &model;
    begin_world();
    create(&options);
    reopen();
}

START_TEST(vectors_of_no_named_model_do_not_get_among_those_of_a_model)
{
    plurum_batch *batch;
    plurum_results *results;
    plurum_fingerprint model = model_of(7), other = model_of(8);
    begin_with_model();
    OK(plurum_batch_new(&batch, opened, &error));
    plurum_document d = document("a", "vectors of something");
    d.vector = EAST;
    d.dim = DIM;
    FAILS(plurum_batch_put(batch, &d, PLURUM_CONFLICT_ERROR, &error), PLURUM_MISMATCH, "of some model");
    FAILS(plurum_batch_vectors_of(batch, &other, &error), PLURUM_MISMATCH, "0000000000000008");
    FAILS(plurum_batch_vectors_of(batch, NULL, &error), PLURUM_ARG, "NULL");
    FAILS(plurum_batch_put(batch, &d, PLURUM_CONFLICT_ERROR, &error), PLURUM_MISMATCH, "no model");
    OK(plurum_batch_vectors_of(batch, &model, &error));
    OK(plurum_batch_put(batch, &d, PLURUM_CONFLICT_ERROR, &error));
    OK(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
    plurum_query q = query("something");
    q.vector = EAST;
    q.dim = DIM;
    FAILS(plurum_search(&results, opened, &q, &error), PLURUM_MISMATCH, "no model");
    q.vector_model = &other;
    FAILS(plurum_search(&results, opened, &q, &error), PLURUM_MISMATCH, "0000000000000008");
    q.vector_model = &model;
    KEYS(search(&q), "a");
    end_world();
}
END_TEST

START_TEST(without_its_embedder_an_index_of_a_model_takes_no_document)
{
    plurum_batch *batch;
    begin_with_model();
    OK(plurum_batch_new(&batch, opened, &error));
    plurum_document d = document("a", "without a vector");
    FAILS(plurum_batch_put(batch, &d, PLURUM_CONFLICT_ERROR, &error), PLURUM_MISMATCH, "no embedder");
    ck_assert_uint_eq(plurum_batch_count(batch), 0);
    plurum_batch_free(batch);
    end_world();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("embedding");
    TCase *t = tcase_create("batches");
    suite_add_tcase(suite, t);
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, every_document_gets_its_own_vector, 0,
                        sizeof THREADS / sizeof *THREADS);
    tcase_add_test(t, the_row_at_fault_is_named_and_nothing_is_kept);
    tcase_add_test(t, a_commit_can_be_tried_again);
    tcase_add_test(t, a_parted_batch_keeps_the_vectors_that_were_made);
    tcase_add_test(t, a_single_document_starts_no_thread);
    tcase_add_test(t, the_query_of_an_outcome_gets_its_vector_at_the_commit);
    tcase_add_test(t, a_query_that_is_refused_does_not_cost_others_theirs);
    tcase_add_test(t, an_outcome_does_not_fail_for_want_of_its_querys_vector);
    tcase_add_test(t, vectors_of_no_named_model_do_not_get_among_those_of_a_model);
    tcase_add_test(t, without_its_embedder_an_index_of_a_model_takes_no_document);
    return run_suite(suite);
}
