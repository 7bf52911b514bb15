/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A text index made from nothing beside the one in use, then put in its place.
 */
#ifndef PLI_ENGINE_JOBS_TEXT_ANEW_H
#define PLI_ENGINE_JOBS_TEXT_ANEW_H

#include "engine/engine.h"
#include "engine/job.h"

/* Of a handle that is this job's alone and applies by hand. */
plurum_status pli_text_anew(plurum_index *index, pli_job *job, plurum_error *error);

#endif
