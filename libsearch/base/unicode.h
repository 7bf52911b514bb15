/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UTF-8: validity, length in code points, and the folding under which names compare.
 */
#ifndef PLI_BASE_UNICODE_H
#define PLI_BASE_UNICODE_H

#include <stddef.h>
#include <stdint.h>

/* Number of code points, or -1 when the bytes are not valid UTF-8. */
long pli_utf8_length(const char *text, size_t len);

/*
 * NFKC with case folding (Unicode's NFKC_Casefold), as a NUL-terminated text that the caller
 * frees; invalid bytes become U+FFFD. The time is linear in any text. NULL: memory is short.
 */
char *pli_utf8_fold(const char *text, size_t len);

/*
 * A copy, NUL-terminated and the caller's, in which every invalid byte has become U+FFFD. NULL:
 * memory is short.
 */
char *pli_utf8_mend(const char *text, size_t len, size_t *out_len);

/*
 * Decodes the code point at `at` < end and moves on; an invalid byte gives U+FFFD and one byte.
 */
uint32_t pli_utf8_next(const unsigned char **at, const unsigned char *end);

#endif
