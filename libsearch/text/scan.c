/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scanner. A stretch of word characters and joints is taken at three levels:
 *
 *   stretch  user@db-1.example.org:5432    one whole, if it has several names
 *   name     user  db-1.example.org  5432  a whole each, if it has joints of its own
 *   word     user  db  1  example  org     at every joint
 *
 * Hard joints (/ : = @ # $ % ~) part names, soft ones (- . +) words within a name.
 */
#include <config.h>

#include "text/scan.h"

#include "text/chars.h"

/*
 * Chosen by the ranking on judged collections (docs/decisions/0001): splitting letters from digits
 * and joining hyphenated words help, parting names such as GitHub does not.
 */
enum {
    PARTED_MAX = 64, /* code points of a word that is parted at all        */
    PARTS_MAX = 8,   /* of a word                                          */
    HALF_MIN = 4     /* code points of either half, where there are but two */
};

typedef struct scanner {
    const int32_t *text;
    const uint8_t *class;
    size_t end;
    pli_token_fn *take;
    void *payload;
} scanner;

static int is_joint(uint8_t class)
{
    return class == PLI_CHAR_SOFT || class == PLI_CHAR_HARD || class == PLI_CHAR_UNDERSCORE;
}

/* An apostrophe with letters on both sides belongs to the word. */
static int in_word(const scanner *s, size_t i)
{
    if (pli_char_in_word(s->class[i])) return 1;
    return s->class[i] == PLI_CHAR_APOSTROPHE && i > 0 && i + 1 < s->end &&
           pli_char_is_letter(s->class[i - 1]) && pli_char_is_letter(s->class[i + 1]);
}

/*
 * Whether a part of a word begins at i: sha|256, foo|Bar, HTTP|Server, but not in the plural of an
 * acronym, as URLs. `to` ends the word; i is inside.
 */
static int part_begins(const scanner *s, size_t i, size_t to)
{
    uint8_t before = s->class[i - 1], here = s->class[i];
    if (here == PLI_CHAR_MARK || before == PLI_CHAR_MARK) return 0;
    if ((here == PLI_CHAR_DIGIT) != (before == PLI_CHAR_DIGIT)) return 1;
    if (here != PLI_CHAR_UPPER) return 0;
    if (before == PLI_CHAR_LOWER) return 1;
    return before == PLI_CHAR_UPPER && i + 2 < to && s->class[i + 1] == PLI_CHAR_LOWER &&
           s->class[i + 2] == PLI_CHAR_LOWER;
}

/* Where the part that begins at `from` ends. */
static size_t part_end(const scanner *s, size_t from, size_t to)
{
    size_t i = from + 1;
    while (i < to && !part_begins(s, i, to)) i++;
    return i;
}

/*
 * Whether a word is worth parting. Two short halves are rather a name (GitHub, YouTube, mRNA) than
 * two words, and many parts are rather a key or a hash.
 */
static int is_parted(const scanner *s, size_t from, size_t to)
{
    size_t count = 0, shortest = to - from;
    int digits = 0;
    for (size_t i = from; i < to;) {
        size_t end = part_end(s, i, to);
        if (end - i < shortest) shortest = end - i;
        digits |= s->class[i] == PLI_CHAR_DIGIT;
        count++;
        i = end;
    }
    if (count == 2 && !digits) return shortest >= HALF_MIN;
    return count >= 2 && count <= PARTS_MAX;
}

/* The parts of a word; single letters are left out, for they say nothing. */
static int take_parts(const scanner *s, size_t from, size_t to)
{
    int stop = 0;
    for (size_t i = from; i < to && !stop;) {
        size_t end = part_end(s, i, to);
        if (end - i > 1 || s->class[i] == PLI_CHAR_DIGIT)
            stop = s->take(s->payload, PLI_TOKEN_PART, i, end);
        i = end;
    }
    return stop;
}

static int take_word(const scanner *s, size_t from, size_t to)
{
    int stop = s->take(s->payload, PLI_TOKEN_WORD, from, to);
    if (stop || to - from > PARTED_MAX || !is_parted(s, from, to)) return stop;
    return take_parts(s, from, to);
}

/* The words in [from, to), parted by joints. */
static int take_words(const scanner *s, size_t from, size_t to)
{
    int stop = 0;
    for (size_t i = from; i < to && !stop;) {
        size_t first = i, letters = 0;
        while (i < to && in_word(s, i)) letters += s->class[i++] != PLI_CHAR_MARK;
        if (letters) stop = take_word(s, first, i);
        if (i == first) i++;
    }
    return stop;
}

/* What is kept before a name that begins at `at`: - -- . + $ @ # % as in --force, .net, $HOME. */
static size_t with_prefix(const scanner *s, size_t at, size_t from)
{
    if (at == from) return at;
    size_t i = at - 1;
    if (s->class[i] == PLI_CHAR_SOFT) {
        if (s->text[i] == '-' && i > from && s->text[i - 1] == '-') i--;
        return i;
    }
    int32_t c = s->text[i];
    int sigil = c == '$' || c == '@' || c == '#' || c == '%';
    return sigil && (i == from || !pli_char_in_word(s->class[i - 1])) ? i : at;
}

/* What is kept behind one: + ++ # as in c++, c#. */
static size_t with_suffix(const scanner *s, size_t at, size_t to)
{
    size_t i = at;
    if (i < to && s->text[i] == '#') {
        i++;
    } else {
        while (i < to && i < at + 2 && s->text[i] == '+') i++;
    }
    return i == to || !in_word(s, i) ? i : at;
}

typedef struct span {
    size_t from, to;
} span;

/*
 * The next name in *at < to, with its prefix and suffix; *at moves behind it. Hard joints around
 * it and soft ones at its ends are left out. 0 when there is none.
 */
static int next_name(const scanner *s, size_t from, size_t *at, size_t to, span *name)
{
    while (*at < to) {
        size_t i = *at;
        while (i < to && s->class[i] != PLI_CHAR_HARD) i++;
        size_t first = *at, last = i;
        *at = i + 1;
        while (first < last && s->class[first] == PLI_CHAR_SOFT) first++;
        while (last > first && s->class[last - 1] == PLI_CHAR_SOFT) last--;
        size_t j = first;
        while (j < last && s->class[j] == PLI_CHAR_UNDERSCORE) j++;
        if (j == last) continue;
        name->from = with_prefix(s, first, from);
        name->to = with_suffix(s, last, to);
        return 1;
    }
    return 0;
}

/*
 * Takes a name as a whole, if it has joints. Words with hyphens, and letters and digits with one
 * (apt-get, utf-8), are joined instead: people write them either way (aptget, utf8).
 */
static int take_name(const scanner *s, span name)
{
    size_t hyphens = 0, letters = 0, digits = 0, others = 0;
    for (size_t i = name.from; i < name.to; i++) {
        hyphens += s->text[i] == '-';
        letters += pli_char_is_letter(s->class[i]);
        digits += s->class[i] == PLI_CHAR_DIGIT;
        others += s->text[i] != '-' && !pli_char_in_word(s->class[i]);
    }
    if (hyphens + others == 0) return 0;
    int joined = !others && letters && (!digits || hyphens == 1) && s->text[name.from] != '-';
    return s->take(s->payload, joined ? PLI_TOKEN_JOINED : PLI_TOKEN_WHOLE, name.from, name.to);
}

/* A stretch that has joints. */
static int take_names(const scanner *s, size_t from, size_t to)
{
    span all = {0, 0}, name;
    size_t at = from, count = 0;
    int stop = 0;
    while (!stop && next_name(s, from, &at, to, &name)) {
        if (!count++) all.from = name.from;
        all.to = name.to;
        stop = take_name(s, name);
        if (!stop) stop = take_words(s, name.from, name.to);
    }
    if (!stop && count > 1) stop = s->take(s->payload, PLI_TOKEN_WHOLE, all.from, all.to);
    return stop;
}

/* A stretch of word characters and joints; returns its end. */
static size_t stretch_end(const scanner *s, size_t i, int *joints)
{
    *joints = 0;
    for (; i < s->end; i++) {
        if (is_joint(s->class[i])) {
            *joints = 1;
        } else if (!in_word(s, i)) {
            break;
        }
    }
    return i;
}

/* Characters of a script without spaces from i on, with the marks on them; moves i behind. */
static int take_characters(const scanner *s, size_t *i)
{
    size_t before = *i, first = *i;
    int stop = 0;
    while (!stop && *i < s->end && s->class[*i] == PLI_CHAR_UNSPACED) {
        first = (*i)++;
        while (*i < s->end && s->class[*i] == PLI_CHAR_MARK) (*i)++;
        stop = s->take(s->payload, PLI_TOKEN_CHARACTER, first, *i);
        if (!stop && before < first) stop = s->take(s->payload, PLI_TOKEN_PAIR, before, *i);
        before = first;
    }
    return stop;
}

int pli_scan(const pli_run *run, pli_token_fn *take, void *payload)
{
    scanner s = {run->text.at, run->class, run->text.count, take, payload};
    int stop = 0;
    for (size_t i = 0; i < s.end && !stop;) {
        if (s.class[i] == PLI_CHAR_UNSPACED) {
            stop = take_characters(&s, &i);
        } else if (pli_char_in_word(s.class[i]) || is_joint(s.class[i])) {
            int joints;
            size_t from = i;
            i = stretch_end(&s, i, &joints);
            stop = joints ? take_names(&s, from, i) : take_words(&s, from, i);
        } else {
            i++;
        }
    }
    return stop;
}
