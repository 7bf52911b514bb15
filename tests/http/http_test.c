/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The embedder over HTTP against an endpoint that does everything wrong that an endpoint can do:
 * each fault has its status and its words, passes where it may pass, and takes no longer than it
 * may; and in none of them is the key.
 */
#include <config.h>

#include <check.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <plurum/embed.h>

#include "tests/http/endpoint.h"

static const char KEY[] = "sk-this-is-no-key-of-anybody";

static endpoint *e;
static plurum_embedder *embedder;
static plurum_error error;

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

#define OK(call) ck_assert_msg((call) == PLURUM_OK, "%s: %s", #call, error.text)

/* Pauses that a test can wait for. */
static plurum_http_options quick(void)
{
    plurum_http_options o;
    plurum_http_options_init(&o);
    o.url = endpoint_url(e);
    o.model = "words";
    o.dim = ENDPOINT_DIM;
    o.key = KEY;
    o.retries = 2;
    o.backoff_ms = 5;
    o.backoff_cap_ms = 20;
    return o;
}

static void begin_with(const plurum_http_options *o)
{
    OK(plurum_embedder_open_http(&embedder, o, &error));
    endpoint_look(e);
}

static void begin(void)
{
    unsetenv("http_proxy");
    e = endpoint_start(0);
    ck_assert_ptr_nonnull(e);
    plurum_http_options o = quick();
    begin_with(&o);
}

static void end(void)
{
    plurum_embedder_free(embedder);
    endpoint_stop(e);
    embedder = NULL;
    e = NULL;
}

/* Of another embedder, against the same endpoint. */
static void again_with(const plurum_http_options *o)
{
    plurum_embedder_free(embedder);
    embedder = NULL;
    begin_with(o);
}

static void expect_row(const float *row, const char *text)
{
    float want[ENDPOINT_DIM];
    double square = 0;
    endpoint_vector(want, text);
    for (int i = 0; i < ENDPOINT_DIM; i++) square += (double)want[i] * want[i];
    for (int i = 0; i < ENDPOINT_DIM; i++)
        ck_assert_float_eq_tol(row[i], square > 0 ? (float)(want[i] / sqrt(square)) : 0, 1e-6);
}

enum { MOST = 300 };
static char text_of[MOST][32];
static const char *texts[MOST];
static float rows[MOST][ENDPOINT_DIM];

static void make_texts(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        snprintf(text_of[i], sizeof text_of[i], "text number%zu of many", i);
        texts[i] = text_of[i];
    }
}

static plurum_status embed(size_t count)
{
    return plurum_embedder_embed(embedder, texts, count, rows[0], &error);
}

static void expect_all(size_t count)
{
    for (size_t i = 0; i < count; i++) expect_row(rows[i], texts[i]);
}

/* ---- what goes well -------------------------------------------------------------------------- */

START_TEST(texts_go_in_batches_and_come_back_in_their_order)
{
    make_texts(150);
    OK(embed(150));
    expect_all(150);
    endpoint_seen seen = endpoint_look(e);
    ck_assert_uint_eq(seen.requests, 3);
    ck_assert_uint_eq(seen.texts, 150);
    ck_assert_uint_eq(seen.largest, 64);
    ck_assert_str_eq(seen.model, "words");
    ck_assert_str_eq(seen.authorization, "Bearer sk-this-is-no-key-of-anybody");
}
END_TEST

START_TEST(a_request_is_bounded_in_texts_and_in_bytes)
{
    plurum_http_options o = quick();
    make_texts(100);
    o.batch_texts = 7;
    again_with(&o);
    OK(embed(100));
    endpoint_seen seen = endpoint_look(e);
    ck_assert_uint_eq(seen.requests, 15);
    ck_assert_uint_eq(seen.largest, 7);
    o.batch_texts = 64;
    o.batch_bytes = 70;
    again_with(&o);
    OK(embed(100));
    expect_all(100);
    seen = endpoint_look(e);
    ck_assert_uint_eq(seen.texts, 100);
    ck_assert_uint_eq(seen.largest, 3);
}
END_TEST

START_TEST(an_order_that_the_answer_tells_is_followed)
{
    static const behaviour HOW[] = {ENDPOINT_SHUFFLED, ENDPOINT_UNNUMBERED};
    for (size_t i = 0; i < 2; i++) {
        endpoint_behave(e, HOW[i], -1);
        make_texts(40);
        OK(embed(40));
        expect_all(40);
    }
}
END_TEST

