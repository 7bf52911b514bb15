/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of ranking weights, and the parsing and checking of their text form (weights_file.c
 * reads and prints it). A new weight is one row here and one constant in weights.h.
 */
#include <config.h>

#include "rank/weights.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/alloc.h"
#include "base/error.h"
#include "rank/fuse.h"

static const plurum_weight_info TABLE[PLI_WEIGHT_COUNT] = {
    [PLI_W_FUSION] = {"fusion", "choice", "how the two legs' scores become one relevance",
                      PLI_FUSION_COUNT - 1, 0, PLI_FUSION_COUNT - 1, pli_fusion_names},
    [PLI_W_ALPHA] = {"alpha", "1", "weight of the vector leg where it is fixed; unset: the model's own",
                     NAN, 0, 1, NULL},
    [PLI_W_LEAN] = {"lean", "log-odds",
                    "adaptive: towards the vector leg before feedback; unset: the model's own", NAN,
                    -10, 10, NULL},
    [PLI_W_FEEDBACK_LEAN] = {"feedback_lean", "log-odds",
                             "adaptive: towards the vector leg after feedback; unset: the model's own",
                             NAN, -10, 10, NULL},
    [PLI_W_RRF_K] = {"rrf_k", "rank", "rank constant of reciprocal rank fusion", 60, 0, 1000,
                     NULL},
    [PLI_W_RRF_TEXT] = {"rrf_text", "1", "weight of the text leg in rrf", 1, 0, 100, NULL},
    [PLI_W_RRF_VECTOR] = {"rrf_vector", "1", "weight of the vector leg in rrf", 1, 0, 100, NULL},
    [PLI_W_TOOLS] = {"tools", "1", "weight of the share of the asked tools that are used", 0.2, 0,
                     10, NULL},
    [PLI_W_FLOOR] = {"floor", "1", "a: trust lifts a result by 1/a at most over another",
                     0.2, 0, 1, NULL},
    [PLI_W_EXPLORE] = {"explore", "standard deviations", "e: added to trust for the unproven", 0,
                       0, 10, NULL},
    [PLI_W_GATE] = {"gate", "1", "how far trust is held back where reports look like noise; 0: never",
                    1, 0, 1, NULL},
    [PLI_W_ENVIRONMENT] = {"environment", "reports",
                           "what the trust of all counts against reports from the asked environment", 8,
                           0.1, 1e6, NULL},
    [PLI_W_TOLD] = {"told", "1", "how much reports that say what was asked count where something else is",
                    0.25, 0, 1, NULL},
    [PLI_W_ALIKE] = {"alike", "reports",
                     "what trust counts against reports for queries like the asked one; 1e6: what was "
                     "asked is not looked at", 1.25, 0.1, 1e6, NULL},
    [PLI_W_PREVALENCE] = {"prevalence", "log-odds", "added to how likely a hit is to be relevant; eval says how much",
                          0, -10, 10, NULL},
    [PLI_W_ABSTAIN] = {"abstain", "1", "say that nothing answers where no hit is as likely relevant; 0: never",
                       0.25, 0, 1, NULL},
    [PLI_W_CANDIDATES] = {"candidates", "documents", "K: candidates of each leg", 100, 1,
                          PLURUM_LIMIT_MAX, NULL},
    [PLI_W_EF] = {"ef", "documents", "what a graph's search keeps, at least K: more finds more, slower",
                  160, 1, PLURUM_LIMIT_MAX, NULL},
    [PLI_W_K1] = {"bm25_k1", "1", "saturation of term frequency", 1.2, 0, 10, NULL},
    [PLI_W_B] = {"bm25_b", "1", "how much a document's length counts", 0.75, 0, 1, NULL},
    [PLI_W_TITLE] = {"field_title", "1", "weight of an occurrence in the title or goal", 1, 0, 100,
                     NULL},
    [PLI_W_BODY] = {"field_body", "1", "weight of an occurrence in the body", 1, 0, 100, NULL},
    [PLI_W_LABELS] = {"field_labels", "1", "weight of an occurrence in domain, tools and tags", 1,
                      0, 100, NULL},
    [PLI_W_CODE] = {"field_code", "1", "weight of an occurrence in artifacts", 1, 0, 100, NULL},
    [PLI_W_FUNCTION_WORDS] = {"bm25_function_words", "1",
                              "weight of a query's function words (what, how, I …) beside others", 0, 0,
                              1, NULL},
};

size_t plurum_weight_count(void)
{
    return PLI_WEIGHT_COUNT;
}

const plurum_weight_info *plurum_weight_info_at(size_t i)
{
    return i < PLI_WEIGHT_COUNT ? &TABLE[i] : NULL;
}

void pli_weights_init(plurum_weights *weights)
{
    for (size_t i = 0; i < PLI_WEIGHT_COUNT; i++) weights->value[i] = TABLE[i].initial;
}

plurum_status plurum_weights_new(plurum_weights **out, plurum_error *error)
{
    *out = pli_malloc(sizeof **out);
    if (!*out) return pli_nomem(error);
    pli_weights_init(*out);
    return PLURUM_OK;
}

void plurum_weights_free(plurum_weights *weights)
{
    pli_free(weights);
}

