/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names and what stands beside them: whether a name is one of a password or token, and whether its
 * value is meant as one.
 *
 * What counts of a name is how it ends: db_password and userPassword hold one; password_hash,
 * tokenCount and secretName do not.
 */
#include <config.h>

#include "secrets/secrets.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { NAME_MAX_LOOK = 64 };

/* ---- names ---------------------------------------------------------------------------------- */

/* A name in lower case without joints, and where its words begin. */
typedef struct flat_name {
    char text[NAME_MAX_LOOK + 1];
    char begins[NAME_MAX_LOOK + 1];
    size_t len;
} flat_name;

/* The end of a name, if it is longer than what is looked at. */
static void flatten(flat_name *out, const unsigned char *name, size_t len)
{
    size_t i = len > NAME_MAX_LOOK ? len - NAME_MAX_LOOK : 0;
    int begins = 1;
    out->len = 0;
    for (; i < len; i++) {
        unsigned char c = name[i], before = i ? name[i - 1] : 0;
        if (!pli_is_alnum(c)) {
            begins = 1;
            continue;
        }
        int lower_next = i + 1 < len && pli_is_lower(name[i + 1]);
        if (pli_is_upper(c) && (!pli_is_upper(before) || lower_next)) begins = 1;
        out->begins[out->len] = (char)begins;
        out->text[out->len++] = (char)(pli_is_upper(c) ? c + 32 : c);
        begins = 0;
    }
    out->text[out->len] = '\0';
}

static int ends_with(const flat_name *name, const char *end)
{
    size_t n = strlen(end);
    return name->len >= n && memcmp(name->text + name->len - n, end, n) == 0;
}

/* Drops digits and words behind the one that counts: password2, SECRET_KEY_BASE, token_prod. */
static void drop_tail(flat_name *name)
{
    static const char *const TAILS[] = {"prod",  "production", "dev",  "development", "staging",
                                        "stage", "test",       "base", "old",         "new",
                                        "value", "plain",      "plaintext", "confirm",
                                        "confirmation", "again", "repeat", "default"};
    while (name->len && pli_is_digit((unsigned char)name->text[name->len - 1])) name->len--;
    for (size_t i = 0; i < COUNT(TAILS); i++) {
        size_t n = strlen(TAILS[i]);
        if (name->len > n && ends_with(name, TAILS[i]) && name->begins[name->len - n]) {
            name->len -= n;
            break;
        }
    }
    name->text[name->len] = '\0';
}

/* Whether the word stands right before `end`, as a word. */
static int stands_before(const flat_name *name, size_t end, const char *word)
{
    size_t n = strlen(word);
    return end >= n && memcmp(name->text + end - n, word, n) == 0 && name->begins[end - n];
}

static int any_before(const flat_name *name, size_t end, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (stands_before(name, end, words[i])) return 1;
    return 0;
}

/* Tokens of other trades: of language models, lists in pages, parsers. */
static int is_other_token(const flat_name *name)
{
    static const char *const BEFORE[] = {
        "max",  "min",   "num",    "n",      "eos",   "bos",   "pad",  "unk",     "sep",
        "cls",  "mask",  "stop",   "next",   "page",  "per",   "total", "input",  "output",
        "prompt", "completion", "new", "first", "last", "prev", "previous", "current", "special",
        "start", "end",  "image",  "sync",   "design", "syntax", "cursor", "pagination",
        "scroll", "continuation", "cancellation", "cancel", "resume", "idempotency", "eot", "sot",
        "delim", "delimiter", "lookahead", "csrf", "xsrf", "public"};
    size_t end = name->len - strlen("token");
    return name->begins[end] && any_before(name, end, BEFORE, COUNT(BEFORE));
}

/* db_pass, SMTP_PASS hold a password; debug-pass and render_pass do not. */
static int is_account(const flat_name *name, size_t start)
{
    static const char *const OWNERS[] = {
        "db",    "database", "user",  "usr",   "mysql", "mariadb", "pg",    "postgres", "psql",
        "mongo", "redis",    "smtp",  "mail",  "email", "imap",    "pop",   "pop3",     "ftp",
        "sftp",  "ssh",      "ldap",  "bind",  "proxy", "http",    "basic", "auth",     "login",
        "account", "admin",  "root",  "sudo",  "my",    "app",     "api",   "service",  "client",
        "server", "master",  "vault", "amqp",  "rabbitmq", "mqtt", "broker", "jdbc",    "sql",
        "mssql", "oracle",   "wifi",  "vnc",   "rdp",   "git",     "registry", "docker", "key",
        "store", "ks",       "ts",    "cert",  "zip",   "pdf",     "jenkins", "nexus",  "elastic",
        "es",    "kafka",    "influx", "grafana", "wp", "ssl",     "ca",    "router",   "snmp",
        "become", "bot",     "host",  "remote", "backup", "new",  "old",   "current"};
    return any_before(name, start, OWNERS, COUNT(OWNERS));
}

