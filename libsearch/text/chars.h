/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a code point is to the analysis: part of a word, a joint of an identifier, a character of a
 * script that is written without spaces, or what keeps words apart.
 */
#ifndef PLI_TEXT_CHARS_H
#define PLI_TEXT_CHARS_H

#include <stdint.h>

typedef enum pli_char {
    PLI_CHAR_SPACE,      /* spaces and controls: ends everything                    */
    PLI_CHAR_OTHER,      /* brackets, quotes, symbols: ends an identifier too       */
    PLI_CHAR_APOSTROPHE, /* joins letters                                           */
    PLI_CHAR_SOFT,       /* - . +     joins the parts of a name: node.js, apt-get   */
    PLI_CHAR_HARD,       /* / : = @ # $ % ~  joins names: user@host, a/b, key=value */
    PLI_CHAR_UNSPACED,   /* Han, kana, Hangul, Thai, Lao, Khmer, Burmese …          */
    PLI_CHAR_UNDERSCORE, /* a joint that also begins and ends names: __init__       */
    PLI_CHAR_LOWER,      /* from here on: what words are made of                    */
    PLI_CHAR_UPPER,
    PLI_CHAR_LETTER, /* neither lower nor upper case */
    PLI_CHAR_DIGIT,
    PLI_CHAR_MARK
} pli_char;

/* The class of ASCII, by code. */
extern const uint8_t pli_ascii_class[128];

/* The class of any code point. */
pli_char pli_char_of(int32_t codepoint);

static inline int pli_char_in_word(uint8_t class)
{
    return class >= PLI_CHAR_LOWER;
}

static inline int pli_char_is_letter(uint8_t class)
{
    return class >= PLI_CHAR_LOWER && class <= PLI_CHAR_LETTER;
}

#endif
