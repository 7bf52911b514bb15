/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum feedback: outcomes and votes from JSON lines, in batches.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "tools/cli.h"
#include "tools/commands.h"
#include "tools/lines.h"

enum { BATCH = 500 };

typedef struct feedback {
    plurum_batch *batch;
    uint64_t numbers[BATCH];
    plurum_receipt receipts[BATCH];
    uint64_t outcomes, votes, uncounted;
} feedback;

static int bad(const line_file *f, const char *what)
{
    return cli_error(EXIT_INPUT, "%s:%llu: %s", f->name, (unsigned long long)f->number, what);
}

static int member_time(int64_t *out, const line_file *f, const json_t *object)
{
    const json_t *at = json_object_get(object, "at");
    *out = PLURUM_TIME_UNSET;
    if (!at || json_is_null(at)) return 0;
    if (json_is_integer(at)) {
        *out = json_integer_value(at);
        return 0;
    }
    if (!json_is_string(at)) return bad(f, "at: a time such as 2026-02-07T10:30:00Z expected");
    return cli_time(out, "at", json_string_value(at)) ? EXIT_INPUT : 0;
}

/* Fills in an outcome; *environment is the caller's to free. */
static int read_outcome(plurum_outcome *o, char **environment, const line_file *f,
                        const json_t *object)
{
    const json_t *success = json_object_get(object, "success");
    const json_t *time = json_object_get(object, "execution_time_ms");
    const json_t *env = json_object_get(object, "env_fingerprint");
    if (!json_is_boolean(success)) return bad(f, "success: true or false expected");
    if (time && !json_is_null(time) && !json_is_integer(time))
        return bad(f, "execution_time_ms: a whole number expected");
    o->success = json_is_true(success);
    if (json_is_integer(time)) {
        o->execution_time_ms = json_integer_value(time);
        if (o->execution_time_ms < 0) return bad(f, "execution_time_ms: 0 or more expected");
    }
    o->error_message = json_string_value(json_object_get(object, "error_message"));
    o->context_notes = json_string_value(json_object_get(object, "context_notes"));
    if (env && !json_is_null(env)) {
        if (!json_is_object(env)) return bad(f, "env_fingerprint: an object expected");
        *environment = json_dumps(env, JSON_COMPACT);
        o->env_fingerprint = *environment;
    }
    return 0;
}

static int add_outcome(feedback *fb, const line_file *f, const json_t *object, const char *id,
                       const char *agent, int64_t at)
{
    plurum_outcome o = PLURUM_OUTCOME_INIT;
    plurum_error error;
    char *environment = NULL;
    o.id = id;
    o.agent = agent;
    o.at = at;
    int code = read_outcome(&o, &environment, f, object);
    if (!code && plurum_batch_outcome(fb->batch, &o, &error)) code = bad(f, error.text);
    free(environment);
    return code;
}

static int add_vote(feedback *fb, const line_file *f, const json_t *object, const char *id,
                    const char *agent, int64_t at)
{
    const char *vote = json_string_value(json_object_get(object, "vote"));
    plurum_error error;
    int up = vote && strcmp(vote, "up") == 0;
    if (!up && (!vote || strcmp(vote, "down") != 0)) return bad(f, "vote: up or down expected");
    if (plurum_batch_vote(fb->batch, id, agent, up ? 1 : -1, at, &error))
        return bad(f, error.text);
    return 0;
}

static int add(feedback *fb, const line_file *f, const json_t *object)
{
    const char *id = json_string_value(json_object_get(object, "experience"));
    const char *agent = json_string_value(json_object_get(object, "agent"));
    const char *type = json_string_value(json_object_get(object, "type"));
    int64_t at;
    if (!json_is_object(object)) return bad(f, "not a JSON object");
    if (!id) return bad(f, "experience: an id expected");
    if (!agent) return bad(f, "agent: an agent id expected");
    int outcome = type && strcmp(type, "outcome") == 0;
    if (!outcome && (!type || strcmp(type, "vote") != 0))
        return bad(f, "type: outcome or vote expected");
    int code = member_time(&at, f, object);
    if (code) return code;
    code = outcome ? add_outcome(fb, f, object, id, agent, at)
                   : add_vote(fb, f, object, id, agent, at);
    if (!code) fb->numbers[plurum_batch_count(fb->batch) - 1] = f->number;
    if (!code) outcome ? fb->outcomes++ : fb->votes++;
    return code;
}

static int commit(feedback *fb, const line_file *f)
{
    size_t count = plurum_batch_count(fb->batch);
    plurum_error error;
    if (!count) return 0;
    if (plurum_batch_commit(fb->batch, fb->receipts, &error)) {
        char where[512];
        uint64_t number = error.position < count ? fb->numbers[error.position] : f->number;
        snprintf(where, sizeof where, "%s:%llu", f->name, (unsigned long long)number);
        return cli_failed(where, &error);
    }
    for (size_t i = 0; i < count; i++) fb->uncounted += !fb->receipts[i].counted;
    return 0;
}

static int read_file(feedback *fb, line_file *f)
{
    int code = 0;
    long len;
    while (!code && (len = lines_next(f)) >= 0) {
        json_error_t wrong;
        json_t *object = json_loadb(f->line, (size_t)len, JSON_REJECT_DUPLICATES, &wrong);
        code = object ? add(fb, f, object) : bad(f, wrong.text);
        json_decref(object);
        if (!code && plurum_batch_count(fb->batch) == BATCH) code = commit(fb, f);
    }
    if (!code && len == -2) code = EXIT_STORAGE;
    return code ? code : commit(fb, f);
}

int cmd_feedback(int argc, const char **argv)
{
    const struct poptOption options[] = {POPT_AUTOHELP POPT_TABLEEND};
    cli_arguments a;
    cli_index index = {0};
    line_file file = {0};
    plurum_error error;
    feedback *fb = calloc(1, sizeof *fb);
    int code = fb ? 0 : cli_error(EXIT_STORAGE, "out of memory");
    if (!code) code = cli_parse(&a, argc, argv, options, "INDEX FILE.jsonl", 2, 2, NULL);
    if (!code) code = lines_open(&file, a.rest[1]);
    if (!code) code = cli_open(&index, a.rest[0], CLI_WRITE, 0);
    if (!code && plurum_batch_new(&fb->batch, index.index, &error)) code = cli_failed(NULL, &error);
    if (!code) code = read_file(fb, &file);
    if (!code)
        printf("%llu outcomes, %llu votes; %llu of them by authors, stored but not counted\n",
               (unsigned long long)fb->outcomes, (unsigned long long)fb->votes,
               (unsigned long long)fb->uncounted);
    if (fb) plurum_batch_free(fb->batch);
    cli_close(&index);
    lines_close(&file);
    cli_arguments_free(&a);
    free(fb);
    return code;
}
