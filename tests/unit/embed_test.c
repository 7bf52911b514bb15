/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The embed room: the seam with embedders of the caller's, and the similarity scale.
 */
#include <config.h>

#include "embed_test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <plurum/embed.h>

#include "base/alloc.h"
#include "embed/similarity.h"

unsigned char *read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "cannot open %s", path);
    ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    ck_assert_int_gt(size, 0);
    rewind(file);
    unsigned char *bytes = malloc((size_t)size);
    ck_assert_uint_eq(fread(bytes, 1, (size_t)size, file), (size_t)size);
    fclose(file);
    *len = (size_t)size;
    return bytes;
}

const char *write_temporary(const char *name, const void *bytes, size_t len)
{
    static char path[200];
    snprintf(path, sizeof path, "embed_test.%ld.%s", (long)getpid(), name);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, len, file), len);
    ck_assert_int_eq(fclose(file), 0);
    return path;
}

/* ---- an embedder that does as it is told ----------------------------------------------------- */

typedef struct puppet {
    plurum_status status;   /* to return                                      */
    plurum_status told;     /* to put into the error; OK: leave it alone      */
    float rows[3][2];       /* to give                                        */
    size_t rows_given;
    size_t seen;            /* texts of the last call                         */
    int releases;
} puppet;

static plurum_status puppet_embed(void *payload, const char *const *texts, size_t count, float *out,
                                  plurum_error *error)
{
    puppet *p = payload;
    p->seen = count;
    for (size_t i = 0; i < count; i++) ck_assert_ptr_nonnull(texts[i]);
    memcpy(out, p->rows, 2 * p->rows_given * sizeof(float));
    if (p->told) {
        memset(error, 0, sizeof *error);
        error->status = p->told;
        error->position = 77;
        strcpy(error->text, "the puppet speaks");
    }
    return p->status;
}

static void puppet_release(void *payload)
{
    ((puppet *)payload)->releases++;
}

static const plurum_embedder_methods METHODS = {
    .struct_size = sizeof METHODS, .embed = puppet_embed, .release = puppet_release};
static const plurum_fingerprint PRINT = {"puppet", 2, 1, 42};

static plurum_embedder *create(puppet *p)
{
    plurum_embedder *embedder;
    ck_assert_int_eq(plurum_embedder_create(&embedder, &PRINT, NULL, &METHODS, p, NULL), PLURUM_OK);
    return embedder;
}

static void refused(const plurum_fingerprint *print, const plurum_model_traits *traits,
                    const plurum_embedder_methods *methods, const char *text)
{
    puppet p = {0};
    plurum_error error;
    plurum_embedder *embedder = (plurum_embedder *)&p;
    ck_assert_int_eq(plurum_embedder_create(&embedder, print, traits, methods, &p, &error),
                     PLURUM_ARG);
    ck_assert_ptr_null(embedder);
    ck_assert_msg(strstr(error.text, text) != NULL, "\"%s\" is not in: %s", text, error.text);
    ck_assert_int_eq(plurum_embedder_create(&embedder, print, traits, methods, &p, NULL),
                     PLURUM_ARG);
    ck_assert_int_eq(p.releases, 0);
}

/* ---- creation -------------------------------------------------------------------------------- */

START_TEST(an_embedder_keeps_what_it_was_given)
{
    puppet p = {0};
    plurum_fingerprint print = PRINT;
    memset(print.name + 7, 'x', sizeof print.name - 7); /* behind the name's end */
    plurum_model_traits traits = {1, .25, 2, 3};
    plurum_embedder *embedder;
    ck_assert_int_eq(plurum_embedder_create(&embedder, &print, &traits, &METHODS, &p, NULL),
                     PLURUM_OK);
    print.dim = 9;
    traits.alpha = 0;
    const plurum_fingerprint *kept = plurum_embedder_fingerprint(embedder);
    ck_assert_int_eq(memcmp(kept->name, PRINT.name, sizeof kept->name), 0);
    ck_assert_uint_eq(kept->dim, 2);
    ck_assert_uint_eq(kept->text_template, 1);
    ck_assert_uint_eq(kept->checksum, 42);
    ck_assert(plurum_embedder_traits(embedder)->alpha == 1);
    ck_assert(plurum_embedder_traits(embedder)->pivot == .25);
    ck_assert_int_eq(p.releases, 0);
    plurum_embedder_free(embedder);
    ck_assert_int_eq(p.releases, 1);
    plurum_embedder_free(NULL);
}
END_TEST

