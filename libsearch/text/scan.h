/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a run of text consists of: words, the parts of words, identifiers, and the characters of
 * scripts without spaces. Decided on character classes alone; nothing is folded or stemmed here.
 *
 *     run pg_dump --schema-only   whole: pg_dump --schema-only; words: run pg dump schema only
 *     user@host:/etc/ssh_config   wholes: the stretch, ssh_config; words: user host etc ssh config
 *     C++/C# .NET CVE-2024-3094   wholes: c++/c# c++ c# .net cve-2024-3094; words: c c net cve …
 *     apt-get utf-8               joined: aptget utf8; words: apt get utf 8
 *     DatabaseModifiedError       word: all of it; parts: database modified error
 *     sha256sum                   word: all of it; parts: sha 256 sum
 *     数据库                      characters: 数 据 库; pairs: 数据 据库
 */
#ifndef PLI_TEXT_SCAN_H
#define PLI_TEXT_SCAN_H

#include "text/run.h"

typedef enum pli_token {
    PLI_TOKEN_WORD,      /* counts in a text's length                              */
    PLI_TOKEN_PART,      /* of a word in camel case or of letters and digits       */
    PLI_TOKEN_JOINED,    /* words with hyphens, to be taken without them as a word */
    PLI_TOKEN_WHOLE,     /* an identifier                                          */
    PLI_TOKEN_CHARACTER, /* of a script without spaces; counts in the length       */
    PLI_TOKEN_PAIR       /* of such characters                                     */
} pli_token;

/* Takes one token: the code points [from, to) of the run. Non-zero stops the scan. */
typedef int pli_token_fn(void *payload, pli_token token, size_t from, size_t to);

/* Calls take for every token of the run; returns what stopped it, or 0. */
int pli_scan(const pli_run *run, pli_token_fn *take, void *payload);

#endif
