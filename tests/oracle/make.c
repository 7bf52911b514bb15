/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making documents and queries.
 */
#include <config.h>

#include "tests/oracle/make.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Common words first: a word is drawn by a squared uniform number, so the first are frequent. */
static const char *const WORDS[] = {
    "server", "error", "docker", "running", "run", "install", "python", "the", "database",
    "connection", "timeout", "config", "postgres", "replica", "pg_basebackup", "--no-deps",
    "ECONNREFUSED", "DatabaseModifiedError", "CVE-2024-3094", "caf\xC3\xA9", "stra\xC3\x9F" "e",
    "\xE6\x95\xB0\xE6\x8D\xAE\xE5\xBA\x93", "libfoo.so.1", "v1.22.4", "node.js", "c++", "slot",
    "wal", "kernel", "panic", "of", "memory", "leak", "cache", "proxy", "nginx", "tls", "handshake",
    "certificate", "expired", "mutex", "deadlock", "thread", "pool", "queue", "retry", "backoff",
    "shard", "index", "vacuum", "how", "what", "does", "should", "i"};
enum { WORD_COUNT = sizeof WORDS / sizeof *WORDS };

static const char *const DOMAIN_NAMES[DOMAINS] = {"Databases", "containers", "CI/CD",
                                                  "na\xC3\xAFve \xEF\xBC\xA4omain"};
static const char *const TOOL_NAMES[TOOLS] = {"Docker", "postgresql", "c++", "Node.js", "git",
                                              "\xE5\xB7\xA5\xE5\x85\xB7"};
static const char *const TAG_NAMES[TAGS] = {"ha", "How To", "x", "STRASSE", "replication"};

uint64_t random_next(random_state *r)
{
    uint64_t z = r->state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

int random_below(random_state *r, int bound)
{
    return (int)(random_next(r) % (uint64_t)bound);
}

double random_unit(random_state *r)
{
    return (double)(random_next(r) >> 11) / 9007199254740992.0;
}

int is_experience(int key)
{
    return key % 4 == 3;
}

const char *make_key(char out[40], int key)
{
    snprintf(out, 40, is_experience(key) ? "00000000-0000-4000-8000-%012d" : "doc-%d", key);
    return out;
}

const char *make_name(char out[40], int key, int by_short)
{
    if (!by_short || !is_experience(key)) return make_key(out, key);
    snprintf(out, 40, "short%03d", key % 1000);
    return out;
}

int key_number(const char *key)
{
    return atoi(key + (strncmp(key, "doc-", 4) == 0 ? 4 : 24));
}

const char *make_agent(char out[16], int agent)
{
    snprintf(out, 16, "agent-%d", agent % 1000000); /* never more: gcc wants to see it */
    return out;
}

const char *make_domain(int domain)
{
    return DOMAIN_NAMES[domain];
}

const char *make_tool(int tool)
{
    return TOOL_NAMES[tool];
}

const char *make_tag(int tag)
{
    return TAG_NAMES[tag];
}

const char *make_environment(char out[64], int facts)
{
    static const char *const FACT_TEXTS[FACTS] = {"\"os\":\"linux\"", "\"tools\":[\"git\"]",
                                                  "\"node\":{\"major\":20}"};
    const char *separator = "";
    if (!facts) return NULL;
    strcpy(out, "{");
    for (int i = 0; i < FACTS; i++) {
        if (!(facts >> i & 1)) continue;
        strcat(strcat(out, separator), FACT_TEXTS[i]);
        separator = ",";
    }
    return strcat(out, "}");
}

static void write_words(char *out, size_t size, int count, random_state *r)
{
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < count; i++) {
        double u = random_unit(r);
        const char *word = WORDS[(int)(u * u * WORD_COUNT)];
        if (used + strlen(word) + 2 > size) break;
        used += (size_t)snprintf(out + used, size - used, "%s%s", i ? " " : "", word);
    }
}

/* One of a few directions, slightly off or not: exact and near ties. */
static void write_vector(float out[DIM], random_state *r)
{
    random_state direction = {(uint64_t)random_below(r, 40) * 977};
    double blur = random_below(r, 3) ? 0.0 : 1e-7 * random_unit(r);
    double scale = random_below(r, 2) ? 1.0 : 0.1 + 5.0 * random_unit(r);
    for (int i = 0; i < DIM; i++)
        out[i] = (float)(scale * (2.0 * random_unit(&direction) - 1.0 + blur));
}