START_TEST(traits_and_release_may_be_left_out)
{
    puppet p = {0};
    struct {
        size_t struct_size;
        void *embed;
    } older = {offsetof(plurum_embedder_methods, release), NULL};
    memcpy(&older.embed, &METHODS.embed, sizeof older.embed);
    plurum_embedder_methods methods = {0};
    memcpy(&methods, &older, sizeof older);
    methods.release = puppet_release; /* beyond the caller's struct */
    plurum_embedder *embedder;
    ck_assert_int_eq(plurum_embedder_create(&embedder, &PRINT, NULL, &methods, &p, NULL),
                     PLURUM_OK);
    ck_assert(plurum_embedder_traits(embedder)->alpha == .5);
    ck_assert(plurum_embedder_traits(embedder)->pivot == .4);
    plurum_embedder_free(embedder);
    ck_assert_int_eq(p.releases, 0);
}
END_TEST

START_TEST(a_bad_fingerprint_is_refused_and_named)
{
    plurum_fingerprint print = PRINT;
    refused(NULL, NULL, &METHODS, "fingerprint is NULL");
    print.name[0] = '\0';
    refused(&print, NULL, &METHODS, "name is \"\"");
    strcpy(print.name, "tab\there");
    refused(&print, NULL, &METHODS, "tab?here");
    strcpy(print.name, "caf\xC3\xA9");
    refused(&print, NULL, &METHODS, "printable ASCII");
    memset(print.name, 'n', sizeof print.name);
    refused(&print, NULL, &METHODS, "1 to 63");
    print.name[63] = '\0';
    puppet p = {0};
    plurum_embedder *embedder;
    ck_assert_int_eq(plurum_embedder_create(&embedder, &print, NULL, &METHODS, &p, NULL),
                     PLURUM_OK);
    plurum_embedder_free(embedder);
    print = PRINT;
    print.dim = 0;
    refused(&print, NULL, &METHODS, "has 0 dimensions, expected 1 to 4096");
    print.dim = PLURUM_DIM_MAX + 1;
    refused(&print, NULL, &METHODS, "has 4097 dimensions");
    print = PRINT;
    print.text_template = 2;
    refused(&print, NULL, &METHODS, "text template 2, expected 1");
}
END_TEST

START_TEST(traits_out_of_range_are_refused)
{
    const double bad_alphas[] = {-.001, 1.001, NAN, INFINITY};
    const double bad_pivots[] = {0, 1, -1, NAN, INFINITY};
    for (size_t i = 0; i < sizeof bad_alphas / sizeof *bad_alphas; i++) {
        plurum_model_traits traits = {bad_alphas[i], .5, 0, 0};
        refused(&PRINT, &traits, &METHODS, "alpha");
    }
    for (size_t i = 0; i < sizeof bad_pivots / sizeof *bad_pivots; i++) {
        plurum_model_traits traits = {.5, bad_pivots[i], 0, 0};
        refused(&PRINT, &traits, &METHODS, "pivot");
    }
    const double bad_leans[] = {-10.001, 10.001, NAN, INFINITY};
    for (size_t i = 0; i < sizeof bad_leans / sizeof *bad_leans; i++) {
        refused(&PRINT, &(plurum_model_traits){.5, .5, bad_leans[i], 0}, &METHODS, "lean");
        refused(&PRINT, &(plurum_model_traits){.5, .5, 0, bad_leans[i]}, &METHODS, "lean");
    }
}
END_TEST

START_TEST(methods_of_a_wrong_size_are_refused)
{
    refused(&PRINT, NULL, NULL, "methods is NULL");
    plurum_embedder_methods methods = METHODS;
    methods.struct_size = 0;
    refused(&PRINT, NULL, &methods, "struct_size");
    methods.struct_size = sizeof(size_t); /* a caller that knows no embed */
    refused(&PRINT, NULL, &methods, "embed");
    methods = METHODS;
    methods.embed = NULL;
    refused(&PRINT, NULL, &methods, "embed");
    struct {
        plurum_embedder_methods known;
        void *more;
    } newer = {METHODS, &methods};
    newer.known.struct_size = sizeof newer;
    refused(&PRINT, NULL, &newer.known, "does not know");
    plurum_error error;
    ck_assert_int_eq(plurum_embedder_create(NULL, &PRINT, NULL, &METHODS, NULL, &error),
                     PLURUM_ARG);
}
END_TEST

