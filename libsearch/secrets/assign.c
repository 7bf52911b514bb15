/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Assignments: a name, an operator, a value, in the forms of shells, YAML, JSON, INI, URLs, XML and
 * programming languages.
 *
 *   password=x   password: x   "password": "x"   password := 'x'   :password => "x"
 *   password: str = "x"   config["password"] = "x"   <password>x</password>   --password=x
 *   {"name": "DB_PASSWORD", "value": "x"}   auth=("user", "x")   Authorization: Token x
 *   getenv("DB_PASSWORD", "x")
 *
 * The text may be JSON of such texts, so a backslash before a quote belongs to the quote.
 */
#include <config.h>

#include "secrets/secrets.h"

#include <string.h>

enum { VALUE_MAX = 512 }; /* bytes of a value that are read; longer ones are cut */

/* What stands between a name and its value. */
typedef enum operation {
    NO_OPERATION,
    ASSIGNS, /* = := => */
    COLON,
    COMPARES, /* == != */
    COMMA,    /* ("NAME", "x") */
    SAYS,     /* the password is x */
    TAG,      /* <name> */
    PAIRS     /* "name": "NAME", "value": */
} operation;

typedef struct parsing {
    const pli_text *text;
    size_t at;      /* where the value may begin                           */
    operation op;
    int tight;      /* no blanks around the operator                       */
    size_t gap;     /* blanks behind it                                    */
    int quoted_name;
    pli_span value;
    int quoted;     /* the value is in quotes                              */
    int call;       /* the value is a call or an element: f(…), a[…]       */
} parsing;

/* ---- operators ------------------------------------------------------------------------------ */

/* Past a quote with backslashes before it; the same place where there is none. */
static size_t skip_quote(const pli_text *text, size_t at)
{
    size_t i = at;
    while (pli_at(text, i) == '\\' && i < at + 4) i++;
    return pli_is_quote(pli_at(text, i)) ? i + 1 : at;
}

/* Past `"value":` behind a name in quotes, or the same place. */
static size_t skip_value_member(const pli_text *text, size_t at)
{
    size_t i = at, most = at + 64;
    for (; i < most; i++) {
        unsigned char c = pli_at(text, i);
        if (c == '\\' && pli_at(text, i + 1) == 'n')
            i++; /* a line end in JSON */
        else if (!c || !strchr(" \t\r\n,", c))
            break;
    }
    i = skip_quote(text, i);
    if (i == at || !pli_text_has(text, i, "value")) return at;
    i = pli_skip_blanks(text, skip_quote(text, i + 5));
    return pli_at(text, i) == ':' || pli_at(text, i) == '=' ? i + 1 : at;
}

static int is_tag(const pli_text *text, pli_span name)
{
    return pli_at(text, name.start - 1) == '<' ||
           (pli_at(text, name.start - 1) == ':' && pli_at(text, name.end) == '>');
}

/* getenv("NAME": the name is the first argument of a call. */
static int opens_call(const pli_text *text, pli_span name)
{
    size_t i = name.start;
    if (!i || !pli_is_quote(text->bytes[i - 1])) return 0;
    for (i--; i > 0 && text->bytes[i - 1] == '\\';) i--;
    return i > 0 && text->bytes[i - 1] == '(';
}

/* "is", "was", "is:": *end is behind it. */
static int says(const pli_text *text, size_t at, size_t *end)
{
    size_t i = at + (pli_text_has(text, at, "is") ? 2 : pli_text_has(text, at, "was") ? 3 : 0);
    if (pli_at(text, i) == ':') i++;
    if (i == at || !pli_is_blank(pli_at(text, i))) return 0;
    *end = i;
    return 1;
}

