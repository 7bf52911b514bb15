/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tokeniser. Tables made from the model once, in .8 ms: a hash of the token strings (a look-up
 * takes 15 ns, a binary search through the file's `order` 94, and a word asks for several), where
 * the records of each 256 code points begin, and the action of each ASCII byte.
 *
 * The hash runs over bytes from the left (FNV-1a), so the hashes of all prefixes of a word cost one
 * pass, and the longest match is the first hit among them from the longest down.
 */
#include <config.h>

#include "embed/wordpiece.h"

#include <string.h>

#include <utf8proc.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/unicode.h"

#define EMPTY PLI_WORDPIECE_NONE

static const uint64_t FNV_START = 0xCBF29CE484222325u, FNV_PRIME = 0x100000001B3u;

static uint64_t hash_byte(uint64_t hash, unsigned char byte)
{
    return (hash ^ byte) * FNV_PRIME;
}

/* The state after "##", from which continuations are hashed. */
static uint64_t hash_continuation(void)
{
    return hash_byte(hash_byte(FNV_START, '#'), '#');
}

/* Where the search for a hash begins: the best mixed bits are the upper ones of a product. */
static size_t slot_of(const pli_wordpiece *wordpiece, uint64_t hash)
{
    return (size_t)(hash * 0x9E3779B97F4A7C15u >> wordpiece->shift);
}

/* ---- tables ---------------------------------------------------------------------------------- */

/* Actions for an ASCII byte; other values are the byte that it adds to the word. */
enum { ASCII_DROP = 0x80, ASCII_SPACE, ASCII_ISOLATE, ASCII_TABLE };

/* The record that a code point lies in, or NULL: most are themselves. */
static const pli_norm_record *find_record(const pli_wordpiece *wordpiece, uint32_t point)
{
    const pli_norm_record *records = wordpiece->vocabulary->records;
    uint32_t low = wordpiece->page_record[point >> 8];
    uint32_t high = wordpiece->page_record[(point >> 8) + 1];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (records[middle].last < point)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < wordpiece->vocabulary->record_count && records[low].first <= point)
        return &records[low];
    return NULL;
}

static uint8_t ascii_action(const pli_wordpiece *wordpiece, uint32_t point)
{
    const pli_norm_record *record = find_record(wordpiece, point);
    if (!record) return (uint8_t)point;
    switch (record->kind) {
    case PLI_NORM_DROP:
        return ASCII_DROP;
    case PLI_NORM_SPACE:
        return ASCII_SPACE;
    case PLI_NORM_ISOLATE:
        return ASCII_ISOLATE;
    default:
        break;
    }
    uint32_t first = record->count == 1 ? wordpiece->vocabulary->replacements[record->at] : EMPTY;
    return !record->alone && first < 0x80 ? (uint8_t)first : ASCII_TABLE;
}

/* Where the records of each page of 256 code points begin; one entry more than there are pages. */
enum { PAGES = (0x110000 >> 8) + 1 };

static void fill_pages(pli_wordpiece *wordpiece)
{
    uint32_t record = 0;
    for (uint32_t page = 0; page < PAGES; page++) {
        while (record < wordpiece->vocabulary->record_count &&
               wordpiece->vocabulary->records[record].last < page << 8)
            record++;
        wordpiece->page_record[page] = record;
    }
}

/* No two strings are equal (pli_vocabulary_read saw to it), so a free slot is all that is sought.
 */
static void add_string(pli_wordpiece *wordpiece, uint32_t id)
{
    const pli_vocabulary *vocabulary = wordpiece->vocabulary;
    const unsigned char *string = vocabulary->text + vocabulary->text_at[id];
    uint32_t len = vocabulary->text_at[id + 1] - vocabulary->text_at[id];
    uint64_t hash = FNV_START;
    for (uint32_t i = 0; i < len; i++) hash = hash_byte(hash, string[i]);
    size_t mask = ~(uint64_t)0 >> wordpiece->shift, slot = slot_of(wordpiece, hash);
    while (wordpiece->slots[slot].id != EMPTY) slot = (slot + 1) & mask;
    wordpiece->slots[slot] = (pli_wordpiece_slot){(uint32_t)(hash >> 32), id};

    if (len > wordpiece->longest) wordpiece->longest = len;
    if (len > 2 && memcmp(string, "##", 2) == 0 && len - 2 > wordpiece->longest_rest)
        wordpiece->longest_rest = len - 2;
}

