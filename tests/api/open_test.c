/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Creating, opening and closing an index: what is refused and in which words, what is left behind,
 * and who may hold it at the same time.
 */
#include <config.h>

#include "tests/api/world.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Entries of a directory, or -1 when there is none. */
static int entries(const char *name)
{
    DIR *dir = opendir(name);
    if (!dir) return -1;
    int count = 0;
    for (struct dirent *e; (e = readdir(dir));)
        count += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    closedir(dir);
    return count;
}

static void write_file(const char *name, const char *content)
{
    char file[160];
    snprintf(file, sizeof file, "%s/%s", path, name);
    FILE *out = fopen(file, "w");
    ck_assert_ptr_nonnull(out);
    ck_assert_int_ge(fputs(content, out), 0);
    ck_assert_int_eq(fclose(out), 0);
}

static void run_shell(const char *format)
{
    char command[512];
    snprintf(command, sizeof command, format, path, path, path);
    ck_assert_int_eq(system(command), 0);
}

static plurum_status try_create(void)
{
    plurum_create_options options = creation();
    return plurum_index_create(path, &options, &error);
}

static plurum_status try_open(int read_only)
{
    plurum_open_options options = opening();
    options.read_only = read_only;
    plurum_index *index = (plurum_index *)&options; /* must be overwritten */
    plurum_status status = plurum_index_open(&index, path, &options, &error);
    ck_assert_int_eq(index == NULL, status != PLURUM_OK);
    plurum_index_close(index);
    return status;
}

/* ---- creating ---- */

START_TEST(a_directory_that_holds_something_is_not_made_an_index)
{
    ck_assert_int_eq(mkdir(path, 0755), 0);
    write_file("letter", "keep me");
    FAILS(try_create(), PLURUM_EXISTS, "is not empty");
    ck_assert_int_eq(entries(path), 1);
}
END_TEST

START_TEST(an_index_is_not_made_over_another)
{
    OK(try_create());
    FAILS(try_create(), PLURUM_EXISTS, path);
    OK(try_open(0));
}
END_TEST

START_TEST(a_file_is_not_made_an_index)
{
    run_shell("echo letter > %s");
    FAILS(try_create(), PLURUM_EXISTS, "a file");
    run_shell("grep -q letter %s");
}
END_TEST

START_TEST(an_empty_directory_is_taken)
{
    ck_assert_int_eq(mkdir(path, 0755), 0);
    OK(try_create());
    OK(try_open(0));
}
END_TEST

START_TEST(a_missing_parent_is_not_made)
{
    strcat(path, "/below");
    FAILS(try_create(), PLURUM_NOTFOUND, path);
    FAILS(plurum_index_create(NULL, NULL, &error), PLURUM_ARG, "path");
    ck_assert_int_eq(entries(directory), 0);
}
END_TEST

START_TEST(options_out_of_range_are_named_and_leave_nothing)
{
    enum { NAME, UNPRINTABLE, LONG_NAME, DIMENSIONS, TEMPLATE, ALPHA, PIVOT, LEAN, TRUST, SMALL, LARGE, ALL };
    static const char *const SAYS[ALL] = {"name",  "name",  "name", "dim",   "template", "alpha",
                                          "pivot", "lean", "trust", "map_size", "map_size"};
    for (int i = 0; i < ALL; i++) {
        plurum_create_options options = creation();
        plurum_fingerprint f = *options.fingerprint;
        plurum_model_traits traits = {0.5, 0.4, 0, 0};
        plurum_trust_config trust;
        plurum_trust_config_init(&trust);
        options.fingerprint = &f;
        options.traits = &traits;
        options.trust = &trust;
        if (i == NAME) f.name[0] = '\0';
        if (i == UNPRINTABLE) f.name[0] = '\n';
        if (i == LONG_NAME) memset(f.name, 'x', sizeof f.name);
        if (i == DIMENSIONS) f.dim = PLURUM_DIM_MAX + 1;
        if (i == TEMPLATE) f.text_template = 2;
        if (i == ALPHA) traits.alpha = 1.5;
        if (i == PIVOT) traits.pivot = 1.0;
        if (i == LEAN) traits.feedback_lean = 11;
        if (i == TRUST) trust.prior = 0.0;
        if (i == SMALL) options.map_size = 1000;
        if (i == LARGE) options.map_size = UINT64_MAX;
        FAILS(plurum_index_create(path, &options, &error), PLURUM_ARG, SAYS[i]);
        ck_assert_int_eq(entries(directory), 0);
    }
}
END_TEST