pli_name_class pli_name_classify(const unsigned char *bytes, size_t len)
{
    static const struct {
        const char *end;
        int whole; /* only where a word begins */
        pli_name_class class;
    } ENDS[] = {
        {"password", 0, PLI_NAME_PASSWORD},    {"passwd", 0, PLI_NAME_PASSWORD},
        {"passphrase", 0, PLI_NAME_PASSWORD},  {"passcode", 0, PLI_NAME_PASSWORD},
        {"pwd", 0, PLI_NAME_PASSWORD},         {"storepass", 0, PLI_NAME_PASSWORD},
        {"keypass", 0, PLI_NAME_PASSWORD},     {"pass", 1, PLI_NAME_PASS},
        {"pw", 1, PLI_NAME_PASS},              {"passwort", 0, PLI_NAME_PASSWORD},
        {"secret", 0, PLI_NAME_SECRET},        {"secretkey", 0, PLI_NAME_SECRET},
        {"secretaccesskey", 0, PLI_NAME_SECRET}, {"privatekey", 0, PLI_NAME_SECRET},
        {"signingkey", 0, PLI_NAME_SECRET},    {"encryptionkey", 0, PLI_NAME_SECRET},
        {"masterkey", 0, PLI_NAME_SECRET},     {"accountkey", 0, PLI_NAME_SECRET},
        {"sharedaccesskey", 0, PLI_NAME_SECRET}, {"apikey", 0, PLI_NAME_TOKEN},
        {"accesskey", 0, PLI_NAME_TOKEN},      {"authkey", 0, PLI_NAME_TOKEN},
        {"subscriptionkey", 0, PLI_NAME_TOKEN}, {"consumerkey", 0, PLI_NAME_TOKEN},
        {"appkey", 0, PLI_NAME_TOKEN},         {"token", 0, PLI_NAME_TOKEN},
        {"jwt", 1, PLI_NAME_TOKEN},            {"authorization", 1, PLI_NAME_AUTH},
        {"auth", 1, PLI_NAME_AUTH},            {"credential", 1, PLI_NAME_AUTH},
        {"credentials", 1, PLI_NAME_AUTH},     {"creds", 1, PLI_NAME_AUTH},
    };
    flat_name name;
    flatten(&name, bytes, len);
    drop_tail(&name);
    for (size_t i = 0; i < COUNT(ENDS); i++) {
        if (!ends_with(&name, ENDS[i].end)) continue;
        size_t start = name.len - strlen(ENDS[i].end);
        if (ENDS[i].whole && !name.begins[start]) continue;
        if (ENDS[i].class == PLI_NAME_PASS && start > 0)
            return is_account(&name, start) ? PLI_NAME_PASSWORD : PLI_NAME_TOKEN;
        if (strcmp(ENDS[i].end, "token") == 0 && is_other_token(&name)) return PLI_NAME_PLAIN;
        return ENDS[i].class;
    }
    return PLI_NAME_PLAIN;
}

/* ---- values --------------------------------------------------------------------------------- */

/* hunter2, trustno1: one word that digits end, long enough to be chosen by somebody. */
static int is_word_with_digits(const pli_value *v)
{
    return v->kind == PLI_VALUE_WORDS && v->digits && v->parts == 1 && v->len >= 6 && v->lower &&
           !v->technical;
}

/* A text between quotes that has spaces: prose, unless a piece of it could only be a secret. */
static int has_secret_piece(const unsigned char *at, size_t len)
{
    size_t start = 0;
    for (size_t i = 0; i <= len; i++) {
        if (i < len && !pli_is_blank(at[i]) && at[i] != '\n' && at[i] != '\r') continue;
        if (i - start >= 6) {
            pli_value piece = pli_value_judge(at + start, i - start);
            int letters = piece.lower || piece.upper;
            if (piece.kind == PLI_VALUE_MIXED && piece.digits && letters) return 1;
        }
        start = i + 1;
    }
    return 0;
}

