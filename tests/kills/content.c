/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making and comparing content.
 */
#include <config.h>

#include "tests/kills/content.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const WORDS[] = {
    "server",        "error",      "docker",       "running", "install",     "python",
    "database",      "connection", "timeout",      "config",  "postgres",    "replica",
    "pg_basebackup", "--no-deps",  "ECONNREFUSED", "kernel",  "panic",       "memory",
    "leak",          "cache",      "proxy",        "nginx",   "handshake",   "certificate",
    "mutex",         "deadlock",   "thread",       "pool",    "queue",       "retry",
    "backoff",       "shard",      "index",        "vacuum",  "caf\xC3\xA9", "v1.22.4"};
static const char *const TAG_NAMES[] = {"ha", "networking", "build", "storage"};

typedef struct made_document {
    char key[KEY_SIZE], short_id[PLURUM_SHORT_ID_LEN + 1], owner[AGENT_SIZE], title[80],
        body[BODY_SIZE], created[32];
    const char *domain, *tag;
    plurum_lifecycle lifecycle;
    plurum_visibility visibility;
    double confidence;
    int64_t created_at;
    float vector[DIM];
    int has_vector;
} made_document;

const char *content_key(char out[KEY_SIZE], int thread, int slot)
{
    if (slot % 2 == 0)
        snprintf(out, KEY_SIZE, "plain-%d-%d", thread, slot);
    else
        snprintf(out, KEY_SIZE, "00000000-0000-4000-8000-%04d%08d", thread, slot);
    return out;
}

int content_slot_of(const char *key, int *thread, int *slot)
{
    char same[KEY_SIZE];
    if (sscanf(key, "plain-%d-%d", thread, slot) != 2 &&
        sscanf(key, "00000000-0000-4000-8000-%4d%8d", thread, slot) != 2)
        return -1;
    if (*thread < 0 || *thread >= SHARES || *slot < 0 || *slot >= SLOTS) return -1;
    return strcmp(content_key(same, *thread, *slot), key) == 0 ? 0 : -1;
}

const char *content_agent(char out[AGENT_SIZE], int thread, int agent)
{
    snprintf(out, AGENT_SIZE, "agent-%d-%d", thread, agent);
    return out;
}

int content_owner(int slot)
{
    return slot % AGENTS;
}

int content_agent_of(const char *name, int *thread, int *agent)
{
    return sscanf(name, "agent-%d-%d", thread, agent) == 2 && *thread >= 0 && *thread < THREADS &&
                   *agent >= 0 && *agent < AGENTS
               ? 0
               : -1;
}

const char *content_word(char out[WORD_SIZE], uint32_t made)
{
    size_t n = 0;
    out[n++] = 'z';
    for (; n < 8; made /= 26) out[n++] = (char)('a' + made % 26);
    strcpy(out + n, "q"); /* no suffix that a stemmer takes off */
    return out;
}

void content_vector(float out[DIM], uint32_t made)
{
    random_state r = {made};
    for (int i = 0; i < DIM; i++) out[i] = (float)(2.0 * random_unit(&r) - 1.0);
}

int content_has_vector(uint32_t made)
{
    return made % 8 != 7;
}

plurum_lifecycle content_lifecycle(uint32_t made)
{
    return made % 10 ? PLURUM_PUBLISHED : (plurum_lifecycle)(made / 10 % PLURUM_LIFECYCLE_COUNT);
}

int64_t content_outcome_at(uint32_t outcome)
{
    return 1700000000 + outcome % 1000000;
}

const char *content_outcome_note(char out[WORD_SIZE], uint32_t outcome)
{
    return content_word(out, outcome);
}

static void make_document(made_document *d, int thread, int slot, uint32_t made)
{
    random_state r = {(uint64_t)made << 20 | (uint64_t)slot};
    memset(d, 0, sizeof *d);
    char word[WORD_SIZE];
    content_key(d->key, thread, slot);
    snprintf(d->short_id, sizeof d->short_id, "k%d%06d", thread, slot);
    content_agent(d->owner, thread == SETUP ? slot % THREADS : thread, content_owner(slot));
    snprintf(d->title, sizeof d->title, "%s in slot %d of %d", content_word(word, made), slot,
             thread);
    size_t used = 0;
    for (int i = 4 + random_below(&r, 120); i > 0; i--)
        used += (size_t)snprintf(d->body + used, sizeof d->body - used, "%s%s", used ? " " : "",
                                 WORDS[random_below(&r, sizeof WORDS / sizeof *WORDS)]);
    d->domain = random_below(&r, 2) ? "databases" : "networks";
    d->tag = TAG_NAMES[random_below(&r, sizeof TAG_NAMES / sizeof *TAG_NAMES)];
    d->lifecycle = content_lifecycle(made);
    d->visibility = (plurum_visibility)(random_below(&r, 12) ? 0 : random_below(&r, 3));
    d->confidence = random_below(&r, 101) / 100.0;
    d->created_at = 1700000000 + random_below(&r, 1000000);
    time_t created = (time_t)d->created_at;
    struct tm tm;
    strftime(d->created, sizeof d->created, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&created, &tm));
    d->has_vector = content_has_vector(made);
    content_vector(d->vector, made);
}

