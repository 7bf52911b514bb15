/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small indexes for the tests of threads and processes.
 */
#include <config.h>

#include "tests/threads/small.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tools/remove.h"

uint64_t random_next(random_state *r)
{
    uint64_t z = r->state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

int random_below(random_state *r, int bound)
{
    return (int)(random_next(r) % (uint64_t)bound);
}

void must(plurum_status status, const char *call, const char *file, int line,
          const plurum_error *error)
{
    if (!status) return;
    fprintf(stderr, "%s:%d: %s: %s: %s\n", file, line, call, plurum_status_name(status),
            error->text);
    _exit(1);
}

void broken(const char *condition, const char *file, int line, const char *format, ...)
{
    va_list arguments;
    fprintf(stderr, "%s:%d: not so: %s: ", file, line, condition);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    _exit(1);
}

void folder_make(char path[PATH_SIZE])
{
    strcpy(path, "/tmp/plurum-threads-XXXXXX");
    if (!mkdtemp(path)) abort();
    strcat(path, "/index");
}

void folder_remove(const char *path)
{
    char folder[PATH_SIZE];
    snprintf(folder, sizeof folder, "%s", path);
    *strrchr(folder, '/') = '\0';
    remove_tree(folder);
}

void small_create(const char *path)
{
    plurum_create_options options;
    plurum_error error = {0};
    plurum_fingerprint caller = {.name = "caller", .dim = DIM, .text_template = 1};
    plurum_create_options_init(&options);
    options.fingerprint = &caller;
    options.map_size = (uint64_t)1 << 30;
    MUST(plurum_index_create(path, &options, &error));
}

plurum_index *small_open(const char *path, const plurum_open_options *options)
{
    plurum_index *index = NULL;
    plurum_error error = {0};
    MUST(plurum_index_open(&index, path, options, &error));
    return index;
}

const char *small_word(char out[WORD_SIZE], uint32_t number)
{
    size_t n = 0;
    out[n++] = 'z';
    for (; n < 8; number /= 26) out[n++] = (char)('a' + number % 26);
    strcpy(out + n, "q"); /* no suffix that a stemmer takes off */
    return out;
}

void small_vector(float out[DIM], uint32_t number)
{
    random_state r = {number};
    for (int i = 0; i < DIM; i++) out[i] = (float)(random_below(&r, 2001) - 1000) / 1000.0f + 1e-4f;
}

plurum_status small_put(plurum_batch *batch, const char *key, uint32_t number, const char *tag,
                        plurum_error *error)
{
    static const char *const COMMON[] = {"server",  "error",   "docker", "python", "database",
                                         "timeout", "replica", "kernel", "memory", "proxy"};
    plurum_document d = PLURUM_DOCUMENT_INIT;
    char word[WORD_SIZE], body[200];
    float vector[DIM];
    random_state r = {number};
    snprintf(body, sizeof body, "number %u", number);
    for (int i = 2 + random_below(&r, 12); i > 0; i--)
        strcat(strcat(body, " "), COMMON[random_below(&r, 10)]);
    small_vector(vector, number);
    d.key = key;
    d.text[PLURUM_TEXT_TITLE] = small_word(word, number);
    d.text[PLURUM_TEXT_BODY] = body;
    d.domain = number % 2 ? "odd" : "even";
    d.tags = &tag;
    d.tag_count = tag ? 1 : 0;
    d.created_at = 1700000000 + number % 1000000;
    d.vector = vector;
    d.dim = DIM;
    return plurum_batch_put(batch, &d, PLURUM_CONFLICT_REPLACE, error);
}

void small_fill(plurum_index *index, uint32_t first, uint32_t count)
{
    plurum_batch *batch;
    plurum_error error = {0};
    char key[KEY_SIZE];
    MUST(plurum_batch_new(&batch, index, &error));
    for (uint32_t i = first; i < first + count; i++) {
        snprintf(key, sizeof key, "doc-%u", i);
        MUST(small_put(batch, key, i, NULL, &error));
    }
    MUST(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
}

size_t small_count(plurum_index *index, uint32_t number)
{
    plurum_query query;
    plurum_results *results;
    plurum_error error = {0};
    plurum_viewer operator= PLURUM_VIEWER_INIT;
    char word[WORD_SIZE];
    operator.is_operator = 1;
    plurum_query_init(&query);
    query.text = small_word(word, number);
    query.text_len = strlen(word);
    query.viewer = &operator;
    query.mode = PLURUM_MODE_TEXT;
    query.bodies = 0;
    MUST(plurum_search(&results, index, &query, &error));
    size_t count = plurum_results_total(results);
    plurum_results_free(results);
    return count;
}

static int print_finding(void *payload, const char *line)
{
    (void)payload;
    fprintf(stderr, "verify: %s\n", line);
    return 0;
}

void small_verify(plurum_index *index)
{
    plurum_verify_report report = {.struct_size = sizeof report};
    plurum_error error = {0};
    MUST(plurum_index_verify(&report, index, print_finding, NULL, &error));
}

plurum_stats small_stats(plurum_index *index)
{
    plurum_stats stats = {.struct_size = sizeof stats};
    plurum_error error = {0};
    MUST(plurum_index_stats(&stats, index, &error));
    return stats;
}

int pipe_read(int fd, void *data, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = read(fd, (char *)data + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return -1;
        done += (size_t)n;
    }
    return 0;
}

int pipe_write(int fd, const void *data, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = write(fd, (const char *)data + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return -1;
        done += (size_t)n;
    }
    return 0;
}

int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int test_scale(void)
{
    const char *text = getenv("PLURUM_TEST_SCALE");
    int scale = text ? atoi(text) : 1;
    return scale > 0 ? scale : 1;
}
