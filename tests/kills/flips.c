/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flipped bits: one bit of the store's file is altered at a time, and then
 *
 *     plurum verify --deep   names damage (5), or the flip is harmless (0) and the export unchanged
 *     plurum export          gives lines that were stored, or an error, or crashes; never others
 *
 *     flips [--flips N] [--seed N]      run in the build directory, with PLURUM_MODELS set
 */
#include <config.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64], store[96];
static char *right; /* the export of the sound index */

/* Runs a command in the folder: its exit status, 128 and the signal's number when it crashed. */
static int run(const char *arguments, const char *out)
{
    char command[2048];
    int status;
    snprintf(command, sizeof command, "exec ./plurum %s >%s/%s 2>%s/errors", arguments, folder, out,
             folder);
    status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static char *read_all(const char *name)
{
    char path[128];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "r");
    if (!f || fstat(fileno(f), &st)) abort();
    char *text = calloc(1, (size_t)st.st_size + 1);
    if (!text || fread(text, 1, (size_t)st.st_size, f) != (size_t)st.st_size) abort();
    fclose(f);
    return text;
}

static void fail(const char *what, long at, int bit, int code)
{
    char *errors = read_all("errors");
    fprintf(stderr, "flips: bit %d of byte %ld: %s (status %d): %s\n", bit, at, what, code, errors);
    exit(1);
}

static void flip(long at, int bit)
{
    FILE *f = fopen(store, "r+b");
    if (!f || fseek(f, at, SEEK_SET)) abort();
    int byte = fgetc(f);
    if (fseek(f, at, SEEK_SET) || fputc(byte ^ 1 << bit, f) == EOF || fclose(f)) abort();
}

/* An index with replaced, deleted and reported experiences, and what it exports. */
static void make_index(const char *top)
{
    char command[1024];
    strcpy(folder, "/tmp/plurum-flips-XXXXXX");
    if (!mkdtemp(folder)) abort();
    snprintf(store, sizeof store, "%s/notes/store/data.mdb", folder);
    snprintf(command, sizeof command,
             "f=%s; set -e; ./plurum import $f/notes %s/tests/data/mini/experiences.jsonl\n"
             "for i in 1 2 3 4 5 6 7 8; do ./plurum outcome $f/notes mini000$i --agent a$i --success\n"
             "./plurum vote $f/notes mini000$i --agent b$i up; done\n"
             "./plurum import $f/notes %s/tests/data/mini/experiences.jsonl --on-conflict replace\n"
             "./plurum delete $f/notes mini0009\n./plurum compact $f/notes",
             folder, top, top);
    FILE *shell = popen("sh >/dev/null", "w");
    if (!shell || fputs(command, shell) == EOF || pclose(shell)) abort();
    snprintf(command, sizeof command, "export %s/notes", folder);
    if (run(command, "right")) abort();
    right = read_all("right");
    if (strlen(right) < 1000) abort();
}

/* Every whole line that was printed must be one of the sound index's. */
static int is_altered(const char *text)
{
    for (const char *end; (end = strchr(text, '\n')); text = end + 1) {
        char *line = strndup(text, (size_t)(end + 1 - text));
        const char *found = line ? strstr(right, line) : NULL;
        int known = found && (found == right || found[-1] == '\n');
        free(line);
        if (!known) return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    int flips = 100, named = 0, harmless = 0, crashed = 0;
    unsigned seed = 1;
    char verify[128], export[128];
    struct stat st;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--flips") == 0) flips = atoi(argv[i + 1]);
        if (strcmp(argv[i], "--seed") == 0) seed = (unsigned)strtoul(argv[i + 1], NULL, 10);
    }
    make_index(getenv("srcdir") ? getenv("srcdir") : ".");
    snprintf(verify, sizeof verify, "verify --deep %s/notes", folder);
    snprintf(export, sizeof export, "export %s/notes", folder);
    if (stat(store, &st)) abort();
    for (int i = 0; i < flips; i++) {
        long at = (long)(((uint64_t)rand_r(&seed) << 16 ^ (uint64_t)rand_r(&seed)) %
                         (uint64_t)st.st_size);
        int bit = rand_r(&seed) % 8;
        flip(at, bit);
        int code = run(verify, "found");
        if (code != 0 && code != 5) fail("verify --deep neither names damage nor finds none", at, bit, code);
        int exported = run(export, "given");
        char *given = read_all("given");
        if (is_altered(given)) fail("the export shows what was not stored", at, bit, exported);
        if (code == 0 && (exported || strcmp(given, right) != 0))
            fail("verify --deep finds nothing, but the export is another", at, bit, exported);
        named += code == 5;
        harmless += code == 0;
        crashed += exported >= 128;
        free(given);
        flip(at, bit);
    }
    printf("%d flips of a file of %ld bytes: %d named, %d harmless; %d crashed a plain reader\n", flips,
           (long)st.st_size, named, harmless, crashed);
    snprintf(verify, sizeof verify, "rm -rf %s", folder);
    free(right);
    return system(verify) || named < flips / 20;
}
