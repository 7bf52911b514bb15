/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Secrets that are known by their own shape: tokens with a prefix, JSON web tokens, header lines of
 * private keys, Bearer and Basic credentials, and URLs with a password.
 */
#include <config.h>

#include "secrets/secrets.h"

#include <string.h>

enum {
    BODY_MAX = 128,       /* bytes of a token's body that are looked at; real ones may be longer  */
    JUDGED_MAX = 64,      /* bytes of it that are judged                                          */
    CUT_MAX = 32,         /* a body this short with dots behind it is one cut off                 */
    BEARER_MIN = 8,       /* bytes of a bearer token                                              */
    HEADER_VALUE_MIN = 5, /* of one behind "Authorization:"                                       */
    AUTHORITY_MAX = 512,  /* bytes of a URL between :// and the host's end                        */
    HEADER_MAX = 64       /* bytes of a key's header line                                         */
};

int pli_text_has(const pli_text *text, size_t i, const char *word)
{
    for (; *word; word++, i++) {
        unsigned char c = pli_at(text, i);
        if ((pli_is_upper(c) ? c + 32 : c) != (unsigned char)*word) return 0;
    }
    return 1;
}

size_t pli_skip_blanks(const pli_text *text, size_t i)
{
    size_t most = i + 64;
    while (i < most && pli_is_blank(pli_at(text, i))) i++;
    return i;
}

/* Whether the word stands at i to the letter. */
static int stands_at(const pli_text *text, size_t i, const char *word)
{
    size_t len = strlen(word);
    return i <= text->len && len <= text->len - i && memcmp(text->bytes + i, word, len) == 0;
}

/* Whether "..." or "…" stands at i: what comes before it is not the whole. */
static int is_cut(const pli_text *text, size_t i)
{
    return pli_text_has(text, i, "...") || pli_text_has(text, i, "\xE2\x80\xA6");
}

/* ---- tokens with a prefix ------------------------------------------------------------------- */

static int in_body(const pli_form *form, unsigned char c)
{
    if (pli_is_digit(c)) return 1;
    if (form->flags & PLI_FORM_HEX) return c >= 'a' && c <= 'f';
    if (pli_is_upper(c)) return 1;
    if (form->flags & PLI_FORM_UPPER) return 0;
    return pli_is_lower(c) || (c && strchr(form->also ? form->also : "_-", c));
}

static int is_form(pli_span *found, const pli_form *form, const pli_text *text, size_t at)
{
    if (!stands_at(text, at, form->prefix)) return 0;
    unsigned char before = pli_at(text, at - 1);
    if (form->flags & PLI_FORM_APART && (before == '-' || before == '_')) return 0;
    size_t body = at + strlen(form->prefix), end = body;
    while (end < body + BODY_MAX && in_body(form, pli_at(text, end))) end++;
    /* a full stop that ends the sentence is none of the body's */
    while (end > body && text->bytes[end - 1] == '.') end--;
    size_t size = end - body;
    if (size < form->least || (form->most && size > form->most)) return 0;
    if (form->most && pli_is_alnum(pli_at(text, end))) return 0;
    if (size < CUT_MAX && is_cut(text, end) && !form->most) return 0;
    const unsigned char *bytes = text->bytes + body;
    size_t judged = size < JUDGED_MAX ? size : JUDGED_MAX;
    *found = (pli_span){at, end};
    if (form->flags & PLI_FORM_RAW) return !pli_value_veiled(bytes, judged);
    if (pli_value_random(bytes, judged)) return 1;
    if (!(form->flags & PLI_FORM_PROOF)) return 0;
    pli_value value = pli_value_judge(bytes, judged);
    return value.kind != PLI_VALUE_NOTHING && value.digits > 2;
}

int pli_match_form(pli_span *found, const pli_rule *rule, const pli_text *text, pli_span place)
{
    unsigned char first = text->bytes[place.start];
    for (size_t i = 0; i < rule->form_count; i++)
        if (rule->forms[i].prefix[0] == (char)first &&
            is_form(found, &rule->forms[i], text, place.start))
            return 1;
    return 0;
}