static plurum_status put_plain(plurum_batch *batch, const made_document *made,
                               plurum_conflict conflict, plurum_error *error)
{
    plurum_document d = PLURUM_DOCUMENT_INIT;
    d.key = made->key;
    d.text[PLURUM_TEXT_TITLE] = made->title;
    d.text[PLURUM_TEXT_BODY] = made->body;
    d.domain = made->domain;
    d.tags = &made->tag;
    d.tag_count = 1;
    d.owner = made->owner;
    d.lifecycle = made->lifecycle;
    d.visibility = made->visibility;
    d.confidence = made->confidence;
    d.created_at = made->created_at;
    d.vector = made->has_vector ? made->vector : NULL;
    d.dim = made->has_vector ? DIM : 0;
    return plurum_batch_put(batch, &d, conflict, error);
}

static plurum_status put_experience(plurum_batch *batch, const made_document *made,
                                    plurum_conflict conflict, plurum_error *error)
{
    plurum_experience_options options = PLURUM_EXPERIENCE_OPTIONS_INIT;
    plurum_experience *experience = NULL;
    options.import = 1;
    json_t *json = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:[s], s:f}", "id",
                             made->key, "short_id", made->short_id, "agent_id", made->owner,
                             "status", plurum_lifecycle_name(made->lifecycle), "visibility",
                             plurum_visibility_name(made->visibility), "created_at", made->created,
                             "goal", made->title, "solution", made->body, "domain", made->domain,
                             "tags", made->tag, "confidence", made->confidence);
    char *text = json_dumps(json, 0);
    plurum_status status =
        plurum_experience_parse(&experience, text, strlen(text), &options, error);
    if (!status)
        status = plurum_batch_put_experience(batch, experience, NULL,
                                             made->has_vector ? made->vector : NULL,
                                             made->has_vector ? DIM : 0, conflict, error);
    plurum_experience_free(experience);
    json_decref(json);
    free(text);
    return status;
}

plurum_status content_put(plurum_batch *batch, int thread, int slot, uint32_t made,
                          plurum_conflict conflict, plurum_error *error)
{
    made_document d;
    make_document(&d, thread, slot, made);
    return slot % 2 ? put_experience(batch, &d, conflict, error)
                    : put_plain(batch, &d, conflict, error);
}

static int says(const json_t *json, const char *member, const char *expected)
{
    const char *text = json_string_value(json_object_get(json, member));
    return text && strcmp(text, expected) == 0;
}

const char *content_differs(const json_t *json, int thread, int slot, uint32_t made,
                            uint32_t lifecycle)
{
    made_document d;
    make_document(&d, thread, slot, made);
    if (!says(json, "id", d.key)) return "id";
    if (slot % 2 && !says(json, "short_id", d.short_id)) return "short_id";
    if (!says(json, "agent_id", d.owner)) return "agent_id";
    if (!says(json, "goal", d.title)) return "goal";
    if (!says(json, slot % 2 ? "solution" : "body", d.body)) return "the text";
    if (!says(json, "domain", d.domain)) return "domain";
    const char *tag = json_string_value(json_array_get(json_object_get(json, "tags"), 0));
    if (!tag || strcmp(tag, d.tag)) return "tags";
    if (!says(json, "status", plurum_lifecycle_name((plurum_lifecycle)lifecycle))) return "status";
    if (!says(json, "visibility", plurum_visibility_name(d.visibility))) return "visibility";
    if (!says(json, "created_at", d.created)) return "created_at";
    double confidence = json_number_value(json_object_get(json, "confidence"));
    return fabs(confidence - d.confidence) < 1e-12 ? NULL : "confidence";
}
