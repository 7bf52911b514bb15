/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Version of the headers, and of the library that is linked.
 */
#ifndef PLURUM_VERSION_H
#define PLURUM_VERSION_H

#include <plurum/export.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PLURUM_VERSION_MAJOR 0 /* the first number: changes that programs have to follow           */
#define PLURUM_VERSION_MINOR 1 /* the second: something is new                                     */
#define PLURUM_VERSION_PATCH 0 /* the third: something is mended                                   */
/* MAJOR * 10000 + MINOR * 100 + PATCH */
#define PLURUM_VERSION_NUMBER 100

/* Number of the on-disk format, independent of the version; format 0 may still change. */
#define PLURUM_FORMAT_NUMBER 0

/*
 * The library's version as "0.1.0"; compare with the macros above to see a mismatch of headers
 * and library. Ownership: borrowed for ever. Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API const char *plurum_version_string(void);

#ifdef __cplusplus
}
#endif

#endif
