/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ranking weights: every number that shapes an order, by name, with its unit and range.
 *
 * Weights are data. A researcher lists them (plurum_weight_info_at), changes them by name, and keeps
 * them in a plain text file that engine, tool and bench read alike:
 *
 *     # weight of the vector leg where it is fixed; unset: the model's own [1]: 0 to 1; default model
 *     alpha = 0.4
 *
 * A value out of range is an error, never clamped.
 */
#ifndef PLURUM_WEIGHTS_H
#define PLURUM_WEIGHTS_H

#include <plurum/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A value for every weight. */
typedef struct plurum_weights plurum_weights;

/* What a weight is. */
typedef struct plurum_weight_info {
    const char *name;           /* as in a weights file                                            */
    const char *unit;           /* as "1", "rank", "documents"; "choice" for a word                */
    const char *meaning;        /* one line                                                        */
    double initial, min, max;   /* both bounds are allowed values; NAN as initial = the model's    */
    const char *const *choices; /* NULL, or NULL-terminated words for the values 0, 1, …           */
} plurum_weight_info;

/*
 * How many weights there are, and the description of one (0 ≤ i < count; NULL beyond).
 * Ownership: borrowed for ever. Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API size_t plurum_weight_count(void);
PLURUM_API const plurum_weight_info *plurum_weight_info_at(size_t i);

/*
 * New weights with their initial values. Ownership: *out is owned.
 * Threads: any. Errors: NOMEM. Since 0.1.
 */
PLURUM_API plurum_status plurum_weights_new(plurum_weights **out, plurum_error *error);

/* Frees weights; NULL is fine. Threads: one per handle. Errors: none. Since 0.1. */
PLURUM_API void plurum_weights_free(plurum_weights *weights);

/*
 * Reads or changes one weight by name. name: as plurum_weight_info.name. value: in the weight's
 * unit and range; as a text a number or, where the weight has choices, one of its words. Nothing
 * changes on failure.
 * Threads: one per handle. Errors: NOTFOUND (unknown name), INVALID (out of range). Since 0.1.
 */
PLURUM_API plurum_status plurum_weights_get(const plurum_weights *weights, const char *name,
                                            double *value, plurum_error *error);
PLURUM_API plurum_status plurum_weights_set(plurum_weights *weights, const char *name,
                                            double value, plurum_error *error);
PLURUM_API plurum_status plurum_weights_set_text(plurum_weights *weights, const char *name,
                                                 const char *value, plurum_error *error);

/*
 * Applies a weights file's text. text: text_len bytes of "name = value" lines. All or nothing;
 * error->position is the line, counted from 1.
 * Threads: one per handle. Errors: INVALID, NOTFOUND, NOMEM. Since 0.1.
 */
PLURUM_API plurum_status plurum_weights_parse(plurum_weights *weights, const char *text,
                                              size_t text_len, plurum_error *error);

/*
 * Applies a weights file, as plurum_weights_parse its text. path: of the file, which the error's text
 * does not name. Threads: one per handle. Errors: NOTFOUND and IO (error->position is 0), LIMIT
 * (64 KiB or more), and as there. Since 0.1.
 */
PLURUM_API plurum_status plurum_weights_read(plurum_weights *weights, const char *path,
                                             plurum_error *error);

/*
 * The weights as a file's text: all, or those that differ from their initial values, each with its
 * meaning, unit, range and default as a comment. provenance: lines that say where the values are
 * from (how chosen, on what, with which gain), which go before them as a comment; NULL is fine.
 * Ownership: *out is owned, free it with plurum_text_free. Threads: any. Errors: NOMEM. Since 0.1.
 */
PLURUM_API plurum_status plurum_weights_print(char **out, const plurum_weights *weights,
                                              plurum_error *error);
PLURUM_API plurum_status plurum_weights_print_changed(char **out, const plurum_weights *weights,
                                                      const char *provenance,
                                                      plurum_error *error);

#ifdef __cplusplus
}
#endif

#endif