/* Creates an index in a child whose files may have `bytes` bytes at most: its status. */
static int create_with_little_room(rlim_t bytes)
{
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        struct rlimit limit = {bytes, bytes};
        signal(SIGXFSZ, SIG_IGN);
        if (setrlimit(RLIMIT_FSIZE, &limit)) _exit(100);
        plurum_status status = try_create();
        _exit(status && error.status == status && error.text[0] ? -status : status ? 101 : 0);
    }
    int result;
    ck_assert_int_eq(waitpid(child, &result, 0), child);
    ck_assert(WIFEXITED(result));
    return -WEXITSTATUS(result);
}

START_TEST(a_creation_that_fails_leaves_nothing_behind)
{
    static const rlim_t ROOM[] = {0, 4096, 8192, 20000};
    for (size_t i = 0; i < sizeof ROOM / sizeof *ROOM; i++) {
        ck_assert_int_eq(create_with_little_room(ROOM[i]), PLURUM_IO);
        ck_assert_int_eq(entries(directory), 0);
    }
    ck_assert_int_eq(mkdir(path, 0755), 0);
    ck_assert_int_eq(create_with_little_room(8192), PLURUM_IO);
    ck_assert_int_eq(entries(path), 0); /* it was there before: it stays, empty */
    ck_assert_int_eq(create_with_little_room(RLIM_INFINITY), PLURUM_OK);
}
END_TEST

/* Makes the index in a child that is killed after so many microseconds. */
static void create_and_be_killed(useconds_t moment)
{
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        try_create();
        _exit(0);
    }
    usleep(moment);
    kill(child, SIGKILL);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
}

START_TEST(a_creation_that_was_killed_can_be_done_again)
{
    for (useconds_t moment = 0; moment < 8000; moment += 500) {
        create_and_be_killed(moment);
        if (try_open(0)) OK(try_create());
        OK(try_open(0));
        run_shell("rm -r %s");
    }
}
END_TEST

START_TEST(half_a_creation_is_taken_whatever_is_there_of_it)
{
    static const char *const LEFT[] = {"touch %s/writer.lock", "mkdir %s/store.begun",
                                       "mkdir %s/store.begun && head -c 5000 /dev/zero >%s/store.begun/data.mdb",
                                       "mkdir %s/store.begun && touch %s/FORMAT",
                                       "mkdir %s/store.begun && echo plurum-index 0 >%s/FORMAT"};
    for (size_t i = 0; i < sizeof LEFT / sizeof *LEFT; i++) {
        ck_assert_int_eq(mkdir(path, 0755), 0);
        run_shell(LEFT[i]);
        ck_assert_int_ne(try_open(0), PLURUM_OK);
        OK(try_create());
        OK(try_open(0));
        run_shell("! test -e %s/store.begun && rm -r %s");
    }
}
END_TEST

START_TEST(a_store_or_a_letter_beside_half_a_creation_is_kept)
{
    OK(try_create());
    run_shell("rm %s/FORMAT");
    FAILS(try_create(), PLURUM_EXISTS, "is not empty");
    run_shell("test -s %s/store/data.mdb && rm -r %s && mkdir %s");
    write_file("FORMAT", "of a letter");
    FAILS(try_create(), PLURUM_EXISTS, "is not empty");
    run_shell("grep -q letter %s/FORMAT");
}
END_TEST

