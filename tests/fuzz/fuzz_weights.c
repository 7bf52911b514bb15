/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as a weights file: it is taken whole, and then what is printed reads back as the same,
 * with every weight in its range; or it is refused with a line and a text, and nothing has changed.
 */
#include <config.h>

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <plurum/weights.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds) abort();
}

static char *print(const plurum_weights *weights)
{
    char *text;
    require(plurum_weights_print(&text, weights, NULL) == PLURUM_OK);
    return text;
}

static void check_ranges(const plurum_weights *weights)
{
    for (size_t i = 0; i < plurum_weight_count(); i++) {
        const plurum_weight_info *info = plurum_weight_info_at(i);
        double value;
        require(plurum_weights_get(weights, info->name, &value, NULL) == PLURUM_OK);
        require((value >= info->min && value <= info->max) ||
                (isnan(value) && isnan(info->initial)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    plurum_weights *weights, *again;
    plurum_error error;
    require(plurum_weights_new(&weights, NULL) == PLURUM_OK);
    char *before = print(weights);
    plurum_status status = plurum_weights_parse(weights, (const char *)data, size, &error);
    char *after = print(weights);
    if (status) {
        require(error.status == status && error.text[0] && error.position > 0);
        require(error.position <= size + 1);
        require(strcmp(before, after) == 0);
    } else {
        check_ranges(weights);
        require(plurum_weights_new(&again, NULL) == PLURUM_OK);
        require(plurum_weights_parse(again, after, strlen(after), NULL) == PLURUM_OK);
        char *twice = print(again);
        require(strcmp(after, twice) == 0);
        plurum_text_free(twice);
        plurum_weights_free(again);
    }
    plurum_text_free(before);
    plurum_text_free(after);
    plurum_weights_free(weights);
    return 0;
}
