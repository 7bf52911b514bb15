/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What tuning tries: sets of weights, each as what it changes of the default.
 */
#ifndef BENCH_SPACE_H
#define BENCH_SPACE_H

#include <stddef.h>

#include <plurum/weights.h>

typedef struct weight_change {
    const char *name;
    double value;
} weight_change;

#define CHANGES_MAX 4

typedef struct weight_set {
    weight_change changes[CHANGES_MAX];
    size_t count;
    size_t text;       /* which text settings it needs: 0 is the default */
    const char *curve; /* the change that is one of a row of values, or NULL */
    double x;
} weight_set;

typedef struct weight_space {
    weight_set *sets; /* the first is the default: no change */
    size_t count, cap;
    size_t text_count; /* text settings 0 .. text_count-1 */
} weight_space;

/*
 * The default; every fusion method on a grid of its weights; and, with text, settings of the text
 * leg (of labels and code only for experiences), each with a few fusions. 0, or the exit code.
 */
int space_make(weight_space *out, int text, int experiences);
void space_free(weight_space *space);

/* Sets what a set changes. */
void space_apply(plurum_weights *weights, const weight_set *set);
/* "fusion=minmax alpha=0.35", or "the default". */
void space_name(char *out, size_t size, const weight_set *set);

#endif
