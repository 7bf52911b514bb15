/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum feedback: outcomes and votes from JSON lines. The whole file is one transaction: an outcome
 * cannot be given twice, so a mended file must be one that can be given again.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "tools/commands.h"
#include "tools/job.h"
#include "tools/lines.h"

static int as_json;

static const cli_option OPTIONS[] = {CLI_OPTION_FLAG("json", &as_json, "one JSON object"),
                                     CLI_OPTION_END};

typedef struct feedback {
    cli_index index;
    int tried_embedder;
    plurum_batch *batch;
    uint64_t *numbers; /* line of each change */
    size_t cap;
    uint64_t outcomes, votes, uncounted;
    progress progress;
} feedback;

/* What every line has. */
typedef struct event {
    const char *id, *agent;
    int64_t at;
} event;

static int put_outcome(feedback *fb, const line_file *f, const json_t *object, const event *e)
{
    plurum_outcome o = PLURUM_OUTCOME_INIT;
    plurum_error error;
    const json_t *success = json_object_get(object, "success");
    const json_t *env = json_object_get(object, "env_fingerprint");
    char *environment = NULL;
    int code = json_is_boolean(success) ? 0 : lines_bad(f, "success: true or false expected");
    if (!code) code = lines_whole(&o.execution_time_ms, f, object, "execution_time_ms", -1);
    if (!code) code = lines_text(&o.error_message, f, object, "error_message", 0);
    if (!code) code = lines_text(&o.context_notes, f, object, "context_notes", 0);
    if (!code) code = lines_text(&o.query, f, object, "query", 0);
    if (!code && o.query && !fb->tried_embedder) cli_try_embedder(&fb->index);
    fb->tried_embedder |= o.query != NULL;
    if (code) return code;
    if (env && !json_is_null(env)) environment = json_dumps(env, JSON_COMPACT | JSON_ENCODE_ANY);
    o.id = e->id;
    o.agent = e->agent;
    o.at = e->at;
    o.success = json_is_true(success);
    o.env_fingerprint = environment;
    if (plurum_batch_outcome(fb->batch, &o, &error)) code = lines_bad(f, "%s", error.text);
    free(environment);
    return code;
}

static int put_vote(feedback *fb, const line_file *f, const json_t *object, const event *e)
{
    const char *word;
    plurum_error error;
    int code = lines_text(&word, f, object, "vote", 1);
    if (code) return code;
    int up = strcmp(word, "up") == 0;
    if (!up && strcmp(word, "down") != 0)
        return lines_bad(f, "vote: \"%s\", up or down expected", word);
    if (plurum_batch_vote(fb->batch, e->id, e->agent, up ? 1 : -1, e->at, &error))
        return lines_bad(f, "%s", error.text);
    return 0;
}

/* Remembers the line of the change that was added last. */
static int note_line(feedback *fb, uint64_t number)
{
    size_t count = plurum_batch_count(fb->batch);
    if (count > fb->cap) {
        size_t cap = 2 * count;
        uint64_t *numbers = realloc(fb->numbers, cap * sizeof *numbers);
        if (!numbers) return cli_no_memory();
        fb->numbers = numbers;
        fb->cap = cap;
    }
    fb->numbers[count - 1] = number;
    return 0;
}

static int put(feedback *fb, const line_file *f, const json_t *object)
{
    event e;
    const char *type;
    int code = lines_text(&e.id, f, object, "experience", 1);
    if (!code) code = lines_text(&e.agent, f, object, "agent", 1);
    if (!code) code = lines_text(&type, f, object, "type", 1);
    if (!code) code = lines_time(&e.at, f, object, "at");
    if (code) return code;
    int vote = strcmp(type, "vote") == 0;
    if (!vote && strcmp(type, "outcome") != 0)
        return lines_bad(f, "type: \"%s\", outcome or vote expected", type);
    code = vote ? put_vote(fb, f, object, &e) : put_outcome(fb, f, object, &e);
    if (!code) vote ? fb->votes++ : fb->outcomes++;
    return code ? code : note_line(fb, f->number);
}