START_TEST(a_text_of_blanks_is_not_sent_and_has_no_vector)
{
    texts[0] = "";
    texts[1] = "word";
    texts[2] = " \n\t";
    OK(embed(3));
    ck_assert_uint_eq(endpoint_look(e).texts, 1);
    expect_row(rows[0], "");
    expect_row(rows[1], "word");
    expect_row(rows[2], "");
    OK(embed(1));
    ck_assert_uint_eq(endpoint_look(e).requests, 0);
}
END_TEST

START_TEST(any_bytes_are_a_text_and_a_long_one_is_cut_at_a_character)
{
    plurum_http_options o = quick();
    texts[0] = "caf\xC3 \xFF\xFE word";
    texts[1] = "\"quoted\\\" \x01 word";
    OK(embed(2));
    o.text_bytes = 6;
    again_with(&o);
    texts[0] = "word \xE2\x82\xAC\xE2\x82\xAC and more"; /* 6 lies within the first € */
    OK(embed(1));
    expect_row(rows[0], "word");
}
END_TEST

START_TEST(dimensions_can_be_learnt)
{
    plurum_http_options o = quick();
    o.dim = 0;
    plurum_embedder_free(embedder);
    OK(plurum_embedder_open_http(&embedder, &o, &error));
    const plurum_fingerprint *f = plurum_embedder_fingerprint(embedder);
    ck_assert_uint_eq(f->dim, ENDPOINT_DIM);
    ck_assert_str_eq(f->name, "words");
    ck_assert_uint_eq(f->checksum, PLURUM_HTTP_CHECKSUM);
    ck_assert_uint_eq(endpoint_look(e).requests, 1);
    make_texts(2);
    OK(embed(2));
    expect_all(2);
}
END_TEST

START_TEST(without_a_key_none_is_sent_and_a_query_is)
{
    char url[128];
    plurum_http_options o = quick();
    snprintf(url, sizeof url, "%s?api-version=7", endpoint_url(e));
    o.url = url;
    o.key = NULL;
    o.model = NULL;
    again_with(&o);
    make_texts(1);
    OK(embed(1));
    endpoint_seen seen = endpoint_look(e);
    ck_assert_str_eq(seen.authorization, "");
    ck_assert_str_eq(seen.query, "7");
    ck_assert_str_eq(seen.model, "default");
    endpoint_behave(e, ENDPOINT_BROKEN, -1);
    ck_assert_int_eq(embed(1), PLURUM_BACKEND);
    ck_assert_ptr_null(strstr(error.text, "api-version"));
}
END_TEST

typedef struct worker {
    pthread_t thread;
    int number;
    plurum_status status;
} worker;

static void *work(void *payload)
{
    enum { TIMES = 20, SOME = 9 };
    worker *w = payload;
    for (int t = 0; t < TIMES && !w->status; t++) {
        char text[SOME][32];
        const char *some[SOME];
        float out[SOME][ENDPOINT_DIM];
        for (int i = 0; i < SOME; i++) {
            snprintf(text[i], sizeof text[i], "thread%d turn%d text%d", w->number, t, i);
            some[i] = text[i];
        }
        w->status = plurum_embedder_embed(embedder, some, SOME, out[0], NULL);
        for (int i = 0; i < SOME && !w->status; i++) expect_row(out[i], text[i]);
    }
    return NULL;
}

START_TEST(many_threads_may_ask_at_once)
{
    enum { THREADS = 12 };
    worker workers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (worker){.number = i};
        ck_assert_int_eq(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        ck_assert_int_eq(workers[i].status, PLURUM_OK);
    }
    endpoint_seen seen = endpoint_look(e);
    ck_assert_uint_eq(seen.texts, THREADS * 20 * 9);
    ck_assert_uint_gt(seen.at_once, 1);
}
END_TEST

/* ---- what goes wrong ------------------------------------------------------------------------- */