static void make_plain(made *out, int key, uint32_t number)
{
    random_state r = {number};
    plurum_document d = PLURUM_DOCUMENT_INIT;
    static const int LENGTHS[PLURUM_TEXT_FIELD_COUNT] = {6, 40, 5, 10};
    memset(out, 0, sizeof *out);
    d.key = make_key(out->key, key);
    for (int f = 0; f < PLURUM_TEXT_FIELD_COUNT; f++) {
        write_words(out->texts[f], sizeof out->texts[f], random_below(&r, LENGTHS[f] + 1), &r);
        d.text[f] = out->texts[f];
    }
    out->domain_number = random_below(&r, DOMAINS + 1) - 1;
    if (out->domain_number >= 0) d.domain = DOMAIN_NAMES[out->domain_number];
    for (int t = 0; t < TOOLS && d.tool_count < 4; t++)
        if (random_below(&r, 3) == 0) {
            out->tools[d.tool_count++] = TOOL_NAMES[t];
            out->tools_mask |= 1 << t;
        }
    for (int t = 0; t < TAGS && d.tag_count < 4; t++)
        if (random_below(&r, 3) == 0) {
            out->tags[d.tag_count++] = TAG_NAMES[t];
            out->tags_mask |= 1 << t;
        }
    d.tools = out->tools;
    d.tags = out->tags;
    out->owner_number = random_below(&r, AGENTS + 2) - 2;
    if (out->owner_number < -1) out->owner_number = -1;
    if (out->owner_number >= 0) d.owner = make_agent(out->owner, out->owner_number);
    int state = random_below(&r, 10);
    d.lifecycle = state < 7 ? PLURUM_PUBLISHED : (plurum_lifecycle)random_below(&r, 4);
    d.visibility = random_below(&r, 10) < 7 ? PLURUM_PUBLIC : (plurum_visibility)random_below(&r, 3);
    d.confidence = random_below(&r, 3) ? random_unit(&r) : NAN;
    d.created_at = 1700000000 + random_below(&r, 50) * 1000;
    if (random_below(&r, 8)) {
        write_vector(out->vector, &r);
        d.vector = out->vector;
        d.dim = DIM;
    }
    out->document = d;
}

/* What the experience of that content projects to, in the same memory. */
static void project(made *m)
{
    plurum_experience_options options = PLURUM_EXPERIENCE_OPTIONS_INIT;
    plurum_experience *experience;
    plurum_error error;
    char *json = make_experience(m);
    options.import = 1;
    if (plurum_experience_parse(&experience, json, strlen(json), &options, &error)) {
        fprintf(stderr, "oracle: %s: %s\n", json, error.text);
        abort();
    }
    const plurum_document *d = plurum_experience_document(experience);
    for (int f = 0; f < PLURUM_TEXT_FIELD_COUNT; f++) {
        snprintf(m->texts[f], sizeof m->texts[f], "%s", d->text[f] ? d->text[f] : "");
        m->document.text[f] = m->texts[f];
    }
    plurum_experience_free(experience);
    m->json = json;
}

const made *make_document(int key, uint32_t number)
{
    static struct {
        int is_filled;
        uint32_t number;
        made made;
    } kept[KEYS];
    if (!kept[key].is_filled || kept[key].number != number) {
        free(kept[key].made.json);
        make_plain(&kept[key].made, key, number);
        if (is_experience(key)) project(&kept[key].made);
        kept[key].is_filled = 1;
        kept[key].number = number;
    }
    return &kept[key].made;
}

void make_query(char text[400], float vector[DIM], int *has_vector, uint32_t number)
{
    random_state r = {number};
    int kind = random_below(&r, 12);
    if (kind == 0)
        strcpy(text, "the of"); /* stop words only */
    else if (kind == 1)
        strcpy(text, "zyzzyva AND (NOT \"quux*"); /* nothing has them */
    else
        write_words(text, 400, 1 + random_below(&r, kind == 2 ? 60 : 6), &r);
    *has_vector = random_below(&r, 6) != 0;
    if (*has_vector) write_vector(vector, &r);
}
