/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One run of the loop. A pass is a day on which every query is asked once; its user takes the
 * first, second or third result at .7, .2, .1; uses it; reports at .3 and votes at .15.
 */
#include <config.h>

#include "bench/loop.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/metrics.h"
#include "bench/random.h"

const char *const loop_scenario_names[] = {"benign", "malicious", "inverted", "burst",
                                           "coin",   "noise",     "environment", NULL};
static const double REPORT_RATE = 0.3, VOTE_RATE = 0.15;
static const double UP_AFTER_SUCCESS = 0.85, UP_AFTER_FAILURE = 0.3, MISTAKEN = 0.03;
enum { BURSTS = 3 };
static const double BAD_AGENTS = 0.2, COIN = 0.5, ELSEWHERE = 0.1;

typedef struct run {
    learner *l;
    const loop_world *w;
    unsigned char *said; /* by document and agent: bit 0 an outcome, bit 1 a vote */
    uint32_t *targets;   /* of attacks: the worst, then the best */
    size_t *target_queries; /* what a liar says that it asked: a query that each answers */
    size_t target_count;
    int passes;
    double first_sum, best_sum;
    size_t first_count;
} run;

/* How often a document helps whoever asks with a query. */
static double success_rate(const run *r, const loop_query *q, uint32_t document)
{
    const char *key = r->w->data.documents[document].id;
    unsigned char home = r->w->home[document];
    double here = !home || home == loop_system(r->l->asker) ? 1.0 : ELSEWHERE;
    for (size_t i = 0; i < q->judged_count; i++)
        if (q->judged[i].grade > 0 && strcmp(q->judged[i].document, key) == 0)
            return r->w->rate[document] * here;
    return 0.0;
}

/* An agent says one outcome and one vote of a document, or it keeps silent. */
static int say(run *r, loop_event event)
{
    unsigned bit = 1u << event.is_vote;
    unsigned char *said =
        &r->said[(size_t)event.document * (LOOP_AGENTS + LOOP_FRESH) + event.agent];
    if (*said & bit) return 0;
    *said |= (unsigned char)bit;
    loop_counts *c = &r->l->counts[event.document];
    if (event.is_vote) *(event.value > 0 ? &c->up : &c->down) += 1;
    else *(event.value ? &c->successes : &c->failures) += 1;
    return r->l->hear(r->l, &event);
}

/* What a liar reports instead: praise of one of the worst, or a smear of one of the best. */
static int attack(run *r, unsigned agent, uint64_t *state)
{
    size_t half = r->target_count / 2, i = (size_t)(next_unit(state) * (double)r->target_count);
    int praise = i < half;
    size_t query = r->target_queries[i];
    int code = say(r, (loop_event){r->targets[i], agent, 0, praise, query});
    return code ? code : say(r, (loop_event){r->targets[i], agent, 1, praise ? 1 : -1, query});
}

static int use(run *r, const loop_query *q, uint32_t document, uint64_t *state)
{
    loop_scenario scenario = r->w->scenario;
    if (scenario == LOOP_NOISE) return 0;
    double rate = scenario == LOOP_COIN ? COIN : success_rate(r, q, document);
    unsigned agent = r->l->asker;
    int bad = agent < BAD_AGENTS * LOOP_AGENTS, worked = next_unit(state) < rate;
    int report = next_unit(state) < REPORT_RATE, vote = next_unit(state) < VOTE_RATE;
    double mistake = next_unit(state), mood = next_unit(state), honesty = next_unit(state);
    if (scenario == LOOP_MALICIOUS && bad && honesty >= 0.3)
        return report && r->target_count ? attack(r, agent, state) : 0;
    int said = mistake < MISTAKEN ? !worked : worked;
    int up = mood < (worked ? UP_AFTER_SUCCESS : UP_AFTER_FAILURE);
    if (scenario == LOOP_INVERTED && bad) said = !said, up = !up;
    int code = report ? say(r, (loop_event){document, agent, 0, said, q->number}) : 0;
    if (!code && vote) code = say(r, (loop_event){document, agent, 1, up ? 1 : -1, q->number});
    return code;
}

