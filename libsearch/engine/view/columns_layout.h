/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sections of a checkpoint of the columns: shared by writer and reader.
 */
#ifndef PLI_ENGINE_VIEW_COLUMNS_LAYOUT_H
#define PLI_ENGINE_VIEW_COLUMNS_LAYOUT_H

#include "engine/view/columns_file.h"

enum {
    PLI_COLUMNS_FACTS = 0,     /* numbers of the whole, below                         */
    PLI_COLUMNS_FIXED,         /* pli_fixed by id                                     */
    PLI_COLUMNS_MEMBERS,       /* u32                                                 */
    PLI_COLUMNS_ROWS,          /* pli_variable by id, whole chunks                    */
    PLI_COLUMNS_NAME_OFFSETS,  /* u64, one more than names                            */
    PLI_COLUMNS_NAMES,         /* their bytes, end to end                             */
    PLI_COLUMNS_AGENT_OFFSETS,
    PLI_COLUMNS_AGENTS,
    PLI_COLUMNS_SECTIONS
};

/* Rows are written as they lie in memory. */
_Static_assert(sizeof(plurum_trust_state) == 56, "the size of a row is part of the format");
_Static_assert(sizeof(pli_variable) == 64 && sizeof(pli_fixed) == 56, "likewise");

/* The facts, as they lie in memory. */
typedef struct pli_columns_facts {
    uint32_t bound, live;
    uint64_t live_length[PLURUM_TEXT_FIELD_COUNT];
    pli_signal signal;
    pli_background background;
    uint32_t zero;
} pli_columns_facts;
_Static_assert(sizeof(pli_columns_facts) == 8 + 32 + 8 * (2 + 57) + 4 * (1 + 512) + 4, "no gaps");

#endif
