/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Structs that grow: callers who were built against an older or a newer header than the library.
 *
 * A caller's struct may end earlier (an older caller: what it does not know keeps its default) or
 * later (a newer one: what the library does not know must be zero). One that was never initialised
 * is told so. Every struct with a struct_size is tried through the call that takes it.
 */
#include <config.h>

#include "tests/limits/limits.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static plurum_status take_creation(void *given)
{
    static int number;
    char name[128];
    snprintf(name, sizeof name, "%s/new-%d", directory, number++);
    return plurum_index_create(name, given, &error);
}

static plurum_status take_opening(void *given)
{
    plurum_index *index;
    close_index();
    plurum_status status = plurum_index_open(&index, path, given, &error);
    plurum_index_close(index);
    reopen();
    return status;
}

static plurum_status take_document(void *given)
{
    plurum_batch *batch;
    OK(plurum_batch_new(&batch, opened, &error));
    plurum_status status = plurum_batch_put(batch, given, PLURUM_CONFLICT_REPLACE, &error);
    ck_assert_uint_eq(plurum_batch_count(batch), status ? 0 : 1);
    plurum_batch_free(batch);
    return status;
}

static plurum_status take_outcome(void *given)
{
    plurum_batch *batch;
    OK(plurum_batch_new(&batch, opened, &error));
    plurum_status status = plurum_batch_outcome(batch, given, &error);
    plurum_batch_free(batch);
    return status;
}

static plurum_status take_viewer(void *given)
{
    plurum_results *results;
    plurum_status status = plurum_index_list(&results, opened, given, NULL, 10, 0, &error);
    plurum_results_free(results);
    return status;
}

static plurum_status take_filter(void *given)
{
    plurum_results *results;
    plurum_status status = plurum_index_list(&results, opened, NULL, given, 10, 0, &error);
    plurum_results_free(results);
    return status;
}

static plurum_status take_query(void *given)
{
    plurum_results *results;
    plurum_status status = plurum_search(&results, opened, given, &error);
    plurum_results_free(results);
    return status;
}

static plurum_status take_experience_options(void *given)
{
    static const char JSON[] = "{\"goal\":\"a goal long enough\"}";
    plurum_experience *parsed;
    plurum_status status =
        plurum_experience_parse(&parsed, JSON, sizeof JSON - 1, given, &error);
    plurum_experience_free(parsed);
    return status;
}

static plurum_status embed_nothing(void *payload, const char *const *texts, size_t count,
                                   float *out, plurum_error *why)
{
    (void)payload, (void)texts, (void)count, (void)out, (void)why;
    return PLURUM_OK;
}

static plurum_status take_methods(void *given)
{
    static const plurum_fingerprint f = {.name = "m", .dim = 2, .text_template = 1};
    plurum_embedder *embedder;
    plurum_status status = plurum_embedder_create(&embedder, &f, NULL, given, NULL, &error);
    plurum_embedder_free(embedder);
    return status;
}

static plurum_status take_stats(void *given)
{
    return plurum_index_stats(given, opened, &error);
}

static plurum_status take_report(void *given)
{
    return plurum_index_verify(given, opened, NULL, NULL, &error);
}

/* The initialised structs, each in room for a caller of the future. */
enum { ROOM = 1024 };
static union {
    size_t struct_size;
    unsigned char bytes[ROOM];
} given;

typedef struct grown {
    const char *name;
    size_t size;    /* today's                                                                   */
    size_t oldest;  /* an older caller's: the members before have no default that would be wrong */
    int filled_in;  /* the call writes it                                                        */
    plurum_status (*take)(void *given);
} grown;

#define GROWN(type, last, out, take) {#type, sizeof(type), offsetof(type, last), out, take}
static const grown STRUCTS[] = {
    GROWN(plurum_create_options, newcomer_weights, 0, take_creation),
    GROWN(plurum_open_options, max_pending, 0, take_opening),
    GROWN(plurum_document, tags, 0, take_document),
    GROWN(plurum_outcome, at, 0, take_outcome),
    GROWN(plurum_viewer, team_mates, 0, take_viewer),
    GROWN(plurum_filter, min_quality, 0, take_filter),
    GROWN(plurum_query, limit, 0, take_query),
    GROWN(plurum_experience_options, lifecycle, 0, take_experience_options),
    GROWN(plurum_embedder_methods, release, 0, take_methods),
    GROWN(plurum_stats, documents, 1, take_stats),
    GROWN(plurum_verify_report, postings, 1, take_report),
};
enum { STRUCT_COUNT = sizeof STRUCTS / sizeof *STRUCTS };