/* passes: after two such answers there is one that is good. */
static const struct {
    behaviour how;
    int passes;
    plurum_status status;
    const char *words;
} FAULTS[] = {
    {ENDPOINT_BUSY, 1, PLURUM_BACKEND, "HTTP 429: too many (tried 3 times)"},
    {ENDPOINT_BROKEN, 1, PLURUM_BACKEND, "HTTP 500: it broke (tried 3 times)"},
    {ENDPOINT_UNAVAILABLE, 1, PLURUM_BACKEND, "HTTP 503: come back (tried 3 times)"},
    {ENDPOINT_CLOSING, 1, PLURUM_BACKEND, "(tried 3 times)"},
    {ENDPOINT_BREAKING_OFF, 1, PLURUM_BACKEND, "(tried 3 times)"},
    {ENDPOINT_UNAUTHORISED, 0, PLURUM_BACKEND, "/v1/embeddings: HTTP 401"},
    {ENDPOINT_REFUSING, 0, PLURUM_INVALID, "HTTP 400: no such?model"},
    {ENDPOINT_QUOTING, 0, PLURUM_INVALID, "/v1/embeddings: HTTP 400"},
    {ENDPOINT_MOVED, 0, PLURUM_BACKEND, "HTTP 307, and redirects are not followed"},
    {ENDPOINT_TRUNCATED, 0, PLURUM_BACKEND, "the answer is no JSON: it ends"},
    {ENDPOINT_EMPTY, 0, PLURUM_BACKEND, "the answer is no JSON: it ends"},
    {ENDPOINT_HUGE, 0, PLURUM_BACKEND, "the answer has more than"},
    {ENDPOINT_NARROW, 0, PLURUM_BACKEND, "data[0].embedding: 15 numbers, 16 expected"},
    {ENDPOINT_RAGGED, 0, PLURUM_BACKEND, "data[4].embedding: 15 numbers, 16 expected"},
    {ENDPOINT_SHORT, 0, PLURUM_BACKEND, "data: 4 vectors for 5 texts"},
    {ENDPOINT_LONG, 0, PLURUM_BACKEND, "data: 6 vectors for 5 texts"},
    {ENDPOINT_TWICE, 0, PLURUM_BACKEND, "data[1].index: 0, a second time"},
    {ENDPOINT_OUTSIDE, 0, PLURUM_BACKEND, "data[4].index: 5, of 5 texts"},
    {ENDPOINT_INFINITE, 0, PLURUM_BACKEND, "data[4].embedding[3]: a finite number expected"},
    {ENDPOINT_WORDY, 0, PLURUM_BACKEND, "data[4].embedding[3]: a finite number expected"},
};

static void expect_no_rows(size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (int k = 0; k < ENDPOINT_DIM; k++) ck_assert_float_eq(rows[i][k], 0);
}

START_TEST(each_fault_is_named_and_only_what_may_pass_is_tried_again)
{
    make_texts(5);
    endpoint_behave(e, FAULTS[_i].how, -1);
    memset(&error, 0, sizeof error);
    ck_assert_int_eq(embed(5), FAULTS[_i].status);
    ck_assert_msg(strstr(error.text, FAULTS[_i].words) != NULL, "%s", error.text);
    ck_assert_msg(strncmp(error.text, "http://127.0.0.1:", 17) == 0, "%s", error.text);
    ck_assert_ptr_null(strstr(error.text, KEY));
    ck_assert_ptr_null(strstr(error.text, "Bearer"));
    ck_assert_ptr_null(strchr(error.text, '\n'));
    if (error.status == PLURUM_INVALID) ck_assert_uint_ge(error.position, 5);
    ck_assert_uint_eq(endpoint_look(e).requests, FAULTS[_i].passes ? 3 : 1);
    expect_no_rows(5);
    endpoint_behave(e, FAULTS[_i].how, 2);
    ck_assert_int_eq(embed(5), FAULTS[_i].passes ? PLURUM_OK : FAULTS[_i].status);
    if (FAULTS[_i].passes) expect_all(5);
    endpoint_behave(e, ENDPOINT_WELL, 0);
    OK(embed(5));
    expect_all(5);
}
END_TEST

START_TEST(nobody_who_listens_is_named_and_tried_again)
{
    plurum_http_options o = quick();
    endpoint *gone = endpoint_start(0);
    char url[64];
    snprintf(url, sizeof url, "%s", endpoint_url(gone));
    endpoint_stop(gone);
    o.url = url;
    again_with(&o);
    make_texts(1);
    ck_assert_int_eq(embed(1), PLURUM_BACKEND);
    ck_assert_msg(strstr(error.text, "connect") && strstr(error.text, "tried 3 times"), "%s",
                  error.text);
    o.dim = 0;
    plurum_embedder *none;
    ck_assert_int_eq(plurum_embedder_open_http(&none, &o, &error), PLURUM_BACKEND);
    ck_assert_ptr_null(none);
}
END_TEST