static plurum_status find(size_t *i, const char *name, size_t len, plurum_error *error)
{
    for (*i = 0; *i < PLI_WEIGHT_COUNT; ++*i)
        if (strlen(TABLE[*i].name) == len && memcmp(TABLE[*i].name, name, len) == 0)
            return PLURUM_OK;
    char quoted[PLI_QUOTE_SIZE];
    return pli_fail(error, PLURUM_NOTFOUND, "%s is no ranking weight",
                    pli_quote(quoted, name, len));
}

plurum_status plurum_weights_get(const plurum_weights *weights, const char *name, double *value,
                                 plurum_error *error)
{
    size_t i;
    plurum_status status = find(&i, name, strlen(name), error);
    if (!status) *value = weights->value[i];
    return status;
}

int pli_weight_is_whole(size_t i)
{
    return TABLE[i].choices != NULL || i == PLI_W_CANDIDATES || i == PLI_W_EF;
}

static plurum_status set(plurum_weights *weights, size_t i, double value, plurum_error *error)
{
    const plurum_weight_info *info = &TABLE[i];
    int unset = isnan(value) && isnan(info->initial);
    if (!unset && !(value >= info->min && value <= info->max))
        return pli_fail(error, PLURUM_INVALID, "%s: %g, allowed are %g to %g", info->name, value,
                        info->min, info->max);
    if (pli_weight_is_whole(i) && value != floor(value))
        return pli_fail(error, PLURUM_INVALID, "%s: %g, a whole number expected", info->name,
                        value);
    weights->value[i] = value;
    return PLURUM_OK;
}

plurum_status plurum_weights_set(plurum_weights *weights, const char *name, double value,
                                 plurum_error *error)
{
    size_t i;
    plurum_status status = find(&i, name, strlen(name), error);
    return status ? status : set(weights, i, value, error);
}

/* A number as a weights file writes it, whatever the process's locale says of decimal points. */
int pli_weights_number(double *value, const char *text)
{
    if (strcmp(text, "model") == 0) {
        *value = NAN;
        return 0;
    }
    json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);
    int sound = json_is_number(json);
    if (sound) *value = json_number_value(json);
    json_decref(json);
    return sound ? 0 : -1;
}

static plurum_status set_text(plurum_weights *weights, size_t i, const char *text,
                              plurum_error *error)
{
    const char *const *choices = TABLE[i].choices;
    for (size_t c = 0; choices && choices[c]; c++)
        if (strcmp(choices[c], text) == 0) return set(weights, i, (double)c, error);
    double value;
    if (!choices && pli_weights_number(&value, text) == 0) return set(weights, i, value, error);
    char quoted[PLI_QUOTE_SIZE], words[96] = "a number";
    for (size_t c = 0, len = 0; choices && choices[c] && len < sizeof words; c++) {
        const char *separator = c == 0 ? "" : choices[c + 1] ? ", " : " or ";
        len += (size_t)snprintf(words + len, sizeof words - len, "%s%s", separator, choices[c]);
    }
    return pli_fail(error, PLURUM_INVALID, "%s: %s, %s expected", TABLE[i].name,
                    pli_quote(quoted, text, strlen(text)), words);
}

plurum_status plurum_weights_set_text(plurum_weights *weights, const char *name, const char *value,
                                      plurum_error *error)
{
    size_t i;
    plurum_status status = find(&i, name, strlen(name), error);
    return status ? status : set_text(weights, i, value, error);
}

static void trim(const char **at, const char **end)
{
    while (*at < *end && (**at == ' ' || **at == '\t')) ++*at;
    while (*at < *end && ((*end)[-1] == ' ' || (*end)[-1] == '\t' || (*end)[-1] == '\r')) --*end;
}

static plurum_status parse_line(plurum_weights *weights, const char *at, const char *end,
                                plurum_error *error)
{
    const char *comment = memchr(at, '#', (size_t)(end - at));
    if (comment) end = comment;
    trim(&at, &end);
    if (at == end) return PLURUM_OK;
    char quoted[PLI_QUOTE_SIZE], text[64];
    const char *equals = memchr(at, '=', (size_t)(end - at));
    if (!equals)
        return pli_fail(error, PLURUM_INVALID, "%s: \"name = value\" expected",
                        pli_quote(quoted, at, (size_t)(end - at)));
    const char *name_end = equals, *value = equals + 1;
    trim(&at, &name_end);
    trim(&value, &end);
    size_t i, len = (size_t)(end - value);
    plurum_status status = find(&i, at, (size_t)(name_end - at), error);
    if (status) return status;
    if (len >= sizeof text || memchr(value, '\0', len))
        return pli_fail(error, PLURUM_INVALID, "%s: %s is no value", TABLE[i].name,
                        pli_quote(quoted, value, len));
    memcpy(text, value, len);
    text[len] = '\0';
    return set_text(weights, i, text, error);
}

plurum_status plurum_weights_parse(plurum_weights *weights, const char *text, size_t text_len,
                                   plurum_error *error)
{
    static const char MARK[] = "\xEF\xBB\xBF"; /* that some editors begin a file of UTF-8 with */
    plurum_weights changed = *weights;
    const char *at = text, *end = text + text_len;
    if (text_len >= sizeof MARK - 1 && memcmp(text, MARK, sizeof MARK - 1) == 0) at += sizeof MARK - 1;
    for (uint64_t line = 1; at < end; line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        if (!stop) stop = end;
        plurum_status status = parse_line(&changed, at, stop, error);
        if (status) {
            if (error) error->position = line;
            return status;
        }
        at = stop < end ? stop + 1 : end;
    }
    *weights = changed;
    return PLURUM_OK;
}