START_TEST(what_an_index_was_created_with_is_kept)
{
    plurum_create_options options = creation();
    plurum_fingerprint f = {.name = "some model", .dim = 17, .text_template = 1, .checksum = 99};
    plurum_model_traits traits = {0.25, 0.625, -1, 2};
    plurum_trust_config trust;
    plurum_trust_config_init(&trust);
    trust.half_life = 86400;
    trust.quarantine_failures = 5;
    trust.quarantine_margin = 0.5;
    options.fingerprint = &f;
    options.traits = &traits;
    options.trust = &trust;
    options.newcomer_weights = 1;
    create(&options);
    memset(&f, 0, sizeof f);
    reopen();
    const plurum_create_options *kept = plurum_index_configuration(opened);
    ck_assert_str_eq(kept->fingerprint->name, "some model");
    ck_assert_uint_eq(kept->fingerprint->dim, 17);
    ck_assert_uint_eq(kept->fingerprint->checksum, 99);
    ck_assert_double_eq(kept->traits->alpha, 0.25);
    ck_assert_double_eq(kept->traits->pivot, 0.625);
    ck_assert_double_eq(kept->traits->lean, -1);
    ck_assert_double_eq(kept->traits->feedback_lean, 2);
    ck_assert_double_eq(kept->trust->half_life, 86400);
    ck_assert_uint_eq(kept->trust->quarantine_failures, 5);
    ck_assert_double_eq(kept->trust->quarantine_margin, 0.5);
    ck_assert_int_eq(kept->newcomer_weights, 1);
    ck_assert_uint_eq(kept->map_size, options.map_size);
}
END_TEST

/* ---- opening ---- */

START_TEST(what_is_no_index_is_not_opened)
{
    FAILS(try_open(0), PLURUM_NOTFOUND, path);
    FAILS(try_open(1), PLURUM_NOTFOUND, path);
    run_shell("echo letter > %s");
    FAILS(try_open(0), PLURUM_FORMAT, "not a plurum index");
    run_shell("rm %s && mkdir %s");
    FAILS(try_open(0), PLURUM_FORMAT, "not a plurum index");
    ck_assert_int_eq(entries(path), 0);
    FAILS(plurum_index_open(&opened, NULL, NULL, &error), PLURUM_ARG, "path");
}
END_TEST

START_TEST(a_format_file_of_something_else_is_refused)
{
    static const char *const OTHERS[] = {"", "plurum-index", "plurum-index \n", "plurum-index x\n",
                                         "other 0\n", "plurum-index -1\n", "plurum-index 0"};
    OK(try_create());
    for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++) {
        write_file("FORMAT", OTHERS[i]);
        FAILS(try_open(0), PLURUM_FORMAT, "FORMAT: not that of a plurum index");
    }
    write_file("FORMAT", "plurum-index 0\n");
    OK(try_open(0));
}
END_TEST

START_TEST(a_newer_format_is_refused_with_both_numbers)
{
    char number[32];
    OK(try_create());
    snprintf(number, sizeof number, "plurum-index %d\n", PLURUM_FORMAT_NUMBER + 41);
    write_file("FORMAT", number);
    snprintf(number, sizeof number, "format %d", PLURUM_FORMAT_NUMBER + 41);
    FAILS(try_open(0), PLURUM_FORMAT, number);
    snprintf(number, sizeof number, "up to %d", PLURUM_FORMAT_NUMBER);
    FAILS(try_open(1), PLURUM_FORMAT, number);
}
END_TEST

START_TEST(an_index_without_its_store_is_damaged)
{
    OK(try_create());
    run_shell("rm %s/store/data.mdb");
    FAILS(try_open(1), PLURUM_CORRUPT, "the store's file is missing");
    FAILS(try_open(0), PLURUM_CORRUPT, "the store's file is missing");
    run_shell("rm -r %s/store");
    FAILS(try_open(1), PLURUM_CORRUPT, "the store's file is missing");
    FAILS(try_open(0), PLURUM_CORRUPT, "the store's file is missing");
}
END_TEST

START_TEST(a_process_holds_an_index_once)
{
    char link[96];
    OK(try_create());
    reopen();
    FAILS(try_open(0), PLURUM_BUSY, "in this process already");
    FAILS(try_open(1), PLURUM_BUSY, "in this process already");
    snprintf(link, sizeof link, "%s/link", directory);
    ck_assert_int_eq(symlink(path, link), 0);
    plurum_index *other;
    FAILS(plurum_index_open(&other, link, NULL, &error), PLURUM_BUSY, "in this process already");
    put_text("still", "works");
    ck_assert_str_eq(listed(), "still");
    close_index();
    OK(try_open(1));
    OK(try_open(0));
    plurum_index_close(NULL);
}
END_TEST

