/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine as a learner: a real index in a temporary folder, real searches, real reports.
 */
#include <config.h>

#include "bench/loop.h"
#include "tools/model.h"

#include <stdlib.h>
#include <string.h>

static const int64_t BEGINNING = 1700000000, DAY = 86400;

static int begin(learner *l)
{
    l->scratch = calloc(1, sizeof *l->scratch);
    if (!l->scratch) return cli_no_memory();
    l->scratch->now = BEGINNING;
    int code = scratch_make(l->scratch, &l->world->data, l->world->vectors,
                            MODEL_STATIC);
    return code ? code : scratch_load(l->scratch, &l->world->data, l->world->vectors);
}

static size_t rank(learner *l, const loop_query *q, uint32_t out[LOOP_TOP])
{
    plurum_query query;
    plurum_filter filter = PLURUM_FILTER_INIT;
    char environment[LOOP_ENVIRONMENT_SIZE];
    plurum_results *results;
    plurum_error error;
    const collection *data = &l->world->data;
    l->scratch->now = BEGINNING + l->day * DAY;
    plurum_query_init(&query);
    query.text = data->queries[q->number].text;
    query.text_len = strlen(query.text);
    query.limit = LOOP_TOP;
    query.bodies = 0;
    query.weights = l->weights;
    if (!l->quarantine) filter.quarantine = PLURUM_QUARANTINE_SHOW;
    query.filter = &filter;
    loop_environment(environment, l->asker);
    if (l->environment) query.environment = environment;
    if (l->world->vectors) {
        query.dim = data->query_vectors.dim;
        query.vector = data->query_vectors.values + q->number * query.dim;
    }
    if (plurum_search(&results, l->scratch->index, &query, &error)) {
        cli_failed(NULL, &error);
        return SIZE_MAX;
    }
    size_t n = plurum_results_count(results);
    for (size_t i = 0; i < n; i++)
        out[i] = loop_document(l->world, plurum_results_hit(results, i)->key);
    plurum_results_free(results);
    return n;
}

static int hear(learner *l, const loop_event *event)
{
    plurum_batch *batch;
    plurum_error error;
    const collection *data = &l->world->data;
    char agent[24], environment[LOOP_ENVIRONMENT_SIZE];
    snprintf(agent, sizeof agent, "user-%u", event->agent);
    loop_environment(environment, event->agent);
    if (plurum_batch_new(&batch, l->scratch->index, &error)) return cli_failed(NULL, &error);
    const char *id = data->documents[event->document].id;
    plurum_outcome outcome = PLURUM_OUTCOME_INIT;
    outcome.id = id;
    outcome.agent = agent;
    outcome.success = event->value;
    outcome.env_fingerprint = environment;
    if (!l->silent) outcome.query = data->queries[event->query].text;
    if (!l->silent && l->world->vectors) {
        outcome.dim = data->query_vectors.dim;
        outcome.query_vector = data->query_vectors.values + event->query * outcome.dim;
    }
    plurum_status status =
        event->is_vote
            ? plurum_batch_vote(batch, id, agent, event->value, PLURUM_TIME_UNSET, &error)
            : plurum_batch_outcome(batch, &outcome, &error);
    if (!status) status = plurum_batch_commit(batch, NULL, &error);
    plurum_batch_free(batch);
    return status ? cli_failed(NULL, &error) : 0;
}

static void end(learner *l)
{
    if (l->scratch) scratch_free(l->scratch);
    free(l->scratch);
    l->scratch = NULL;
}

void loop_engine(learner *l, const char *name, const plurum_weights *weights, int quarantine)
{
    *l = (learner){.name = name, .quarantine = quarantine, .weights = weights, .begin = begin,
                   .rank = rank, .hear = hear, .end = end};
}
