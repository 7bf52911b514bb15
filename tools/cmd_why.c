/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum why: why an experience is, or is not, in an answer.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "tools/commands.h"
#include "tools/model.h"
#include "tools/npy.h"
#include "tools/selection.h"
#include "tools/show.h"
#include "tools/weights.h"

static const char *const MODES[] = {"hybrid", "text", "vector", NULL};

static struct {
    int64_t limit, offset, now;
    int mode, json;
    const char *fusion, *weights_file, *vector_file, *environment;
    cli_list tools;
} o = {.limit = 10, .now = PLURUM_TIME_UNSET};

static const cli_option OPTIONS[] = {
    CLI_OPTION_WHOLE("limit", &o.limit, 1, PLURUM_LIMIT_MAX, "N", "how many results the page has"),
    CLI_OPTION_WHOLE("offset", &o.offset, 0, INT64_MAX, "N", "how many come before it"),
    CLI_OPTION_LIST("tool", &o.tools, "T", "a tool at hand: improves relevance, filters nothing"),
    CLI_OPTION_TEXT("env", &o.environment, "JSON", "the environment at hand, as in search"),
    CLI_OPTION_WORD("mode", &o.mode, MODES, "M", "which legs"),
    CLI_OPTION_TEXT("fusion", &o.fusion, "NAME", "as in search"),
    CLI_OPTION_TEXT("weights", &o.weights_file, "FILE", "ranking weights"),
    CLI_OPTION_TEXT("vector", &o.vector_file, "FILE.npy", "the query's vector, float32"),
    MODEL_ENDPOINT_OPTION,
    CLI_OPTION_TIME("now", &o.now,
                    "the moment that rules trust (default: the clock, rounded down to the hour)"),
    CLI_OPTION_FLAG("json", &o.json, "one JSON object"),
    CLI_FILTER_OPTIONS,
    CLI_VIEWER_OPTIONS,
    CLI_OPTION_END};

static const struct {
    const char *name, *sentence;
} FILTERS[] = {{"viewer", "the viewer may not see it"},
               {"status", "its status is not asked for (--status)"},
               {"visibility", "its visibility is not asked for (--visibility)"},
               {"domain", "it is of another domain (--domain)"},
               {"tools", "it does not use all required tools (--require-tool)"},
               {"tags", "it does not carry all tags (--tag)"},
               {"min_quality", "its trust is too low (--min-quality)"},
               {"min_confidence", "its author's confidence is too low or not stated (--min-confidence)"},
               {"since", "it is too old (--since)"},
               {"until", "it is too new (--until)"},
               {"quarantine", "it keeps failing: in quarantine"}};

static void print_filter(const char *name)
{
    for (size_t i = 0; i < sizeof FILTERS / sizeof *FILTERS; i++)
        if (strcmp(FILTERS[i].name, name) == 0) printf("left out: %s\n", FILTERS[i].sentence);
}

static void print_leg(const char *leg, size_t place, size_t candidates, const char *without)
{
    if (!place)
        printf("%s leg: %s\n", leg, without);
    else
        printf("%s leg: place %zu of all that passes; the first %zu are candidates\n", leg, place,
               candidates);
}

static void print_value(const char *weight, double value, const char *word)
{
    const plurum_weight_info *info = NULL;
    for (size_t i = 0; i < plurum_weight_count(); i++)
        if (strcmp(plurum_weight_info_at(i)->name, weight) == 0) info = plurum_weight_info_at(i);
    if (word)
        printf("%s", word);
    else if (isnan(value))
        printf("the model's");
    else if (info && info->choices)
        printf("%s", info->choices[(size_t)value]);
    else
        printf("%.6g", value);
}

static void print_changes(const plurum_why_report *r)
{
    for (size_t i = 0; i < r->change_count; i++) {
        const plurum_why_change *c = &r->changes[i];
        printf("%s %s from ", i ? "       or" : "would come in with", c->weight);
        print_value(c->weight, c->from, NULL);
        printf(" to ");
        print_value(c->weight, c->to, c->word);
        printf(": place %zu\n", c->place);
    }
    if (!r->change_count && !r->filter_count && (!r->place || r->place > r->last))
        puts("no single weight would bring it in");
}

