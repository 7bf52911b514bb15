/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing a file that is mapped later: sections one after the other, each with a checksum and filled
 * up to where the next may begin, and a header that is written last, over the place that was left
 * for it, so that a file that was not finished has none.
 */
#ifndef PLI_BASE_OUTPUT_H
#define PLI_BASE_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

#include <plurum/status.h>

enum { PLI_OUTPUT_ALIGN = 64 }; /* sections begin at multiples */

typedef struct pli_output {
    int fd;
    int failed;  /* errno of the first failure; what follows is ignored */
    uint64_t at; /* bytes so far                                        */
    void *state; /* the checksum of the section that is being written   */
    unsigned char *buffer;
    size_t used;
} pli_output;

/* A new file, or an old one emptied, with header_len zeros (a multiple of PLI_OUTPUT_ALIGN). */
plurum_status pli_output_open(pli_output *out, const char *path, size_t header_len,
                              plurum_error *error);
void pli_output_add(pli_output *out, const void *bytes, size_t len);
/* Ends a section: XXH3_64 of its bytes. */
uint64_t pli_output_end_section(pli_output *out);
/* Writes out what waits and then the header, and waits for the disk. Errors: IO. */
plurum_status pli_output_finish(pli_output *out, const char *path, const void *header,
                                size_t header_len, plurum_error *error);
void pli_output_close(pli_output *out); /* also after a failed pli_output_open */

#endif
