/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Deep verification: a child process copies the index's files and verifies the copy. Damaged pages
 * of the store may crash it or keep it busy for ever; both are findings, and the index itself is
 * only ever read as bytes.
 *
 * The child says what it finds in lines through a pipe: "finding TEXT", "failed CODE TEXT", and at
 * the end "counts DOCUMENTS RECORDS POSTINGS FINDINGS".
 */
#include <config.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/job.h"
#include "tools/remove.h"
#include "tools/verify.h"

enum {
    FINDINGS_MAX = 10000,  /* damage may make a walk endless     */
    SECONDS_LEAST = 120,   /* of processor time for the child    */
    SECONDS_A_MEBIBYTE = 2 /* and more, by the store's size      */
};

/* ---- the child ---- */

static int tell_finding(void *payload, const char *line)
{
    static int count;
    fprintf(payload, "finding %s\n", line);
    fflush(payload);
    return ++count >= FINDINGS_MAX;
}

static void tell_failure(FILE *out, const plurum_error *error)
{
    if (error->status == PLURUM_CORRUPT)
        fprintf(out, "finding %s\n", error->text);
    else
        fprintf(out, "failed %d %s\n", cli_exit_code(error->status), error->text);
}

static void limit_child(const char *path)
{
    char store[4096];
    struct stat st = {0};
    struct rlimit none = {0, 0}, cpu;
    snprintf(store, sizeof store, "%s/store/data.mdb", path);
    if (stat(store, &st)) st.st_size = 0;
    cpu.rlim_cur = cpu.rlim_max =
        SECONDS_LEAST + (rlim_t)(st.st_size >> 20) * SECONDS_A_MEBIBYTE;
    setrlimit(RLIMIT_CORE, &none);
    setrlimit(RLIMIT_CPU, &cpu);
}

static void look(FILE *out, const char *path, const char *copy)
{
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    plurum_verify_report r = {.struct_size = sizeof r};
    plurum_index *index = NULL;
    plurum_error error;
    options.read_only = 1;
    plurum_status status = plurum_index_copy_files(path, copy, &error);
    if (!status) status = plurum_index_open(&index, copy, &options, &error);
    if (!status) status = plurum_index_verify(&r, index, tell_finding, out, &error);
    if (status && !r.findings) tell_failure(out, &error);
    fprintf(out, "counts %llu %llu %llu\n", (unsigned long long)r.documents,
            (unsigned long long)r.records, (unsigned long long)r.postings);
    fflush(out);
    plurum_index_close(index);
}

/* ---- the parent ---- */

typedef struct watch {
    verify_result *result;
    const char *copy; /* its path in findings is of no use to anybody */
    int code;
} watch;

static void take_line(watch *w, char *line)
{
    unsigned long long documents, records, postings;
    int code, skip;
    line[strcspn(line, "\n")] = '\0';
    if (strncmp(line, "finding ", 8) == 0) {
        const char *text = line + 8;
        size_t len = strlen(w->copy);
        if (strncmp(text, w->copy, len) == 0 && text[len] == '/') text += len + 1;
        verify_note(w->result, text);
    } else if (sscanf(line, "failed %d %n", &code, &skip) == 1) {
        w->code = cli_error(code, "%s", line + skip);
    } else if (sscanf(line, "counts %llu %llu %llu", &documents, &records, &postings) == 3) {
        w->result->report.documents = documents;
        w->result->report.records = records;
        w->result->report.postings = postings;
    }
}

static void note_end(watch *w, int status)
{
    char line[128];
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
    if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))
        snprintf(line, sizeof line, "reading it does not come to an end");
    else if (WIFSIGNALED(status))
        snprintf(line, sizeof line, "reading it crashes (%s)", strsignal(WTERMSIG(status)));
    else
        snprintf(line, sizeof line, "reading it ends the process with status %d",
                 WEXITSTATUS(status));
    verify_note(w->result, line);
}

static int watch_child(watch *w, pid_t child, FILE *in)
{
    char *line = NULL;
    size_t cap = 0;
    int status;
    while (getline(&line, &cap, in) >= 0) take_line(w, line);
    free(line);
    if (job_interrupted()) kill(child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (job_interrupted()) return cli_error(EXIT_INTERRUPTED, "interrupted; nothing was changed");
    note_end(w, status);
    return w->code;
}

static int run_child(verify_result *result, const char *path, const char *copy)
{
    int ends[2];
    watch w = {.result = result, .copy = copy};
    if (pipe(ends)) return cli_error(EXIT_STORAGE, "pipe: %s", strerror(errno));
    job_catch_signals();
    fflush(NULL);
    pid_t child = fork();
    if (child < 0) return cli_error(EXIT_STORAGE, "fork: %s", strerror(errno));
    if (child == 0) {
        close(ends[0]);
        limit_child(path);
        FILE *out = fdopen(ends[1], "w");
        if (out) look(out, path, copy);
        _exit(out ? 0 : 1);
    }
    close(ends[1]);
    FILE *in = fdopen(ends[0], "r");
    if (!in) return cli_no_memory();
    int code = watch_child(&w, child, in);
    fclose(in);
    return code;
}

int verify_deep(verify_result *result, const char *path, const char *scratch)
{
    char folder[4096], copy[4096 + 8];
    const char *tmp = getenv("TMPDIR");
    if (!scratch) scratch = tmp && *tmp ? tmp : "/tmp";
    if (access(path, F_OK))
        return cli_error(EXIT_STORAGE, "%s: no such index; plurum init and import make one", path);
    if (snprintf(folder, sizeof folder, "%s/plurum-verify-XXXXXX", scratch) >= (int)sizeof folder ||
        !mkdtemp(folder))
        return cli_error(EXIT_STORAGE, "%s: %s", scratch, strerror(errno));
    snprintf(copy, sizeof copy, "%s/index", folder);
    int code = run_child(result, path, copy);
    remove_tree(folder);
    return code;
}