static void print(const plurum_why_report *r)
{
    int on_page = r->place >= r->first && r->place <= r->last;
    show_hit(r->hit, r->place, 1, 1);
    for (size_t i = 0; i < r->filter_count; i++) print_filter(r->filters[i]);
    if (r->place)
        printf("place %zu of %zu candidates: %s\n", r->place, r->total,
               on_page ? "on the page" : "not on the page");
    else if (!r->filter_count)
        puts("no candidate: the scores above are those that it would have as one more");
    print_leg("text", r->text_place, r->leg_candidates, "it has no word of the query");
    print_leg("vector", r->vector_place, r->leg_candidates, "no vector to compare");
    if (r->rival) {
        printf("%s:\n", on_page ? "right above it" : "lost to");
        show_hit(r->rival, r->rival_place, 1, 1);
    }
    print_changes(r);
    if (r->note) printf("note: %s\n", r->note);
}

static int tell(const plurum_why *why)
{
    plurum_error error;
    char *text;
    const plurum_why_report *r = plurum_why_report_of(why);
    if (!o.json) {
        print(r);
    } else {
        if (plurum_why_json(&text, why, &error)) return cli_failed(NULL, &error);
        puts(text);
        plurum_text_free(text);
    }
    return r->place >= r->first && r->place <= r->last ? EXIT_DONE : EXIT_NOTHING;
}

static int ask(plurum_index *index, const char *id, plurum_query *query)
{
    plurum_error error;
    plurum_why *why;
    npy vector = {0};
    int code = o.vector_file ? npy_open(&vector, o.vector_file) : 0;
    if (!code && o.vector_file && vector.rows != 1)
        code = cli_error(EXIT_INPUT, "%s: %zu rows, one expected", o.vector_file, vector.rows);
    query->vector = vector.values;
    query->dim = vector.dim;
    if (!code && plurum_index_why(&why, index, id, query, &error))
        code = selection_failed(NULL, &error);
    else if (!code) {
        code = tell(why);
        plurum_why_free(why);
    }
    npy_close(&vector);
    return code;
}

static int run(const cli_arguments *a)
{
    cli_index index = {0};
    plurum_viewer viewer;
    plurum_filter filter;
    plurum_query query;
    plurum_weights *weights = NULL;
    int code = selection_viewer(&viewer);
    if (!code) code = weights_choose(&weights, o.weights_file, o.fusion);
    selection_filter(&filter);
    plurum_query_init(&query);
    query.text = a->rest[2];
    query.text_len = strlen(query.text);
    query.tools = o.tools.items;
    query.tool_count = o.tools.count;
    query.environment = o.environment;
    query.viewer = &viewer;
    query.filter = &filter;
    query.weights = weights;
    query.mode = (plurum_mode)o.mode;
    query.limit = (size_t)o.limit;
    query.offset = (size_t)o.offset;
    query.now = o.now;
    if (!code)
        code = cli_open(&index, a->rest[0], CLI_READ,
                        o.mode != PLURUM_MODE_TEXT && !o.vector_file);
    if (!code) code = ask(index.index, a->rest[1], &query);
    plurum_weights_free(weights);
    cli_close(&index);
    return code;
}

const cli_command why_command = {
    .name = "why",
    .summary = "tell why one is or is not found",
    .synopsis = "INDEX ID QUERY [options]",
    .about = "Tells why an experience is, or is not, in the answer to a query: what leaves it out, its "
             "place and score in each leg, what it lost to, and which weight alone would bring it in, "
             "each tried by ranking again. It tells of experiences that the viewer may not see. Exits "
             "1 where it is not on the page.",
    .example = "plurum why notes k59xmnom 'add a column to a large table' --limit 3",
    .least = 3,
    .most = 3,
    .options = OPTIONS,
    .run = run,
};
