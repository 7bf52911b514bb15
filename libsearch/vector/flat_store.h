/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the vectors lie in memory: shared by flat.c, which fills them, and scan.c, which reads them.
 */
#ifndef PLI_VECTOR_FLAT_STORE_H
#define PLI_VECTOR_FLAT_STORE_H

#include <stdatomic.h>

#include "base/stable.h"
#include "vector/flat.h"

enum { PLI_FLAT_NONE = 0, PLI_FLAT_OWN, PLI_FLAT_LENT };

struct pli_flat {
    uint32_t dim;
    pli_stable rows;         /* dim floats an id; only blocks that hold a vector exist */
    pli_stable lent;         /* an address an id; likewise                             */
    pli_stable flags;        /* a byte an id: in which of the two its row is           */
    _Atomic uint32_t end;    /* one more than the highest id set                       */
    atomic_size_t memory;    /* bytes held                                             */
};

/* No id at or above it has a vector, and every flag below it may be read. */
static inline uint32_t pli_flat_end(const pli_flat *flat)
{
    return atomic_load_explicit(&flat->end, memory_order_acquire);
}

/* The vector of an id that has one. */
static inline const float *pli_flat_row(const pli_flat *flat, uint32_t id)
{
    if (*(const unsigned char *)pli_stable_at(&flat->flags, id) == PLI_FLAT_OWN)
        return pli_stable_at(&flat->rows, id);
    return *(const float *const *)pli_stable_at(&flat->lent, id);
}

#endif
