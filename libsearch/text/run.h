/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs: a text cut at its spaces, each piece as code points in NFKC with their classes. It is the
 * unit in which everything else works: identifiers never contain a space.
 *
 * NFKC without case folding, as the case of a letter tells where `DatabaseError` splits; a term is
 * folded last. ASCII needs neither. Every step is linear in the text, whatever the bytes: marks
 * are put into canonical order within windows of 30, as in Unicode's stream-safe form.
 */
#ifndef PLI_TEXT_RUN_H
#define PLI_TEXT_RUN_H

#include <stddef.h>
#include <stdint.h>

typedef struct pli_codepoints {
    int32_t *at;
    size_t count, cap;
} pli_codepoints;

typedef struct pli_run {
    pli_codepoints text;
    uint8_t *class; /* a pli_char for each of text */
    size_t class_cap;
    pli_codepoints spare; /* scratch */
    const unsigned char *from, *to; /* the bytes that it was read from        */
    size_t raw_count;               /* code points of these, before NFKC      */
} pli_run;

void pli_run_free(pli_run *run);

/* Drops memory that an unusually long run needed. */
void pli_run_trim(pli_run *run);

/*
 * Reads the next run of bytes from *at < end and moves on. 1; 0 when nothing but spaces was left;
 * -1 when memory is short. Bytes that are no UTF-8 count as spaces. A run can contain spaces all
 * the same, where NFKC makes them.
 */
int pli_run_next(pli_run *run, const unsigned char **at, const unsigned char *end);

/*
 * Appends the code points [from, to) of the run to out, case-folded, as UTF-8. 0, or -1 when
 * memory is short.
 */
typedef struct pli_bytes {
    char *at;
    size_t count, cap;
} pli_bytes;

int pli_run_fold(pli_run *run, size_t from, size_t to, pli_bytes *out);

#endif
