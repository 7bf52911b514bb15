/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Passwords in command lines and statements, where white space alone stands before the value.
 *
 *   --password x   -pX of mysql   -u user:x of curl   sshpass -p x   redis-cli -a x
 *   IDENTIFIED BY 'x'   PASSWORD 'x'   #define PASSWORD "x"   machine h login u password x
 */
#include <config.h>

#include "secrets/secrets.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { LINE_MAX_LOOK = 256 };

static int is_secret(pli_span *found, const pli_text *text, pli_span value, pli_name_class class,
                     pli_standing standing)
{
    if (value.end <= value.start) return 0;
    if (!pli_value_is_secret(class, standing, text->bytes + value.start, value.end - value.start))
        return 0;
    *found = value;
    return 1;
}

/* ---- the command before --------------------------------------------------------------------- */

/* Where the command begins that the byte at `at` belongs to, at most 256 bytes back. */
static size_t command_start(const pli_text *text, size_t at)
{
    size_t least = at > LINE_MAX_LOOK ? at - LINE_MAX_LOOK : 0;
    while (at > least && !strchr("\n|;", text->bytes[at - 1]) && text->bytes[at - 1]) at--;
    return at;
}

/* Whether one of the words stands between start and end as a word, path and all. */
static int has_word(const pli_text *text, size_t start, size_t end, const char *const *words,
                    size_t count)
{
    for (size_t i = start; i < end; i++) {
        unsigned char before = i > start ? text->bytes[i - 1] : ' ';
        if (pli_in_run(before) || !pli_is_alnum(text->bytes[i])) continue;
        for (size_t w = 0; w < count; w++) {
            size_t after = i + strlen(words[w]);
            if (after < end && pli_text_has(text, i, words[w]) && !pli_in_run(text->bytes[after]))
                return 1;
        }
    }
    return 0;
}

/* ---- flags ---------------------------------------------------------------------------------- */

/* --client-secret x */
static int long_flag(pli_span *found, const pli_text *text, pli_span run)
{
    size_t name = run.start;
    while (name < run.end && text->bytes[name] == '-') name++;
    if (run.end - name < 4 || !pli_is_blank(pli_at(text, run.end))) return 0;
    pli_name_class class = pli_name_classify(text->bytes + name, run.end - name);
    if (class == PLI_NAME_PLAIN) return 0;
    size_t at = pli_skip_blanks(text, run.end);
    pli_span value;
    int quoted;
    if (pli_at(text, at) == '-' || !pli_read_value(&value, &quoted, text, at)) return 0;
    /* in quotes, a plain word may be a prompt as well: zenity --password "message" */
    if (quoted && class == PLI_NAME_PASSWORD) class = PLI_NAME_PASS;
    return is_secret(found, text, value, class, quoted ? PLI_LITERAL : PLI_LOOSE);
}

/* The value of a short flag: joined to it, in quotes, or the next word. */
static int short_value(pli_span *value, const pli_text *text, pli_span run, int joined)
{
    int quoted;
    size_t at = run.start + 2;
    if (!joined) {
        if (run.end != at || !pli_is_blank(pli_at(text, at))) return 0;
        at = pli_skip_blanks(text, at);
    }
    return pli_read_value(value, &quoted, text, at);
}

static int short_flag(pli_span *found, const pli_text *text, pli_span run)
{
    static const char *const JOINED[] = {"mysql", "mysqldump", "mysqladmin", "mysqlimport",
                                         "mysqlshow", "mysqlcheck", "mysqlpump", "mariadb",
                                         "mariadb-dump", "mariadb-admin", "sshpass"};
    static const char *const APART_P[] = {"sshpass", "docker login", "podman login",
                                          "helm registry login", "twine upload"};
    static const char *const APART_A[] = {"redis-cli", "valkey-cli"};
    static const char *const OTHERS[] = {"-print", "-prune", "-path",    "-perm",
                                         "-port",  "-pid",   "-password"};
    unsigned char letter = pli_at(text, run.start + 1);
    if (letter != 'p' && letter != 'a') return 0;
    unsigned char before = pli_at(text, run.start - 1);
    if (before > ' ' && !pli_is_quote(before)) return 0;
    for (size_t i = 0; i < COUNT(OTHERS); i++)
        if (pli_text_has(text, run.start, OTHERS[i])) return 0;
    size_t start = command_start(text, run.start);
    pli_span value;
    if (letter == 'p' && has_word(text, start, run.start, JOINED, COUNT(JOINED)) &&
        short_value(&value, text, run, 1))
        return !pli_is_digit(pli_at(text, value.start)) &&
               is_secret(found, text, value, PLI_NAME_PASSWORD, PLI_LITERAL);
    int apart = letter == 'p' ? has_word(text, start, run.start, APART_P, COUNT(APART_P))
                              : has_word(text, start, run.start, APART_A, COUNT(APART_A));
    return apart && short_value(&value, text, run, 0) &&
           is_secret(found, text, value, PLI_NAME_PASSWORD, PLI_LITERAL);
}