static void read_operation(parsing *p, pli_span name)
{
    const pli_text *text = p->text;
    size_t i = skip_quote(text, name.end);
    p->quoted_name = i > name.end;
    if (pli_at(text, i) == '[') i++; /* char password[] */
    if (pli_at(text, i) == ']') i++; /* config["password"] */
    size_t operator = pli_skip_blanks(text, i);
    unsigned char c = pli_at(text, operator), next = pli_at(text, operator + 1);
    size_t end = operator;
    p->op = NO_OPERATION;
    if (c == '=' && next != '~') {
        while (pli_at(text, end) == '=' && end < operator + 3) end++;
        p->op = end > operator + 1 ? COMPARES : ASSIGNS;
        if (pli_at(text, end) == '>') end++;
    } else if (c == ':' && next != ':') {
        end += next == '=' ? 2 : 1;
        p->op = next == '=' ? ASSIGNS : COLON;
    } else if (next == '=' && (c == '?' || c == '+' || c == '!')) {
        end += 2;
        while (pli_at(text, end) == '=' && end < operator + 3) end++;
        p->op = c == '!' ? COMPARES : ASSIGNS;
    } else if (c == '>' && !p->quoted_name && operator == name.end && is_tag(text, name)) {
        end++;
        p->op = TAG;
    } else if (c == ',' && opens_call(text, name) && skip_value_member(text, i) == i) {
        end++;
        p->op = COMMA;
    } else if (operator > name.end && !p->quoted_name && says(text, operator, &end)) {
        p->op = SAYS;
    } else if (p->quoted_name || c == '\n' || c == '\r' || (c == '\\' && next == 'n')) {
        end = skip_value_member(text, i);
        if (end > i) p->op = PAIRS;
    }
    p->at = pli_skip_blanks(text, end);
    p->tight = operator == i && p->at == end;
    p->gap = p->at - end;
}

/* ---- values --------------------------------------------------------------------------------- */

static int ends_bare(unsigned char c)
{
    return c <= ' ' || strchr("\"'`<>(){}[],;&|\\", c) != NULL;
}

/*
 * Between quotes: the content ends at the quote that began it (behind as many backslashes), in the
 * same line. What follows a quote that ends a string ("password=" + x) is no content.
 */
static int read_quoted(parsing *p, size_t at, size_t quote)
{
    const pli_text *text = p->text;
    unsigned char q = pli_at(text, quote);
    size_t slashes = quote - at, start = quote + 1;
    if (pli_at(text, start) == q && pli_at(text, start + 1) == q) start += 2; /* """x""" */
    unsigned char first = pli_at(text, start);
    if (first == 0 || strchr("+.,;)}] \t\r\n\"'", first)) return 0;
    size_t i = start;
    for (; i < text->len && i < start + VALUE_MAX; i++) {
        unsigned char c = text->bytes[i];
        if (c == '\n') break;
        if (c == '\\' && slashes == 0)
            i++;
        else if (c == q)
            break;
    }
    p->quoted = 1;
    if (i >= text->len || text->bytes[i] == '\n') { /* no quote ends it: a word, then */
        for (i = start; i < text->len && !ends_bare(text->bytes[i]);) i++;
        slashes = 0;
    }
    p->value = (pli_span){start, i >= start + slashes ? i - slashes : start};
    return p->value.end > start;
}

/* A name with its members, as a.b->c, before a bracket: a call or an element. */
static int is_call(const pli_text *text, pli_span value)
{
    unsigned char first = pli_at(text, value.start), after = pli_at(text, value.end);
    if (after != '(' && after != '[') return 0;
    for (size_t i = value.start; i < value.end; i++)
        if (!pli_is_alnum(text->bytes[i]) && !strchr("_.:?!$@-", text->bytes[i])) return 0;
    return !pli_is_digit(first);
}

static int read_bare(parsing *p, size_t at)
{
    const pli_text *text = p->text;
    size_t i = at;
    while (i < text->len && i < at + VALUE_MAX && !ends_bare(text->bytes[i])) i++;
    p->value = (pli_span){at, i};
    p->quoted = 0;
    p->call = is_call(text, p->value);
    return i > at;
}

/* b"x", f'x', R"x", @"x": the prefix of a string in some languages. */
static size_t skip_string_prefix(const pli_text *text, size_t at)
{
    size_t i = at;
    while (i < at + 2 && pli_at(text, i) && strchr("bBrRuUfFlL@$&", pli_at(text, i))) i++;
    return i > at && (pli_at(text, i) == '"' || pli_at(text, i) == '\'') ? i : at;
}

