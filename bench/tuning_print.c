/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What tuning found: for people, as JSON, and as a weights file.
 */
#include <config.h>

#include "bench/tune.h"

#include <errno.h>
#include <string.h>

#include "bench/about.h"

enum { NAME = 160 };

static paired of_collection(const tuning *t, size_t c)
{
    size_t begin = tuning_begin(t, c), n = t->ends[c] - begin;
    return paired_strata(t->differences + begin, &n, 1, 10000, t->seed);
}

/* The set that a collection's gain is with; of a single collection each fold has its own. */
static const weight_set *set_of(const tuning *t, size_t c)
{
    if (c >= t->train_count) return &t->space.sets[t->best];
    return t->train_count > 1 ? &t->space.sets[t->chosen[c]] : NULL;
}

static double mean_gain(const tuning *t, size_t set)
{
    double sum = 0.0;
    for (size_t c = 0; c < t->train_count; c++)
        sum += tuning_mean(t, set, c) - tuning_mean(t, 0, c);
    return sum / (double)t->train_count;
}

static const char *how(const tuning *t)
{
    if (t->count > t->train_count) return "on the held-out collections";
    return t->train_count > 1 ? "leaving one collection out" : "by cross-validation over queries";
}

static void print_collection(const tuning *t, size_t c)
{
    char name[NAME];
    paired r = of_collection(t, c);
    const weight_set *set = set_of(t, c);
    double before = tuning_mean(t, 0, c);
    snprintf(name, sizeof name, "each fold its own");
    if (set) space_name(name, sizeof name, set);
    printf("  %-12s %5zu  %.4f → %.4f  %+.4f [%+.4f, %+.4f]  %s%s\n", t->collections[c].data.name,
           t->collections[c].count, before, before + r.difference.mean, r.difference.mean,
           r.difference.low, r.difference.high, name, c < t->train_count ? "" : " (held out)");
}

void tuning_print(const tuning *t)
{
    char name[NAME];
    const paired *g = &t->gain;
    printf("%s under %zu sets of weights, vectors: %s\n", metric_names[t->metric], t->space.count,
           t->model);
    puts("  collection queries  default → chosen without it, difference, what was chosen");
    for (size_t c = 0; c < t->count; c++) print_collection(t, c);
    printf("gain %s: %+.4f [%+.4f, %+.4f], p = %.5f (paired randomisation)\n", how(t),
           g->difference.mean, g->difference.low, g->difference.high, g->p);
    space_name(name, sizeof name, &t->space.sets[t->best]);
    printf("best on all of them: %s, %+.4f there, where it was chosen\n", name,
           mean_gain(t, t->best));
    if (t->accepted)
        puts("the interval excludes zero: worth a change");
    else
        puts(!t->best                       ? "keep the default: nothing is better"
             : t->gain.difference.low > 0.0 ? "keep the default: too few queries to tell"
                                            : "keep the default: the interval does not exclude zero");
}

/* ---- JSON ---- */

static json_t *interval_json(interval v)
{
    return json_pack("{s:f, s:f, s:f}", "mean", v.mean, "lo", v.low, "hi", v.high);
}

static json_t *collection_json(const tuning *t, size_t c)
{
    char name[NAME] = "each fold its own";
    paired r = of_collection(t, c);
    json_t *queries = json_object();
    const weight_set *set = set_of(t, c);
    const gathered *g = &t->collections[c];
    double before = tuning_mean(t, 0, c);
    if (set) space_name(name, sizeof name, set);
    for (size_t i = 0; i < g->count; i++)
        json_object_set_new(queries, g->data.queries[g->queries[i]].id,
                            json_real(t->differences[tuning_begin(t, c) + i]));
    return json_pack("{s:s, s:b, s:I, s:f, s:f, s:o, s:I, s:I, s:I, s:s, s:o}", "collection",
                     g->data.name, "held_out", c >= t->train_count, "queries",
                     (json_int_t)g->count, "default", before, "tuned", before + r.difference.mean,
                     "difference", interval_json(r.difference), "wins", (json_int_t)r.wins, "ties",
                     (json_int_t)r.ties, "losses", (json_int_t)r.losses, "weights", name,
                     "per_query", queries);
}

