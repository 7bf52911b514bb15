/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ids, and as many rows of numbers.
 */
#include <config.h>

#include "engine/view/vectors_file.h"

#include "base/error.h"

enum { FACTS = 0, IDS, ROWS, SECTIONS };

const pli_sections_kind pli_vectors_kind = {"plurumvs", 1, SECTIONS, {"facts", "ids", "rows"}};

plurum_status pli_vectors_file_write(const char *path, const pli_flat *vectors, uint32_t dim,
                                     const uint32_t *ids, uint32_t count, uint64_t owner,
                                     uint64_t seq, plurum_error *error)
{
    pli_sections_maker m;
    const uint32_t facts[] = {dim, count};
    plurum_status status = pli_sections_begin(&m, &pli_vectors_kind, path, error);
    if (!status) {
        pli_output_add(&m.output, facts, sizeof facts);
        pli_sections_end(&m);
        pli_output_add(&m.output, ids, count * sizeof *ids);
        pli_sections_end(&m);
        for (uint32_t i = 0; i < count; i++)
            pli_output_add(&m.output, pli_flat_vector(vectors, ids[i]), dim * sizeof(float));
        pli_sections_end(&m);
        status = pli_sections_finish(&m, owner, seq, path, error);
    }
    pli_sections_free(&m);
    return status;
}

plurum_status pli_vectors_file_read(pli_vectors_file *out, const pli_sections *file, uint32_t dim,
                                    const char *path, plurum_error *error)
{
    const uint32_t *facts = (const void *)file->at[FACTS];
    if (file->bytes[FACTS] != 2 * sizeof *facts || facts[0] != dim ||
        file->bytes[IDS] != (uint64_t)facts[1] * sizeof *out->ids ||
        file->bytes[ROWS] != (uint64_t)facts[1] * dim * sizeof *out->rows)
        return pli_fail(error, PLURUM_CORRUPT, "%s: facts: they are of another file", path);
    out->count = facts[1];
    out->ids = (const void *)file->at[IDS];
    out->rows = (const void *)file->at[ROWS];
    for (uint32_t i = 0; i < out->count; i++)
        if (out->ids[i] == 0 || (i && out->ids[i] <= out->ids[i - 1]))
            return pli_fail(error, PLURUM_CORRUPT, "%s: ids: damaged at %lu", path, (unsigned long)i);
    return PLURUM_OK;
}