/* ---- JSON web tokens ------------------------------------------------------------------------ */

static int in_base64url(unsigned char c)
{
    return pli_is_alnum(c) || c == '_' || c == '-';
}

static size_t segment_end(const pli_text *text, size_t i)
{
    while (in_base64url(pli_at(text, i))) i++;
    return i;
}

/*
 * header.payload.signature, or five segments where it is encrypted. The header is base64 of {" and
 * so begins with eyJ. A payload that begins so too is enough: an unsigned token says as much.
 */
int pli_match_jwt(pli_span *found, const pli_rule *rule, const pli_text *text, pli_span place)
{
    (void)rule;
    size_t at = place.start;
    if (!stands_at(text, at, "eyJ") || in_base64url(pli_at(text, at - 1))) return 0;
    size_t header = segment_end(text, at), payload, signature;
    if (header < at + 12 || pli_at(text, header) != '.') return 0;
    payload = segment_end(text, header + 1);
    int is_object = stands_at(text, header + 1, "eyJ") && payload > header + 8;
    if (pli_at(text, payload) != '.') {
        *found = (pli_span){at, payload};
        return is_object;
    }
    signature = segment_end(text, payload + 1);
    *found = (pli_span){at, signature};
    if (is_object) return !is_cut(text, payload);
    return signature >= payload + 17;
}

/* ---- private keys --------------------------------------------------------------------------- */

/* "-----BEGIN … PRIVATE KEY-----" and its kin, and the first line of PuTTY's files. */
int pli_match_private_key(pli_span *found, const pli_rule *rule, const pli_text *text,
                          pli_span place)
{
    (void)rule;
    static const char PUTTY[] = "PuTTY-User-Key-File-";
    size_t at = place.start, i = at;
    if (place.end - at == sizeof PUTTY && stands_at(text, at, PUTTY)) { /* and one digit */
        *found = place;
        return pli_at(text, place.end) == ':';
    }
    while (pli_at(text, i) == '-') i++;
    if (i < at + 4) return 0;
    i = pli_skip_blanks(text, i);
    if (!stands_at(text, i, "BEGIN ")) return 0;
    size_t label = i, most = i + HEADER_MAX;
    while (i < most && (pli_is_upper(pli_at(text, i)) || pli_is_digit(pli_at(text, i)) ||
                        pli_at(text, i) == ' '))
        i++;
    *found = (pli_span){at, i + 4};
    return stands_at(text, i, "----") &&
           memmem(text->bytes + label, i - label, "PRIVATE KEY", 11) != NULL;
}

/* ---- Bearer and Basic ----------------------------------------------------------------------- */

static int is_run(const pli_text *text, pli_span run, const char *word)
{
    return run.end - run.start == strlen(word) && pli_text_has(text, run.start, word);
}

/* Past what stands between the scheme and its credentials: blanks, "%20", or a '+' of a URL. */
static size_t skip_scheme_space(const pli_text *text, size_t at)
{
    size_t i = pli_skip_blanks(text, at);
    if (i > at) return i;
    if (pli_text_has(text, at, "%20")) return at + 3;
    return pli_at(text, at) == '+' ? at + 1 : at;
}

/* Whether "Authorization:" stands before, in quotes or without. */
static int is_header(const pli_text *text, size_t at)
{
    static const char NAME[] = "authorization";
    size_t least = at > 8 ? at - 8 : 0, end = at;
    while (end > least && strchr(" \t\"'\\:=,>", text->bytes[end - 1])) end--;
    return end < at && end >= sizeof NAME - 1 && pli_text_has(text, end - (sizeof NAME - 1), NAME);
}