static void initialise(const grown *g)
{
    static const plurum_outcome some_outcome = {.struct_size = sizeof some_outcome,
                                                .id = "a",
                                                .agent = "x",
                                                .success = 1,
                                                .at = NEW_YEAR,
                                                .execution_time_ms = -1};
    plurum_open_options open = opening();
    plurum_create_options make = creation();
    plurum_document d = document("a", "title");
    plurum_viewer viewer = PLURUM_VIEWER_INIT;
    plurum_filter filter = PLURUM_FILTER_INIT;
    plurum_query q = query("title");
    plurum_experience_options reading = PLURUM_EXPERIENCE_OPTIONS_INIT;
    plurum_embedder_methods methods = {.struct_size = sizeof methods, .embed = embed_nothing};
    const void *const FROM[STRUCT_COUNT] = {&make, &open, &d, &some_outcome, &viewer, &filter,
                                            &q, &reading, &methods, NULL, NULL};
    memset(&given, 0, sizeof given);
    const void *from = FROM[g - STRUCTS];
    if (from) memcpy(&given, from, g->size);
    given.struct_size = g->size;
}

START_TEST(every_struct_of_today_is_taken)
{
    for (const grown *g = STRUCTS; g < STRUCTS + STRUCT_COUNT; g++) {
        initialise(g);
        ck_assert_msg(g->take(&given) == PLURUM_OK, "%s: %s", g->name, error.text);
    }
}
END_TEST

START_TEST(a_newer_caller_is_taken_while_it_asks_for_nothing_new)
{
    for (const grown *g = STRUCTS; g < STRUCTS + STRUCT_COUNT; g++) {
        initialise(g);
        given.struct_size = g->size + 24;
        ck_assert_msg(g->take(&given) == PLURUM_OK, "%s: %s", g->name, error.text);
    }
}
END_TEST

START_TEST(a_newer_caller_who_asks_for_something_unknown_is_refused)
{
    for (const grown *g = STRUCTS; g < STRUCTS + STRUCT_COUNT; g++) {
        if (g->filled_in) continue;
        char says[32];
        limits_kind("Option structs");
        initialise(g);
        given.struct_size = g->size + 24;
        given.bytes[g->size + 23] = 1;
        snprintf(says, sizeof says, "byte %zu is set", g->size + 23);
        FAILS(g->take(&given), PLURUM_ARG, g->name);
        limits_settle();
        REFUSED_AS(printed("%s: a later member is set", g->name), g->take(&given), ARG, says);
    }
}
END_TEST

START_TEST(an_older_caller_gets_the_defaults_of_what_it_does_not_know)
{
    for (const grown *g = STRUCTS; g < STRUCTS + STRUCT_COUNT; g++) {
        initialise(g);
        given.struct_size = g->oldest;
        /* what lies behind is not the caller's struct any more */
        memset(given.bytes + g->oldest, 0xA5, ROOM - g->oldest);
        ck_assert_msg(g->take(&given) == PLURUM_OK, "%s: %s", g->name, error.text);
        if (!g->filled_in) continue;
        for (size_t i = g->oldest; i < ROOM; i++)
            ck_assert_msg(given.bytes[i] == 0xA5, "%s: byte %zu was written", g->name, i);
    }
}
END_TEST

START_TEST(a_struct_that_was_never_initialised_is_refused)
{
    static const size_t SIZES[] = {0, 1, sizeof(size_t) - 1, 1 << 20, SIZE_MAX};
    limits_kind("Option structs");
    for (const grown *g = STRUCTS; g < STRUCTS + STRUCT_COUNT; g++) {
        for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
            initialise(g);
            given.struct_size = SIZES[i];
            FAILS(g->take(&given), PLURUM_ARG, g->name);
        }
        given.struct_size = 0;
        limits_settle();
        REFUSED_AS(printed("%s: never initialised", g->name), g->take(&given), ARG, g->name);
    }
}
END_TEST