/* How often that candidate helps which helps most. */
static double best_rate(const run *r, const loop_query *q)
{
    double best = 0.0;
    for (size_t i = 0; i < q->row_count; i++)
        best = fmax(best, success_rate(r, q, q->rows[i].document));
    return best;
}

static int ask(run *r, const loop_query *q)
{
    uint32_t found[LOOP_TOP];
    uint64_t state = loop_state(r->w->seed, 2, (uint64_t)r->l->day, q->number);
    double place = next_unit(&state);
    r->l->asker = (unsigned)(next_unit(&state) * LOOP_AGENTS);
    size_t n = r->l->rank(r->l, q, found);
    if (n == SIZE_MAX) return EXIT_STORAGE;
    if (r->l->day >= r->passes * 3 / 4) {
        r->first_sum += n ? success_rate(r, q, found[0]) : 0.0;
        r->best_sum += best_rate(r, q);
        r->first_count++;
    }
    size_t i = place < 0.7 ? 0 : place < 0.9 ? 1 : 2;
    return n ? use(r, q, found[i < n ? i : n - 1], &state) : 0;
}

/* Fresh accounts: four failures and down-votes on each of the best, eight successes and up-votes on
 * each of the worst. */
static int burst(run *r, unsigned wave)
{
    int code = 0;
    for (size_t i = 0; i < r->target_count && !code; i++) {
        int praise = i < r->target_count / 2;
        for (unsigned a = 0; a < (praise ? 8u : 4u) && !code; a++) {
            unsigned agent = LOOP_AGENTS + wave * 100 + a;
            size_t query = r->target_queries[i];
            code = say(r, (loop_event){r->targets[i], agent, 0, praise, query});
            if (!code) code = say(r, (loop_event){r->targets[i], agent, 1, praise ? 1 : -1, query});
        }
    }
    return code;
}

static int flip_coins(run *r)
{
    int code = 0;
    uint64_t state = loop_state(r->w->seed, 4, 0, 0);
    for (uint32_t d = 0; d < r->w->data.document_count; d++)
        for (unsigned agent = 0; agent < 3 && !code; agent++) {
            int worked = next_unit(&state) < COIN;
            size_t query = (size_t)(next_unit(&state) * (double)r->w->query_count);
            code = say(r, (loop_event){d, agent, 0, worked, r->w->queries[query].number});
        }
    return code;
}

static int day(run *r)
{
    const loop_world *w = r->w;
    size_t *order = malloc((w->query_count + 1) * sizeof *order);
    if (!order) return cli_no_memory();
    uint64_t state = loop_state(w->seed, 3, (uint64_t)r->l->day, 0);
    for (size_t i = 0; i < w->query_count; i++) { /* shuffled inside out */
        size_t j = (size_t)(next_unit(&state) * (double)(i + 1));
        order[i] = order[j];
        order[j] = i;
    }
    int code = 0, quarter = r->passes / 4;
    if (w->scenario == LOOP_BURST && quarter && r->l->day % quarter == 0 && r->l->day / quarter >= 1 &&
        r->l->day / quarter <= BURSTS)
        code = burst(r, (unsigned)(r->l->day / quarter) - 1);
    if (w->scenario == LOOP_NOISE && r->l->day == 0) code = flip_coins(r);
    for (size_t i = 0; i < w->query_count && !code; i++)
        if (!w->queries[order[i]].held_out) code = ask(r, &w->queries[order[i]]);
    free(order);
    return code;
}

/* For each target the first query that it answers: a lie told there does most harm. */
static int name_queries(run *r)
{
    const loop_world *w = r->w;
    r->target_queries = calloc(r->target_count + 1, sizeof *r->target_queries);
    if (!r->target_queries) return cli_no_memory();
    for (size_t t = 0; t < r->target_count; t++) {
        const char *key = w->data.documents[r->targets[t]].id;
        int found = 0;
        for (size_t i = 0; i < w->query_count && !found; i++)
            for (size_t j = 0; j < w->queries[i].judged_count && !found; j++) {
                const judgement *judged = &w->queries[i].judged[j];
                found = judged->grade > 0 && strcmp(judged->document, key) == 0;
                if (found) r->target_queries[t] = w->queries[i].number;
            }
    }
    return 0;
}

