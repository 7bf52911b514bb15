/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The secrets check: provider keys, private keys, tokens and passwords in texts that are to be
 * shared.
 *
 * One table of rules says what is looked for. Prose that only names passwords and tokens passes,
 * and so do placeholders and references (YOUR_API_KEY, $TOKEN, <password>, os.environ["KEY"]);
 * docs/secrets.md says where the line is drawn. Findings tell the kind and the place of a secret,
 * never the secret. Experiences, sessions and outcomes are checked by the calls that take them;
 * plain documents are not.
 */
#ifndef PLURUM_SECRETS_H
#define PLURUM_SECRETS_H

#include <stddef.h>
#include <stdint.h>

#include <plurum/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where a secret is. */
typedef struct plurum_secret {
    const char *kind;  /* name of the rule, as "github-token"; borrowed for ever                   */
    const char *field; /* of a JSON value: as "attempts[3].insight"; NULL in a text. Borrowed      */
                       /* until the callback returns                                               */
    size_t offset;     /* byte at which it begins, 0-based, in the text or the field's text        */
    size_t len;        /* bytes of it that were recognised, at least 1                             */
    uint64_t line;     /* line of the text or the field's text, from 1; lines end with a newline   */
} plurum_secret;

/*
 * Told of every finding, in the order of the text. Called in the thread of the call that takes it.
 * Non-zero: that call ends. secret: borrowed until it returns.
 */
typedef int plurum_secret_found(void *payload, const plurum_secret *secret);

/*
 * Looks for secrets in a text. text: len bytes of any kind, NUL and what is not UTF-8 included.
 * Returns how many there are (the one at which found ended the call is counted).
 * Threads: any. Errors: none. Cost: linear in len, no memory. Since 0.1.
 */
PLURUM_API size_t plurum_secrets_find(const char *text, size_t len, plurum_secret_found *found,
                                      void *payload);

/*
 * Looks through a JSON value: every string at any depth (64 levels at most), every member's name,
 * and every string or number together with the name that it has, so that {"password": "…"} is a
 * finding. count: set to how many there are; NULL is fine. json: len bytes.
 * Threads: any. Errors: INVALID (not JSON; position is the byte), NOMEM. Since 0.1.
 */
PLURUM_API plurum_status plurum_secrets_find_json(size_t *count, const char *json, size_t len,
                                                  plurum_secret_found *found, void *payload,
                                                  plurum_error *error);

/*
 * Refuses a text that holds a secret. field: its name in the error's text, as "topic". text: len
 * bytes. The error names field and kind, and its position is the secret's offset.
 * Threads: any. Errors: INVALID. Since 0.1.
 */
PLURUM_API plurum_status plurum_secrets_check(const char *field, const char *text, size_t len,
                                              plurum_error *error);

/*
 * The same for a JSON value. field: name of the whole of it, as "content". json: len bytes.
 * Threads: any. Errors: INVALID, NOMEM. Since 0.1.
 */
PLURUM_API plurum_status plurum_secrets_check_json(const char *field, const char *json, size_t len,
                                                   plurum_error *error);

/*
 * The rules, by number from 0: how many, a rule's name (the kind of its findings) and a sentence
 * that says what it finds; NULL for a number that is none.
 * Ownership: borrowed for ever. Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API size_t plurum_secrets_rule_count(void);
PLURUM_API const char *plurum_secrets_rule_name(size_t i);
PLURUM_API const char *plurum_secrets_rule_text(size_t i);

#ifdef __cplusplus
}
#endif

#endif
