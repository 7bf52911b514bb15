/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One process writes, two others read all the while, and more readers are killed in the middle of
 * their searches. The writer says through pipes what it has committed; a reader must see it at
 * once, by its word and by its vector, while the writer seals and merges segments; moments only go
 * forward, and nobody's call fails.
 *
 * This process forks them all before it opens anything itself.
 */
#include <config.h>

#include <check.h>
#include <lmdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/threads/small.h"

enum { READERS = 2, VICTIMS = 5, COMMITS = 250 };

static char path[PATH_SIZE];

/* What the writer tells: from moment seq on document `number` is there, or is not. */
typedef struct news {
    uint64_t seq;
    uint32_t number;
    int there;
} news;

/* How many documents have a number's word, and the moment of the answer. */
static size_t count_at(plurum_index *index, uint32_t number, uint64_t *seq)
{
    plurum_query query;
    plurum_results *results;
    plurum_error error = {0};
    char word[WORD_SIZE];
    plurum_query_init(&query);
    query.text = small_word(word, number);
    query.text_len = strlen(word);
    MUST(plurum_search(&results, index, &query, &error));
    size_t count = plurum_results_count(results);
    *seq = plurum_results_seq(results);
    plurum_results_free(results);
    return count;
}

/* Whether the vector of a number finds its document first, at that moment or later. */
static int is_nearest(plurum_index *index, uint32_t number)
{
    plurum_query query;
    plurum_results *results;
    plurum_error error = {0};
    float vector[DIM];
    plurum_query_init(&query);
    small_vector(vector, number);
    query.vector = vector;
    query.dim = DIM;
    query.mode = PLURUM_MODE_VECTOR;
    query.bodies = 0;
    MUST(plurum_search(&results, index, &query, &error));
    const plurum_hit *hit = plurum_results_hit(results, 0);
    int found = hit && hit->cosine > 0.999999;
    plurum_results_free(results);
    return found;
}

/* ---- the writer ---- */

static void commit_one(plurum_batch *batch, uint32_t number, int there)
{
    plurum_error error = {0};
    char key[KEY_SIZE], agent[KEY_SIZE];
    snprintf(key, sizeof key, "doc-%u", number);
    snprintf(agent, sizeof agent, "agent-%u", number);
    if (there) {
        MUST(small_put(batch, key, number, "written", &error));
        MUST(plurum_batch_vote(batch, key, agent, 1, PLURUM_TIME_UNSET, &error));
    } else {
        MUST(plurum_batch_delete(batch, key, NULL, &error));
    }
    MUST(plurum_batch_commit(batch, NULL, &error));
}

static void write_and_tell(const int out[READERS])
{
    plurum_batch *batch;
    plurum_error error = {0};
    random_state r = {5};
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    options.graph_from = 64; /* so that vectors are sealed and merged all the while */
    options.segment_size = 16;
    options.checkpoint_events = 100;
    plurum_index *index = small_open(path, &options);
    MUST(plurum_batch_new(&batch, index, &error));
    uint32_t commits = (uint32_t)(COMMITS * test_scale());
    for (uint32_t n = 0; n < commits; n++) {
        int goes = random_below(&r, 5) == 0; /* what is told must stay true: it comes and goes */
        news told = {.number = goes ? 500000 + n : n, .there = !goes};
        commit_one(batch, told.number, 1);
        if (goes) commit_one(batch, told.number, 0);
        size_t count = count_at(index, told.number, &told.seq);
        HOLDS(count == (size_t)told.there, "document %u is found %zu times", told.number, count);
        HOLDS(is_nearest(index, told.number) == told.there, "vector of %u", told.number);
        for (int i = 0; i < READERS; i++)
            HOLDS(pipe_write(out[i], &told, sizeof told) == 0, "reader %d is gone", i);
        usleep(1000);
    }
    plurum_batch_free(batch);
    MUST(plurum_index_apply(index, &error));
    HOLDS(small_stats(index).segments > 0, "no segment");
    plurum_index_close(index);
    _exit(0);
}

/* ---- a reader ---- */

