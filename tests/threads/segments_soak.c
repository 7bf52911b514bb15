/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One writer whose segments are sealed and merged all the time, and who compacts the index now and
 * then, beside four threads of two other processes that search it: for as long as one likes.
 *
 *     segments_soak [--seconds N] [--seed N]
 *
 * Every call must succeed (STALE after a compaction, and then the index opens again), every search have
 * as many hits as were asked for, every hit the cosine that its document's vector has, and the moments
 * of a reader only go forward. Exit status 0: all of it was so, and nothing was found by verification.
 */
#include <config.h>

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/threads/small.h"

enum { PROCESSES = 2, THREADS = 2, KEYS = 8000, LIMIT = 10, SEGMENT = 400, FROM = 800 };

static char path[PATH_SIZE];
static int64_t until; /* now_ms; as long as nobody has begun, how long */
static uint64_t seed = 1;

/* ---- the writer ---- */

static atomic_ulong seals, merges;
static char there[KEYS]; /* documents that the index has */

static void note_line(void *payload, const char *line)
{
    (void)payload;
    if (strstr(line, "vector segments: seal")) atomic_fetch_add(&seals, 1);
    if (strstr(line, "vector segments: merge")) atomic_fetch_add(&merges, 1);
    HOLDS(!strstr(line, "was not built") && !strstr(line, "cannot be used"), "%s", line);
}

static plurum_index *open_index(int read_only)
{
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    options.read_only = read_only;
    options.no_sync = 1;
    options.graph_from = FROM;
    options.segment_size = SEGMENT;
    if (!read_only) options.log = note_line;
    return small_open(path, &options);
}

static void put_one(plurum_batch *batch, int number)
{
    char key[KEY_SIZE];
    plurum_error error = {0};
    snprintf(key, sizeof key, "doc-%d", number);
    MUST(small_put(batch, key, (uint32_t)number, number % 2 ? "odd" : "even", &error));
    there[number] = 1;
}

static void delete_one(plurum_batch *batch, int number)
{
    char key[KEY_SIZE];
    plurum_error error = {0};
    snprintf(key, sizeof key, "doc-%d", number);
    MUST(plurum_batch_delete(batch, key, NULL, &error));
    there[number] = 0;
}