plurum_status pli_wordpiece_new(pli_wordpiece *out, const pli_vocabulary *vocabulary,
                                uint32_t unknown, plurum_error *error)
{
    memset(out, 0, sizeof *out);
    out->vocabulary = vocabulary;
    out->unknown = unknown;
    unsigned log2 = 4; /* slots are at most half full */
    while ((uint64_t)1 << log2 < 2 * (uint64_t)vocabulary->token_count) log2++;
    out->shift = 64 - log2;
    size_t slot_count = (size_t)1 << log2;
    out->slots = pli_reallocarray(NULL, slot_count, sizeof *out->slots);
    out->page_record = pli_reallocarray(NULL, PAGES, sizeof *out->page_record);
    if (!out->slots || !out->page_record) {
        pli_wordpiece_free(out);
        return pli_nomem(error);
    }
    for (size_t i = 0; i < slot_count; i++) out->slots[i].id = EMPTY;
    for (uint32_t id = 0; id < vocabulary->token_count; id++) add_string(out, id);
    fill_pages(out);
    for (uint32_t point = 0; point < 0x80; point++) out->ascii[point] = ascii_action(out, point);
    return PLURUM_OK;
}

void pli_wordpiece_free(pli_wordpiece *wordpiece)
{
    pli_free(wordpiece->slots);
    pli_free(wordpiece->page_record);
    memset(wordpiece, 0, sizeof *wordpiece);
}

/* ---- one word -------------------------------------------------------------------------------- */

/*
 * The token whose string is the len bytes given, behind "##" where rest is set; EMPTY: none. The
 * tag settles nearly every miss without a look at the strings.
 */
static uint32_t look_up(const pli_wordpiece *wordpiece, uint64_t hash, const unsigned char *bytes,
                        size_t len, int rest)
{
    const pli_vocabulary *vocabulary = wordpiece->vocabulary;
    size_t mask = ~(uint64_t)0 >> wordpiece->shift;
    for (size_t slot = slot_of(wordpiece, hash);; slot = (slot + 1) & mask) {
        pli_wordpiece_slot found = wordpiece->slots[slot];
        if (found.id == EMPTY) return EMPTY;
        if (found.tag != (uint32_t)(hash >> 32)) continue;
        const unsigned char *string = vocabulary->text + vocabulary->text_at[found.id];
        size_t string_len = vocabulary->text_at[found.id + 1] - vocabulary->text_at[found.id];
        size_t skip = rest ? 2 : 0;
        if (string_len == len + skip && memcmp(string, "##", skip) == 0 &&
            memcmp(string + skip, bytes, len) == 0)
            return found.id;
    }
}

/* The longest token at the beginning of the bytes; *used tells its length. EMPTY: none. */
static uint32_t longest_match(const pli_wordpiece *wordpiece, const unsigned char *bytes,
                              size_t len, int rest, size_t *used)
{
    uint64_t hashes[4 * PLI_WORD_MAX];
    uint64_t hash = rest ? hash_continuation() : FNV_START;
    size_t most = rest ? wordpiece->longest_rest : wordpiece->longest;
    if (most > len) most = len;
    for (size_t i = 0; i < most; i++) hashes[i] = hash = hash_byte(hash, bytes[i]);
    for (size_t n = most; n > 0; n--) {
        if (n < len && (bytes[n] & 0xC0) == 0x80) continue; /* inside a code point */
        uint32_t id = look_up(wordpiece, hashes[n - 1], bytes, n, rest);
        if (id == EMPTY) continue;
        *used = n;
        return id;
    }
    return EMPTY;
}

/* The ids of the word's parts, at most one a code point. 0: some part is unknown, or it is empty.
 */
static size_t match_parts(const pli_wordpiece *wordpiece, const pli_word *word, uint32_t *ids)
{
    size_t count = 0, used;
    if (word->points > wordpiece->vocabulary->word_max) return 0;
    for (size_t at = 0; at < word->len; at += used) {
        ids[count] = longest_match(wordpiece, word->bytes + at, word->len - at, at > 0, &used);
        if (ids[count++] == EMPTY) return 0;
    }
    return count;
}