START_TEST(an_embedder_without_memory_is_not_made)
{
    puppet p = {0};
    plurum_embedder *embedder;
    plurum_error error;
    pli_alloc_fail_at(1);
    plurum_status status = plurum_embedder_create(&embedder, &PRINT, NULL, &METHODS, &p, &error);
    pli_alloc_fail_at(0);
    ck_assert_int_eq(status, PLURUM_NOMEM);
    ck_assert_ptr_null(embedder);
    ck_assert_int_eq(p.releases, 0);
}
END_TEST

/* ---- embedding ------------------------------------------------------------------------------- */

static const char *const TEXTS[] = {"one", "two", "three"};

START_TEST(rows_come_out_at_unit_length_or_zero)
{
    puppet p = {.rows = {{3, -4}, {0, 0}, {3e38f, 1e-45f}}, .rows_given = 3};
    plurum_embedder *embedder = create(&p);
    float out[3][2];
    ck_assert_int_eq(plurum_embedder_embed(embedder, TEXTS, 3, out[0], NULL), PLURUM_OK);
    ck_assert_uint_eq(p.seen, 3);
    ck_assert(out[0][0] == .6f && out[0][1] == -.8f);
    ck_assert(out[1][0] == 0 && out[1][1] == 0);
    ck_assert(out[2][0] == 1 && out[2][1] == 0);
    plurum_embedder_free(embedder);
}
END_TEST

START_TEST(a_row_that_is_not_written_has_no_vector)
{
    puppet p = {.rows = {{3, 4}}, .rows_given = 1};
    plurum_embedder *embedder = create(&p);
    float out[2][2] = {{9, 9}, {9, 9}};
    ck_assert_int_eq(plurum_embedder_embed(embedder, TEXTS, 2, out[0], NULL), PLURUM_OK);
    ck_assert(out[0][0] == .6f && out[1][0] == 0 && out[1][1] == 0);
    plurum_embedder_free(embedder);
}
END_TEST

START_TEST(a_row_that_is_not_finite_is_refused_by_number)
{
    const float bad[] = {NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < 3; i++) {
        puppet p = {.rows = {{3, 4}, {1, bad[i]}, {1, 0}}, .rows_given = 3};
        plurum_embedder *embedder = create(&p);
        float out[3][2];
        plurum_error error;
        ck_assert_int_eq(plurum_embedder_embed(embedder, TEXTS, 3, out[0], &error),
                         PLURUM_INVALID);
        ck_assert_uint_eq(error.position, 1);
        ck_assert_ptr_nonnull(strstr(error.text, "\"puppet\""));
        ck_assert_ptr_nonnull(strstr(error.text, "row 1"));
        for (int k = 0; k < 6; k++) ck_assert(out[k / 2][k % 2] == 0);
        plurum_embedder_free(embedder);
    }
}
END_TEST

START_TEST(an_error_of_the_method_comes_back)
{
    puppet p = {.status = PLURUM_CANCELLED, .told = PLURUM_CANCELLED, .rows = {{1, 1}},
                .rows_given = 1};
    plurum_embedder *embedder = create(&p);
    float out[2] = {5, 5};
    plurum_error error;
    ck_assert_int_eq(plurum_embedder_embed(embedder, TEXTS, 1, out, &error), PLURUM_CANCELLED);
    ck_assert_int_eq(error.status, PLURUM_CANCELLED);
    ck_assert_str_eq(error.text, "the puppet speaks");
    ck_assert_uint_eq(error.position, 77);
    ck_assert(out[0] == 0 && out[1] == 0);
    ck_assert_int_eq(plurum_embedder_embed(embedder, TEXTS, 1, out, NULL), PLURUM_CANCELLED);
    plurum_embedder_free(embedder);
}
END_TEST

START_TEST(a_method_that_fails_silently_gets_a_text)
{
    puppet p = {.status = PLURUM_IO};
    plurum_embedder *embedder = create(&p);
    float out[2];
    plurum_error error;
    ck_assert_int_eq(plurum_embedder_embed(embedder, TEXTS, 1, out, &error), PLURUM_IO);
    ck_assert_int_eq(error.status, PLURUM_IO);
    ck_assert_ptr_nonnull(strstr(error.text, "puppet"));
    p.told = PLURUM_LIMIT; /* not what it returns */
    ck_assert_int_eq(plurum_embedder_embed(embedder, TEXTS, 1, out, &error), PLURUM_IO);
    ck_assert_int_eq(error.status, PLURUM_IO);
    p.status = (plurum_status)7;
    ck_assert_int_eq(plurum_embedder_embed(embedder, TEXTS, 1, out, &error), PLURUM_BACKEND);
    ck_assert_ptr_nonnull(strstr(error.text, "returned 7"));
    plurum_embedder_free(embedder);
}
END_TEST

