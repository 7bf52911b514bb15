/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts of environments, as sorted hashes.
 */
#include <config.h>

#include "engine/search/environment.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <xxhash.h>

#include <plurum/document.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/unicode.h"
#include "experience/json_text.h"

/* A path that is longer goes on from its hash, so that a fact costs no more than its own text. */
enum { LONGEST = 4 * PLURUM_LABEL_MAX };

typedef struct facts {
    pli_environment *out;
    size_t cap;
    pli_buf text; /* the path to the value at hand, and then its own text, behind `begin` */
    size_t begin;
} facts;

/* Adds a name or a value. -1: memory is short. */
static int say(facts *f, const char *text)
{
    char *folded = pli_utf8_fold(text, strlen(text));
    if (!folded) return -1;
    pli_buf_text(&f->text, folded);
    pli_free(folded);
    return f->text.failed ? -1 : 0;
}

static uint64_t hash_of(const facts *f)
{
    return XXH3_64bits(f->text.bytes + f->begin, f->text.len - f->begin);
}

static int add_name(facts *f, const char *name)
{
    if (f->text.len > f->begin) pli_buf_text(&f->text, ".");
    if (say(f, name)) return -1;
    if (f->text.len - f->begin <= LONGEST) return 0;
    uint64_t hash = hash_of(f);
    f->begin = f->text.len;
    pli_buf_add(&f->text, &hash, sizeof hash);
    return f->text.failed ? -1 : 0;
}

static int add_fact(facts *f, const json_t *value)
{
    char number[PLI_NUMBER_SIZE];
    const char *text = json_is_true(value) ? "true" : "false";
    if (json_is_string(value)) text = json_string_value(value);
    if (json_is_integer(value))
        snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
    if (json_is_real(value)) pli_json_number(number, json_real_value(value));
    pli_buf_text(&f->text, "=");
    if (say(f, json_is_number(value) ? number : text)) return -1;
    pli_environment *e = f->out;
    if (pli_grow(&e->facts, &f->cap, e->count, sizeof *e->facts)) return -1;
    e->facts[e->count++] = hash_of(f);
    return 0;
}

/* Adds the facts of a value whose path is in the text, and leaves the path as it was. -1: memory is
 * short. */
static int add_facts(facts *f, const json_t *value)
{
    size_t begin = f->begin, len = f->text.len;
    const char *name;
    json_t *member;
    int failed = 0;
    if (json_is_object(value)) {
        json_object_foreach((json_t *)(uintptr_t)value, name, member) {
            failed |= add_name(f, name) || add_facts(f, member);
            f->begin = begin;
            f->text.len = len;
        }
    } else if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value); i++)
            failed |= add_facts(f, json_array_get(value, i));
    } else if (!json_is_null(value)) {
        failed = add_fact(f, value);
        f->text.len = len;
    }
    return failed;
}

static int ascending(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

plurum_status pli_environment_read(pli_environment *out, const char *json, size_t len,
                                   plurum_error *error)
{
    *out = (pli_environment){0};
    facts f = {.out = out, .text = PLI_BUF_INIT};
    json_t *object = json_loadb(json, len, JSON_REJECT_DUPLICATES, NULL);
    plurum_status status = PLURUM_OK;
    if (!json_is_object(object))
        status = pli_fail(error, PLURUM_INVALID, "environment: a JSON object expected");
    else if (add_facts(&f, object))
        status = pli_nomem(error);
    json_decref(object);
    pli_buf_free(&f.text);
    if (status || !out->count) return status;
    qsort(out->facts, out->count, sizeof *out->facts, ascending);
    size_t kept = 1;
    for (size_t i = 1; i < out->count; i++)
        if (out->facts[i] != out->facts[kept - 1]) out->facts[kept++] = out->facts[i];
    out->count = kept;
    return PLURUM_OK;
}

void pli_environment_free(pli_environment *environment)
{
    pli_free(environment->facts);
    pli_free(environment->shares);
    *environment = (pli_environment){0};
}

double pli_environment_share(const pli_environment *asked, const pli_environment *other)
{
    size_t shared = 0;
    for (size_t i = 0, j = 0; i < asked->count && j < other->count;) {
        if (asked->facts[i] == other->facts[j]) shared++, i++, j++;
        else if (asked->facts[i] < other->facts[j]) i++;
        else j++;
    }
    return asked->count ? (double)shared / (double)asked->count : 0.0;
}

/* Shares by the hash of an environment's bytes: parsing them is what hearing costs. Room for a thousand
 * or so that come again. */
enum { SLOTS = 2048, NEAR = 8 };
struct pli_shares {
    struct slot {
        uint64_t hash;
        double share;
    } slots[SLOTS];
};

/* The slot of an environment, or the one that it is to have. */
static struct slot *slot_of(struct pli_shares *shares, uint64_t hash)
{
    for (size_t i = 0; i < NEAR; i++) {
        struct slot *slot = &shares->slots[(hash + i) % SLOTS];
        if (slot->hash == hash || !slot->hash) return slot;
    }
    return &shares->slots[hash % SLOTS];
}

plurum_status pli_environment_share_of(double *share, pli_environment *asked, pli_slice json,
                                       plurum_error *error)
{
    pli_environment other;
    *share = 0.0;
    if (!json.len) return PLURUM_OK;
    if (!asked->shares) asked->shares = pli_calloc(1, sizeof *asked->shares);
    if (!asked->shares) return pli_nomem(error);
    uint64_t hash = XXH3_64bits(json.bytes, json.len);
    struct slot *slot = slot_of(asked->shares, hash);
    if (slot->hash == hash) {
        *share = slot->share;
        return PLURUM_OK;
    }
    plurum_status status =
        pli_environment_read(&other, (const char *)json.bytes, json.len, error);
    if (!status) *share = pli_environment_share(asked, &other);
    pli_environment_free(&other);
    if (status == PLURUM_NOMEM) return status; /* what is in a row was checked when it came */
    *slot = (struct slot){hash, *share};
    return PLURUM_OK;
}