/* Writes the ids of the word, and empties it. Returns how many. */
static size_t end_word(const pli_wordpiece *wordpiece, pli_word *word, uint32_t *ids)
{
    size_t count = match_parts(wordpiece, word, ids);
    if (count == 0 && word->points > 0 && wordpiece->unknown != PLI_WORDPIECE_NONE)
        ids[count++] = wordpiece->unknown;
    word->len = 0;
    word->points = 0;
    return count;
}

/* A word beyond word_max is counted on by one, which end_word sees, and kept no further. */
static void add_point(const pli_wordpiece *wordpiece, pli_word *word, uint32_t point)
{
    if (word->points > wordpiece->vocabulary->word_max)
        return; /* too long by now whatever follows */
    if (word->points++ < wordpiece->vocabulary->word_max)
        word->len += (size_t)utf8proc_encode_char((utf8proc_int32_t)point, word->bytes + word->len);
}

/* ---- a text ---------------------------------------------------------------------------------- */

/* A Hangul syllable is its two or three letters, by Unicode's arithmetic (chapter 3.12). */
static void add_hangul(const pli_wordpiece *wordpiece, pli_word *word, uint32_t point)
{
    uint32_t syllable = point - 0xAC00;
    add_point(wordpiece, word, 0x1100 + syllable / 588);
    add_point(wordpiece, word, 0x1161 + syllable % 588 / 28);
    if (syllable % 28) add_point(wordpiece, word, 0x11A7 + syllable % 28);
}

/* Takes one code point; returns the number of ids that it brought to their end. */
static size_t take_point(const pli_wordpiece *wordpiece, pli_word *word, uint32_t point,
                         uint32_t *ids)
{
    if (point >= 0xAC00 && point <= 0xD7A3) {
        add_hangul(wordpiece, word, point);
        return 0;
    }
    const pli_norm_record *record = find_record(wordpiece, point);
    if (!record) {
        add_point(wordpiece, word, point);
        return 0;
    }
    if (record->kind == PLI_NORM_DROP) return 0;
    int alone = record->kind == PLI_NORM_ISOLATE || record->alone;
    size_t count = 0;
    if (alone || record->kind == PLI_NORM_SPACE) count = end_word(wordpiece, word, ids);
    if (record->kind == PLI_NORM_ISOLATE) add_point(wordpiece, word, point);
    for (uint32_t i = 0; i < record->count; i++)
        add_point(wordpiece, word, wordpiece->vocabulary->replacements[record->at + i]);
    if (alone) count += end_word(wordpiece, word, ids + count);
    return count;
}

/* The same for an ASCII byte, by the table made from the records. */
static size_t take_ascii(const pli_wordpiece *wordpiece, pli_word *word, unsigned char byte,
                         uint32_t *ids)
{
    uint8_t action = wordpiece->ascii[byte];
    if (action < 0x80) {
        if (word->points < wordpiece->vocabulary->word_max) word->bytes[word->len++] = action;
        if (word->points <= wordpiece->vocabulary->word_max) word->points++;
        return 0;
    }
    if (action == ASCII_DROP) return 0;
    if (action == ASCII_SPACE) return word->points ? end_word(wordpiece, word, ids) : 0;
    return take_point(wordpiece, word, byte, ids);
}

void pli_wordpiece_start(pli_wordpiece_run *run, const pli_wordpiece *wordpiece, const void *text,
                         size_t len)
{
    run->wordpiece = wordpiece;
    run->at = text;
    run->end = run->at + len;
    run->word.len = 0;
    run->word.points = 0;
}

size_t pli_wordpiece_next(pli_wordpiece_run *run, uint32_t ids[PLI_WORDPIECE_IDS])
{
    /* one code point can end a word and be another: room for both */
    const size_t full = PLI_WORDPIECE_IDS - 2 * PLI_WORD_MAX;
    size_t count = 0;
    while (run->at < run->end && count <= full) {
        if (*run->at < 0x80)
            count += take_ascii(run->wordpiece, &run->word, *run->at++, ids + count);
        else
            count += take_point(run->wordpiece, &run->word, pli_utf8_next(&run->at, run->end),
                                ids + count);
    }
    if (run->at == run->end && count <= full)
        count += end_word(run->wordpiece, &run->word, ids + count);
    return count;
}
