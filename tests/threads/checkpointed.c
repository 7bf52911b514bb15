/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The index under the tests of checkpoints.
 */
#include <config.h>

#include "tests/threads/checkpointed.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xxhash.h>

char path[PATH_SIZE], other_path[PATH_SIZE + 8];
char log_lines[4096];

enum { AGENTS = 5 };

static void note_line(void *payload, const char *line)
{
    (void)payload;
    if (strlen(log_lines) + strlen(line) + 2 < sizeof log_lines)
        strcat(strcat(log_lines, line), "\n");
}

plurum_index *open_at(const char *where, int read_only)
{
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    options.checkpoint_events = EVERY;
    options.manual_apply = 1;
    options.read_only = read_only;
    options.log = note_line;
    options.no_sync = 1;
    log_lines[0] = '\0';
    return small_open(where, &options);
}

void apply(plurum_index *index)
{
    plurum_error error = {0};
    MUST(plurum_index_apply(index, &error));
}

static const char *agent_of(char out[16], uint32_t number)
{
    snprintf(out, 16, "agent-%u", number % AGENTS);
    return out;
}

static void put(plurum_batch *batch, uint32_t i)
{
    plurum_document d = PLURUM_DOCUMENT_INIT;
    char key[KEY_SIZE], word[WORD_SIZE], agent[16], tool[16], tag[16], domain[16];
    const char *tools[] = {tool, "common tool"}, *tags[] = {tag, "common tag"};
    float vector[DIM];
    plurum_error error = {0};
    snprintf(key, sizeof key, "doc-%u", i);
    snprintf(tool, sizeof tool, "tool-%u", i % 13);
    snprintf(tag, sizeof tag, "tag-%u", i % 101);
    snprintf(domain, sizeof domain, "domain-%u", i % 7);
    small_vector(vector, i);
    d.key = key;
    d.owner = i % 6 ? agent_of(agent, i) : NULL;
    d.visibility = d.owner && i % 4 == 0 ? PLURUM_PRIVATE : PLURUM_PUBLIC;
    d.text[PLURUM_TEXT_TITLE] = small_word(word, i % 40);
    d.text[PLURUM_TEXT_BODY] = "some words that all of them have";
    d.domain = i % 9 ? domain : NULL;
    d.tools = tools, d.tool_count = i % 3;
    d.tags = tags, d.tag_count = i % 3;
    d.created_at = 1700000000 + i;
    if (i % 2) d.confidence = (double)(i % 10) / 10;
    if (i % 5) d.vector = vector, d.dim = DIM;
    MUST(plurum_batch_put(batch, &d, PLURUM_CONFLICT_REPLACE, &error));
}

