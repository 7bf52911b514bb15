/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum trust: a score, its interval, its parts in one line of arithmetic, its history.
 */
#include <config.h>

#include "tools/commands.h"
#include "tools/times.h"

static struct {
    int64_t now;
    int json;
} o = {.now = PLURUM_TIME_UNSET};

static const cli_option OPTIONS[] = {
    CLI_OPTION_TIME("now", &o.now, "the score as it is at this time (default: the clock, rounded down to the "
                    "hour)"),
    CLI_OPTION_FLAG("json", &o.json, "one JSON object"), CLI_OPTION_END};

static json_t *event_json(const plurum_event *e)
{
    char at[TIMES_SIZE];
    json_t *object =
        json_pack("{s:I, s:s, s:s, s:s, s:b, s:f}", "seq", (json_int_t)e->seq, "type",
                  e->kind ? "vote" : "outcome", "agent", e->agent, "at",
                  times_text(at, e->at), "counted", e->counted, "weight", e->weight);
    if (e->kind)
        json_object_set_new(object, "vote", json_string(e->value > 0 ? "up" : "down"));
    else
        json_object_set_new(object, "success", json_boolean(e->value));
    if (e->query) json_object_set_new(object, "query", json_string(e->query));
    return object;
}

static int print_json(const plurum_history *history, const plurum_trust_config *config)
{
    const plurum_trust_score *s = plurum_history_score(history);
    char line[256];
    json_t *events = json_array();
    plurum_trust_explain(line, sizeof line, s, config);
    for (size_t i = 0; i < plurum_history_count(history); i++)
        json_array_append_new(events, event_json(plurum_history_event(history, i)));
    return cli_print_json(json_pack(
        "{s:s, s:f, s:f, s:f, s:f, s:I, s:b, s:s, s:o}", "id", plurum_history_key(history),
        "trust_score", s->trust, "low", s->low, "high", s->high, "success_rate", s->success_rate,
        "total_reports", (json_int_t)s->total_reports, "quarantined", s->quarantined, "explain",
        line, "events", events));
}

static void print(const plurum_history *history, const plurum_trust_config *config)
{
    const plurum_trust_score *s = plurum_history_score(history);
    char line[256], at[TIMES_SIZE];
    plurum_trust_explain(line, sizeof line, s, config);
    printf("%s\n%s\n", plurum_history_key(history), line);
    if (s->quarantined)
        printf("in quarantine: %u failures or more and no success\n", config->quarantine_failures);
    for (size_t i = 0; i < plurum_history_count(history); i++) {
        const plurum_event *e = plurum_history_event(history, i);
        const char *what = e->kind ? (e->value > 0 ? "up-vote" : "down-vote")
                                   : (e->value ? "success" : "failure");
        printf("  %s  %-9s  %s", times_text(at, e->at), what, e->agent);
        if (!e->counted) printf("  (the author's own, not counted)");
        if (e->counted && e->weight < 1.0) printf("  (weight %.2f)", e->weight);
        if (e->error_message) fputs("  ", stdout);
        if (e->error_message) cli_print_text(stdout, e->error_message, 0);
        if (e->query) fputs("  for: ", stdout);
        if (e->query) cli_print_text(stdout, e->query, 0);
        putchar('\n');
    }
    if (!plurum_history_count(history)) puts("  no reports and no votes");
}

static int run(const cli_arguments *a)
{
    cli_index index = {0};
    plurum_error error;
    plurum_history *history = NULL;
    int code = cli_open(&index, a->rest[0], CLI_READ, 0);
    if (!code && plurum_index_history(&history, index.index, a->rest[1], o.now, &error))
        code = cli_failed(NULL, &error);
    const plurum_trust_config *config =
        code ? NULL : plurum_index_configuration(index.index)->trust;
    if (!code && o.json)
        code = print_json(history, config);
    else if (!code)
        print(history, config);
    plurum_history_free(history);
    cli_close(&index);
    return code;
}

const cli_command trust_command = {
    .name = "trust",
    .summary = "explain an experience's trust score",
    .synopsis = "INDEX ID [options]",
    .about = "Explains an experience's trust: the score, what it is made of in one line of "
             "arithmetic, and every report and vote behind it, oldest first.",
    .example = "plurum trust notes k59xmnom",
    .least = 2,
    .most = 2,
    .options = OPTIONS,
    .run = run,
};
