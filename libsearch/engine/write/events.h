/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The events of an imported line, read.
 */
#ifndef PLI_ENGINE_WRITE_EVENTS_H
#define PLI_ENGINE_WRITE_EVENTS_H

#include <jansson.h>

#include "store/rows.h"

enum { PLI_COUNTED_UNSAID = 2 }; /* pli_report_row.counted: all but the author's own count */

typedef struct pli_event {
    int vote;
    pli_report_row row; /* points into the JSON; seq 0: to be numbered */
    unsigned char *code; /* of the query's vector, as pli_alike_adopt takes it, or NULL; the caller's */
    size_t code_dim;
} pli_event;

/* Reads one event; what its row points to is kept alive by the object, which may be changed for that.
 * `i` is for the text of a refusal: INVALID. */
plurum_status pli_event_read(pli_event *out, json_t *object, size_t i, plurum_error *error);

/* A time as text or Unix seconds: 0, or -1. */
int pli_json_time(int64_t *out, const json_t *value);

#endif