static void hear(plurum_index *index, const news *told, uint64_t *last)
{
    uint64_t seq;
    size_t count = count_at(index, told->number, &seq);
    HOLDS(count == (size_t)told->there, "document %u is found %zu times, seq %llu of %llu",
          told->number, count, (unsigned long long)seq, (unsigned long long)told->seq);
    HOLDS(is_nearest(index, told->number) == told->there, "vector of %u", told->number);
    HOLDS(seq >= told->seq && seq >= *last, "%llu, told was %llu, before was %llu",
          (unsigned long long)seq, (unsigned long long)told->seq, (unsigned long long)*last);
    *last = seq;
}

static void read_and_listen(int in)
{
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    options.read_only = 1;
    plurum_index *index = small_open(path, &options);
    unsigned long heard = 0, between = 0;
    uint64_t last = 0;
    for (;;) {
        struct pollfd wait = {in, POLLIN, 0};
        news told;
        if (poll(&wait, 1, 0) > 0) {
            if (pipe_read(in, &told, sizeof told)) break;
            hear(index, &told, &last);
            heard++;
        } else {
            uint64_t seq;
            count_at(index, (uint32_t)(between % 100), &seq);
            is_nearest(index, (uint32_t)(between % 100));
            HOLDS(seq >= last, "%llu after %llu", (unsigned long long)seq,
                  (unsigned long long)last);
            last = seq;
            between++;
        }
        if (heard % 100 == 99) small_verify(index), heard++;
    }
    HOLDS(heard >= COMMITS && between > 0, "%lu heard, %lu between", heard, between);
    small_verify(index);
    plurum_index_close(index);
    _exit(0);
}

/* ---- a victim ---- */

static void *search_for_ever(void *index)
{
    for (uint32_t i = 0;; i++) small_count(index, i % 100);
    return NULL;
}

static void search_until_killed(int out)
{
    pthread_t thread;
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    options.read_only = 1;
    plurum_index *index = small_open(path, &options);
    small_count(index, 0);
    if (write(out, "", 1) != 1 || pthread_create(&thread, NULL, search_for_ever, index)) _exit(1);
    search_for_ever(index);
}

/* A process that is searching, and killed after a while; its pid. */
static pid_t kill_one(useconds_t pause)
{
    int ends[2], code;
    char byte;
    ck_assert_int_eq(pipe(ends), 0);
    fflush(NULL);
    pid_t victim = fork();
    if (victim == 0) search_until_killed(ends[1]);
    close(ends[1]);
    ck_assert_int_eq(pipe_read(ends[0], &byte, 1), 0);
    close(ends[0]);
    usleep(pause);
    kill(victim, SIGKILL);
    ck_assert_int_eq(waitpid(victim, &code, 0), victim);
    ck_assert(WIFSIGNALED(code));
    return victim;
}

/* ---- reader slots, as LMDB lists them ---- */

static int look_for_pid(const char *line, void *pid)
{
    return strtol(line, NULL, 10) == *(pid_t *)pid ? -1 : 0;
}

/* Whether the store's lock file has a slot of a process; asked by one of its own. */
static int has_slot(pid_t pid)
{
    int code;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        MDB_env *env;
        char store[PATH_SIZE + 16];
        snprintf(store, sizeof store, "%s/store", path);
        if (mdb_env_create(&env) || mdb_env_set_maxreaders(env, 1024) ||
            mdb_env_open(env, store, MDB_RDONLY | MDB_NOTLS, 0))
            _exit(2);
        int found = mdb_reader_list(env, look_for_pid, &pid) < 0;
        mdb_env_close(env);
        _exit(found);
    }
    ck_assert_int_eq(waitpid(child, &code, 0), child);
    ck_assert(WIFEXITED(code) && WEXITSTATUS(code) < 2);
    return WEXITSTATUS(code);
}

/* ---- the tests ---- */

static pid_t start(void (*work)(int fd), int fd, const int *others, int other_count)
{
    fflush(NULL);
    pid_t child = fork();
    if (child) return child;
    for (int i = 0; i < other_count; i++)
        if (others[i] != fd) close(others[i]);
    work(fd);
    _exit(3);
}

static void wait_for(pid_t child, const char *who)
{
    int code;
    ck_assert_int_eq(waitpid(child, &code, 0), child);
    ck_assert_msg(code == 0, "%s: wait status %#x", who, (unsigned)code);
}

