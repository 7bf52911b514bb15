/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Segments: what a search of a graph finds against brute force, and files that are damaged in every
 * section, cut short, of another store, or made up with checksums that are right.
 */
#include <config.h>

#include "vector/segment_layout.h"

#include <check.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xxhash.h>

#include "vector/flat.h"
#include "vector/kernel.h"
#include "vector/select.h"

enum { DIM = 40, COUNT = 3000, STEP = 3, OWNER = 77, QUERIES = 50, K = 10 };

static char folder[] = "/tmp/plurum-segment-XXXXXX";
static char path[64], copy[64];
static float *rows; /* by id / STEP */
static uint32_t ids[COUNT];
static uint64_t state;

static uint64_t next_random(void)
{
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static float signed_unit(void)
{
    return (float)((double)(next_random() >> 11) * 0x1p-52 - 1);
}

/* Near one of 40 directions, as documents are. */
static void random_vector(float *out)
{
    static float directions[40 * DIM];
    int is_zero;
    for (int i = 0; directions[40 * DIM - 1] == 0 && i < 40 * DIM; i++)
        directions[i] = signed_unit();
    const float *direction = directions + next_random() % 40 * DIM;
    for (int i = 0; i < DIM; i++) out[i] = direction[i] + signed_unit();
    ck_assert_int_eq(pli_vector_normalise(out, DIM, &is_zero, NULL), PLURUM_OK);
}

static const float *vector_of(const void *payload, uint32_t id)
{
    (void)payload;
    return rows + (size_t)(id / STEP) * DIM;
}

static pli_segment_source source_of(uint32_t count)
{
    return (pli_segment_source){
        .dim = DIM, .count = count, .ids = ids, .seq = 5, .owner = OWNER, .vector = vector_of};
}

static pli_segment *opened(const char *name)
{
    pli_segment *segment;
    plurum_error error;
    plurum_status status = pli_segment_open(&segment, name, DIM, OWNER, &error);
    ck_assert_msg(status == PLURUM_OK, "%s", error.text);
    return segment;
}

/* ---- what is found ---- */

static pli_bitmap share_of_all(unsigned percent)
{
    pli_bitmap allowed;
    ck_assert_int_eq(pli_bitmap_init(&allowed, COUNT * STEP + 1), 0);
    for (uint32_t i = 0; i < COUNT; i++)
        if (next_random() % 100 < percent) pli_bitmap_add(&allowed, ids[i]);
    return allowed;
}

/* How many of the K nearest allowed are among those found; nothing else may be. */
static size_t hits_of(const pli_segment *segment, const pli_bitmap *allowed, size_t ef)
{
    float query[DIM];
    uint32_t found[512];
    pli_vector_hit nearest[K];
    pli_best best = {nearest, 0, K};
    size_t count, visited, hits = 0;
    random_vector(query);
    ck_assert_int_eq(
        pli_segment_search(found, &count, &visited, segment, allowed, query, ef, NULL), PLURUM_OK);
    ck_assert_uint_le(count, ef);
    for (uint32_t i = 0; i < COUNT; i++)
        if (pli_bitmap_has(allowed, ids[i]))
            pli_best_offer(&best, (pli_vector_hit){ids[i], pli_cosine(pli_dot(query, rows + (size_t)i * DIM, DIM))});
    for (size_t i = 0; i < count; i++) {
        ck_assert(pli_bitmap_has(allowed, found[i]));
        for (size_t j = 0; j < i; j++) ck_assert_uint_ne(found[i], found[j]);
        for (size_t j = 0; j < best.count; j++) hits += nearest[j].id == found[i];
    }
    return hits;
}

START_TEST(a_search_finds_the_nearest_with_and_without_a_filter)
{
    static const unsigned SHARES[] = {100, 50, 20};
    pli_segment *segment = opened(path);
    pli_bitmap allowed = share_of_all(SHARES[_i]);
    size_t hits = 0;
    for (int i = 0; i < QUERIES; i++) hits += hits_of(segment, &allowed, 100);
    printf("%u%%: recall@%d %.3f\n", SHARES[_i], K, (double)hits / (QUERIES * K));
    ck_assert_uint_ge(hits, QUERIES * K * 98 / 100);
    pli_bitmap_free(&allowed);
    pli_segment_close(segment);
}
END_TEST

/* A third of all documents have one of three vectors, many more each than a node has places. */
START_TEST(documents_with_the_same_vector_hide_nobody)
{
    enum { TWINS = COUNT / 9 };
    static float kept[(COUNT + 1) * DIM];
    float twin[DIM];
    size_t hits = 0, size = (size_t)COUNT * DIM * sizeof *rows;
    memcpy(kept, rows, size);
    for (uint32_t group = 0; group < 3; group++) {
        random_vector(twin);
        for (uint32_t i = group; i < 3 * TWINS; i += 3)
            memcpy(rows + (size_t)i * 3 * DIM, twin, sizeof twin);
    }
    pli_segment_source source = source_of(COUNT);
    ck_assert_int_eq(pli_segment_write(copy, &source, NULL), PLURUM_OK);
    pli_segment *segment = opened(copy);
    ck_assert_uint_eq(segment->facts.nodes, COUNT - 3 * TWINS + 3);
    pli_bitmap allowed = share_of_all(60);
    for (int i = 0; i < QUERIES; i++) hits += hits_of(segment, &allowed, 100);
    ck_assert_uint_ge(hits, QUERIES * K * 98 / 100);

    uint32_t found[16], expected = 0; /* those with the lowest ids of equals */
    size_t count, visited;
    ck_assert_int_eq(
        pli_segment_search(found, &count, &visited, segment, &allowed, twin, 16, NULL), PLURUM_OK);
    ck_assert_uint_eq(count, 16);
    for (uint32_t i = 2; expected < 16; i += 3) {
        int is_found = 0;
        if (!pli_bitmap_has(&allowed, ids[3 * i])) continue;
        for (size_t j = 0; j < count; j++) is_found |= found[j] == ids[3 * i];
        ck_assert_msg(is_found, "%u", ids[3 * i]);
        expected++;
    }
    pli_bitmap_free(&allowed);
    pli_segment_close(segment);
    memcpy(rows, kept, size);
}
END_TEST

START_TEST(what_is_wanted_beyond_what_is_there_is_all_of_it)
{
    uint32_t found[512];
    size_t count, visited;
    float query[DIM];
    pli_segment *segment = opened(path);
    pli_bitmap allowed = share_of_all(3);
    random_vector(query);
    ck_assert_int_eq(
        pli_segment_search(found, &count, &visited, segment, &allowed, query, 512, NULL), PLURUM_OK);
    ck_assert_uint_eq(count, allowed.count);
    ck_assert_uint_eq(pli_segment_overlap(segment, &allowed), allowed.count);
    pli_bitmap_free(&allowed);
    pli_segment_close(segment);
}
END_TEST

START_TEST(a_set_of_older_or_newer_ids_is_fine)
{
    uint32_t found[8];
    size_t count, visited;
    pli_bitmap few, none;
    pli_segment *segment = opened(path);
    ck_assert_int_eq(pli_bitmap_init(&few, ids[5] + 1), 0);
    ck_assert_int_eq(pli_bitmap_init(&none, 0), 0);
    pli_bitmap_add(&few, ids[4]);
    ck_assert_uint_eq(pli_segment_overlap(segment, &few), 1);
    ck_assert_uint_eq(pli_segment_overlap(segment, &none), 0);
    ck_assert_int_eq(pli_segment_search(found, &count, &visited, segment, &few, rows, 8, NULL),
                     PLURUM_OK);
    ck_assert_uint_eq(count, 1);
    ck_assert_uint_eq(found[0], ids[4]);
    pli_bitmap_free(&few);
    pli_bitmap_free(&none);
    pli_segment_close(segment);
}
END_TEST

START_TEST(small_segments_are_whole)
{
    for (uint32_t count = 1; count <= 5; count++) {
        uint32_t found[8];
        size_t found_count, visited;
        pli_segment_source source = source_of(count);
        pli_bitmap allowed = share_of_all(100);
        ck_assert_int_eq(pli_segment_write(copy, &source, NULL), PLURUM_OK);
        pli_segment *segment = opened(copy);
        ck_assert_uint_eq(segment->facts.seq, 5);
        ck_assert_uint_eq(segment->facts.last_id, ids[count - 1]);
        ck_assert_int_eq(
            pli_segment_search(found, &found_count, &visited, segment, &allowed, rows, 8, NULL),
            PLURUM_OK);
        ck_assert_uint_eq(found_count, count);
        pli_segment_close(segment);
        pli_bitmap_free(&allowed);
    }
}
END_TEST

/* ---- the file ---- */

static unsigned char *read_file(const char *name, size_t *size)
{
    struct stat st;
    ck_assert_int_eq(stat(name, &st), 0);
    *size = (size_t)st.st_size;
    unsigned char *bytes = malloc(*size);
    FILE *f = fopen(name, "rb");
    ck_assert(bytes && f && fread(bytes, 1, *size, f) == *size);
    fclose(f);
    return bytes;
}

static void write_copy(const unsigned char *bytes, size_t size)
{
    FILE *f = fopen(copy, "wb");
    ck_assert(f && fwrite(bytes, 1, size, f) == size);
    ck_assert_int_eq(fclose(f), 0);
}

static void expect(plurum_status expected, const char *text)
{
    pli_segment *segment;
    plurum_error error = {0};
    plurum_status status = pli_segment_open(&segment, copy, DIM, OWNER, &error);
    ck_assert_ptr_null(segment);
    ck_assert_msg(status == expected, "%s: %s", plurum_status_name(status), error.text);
    ck_assert_msg(strstr(error.text, copy) && strstr(error.text, text), "%s", error.text);
}

START_TEST(building_twice_gives_the_same_bytes)
{
    size_t size, again;
    pli_segment_source source = source_of(COUNT);
    ck_assert_int_eq(pli_segment_write(copy, &source, NULL), PLURUM_OK);
    unsigned char *a = read_file(path, &size), *b = read_file(copy, &again);
    ck_assert_uint_eq(size, again);
    ck_assert(memcmp(a, b, size) == 0);
    free(a);
    free(b);
}
END_TEST

START_TEST(damage_is_named_by_file_and_section)
{
    static const char *const NAMES[] = {"ids", "starts", "levels", "offsets", "neighbours", "vectors"};
    size_t size;
    unsigned char *bytes = read_file(path, &size);
    pli_segment *segment = opened(path);
    pli_segment_layout layout = pli_segment_lay_out(&segment->facts);
    pli_segment_close(segment);
    for (int section = 0; section < PLI_SECTION_COUNT; section++)
        for (int i = 0; i < 20; i++) {
            uint64_t at = layout.start[section] + next_random() % layout.bytes[section];
            bytes[at] ^= (unsigned char)(1u << next_random() % 8);
            write_copy(bytes, size);
            expect(PLURUM_CORRUPT, NAMES[section]);
            free(bytes);
            bytes = read_file(path, &size);
        }
    for (size_t at = 12; at < 120; at++) {
        bytes[at] ^= 0x10;
        write_copy(bytes, size);
        expect(PLURUM_CORRUPT, "the header is damaged");
        bytes[at] ^= 0x10;
    }
    free(bytes);
}
END_TEST

START_TEST(a_file_cut_short_or_unfinished_is_refused)
{
    size_t size;
    unsigned char *bytes = read_file(path, &size);
    write_copy(bytes, size - 64);
    expect(PLURUM_CORRUPT, "bytes");
    write_copy(bytes, PLI_SEGMENT_HEADER);
    expect(PLURUM_CORRUPT, "bytes");
    write_copy(bytes, 100);
    expect(PLURUM_CORRUPT, "too short");
    write_copy(bytes, 0);
    expect(PLURUM_CORRUPT, "too short");
    memset(bytes, 0, PLI_SEGMENT_HEADER);
    write_copy(bytes, size);
    expect(PLURUM_CORRUPT, "unfinished");
    unlink(copy);
    expect(PLURUM_NOTFOUND, "");
    free(bytes);
}
END_TEST

START_TEST(a_segment_of_another_store_model_or_version_is_not_taken)
{
    size_t size;
    pli_segment *segment;
    plurum_error error;
    ck_assert_int_eq(pli_segment_open(&segment, path, DIM, OWNER + 1, &error), PLURUM_FORMAT);
    ck_assert_int_eq(pli_segment_open(&segment, path, DIM + 1, OWNER, &error), PLURUM_FORMAT);
    unsigned char *bytes = read_file(path, &size);
    bytes[8] = 3;
    write_copy(bytes, size);
    expect(PLURUM_FORMAT, "version 3");
    free(bytes);
}
END_TEST

/* Changes a number in a section and makes every checksum right again. */
static void forge(pli_section section, uint64_t at, uint32_t value)
{
    size_t size;
    uint64_t checksums[PLI_SECTION_COUNT];
    pli_segment_facts facts;
    unsigned char *bytes = read_file(path, &size);
    ck_assert_int_eq(pli_segment_header_read(&facts, checksums, bytes, path, NULL), PLURUM_OK);
    pli_segment_layout layout = pli_segment_lay_out(&facts);
    pli_store_u32(bytes + layout.start[section] + at, value);
    checksums[section] = XXH3_64bits(bytes + layout.start[section], (size_t)layout.bytes[section]);
    pli_segment_header_write(bytes, &facts, checksums);
    write_copy(bytes, size);
    free(bytes);
}

START_TEST(a_made_up_file_leads_no_search_astray)
{
    forge(PLI_SECTION_IDS, 4, 0);
    expect(PLURUM_CORRUPT, "ids");
    forge(PLI_SECTION_IDS, 4, ids[0]);
    expect(PLURUM_CORRUPT, "ids");
    forge(PLI_SECTION_IDS, 4, ids[COUNT - 1] + 1);
    expect(PLURUM_CORRUPT, "ids");
    forge(PLI_SECTION_STARTS, 4, 0);
    expect(PLURUM_CORRUPT, "starts");
    forge(PLI_SECTION_STARTS, 4, COUNT + 1);
    expect(PLURUM_CORRUPT, "starts");
    forge(PLI_SECTION_STARTS, 4 * COUNT, COUNT + 1);
    expect(PLURUM_CORRUPT, "starts");
    forge(PLI_SECTION_LEVELS, 0, 0);
    expect(PLURUM_CORRUPT, "levels");
    forge(PLI_SECTION_LEVELS, 40, 9);
    expect(PLURUM_CORRUPT, "levels");
    forge(PLI_SECTION_OFFSETS, 16, 0x7FFFFFFF);
    expect(PLURUM_CORRUPT, "offsets");
    forge(PLI_SECTION_NEIGHBOURS, 0, COUNT);
    expect(PLURUM_CORRUPT, "neighbours");
    forge(PLI_SECTION_NEIGHBOURS, 4, (uint32_t)-2);
    expect(PLURUM_CORRUPT, "neighbours");
}
END_TEST

static int stop_at_once(void *payload)
{
    return ++*(int *)payload > 2;
}

START_TEST(a_building_can_be_stopped)
{
    int asked = 0;
    plurum_error error;
    pli_segment_source source = source_of(COUNT);
    source.stop = stop_at_once;
    source.payload = &asked;
    unlink(copy);
    ck_assert_int_eq(pli_segment_write(copy, &source, &error), PLURUM_CANCELLED);
    ck_assert_int_eq(asked, 3);
    ck_assert_int_ne(access(copy, F_OK), 0);
}
END_TEST

START_TEST(a_folder_that_is_gone_is_an_error)
{
    plurum_error error;
    pli_segment_source source = source_of(3);
    ck_assert_int_ne(pli_segment_write("/tmp/plurum-no-such-folder/x", &source, &error), PLURUM_OK);
    ck_assert(strstr(error.text, "/tmp/plurum-no-such-folder/x"));
}
END_TEST

START_TEST(every_kernel_is_right_to_rounding)
{
    enum { MOST = 130 };
    float a[MOST], b[MOST];
    for (size_t i = 0; pli_kernel_at(i); i++)
        for (size_t dim = 1; dim <= MOST; dim++) {
            double sum = 0, size = 0;
            for (size_t j = 0; j < dim; j++) {
                a[j] = signed_unit(), b[j] = signed_unit();
                sum += (double)a[j] * (double)b[j];
                size += fabs((double)a[j] * (double)b[j]);
            }
            ck_assert_double_le(fabs((double)pli_kernel_at(i)(a, b, dim) - sum),
                                size * (double)(dim + 2) * 0x1p-24);
        }
    ck_assert(!pli_kernel_at(9));
}
END_TEST

static void set_up(void)
{
    pli_segment_source source = source_of(COUNT);
    const char *given = getenv("PLURUM_TEST_SEED");
    unsigned long long seed = given ? strtoull(given, NULL, 10) : 20260131u;
    printf("PLURUM_TEST_SEED=%llu\n", seed);
    state = seed;
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/segment", folder);
    snprintf(copy, sizeof copy, "%s/copy", folder);
    rows = calloc((size_t)(COUNT + 1) * DIM, sizeof *rows);
    ck_assert_ptr_nonnull(rows);
    for (uint32_t i = 0; i < COUNT; i++) {
        ids[i] = i * STEP + 1; /* id / STEP is i */
        random_vector(rows + (size_t)i * DIM);
    }
    plurum_error error;
    plurum_status status = pli_segment_write(path, &source, &error);
    ck_assert_msg(status == PLURUM_OK, "%s", error.text);
}

static void tear_down(void)
{
    unlink(path);
    unlink(copy);
    rmdir(folder);
    free(rows);
}

int main(void)
{
    Suite *suite = suite_create("segments");
    TCase *tests = tcase_create("segments");
    tcase_add_unchecked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, a_search_finds_the_nearest_with_and_without_a_filter, 0, 3);
    tcase_add_test(tests, documents_with_the_same_vector_hide_nobody);
    tcase_add_test(tests, what_is_wanted_beyond_what_is_there_is_all_of_it);
    tcase_add_test(tests, a_set_of_older_or_newer_ids_is_fine);
    tcase_add_test(tests, small_segments_are_whole);
    tcase_add_test(tests, building_twice_gives_the_same_bytes);
    tcase_add_test(tests, damage_is_named_by_file_and_section);
    tcase_add_test(tests, a_file_cut_short_or_unfinished_is_refused);
    tcase_add_test(tests, a_segment_of_another_store_model_or_version_is_not_taken);
    tcase_add_test(tests, a_made_up_file_leads_no_search_astray);
    tcase_add_test(tests, a_building_can_be_stopped);
    tcase_add_test(tests, a_folder_that_is_gone_is_an_error);
    tcase_add_test(tests, every_kernel_is_right_to_rounding);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
