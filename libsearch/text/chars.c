/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Character classes: a table for ASCII, utf8proc's categories for the rest, and a short list of
 * blocks for the scripts without spaces, since utf8proc knows no scripts.
 */
#include <config.h>

#include "text/chars.h"

#include <stddef.h>

#include <utf8proc.h>

enum {
    SP = PLI_CHAR_SPACE,
    OT = PLI_CHAR_OTHER,
    AP = PLI_CHAR_APOSTROPHE,
    SO = PLI_CHAR_SOFT,
    HA = PLI_CHAR_HARD,
    US = PLI_CHAR_UNDERSCORE,
    LO = PLI_CHAR_LOWER,
    UP = PLI_CHAR_UPPER,
    DI = PLI_CHAR_DIGIT
};

const uint8_t pli_ascii_class[128] = {
    /* 00 */ SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP,
    /* 10 */ SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP,
    /*    !  "  #  $  %  &  '  (  )  *  +  ,  -  .  /  */
    SP, OT, OT, HA, HA, HA, OT, AP, OT, OT, OT, SO, OT, SO, SO, HA,
    /* 0-9 : ; < = > ? */
    DI, DI, DI, DI, DI, DI, DI, DI, DI, DI, HA, OT, OT, HA, OT, OT,
    /* @ A-O */
    HA, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP,
    /* P-Z [ \ ] ^ _ */
    UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, OT, OT, OT, OT, US,
    /* ` a-o */
    OT, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO,
    /* p-z { | } ~ DEL */
    LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, OT, OT, OT, HA, SP,
};

/* Blocks of scripts that put no spaces between words, ascending. */
static const struct {
    int32_t first, last;
} UNSPACED[] = {
    {0x0E00, 0x0EFF},   /* Thai, Lao                                        */
    {0x1000, 0x109F},   /* Burmese                                          */
    {0x1100, 0x11FF},   /* Hangul letters                                   */
    {0x1780, 0x17FF},   /* Khmer                                            */
    {0x1950, 0x19DF},   /* Tai Le, New Tai Lue                              */
    {0x1A20, 0x1AAF},   /* Tai Tham                                         */
    {0x2E80, 0x2FDF},   /* radicals                                         */
    {0x3005, 0x3007},   /* iteration mark, closing mark, zero               */
    {0x3021, 0x303C},   /* numerals and repeat marks                        */
    {0x3041, 0x318F},   /* kana, Bopomofo, Hangul letters                   */
    {0x31A0, 0x31FF},   /* Bopomofo and kana extensions                     */
    {0x3400, 0x4DBF},   /* Han                                              */
    {0x4E00, 0x9FFF},   /* Han                                              */
    {0xA960, 0xA97F},   /* Hangul letters                                   */
    {0xA9E0, 0xA9FF},   /* Burmese                                          */
    {0xAA60, 0xAA7F},   /* Burmese                                          */
    {0xAC00, 0xD7FF},   /* Hangul                                           */
    {0xF900, 0xFAFF},   /* Han, compatibility                               */
    {0x16FE0, 0x18DFF}, /* Tangut, Khitan                                   */
    {0x1AFF0, 0x1B2FF}, /* kana, Nüshu                                      */
    {0x20000, 0x3FFFF}, /* Han                                              */
};

static int is_unspaced(int32_t codepoint)
{
    for (size_t i = 0; i < sizeof UNSPACED / sizeof *UNSPACED; i++)
        if (codepoint <= UNSPACED[i].last) return codepoint >= UNSPACED[i].first;
    return 0;
}

pli_char pli_char_of(int32_t codepoint)
{
    if (codepoint < 0x80) return (pli_char)pli_ascii_class[codepoint];
    if (codepoint == 0x2019) return PLI_CHAR_APOSTROPHE;
    if (codepoint == 0x2010) return PLI_CHAR_SOFT; /* NFKC makes U+2011 of it */
    switch (utf8proc_category(codepoint)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LT: return PLI_CHAR_UPPER;
    case UTF8PROC_CATEGORY_LL: return PLI_CHAR_LOWER;
    case UTF8PROC_CATEGORY_ND: return PLI_CHAR_DIGIT;
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return is_unspaced(codepoint) ? PLI_CHAR_UNSPACED : PLI_CHAR_DIGIT;
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
        return is_unspaced(codepoint) ? PLI_CHAR_UNSPACED : PLI_CHAR_LETTER;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME: return PLI_CHAR_MARK;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CC: return PLI_CHAR_SPACE;
    default: return PLI_CHAR_OTHER;
    }
}
