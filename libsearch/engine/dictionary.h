/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When the store gets a compression dictionary, and what it is trained on.
 */
#ifndef PLI_ENGINE_DICTIONARY_H
#define PLI_ENGINE_DICTIONARY_H

#include "engine/engine.h"

/* Trains the first dictionary once there are enough public documents. */
plurum_status pli_dictionary_consider(plurum_index *index, plurum_error *error);

#endif