static plurum_status never_embed(void *payload, const char *const *texts, size_t count, float *out,
                                 plurum_error *why)
{
    (void)payload, (void)texts, (void)count, (void)out, (void)why;
    abort();
}

START_TEST(an_opening_that_fails_leaves_the_index_free)
{
    plurum_open_options options = opening();
    plurum_fingerprint f = {.name = "another", .dim = DIM, .text_template = 1, .checksum = 7};
    plurum_embedder_methods methods = {.struct_size = sizeof methods};
    plurum_embedder *embedder;
    methods.embed = never_embed;
    OK(plurum_embedder_create(&embedder, &f, NULL, &methods, NULL, &error));
    OK(try_create());
    options.embedder = embedder;
    FAILS(plurum_index_open(&opened, path, &options, &error), PLURUM_MISMATCH, "model caller (4 ");
    FAILS(plurum_index_open(&opened, path, &options, &error), PLURUM_MISMATCH, "another (4, ");
    ck_assert_ptr_null(opened);
    reopen();
    FAILS(plurum_index_use_embedder(opened, embedder, &error), PLURUM_MISMATCH, "another (4, ");
    FAILS(plurum_index_use_embedder(opened, NULL, &error), PLURUM_ARG, "embedder: NULL");
    put_text("a", "not embedded");
    ck_assert_uint_eq(stats().vectors, 0);
    plurum_embedder_free(embedder);
}
END_TEST

/* ---- processes ---- */

/* Another process that opens the index and holds it until it is told to go on. */
typedef struct holder {
    pid_t pid;
    int ready[2], go_on[2]; /* one byte each: it is open; end yourself */
} holder;

static void start_holder(holder *h, int read_only)
{
    ck_assert_int_eq(pipe(h->ready) | pipe(h->go_on), 0);
    h->pid = fork();
    ck_assert_int_ge(h->pid, 0);
    char byte = 0;
    if (h->pid == 0) {
        plurum_open_options options = opening();
        options.read_only = read_only;
        close(h->go_on[1]);
        if (plurum_index_open(&opened, path, &options, &error)) _exit(1);
        if (write(h->ready[1], "r", 1) != 1) _exit(2);
        if (read(h->go_on[0], &byte, 1) != 1) _exit(3);
        plurum_index_close(opened);
        _exit(0);
    }
    close(h->ready[1]);
    close(h->go_on[0]);
    ck_assert_int_eq((int)read(h->ready[0], &byte, 1), 1);
}

static void end_holder(holder *h, int by_signal)
{
    int result;
    if (by_signal)
        kill(h->pid, SIGKILL);
    else
        ck_assert_int_eq((int)write(h->go_on[1], "g", 1), 1);
    ck_assert_int_eq(waitpid(h->pid, &result, 0), h->pid);
    ck_assert(by_signal ? WIFSIGNALED(result) : WIFEXITED(result) && WEXITSTATUS(result) == 0);
    close(h->ready[0]);
    close(h->go_on[1]);
}

START_TEST(a_second_writing_process_is_told_the_pid_of_the_first)
{
    holder h;
    char pid[32];
    OK(try_create());
    start_holder(&h, 0);
    snprintf(pid, sizeof pid, "process %ld ", (long)h.pid);
    FAILS(try_open(0), PLURUM_BUSY, pid);
    FAILS(try_open(0), PLURUM_BUSY, "one writer at a time");
    OK(try_open(1));
    end_holder(&h, 0);
    OK(try_open(0));
}
END_TEST

START_TEST(the_claim_of_a_killed_process_is_gone)
{
    holder h;
    OK(try_create());
    start_holder(&h, 0);
    end_holder(&h, 1);
    OK(try_open(0));
}
END_TEST

START_TEST(readers_do_not_keep_a_writer_out)
{
    holder h;
    OK(try_create());
    start_holder(&h, 1);
    OK(try_open(0));
    OK(try_open(1));
    end_holder(&h, 0);
}
END_TEST

/* The writing process: puts document n at the nth byte, and answers with one. */
static void write_on_demand(int asked, int answers)
{
    char byte, key[16];
    int n = 0;
    reopen();
    if (write(answers, "r", 1) != 1) _exit(1);
    while (read(asked, &byte, 1) == 1) {
        snprintf(key, sizeof key, "d%d", ++n);
        put_text(key, "written elsewhere");
        if (byte == 'a') OK(plurum_index_apply(opened, &error));
        if (write(answers, "d", 1) != 1) _exit(2);
    }
    close_index();
    _exit(0);
}