/* Puts, replaces and deletes some documents; how many were put. */
static unsigned long write_some(plurum_index *index, random_state *r)
{
    plurum_batch *batch;
    plurum_error error = {0};
    unsigned long put = 0;
    MUST(plurum_batch_new(&batch, index, &error));
    for (int i = 20 + random_below(r, 80); i > 0; i--) {
        int number = random_below(r, KEYS);
        if (there[number] && random_below(r, 3) == 0)
            delete_one(batch, number);
        else
            put_one(batch, number), put++;
    }
    MUST(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
    return put;
}

static plurum_index *compact(plurum_index *index)
{
    plurum_error error = {0};
    plurum_index_close(index);
    MUST(plurum_index_compact(NULL, path, NULL, &error));
    return open_index(0);
}

static void write_all(plurum_index *index)
{
    random_state r = {seed};
    unsigned long put = 0, commits = 0, compactions = 0;
    plurum_error error = {0};
    int64_t pause = (until - now_ms()) / 4, next = now_ms() + pause;
    while (now_ms() < until) {
        put += write_some(index, &r);
        commits++;
        if (now_ms() < next) continue;
        next += pause;
        index = compact(index);
        compactions++;
    }
    MUST(plurum_index_apply(index, &error));
    HOLDS(small_stats(index).segments > 0, "no segment");
    small_verify(index);
    printf("%lu documents put in %lu commits, %lu seals, %lu merges, %lu compactions, %llu documents left\n",
           put, commits, atomic_load(&seals), atomic_load(&merges), compactions,
           (unsigned long long)small_stats(index).documents);
    plurum_index_close(index);
}

/* ---- a reading process ---- */

static plurum_index *opened;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER; /* held for writing to open again */
static unsigned long reopened;

static void open_again(unsigned long seen)
{
    pthread_rwlock_wrlock(&lock);
    if (seen == reopened) {
        plurum_index_close(opened);
        opened = open_index(1);
        reopened++;
    }
    pthread_rwlock_unlock(&lock);
}

static double cosine_of(const float *a, const float *b)
{
    double ab = 0, aa = 0, bb = 0;
    for (int i = 0; i < DIM; i++) {
        ab += (double)a[i] * b[i];
        aa += (double)a[i] * a[i];
        bb += (double)b[i] * b[i];
    }
    return ab / sqrt(aa * bb);
}

static void check_hits(const plurum_results *results, const float *asked)
{
    HOLDS(plurum_results_count(results) == LIMIT, "%zu hits", plurum_results_count(results));
    for (size_t i = 0; i < LIMIT; i++) {
        float vector[DIM];
        const plurum_hit *hit = plurum_results_hit(results, i);
        small_vector(vector, (uint32_t)atoi(hit->key + 4));
        double cosine = cosine_of(vector, asked);
        HOLDS(fabs(cosine - hit->cosine) < 1e-5, "%s: %.9f, not %.9f", hit->key, hit->cosine, cosine);
        HOLDS(!i || hit->cosine <= plurum_results_hit(results, i - 1)->cosine, "%s: order", hit->key);
    }
}

typedef struct reader {
    pthread_t thread;
    random_state random;
    unsigned long searches;
    uint64_t seq;
} reader;

static plurum_status search(reader *r, plurum_results **results, const float *vector, const char *tag,
                            unsigned long *seen, plurum_error *error)
{
    plurum_query query;
    plurum_filter filter = PLURUM_FILTER_INIT;
    filter.tags = &tag;
    filter.tag_count = tag != NULL;
    plurum_query_init(&query);
    query.vector = vector;
    query.dim = DIM;
    query.mode = PLURUM_MODE_VECTOR;
    query.filter = &filter;
    query.limit = LIMIT;
    query.exact = random_below(&r->random, 20) == 0;
    pthread_rwlock_rdlock(&lock);
    *seen = reopened;
    plurum_status status = plurum_search(results, opened, &query, error);
    pthread_rwlock_unlock(&lock);
    return status;
}

static void *read_all(void *payload)
{
    static const char *const FILTERS[] = {NULL, NULL, "odd", "even"};
    reader *r = payload;
    while (now_ms() < until) {
        float vector[DIM];
        unsigned long seen;
        plurum_results *results;
        plurum_error error = {0};
        small_vector(vector, (uint32_t)random_next(&r->random));
        plurum_status status = search(r, &results, vector, FILTERS[random_below(&r->random, 4)], &seen, &error);
        if (status == PLURUM_STALE) {
            open_again(seen);
            continue;
        }
        MUST(status);
        check_hits(results, vector);
        HOLDS(plurum_results_seq(results) >= r->seq, "the moment went back");
        r->seq = plurum_results_seq(results);
        r->searches++;
        plurum_results_free(results);
    }
    return NULL;
}

static void read_index(int number)
{
    reader readers[THREADS] = {{.searches = 0}};
    unsigned long searches = 0;
    opened = open_index(1);
    for (int i = 0; i < THREADS; i++) {
        readers[i].random.state = seed * 1000 + (uint64_t)(number * THREADS + i);
        HOLDS(!pthread_create(&readers[i].thread, NULL, read_all, &readers[i]), "no thread");
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(readers[i].thread, NULL);
        searches += readers[i].searches;
    }
    plurum_index_close(opened);
    printf("reading process %d: %lu searches, opened again %lu times\n", number + 1, searches, reopened);
    HOLDS(searches > 0, "no search");
}

/* ---- all of them ---- */

static pid_t begin(void (*work)(int), int number)
{
    fflush(NULL);
    pid_t child = fork();
    if (child) return child;
    work(number);
    fflush(NULL);
    _exit(0);
}

/* Something for the readers to begin with. */
static void prepare(plurum_index *index)
{
    plurum_batch *batch;
    plurum_error error = {0};
    MUST(plurum_batch_new(&batch, index, &error));
    for (int i = 0; i < KEYS / 2; i++) put_one(batch, i);
    MUST(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
    MUST(plurum_index_apply(index, &error));
}

/* Tells through the pipe when the readers may begin. */
static void write_index(int ready)
{
    plurum_index *index = open_index(0);
    prepare(index);
    until += now_ms();
    HOLDS(pipe_write(ready, &until, sizeof until) == 0, "no pipe");
    write_all(index);
}

static int ended_well(pid_t child)
{
    int code;
    return waitpid(child, &code, 0) == child && WIFEXITED(code) && WEXITSTATUS(code) == 0;
}

int main(int argc, char **argv)
{
    long seconds = 6;
    pid_t children[PROCESSES + 1];
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--seconds") == 0) seconds = atol(argv[i + 1]);
        if (strcmp(argv[i], "--seed") == 0) seed = strtoull(argv[i + 1], NULL, 10);
    }
    folder_make(path);
    small_create(path);
    int ready[2], good = pipe(ready) == 0;
    until = 1000 * seconds;
    children[0] = begin(write_index, ready[1]);
    close(ready[1]);
    good &= pipe_read(ready[0], &until, sizeof until) == 0;
    for (int i = 0; i < PROCESSES; i++) children[i + 1] = begin(read_index, i);
    for (int i = 0; i <= PROCESSES; i++) good &= ended_well(children[i]);
    printf("seed %llu, %ld s: %s\n", (unsigned long long)seed, seconds, good ? "0 errors" : "FAILED");
    folder_remove(path);
    return good ? 0 : 1;
}