START_TEST(texts_and_their_room_are_checked)
{
    puppet p = {0};
    plurum_embedder *embedder = create(&p);
    float out[6];
    plurum_error error;
    const char *const holed[] = {"one", NULL};
    p.seen = 99;
    ck_assert_int_eq(plurum_embedder_embed(embedder, holed, 2, out, &error), PLURUM_ARG);
    ck_assert_uint_eq(error.position, 1);
    ck_assert_int_eq(plurum_embedder_embed(embedder, NULL, 2, out, &error), PLURUM_ARG);
    ck_assert_int_eq(plurum_embedder_embed(embedder, TEXTS, 2, NULL, &error), PLURUM_ARG);
    ck_assert_int_eq(plurum_embedder_embed(NULL, TEXTS, 2, out, &error), PLURUM_ARG);
    ck_assert_int_eq(plurum_embedder_embed(embedder, TEXTS, SIZE_MAX / 4, out, &error),
                     PLURUM_ARG);
    ck_assert_int_eq(plurum_embedder_embed(embedder, NULL, 0, NULL, &error), PLURUM_OK);
    ck_assert_uint_eq(p.seen, 99);
    plurum_embedder_free(embedder);
}
END_TEST

/* ---- similarity ------------------------------------------------------------------------------ */

START_TEST(similarity_is_pinned_at_zero_pivot_and_one)
{
    const double pivots[] = {1e-9, .17, .3, .4, .7, 1 - 1e-9};
    for (size_t i = 0; i < sizeof pivots / sizeof *pivots; i++) {
        double pivot = pivots[i];
        ck_assert(pli_similarity(0, pivot) == 0 && pli_similarity(-.5, pivot) == 0);
        ck_assert(pli_similarity(pivot, pivot) == PLI_SIMILARITY_AT_PIVOT);
        ck_assert(pli_similarity(1, pivot) == 1 && pli_similarity(1.0000001, pivot) == 1);
        ck_assert(fabs(pli_similarity(pivot / 2, pivot) - .2) < 1e-12);
        ck_assert(fabs(pli_similarity((1 + pivot) / 2, pivot) - .7) < 1e-6);
        ck_assert(pli_similarity(NAN, pivot) == 0);
    }
}
END_TEST

START_TEST(similarity_never_falls_and_never_leaves_its_range)
{
    for (double pivot = .01; pivot < 1; pivot += .0137) {
        double last = 0;
        for (double cosine = -.1; cosine < 1.1; cosine += .0007) {
            double now = pli_similarity(cosine, pivot);
            ck_assert(now >= last && now <= 1);
            last = now;
        }
        double near = pli_similarity(nextafter(pivot, 0), pivot);
        double at = pli_similarity(pivot, pivot);
        ck_assert(near <= at && at <= pli_similarity(nextafter(pivot, 1), pivot));
        ck_assert(pli_similarity(nextafter(1, 0), pivot) <= 1);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("embed");
    TCase *tc = tcase_create("seam");
    suite_add_tcase(suite, tc);
    tcase_add_test(tc, an_embedder_keeps_what_it_was_given);
    tcase_add_test(tc, traits_and_release_may_be_left_out);
    tcase_add_test(tc, a_bad_fingerprint_is_refused_and_named);
    tcase_add_test(tc, traits_out_of_range_are_refused);
    tcase_add_test(tc, methods_of_a_wrong_size_are_refused);
    tcase_add_test(tc, an_embedder_without_memory_is_not_made);
    tcase_add_test(tc, rows_come_out_at_unit_length_or_zero);
    tcase_add_test(tc, a_row_that_is_not_written_has_no_vector);
    tcase_add_test(tc, a_row_that_is_not_finite_is_refused_by_number);
    tcase_add_test(tc, an_error_of_the_method_comes_back);
    tcase_add_test(tc, a_method_that_fails_silently_gets_a_text);
    tcase_add_test(tc, texts_and_their_room_are_checked);
    tcase_add_test(tc, similarity_is_pinned_at_zero_pivot_and_one);
    tcase_add_test(tc, similarity_never_falls_and_never_leaves_its_range);
    suite_add_tcase(suite, embed_model_tests());
    suite_add_tcase(suite, embed_damage_tests());
    suite_add_tcase(suite, embed_minilm_tests());
    suite_add_tcase(suite, embed_pltm_damage_tests());
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
