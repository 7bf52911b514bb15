/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts that a tokeniser gets wrong, and their token ids. Made with an independent reader of the
 * model file in Python, which itself agreed with the tokeniser of the original model. Bytes that
 * are no UTF-8 count as characters that the model drops.
 */
#ifndef TEST_EMBED_REFERENCE_H
#define TEST_EMBED_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

typedef struct reference {
    const char *what, *text;
    size_t len, id_count;
    uint32_t ids[140];
} reference;

static const reference REFERENCES[] = {
    {"empty",
     "",
     0, 0, {0}},
    {"only spaces",
     " \x09\x0A\xC2\xA0\xE3\x80\x80 ",
     9, 0, {0}},
    {"only punctuation",
     "!?\xE2\x80\xA6---\xE2\x80\x98\xE2\x80\x99 \xC2\xAB\xC2\xBB",
     19, 10, {999, 1029, 1529, 1011, 1011, 1011, 1520, 1521, 1077, 1090}},
    {"an ASCII symbol of its own",
     "a+b=c $5 ~x `y` |z|",
     19, 15, {1037, 1009, 1038, 1027, 1039, 1002, 1019, 1066, 1060, 1036, 1061, 1036, 1064,
      1062, 1064}},
    {"CJK without spaces",
     "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E\xE4\xB8\xAD\xE6\x96\x87\xE6\xBC\xA2\xE5\xAD\x97",
     21, 6, {1864, 1876, 1950, 1746, 1861, 1904}},
    {"CJK beyond the first plane",
     "\xF0\xA0\x80\x80\xF0\xAA\x9C\x80 \xE4\xB8\xBD",
     12, 0, {0}},
    {"Katakana, half width and voiced",
     "\xEF\xBE\x83\xEF\xBD\xB7\xEF\xBD\xBD\xEF\xBE\x84 \xE3\x82\xAC\xE3\x82\xAE\xE3\x82\xB0 "
     "\xE3\x83\x91",
     26, 4, {1700, 30227, 30228, 1718}},
    {"Hangul syllables and letters",
     "\xED\x95\x9C\xEA\xB5\xAD\xEC\x96\xB4 \xED\x95\x9C\xEA\xB5\xAD \xEA\xB0\x81\xED\x9E\xA3 "
     "\xEA\xB0\x80",
     27, 16, {1469, 30006, 30021, 29991, 30014, 30020, 29999, 30008, 1469, 30006, 30021,
      29991, 30014, 30020, 1455, 30006}},
    {"Hangul of many vowels",
     "\xEC\x84\x9C\xEC\x9A\xB8 \xEB\xB6\x80\xEC\x82\xB0 \xEC\xBB\xB4\xED\x93\xA8\xED\x84\xB0 "
     "\xEB\x8D\xB0\xEC\x9D\xB4\xED\x84\xB0\xEB\xB2\xA0\xEC\x9D\xB4\xEC\x8A\xA4 \xEC\x98\xA4"
     "\xEB\xA5\x98 \xED\x9C\x98\xEB\xB0\x9C\xEC\x84\xB1 \xEC\xBE\x8C\xEC\xA0\x81 \xEC\x96\x98"
     "\xEA\xB8\xB0 \xEC\x9D\x98\xEC\x82\xAC \xED\x9E\xA3 \xEC\x99\x9C \xEC\x9B\x8C",
     92, 39, {1461, 30008, 29999, 30014, 30022, 1460, 30014, 29997, 30006, 30021, 1466, 30008,
      30023, 30004, 30016, 30003, 30008, 1457, 30009, 29999, 30019, 30003, 30008, 29996,
      30009, 29999, 30019, 29997, 30017, 1463, 30011, 29994, 30016, 1463, 30018, 29997, 30006,
      1463, 30015}},
    {"combining marks after letters",
     "e\xCC\x81""a\xCC\x80 n\xCC\x83 Z\xCD\x91\xCD\xAB\xCD\x83",
     18, 3, {19413, 1050, 1062}},
    {"combining marks alone",
     "\xCC\x81\xCC\x82 \xE2\x83\x90",
     8, 0, {0}},
    {"Vietnamese and stacked accents",
     "Vi\xE1\xBB\x87t Nam \xC7\xAD \xC7\x95",
     16, 4, {19710, 15125, 1051, 1057}},
    {"ligatures",
     "\xEF\xAC\x81le \xEF\xAC\x82ow o\xEF\xAC\x83""ce \xC4\xB2 \xC7\x86",
     24, 4, {1984, 2571, 1985, 5004}},
    {"capital sharp s and dotted i",
     "\xE1\xBA\x9E STRASSE \xC4\xB0stanbul \xC4\xB1",
     24, 6, {1096, 2358, 8180, 3366, 9960, 1104}},
    {"Greek with a final sigma",
     "\xCE\x9F\xCE\x94\xCE\x9F\xCE\xA3 \xE1\xBD\x88\xCE\x94\xCE\x9F\xCE\xA3 \xE1\xBE\xBC",
     22, 9, {1169, 29722, 29730, 29733, 1169, 29722, 29730, 29733, 1155}},
    {"Cyrillic with short i",
     "\xD0\x99\xD0\xBE\xD0\xB4 \xD0\xB9\xD0\xBE\xD0\xB4 \xD0\x81\xD0\xB6",
     18, 8, {1188, 14150, 29742, 1188, 14150, 29742, 1185, 29743}},
    {"control characters inside",
     "a\x00""b\x01""c\x7F""d\xC2\x85""e\xE2\x80\x8B""f\xEF\xBB\xBFg\xC2\xADh",
     21, 4, {5925, 3207, 2546, 5603}},
    {"line ends",
     "one\x0D\x0Atwo\x0Athree\x0B""four\x0C""five\xE2\x80\xA8six",
     30, 8, {2028, 2048, 2093, 14876, 3126, 8873, 3726, 2416}},
    {"an emoji and its modifiers",
     "ok \xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD \xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9 \xE2"
     "\x9C\x93",
     27, 1, {7929}},
    {"an unknown character drops its word",
     "rust\xF0\x9F\xA6\x80""cargo crab",
     18, 1, {18081}},
    {"identifiers",
     "pg_basebackup --no-deps CVE-2024-3094 ECONNREFUSED",
     50, 24, {18720, 1035, 2918, 5963, 6279, 1011, 1011, 2053, 1011, 2139, 4523, 26226, 2063,
      1011, 16798, 2549, 1011, 25048, 2549, 17338, 10695, 2890, 25608, 2098}},
    {"a path and a url",
     "/usr/lib/libfoo.so.1 https://example.org/a?b=c#d",
     48, 29, {1013, 2149, 2099, 1013, 5622, 2497, 1013, 5622, 29292, 9541, 1012, 2061, 1012,
      1015, 16770, 1024, 1013, 1013, 2742, 1012, 8917, 1013, 1037, 1029, 1038, 1027, 1039,
      1001, 1040}},
    {"digits and full width",
     "\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x93 \xEF\xBC\xA1\xEF\xBC\xA2\xEF\xBC\xA3 \xC2\xBD \xC2"
     "\xB2 \xE2\x85\xA7",
     29, 2, {1092, 1082}},
    {"a hash before letters",
     "##ing #ing ing ##",
     17, 8, {1001, 1001, 13749, 1001, 13749, 13749, 1001, 1001}},
    {"bracketed specials",
     "[CLS] [UNK] [unused1] [MASK]",
     28, 15, {1031, 18856, 2015, 1033, 1031, 4895, 2243, 1033, 1031, 15171, 2487, 1033, 1031,
      7308, 1033}},
    {"a noncharacter and the last code point",
     "a\xEF\xBF\xBF\xF4\x8F\xBF\xBF""b c",
     11, 1, {1039}},
    {"the replacement character",
     "a\xEF\xBF\xBD""b",
     5, 1, {11113}},
    {"100 code points",
     "abababababababababababababababababababababababababababababababababababababababababababab"
     "abababababab end",
     104, 51, {19557, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676,
      3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676,
      3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676,
      3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 2497, 2203}},
    {"101 code points",
     "abababababababababababababababababababababababababababababababababababababababababababab"
     "ababababababa end",
     105, 1, {2203}},
    {"100 of which one becomes two",
     "abababababababababababababababababababababababababababababababababababababababababababab"
     "abababababa\xEA\xB0\x80 end",
     106, 1, {2203}},
    {"101 with a mark that is dropped",
     "abababababababababababababababababababababababababababababababababababababababababababab"
     "abababababab\xCC\x81 end",
     106, 51, {19557, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676,
      3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676,
      3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676,
      3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 2497, 2203}},
    {"34 Hangul syllables of three letters",
     "\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA"
     "\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0"
     "\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81"
     "\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA"
     "\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81 end",
     106, 1, {2203}},
    {"33 Hangul syllables of three letters",
     "\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA"
     "\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0"
     "\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81"
     "\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA"
     "\xB0\x81\xEA\xB0\x81\xEA\xB0\x81\xEA\xB0\x81 end",
     103, 100, {1455, 30006, 30020, 29991, 30006, 30020, 29991, 30006, 30020, 29991, 30006,
      30020, 29991, 30006, 30020, 29991, 30006, 30020, 29991, 30006, 30020, 29991, 30006,
      30020, 29991, 30006, 30020, 29991, 30006, 30020, 29991, 30006, 30020, 29991, 30006,
      30020, 29991, 30006, 30020, 29991, 30006, 30020, 29991, 30006, 30020, 29991, 30006,
      30020, 29991, 30006, 30020, 29991, 30006, 30020, 29991, 30006, 30020, 29991, 30006,
      30020, 29991, 30006, 30020, 29991, 30006, 30020, 29991, 30006, 30020, 29991, 30006,
      30020, 29991, 30006, 30020, 29991, 30006, 30020, 29991, 30006, 30020, 29991, 30006,
      30020, 29991, 30006, 30020, 29991, 30006, 30020, 29991, 30006, 30020, 29991, 30006,
      30020, 29991, 30006, 30020, 2203}},
    {"a stray continuation byte",
     "a\x80""b",
     3, 1, {11113}},
    {"a cut sequence",
     "caf\xC3 \xE6\x97 x\xF0\x9F\x91",
     12, 2, {24689, 1060}},
    {"an overlong slash and a surrogate",
     "a\xC0\xAF""b \xED\xA0\x80""c \xF4\x90\x80\x80""d \xFF\xFE",
     18, 3, {11113, 1039, 1040}},
};

#endif
