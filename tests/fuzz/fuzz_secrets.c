/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as a text and as JSON for the secrets check. Findings lie within the text, in order and
 * apart, on the line that is told; asking twice gives the same; and what is added behind a line's
 * end takes nothing away.
 */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <plurum/secrets.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds) abort();
}

typedef struct checking {
    const char *text;
    size_t size, count, end;
    size_t lines_to; /* lines are counted up to here */
    uint64_t line;
} checking;

static int is_rule(const char *kind)
{
    for (size_t i = 0; i < plurum_secrets_rule_count(); i++)
        if (plurum_secrets_rule_name(i) == kind) return 1;
    return 0;
}

static int check_text(void *payload, const plurum_secret *secret)
{
    checking *c = payload;
    require(is_rule(secret->kind) && secret->field == NULL && secret->len > 0);
    require(secret->offset >= c->end && secret->len <= c->size - secret->offset);
    c->end = secret->offset + secret->len;
    for (; c->lines_to < secret->offset; c->lines_to++) c->line += c->text[c->lines_to] == '\n';
    require(secret->line == c->line);
    c->count++;
    return 0;
}

static int check_field(void *payload, const plurum_secret *secret)
{
    checking *c = payload;
    require(is_rule(secret->kind) && secret->field && secret->len > 0 && secret->line > 0);
    c->count++;
    return 0;
}

static void check_refusal(const char *text, size_t size, size_t count)
{
    plurum_error error;
    memset(&error, 0, sizeof error);
    plurum_status status = plurum_secrets_check("text", text, size, &error);
    require((status == PLURUM_INVALID) == (count > 0) && status == error.status);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char MORE[] = "\nand more\n";
    char *text = malloc(size + sizeof MORE);
    if (!text) abort();
    if (size) memcpy(text, data, size);
    checking c = {.text = text, .size = size, .line = 1};
    require(plurum_secrets_find(text, size, check_text, &c) == c.count);
    require(plurum_secrets_find(text, size, NULL, NULL) == c.count);
    check_refusal(text, size, c.count);
    memcpy(text + size, MORE, sizeof MORE);
    require(plurum_secrets_find(text, size + sizeof MORE, NULL, NULL) >= c.count);
    checking fields = {.text = text, .size = size, .line = 1};
    size_t count;
    plurum_error error;
    plurum_status status =
        plurum_secrets_find_json(&count, text, size, check_field, &fields, &error);
    require(status == PLURUM_OK || status == PLURUM_INVALID);
    require(count == fields.count && (status == PLURUM_OK || count == 0));
    free(text);
    return 0;
}
