/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a fuzz target without a fuzzer: every file of its corpus, and then mutations of each, drawn
 * from a seed that is printed. The same seed gives the same mutations whatever else changes.
 *
 *     fuzz_NAME                            the corpus and MUTATIONS mutations of each file
 *     FUZZ_SEED=7 FUZZ_MUTATIONS=100000 fuzz_NAME
 *     fuzz_NAME FILE...                    these files only, as they are
 *
 * An input that makes the target fail is written to ./fuzz-failure, to be given as FILE.
 */
#include <config.h>

#include <dirent.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MUTATIONS = 300, GROWTH = 4096, FILES = 1000 };

typedef struct input {
    char *name;
    uint8_t *bytes;
    size_t size;
} input;

static input corpus[FILES];
static size_t corpus_size;
static input running;          /* what the target is given                */
static long running_mutation;  /* 0: the file itself                      */
static uint64_t state;         /* of the generator, never 0               */

/* ---- failing ---- */

static void tell(const char *text)
{
    if (write(STDERR_FILENO, text, strlen(text)) < 0) _exit(99);
}

/* Called in the middle of a crash: nothing but system calls. */
static void save_failure(void)
{
    FILE *out = fopen("fuzz-failure", "wb");
    if (!out) return;
    fwrite(running.bytes, 1, running.size, out);
    fclose(out);
    char line[300];
    snprintf(line, sizeof line, "fuzz: %.200s, mutation %ld: the input is in ./fuzz-failure\n",
             running.name, running_mutation);
    tell(line);
}

static void on_signal(int number)
{
    signal(number, SIG_DFL);
    save_failure();
    raise(number);
}

/* AddressSanitizer ends the process without a signal. */
extern void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static void catch_failures(void)
{
    signal(SIGABRT, on_signal);
    if (__sanitizer_set_death_callback) {
        __sanitizer_set_death_callback(save_failure);
        return;
    }
    signal(SIGSEGV, on_signal);
    signal(SIGBUS, on_signal);
    signal(SIGFPE, on_signal);
}

static void die(const char *what, const char *name)
{
    fprintf(stderr, "fuzz: %s %s\n", what, name);
    exit(99);
}

/* ---- inputs ---- */

static void *room(size_t size)
{
    void *memory = malloc(size ? size : 1);
    if (!memory) die("no memory for", running.name);
    return memory;
}

static input read_input(const char *name)
{
    FILE *in = fopen(name, "rb");
    if (!in || fseek(in, 0, SEEK_END)) die("cannot read", name);
    long size = ftell(in);
    rewind(in);
    input read = {strdup(name), room((size_t)size), (size_t)size};
    if (fread(read.bytes, 1, read.size, in) != read.size) die("cannot read", name);
    fclose(in);
    return read;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const input *)a)->name, ((const input *)b)->name);
}

static void read_corpus(const char *directory)
{
    char name[4096];
    DIR *dir = opendir(directory);
    if (!dir) die("there is no corpus", directory);
    for (struct dirent *e; (e = readdir(dir));) {
        if (e->d_name[0] == '.') continue;
        if (corpus_size == FILES) die("too many files in", directory);
        snprintf(name, sizeof name, "%s/%s", directory, e->d_name);
        corpus[corpus_size++] = read_input(name);
    }
    closedir(dir);
    if (!corpus_size) die("there is nothing in", directory);
    qsort(corpus, corpus_size, sizeof *corpus, by_name); /* the order must not be the disk's */
}

/* The target gets memory of exactly its size, so that reading beyond it is seen. */
static void run(const input *from, const uint8_t *bytes, size_t size, long mutation)
{
    running.name = from->name;
    running.bytes = room(size);
    running.size = size;
    running_mutation = mutation;
    if (size) memcpy(running.bytes, bytes, size);
    LLVMFuzzerTestOneInput(running.bytes, size);
    free(running.bytes);
}

/* ---- mutations ---- */

/* xorshift64*: the same numbers on every machine. */
static uint64_t draw(uint64_t below)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (state * UINT64_C(2685821657736338717) >> 11) % (below ? below : 1);
}