static int read_value(parsing *p, size_t at)
{
    at = skip_string_prefix(p->text, at);
    size_t quote = skip_quote(p->text, at);
    return quote > at ? read_quoted(p, at, quote - 1) : read_bare(p, at);
}

int pli_read_value(pli_span *value, int *quoted, const pli_text *text, size_t at)
{
    parsing p = {.text = text};
    if (!read_value(&p, at) || p.call) return 0;
    *value = p.value;
    *quoted = p.quoted;
    return 1;
}

/* password: Optional[str] = "x": the type is no value. 1 when there is one in quotes behind it. */
static int read_behind_type(parsing *p)
{
    const pli_text *text = p->text;
    size_t i = p->at;
    while (i < p->at + 48 && pli_at(text, i) &&
           (pli_is_alnum(text->bytes[i]) || strchr("_.&<>[]|? ':", text->bytes[i])))
        i++;
    if (pli_at(text, i) != '=' || pli_at(text, i + 1) == '=' || i == p->at) return 0;
    i = skip_string_prefix(text, pli_skip_blanks(text, i + 1));
    size_t quote = skip_quote(text, i);
    return quote > i && read_quoted(p, i, quote - 1);
}

/* auth=("user", "x"): the second of two strings. */
static int read_second(parsing *p)
{
    const pli_text *text = p->text;
    if (pli_at(text, p->at) != '(') return 0;
    parsing first = *p;
    size_t at = pli_skip_blanks(text, p->at + 1), quote = skip_quote(text, at);
    if (quote == at || !read_quoted(&first, at, quote - 1)) return 0;
    at = pli_skip_blanks(text, skip_quote(text, first.value.end));
    if (pli_at(text, at) != ',') return 0;
    at = pli_skip_blanks(text, at + 1);
    quote = skip_quote(text, at);
    return quote > at && read_quoted(p, at, quote - 1);
}

/*
 * Authorization: Token x. The scheme is no value; the word behind it is. Bearer and Basic have
 * rules of their own. 0: there is no value.
 */
static int skip_scheme(parsing *p)
{
    static const char *const SCHEMES[] = {"bearer", "basic", "token", "apikey", "api-key", "key",
                                          "digest", "splunk", "geniekey", "sso-key"};
    const pli_text *text = p->text;
    for (size_t i = 0; i < sizeof SCHEMES / sizeof *SCHEMES; i++) {
        size_t len = strlen(SCHEMES[i]), at = p->value.start;
        if (!pli_text_has(text, at, SCHEMES[i]) || !pli_is_blank(pli_at(text, at + len))) continue;
        int quoted = p->quoted;
        if (i < 2 || !read_value(p, pli_skip_blanks(text, at + len))) return 0;
        p->quoted |= quoted;
        return 1;
    }
    return 1;
}

/* ---- the whole ------------------------------------------------------------------------------ */

/* The part of the run that is the name: what follows its last full stop. */
static pli_span name_of(const pli_text *text, pli_span run)
{
    size_t start = run.end, least = run.end - run.start > 64 ? run.end - 64 : run.start;
    while (start > least && text->bytes[start - 1] != '.') start--;
    return (pli_span){start, run.end};
}

static int is_upper_name(const pli_text *text, pli_span name)
{
    int letters = 0;
    for (size_t i = name.start; i < name.end; i++) {
        if (pli_is_lower(text->bytes[i])) return 0;
        letters |= pli_is_upper(text->bytes[i]);
    }
    return letters;
}

/* Whether a line ends at i, in a text or inside JSON: blanks and a comment may follow. */
static int ends_line(const pli_text *text, size_t i)
{
    size_t end = pli_skip_blanks(text, i);
    unsigned char c = pli_at(text, end);
    if (c == '#') return end > i;
    if (c == '\\') return pli_at(text, end + 1) == 'n';
    return c == 0 || c == '\n' || c == '\r' || c == '"';
}