START_TEST(what_a_newer_caller_cannot_be_told_is_zero)
{
    for (const grown *g = STRUCTS; g < STRUCTS + STRUCT_COUNT; g++) {
        if (!g->filled_in) continue;
        memset(&given, 0xA5, sizeof given);
        given.struct_size = g->size + 16;
        OK(g->take(&given));
        ck_assert_uint_eq(given.struct_size, g->size + 16);
        for (size_t i = 0; i < 16; i++) ck_assert_uint_eq(given.bytes[g->size + i], 0);
        ck_assert_uint_eq(given.bytes[g->size + 16], 0xA5);
    }
}
END_TEST

/* A default that is not zero is the default for older callers too. */
START_TEST(an_older_query_has_the_default_limit_and_bodies)
{
    plurum_query q = query("title");
    q.limit = 3;
    q.bodies = 0;
    q.struct_size = offsetof(plurum_query, limit);
    char key[8];
    for (int i = 0; i < 12; i++) {
        snprintf(key, sizeof key, "k%d", i);
        put_text(key, "title");
    }
    plurum_results *results = search(&q);
    ck_assert_uint_eq(plurum_results_count(results), 10);
    ck_assert_ptr_nonnull(plurum_results_hit(results, 0)->json);
    plurum_results_free(results);
}
END_TEST

START_TEST(an_older_document_is_public_and_published_now)
{
    plurum_document d = document("old", "written by an older caller");
    d.lifecycle = PLURUM_DRAFT;
    d.confidence = 0.25;
    d.created_at = 5;
    d.struct_size = offsetof(plurum_document, tags);
    put(&d);
    json_t *object = get("old", NULL);
    ck_assert_ptr_nonnull(object);
    ck_assert_str_eq(text(object, "status"), "published");
    ck_assert_str_eq(text(object, "visibility"), "public");
    ck_assert(json_is_null(json_object_get(object, "confidence")));
    ck_assert_str_eq(text(object, "created_at"), "2026-01-01T00:00:00Z");
    json_decref(object);
}
END_TEST

START_TEST(initialisers_and_macros_agree)
{
    plurum_document d, macro_document = PLURUM_DOCUMENT_INIT;
    plurum_open_options o, macro_open = PLURUM_OPEN_OPTIONS_INIT;
    plurum_document_init(&d);
    plurum_open_options_init(&o);
    ck_assert_uint_eq(d.struct_size, macro_document.struct_size);
    ck_assert_int_eq(d.lifecycle, macro_document.lifecycle);
    ck_assert(d.confidence != d.confidence && d.created_at == macro_document.created_at);
    ck_assert_uint_eq(o.struct_size, macro_open.struct_size);
    ck_assert_uint_eq(o.max_pending, macro_open.max_pending);
    char version[32];
    snprintf(version, sizeof version, "%d.%d.%d", PLURUM_VERSION_MAJOR, PLURUM_VERSION_MINOR,
             PLURUM_VERSION_PATCH);
    ck_assert_str_eq(plurum_version_string(), version);
    ck_assert_int_eq(PLURUM_VERSION_NUMBER, PLURUM_VERSION_MAJOR * 10000 +
                                                PLURUM_VERSION_MINOR * 100 + PLURUM_VERSION_PATCH);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("api: options");
    TCase *t = tcase_create("structs");
    tcase_add_checked_fixture(t, begin, limits_end);
    tcase_add_test(t, every_struct_of_today_is_taken);
    tcase_add_test(t, a_newer_caller_is_taken_while_it_asks_for_nothing_new);
    tcase_add_test(t, a_newer_caller_who_asks_for_something_unknown_is_refused);
    tcase_add_test(t, an_older_caller_gets_the_defaults_of_what_it_does_not_know);
    tcase_add_test(t, a_struct_that_was_never_initialised_is_refused);
    tcase_add_test(t, what_a_newer_caller_cannot_be_told_is_zero);
    tcase_add_test(t, an_older_query_has_the_default_limit_and_bodies);
    tcase_add_test(t, an_older_document_is_public_and_published_now);
    tcase_add_test(t, initialisers_and_macros_agree);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
