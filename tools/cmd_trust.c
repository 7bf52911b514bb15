/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum trust: a score, its interval, its parts in one line of arithmetic, its history.
 */
#include <config.h>

#include <jansson.h>

#include "tools/cli.h"
#include "tools/commands.h"

static json_t *event_json(const plurum_event *e)
{
    char at[CLI_TIME_SIZE];
    json_t *object =
        json_pack("{s:I, s:s, s:s, s:s, s:b, s:f}", "seq", (json_int_t)e->seq, "type",
                  e->kind ? "vote" : "outcome", "agent", e->agent, "at",
                  cli_time_text(at, e->at), "counted", e->counted, "weight", e->weight);
    if (e->kind)
        json_object_set_new(object, "vote", json_string(e->value > 0 ? "up" : "down"));
    else
        json_object_set_new(object, "success", json_boolean(e->value));
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
    json_t *whole = json_pack(
        "{s:s, s:f, s:f, s:f, s:f, s:f, s:I, s:b, s:s, s:o}", "id", plurum_history_key(history),
        "trust_score", s->trust, "low", s->low, "high", s->high, "success_rate", s->success_rate,
        "total_reports", (json_int_t)s->total_reports, "quarantined", s->quarantined, "explain",
        line, "events", events);
    json_dumpf(whole, stdout, JSON_COMPACT | JSON_REAL_PRECISION(15));
    putchar('\n');
    json_decref(whole);
    return EXIT_DONE;
}

static int print(const plurum_history *history, const plurum_trust_config *config)
{
    const plurum_trust_score *s = plurum_history_score(history);
    char line[256], at[CLI_TIME_SIZE];
    plurum_trust_explain(line, sizeof line, s, config);
    printf("%s\n%s\n", plurum_history_key(history), line);
    if (s->quarantined)
        printf("in quarantine: %u failures or more and no success\n", config->quarantine_failures);
    for (size_t i = 0; i < plurum_history_count(history); i++) {
        const plurum_event *e = plurum_history_event(history, i);
        const char *what = e->kind ? (e->value > 0 ? "up-vote" : "down-vote")
                                   : (e->value ? "success" : "failure");
        printf("  %s  %-9s  %s", cli_time_text(at, e->at), what, e->agent);
        if (!e->counted) printf("  (the author's own, not counted)");
        if (e->counted && e->weight < 1.0) printf("  (weight %.2f)", e->weight);
        if (e->error_message) printf("  %s", e->error_message);
        putchar('\n');
    }
    return EXIT_DONE;
}

int cmd_trust(int argc, const char **argv)
{
    int as_json = 0;
    char *now_text = NULL;
    const struct poptOption options[] = {
        {"now", 0, POPT_ARG_STRING, &now_text, 0, "score as at this time (default: the clock)",
         "TIME"},
        {"json", 0, POPT_ARG_NONE, &as_json, 0, "one JSON object", NULL},
        POPT_AUTOHELP POPT_TABLEEND};
    cli_arguments a;
    cli_index index = {0};
    plurum_error error;
    plurum_history *history = NULL;
    int64_t now = PLURUM_TIME_UNSET;
    int code = cli_parse(&a, argc, argv, options, "INDEX ID [--now TIME] [--json]", 2, 2, NULL);
    if (!code && now_text) code = cli_time(&now, "--now", now_text);
    if (!code) code = cli_open(&index, a.rest[0], CLI_READ, 0);
    if (!code && plurum_index_history(&history, index.index, a.rest[1], now, &error))
        code = cli_failed(NULL, &error);
    if (!code) {
        const plurum_trust_config *config = plurum_index_configuration(index.index)->trust;
        code = as_json ? print_json(history, config) : print(history, config);
    }
    plurum_history_free(history);
    cli_close(&index);
    cli_arguments_free(&a);
    return code;
}
