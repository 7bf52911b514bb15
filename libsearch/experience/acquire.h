/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An experience in one of the forms in which agents acquire it.
 */
#ifndef PLI_EXPERIENCE_ACQUIRE_H
#define PLI_EXPERIENCE_ACQUIRE_H

#include <jansson.h>

#include <plurum/read.h>

/*
 * {"experience_id", "short_id", "mode", "content"} of a detail object, which `full` shares. The
 * reference is the caller's. NULL: memory is short.
 */
json_t *pli_acquire(json_t *detail, plurum_acquire_mode mode);

/* One paragraph: what it is for, how far it is to be trusted, what helps, what does not. */
json_t *pli_summary(const json_t *detail);

#endif
