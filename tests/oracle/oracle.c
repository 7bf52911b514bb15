/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The oracle: random steps are done to the engine (a child process) and to the reference, and every
 * answer must be the same: ids, order, scores and explanations to 1e-9, errors, counts.
 *
 *     oracle [--seed N] [--steps N]
 *
 * Some searches are asked by graphs too: what those find is measured against the exact answer, and what
 * must hold of it all the same is checked (graph.c).
 * The engine is killed with SIGKILL now and then, in the middle of a commit too; then either all of
 * that commit is there afterwards or nothing of it. Exit status 0: no difference.
 */
#include <config.h>

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "tests/oracle/engine.h"
#include "tests/oracle/graph.h"
#include "tests/oracle/pipes.h"
#include "tests/oracle/reference.h"
#include "tools/remove.h"

typedef struct oracle {
    random_state random;
    settings settings;
    reference *reference;
    graph_tally graph;
    char path[64];
    pid_t child;
    int steps, answers; /* pipes */
    int64_t clock;
    step last_search;
    answer last_answer; /* the engine's */
    unsigned long done, searches, hits, kills, killed_inside, reopens, compactions, failed_batches, pages;
} oracle;

/* ---- the engine's process ---- */

static void start(oracle *o)
{
    int down[2], up[2];
    if (pipe(down) || pipe(up)) abort();
    fflush(NULL);
    o->child = fork();
    if (o->child == 0) {
        close(down[1]);
        close(up[0]);
        engine_serve(o->path, &o->settings, down[0], up[1]);
        _exit(0);
    }
    close(down[0]);
    close(up[1]);
    o->steps = down[1];
    o->answers = up[0];
}

static void reap(oracle *o)
{
    close(o->steps);
    close(o->answers);
    waitpid(o->child, NULL, 0);
}

static void kill_engine(oracle *o)
{
    kill(o->child, SIGKILL);
    reap(o);
    start(o);
    o->kills++;
}

static int ask_engine(oracle *o, const step *s, answer *a)
{
    return pipe_write(o->steps, s, sizeof *s) || pipe_read(o->answers, a, sizeof *a) ? -1 : 0;
}

/* ---- drawing steps ---- */

enum { COMMON_QUERIES = 24 }; /* that are asked, and reported for, time and again */

static void draw_change(oracle *o, change *c)
{
    random_state *r = &o->random;
    static const change_kind KINDS[] = {PUT, PUT, PUT, PUT, OUTCOME, OUTCOME, OUTCOME, OUTCOME,
                                        OUTCOME, VOTE, VOTE, VOTE, LIFECYCLE, LIFECYCLE, DELETE};
    memset(c, 0, sizeof *c);
    c->kind = KINDS[random_below(r, 15)];
    if (o->done < 40) c->kind = PUT; /* something to work on */
    c->key = random_below(r, random_below(r, 2) ? KEYS / 6 : KEYS); /* some are talked about */
    c->by_short = random_below(r, 2);
    c->agent = random_below(r, AGENTS);
    c->made = (uint32_t)random_next(r);
    c->conflict = random_below(r, 8) ? PLURUM_CONFLICT_REPLACE : random_below(r, 3);
    c->at = random_below(r, 3) ? PLURUM_TIME_UNSET : o->clock - random_below(r, 100 * 86400);
    if (random_below(r, 60) == 0) c->at = o->clock + 1;
    if (c->kind == OUTCOME) c->value = c->key % 3 && random_below(r, 3) == 0; /* a third never work */
    if (c->kind == OUTCOME) c->environment = random_below(r, 1 << FACTS);
    if (c->kind == OUTCOME) c->asked = (uint32_t)random_below(r, COMMON_QUERIES + 1);
    if (c->kind == VOTE) c->value = random_below(r, 2) ? 1 : -1;
    if (c->kind == LIFECYCLE) c->value = random_below(r, PLURUM_LIFECYCLE_COUNT);
    if ((c->kind == LIFECYCLE || c->kind == DELETE) && random_below(r, 4)) c->agent = -1;
}