START_TEST(a_single_text_that_is_refused_has_its_position)
{
    plurum_http_options o = quick();
    o.batch_texts = 1;
    again_with(&o);
    endpoint_refuse(e, "number3");
    make_texts(5);
    ck_assert_int_eq(embed(5), PLURUM_INVALID);
    ck_assert_uint_eq(error.position, 3);
}
END_TEST

/* ---- time ------------------------------------------------------------------------------------ */

START_TEST(what_the_endpoint_asks_to_wait_is_waited_up_to_the_cap)
{
    plurum_http_options o = quick();
    o.backoff_cap_ms = 3000;
    again_with(&o);
    make_texts(1);
    endpoint_behave(e, ENDPOINT_BUSY_AWHILE, 1);
    double before = seconds();
    OK(embed(1));
    ck_assert_double_ge(seconds() - before, .95);
    ck_assert_double_le(seconds() - before, 30);
    o.backoff_cap_ms = 100;
    again_with(&o);
    endpoint_behave(e, ENDPOINT_BUSY_FOR_LONG, 1);
    before = seconds();
    OK(embed(1));
    ck_assert_double_ge(seconds() - before, .095);
    ck_assert_double_le(seconds() - before, 30);
}
END_TEST

START_TEST(a_request_and_a_call_have_an_end)
{
    plurum_http_options o = quick();
    o.request_ms = 1000;
    again_with(&o);
    make_texts(1);
    endpoint_behave(e, ENDPOINT_SLOW, 1);
    OK(embed(1)); /* by the second attempt */
    o.request_ms = 30000;
    o.total_ms = 300;
    again_with(&o);
    endpoint_behave(e, ENDPOINT_SLOW, -1);
    double before = seconds();
    ck_assert_int_eq(embed(1), PLURUM_BACKEND);
    ck_assert_double_le(seconds() - before, 8);
    ck_assert_ptr_nonnull(strstr(error.text, "no answer in time"));
    o.retries = 100;
    o.backoff_ms = 100;
    o.backoff_cap_ms = 100;
    again_with(&o);
    endpoint_behave(e, ENDPOINT_BROKEN, -1);
    before = seconds();
    ck_assert_int_eq(embed(1), PLURUM_BACKEND);
    ck_assert_double_le(seconds() - before, 8);
}
END_TEST

START_TEST(a_query_does_not_wait_as_long)
{
    plurum_http_options o = quick();
    plurum_embed_call call = PLURUM_EMBED_CALL_INIT;
    o.query_ms = 300;
    again_with(&o);
    make_texts(1);
    call.patience = PLURUM_QUERY;
    endpoint_behave(e, ENDPOINT_SLOW, -1);
    double before = seconds();
    ck_assert_int_eq(plurum_embedder_embed_call(embedder, texts, 1, rows[0], &call, &error),
                     PLURUM_BACKEND);
    ck_assert_double_le(seconds() - before, 8);
    o.query_ms = 30000;
    again_with(&o);
    for (int p = PLURUM_ONCE; p <= PLURUM_QUERY; p++) {
        call.patience = (plurum_patience)p;
        endpoint_behave(e, ENDPOINT_BROKEN, 1);
        ck_assert_int_eq(plurum_embedder_embed_call(embedder, texts, 1, rows[0], &call, &error),
                         PLURUM_BACKEND);
        ck_assert_uint_eq(endpoint_look(e).requests, 1);
        OK(plurum_embedder_embed_call(embedder, texts, 1, rows[0], &call, &error));
        expect_all(1);
        endpoint_look(e);
    }
}
END_TEST

static int stop_after(void *payload)
{
    return seconds() > *(double *)payload;
}

START_TEST(a_call_can_be_given_up)
{
    static const behaviour HOW[] = {ENDPOINT_SLOW, ENDPOINT_BUSY_AWHILE};
    plurum_http_options o = quick();
    o.backoff_cap_ms = 60000;
    again_with(&o);
    make_texts(1);
    for (size_t i = 0; i < 2; i++) {
        double moment = seconds() + .2;
        plurum_embed_call call = {sizeof call, PLURUM_PATIENT, stop_after, &moment};
        endpoint_behave(e, HOW[i], -1);
        ck_assert_int_eq(plurum_embedder_embed_call(embedder, texts, 1, rows[0], &call, &error),
                         PLURUM_CANCELLED);
        ck_assert_double_le(seconds() - moment, 8);
    }
}
END_TEST