static int commit(feedback *fb, const line_file *f)
{
    size_t count = plurum_batch_count(fb->batch);
    plurum_error error;
    plurum_receipt *receipts = calloc(count + 1, sizeof *receipts);
    if (!receipts) return cli_no_memory();
    plurum_status status = plurum_batch_commit(fb->batch, receipts, &error);
    for (size_t i = 0; i < count && !status; i++) fb->uncounted += !receipts[i].counted;
    free(receipts);
    if (!status) return 0;
    if (cli_exit_code(status) != EXIT_INPUT || error.position >= count)
        return cli_failed(f->name, &error);
    return cli_error(EXIT_INPUT, "%s:%llu: %s", f->name,
                     (unsigned long long)fb->numbers[error.position], error.text);
}

static int read_file(feedback *fb, line_file *f)
{
    uint64_t size = lines_size(f);
    int code = 0;
    long len = -1;
    while (!code && !job_interrupted() && (len = lines_next(f)) >= 0) {
        json_t *object;
        code = lines_object(&object, f, (size_t)len);
        if (!code) code = put(fb, f, object);
        json_decref(object);
        progress_step(&fb->progress, fb->outcomes + fb->votes,
                      size ? (double)lines_position(f) / (double)size : -1.0);
    }
    progress_end(&fb->progress);
    if (!code && len == -2) code = EXIT_STORAGE;
    if (!code && job_interrupted())
        code = cli_error(EXIT_INTERRUPTED, "%s:%llu: interrupted; nothing was changed, give it again",
                         f->name, (unsigned long long)f->number);
    return code ? code : commit(fb, f);
}

static int print(const feedback *fb)
{
    if (as_json)
        return cli_print_json(json_pack("{s:I, s:I, s:I}", "outcomes", (json_int_t)fb->outcomes,
                                        "votes", (json_int_t)fb->votes, "uncounted",
                                        (json_int_t)fb->uncounted));
    printf("%llu outcome%s and %llu vote%s", (unsigned long long)fb->outcomes,
           fb->outcomes == 1 ? "" : "s", (unsigned long long)fb->votes, fb->votes == 1 ? "" : "s");
    if (fb->uncounted)
        printf("; %llu by authors on their own, stored but not counted",
               (unsigned long long)fb->uncounted);
    putchar('\n');
    return EXIT_DONE;
}

static int run(const cli_arguments *a)
{
    line_file file = {0};
    plurum_error error;
    feedback fb = {0};
    progress_begin(&fb.progress, "reports");
    job_catch_signals();
    int code = lines_open(&file, a->rest[1]);
    if (!code) code = cli_open(&fb.index, a->rest[0], CLI_WRITE, 0);
    if (!code && plurum_batch_new(&fb.batch, fb.index.index, &error)) code = cli_failed(NULL, &error);
    if (!code) code = read_file(&fb, &file);
    if (!code) code = print(&fb);
    plurum_batch_free(fb.batch);
    cli_close(&fb.index);
    lines_close(&file);
    free(fb.numbers);
    return code;
}

const cli_command feedback_command = {
    .name = "feedback",
    .summary = "add outcomes and votes from JSON lines",
    .synopsis = "INDEX FILE.jsonl [--json]",
    .about = "Adds outcomes and votes, one JSON object a line; - is standard input. All lines have "
             "\"experience\", \"agent\" and \"type\"; \"at\" is the time, by default now. An \"outcome\" "
             "has \"success\" and may have \"execution_time_ms\", \"error_message\", \"context_notes\", "
             "\"env_fingerprint\" and \"query\", what was asked when it was found; a \"vote\" has "
             "\"vote\", up or down. One bad line, and nothing is changed.",
    .example = "plurum feedback notes reports.jsonl\n"
               "echo '{\"experience\": \"k59xmnom\", \"agent\": \"al\", \"type\": \"vote\", "
               "\"vote\": \"up\"}' |\n"
               "    plurum feedback notes -",
    .least = 2,
    .most = 2,
    .options = OPTIONS,
    .run = run,
};
