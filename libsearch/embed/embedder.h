/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the engine asks of an embedder beside plurum/embed.h.
 */
#ifndef PLI_EMBED_EMBEDDER_H
#define PLI_EMBED_EMBEDDER_H

#include <plurum/embed.h>

/* Texts that it is best given at once, at most PLURUM_EMBED_BATCH_MAX. */
size_t pli_embedder_batch(const plurum_embedder *embedder);

#endif