/* ---- options --------------------------------------------------------------------------------- */

static const struct {
    const char *url, *key, *model;
    uint32_t dim, total;
    size_t batch;
    const char *words;
} OPTIONS[] = {
    {NULL, NULL, NULL, 1, 1, 1, "url: NULL"},
    {"", NULL, NULL, 1, 1, 1, "url: "},
    {"not a url", NULL, NULL, 1, 1, 1, "url: "},
    {"ftp://host/x", NULL, NULL, 1, 1, 1, "url: scheme ftp, http or https expected"},
    {"file:///etc/passwd", NULL, NULL, 1, 1, 1, "url: "},
    {"https://me:secret@host/x", NULL, NULL, 1, 1, 1, "url: a user or password"},
    {"https://me@host/x", NULL, NULL, 1, 1, 1, "url: a user or password"},
    {"https://host/x", "two words", NULL, 1, 1, 1, "key: its byte 3"},
    {"https://host/x", "line\nX-Other: header", NULL, 1, 1, 1, "key: its byte 4"},
    {"https://host/x", "", NULL, 1, 1, 1, "key: empty"},
    {"https://host/x", NULL, "", 0, 1, 1, "the model's name is"},
    {"https://host/x", NULL, "tab\there", 0, 1, 1, "the model's name is"},
    {"https://host/x", NULL, NULL, 4097, 1, 1, "dim: 4097, allowed are 0 to 4096"},
    {"https://host/x", NULL, NULL, 1, 0, 1, "total_ms: 0, allowed are 1 to 3600000"},
    {"https://host/x", NULL, NULL, 1, 1, 0, "batch_texts: 0, allowed are 1 to 2048"},
    {"https://host/x", NULL, NULL, 1, 1, 2049, "batch_texts: 2049"},
};

START_TEST(an_option_that_cannot_be_is_named_and_nobody_is_asked)
{
    plurum_http_options o = PLURUM_HTTP_OPTIONS_INIT;
    plurum_embedder *none = embedder;
    o.url = OPTIONS[_i].url;
    o.key = OPTIONS[_i].key;
    o.model = OPTIONS[_i].model;
    o.dim = OPTIONS[_i].dim;
    o.total_ms = OPTIONS[_i].total;
    o.batch_texts = OPTIONS[_i].batch;
    memset(&error, 0, sizeof error);
    ck_assert_int_eq(plurum_embedder_open_http(&none, &o, &error), PLURUM_ARG);
    ck_assert_ptr_null(none);
    ck_assert_msg(strstr(error.text, OPTIONS[_i].words) != NULL, "%s", error.text);
    ck_assert_ptr_null(strstr(error.text, "secret"));
    if (o.key && *o.key) ck_assert_ptr_null(strstr(error.text, o.key));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("http");
    TCase *t = tcase_create("endpoint");
    suite_add_tcase(suite, t);
    tcase_set_timeout(t, 300);
    tcase_add_checked_fixture(t, begin, end);
    tcase_add_test(t, texts_go_in_batches_and_come_back_in_their_order);
    tcase_add_test(t, a_request_is_bounded_in_texts_and_in_bytes);
    tcase_add_test(t, an_order_that_the_answer_tells_is_followed);
    tcase_add_test(t, a_text_of_blanks_is_not_sent_and_has_no_vector);
    tcase_add_test(t, any_bytes_are_a_text_and_a_long_one_is_cut_at_a_character);
    tcase_add_test(t, dimensions_can_be_learnt);
    tcase_add_test(t, without_a_key_none_is_sent_and_a_query_is);
    tcase_add_test(t, many_threads_may_ask_at_once);
    tcase_add_loop_test(t, each_fault_is_named_and_only_what_may_pass_is_tried_again, 0,
                        sizeof FAULTS / sizeof *FAULTS);
    tcase_add_test(t, nobody_who_listens_is_named_and_tried_again);
    tcase_add_test(t, a_single_text_that_is_refused_has_its_position);
    tcase_add_test(t, what_the_endpoint_asks_to_wait_is_waited_up_to_the_cap);
    tcase_add_test(t, a_request_and_a_call_have_an_end);
    tcase_add_test(t, a_query_does_not_wait_as_long);
    tcase_add_test(t, a_call_can_be_given_up);
    tcase_add_loop_test(t, an_option_that_cannot_be_is_named_and_nobody_is_asked, 0,
                        sizeof OPTIONS / sizeof *OPTIONS);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