static void draw_filters(oracle *o, query_step *q)
{
    random_state *r = &o->random;
    q->viewer = random_below(r, 3) ? -1 : random_below(r, AGENTS + 2) - 2;
    q->domain = q->tool = q->tag = -1;
    q->since = q->until = PLURUM_TIME_UNSET;
    if (random_below(r, 2)) return; /* half of all have no filter */
    if (random_below(r, 3) == 0) q->mates = random_below(r, 1 << AGENTS);
    q->domain = random_below(r, 4) ? -1 : random_below(r, DOMAINS);
    q->tool = random_below(r, 5) ? -1 : random_below(r, TOOLS);
    q->tag = random_below(r, 6) ? -1 : random_below(r, TAGS);
    if (random_below(r, 6) == 0) q->lifecycles = 1u + (unsigned)random_below(r, 15);
    if (random_below(r, 8) == 0) q->visibilities = 1u + (unsigned)random_below(r, 7);
    if (random_below(r, 5) == 0) q->min_quality = random_unit(r);
    if (random_below(r, 8) == 0) q->min_confidence = random_unit(r);
    if (random_below(r, 8) == 0) q->since = 1700000000 + random_below(r, 50) * 1000;
    if (random_below(r, 8) == 0) q->until = 1700000000 + random_below(r, 50) * 1000;
    q->quarantine = random_below(r, 6) ? 0 : random_below(r, 3);
}

static void draw_query(oracle *o, query_step *q)
{
    random_state *r = &o->random;
    memset(q, 0, sizeof *q);
    draw_filters(o, q);
    q->made = random_below(r, 2) ? 1 + (uint32_t)random_below(r, COMMON_QUERIES) : (uint32_t)random_next(r);
    q->mode = random_below(r, 3) ? 0 : random_below(r, 3);
    q->fusion = random_below(r, 2) ? FUSION_ADAPTIVE : random_below(r, FUSIONS);
    q->candidates = random_below(r, 3) ? 1 + random_below(r, 12) : 100;
    if (q->candidates < KEYS / 2 && random_below(r, 2)) q->ef = 1 + random_below(r, 20);
    q->limit = 1 + random_below(r, PAGE);
    q->offset = random_below(r, 3) ? 0 : random_below(r, 15);
    q->want_tools = random_below(r, 3) ? 0 : random_below(r, 4);
    q->environment = random_below(r, 2) ? 0 : random_below(r, 1 << FACTS);
    q->environment_weight = random_below(r, 2) ? 8.0 : 0.1 + 20.0 * random_unit(r);
    q->alike_weight = random_below(r, 2) ? 1.25 : random_below(r, 8) ? 0.1 + 20.0 * random_unit(r) : 1e6;
    q->told_weight = random_below(r, 2) ? 0.25 : random_unit(r);
    q->warnings = random_below(r, 4) ? 0 : 1 + random_below(r, PAGE);
    q->now = random_below(r, 4) ? PLURUM_TIME_UNSET : o->clock - 40 * 86400 + random_below(r, 80 * 86400);
    q->alpha = random_below(r, 3) ? 0.5 : random_unit(r);
    q->lean = random_below(r, 3) ? 1.0 : 4.0 * random_unit(r) - 2.0;
    q->feedback_lean = random_below(r, 3) ? 1.0 : 4.0 * random_unit(r) - 2.0;
    q->floor = random_below(r, 3) ? 1.0 / 3.0 : random_unit(r);
    q->gate = random_below(r, 3) ? 1.0 : random_unit(r);
    q->rrf_k = random_below(r, 3) ? 60.0 : 200.0 * random_unit(r);
    q->rrf_text = random_below(r, 3) ? 1.0 : random_below(r, 3);
    q->rrf_vector = random_below(r, 3) ? 1.0 : random_unit(r);
    q->tools_weight = random_below(r, 2) ? 0.2 : 3.0 * random_unit(r);
    q->k1 = random_below(r, 3) ? 1.2 : 3.0 * random_unit(r);
    q->b = random_below(r, 3) ? 0.75 : random_unit(r);
    q->function_words = random_below(r, 3) ? 0.0 : random_unit(r);
    for (int f = 0; f < PLURUM_TEXT_FIELD_COUNT; f++)
        q->field[f] = random_below(r, 3) ? 1.0 : random_below(r, 4) ? 3.0 * random_unit(r) : 0.0;
    if (random_below(r, 2))
        for (int f = 0; f < PLURUM_TEXT_FIELD_COUNT; f++) q->field[f] = 1.0;
}

/* The page after the last search's, where there is one. */
static int draw_page(oracle *o, step *s)
{
    if (!o->last_answer.cursor[0]) return 0;
    s->kind = STEP_SEARCH;
    s->query = o->last_search.query;
    s->query.offset = 0;
    s->query.limit = 1 + random_below(&o->random, PAGE);
    memcpy(s->query.cursor, o->last_answer.cursor, sizeof s->query.cursor);
    o->pages++;
    return 1;
}

