/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading everything: one list of all documents, and the history of each.
 */
#include <config.h>

#include "tests/kills/found.h"

#include <string.h>

#include "tests/kills/content.h"

const plurum_viewer EVERYBODYS = {sizeof EVERYBODYS, 1, NULL, NULL, 0};
const plurum_filter EVERYTHING = {.struct_size = sizeof EVERYTHING,
                                  .lifecycles = (1u << PLURUM_LIFECYCLE_COUNT) - 1,
                                  .since = PLURUM_TIME_UNSET,
                                  .until = PLURUM_TIME_UNSET,
                                  .quarantine = PLURUM_QUARANTINE_SHOW};

static plurum_status find_documents(found_all *out, plurum_index *index, complain_fn *complain,
                                    plurum_error *error)
{
    plurum_results *results;
    plurum_status status =
        plurum_index_list(&results, index, &EVERYBODYS, &EVERYTHING, PLURUM_LIMIT_MAX, 0, error);
    if (status) return status;
    size_t count = plurum_results_count(results);
    if (plurum_results_total(results) != count)
        complain("the list has %zu of %zu documents", count, plurum_results_total(results));
    for (size_t i = 0; i < count; i++) {
        const plurum_hit *hit = plurum_results_hit(results, i);
        int thread, slot;
        if (content_slot_of(hit->key, &thread, &slot))
            complain("nobody wrote %s", hit->key);
        else if (out->at[thread][slot].json)
            complain("%s is there twice", hit->key);
        else
            out->at[thread][slot].json = json_loads(hit->json, 0, NULL);
        out->count++;
    }
    plurum_results_free(results);
    return PLURUM_OK;
}

/* An outcome carries the number that it was made from, and must be all of what that makes. */
static void take_outcome(opinion *r, const plurum_event *e, const char *key, complain_fn *complain)
{
    char note[WORD_SIZE];
    uint32_t made = (uint32_t)e->execution_time_ms;
    if (r->outcome) complain("%s: two outcomes of %s", key, e->agent);
    if (made == 0 || e->value != (int)(made % 2) || e->at != content_outcome_at(made) ||
        !e->context_notes || strcmp(e->context_notes, content_outcome_note(note, made)))
        complain("%s: the outcome of %s is not as it was reported", key, e->agent);
    r->outcome = made;
}

typedef struct tally {
    int successes, failures, up, down; /* counted ones */
} tally;

static void take_event(found_document *f, tally *sum, const plurum_event *e, const char *key,
                       const char *owner, complain_fn *complain)
{
    int thread, agent;
    if (content_agent_of(e->agent, &thread, &agent)) {
        complain("%s: nobody is %s", key, e->agent);
        return;
    }
    if (e->counted != (strcmp(owner, e->agent) != 0))
        complain("%s: the report of %s is counted or not, wrongly", key, e->agent);
    opinion *r = &f->reports[thread][agent];
    if (e->kind == 0)
        take_outcome(r, e, key, complain);
    else if (r->vote)
        complain("%s: two votes of %s", key, e->agent);
    else
        r->vote = e->value;
    if (!e->counted) return;
    sum->successes += e->kind == 0 && e->value;
    sum->failures += e->kind == 0 && !e->value;
    sum->up += e->kind == 1 && e->value > 0;
    sum->down += e->kind == 1 && e->value < 0;
}

static int number(const json_t *json, const char *member)
{
    return (int)json_integer_value(json_object_get(json, member));
}

static plurum_status find_reports(found_document *f, plurum_index *index, const char *key,
                                  complain_fn *complain, plurum_error *error)
{
    plurum_history *history;
    tally sum = {0, 0, 0, 0};
    const char *owner = json_string_value(json_object_get(f->json, "agent_id"));
    plurum_status status = plurum_index_history(&history, index, key, PLURUM_TIME_UNSET, error);
    if (status) return status;
    for (size_t i = 0; i < plurum_history_count(history); i++)
        take_event(f, &sum, plurum_history_event(history, i), key, owner ? owner : "", complain);
    plurum_history_free(history);
    if (number(f->json, "success_count") != sum.successes ||
        number(f->json, "failure_count") != sum.failures || number(f->json, "upvotes") != sum.up ||
        number(f->json, "downvotes") != sum.down)
        complain("%s: the trust counters are not those of its reports", key);
    return PLURUM_OK;
}

plurum_status find_all(found_all *out, plurum_index *index, complain_fn *complain,
                       plurum_error *error)
{
    memset(out, 0, sizeof *out);
    plurum_status status = find_documents(out, index, complain, error);
    for (int t = 0; t < SHARES && !status; t++)
        for (int i = 0; i < SLOTS && !status; i++) {
            char key[KEY_SIZE];
            if (out->at[t][i].json)
                status =
                    find_reports(&out->at[t][i], index, content_key(key, t, i), complain, error);
        }
    return status;
}