START_TEST(readers_follow_a_writer_and_outlive_each_other)
{
    int ends[2 * READERS], out[READERS];
    pid_t readers[READERS], victims[VICTIMS];
    for (int i = 0; i < READERS; i++) {
        ck_assert_int_eq(pipe(ends + 2 * i), 0);
        out[i] = ends[2 * i + 1];
    }
    for (int i = 0; i < READERS; i++)
        readers[i] = start(read_and_listen, ends[2 * i], ends, 2 * READERS);
    fflush(NULL);
    pid_t writer = fork();
    if (writer == 0) {
        for (int i = 0; i < READERS; i++) close(ends[2 * i]);
        write_and_tell(out);
    }
    for (int i = 0; i < 2 * READERS; i++) close(ends[i]);
    for (int i = 0; i < VICTIMS; i++) victims[i] = kill_one(3000 * (useconds_t)i * (useconds_t)i);
    wait_for(writer, "the writer");
    for (int i = 0; i < READERS; i++) wait_for(readers[i], "a reader");
    for (int i = 0; i < VICTIMS; i++) ck_assert_int_eq(has_slot(victims[i]), 0);
    plurum_index *index = small_open(path, NULL);
    small_verify(index);
    plurum_index_close(index);
}
END_TEST

static void keep_open(int fd)
{
    char byte;
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    options.read_only = 1;
    plurum_index *index = small_open(path, &options);
    small_count(index, 0);
    if (write(fd, "", 1) != 1) _exit(1);
    pipe_read(fd, &byte, 1);
    plurum_index_close(index);
    _exit(0);
}

static void open_and_close(int fd)
{
    (void)fd;
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    options.read_only = 1;
    plurum_index_close(small_open(path, &options));
    _exit(0);
}

static void fill_and_apply(int fd)
{
    (void)fd;
    plurum_error error = {0};
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    options.manual_apply = 1;
    plurum_index *index = small_open(path, &options);
    pid_t killed = 0;
    small_fill(index, 0, 10);
    if (write(fd, "", 1) != 1 || pipe_read(fd, &killed, sizeof killed)) _exit(1);
    MUST(plurum_index_apply(index, &error));
    if (write(fd, "", 1) != 1 || pipe_read(fd, &killed, sizeof killed)) _exit(1);
    plurum_index_close(index);
    _exit(0);
}

/* Another process keeps the store open, so that its lock file is not begun anew. */
START_TEST(the_slot_of_a_killed_reader_is_freed_at_the_next_opening)
{
    int ends[2];
    char byte;
    plurum_index *made = small_open(path, NULL);
    plurum_index_close(made);
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    pid_t keeper = start(keep_open, ends[1], ends, 2);
    ck_assert_int_eq(pipe_read(ends[0], &byte, 1), 0);
    pid_t victim = kill_one(1000);
    ck_assert_int_eq(has_slot(victim), 1);
    wait_for(start(open_and_close, 0, NULL, 0), "the next one");
    ck_assert_int_eq(has_slot(victim), 0);
    ck_assert_int_eq(pipe_write(ends[0], "", 1), 0);
    wait_for(keeper, "the keeper");
    close(ends[0]);
    close(ends[1]);
}
END_TEST

START_TEST(a_writer_that_stays_open_frees_it_too)
{
    int ends[2];
    char byte;
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    pid_t writer = start(fill_and_apply, ends[1], ends, 2);
    ck_assert_int_eq(pipe_read(ends[0], &byte, 1), 0);
    pid_t victim = kill_one(1000);
    ck_assert_int_eq(has_slot(victim), 1);
    ck_assert_int_eq(pipe_write(ends[0], &victim, sizeof victim), 0);
    ck_assert_int_eq(pipe_read(ends[0], &byte, 1), 0);
    ck_assert_int_eq(has_slot(victim), 0);
    ck_assert_int_eq(pipe_write(ends[0], &victim, sizeof victim), 0);
    wait_for(writer, "the writer");
    close(ends[0]);
    close(ends[1]);
}
END_TEST

static void setup(void)
{
    folder_make(path);
    small_create(path);
}

static void teardown(void)
{
    folder_remove(path);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    Suite *suite = suite_create("processes");
    TCase *tests = tcase_create("processes");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 300 * test_scale());
    tcase_add_test(tests, readers_follow_a_writer_and_outlive_each_other);
    tcase_add_test(tests, the_slot_of_a_killed_reader_is_freed_at_the_next_opening);
    tcase_add_test(tests, a_writer_that_stays_open_frees_it_too);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