/* The metric along one weight, all others as they are. */
static json_t *curve_json(const tuning *t, const char *weight, size_t c)
{
    json_t *points = json_array();
    for (size_t s = 0; s < t->space.count; s++) {
        const weight_set *set = &t->space.sets[s];
        if (set->curve && strcmp(set->curve, weight) == 0)
            json_array_append_new(points, json_pack("[f, f]", set->x, tuning_mean(t, s, c)));
    }
    return json_pack("{s:s, s:s, s:s, s:f, s:o}", "weight", weight, "collection",
                     t->collections[c].data.name, "metric", metric_names[t->metric], "default",
                     tuning_mean(t, 0, c), "points", points);
}

static json_t *curves_json(const tuning *t)
{
    json_t *curves = json_array();
    for (size_t s = 0; s < t->space.count; s++) {
        const char *weight = t->space.sets[s].curve;
        int first = weight != NULL;
        for (size_t before = 0; before < s && first; before++) {
            const char *other = t->space.sets[before].curve;
            first = !other || strcmp(other, weight) != 0;
        }
        for (size_t c = 0; c < t->count && first; c++)
            json_array_append_new(curves, curve_json(t, weight, c));
    }
    return curves;
}

int tuning_print_json(const tuning *t)
{
    char name[NAME];
    json_t *collections = json_array();
    space_name(name, sizeof name, &t->space.sets[t->best]);
    for (size_t c = 0; c < t->count; c++)
        json_array_append_new(collections, collection_json(t, c));
    return cli_print_json(json_pack(
        "{s:s, s:s, s:s, s:I, s:o, s:o, s:f, s:s, s:s, s:f, s:s, s:o, s:o}", "kind", "tune",
        "metric", metric_names[t->metric], "vectors", t->model, "sets",
        (json_int_t)t->space.count, "collections", collections, "gain",
        interval_json(t->gain.difference), "p", t->gain.p, "how", how(t), "best", name,
        "gain_where_chosen", mean_gain(t, t->best), "decision",
        t->accepted ? "change" : "keep the default", "curves", curves_json(t), "about",
        about_json("tune", (int64_t)t->seed)));
}

/* ---- the weights file ---- */

static void provenance(char *out, size_t size, const tuning *t)
{
    const paired *g = &t->gain;
    json_t *about = about_json("tune", (int64_t)t->seed);
    size_t len = (size_t)snprintf(
        out, size, "Written by plurum-bench tune, version %s, commit %s, %s.\n%s, vectors: %s; tuned on",
        json_string_value(json_object_get(about, "version")),
        json_string_value(json_object_get(about, "commit")),
        json_string_value(json_object_get(about, "time")), metric_names[t->metric], t->model);
    json_decref(about);
    for (size_t c = 0; c < t->count && len < size; c++)
        len += (size_t)snprintf(out + len, size - len, "%s %s (%zu queries)",
                                c == t->train_count ? "; held out" : c ? "," : "",
                                t->collections[c].data.name, t->collections[c].count);
    if (len < size)
        snprintf(out + len, size - len,
                 ".\nGain over the default %s: %+.4f, 95 %% interval %+.4f to %+.4f, p = %.5f.\n"
                 "The best of %zu sets of weights; seed %llu.",
                 how(t), g->difference.mean, g->difference.low, g->difference.high, g->p,
                 t->space.count, (unsigned long long)t->seed);
}

int tuning_write(const tuning *t, const char *path)
{
    char from[4096], *text;
    plurum_weights *weights;
    plurum_error error;
    provenance(from, sizeof from, t);
    if (plurum_weights_new(&weights, &error)) return cli_failed(NULL, &error);
    space_apply(weights, &t->space.sets[t->best]);
    plurum_status status = plurum_weights_print_changed(&text, weights, from, &error);
    plurum_weights_free(weights);
    if (status) return cli_failed(NULL, &error);
    FILE *file = path ? fopen(path, "w") : stdout;
    int failed = !file || fputs(text, file) < 0;
    if (path && file && fclose(file)) failed = 1;
    plurum_text_free(text);
    return failed ? cli_error(EXIT_STORAGE, "%s: %s", path ? path : "standard output", strerror(errno))
                  : 0;
}
