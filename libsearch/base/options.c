/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one rule by which options structs of older and newer callers are read.
 */
#include <config.h>

#include "base/options.h"

#include <string.h>

#include "base/error.h"

enum { SIZE_LIMIT = 65536 }; /* more is a member that was never set */

plurum_status pli_options_size(size_t size, const char *what, plurum_error *error)
{
    if (size >= sizeof size && size <= SIZE_LIMIT) return PLURUM_OK;
    return pli_fail(error, PLURUM_ARG, "%s: struct_size is %zu; initialise the struct first", what,
                    size);
}

plurum_status pli_options_copy(void *ours, size_t our_size, const void *given, const char *what,
                               plurum_error *error)
{
    if (!given) return PLURUM_OK;
    size_t size;
    memcpy(&size, given, sizeof size);
    plurum_status status = pli_options_size(size, what, error);
    if (status) return status;
    const unsigned char *bytes = given;
    for (size_t i = our_size; i < size; i++)
        if (bytes[i])
            return pli_fail(error, PLURUM_ARG,
                            "%s: a member at byte %zu is set that this version does not know", what,
                            i);
    memcpy(ours, given, size < our_size ? size : our_size);
    memcpy(ours, &our_size, sizeof our_size);
    return PLURUM_OK;
}