START_TEST(a_reading_process_sees_each_commit_of_the_writing_one)
{
    int asked[2], answers[2], result;
    char byte;
    OK(try_create());
    ck_assert_int_eq(pipe(asked) | pipe(answers), 0);
    pid_t writer = fork(); /* before this process opens anything */
    ck_assert_int_ge(writer, 0);
    if (writer == 0) {
        close(asked[1]);
        write_on_demand(asked[0], answers[1]);
    }
    ck_assert_int_eq((int)read(answers[0], &byte, 1), 1);
    plurum_open_options options = opening();
    options.read_only = 1;
    open_with(&options);
    ck_assert_str_eq(listed(), "");
    for (int n = 1; n <= 6; n++) { /* every second one is in the text index, the others in the tail */
        ck_assert_int_eq((int)write(asked[1], n % 2 ? "p" : "a", 1), 1);
        ck_assert_int_eq((int)read(answers[0], &byte, 1), 1);
        plurum_results *results = search_text("elsewhere");
        ck_assert_uint_eq(plurum_results_count(results), n);
        plurum_results_free(results);
        ck_assert_uint_eq(stats().documents, n);
    }
    verify_is_clean();
    close(asked[1]);
    ck_assert_int_eq(waitpid(writer, &result, 0), writer);
    ck_assert(WIFEXITED(result) && WEXITSTATUS(result) == 0);
}
END_TEST

START_TEST(a_read_only_handle_refuses_writes)
{
    OK(try_create());
    reopen();
    put_text("a", "before");
    close_index();
    plurum_open_options options = opening();
    options.read_only = 1;
    open_with(&options);
    plurum_batch *batch = (plurum_batch *)&options;
    FAILS(plurum_batch_new(&batch, opened, &error), PLURUM_UNSUPPORTED, "for reading only");
    ck_assert_ptr_null(batch);
    FAILS(plurum_index_apply(opened, &error), PLURUM_UNSUPPORTED, "for reading only");
    ck_assert_str_eq(found("before"), "a");
    verify_is_clean();
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("api: opening");
    TCase *t = tcase_create("create");
    tcase_add_checked_fixture(t, begin_world, end_world);
    tcase_add_test(t, a_directory_that_holds_something_is_not_made_an_index);
    tcase_add_test(t, an_index_is_not_made_over_another);
    tcase_add_test(t, a_file_is_not_made_an_index);
    tcase_add_test(t, an_empty_directory_is_taken);
    tcase_add_test(t, a_missing_parent_is_not_made);
    tcase_add_test(t, options_out_of_range_are_named_and_leave_nothing);
    tcase_add_test(t, a_creation_that_fails_leaves_nothing_behind);
    tcase_add_test(t, a_creation_that_was_killed_can_be_done_again);
    tcase_add_test(t, half_a_creation_is_taken_whatever_is_there_of_it);
    tcase_add_test(t, a_store_or_a_letter_beside_half_a_creation_is_kept);
    tcase_add_test(t, what_an_index_was_created_with_is_kept);
    suite_add_tcase(s, t);
    t = tcase_create("open");
    tcase_add_checked_fixture(t, begin_world, end_world);
    tcase_add_test(t, what_is_no_index_is_not_opened);
    tcase_add_test(t, a_format_file_of_something_else_is_refused);
    tcase_add_test(t, a_newer_format_is_refused_with_both_numbers);
    tcase_add_test(t, an_index_without_its_store_is_damaged);
    tcase_add_test(t, a_process_holds_an_index_once);
    tcase_add_test(t, an_opening_that_fails_leaves_the_index_free);
    tcase_add_test(t, a_second_writing_process_is_told_the_pid_of_the_first);
    tcase_add_test(t, the_claim_of_a_killed_process_is_gone);
    tcase_add_test(t, readers_do_not_keep_a_writer_out);
    tcase_add_test(t, a_reading_process_sees_each_commit_of_the_writing_one);
    tcase_add_test(t, a_read_only_handle_refuses_writes);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