static const uint8_t STARTLING[][8] = {
    {0}, {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, {0xFF, 0xFF, 0xFF, 0x7F}, {0, 0, 0, 0x80},
    {0x7F, 0xFF, 0xFF, 0xFF}, {0x80}, {1}, {0, 0, 0, 0, 0, 0, 0xF0, 0x7F}, {0, 0, 0, 0, 0, 0, 0xF8, 0x7F},
    {'"', '\\', 'u', '0', '0', '0', '0', '"'}, {0xED, 0xA0, 0x80, 0xEF, 0xBF, 0xBF, 0xF4, 0x90},
};

/* One change, in place; the new size. */
static size_t mutate(uint8_t *b, size_t size, size_t most)
{
    size_t at = (size_t)draw(size + 1), n = (size_t)draw(16) + 1;
    if (at + n > size) n = size - at;
    switch (draw(9)) {
    case 0: /* a bit */
        if (n) b[at] ^= (uint8_t)(1u << draw(8));
        break;
    case 1: /* a byte */
        if (n) b[at] = (uint8_t)draw(256);
        break;
    case 2: /* a little more or less */
        if (n) b[at] = (uint8_t)(b[at] + draw(9) - 4);
        break;
    case 3: /* cut off */
        return at;
    case 4: /* leave out */
        memmove(b + at, b + at + n, size - at - n);
        return size - n;
    case 5: /* say twice */
        if (size + n > most) break;
        memmove(b + at + n, b + at, size - at);
        return size + n;
    case 6: /* put in */
        if (size + 8 > most) break;
        memmove(b + at + 8, b + at, size - at);
        memcpy(b + at, STARTLING[draw(sizeof STARTLING / sizeof *STARTLING)], 8);
        return size + 8;
    case 7: /* overwrite */
        memcpy(b + at, STARTLING[draw(sizeof STARTLING / sizeof *STARTLING)], n < 8 ? n : 8);
        break;
    default: { /* end as another file does */
        const input *other = &corpus[draw(corpus_size)];
        size_t from = (size_t)draw(other->size + 1), rest = other->size - from;
        if (rest > most - at) rest = most - at;
        if (rest) memcpy(b + at, other->bytes + from, rest);
        return at + rest;
    }
    }
    return size;
}

static void run_mutations(const input *seed, long count)
{
    size_t most = seed->size + GROWTH;
    uint8_t *bytes = room(most);
    for (long i = 1; i <= count; i++) {
        size_t size = seed->size;
        if (size) memcpy(bytes, seed->bytes, size);
        for (uint64_t n = draw(5) + 1; n > 0; n--) size = mutate(bytes, size, most);
        run(seed, bytes, size, i);
    }
    free(bytes);
}

/* ---- main ---- */

static uint64_t from_environment(const char *name, uint64_t usual)
{
    const char *value = getenv(name);
    return value && *value ? strtoull(value, NULL, 10) : usual;
}

int main(int argc, char **argv)
{
    catch_failures();
    for (int i = 1; i < argc; i++) {
        input given = read_input(argv[i]);
        run(&given, given.bytes, given.size, 0);
        free(given.bytes);
        free(given.name);
    }
    if (argc > 1) return EXIT_SUCCESS;
    uint64_t seed = from_environment("FUZZ_SEED", 1);
    long mutations = (long)from_environment("FUZZ_MUTATIONS", MUTATIONS);
    read_corpus(CORPUS);
    printf("%zu inputs of %s, %ld mutations of each with FUZZ_SEED=%llu\n", corpus_size, CORPUS,
           mutations, (unsigned long long)seed);
    fflush(stdout);
    for (size_t i = 0; i < corpus_size; i++) run(&corpus[i], corpus[i].bytes, corpus[i].size, 0);
    for (size_t i = 0; i < corpus_size; i++) {
        state = seed * UINT64_C(0x9E3779B97F4A7C15) + i + 1; /* a file's mutations are its own */
        run_mutations(&corpus[i], mutations);
    }
    for (size_t i = 0; i < corpus_size; i++) {
        free(corpus[i].bytes);
        free(corpus[i].name);
    }
    return EXIT_SUCCESS;
}