static void draw(oracle *o, step *s)
{
    random_state *r = &o->random;
    int kind = random_below(r, 100);
    memset(s, 0, sizeof *s);
    if (random_below(r, 4) == 0) o->clock += random_below(r, 100) ? random_below(r, 7200) : 30 * 86400;
    if (random_below(r, 200) == 0) o->clock -= random_below(r, 86400);
    s->clock = o->clock;
    s->key = random_below(r, KEYS);
    s->by_short = random_below(r, 2);
    s->viewer = random_below(r, AGENTS + 2) - 2;
    if (kind < 40 || o->done < 40) {
        s->kind = STEP_BATCH;
        s->change_count = 1 + (random_below(r, 3) ? 0 : random_below(r, CHANGES));
        for (int i = 0; i < s->change_count; i++) draw_change(o, &s->changes[i]);
    } else if (kind < 80) {
        s->kind = STEP_SEARCH;
        if (random_below(r, 2) || !draw_page(o, s)) draw_query(o, &s->query);
    } else if (kind < 84) {
        s->kind = STEP_LIST;
        draw_query(o, &s->query);
    } else {
        s->kind = kind < 88   ? STEP_GET
                  : kind < 92 ? STEP_HISTORY
                  : kind < 96 ? STEP_APPLY
                  : kind < 98 ? STEP_REOPEN
                              : STEP_SEQ;
        if (s->kind == STEP_REOPEN) s->background = random_below(r, 2);
        if (s->kind == STEP_SEQ && random_below(r, 8) == 0) s->kind = STEP_VERIFY;
        if (s->kind == STEP_REOPEN && random_below(r, 10) == 0) s->kind = STEP_COMPACT;
    }
}

/* ---- comparing ---- */

static int near(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-9;
}

static int same_hit(const answer_hit *a, const answer_hit *b, int scored)
{
    if (a->id != b->id || a->key != b->key || !near(a->trust, b->trust)) return 0;
    return !scored ||
           (near(a->score, b->score) && near(a->relevant, b->relevant) && near(a->relevance, b->relevance) &&
            near(a->similarity, b->similarity) && near(a->text_score, b->text_score) &&
            near(a->cosine, b->cosine) && a->text_rank == b->text_rank &&
            a->vector_rank == b->vector_rank && near(a->boost, b->boost) &&
            near(a->text, b->text) && near(a->vector, b->vector) && near(a->tools, b->tools) &&
            near(a->trust_part, b->trust_part) &&
            near(a->text + a->vector + a->tools, a->relevance) &&
            near(a->text + a->vector + a->tools + a->trust_part, a->score));
}

static void print_hits(const char *who, const answer_hit *hits, int count)
{
    for (int i = 0; i < count; i++)
        printf("  %s %2d: doc-%d (%u) score %.12f sim %.9f text %.12f/%u cos %.12f/%u trust %.9f\n",
               who, i + 1, hits[i].key, hits[i].id, hits[i].score, hits[i].similarity,
               hits[i].text_score, hits[i].text_rank, hits[i].cosine, hits[i].vector_rank,
               hits[i].trust);
}

static int same_lists(const answer *e, const answer *r, int scored)
{
    if (e->count != r->count || e->warning_count != r->warning_count || e->total != r->total) return 0;
    for (int i = 0; i < e->count; i++)
        if (!same_hit(&e->hits[i], &r->hits[i], scored)) return 0;
    for (int i = 0; i < e->warning_count; i++)
        if (!same_hit(&e->warnings[i], &r->warnings[i], scored)) return 0;
    return !scored || (e->cursor[0] != 0) == (r->cursor[0] != 0);
}

static int same(const step *s, const answer *e, const answer *r)
{
    if (e->status != r->status || e->position != r->position) return 0;
    if (s->kind == STEP_SEQ && e->seq != r->seq) return 0;
    if (e->status) return 1;
    if (s->kind == STEP_SEARCH)
        return same_lists(e, r, 1) && e->seq == r->seq;
    if (s->kind == STEP_LIST) return same_lists(e, r, 0);
    if (s->kind == STEP_GET || s->kind == STEP_HISTORY)
        return near(e->trust.trust, r->trust.trust) && e->events == r->events &&
               e->digest == r->digest && e->trust.quarantined == r->trust.quarantined &&
               near(e->trust.success_rate, r->trust.success_rate);
    return 1;
}

static int differ(const oracle *o, const step *s, const answer *e, const answer *r)
{
    static const char *const KINDS[] = {"batch", "apply", "reopen", "search", "list",
                                        "get", "history", "verify", "compact", "seq"};
    printf("step %lu, %s: the engine and the reference differ\n", o->done, KINDS[s->kind]);
    printf("  engine:    status %d at %llu, seq %llu, %d hits of %llu, %d warnings %s\n", e->status,
           (unsigned long long)e->position, (unsigned long long)e->seq, e->count,
           (unsigned long long)e->total, e->warning_count, e->text);
    printf("  reference: status %d at %llu, seq %llu, %d hits of %llu, %d warnings\n", r->status,
           (unsigned long long)r->position, (unsigned long long)r->seq, r->count,
           (unsigned long long)r->total, r->warning_count);
    print_hits("engine   ", e->hits, e->count);
    print_hits("reference", r->hits, r->count);
    return -1;
}

