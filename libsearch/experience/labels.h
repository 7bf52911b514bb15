/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Labels: the names of domains, tools and tags, which compare after folding.
 */
#ifndef PLI_EXPERIENCE_LABELS_H
#define PLI_EXPERIENCE_LABELS_H

#include <stddef.h>

#include <jansson.h>

/* Moves both ends of a text past surrounding white space, Unicode's included. */
void pli_trim(const char **text, size_t *len);

/* Whether a text is white space only. */
int pli_blank(const char *text, size_t len);

/* Whether something of a trimmed label remains after folding; -1: memory is short. */
int pli_label_shows(const char *text, size_t len);

/* The trimmed string itself, or a new one. The reference is the caller's. NULL: memory is short. */
json_t *pli_label_tidy(json_t *label);

/*
 * A checked list with every label trimmed, and only the first of those that fold alike. The
 * reference is the caller's. NULL: memory is short.
 */
json_t *pli_labels_tidy(json_t *list);

#endif
