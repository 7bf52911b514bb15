/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A header's folded names in the form that the text index takes.
 */
#ifndef PLI_ENGINE_VIEW_LABELS_H
#define PLI_ENGINE_VIEW_LABELS_H

#include "store/rows.h"
#include "text/postings.h"

typedef struct pli_row_labels {
    pli_labels labels;
    const char **names; /* of tools, then tags; they point into the row */
    char *domain;
} pli_row_labels;

/* The row's memory must outlive *out, which is freed with pli_row_labels_free either way. */
plurum_status pli_row_labels_of(pli_row_labels *out, const pli_doc_row *row,
                                plurum_error *error);
void pli_row_labels_free(pli_row_labels *labels);

#endif
