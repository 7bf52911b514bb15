/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reference engine. Plain on purpose: nothing is kept that could be computed, nothing is fast.
 * It shares with the engine only the text analysis (which has its own tests) and libtrust (which
 * has its golden vectors); formulas are written out here again.
 */
#include <config.h>

#include "tests/oracle/reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/oracle/world.h"

reference *reference_new(const settings *made_with)
{
    reference *r = calloc(1, sizeof *r);
    r->settings = *made_with;
    r->next_id = 1;
    return r;
}

reference *reference_copy(const reference *r)
{
    reference *copy = malloc(sizeof *copy);
    *copy = *r;
    return copy;
}

void reference_free(reference *r)
{
    free(r);
}

uint64_t reference_seq(const reference *r)
{
    return r->seq;
}

/* ---- changes ---- */

static plurum_status change_put(reference *r, const change *c)
{
    document *d = &r->documents[c->key];
    if (d->there && c->conflict == PLURUM_CONFLICT_ERROR) return PLURUM_EXISTS;
    if (d->there && c->conflict == PLURUM_CONFLICT_SKIP) return PLURUM_OK;
    const made *m = make_document(c->key, c->made);
    r->seq += d->there ? 2 : 1;
    if (!d->there) memset(d, 0, sizeof *d);
    d->there = 1;
    d->id = r->next_id++;
    d->made = c->made;
    d->lifecycle = (int)m->document.lifecycle;
    return PLURUM_OK;
}

static plurum_status change_report(reference *r, const change *c)
{
    document *d = &r->documents[c->key];
    int64_t at = c->at == PLURUM_TIME_UNSET ? r->clock : c->at;
    if (at > r->clock) return PLURUM_INVALID;
    if (!d->there) return PLURUM_NOTFOUND;
    const made *m = make_document(c->key, d->made);
    int counted = m->owner_number != c->agent;
    report *row = c->kind == OUTCOME ? &d->outcomes[c->agent] : &d->votes[c->agent];
    if (c->kind == OUTCOME && row->seq) return PLURUM_EXISTS;
    if (c->kind == VOTE && row->seq && row->value == c->value && row->counted == counted)
        return PLURUM_OK;
    *row = (report){++r->seq, c->value, counted, c->environment, c->asked, 1.0, at};
    if (c->kind == OUTCOME && counted) {
        if (r->settings.newcomer_weights) row->weight = 0.4 + 0.6 * fmin(1, r->filed[c->agent] / 5.0);
        r->filed[c->agent]++;
    }
    return PLURUM_OK;
}

static plurum_status change_state(reference *r, const change *c)
{
    document *d = &r->documents[c->key];
    if (!d->there) return PLURUM_NOTFOUND;
    const made *m = make_document(c->key, d->made);
    if (c->agent >= 0 && m->owner_number != c->agent)
        return sees(&(query_step){.viewer = c->agent}, m, d->lifecycle) ? PLURUM_FORBIDDEN
                                                                        : PLURUM_NOTFOUND;
    if (c->kind == DELETE) {
        d->there = 0;
        r->seq++;
    } else if (d->lifecycle != c->value &&
               !(d->lifecycle == PLURUM_VERIFIED && c->value == PLURUM_PUBLISHED)) {
        d->lifecycle = c->value;
        r->seq++;
    }
    return PLURUM_OK;
}

static void step_batch(reference *r, const step *s, answer *a)
{
    reference before = *r;
    for (int i = 0; i < s->change_count && !a->status; i++) {
        const change *c = &s->changes[i];
        a->status = c->kind == PUT                          ? change_put(r, c)
                    : c->kind == OUTCOME || c->kind == VOTE ? change_report(r, c)
                                                            : change_state(r, c);
        if (a->status) a->position = (uint64_t)i;
    }
    if (a->status) *r = before;
}

static int64_t hour(int64_t t)
{
    return t - (t % 3600 + 3600) % 3600;
}

/* Behind the last hit of the page before, or where it would be. */
static int after_cursor(const reference *r, const ranking *all)
{
    int place = 0;
    for (int i = 0; i < all->count; i++)
        if (all->all[i].hit.id == r->last.id) return i + 1;
    while (place < all->count && !before(&r->last, &all->all[place].hit)) place++;
    return place;
}

static void step_search(reference *r, const query_step *q, answer *a)
{
    static ranking all, dead;
    int64_t now = *q->cursor ? r->last_now : moment_of(r, q);
    int start = q->offset;
    rank_all(r, q, q->quarantine, now, &all);
    if (*q->cursor) start = after_cursor(r, &all);
    a->total = (uint64_t)all.count;
    for (int i = start; i < all.count && a->count < q->limit; i++)
        a->hits[a->count++] = all.all[i].hit;
    int more = a->count && start + a->count < all.count;
    strcpy(a->cursor, more ? "more" : "");
    if (a->count) r->last = a->hits[a->count - 1];
    r->last_now = now;
    if (!q->warnings) return;
    rank_all(r, q, PLURUM_QUARANTINE_ONLY, now, &dead);
    for (int i = 0; i < dead.count && a->warning_count < q->warnings; i++)
        if (dead.all[i].hit.score > 0) a->warnings[a->warning_count++] = dead.all[i].hit;
}

