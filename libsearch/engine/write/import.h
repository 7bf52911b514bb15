/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a line of an export has beside a document: its reports, and when it was last changed.
 */
#ifndef PLI_ENGINE_WRITE_IMPORT_H
#define PLI_ENGINE_WRITE_IMPORT_H

#include "engine/write/change.h"

typedef struct pli_import pli_import;

void pli_import_free(pli_import *import); /* NULL is fine */

/* When the document was last changed; UNSET where the line does not say. */
int64_t pli_import_updated_at(const pli_import *import);
/* The number of its last report; 0: they are to be numbered. */
uint64_t pli_import_last_seq(const pli_import *import);

/* The internal id that it had; 0: not said. */
uint32_t pli_import_number(const pli_import *import);

/* Of the ith report its row and the memory that is kept for its query's code; 0: there is none. */
int pli_import_query(pli_report_row **row, unsigned char ***code, pli_import *import, size_t i);

/* Stores the reports of a new document and folds them into its trust. INVALID names the event. */
plurum_status pli_import_reports(plurum_trust_state *trust, const pli_import *import,
                                 const plurum_index *index, pli_txn *txn, uint32_t id,
                                 pli_slice owner, int64_t now, plurum_error *error);

#endif
