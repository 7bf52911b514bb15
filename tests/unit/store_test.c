/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The store room: records, counters, transactions, log, reports, blobs, locks; and that damage is
 * found and named.
 */
#include <config.h>

#include <check.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "store/blob.h"
#include "store/lock.h"
#include "store/rows.h"

static char directory[64];
static pli_store *store;
static plurum_error error;

#define OK(call) ck_assert_msg((call) == PLURUM_OK, "%s: %s", #call, error.text)

static void open_store(void)
{
    pli_store_options options = {.no_sync = 1};
    OK(pli_store_open(&store, directory, &options, &error));
}

static void setup(void)
{
    strcpy(directory, "/tmp/plurum-store-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    OK(pli_store_create(directory, 1 << 26, &error));
    open_store();
}

static void teardown(void)
{
    char command[128];
    pli_store_close(store);
    snprintf(command, sizeof command, "rm -rf %s", directory);
    ck_assert_int_eq(system(command), 0);
}

static pli_txn *begin(int writable)
{
    pli_txn *txn;
    OK(writable ? pli_txn_write(&txn, store, &error) : pli_txn_read(&txn, store, &error));
    return txn;
}

START_TEST(a_record_comes_back_as_it_was_put)
{
    pli_txn *txn = begin(1);
    OK(pli_put(txn, PLI_KEYS, "a key", 5, "a value", 7, &error));
    OK(pli_put(txn, PLI_KEYS, "empty", 5, NULL, 0, &error));
    OK(pli_txn_commit(txn, &error));
    txn = begin(0);
    pli_slice value;
    OK(pli_get(&value, txn, PLI_KEYS, "a key", 5, &error));
    ck_assert(pli_slice_is(value, "a value"));
    OK(pli_get(&value, txn, PLI_KEYS, "empty", 5, &error));
    ck_assert_uint_eq(value.len, 0);
    ck_assert_int_eq(pli_get(&value, txn, PLI_KEYS, "other", 5, &error), PLURUM_NOTFOUND);
    ck_assert_uint_eq(pli_txn_count(txn, PLI_KEYS), 2);
    pli_txn_end(txn);
}
END_TEST

START_TEST(counters_follow_every_put_and_delete)
{
    unsigned seed = 7;
    for (int round = 0; round < 30; round++) {
        pli_txn *txn = begin(1);
        for (int i = 0; i < 40; i++) {
            char key[8];
            int key_len = snprintf(key, sizeof key, "k%d", rand_r(&seed) % 60);
            if (rand_r(&seed) % 3) {
                char value[32];
                int len = snprintf(value, sizeof value, "%d", rand_r(&seed));
                OK(pli_put(txn, PLI_KEYS, key, (size_t)key_len, value, (size_t)len, &error));
            } else {
                plurum_status status = pli_del(txn, PLI_KEYS, key, (size_t)key_len, &error);
                ck_assert(status == PLURUM_OK || status == PLURUM_NOTFOUND);
            }
        }
        if (round % 4 == 3)
            pli_txn_end(txn);
        else
            OK(pli_txn_commit(txn, &error));
        txn = begin(0);
        uint64_t records;
        OK(pli_table_audit(txn, PLI_KEYS, &records, &error));
        ck_assert_uint_eq(records, pli_txn_count(txn, PLI_KEYS));
        pli_txn_end(txn);
    }
}
END_TEST

START_TEST(an_aborted_transaction_leaves_nothing)
{
    pli_txn *txn = begin(1);
    uint64_t seq;
    uint32_t id;
    OK(pli_txn_take_id(txn, &id, &error));
    OK(pli_log_append(txn, PLI_EVENT_PUT, id, &seq, &error));
    pli_txn_end(txn);
    txn = begin(0);
    ck_assert_uint_eq(pli_txn_seq(txn), 0);
    ck_assert_uint_eq(pli_txn_next_id(txn), 1);
    pli_txn_end(txn);
}
END_TEST

START_TEST(a_child_hands_its_changes_to_the_parent_or_takes_them_back)
{
    pli_txn *parent = begin(1), *child;
    uint64_t seq;
    OK(pli_txn_child(&child, parent, &error));
    OK(pli_log_append(child, PLI_EVENT_PUT, 1, &seq, &error));
    OK(pli_txn_commit(child, &error));
    OK(pli_txn_child(&child, parent, &error));
    OK(pli_log_append(child, PLI_EVENT_PUT, 2, &seq, &error));
    ck_assert_uint_eq(seq, 2);
    pli_txn_end(child);
    ck_assert_uint_eq(pli_txn_seq(parent), 1);
    OK(pli_txn_commit(parent, &error));
    parent = begin(0);
    ck_assert_uint_eq(pli_txn_seq(parent), 1);
    ck_assert_uint_eq(pli_txn_count(parent, PLI_LOG), 1);
    pli_txn_end(parent);
}
END_TEST

START_TEST(a_read_transaction_is_a_frozen_moment)
{
    pli_txn *before = begin(0);
    pli_txn *txn = begin(1);
    OK(pli_put(txn, PLI_KEYS, "k", 1, "v", 1, &error));
    OK(pli_txn_commit(txn, &error));
    pli_slice value;
    ck_assert_int_eq(pli_get(&value, before, PLI_KEYS, "k", 1, &error), PLURUM_NOTFOUND);
    pli_txn_end(before);
    txn = begin(0); /* the same transaction, renewed */
    OK(pli_get(&value, txn, PLI_KEYS, "k", 1, &error));
    pli_txn_end(txn);
}
END_TEST

static plurum_status sum_events(void *payload, uint64_t seq, pli_event_kind kind, uint32_t id,
                                plurum_error *e)
{
    (void)e;
    *(uint64_t *)payload += seq * 1000 + (uint64_t)kind * 100 + id;
    return PLURUM_OK;
}

START_TEST(the_log_is_replayed_from_any_point_it_still_has)
{
    pli_txn *txn = begin(1);
    uint64_t seq, sum = 0;
    for (uint32_t id = 1; id <= 5; id++)
        OK(pli_log_append(txn, PLI_EVENT_TRUST, id, &seq, &error));
    OK(pli_log_truncate(txn, 2, &error));
    OK(pli_txn_commit(txn, &error));
    txn = begin(0);
    OK(pli_log_replay(txn, 3, sum_events, &sum, &error));
    ck_assert_uint_eq(sum, 4404 + 5405);
    OK(pli_log_replay(txn, 5, sum_events, &sum, &error));
    OK(pli_log_replay(txn, 2, sum_events, &sum, &error));
    ck_assert_int_eq(pli_log_replay(txn, 1, sum_events, &sum, &error), PLURUM_NOTFOUND);
    pli_txn_end(txn);
}
END_TEST

static pli_doc_row sample_row(void)
{
    pli_doc_row row = {.kind = 1,
                       .lifecycle = PLURUM_PUBLISHED,
                       .visibility = PLURUM_TEAM,
                       .has_vector = 1,
                       .put_seq = 77,
                       .created_at = -5,
                       .updated_at = 6,
                       .confidence = NAN,
                       .length = {1, 2, 3, 4},
                       .plain_len = 99};
    row.key = pli_slice_text("the-key");
    row.short_id = pli_slice_text("abcd1234");
    row.owner = pli_slice_text("agent");
    row.domain = pli_slice_text("databases");
    row.tools = pli_slice_of("a\0bc", 5);
    row.tags = pli_slice_of("", 0);
    return row;
}

START_TEST(a_document_header_comes_back_whole)
{
    pli_txn *txn = begin(1);
    pli_doc_row row = sample_row(), back;
    OK(pli_doc_put(txn, 9, &row, &error));
    unsigned char id[4];
    pli_store_u32(id, 9);
    OK(pli_put(txn, PLI_KEYS, "the-key", 7, id, 4, &error));
    OK(pli_put(txn, PLI_SHORTS, "abcd1234", 8, id, 4, &error));
    OK(pli_doc_get(&back, txn, 9, &error));
    ck_assert(isnan(back.confidence) && back.created_at == -5 && back.length[3] == 4);
    ck_assert(pli_slice_is(back.owner, "agent") && back.tools.len == 5 && back.tags.len == 0);
    uint32_t found;
    OK(pli_doc_find(&found, txn, "abcd1234", &error));
    OK(pli_doc_find(&found, txn, "the-key", &error));
    ck_assert_uint_eq(found, 9);
    ck_assert_int_eq(pli_doc_find(&found, txn, "", &error), PLURUM_NOTFOUND);
    ck_assert_int_eq(pli_doc_find(&found, txn, "missing1", &error), PLURUM_NOTFOUND);
    row.lifecycle = 9;
    OK(pli_doc_put(txn, 10, &row, &error));
    ck_assert_int_eq(pli_doc_get(&back, txn, 10, &error), PLURUM_CORRUPT);
    pli_txn_end(txn);
}
END_TEST

START_TEST(reports_of_a_document_come_in_seq_order)
{
    pli_txn *txn = begin(1);
    static const char *const AGENTS[] = {"zoe", "abe", "mia"};
    for (unsigned i = 0; i < 3; i++) {
        pli_report_row row = {.seq = i + 1, .value = 1, .counted = 1, .weight = .4,
                              .execution_time_ms = -1};
        row.agent = pli_slice_text(AGENTS[i]);
        row.context_notes = pli_slice_text("notes");
        OK(pli_report_put(txn, PLI_OUTCOMES, 5, &row, &error));
        OK(pli_report_put(txn, PLI_OUTCOMES, 6, &row, &error));
    }
    pli_report_row *rows;
    size_t count;
    OK(pli_reports_of(&rows, &count, txn, PLI_OUTCOMES, 5, &error));
    ck_assert_uint_eq(count, 3);
    for (unsigned i = 0; i < 3; i++) ck_assert(pli_slice_is(rows[i].agent, AGENTS[i]));
    pli_free(rows);
    OK(pli_reports_of(&rows, &count, txn, PLI_VOTES, 5, &error));
    ck_assert_uint_eq(count, 0);
    pli_free(rows);
    OK(pli_report_del(txn, PLI_OUTCOMES, 5, pli_slice_text("abe"), &error));
    pli_report_row row;
    ck_assert_int_eq(pli_report_get(&row, txn, PLI_OUTCOMES, 5, "abe", &error), PLURUM_NOTFOUND);
    OK(pli_report_get(&row, txn, PLI_OUTCOMES, 6, "abe", &error));
    ck_assert(row.weight == .4 && pli_slice_is(row.context_notes, "notes"));
    pli_txn_end(txn);
}
END_TEST

/* A content that differs by number but shares most of its text, as experiences do. */
static size_t sample_content(char *out, size_t size, unsigned i)
{
    return (size_t)snprintf(out, size,
                            "{\"goal\": \"Set up replica %u of the database cluster\", \"solution\": "
                            "\"Run pg_basebackup -h host%u -D /data/%u and start it\", \"tags\": "
                            "[\"postgresql\", \"replication\", \"t%u\"]}",
                            i, i * 7919 % 1000, i * 31, i % 97);
}

START_TEST(a_blob_comes_back_with_and_without_a_dictionary)
{
    pli_txn *txn = begin(1);
    pli_codec *codec;
    OK(pli_codec_open(&codec, txn, &error));
    char content[512], *back;
    pli_buf samples = PLI_BUF_INIT, blob = PLI_BUF_INIT, dict = PLI_BUF_INIT;
    size_t sizes[1500], plain = 0;
    for (unsigned i = 0; i < 1500; i++) {
        sizes[i] = sample_content(content, sizeof content, i);
        pli_buf_add(&samples, content, sizes[i]);
    }
    size_t len = sample_content(content, sizeof content, 5000);
    OK(pli_blob_pack(&blob, codec, content, len, &error));
    plain = blob.len;
    unsigned char key[4] = {0, 0, 0, 1};
    OK(pli_put(txn, PLI_BLOBS, key, 4, blob.bytes, blob.len, &error));
    OK(pli_dict_train(&dict, samples.bytes, sizes, 1500, &error));
    ck_assert_uint_gt(dict.len, 1000);
    uint32_t version;
    OK(pli_dict_put(&version, txn, dict.bytes, dict.len, &error));
    OK(pli_codec_use(codec, version, dict.bytes, dict.len, &error));
    pli_buf_clear(&blob);
    OK(pli_blob_pack(&blob, codec, content, len, &error));
    ck_assert_uint_lt(blob.len, plain / 2);
    key[3] = 2;
    OK(pli_put(txn, PLI_BLOBS, key, 4, blob.bytes, blob.len, &error));
    pli_codec_close(codec);
    OK(pli_codec_open(&codec, txn, &error)); /* the dictionary now comes from the store */
    ck_assert_uint_eq(pli_codec_version(codec), 1);
    for (uint32_t id = 1; id <= 2; id++) {
        size_t back_len;
        OK(pli_blob_get(&back, &back_len, codec, txn, id, &error));
        ck_assert(back_len == len && strcmp(back, content) == 0);
        pli_free(back);
    }
    size_t none;
    ck_assert_int_eq(pli_blob_get(&back, &none, codec, txn, 3, &error), PLURUM_CORRUPT);
    pli_codec_close(codec);
    pli_buf_free(&samples);
    pli_buf_free(&blob);
    pli_buf_free(&dict);
    pli_txn_end(txn);
}
END_TEST

/* Flips one byte of the file where `needle` stands, behind LMDB's back. */
static void damage(const char *needle, size_t offset)
{
    char path[128];
    snprintf(path, sizeof path, "%s/data.mdb", directory);
    int fd = open(path, O_RDWR);
    static char bytes[1 << 20];
    ssize_t len = read(fd, bytes, sizeof bytes);
    int hits = 0;
    for (ssize_t i = 0; i + (ssize_t)strlen(needle) <= len; i++)
        if (memcmp(bytes + i, needle, strlen(needle)) == 0) {
            char flipped = (char)(bytes[i + (ssize_t)offset] ^ 0x10);
            ck_assert_int_eq(pwrite(fd, &flipped, 1, i + (ssize_t)offset), 1);
            hits++;
        }
    close(fd);
    ck_assert_int_gt(hits, 0);
}

START_TEST(a_flipped_byte_is_named_and_never_served)
{
    pli_txn *txn = begin(1);
    OK(pli_put(txn, PLI_KEYS, "victim", 6, "a value of the record", 21, &error));
    OK(pli_put(txn, PLI_KEYS, "witness", 7, "unharmed", 8, &error));
    OK(pli_txn_commit(txn, &error));
    pli_store_close(store);
    damage("a value of the record", 3);
    open_store();
    txn = begin(0);
    pli_slice value;
    ck_assert_int_eq(pli_get(&value, txn, PLI_KEYS, "victim", 6, &error), PLURUM_CORRUPT);
    ck_assert_ptr_nonnull(strstr(error.text, "keys"));
    ck_assert_ptr_nonnull(strstr(error.text, "victim"));
    OK(pli_get(&value, txn, PLI_KEYS, "witness", 7, &error));
    uint64_t records;
    ck_assert_int_eq(pli_table_audit(txn, PLI_KEYS, &records, &error), PLURUM_CORRUPT);
    pli_txn_end(txn);
}
END_TEST

START_TEST(a_record_under_another_key_is_found_out)
{
    pli_txn *txn = begin(1);
    OK(pli_put(txn, PLI_KEYS, "key-number-one", 14, "value", 5, &error));
    OK(pli_txn_commit(txn, &error));
    pli_store_close(store);
    damage("key-number-one", 4);
    open_store();
    txn = begin(0);
    uint64_t records;
    ck_assert_int_eq(pli_table_audit(txn, PLI_KEYS, &records, &error), PLURUM_CORRUPT);
    pli_txn_end(txn);
}
END_TEST

/* Lets every branch page's second child lie far beyond the file. (A page's header has 16 bytes, its
 * flags at 10, branch = 1; then node offsets; a node begins with its child's number: u16 low, u16
 * middle, u16 high.) */
static int lose_pages(void)
{
    enum { PAGE = 4096 };
    char path[96];
    unsigned char page[PAGE];
    int lost = 0;
    snprintf(path, sizeof path, "%s/data.mdb", directory);
    int fd = open(path, O_RDWR);
    for (off_t at = 2 * PAGE; pread(fd, page, sizeof page, at) == PAGE; at += PAGE) {
        if (page[10] != 1 || page[11] || page[12] <= 16 + 2) continue;
        size_t node = page[18] | (size_t)page[19] << 8;
        const unsigned char high[2] = {0xFF, 0x7F};
        ck_assert_int_eq(pwrite(fd, high, sizeof high, at + (off_t)node + 4), 2);
        lost++;
    }
    close(fd);
    return lost;
}

START_TEST(a_walk_into_a_page_that_is_not_there_ends)
{
    pli_txn *txn = begin(1);
    for (unsigned i = 0; i < 3000; i++) {
        unsigned char key[4];
        pli_store_be32(key, i);
        OK(pli_put(txn, PLI_KEYS, key, 4, "some value", 10, &error));
    }
    OK(pli_txn_commit(txn, &error));
    pli_store_close(store);
    ck_assert_int_gt(lose_pages(), 0);
    open_store();
    txn = begin(0);
    pli_walk *walk;
    pli_slice key, value;
    plurum_status status;
    int records = 0, damaged = 0;
    OK(pli_walk_begin(&walk, txn, PLI_KEYS, NULL, 0, &error));
    while ((status = pli_walk_next(walk, &key, &value, &error)) != PLURUM_NOTFOUND) {
        ck_assert_msg(status == PLURUM_OK || status == PLURUM_CORRUPT, "%s", error.text);
        records += status == PLURUM_OK;
        damaged += status == PLURUM_CORRUPT;
        ck_assert_int_le(records + damaged, 3000);
    }
    pli_walk_end(walk);
    ck_assert_int_eq(damaged, 1);
    ck_assert_int_gt(records, 0);
    uint64_t count;
    ck_assert_int_eq(pli_table_audit(txn, PLI_KEYS, &count, &error), PLURUM_CORRUPT);
    pli_txn_end(txn);
}
END_TEST

START_TEST(a_full_map_is_a_storage_failure_and_changes_nothing)
{
    pli_txn *txn = begin(1);
    static char value[1 << 16];
    plurum_status status = PLURUM_OK;
    for (unsigned i = 0; i < 2000 && !status; i++) {
        unsigned char key[4];
        pli_store_be32(key, i);
        status = pli_put(txn, PLI_BLOBS, key, 4, value, sizeof value, &error);
    }
    ck_assert_int_eq(status, PLURUM_IO);
    pli_txn_end(txn);
    txn = begin(1);
    ck_assert_uint_eq(pli_txn_count(txn, PLI_BLOBS), 0);
    OK(pli_put(txn, PLI_BLOBS, "k", 1, "v", 1, &error));
    OK(pli_txn_commit(txn, &error));
}
END_TEST

START_TEST(a_second_writer_is_told_the_first_ones_pid)
{
    pli_lock *lock, *again;
    OK(pli_lock_take(&lock, directory, 1, &error));
    ck_assert_int_eq(pli_lock_take(&again, directory, 0, &error), PLURUM_BUSY);
    ck_assert_ptr_nonnull(strstr(error.text, "this process"));
    int pipe_ends[2];
    ck_assert_int_eq(pipe(pipe_ends), 0);
    pid_t child = fork();
    if (child == 0) {
        char command[200];
        snprintf(command, sizeof command, "flock -n -E 9 %s/writer.lock true", directory);
        _exit(WEXITSTATUS(system(command)));
    }
    int status;
    waitpid(child, &status, 0);
    ck_assert_int_eq(WEXITSTATUS(status), 9);
    pli_lock_release(lock);
    OK(pli_lock_take(&again, directory, 1, &error));
    pli_lock_release(again);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store");
    TCase *tc = tcase_create("store");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    suite_add_tcase(suite, tc);
    tcase_add_test(tc, a_record_comes_back_as_it_was_put);
    tcase_add_test(tc, counters_follow_every_put_and_delete);
    tcase_add_test(tc, an_aborted_transaction_leaves_nothing);
    tcase_add_test(tc, a_child_hands_its_changes_to_the_parent_or_takes_them_back);
    tcase_add_test(tc, a_read_transaction_is_a_frozen_moment);
    tcase_add_test(tc, the_log_is_replayed_from_any_point_it_still_has);
    tcase_add_test(tc, a_document_header_comes_back_whole);
    tcase_add_test(tc, reports_of_a_document_come_in_seq_order);
    tcase_add_test(tc, a_blob_comes_back_with_and_without_a_dictionary);
    tcase_add_test(tc, a_flipped_byte_is_named_and_never_served);
    tcase_add_test(tc, a_record_under_another_key_is_found_out);
    tcase_add_test(tc, a_walk_into_a_page_that_is_not_there_ends);
    tcase_add_test(tc, a_full_map_is_a_storage_failure_and_changes_nothing);
    tcase_add_test(tc, a_second_writer_is_told_the_first_ones_pid);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