static int newer(const reference *r, int a, int b)
{
    const made *x = make_document(a, r->documents[a].made), *y = make_document(b, r->documents[b].made);
    if (x->document.created_at != y->document.created_at)
        return x->document.created_at > y->document.created_at;
    return r->documents[a].id > r->documents[b].id;
}

static void step_list(const reference *r, const query_step *q, answer *a)
{
    int shown[KEYS];
    for (int k = 0; k < KEYS; k++) shown[k] = passes(r, q, k, q->quarantine, hour(r->clock));
    for (int k = 0; k < KEYS; k++) {
        int place = 0;
        if (!shown[k]) continue;
        for (int other = 0; other < KEYS; other++)
            place += other != k && shown[other] && newer(r, other, k);
        a->total++;
        place -= q->offset;
        if (place < 0 || place >= q->limit) continue;
        a->hits[place].key = k;
        a->hits[place].id = r->documents[k].id;
        a->hits[place].trust = trust_of(r, k, 0.0, 0.0, hour(r->clock)).trust;
        if (place >= a->count) a->count = place + 1;
    }
}

static void step_read(const reference *r, const step *s, answer *a)
{
    const document *d = &r->documents[s->key];
    query_step viewer = {.viewer = s->viewer};
    a->status = PLURUM_NOTFOUND;
    if (!d->there) return;
    const made *m = make_document(s->key, d->made);
    if (s->kind == STEP_GET && !sees(&viewer, m, d->lifecycle)) return;
    a->status = PLURUM_OK;
    a->trust = trust_of(r, s->key, 0.0, 0.0, hour(r->clock));
    for (int i = 0; i < AGENTS; i++)
        a->events += (d->outcomes[i].seq > 0) + (d->votes[i].seq > 0);
    if (s->kind == STEP_GET) {
        a->digest = (uint64_t)d->lifecycle * 10 + (uint64_t)m->document.visibility;
        a->events = a->trust.total_reports;
    }
    for (int i = 0; i < AGENTS && s->kind == STEP_HISTORY; i++) {
        const report *rows[2] = {&d->outcomes[i], &d->votes[i]};
        for (int v = 0; v < 2; v++)
            if (rows[v]->seq)
                a->digest += rows[v]->seq * 1000 + (uint64_t)(rows[v]->value + 1) * 100 +
                             (uint64_t)rows[v]->counted * 10 + (uint64_t)v;
    }
}

/* What is true of every document, whether a search finds it or not. */
void reference_judge(const reference *r, const query_step *q, judgement *out)
{
    static ranking all;
    char words[400];
    float vector[DIM];
    int has_vector;
    double most = 0;
    pli_analyser *analyser;
    pli_terms *query;
    make_query(words, vector, &has_vector, q->made);
    if (has_vector) normalise(vector);
    pli_analyser_new(&analyser, NULL);
    pli_terms_of_query(&query, analyser, words, strlen(words), NULL);
    pli_analyser_free(analyser);
    score_text(r, q, query, out->text, &most);
    pli_terms_unref(query);
    for (int k = 0; k < KEYS; k++) {
        out->allowed[k] = passes(r, q, k, q->quarantine, moment_of(r, q));
        if (q->mode == PLURUM_MODE_VECTOR) out->text[k] = 0;
        out->cosine[k] = out->allowed[k] && has_vector && q->mode != PLURUM_MODE_TEXT
                             ? cosine_of(r, k, vector) : NAN;
        out->id[k] = r->documents[k].id;
    }
    rank_all(r, q, q->quarantine, moment_of(r, q), &all);
    out->count = all.count;
    for (int i = 0; i < all.count; i++) out->exact[i] = all.all[i].hit;
}

void reference_step(reference *r, const step *s, answer *a)
{
    memset(a, 0, sizeof *a);
    r->clock = s->clock;
    switch (s->kind) {
    case STEP_BATCH: step_batch(r, s, a); break;
    case STEP_SEARCH: step_search(r, &s->query, a); break;
    case STEP_LIST: step_list(r, &s->query, a); break;
    case STEP_GET:
    case STEP_HISTORY: step_read(r, s, a); break;
    case STEP_APPLY:
    case STEP_REOPEN:
    case STEP_VERIFY:
    case STEP_COMPACT:
    case STEP_SEQ: break;
    }
    a->seq = r->seq;
}