/* curl -u user:x, wget --user=… has a flag for the password of its own; smbclient -U user%x */
static int user_flag(pli_span *found, const pli_text *text, pli_span run)
{
    static const char *const WEB[] = {"curl", "http", "https", "httpie", "ab", "hey", "wrk"};
    static const char *const SMB[] = {"smbclient", "rpcclient", "smbget", "net", "winexe"};
    int web = pli_text_has(text, run.start, "-u") || pli_text_has(text, run.start, "-a");
    size_t len = run.end - run.start;
    if (len > 2 && !((len == 6 && pli_text_has(text, run.start, "--user")) ||
                     (len == 12 && pli_text_has(text, run.start, "--proxy-user"))))
        return 0;
    if (len == 2 && !web) return 0;
    if (!strchr(" \t=", pli_at(text, run.end)) || !pli_at(text, run.end)) return 0;
    size_t at = pli_skip_blanks(text, run.end + 1), start = command_start(text, run.start);
    int smb = text->bytes[run.start + 1] == 'U';
    pli_span value;
    int quoted;
    if (!has_word(text, start, run.start, smb ? SMB : WEB, smb ? COUNT(SMB) : COUNT(WEB)) ||
        !pli_read_value(&value, &quoted, text, at))
        return 0;
    const unsigned char *from = text->bytes + value.start;
    const unsigned char *mark = memchr(from, smb ? '%' : ':', value.end - value.start);
    if (!mark || mark == from || pli_at(text, value.start + (size_t)(mark - from) + 1) == '/')
        return 0;
    value.start += (size_t)(mark - from) + 1;
    return is_secret(found, text, value, PLI_NAME_PASSWORD, PLI_LITERAL);
}

int pli_match_command(pli_span *found, const pli_rule *rule, const pli_text *text, pli_span run)
{
    (void)rule;
    if (text->bytes[run.start] != '-' || run.end - run.start < 2) return 0;
    if (text->bytes[run.start + 1] == '-' || run.end - run.start > 4)
        if (long_flag(found, text, run)) return 1;
    return user_flag(found, text, run) || short_flag(found, text, run);
}

/* ---- statements ----------------------------------------------------------------------------- */

/* Whether the word stands before `at`, with blanks between. */
static int stands_before(const pli_text *text, size_t at, const char *word)
{
    size_t len = strlen(word), i = at;
    while (i > 0 && i + 8 > at && pli_is_blank(text->bytes[i - 1])) i--;
    return i < at && i >= len && pli_text_has(text, i - len, word) &&
           !pli_in_run(pli_at(text, i - len - 1));
}

/* machine example.org login bob password x */
static int is_netrc(const pli_text *text, size_t at)
{
    size_t start = command_start(text, at);
    static const char *const WORDS[] = {"login", "machine"};
    return has_word(text, start, at, WORDS, 1) && has_word(text, start, at, WORDS + 1, 1);
}

/* IDENTIFIED BY 'x', with the run at BY. */
static int identified(pli_span *found, const pli_text *text, pli_span run, size_t at)
{
    pli_span value;
    int quoted;
    if (!stands_before(text, run.start, "identified")) return 0;
    if (pli_text_has(text, at, "password ")) at = pli_skip_blanks(text, at + 9);
    /* in lower case it may be prose: the commands identified by "code" */
    int sql = text->bytes[run.start] == 'B';
    return strchr("\"'", pli_at(text, at)) && pli_read_value(&value, &quoted, text, at) && quoted &&
           is_secret(found, text, value, sql ? PLI_NAME_PASSWORD : PLI_NAME_PASS, PLI_LITERAL);
}

int pli_match_statement(pli_span *found, const pli_rule *rule, const pli_text *text, pli_span run)
{
    (void)rule;
    pli_span value;
    int quoted;
    size_t len = run.end - run.start;
    if (!pli_is_blank(pli_at(text, run.end)) || text->bytes[run.start] == '-') return 0;
    size_t at = pli_skip_blanks(text, run.end);
    if (len == 2 && pli_text_has(text, run.start, "by")) return identified(found, text, run, at);
    int sets = stands_before(text, run.start, "#define") || stands_before(text, run.start, "env");
    int netrc = len == 8 && pli_text_has(text, run.start, "password");
    if (!sets && !netrc && !pli_is_quote(pli_at(text, at))) return 0;
    pli_name_class class = pli_name_classify(text->bytes + run.start, len);
    if (class == PLI_NAME_PLAIN || !pli_read_value(&value, &quoted, text, at)) return 0;
    if (sets) return is_secret(found, text, value, class, quoted ? PLI_LITERAL : PLI_TIGHT);
    if (class != PLI_NAME_PASSWORD) return 0;
    if (quoted) return is_secret(found, text, value, PLI_NAME_PASS, PLI_LITERAL);
    return is_netrc(text, run.start) && is_secret(found, text, value, class, PLI_TIGHT);
}
