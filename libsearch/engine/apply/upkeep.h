/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Upkeep: what keeps a store that is written for years from growing without use. Done by whoever
 * applies, after each application.
 */
#ifndef PLI_ENGINE_APPLY_UPKEEP_H
#define PLI_ENGINE_APPLY_UPKEEP_H

#include "engine/engine.h"

enum {
    /*
     * Events that the log keeps, about 4 MB. A reader that is further behind reads the whole store
     * instead, which for most indexes costs less than following so many events one by one.
     */
    PLI_LOG_KEPT = 100000,
    /* Events more than that before some are dropped, since each time costs a wait for the disk; and
     * how many are dropped at once, so that commits wait for milliseconds. */
    PLI_LOG_STEP = 10000
};

/* Shortens the log, and frees the reader slots of processes that were killed: while one is taken,
 * no page that it might have seen is used again. */
plurum_status pli_upkeep(plurum_index *index, plurum_error *error);

#endif
