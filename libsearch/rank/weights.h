/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The weights as the library uses them: by number. The table in weights.c describes each.
 */
#ifndef PLI_RANK_WEIGHTS_H
#define PLI_RANK_WEIGHTS_H

#include <plurum/weights.h>

typedef enum pli_weight {
    PLI_W_FUSION = 0,
    PLI_W_ALPHA,
    PLI_W_LEAN,
    PLI_W_FEEDBACK_LEAN,
    PLI_W_RRF_K,
    PLI_W_RRF_TEXT,
    PLI_W_RRF_VECTOR,
    PLI_W_TOOLS,
    PLI_W_FLOOR,
    PLI_W_EXPLORE,
    PLI_W_GATE,
    PLI_W_ENVIRONMENT,
    PLI_W_TOLD,
    PLI_W_ALIKE,
    PLI_W_PREVALENCE,
    PLI_W_ABSTAIN,
    PLI_W_CANDIDATES,
    PLI_W_EF,
    PLI_W_K1,
    PLI_W_B,
    PLI_W_TITLE,
    PLI_W_BODY,
    PLI_W_LABELS,
    PLI_W_CODE,
    PLI_W_FUNCTION_WORDS,
    PLI_WEIGHT_COUNT
} pli_weight;

struct plurum_weights {
    double value[PLI_WEIGHT_COUNT];
};

/* Sets all to their initial values. */
void pli_weights_init(plurum_weights *weights);

/* Whether a weight takes whole numbers only: choices, and counts of documents. */
int pli_weight_is_whole(size_t i);

/* A number as a weights file writes it; "model" is NAN. 0, or -1. */
int pli_weights_number(double *value, const char *text);

#endif
