/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum export: an index as JSON lines that import takes, or its vectors as FAISS has them. A file is
 * written beside its name and renamed when it is whole, so that there is never half an export.
 */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/commands.h"
#include "tools/job.h"

static int without_vectors, for_faiss;

static const cli_option OPTIONS[] = {
    CLI_OPTION_FLAG("no-vectors", &without_vectors,
                    "leave out vectors that the caller gave; those of a model never are in"),
    CLI_OPTION_FLAG("faiss", &for_faiss,
                    "write the vectors as an index of FAISS's to FILE, and whose they are to FILE.tsv"),
    CLI_OPTION_END};

static const char NOT_WHOLE[] = "what was written is not all of it";

static int write_line(void *file, const char *text, size_t len)
{
    return fwrite(text, 1, len, file) != len || fputc('\n', file) == EOF;
}

/* Vectors that no embedder can make again go along. */
static int wants_vectors(plurum_index *index)
{
    const plurum_fingerprint *model = plurum_index_configuration(index)->fingerprint;
    return !without_vectors && model->dim && model->checksum == 0;
}

/* left: what an interruption leaves behind. */
static int export_to(FILE *file, const char *name, const char *left, plurum_index *index)
{
    plurum_export_options options = PLURUM_EXPORT_OPTIONS_INIT;
    plurum_error error;
    job running;
    options.vectors = wants_vectors(index);
    job_begin(&running, &options.job);
    plurum_status status = plurum_index_export(index, &options, write_line, file, &error);
    job_end(&running);
    if (status && job_interrupted()) {
        clearerr(file); /* a write that the signal has ended */
        return cli_error(EXIT_INTERRUPTED, "interrupted: %s", left);
    }
    if (ferror(file) || (!status && fflush(file)))
        return file == stdout ? EXIT_STORAGE /* of which the tool itself tells at its end */
                              : cli_error(EXIT_STORAGE, "%s: %s", name, strerror(errno));
    return status ? cli_failed(NULL, &error) : EXIT_DONE;
}

/* A pipe, a device, a link: nothing that may be replaced. */
static int is_special(const char *name)
{
    struct stat st;
    return lstat(name, &st) == 0 && !S_ISREG(st.st_mode);
}

static int export_into(const char *name, plurum_index *index)
{
    FILE *file = fopen(name, "w");
    int code = file ? export_to(file, name, NOT_WHOLE, index)
                    : cli_error(EXIT_STORAGE, "%s: %s", name, strerror(errno));
    if (file && fclose(file) && !code) code = cli_error(EXIT_STORAGE, "%s: %s", name, strerror(errno));
    return code;
}

static int export_to_file(const char *name, plurum_index *index)
{
    if (is_special(name)) return export_into(name, index);
    size_t size = strlen(name) + sizeof ".part";
    char *part = malloc(size);
    if (!part) return cli_no_memory();
    snprintf(part, size, "%s.part", name);
    FILE *file = fopen(part, "w");
    int code = file ? export_to(file, part, "nothing was exported", index)
                    : cli_error(EXIT_STORAGE, "%s: %s", part, strerror(errno));
    int failed = file && ((!code && fsync(fileno(file))) | fclose(file));
    if (!code && (failed || rename(part, name)))
        code = cli_error(EXIT_STORAGE, "%s: %s", name, strerror(errno));
    if (file && code) unlink(part);
    free(part);
    return code;
}

static int export_vectors(const char *name, plurum_index *index)
{
    plurum_job_options options = PLURUM_JOB_OPTIONS_INIT;
    plurum_faiss_report report = {.struct_size = sizeof report};
    plurum_error error;
    job running;
    job_begin(&running, &options);
    plurum_status status = plurum_index_export_faiss(&report, index, name, &options, &error);
    job_end(&running);
    if (status == PLURUM_NOTFOUND) return cli_error(EXIT_STORAGE, "%s", error.text);
    if (status) return job_failed(&error, "nothing was exported");
    printf("%s: %llu vectors of %lu dimensions, of %llu documents\n", name,
           (unsigned long long)report.vectors, (unsigned long)report.dim,
           (unsigned long long)report.documents);
    return EXIT_DONE;
}

static int run(const cli_arguments *a)
{
    cli_index index = {0};
    const char *name = a->count > 1 && strcmp(a->rest[1], "-") != 0 ? a->rest[1] : NULL;
    if (for_faiss && !name) return cli_error(EXIT_USAGE, "--faiss: a FILE is needed");
    int code = cli_open(&index, a->rest[0], CLI_READ, 0);
    if (!code && for_faiss)
        code = export_vectors(name, index.index);
    else if (!code)
        code = name ? export_to_file(name, index.index)
                    : export_to(stdout, "standard output", NOT_WHOLE, index.index);
    cli_close(&index);
    return code;
}

const cli_command export_command = {
    .name = "export",
    .summary = "write all experiences as JSON lines",
    .synopsis = "INDEX [FILE] [options]",
    .about = "Writes every experience of one moment on a line of JSON, to FILE or standard output, "
             "with its outcomes and votes, their weights and times. Imported into a new index, the "
             "lines give the same ids, the same trust and the same answers. Acts as the operator: "
             "drafts and private experiences are in it. --faiss writes vectors alone: a file that "
             "FAISS's read_index takes, an IndexIDMap over an IndexHNSWFlat of inner products, and "
             "beside it FILE.tsv with FAISS's id, a tab and the key of each experience; those with "
             "the same vector share an id.",
    .example = "plurum export notes notes.jsonl\n"
               "plurum import copy notes.jsonl\n"
               "plurum export notes notes.faiss --faiss",
    .least = 1,
    .most = 2,
    .options = OPTIONS,
    .run = run,
};
