/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The normal form of checked content, as a JSON tree.
 */
#ifndef PLI_EXPERIENCE_NORMAL_H
#define PLI_EXPERIENCE_NORMAL_H

#include <jansson.h>

#include "experience/fields.h"

/*
 * The normal form of content that pli_check accepted; texts are shared with it, not copied. The
 * reference is the caller's. NULL: memory is short.
 */
json_t *pli_normal(const pli_table *table, json_t *content);

#endif