/* "correct horse battery staple": at least four plain words, none of them one that joins others. */
static int is_passphrase(const unsigned char *at, size_t len)
{
    size_t words = 0, start = 0;
    for (size_t i = 0; i <= len; i++) {
        if (i < len && pli_is_lower(at[i])) continue;
        if (i < len && at[i] != ' ') return 0;
        if (i - start < 3 || i - start > 12) return 0;
        if (pli_value_judge(at + start, i - start).kind != PLI_VALUE_WORDS) return 0;
        words++;
        start = i + 1;
    }
    return words >= 4 && words <= 8;
}

static int is_password(pli_standing standing, const pli_value *v, const unsigned char *at,
                       size_t len)
{
    int identifier = v->kind == PLI_VALUE_WORDS && (v->underscores || v->camel) && !v->symbols;
    if (v->kind == PLI_VALUE_WORDS && !v->lower && !v->digits) return 0; /* DATEI, ПАРОЛЬ */
    if (v->spaces) return has_secret_piece(at, len) || is_passphrase(at, len);
    switch (standing) {
    case PLI_LITERAL: return v->len >= 3 && (v->kind != PLI_VALUE_DIGITS || v->digits >= 4);
    case PLI_TIGHT:
        if (identifier) return 0; /* a variable */
        if (v->kind == PLI_VALUE_DIGITS) return v->digits >= 4;
        if (v->parts > 1 && memchr(at, '.', len) && v->kind == PLI_VALUE_WORDS) return 0;
        return v->len >= 4 && (v->kind == PLI_VALUE_MIXED || v->lower);
    case PLI_LINE:
        if (v->kind == PLI_VALUE_WORDS && v->lower && !v->upper && v->parts == 1 && v->len >= 4)
            return !identifier;
        break;
    case PLI_PROSE:
    case PLI_LOOSE: break;
    }
    if (v->kind == PLI_VALUE_MIXED && v->digits && v->lower && v->len >= 6 && standing > PLI_PROSE)
        return 1; /* s3cret */
    if (v->kind == PLI_VALUE_MIXED)
        return v->len >= 5 && (v->symbols || (v->digits && (v->len >= 8 || v->changes > 2)));
    if (standing == PLI_PROSE) return 0;
    if (v->kind == PLI_VALUE_DIGITS) return v->digits >= 6 && v->parts == 1;
    return is_word_with_digits(v) && !identifier && !pli_is_digit(at[0]);
}

/* "user:hunter2" */
static int is_pair(const unsigned char *at, size_t len)
{
    const unsigned char *colon = memchr(at, ':', len);
    if (!colon || colon == at) return 0;
    size_t left = len - (size_t)(colon + 1 - at);
    pli_value v = pli_value_judge(colon + 1, left);
    return v.kind == PLI_VALUE_MIXED || is_word_with_digits(&v);
}

/* "Token x": the scheme is no value; the word behind it is. */
static void drop_scheme(const unsigned char **at, size_t *len)
{
    const unsigned char *space = memchr(*at, ' ', *len);
    if (!space || space == *at || space + 1 == *at + *len) return;
    size_t left = *len - (size_t)(space + 1 - *at);
    if (memchr(space + 1, ' ', left)) return;
    *at = space + 1;
    *len = left;
}

int pli_value_is_secret(pli_name_class class, pli_standing standing, const unsigned char *at,
                        size_t len)
{
    if (class == PLI_NAME_AUTH) drop_scheme(&at, &len);
    pli_value v = pli_value_judge(at, len);
    if (v.kind == PLI_VALUE_NOTHING) return 0;
    int drawn = v.kind == PLI_VALUE_MIXED && v.digits && !v.spaces;
    int letters = v.kind == PLI_VALUE_MIXED && v.len >= 16 && !v.symbols && !v.spaces;
    switch (class) {
    case PLI_NAME_PLAIN: return 0;
    case PLI_NAME_PASSWORD: return is_password(standing, &v, at, len);
    case PLI_NAME_PASS:
        return standing >= PLI_TIGHT && ((drawn && v.len >= 6) || is_word_with_digits(&v));
    case PLI_NAME_SECRET:
        if (standing >= PLI_TIGHT && is_word_with_digits(&v) && !v.underscores) return 1;
        return (drawn && v.len >= 6) || letters;
    case PLI_NAME_TOKEN:
        return (drawn && v.len >= 8) || letters;
    case PLI_NAME_AUTH:
        return (drawn && v.len >= 8) || letters || (standing == PLI_LITERAL && is_pair(at, len));
    }
    return 0;
}