/* The twentieth of documents with the lowest rate, then that with the highest. */
static int choose_targets(run *r)
{
    const loop_world *w = r->w;
    size_t n = 0, all = w->data.document_count;
    uint32_t *sorted = malloc((all + 1) * sizeof *sorted);
    r->targets = malloc((all + 1) * sizeof *r->targets);
    if (!sorted || !r->targets) {
        free(sorted);
        return cli_no_memory();
    }
    for (uint32_t d = 0; d < all; d++) {
        if (isnan(w->rate[d])) continue;
        size_t at = n++;
        for (; at > 0 && w->rate[sorted[at - 1]] > w->rate[d]; at--) sorted[at] = sorted[at - 1];
        sorted[at] = d;
    }
    size_t few = n / 20;
    memcpy(r->targets, sorted, few * sizeof *sorted);
    memcpy(r->targets + few, sorted + n - few, few * sizeof *sorted);
    r->target_count = 2 * few;
    free(sorted);
    return name_queries(r);
}

static int measure_ndcg(run *r, int held_out, double *mean)
{
    double sum = 0.0;
    size_t count = 0;
    for (size_t i = 0; i < r->w->query_count; i++) {
        const loop_query *q = &r->w->queries[i];
        if (q->held_out != held_out) continue;
        r->l->asker = (unsigned)i;
        uint32_t found[LOOP_TOP];
        const char *ids[LOOP_TOP];
        double metrics[METRIC_COUNT];
        size_t n = r->l->rank(r->l, q, found);
        if (n == SIZE_MAX) return EXIT_STORAGE;
        for (size_t k = 0; k < n; k++) ids[k] = r->w->data.documents[found[k]].id;
        metrics_of(metrics, ids, n, q->judged, q->judged_count);
        sum += metrics[NDCG_10];
        count++;
    }
    *mean = count ? sum / (double)count : 0.0;
    return 0;
}

static void count_quarantined(const run *r, loop_result *result)
{
    double all = 0.0, good = 0.0;
    for (size_t d = 0; d < r->w->data.document_count; d++) {
        const loop_counts *c = &r->l->counts[d];
        if (c->successes || c->failures < 3) continue;
        all++;
        good += r->w->rate[d] >= 0.5;
    }
    result->quarantined = all;
    result->good_share = all > 0.0 ? good / all : 0.0;
}

int loop_run(loop_result *result, learner *l, int passes)
{
    run r = {.l = l, .w = l->world, .passes = passes};
    size_t n = r.w->data.document_count;
    memset(result, 0, sizeof *result);
    r.said = calloc(n + 1, LOOP_AGENTS + LOOP_FRESH);
    l->counts = calloc(n + 1, sizeof *l->counts);
    int code = r.said && l->counts ? choose_targets(&r) : cli_no_memory();
    if (!code) code = l->begin(l);
    for (l->day = 0; l->day < passes && !code; l->day++) code = day(&r);
    l->day = passes;
    if (!code) code = measure_ndcg(&r, 0, &result->ndcg);
    if (!code) code = measure_ndcg(&r, 1, &result->held_out_ndcg);
    int quarantine = l->quarantine;
    l->quarantine = 0;
    if (!code) code = measure_ndcg(&r, 0, &result->shown_ndcg);
    l->quarantine = quarantine;
    if (r.first_count) result->first_pick = r.first_sum / (double)r.first_count;
    if (r.first_count) result->oracle = r.best_sum / (double)r.first_count;
    count_quarantined(&r, result);
    l->end(l);
    free(r.said);
    free(r.targets);
    free(r.target_queries);
    free(l->counts);
    l->counts = NULL;
    return code;
}