int pli_match_bearer(pli_span *found, const pli_rule *rule, const pli_text *text, pli_span place)
{
    (void)rule;
    if (!is_run(text, place, "bearer")) return 0;
    size_t at = skip_scheme_space(text, place.end), end = at;
    if (at == place.end) return 0;
    while (pli_is_alnum(pli_at(text, end)) ||
           (pli_at(text, end) && strchr("-._~+/=", pli_at(text, end))))
        end++;
    if (is_cut(text, end) && end < at + CUT_MAX) return 0;
    *found = (pli_span){at, end};
    if (end >= at + BEARER_MIN && pli_value_random(text->bytes + at, end - at)) return 1;
    if (end < at + HEADER_VALUE_MIN || !is_header(text, place.start)) return 0;
    pli_value value = pli_value_judge(text->bytes + at, end - at);
    return value.kind != PLI_VALUE_NOTHING && value.digits && !value.technical &&
           !pli_text_has(text, at, "token"); /* token1 */
}

static int base64_value(unsigned char c)
{
    if (pli_is_upper(c)) return c - 'A';
    if (pli_is_lower(c)) return c - 'a' + 26;
    if (pli_is_digit(c)) return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

/* Whether base64 text gives printable characters with a colon inside: user:password. */
static int hides_pair(const pli_text *text, size_t at, size_t end)
{
    unsigned long bits = 0;
    int held = 0, colons = 0;
    size_t length = 0, colon = 0;
    for (; at < end; at++) {
        bits = (bits << 6 | (unsigned long)base64_value(text->bytes[at])) & 0xFFFFFF;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        unsigned char c = (unsigned char)(bits >> held);
        if (c < 0x20 || c >= 0x7F) return 0;
        if (c == ':' && colons++ == 0) colon = length;
        length++;
    }
    return colons && colon > 0 && colon + 1 < length;
}

int pli_match_basic(pli_span *found, const pli_rule *rule, const pli_text *text, pli_span place)
{
    (void)rule;
    if (!is_run(text, place, "basic")) return 0;
    size_t at = skip_scheme_space(text, place.end), end = at;
    if (at == place.end) return 0;
    while (end < at + AUTHORITY_MAX && base64_value(pli_at(text, end)) >= 0) end++;
    *found = (pli_span){at, end};
    return end >= at + 6 && hides_pair(text, at, end);
}

/* ---- URLs ----------------------------------------------------------------------------------- */

static int ends_authority(unsigned char c)
{
    return c <= ' ' || strchr("/\"'`\\", c) != NULL;
}

/* The scheme of a database or broker, drivers and TLS included: mysql+pymysql, rediss. */
static int is_database(const pli_text *text, pli_span scheme)
{
    static const char *const NAMES[] = {"postgres", "mysql", "mariadb", "mongodb", "redis", "amqp"};
    size_t start = scheme.end, least = scheme.end > 32 ? scheme.end - 32 : 0;
    while (start > least && (pli_in_run(text->bytes[start - 1]) || text->bytes[start - 1] == '+')) {
        start--;
        for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
            if (pli_text_has(text, start, NAMES[i])) return 1;
    }
    return 0;
}

/*
 * scheme://user:password@host. The user may be empty, the password may hold anything but what ends
 * the authority. Brackets make it a template, of a URL or of its description.
 */
int pli_match_url(pli_span *found, const pli_rule *rule, const pli_text *text, pli_span place)
{
    (void)rule;
    size_t start = place.end + 3, end = start, colon = 0, at = 0;
    while (end < start + AUTHORITY_MAX && !ends_authority(pli_at(text, end))) {
        unsigned char c = text->bytes[end];
        if (strchr("<>[]{}|", c)) return 0;
        if (c == ':' && !colon) colon = end;
        if (c == '@') at = end;
        end++;
    }
    if (!colon || at <= colon + 1) return 0;
    *found = (pli_span){colon + 1, at};
    const unsigned char *password = text->bytes + colon + 1;
    if (pli_value_is_secret(PLI_NAME_PASSWORD, PLI_LITERAL, password, at - colon - 1)) return 1;
    /* "user:password" opens many a database, in small letters; in others it only shows the form */
    pli_value value = pli_value_judge(password, at - colon - 1);
    int shown = value.kind != PLI_VALUE_NOTHING || value.named;
    return shown && (value.lower || value.digits) && is_database(text, place);
}
