/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Grids. They are plain on purpose: what was tried can be listed, and every curve in a report is a
 * row of one of them.
 */
#include <config.h>

#include "bench/space.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/grow.h"
#include "tools/cli.h"

/* The number of a fusion method. */
static double method(const char *name)
{
    for (size_t i = 0; i < plurum_weight_count(); i++) {
        const plurum_weight_info *info = plurum_weight_info_at(i);
        for (size_t c = 0; strcmp(info->name, "fusion") == 0 && info->choices[c]; c++)
            if (strcmp(info->choices[c], name) == 0) return (double)c;
    }
    return 0.0;
}

static weight_set set_of(const weight_change *changes, size_t count)
{
    weight_set set = {.count = count};
    if (count) memcpy(set.changes, changes, count * sizeof *changes);
    return set;
}

static int add(weight_space *space, weight_set set)
{
    int code = grow(&space->sets, &space->cap, space->count, sizeof *space->sets);
    if (!code) space->sets[space->count++] = set;
    return code;
}

/* A method with a fixed weight of the vector leg. */
static int add_alphas(weight_space *space, const char *name, int steps)
{
    int code = 0;
    for (int i = 0; i <= steps && !code; i++) {
        double alpha = (double)i / steps;
        const weight_change changes[] = {{"fusion", method(name)}, {"alpha", alpha}};
        weight_set set = set_of(changes, 2);
        set.curve = strcmp(name, "minmax") == 0 ? "alpha" : NULL;
        set.x = alpha;
        code = add(space, set);
    }
    return code;
}

static int add_rrf(weight_space *space)
{
    static const double K[] = {1, 3, 5, 10, 20, 40, 60, 100}, VECTOR[] = {.25, .5, .75, 1, 1.5, 2, 4};
    int code = 0;
    for (size_t k = 0; k < sizeof K / sizeof *K; k++)
        for (size_t v = 0; v < sizeof VECTOR / sizeof *VECTOR && !code; v++) {
            const weight_change changes[] = {
                {"fusion", method("rrf")}, {"rrf_k", K[k]}, {"rrf_vector", VECTOR[v]}};
            weight_set set = set_of(changes, 3);
            set.curve = VECTOR[v] == 1 ? "rrf_k" : NULL;
            set.x = K[k];
            code = add(space, set);
        }
    return code;
}

/* Each lean alone, in steps of 1/4, and both together in steps of 1/2. */
static int add_leans(weight_space *space)
{
    static const char *const NAMES[] = {"lean", "feedback_lean"};
    const double adaptive = method("adaptive");
    int code = 0;
    for (int n = 0; n < 2; n++)
        for (int i = -16; i <= 16 && !code; i++) {
            const weight_change changes[] = {{"fusion", adaptive}, {NAMES[n], i / 4.0}};
            weight_set set = set_of(changes, 2);
            set.curve = NAMES[n];
            set.x = i / 4.0;
            code = add(space, set);
        }
    for (int i = -6; i <= 6; i++)
        for (int j = -6; j <= 6 && !code; j++) {
            const weight_change changes[] = {
                {"fusion", adaptive}, {"lean", i / 2.0}, {"feedback_lean", j / 2.0}};
            code = add(space, set_of(changes, 3));
        }
    return code;
}

/* One setting of the text leg with a few fusions. */
static int add_text(weight_space *space, const char *name, double value)
{
    static const double ALPHAS[] = {.2, .35, .5, .65};
    const weight_change text = {name, value};
    int code = 0;
    for (size_t f = 0; f <= sizeof ALPHAS / sizeof *ALPHAS && !code; f++) {
        weight_set set = set_of(&text, 1);
        set.text = space->text_count;
        if (f) {
            set.changes[set.count++] = (weight_change){"fusion", method("minmax")};
            set.changes[set.count++] = (weight_change){"alpha", ALPHAS[f - 1]};
        } else {
            set.curve = name;
            set.x = value;
        }
        code = add(space, set);
    }
    space->text_count++;
    return code;
}

static int add_texts(weight_space *space, int experiences)
{
    static const weight_change ALWAYS[] = {
        {"bm25_k1", .6},     {"bm25_k1", .9},    {"bm25_k1", 1.6},  {"bm25_k1", 2},
        {"bm25_b", .3},      {"bm25_b", .5},     {"bm25_b", .9},    {"field_title", .5},
        {"field_title", 1.5}, {"field_title", 2}, {"field_title", 3}};
    static const weight_change OF_EXPERIENCES[] = {
        {"field_labels", .5}, {"field_labels", 2}, {"field_code", .5}, {"field_code", 2}};
    int code = 0;
    for (size_t i = 0; i < sizeof ALWAYS / sizeof *ALWAYS && !code; i++)
        code = add_text(space, ALWAYS[i].name, ALWAYS[i].value);
    for (size_t i = 0; i < sizeof OF_EXPERIENCES / sizeof *ALWAYS && !code && experiences; i++)
        code = add_text(space, OF_EXPERIENCES[i].name, OF_EXPERIENCES[i].value);
    return code;
}

int space_make(weight_space *space, int text, int experiences)
{
    static const char *const OTHERS[] = {"tmm", "dbsf", "z-score", "log-odds"};
    memset(space, 0, sizeof *space);
    space->text_count = 1;
    int code = add(space, set_of(NULL, 0));
    if (!code) code = add_alphas(space, "minmax", 50);
    for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS && !code; i++)
        code = add_alphas(space, OTHERS[i], 20);
    if (!code) code = add_rrf(space);
    if (!code) code = add_leans(space);
    if (!code && text) code = add_texts(space, experiences);
    return code;
}

void space_free(weight_space *space)
{
    free(space->sets);
    memset(space, 0, sizeof *space);
}

void space_apply(plurum_weights *weights, const weight_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        plurum_weights_set(weights, set->changes[i].name, set->changes[i].value, NULL);
}

void space_name(char *out, size_t size, const weight_set *set)
{
    size_t len = 0;
    snprintf(out, size, "the default");
    for (size_t i = 0; i < set->count && len < size; i++) {
        const weight_change *change = &set->changes[i];
        const char *word = NULL;
        for (size_t w = 0; w < plurum_weight_count(); w++) {
            const plurum_weight_info *info = plurum_weight_info_at(w);
            if (strcmp(info->name, change->name) == 0 && info->choices)
                word = info->choices[(size_t)change->value];
        }
        len += word ? (size_t)snprintf(out + len, size - len, "%s%s=%s", i ? " " : "",
                                       change->name, word)
                    : (size_t)snprintf(out + len, size - len, "%s%s=%g", i ? " " : "",
                                       change->name, change->value);
    }
}