void fill(plurum_index *index, uint32_t first, uint32_t count)
{
    plurum_batch *batch;
    plurum_error error = {0};
    MUST(plurum_batch_new(&batch, index, &error));
    for (uint32_t i = first; i < first + count; i++) put(batch, i);
    MUST(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
}

void change(plurum_index *index, random_state *r)
{
    plurum_batch *batch;
    plurum_error error = {0};
    char key[KEY_SIZE], agent[16];
    uint32_t i = (uint32_t)random_below(r, DOCUMENTS + 50);
    snprintf(key, sizeof key, "doc-%u", i);
    agent_of(agent, (uint32_t)random_below(r, AGENTS));
    MUST(plurum_batch_new(&batch, index, &error));
    plurum_outcome outcome = PLURUM_OUTCOME_INIT;
    outcome.id = key;
    outcome.agent = agent;
    outcome.success = random_below(r, 2);
    switch (random_below(r, 5)) {
    case 0: put(batch, i); break;
    case 1: plurum_batch_delete(batch, key, NULL, &error); break;
    case 2: plurum_batch_set_lifecycle(batch, key, NULL, PLURUM_ARCHIVED, &error); break;
    case 3: plurum_batch_outcome(batch, &outcome, &error); break;
    default: plurum_batch_vote(batch, key, agent, random_below(r, 2) ? 1 : -1, 1700000000, &error);
    }
    plurum_batch_commit(batch, NULL, &error);
    plurum_batch_free(batch);
}

/* ---- what an index answers ---- */

static uint64_t answer(plurum_index *index, const plurum_query *query, uint64_t sum)
{
    plurum_results *results;
    plurum_error error = {0};
    MUST(plurum_search(&results, index, query, &error));
    uint64_t total = plurum_results_total(results);
    sum = XXH3_64bits_withSeed(&total, sizeof total, sum);
    for (size_t i = 0; i < plurum_results_count(results); i++) {
        const plurum_hit *hit = plurum_results_hit(results, i);
        sum = XXH3_64bits_withSeed(&hit->id, sizeof hit->id, sum);
        sum = XXH3_64bits_withSeed(&hit->score, sizeof hit->score, sum);
    }
    plurum_results_free(results);
    return sum;
}

uint64_t answers(plurum_index *index)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < 40; i++) {
        plurum_query query;
        plurum_viewer viewer = PLURUM_VIEWER_INIT;
        plurum_filter filter = PLURUM_FILTER_INIT;
        char word[WORD_SIZE], agent[16], tool[16], tag[16], domain[16];
        const char *tools[] = {tool}, *tags[] = {tag};
        float vector[DIM];
        small_vector(vector, i * 7);
        snprintf(tool, sizeof tool, "Tool-%u", i % 13);
        snprintf(tag, sizeof tag, "tag-%u", i % 101);
        snprintf(domain, sizeof domain, "domain-%u", i % 7);
        plurum_query_init(&query);
        query.text = small_word(word, i);
        query.text_len = strlen(query.text);
        query.vector = vector;
        query.dim = DIM;
        query.limit = 20;
        query.bodies = 0;
        query.tools = tools;
        query.tool_count = i % 2;
        viewer.agent = i % 4 ? agent_of(agent, i) : NULL;
        viewer.is_operator = i % 4 == 0;
        query.viewer = &viewer;
        query.filter = &filter;
        filter.tools = tools, filter.tool_count = i % 5 == 0;
        filter.tags = tags, filter.tag_count = i % 5 == 1;
        if (i % 5 == 2) filter.domain = domain;
        if (i % 5 == 3) filter.min_confidence = 0.5;
        if (i % 5 == 4) filter.since = 1700000000 + 300;
        sum = answer(index, &query, sum);
    }
    return sum;
}

void rename_in(const char *from, const char *to)
{
    char old[PATH_SIZE + 32], new[PATH_SIZE + 32];
    snprintf(old, sizeof old, "%s/%s", path, from);
    snprintf(new, sizeof new, "%s/%s", path, to);
    ck_assert_msg(rename(old, new) == 0, "%s: %s", old, strerror(errno));
}

int exists(const char *where, const char *name)
{
    char file[PATH_SIZE + 32];
    snprintf(file, sizeof file, "%s/%s", where, name);
    return access(file, F_OK) == 0;
}

uint64_t answers_of_the_store(void)
{
    int has_columns = exists(path, "columns"), has_vectors = exists(path, "vectors");
    if (has_columns) rename_in("columns", "columns.aside");
    if (has_vectors) rename_in("vectors", "vectors.aside");
    plurum_index *index = open_at(path, 1);
    uint64_t sum = answers(index);
    ck_assert_uint_eq(small_stats(index).mapped_bytes, 0);
    plurum_index_close(index);
    if (has_columns) rename_in("columns.aside", "columns");
    if (has_vectors) rename_in("vectors.aside", "vectors");
    return sum;
}

unsigned char *load(const char *name, size_t *size)
{
    char file[PATH_SIZE + 32];
    struct stat st;
    snprintf(file, sizeof file, "%s/%s", path, name);
    FILE *f = fopen(file, "rb");
    ck_assert(f && fstat(fileno(f), &st) == 0);
    unsigned char *bytes = malloc((size_t)st.st_size);
    ck_assert_uint_eq(fread(bytes, 1, (size_t)st.st_size, f), (size_t)st.st_size);
    fclose(f);
    *size = (size_t)st.st_size;
    return bytes;
}

void checkpointed_setup(void)
{
    folder_make(path);
    snprintf(other_path, sizeof other_path, "%s.other", path);
    small_create(path);
    plurum_index *index = open_at(path, 0);
    random_state r = {99};
    fill(index, 0, DOCUMENTS);
    for (int i = 0; i < 100; i++) change(index, &r);
    fill(index, 0, DOCUMENTS);
    apply(index);
    plurum_index_close(index);
}

void checkpointed_teardown(void)
{
    folder_remove(path);
}
