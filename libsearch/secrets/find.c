/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The secrets check of a text: one walk over its runs, asking the rules at each.
 */
#include <config.h>

#include "secrets/secrets.h"

#include <string.h>

#include "base/error.h"

enum { TOKEN_RUN_MIN = 15 }; /* no token with its prefix is shorter */

/* ---- places --------------------------------------------------------------------------------- */

static int is_hex(unsigned char c)
{
    return pli_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/*
 * Whether a token may begin at i: not inside a word. The letter of \n, \t, \r and the digits of %3D
 * belong to no word.
 */
static int may_begin(const pli_text *text, size_t i)
{
    unsigned char before = pli_at(text, i - 1);
    if (!pli_is_alnum(before)) return 1;
    if (pli_at(text, i - 2) == '\\') return strchr("nrtbf", before) != NULL;
    return pli_at(text, i - 3) == '%' && is_hex(before) && is_hex(pli_at(text, i - 2));
}

static const pli_rule *ask(pli_span *found, pli_hook hook, const pli_text *text, pli_span place)
{
    for (size_t i = 0; i < pli_rule_count; i++) {
        const pli_rule *rule = &pli_rules[i];
        if (rule->hook == hook && rule->match(found, rule, text, place)) return rule;
    }
    return NULL;
}

/* The first token in a run. A token may run on beyond it, through / and +. */
static const pli_rule *ask_tokens(pli_span *found, const pli_text *text, pli_span run)
{
    for (size_t i = run.start; i < run.end; i++) {
        if (!pli_is_alnum(text->bytes[i]) || !may_begin(text, i)) continue;
        const pli_rule *rule = ask(found, PLI_AT_TOKEN, text, (pli_span){i, run.end});
        if (rule) return rule;
    }
    return NULL;
}

/* Where only the place says that a value is a secret, it may be a token of a known kind. */
static const pli_rule *more_exactly(const pli_rule *rule, pli_span *found, const pli_text *text)
{
    pli_span token;
    const pli_rule *known = rule ? ask(&token, PLI_AT_TOKEN, text, *found) : NULL;
    if (known) *found = token;
    return known ? known : rule;
}

static const pli_rule *ask_all(pli_span *found, const pli_text *text, pli_span run)
{
    const pli_rule *rule = NULL;
    int url = pli_at(text, run.end) == ':' && pli_at(text, run.end + 1) == '/' &&
              pli_at(text, run.end + 2) == '/';
    /* "hooks.slack.com/": a prefix with a path */
    int webhook = pli_at(text, run.end) == '/' && text->bytes[run.end - 1] == 'm';
    if (run.end - run.start >= TOKEN_RUN_MIN || webhook) rule = ask_tokens(found, text, run);
    if (!rule) rule = ask(found, PLI_AT_WORD, text, run);
    if (!rule && url) rule = ask(found, PLI_AT_URL, text, run);
    if (!rule && !url) rule = ask(found, PLI_AT_NAME, text, run);
    return more_exactly(rule, found, text);
}

/* ---- the walk ------------------------------------------------------------------------------- */

typedef struct walk {
    size_t line_from; /* where the count of lines stopped */
    uint64_t line;
} walk;

static uint64_t line_of(walk *w, const pli_text *text, size_t offset)
{
    for (; w->line_from < offset; w->line_from++) w->line += text->bytes[w->line_from] == '\n';
    return w->line;
}

size_t pli_secrets_scan(const char *bytes, size_t len, const char *field,
                        plurum_secret_found *found, void *payload, int *stopped)
{
    pli_text text = {(const unsigned char *)bytes, len};
    walk w = {0, 1};
    size_t count = 0, end = 0; /* of the run that was last measured */
    for (size_t i = 0; i < len;) {
        if (!pli_in_run(text.bytes[i])) {
            i++;
            continue;
        }
        if (end <= i) end = i + 1;
        while (end < len && pli_in_run(text.bytes[end])) end++;
        pli_span run = {i, end}, secret;
        if (run.end > i + 1 && pli_at(&text, i - 1) == '\\' && strchr("nrt", text.bytes[i]))
            run.start++; /* the letter of \n */
        const pli_rule *rule = ask_all(&secret, &text, run);
        i = run.end;
        if (!rule) continue;
        count++;
        i = secret.end > run.start ? secret.end : run.end;
        plurum_secret told = {.kind = rule->name, .field = field, .offset = secret.start,
                              .len = secret.end - secret.start,
                              .line = found ? line_of(&w, &text, secret.start) : 1};
        *stopped = found && found(payload, &told);
        if (*stopped) return count;
    }
    return count;
}

/* ---- the calls ------------------------------------------------------------------------------ */

size_t plurum_secrets_find(const char *text, size_t len, plurum_secret_found *found, void *payload)
{
    int stopped = 0;
    return text ? pli_secrets_scan(text, len, NULL, found, payload, &stopped) : 0;
}

static int keep_first(void *payload, const plurum_secret *secret)
{
    *(plurum_secret *)payload = *secret;
    return 1;
}

plurum_status plurum_secrets_check(const char *field, const char *text, size_t len,
                                   plurum_error *error)
{
    plurum_secret secret;
    if (!plurum_secrets_find(text, len, keep_first, &secret)) return PLURUM_OK;
    pli_fail(error, PLURUM_INVALID, PLI_SECRET_REFUSAL, field ? field : "text", secret.kind,
             secret.offset);
    if (error) error->position = secret.offset;
    return PLURUM_INVALID;
}

size_t plurum_secrets_rule_count(void)
{
    return pli_rule_count;
}

const char *plurum_secrets_rule_name(size_t i)
{
    return i < pli_rule_count ? pli_rules[i].name : NULL;
}

const char *plurum_secrets_rule_text(size_t i)
{
    return i < pli_rule_count ? pli_rules[i].text : NULL;
}