/* Whether a line begins before i: blanks and a dash may stand between. */
static int begins_line(const pli_text *text, size_t i)
{
    size_t least = i > 64 ? i - 64 : 0;
    while (i > least && (pli_is_blank(text->bytes[i - 1]) || text->bytes[i - 1] == '-')) i--;
    unsigned char c = pli_at(text, i - 1);
    return c == 0 || c == '\n' || c == '"' || (c == 'n' && pli_at(text, i - 2) == '\\');
}

static int is_lower_name(const pli_text *text, pli_span name)
{
    for (size_t i = name.start; i < name.end; i++)
        if (pli_is_upper(text->bytes[i])) return 0;
    return 1;
}

/* … and the password: x and …; a word stands before the name, and one behind the value. */
static int is_prose(const pli_text *text, pli_span name, pli_span value)
{
    size_t next = pli_skip_blanks(text, value.end), least = name.start > 64 ? name.start - 64 : 0;
    size_t before = name.start;
    while (before > least && pli_is_blank(text->bytes[before - 1])) before--;
    return before < name.start && pli_in_run(pli_at(text, before - 1)) && next > value.end &&
           text->bytes[value.end - 1] != '.' &&
           (pli_in_run(pli_at(text, next)) || pli_at(text, next) == '/');
}

static pli_standing standing_of(const parsing *p, pli_span name, pli_name_class class)
{
    const pli_text *text = p->text;
    unsigned char before = pli_at(text, name.start - 1);
    if (p->quoted || p->op == TAG || p->op == PAIRS) return PLI_LITERAL;
    if (p->op == SAYS) return PLI_PROSE;
    if (p->op == ASSIGNS && p->tight) {
        int flag = pli_at(text, name.start) == '-';
        int query = before && strchr("?&;", before);
        return flag || query || is_upper_name(text, name) ? PLI_LITERAL : PLI_TIGHT;
    }
    if (p->op == COLON && p->tight && class == PLI_NAME_PASS) return PLI_TIGHT; /* pass:x */
    int yaml = p->op == COLON && p->gap >= 1 && p->gap <= 3;
    if (yaml && begins_line(text, name.start) && ends_line(text, p->value.end) &&
        (is_lower_name(text, name) || is_upper_name(text, name)))
        return PLI_LINE;
    return is_prose(text, name, p->value) ? PLI_PROSE : PLI_LOOSE;
}

/* <password>x</password>: the tag must be closed behind the value. */
static int is_closed(const parsing *p)
{
    return pli_at(p->text, p->value.end) == '<' && pli_at(p->text, p->value.end + 1) == '/';
}

int pli_match_assignment(pli_span *found, const pli_rule *rule, const pli_text *text, pli_span run)
{
    parsing p = {.text = text};
    pli_span name = name_of(text, run);
    read_operation(&p, name);
    if (p.op == NO_OPERATION) return 0;
    pli_name_class class =
        pli_name_classify(text->bytes + name.start, name.end - name.start);
    if (!(rule->classes >> class & 1)) return 0;
    if (class == PLI_NAME_AUTH && p.op == ASSIGNS && read_second(&p))
        class = PLI_NAME_PASSWORD;
    else if (!(p.op == COLON && read_behind_type(&p)) && !read_value(&p, p.at))
        return 0;
    if (p.op == SAYS && class == PLI_NAME_AUTH) return 0;
    if (class == PLI_NAME_AUTH && !skip_scheme(&p)) return 0;
    if (p.call || (p.op == TAG && !is_closed(&p))) return 0;
    int weak = p.op == COMPARES || p.op == COMMA; /* any word may be there */
    if (weak && !p.quoted) return 0;
    if (weak && class == PLI_NAME_PASSWORD) class = PLI_NAME_PASS;
    if (!pli_value_is_secret(class, standing_of(&p, name, class), text->bytes + p.value.start,
                             p.value.end - p.value.start))
        return 0;
    *found = p.value;
    return 1;
}