/* ---- one step ---- */

/* A commit that the engine is killed in: all of it or nothing. */
static int kill_inside(oracle *o, const step *s)
{
    struct timespec pause = {0, random_below(&o->random, 3000000)};
    answer e, r;
    step question = {.kind = STEP_SEQ, .clock = s->clock};
    reference *after = reference_copy(o->reference);
    reference_step(after, s, &r);
    if (pipe_write(o->steps, s, sizeof *s)) return -1;
    nanosleep(&pause, NULL);
    kill_engine(o);
    o->killed_inside++;
    if (ask_engine(o, &question, &e)) return -1;
    int applied = e.seq == reference_seq(after);
    if (!applied && e.seq != reference_seq(o->reference)) {
        printf("step %lu: killed inside a commit: seq is %llu, neither %llu nor %llu\n", o->done,
               (unsigned long long)e.seq, (unsigned long long)reference_seq(o->reference),
               (unsigned long long)reference_seq(after));
        reference_free(after);
        return -1;
    }
    reference_free(applied ? o->reference : after);
    if (applied) o->reference = after;
    question.kind = STEP_VERIFY;
    return ask_engine(o, &question, &e) || e.status ? -1 : 0;
}

static int do_step(oracle *o, const step *s)
{
    answer e, r;
    reference_step(o->reference, s, &r);
    if (ask_engine(o, s, &e)) {
        printf("step %lu: the engine's process is gone\n", o->done);
        return -1;
    }
    if (!same(s, &e, &r)) return differ(o, s, &e, &r);
    if (s->kind == STEP_SEARCH && s->query.ef && !*s->query.cursor && !e.status) {
        static judgement judged;
        reference_judge(o->reference, &s->query, &judged);
        if (graph_check(&o->graph, &e, &judged)) {
            printf("step %lu: an answer by graphs is wrong\n", o->done);
            return -1;
        }
    }
    if (s->kind == STEP_SEARCH) {
        o->last_search = *s;
        o->last_answer = e;
        o->searches++;
        o->hits += (unsigned long)e.count;
    }
    o->reopens += s->kind == STEP_REOPEN;
    o->compactions += s->kind == STEP_COMPACT;
    o->failed_batches += s->kind == STEP_BATCH && e.status;
    return 0;
}

static int run(oracle *o, unsigned long steps)
{
    for (o->done = 0; o->done < steps; o->done++) {
        step s;
        draw(o, &s);
        int kill_now = random_below(&o->random, 250) == 0;
        if (kill_now && s.kind == STEP_BATCH) {
            if (kill_inside(o, &s)) return -1;
            continue;
        }
        if (kill_now) kill_engine(o);
        if (do_step(o, &s)) return -1;
    }
    step check = {.kind = STEP_VERIFY, .clock = o->clock};
    return do_step(o, &check);
}

int main(int argc, char **argv)
{
    unsigned long seed = 1, steps = 1500;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--seed") == 0) seed = strtoul(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--steps") == 0) steps = strtoul(argv[i + 1], NULL, 10);
    }
    static oracle o;
    char folder[] = "/tmp/plurum-oracle-XXXXXX";
    if (!mkdtemp(folder)) return 2;
    snprintf(o.path, sizeof o.path, "%s/index", folder);
    signal(SIGPIPE, SIG_IGN);
    o.random.state = seed;
    o.clock = 1750000000;
    o.settings.newcomer_weights = seed & 1;
    o.settings.quarantine_margin = seed & 2 ? 0.5 : INFINITY; /* with parole, or not */
    o.reference = reference_new(&o.settings);
    start(&o);
    int failed = run(&o, steps);
    reap(&o);
    printf("seed %lu: %lu steps, %lu searches with %lu hits, %lu pages, %lu refused batches, "
           "%lu reopens, %lu compactions, %lu kills, %lu of them inside a commit: %s\n", seed, o.done,
           o.searches, o.hits, o.pages, o.failed_batches, o.reopens, o.compactions, o.kills,
           o.killed_inside, failed ? "DIFFERENT" : "0 differences");
    graph_print(&o.graph);
    reference_free(o.reference);
    remove_tree(folder);
    return failed ? 1 : 0;
}
