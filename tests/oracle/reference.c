/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reference engine. Plain on purpose: nothing is kept that could be computed, nothing is fast.
 * It shares with the engine only the text analysis (which has its own tests) and libtrust (which
 * has its golden vectors); formulas are written out here again.
 */
#include <config.h>

#include "tests/oracle/reference.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/oracle/fusion.h"
#include "text/terms.h"

typedef struct report {
    uint64_t seq; /* 0: none */
    int value, counted;
    int64_t at;
} report;

typedef struct document {
    int there;
    uint32_t id, made;
    int lifecycle;
    report outcomes[AGENTS], votes[AGENTS];
} document;

struct reference {
    document documents[KEYS];
    uint64_t seq;
    uint32_t next_id;
    int64_t clock;
    answer_hit last; /* of the page before, for a cursor */
    int64_t last_now;
};

/* A candidate while it is ranked. */
typedef struct candidate {
    int key;
    answer_hit hit;
} candidate;

typedef struct ranking {
    candidate all[KEYS];
    int count;
} ranking;

reference *reference_new(void)
{
    reference *r = calloc(1, sizeof *r);
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
    made m;
    make_document(&m, c->key, c->made);
    r->seq += d->there ? 2 : 1;
    if (!d->there) memset(d, 0, sizeof *d);
    d->there = 1;
    d->id = r->next_id++;
    d->made = c->made;
    d->lifecycle = (int)m.document.lifecycle;
    return PLURUM_OK;
}

static plurum_status change_report(reference *r, const change *c)
{
    document *d = &r->documents[c->key];
    int64_t at = c->at == PLURUM_TIME_UNSET ? r->clock : c->at;
    if (at > r->clock) return PLURUM_INVALID;
    if (!d->there) return PLURUM_NOTFOUND;
    made m;
    make_document(&m, c->key, d->made);
    int counted = m.owner_number != c->agent;
    report *row = c->kind == OUTCOME ? &d->outcomes[c->agent] : &d->votes[c->agent];
    if (c->kind == OUTCOME && row->seq) return PLURUM_EXISTS;
    if (c->kind == VOTE && row->seq && row->value == c->value && row->counted == counted)
        return PLURUM_OK;
    *row = (report){++r->seq, c->value, counted, at};
    return PLURUM_OK;
}

static int sees(const query_step *q, const made *m, int lifecycle)
{
    int shown = lifecycle == PLURUM_PUBLISHED || lifecycle == PLURUM_VERIFIED;
    plurum_visibility v = m->document.visibility;
    if (q->viewer == -2 || (v == PLURUM_PUBLIC && shown)) return 1;
    if (q->viewer >= 0 && m->owner_number == q->viewer) return 1;
    return v == PLURUM_TEAM && shown && m->owner_number >= 0 && (q->mates >> m->owner_number & 1);
}

static plurum_status change_state(reference *r, const change *c)
{
    document *d = &r->documents[c->key];
    if (!d->there) return PLURUM_NOTFOUND;
    made m;
    make_document(&m, c->key, d->made);
    if (c->agent >= 0 && m.owner_number != c->agent)
        return sees(&(query_step){.viewer = c->agent}, &m, d->lifecycle) ? PLURUM_FORBIDDEN
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

/* ---- trust, by replay ---- */

static int by_seq(const void *a, const void *b)
{
    const report *const *x = a, *const *y = b;
    return (*x)->seq < (*y)->seq ? -1 : 1;
}

static plurum_trust_score trust_of(const document *d, int key, double floor, double noise,
                                   int64_t now)
{
    plurum_trust_config config;
    plurum_trust_state state;
    plurum_trust_score score;
    const report *rows[2 * AGENTS];
    int n = 0;
    made m;
    make_document(&m, key, d->made);
    for (int i = 0; i < AGENTS; i++) {
        if (d->outcomes[i].seq && d->outcomes[i].counted) rows[n++] = &d->outcomes[i];
        if (d->votes[i].seq && d->votes[i].counted) rows[n++] = &d->votes[i];
    }
    qsort(rows, (size_t)n, sizeof *rows, by_seq);
    plurum_trust_config_init(&config);
    config.floor = floor;
    config.noise = noise;
    plurum_trust_init(&state, m.document.confidence);
    for (int i = 0; i < n; i++) {
        int is_vote = rows[i] >= d->votes && rows[i] < d->votes + AGENTS;
        if (is_vote)
            plurum_trust_vote(&state, 0, rows[i]->value);
        else
            plurum_trust_outcome(&state, &config, rows[i]->value, rows[i]->at, 1.0);
    }
    plurum_trust_score_at(&score, &state, &config, now);
    return score;
}

static double noise_now(const reference *r)
{
    int successes[KEYS] = {0}, failures[KEYS] = {0};
    for (int k = 0; k < KEYS; k++)
        for (int a = 0; a < AGENTS && r->documents[k].there; a++) {
            const report *o = &r->documents[k].outcomes[a];
            if (!o->seq || !o->counted) continue;
            *(o->value ? &successes[k] : &failures[k]) += 1;
        }
    return noise_of(successes, failures, KEYS);
}

/* ---- who may find what ---- */

static int passes(const reference *r, const query_step *q, int key, int quarantine, int64_t now)
{
    const document *d = &r->documents[key];
    made m;
    if (!d->there) return 0;
    make_document(&m, key, d->made);
    plurum_trust_score t = trust_of(d, key, 0.0, 0.0, now);
    unsigned lifecycles = q->lifecycles ? q->lifecycles
                                        : 1u << PLURUM_PUBLISHED | 1u << PLURUM_VERIFIED;
    return sees(q, &m, d->lifecycle) && (lifecycles >> d->lifecycle & 1) &&
           (quarantine == PLURUM_QUARANTINE_SHOW ||
            t.quarantined == (quarantine == PLURUM_QUARANTINE_ONLY)) &&
           (q->domain < 0 || m.domain_number == q->domain) &&
           (q->tool < 0 || (m.tools_mask >> q->tool & 1)) &&
           (q->tag < 0 || (m.tags_mask >> q->tag & 1)) &&
           (!q->visibilities || (q->visibilities >> m.document.visibility & 1)) &&
           (q->min_quality <= 0 || t.trust >= q->min_quality) &&
           (q->min_confidence <= 0 || m.document.confidence >= q->min_confidence) &&
           (q->since == PLURUM_TIME_UNSET || m.document.created_at >= q->since) &&
           (q->until == PLURUM_TIME_UNSET || m.document.created_at <= q->until);
}

/* ---- the legs ---- */

static double weighted(const uint32_t counts[PLURUM_TEXT_FIELD_COUNT], const query_step *q)
{
    double sum = 0;
    for (int f = 0; f < PLURUM_TEXT_FIELD_COUNT; f++) sum += q->field[f] * counts[f];
    return sum;
}

static void score_text(const reference *r, const query_step *q, const pli_terms *query,
                       double scores[KEYS], double *most)
{
    static pli_terms *terms[KEYS];
    pli_analyser *analyser;
    double total = 0;
    int n = 0;
    pli_analyser_new(&analyser, NULL);
    for (int k = 0; k < KEYS; k++) {
        made m;
        terms[k] = NULL;
        scores[k] = 0;
        if (!r->documents[k].there) continue;
        make_document(&m, k, r->documents[k].made);
        pli_terms_of_document(&terms[k], analyser, &m.document, NULL);
        total += weighted(terms[k]->length, q);
        n++;
    }
    double mean = n ? total / n : 0;
    for (uint32_t t = 0; t < query->count; t++) {
        const pli_term *asked = &query->terms[t];
        int df = 0;
        for (int k = 0; k < KEYS; k++)
            df += terms[k] && pli_terms_find(terms[k], asked->bytes, asked->len);
        double x = (n - df + 0.5) / (df + 0.5), idf = log(x < 2 ? x / 2 + 1 : x);
        *most += asked->tf[0] * idf * (q->k1 + 1);
        for (int k = 0; k < KEYS; k++) {
            const pli_term *has =
                terms[k] ? pli_terms_find(terms[k], asked->bytes, asked->len) : NULL;
            double tf = has ? weighted(has->tf, q) : 0;
            if (tf <= 0) continue;
            double length = mean > 0 ? weighted(terms[k]->length, q) / mean : 0;
            double normal = q->k1 * (1 - q->b + q->b * fmax(length, 0.5));
            scores[k] += asked->tf[0] * idf * (q->k1 + 1) * tf / (normal + tf);
        }
    }
    for (int k = 0; k < KEYS; k++) pli_terms_unref(terms[k]);
    pli_analyser_free(analyser);
}

/* To unit length, as single precision keeps it. */
static void normalise(float v[DIM])
{
    double sum = 0;
    for (int i = 0; i < DIM; i++) sum += (double)v[i] * v[i];
    for (int i = 0; i < DIM; i++) v[i] = (float)(v[i] / sqrt(sum));
}

/* 0: it has none. */
static int vector_of(const reference *r, int key, float out[DIM])
{
    made m;
    make_document(&m, key, r->documents[key].made);
    if (!m.document.vector) return 0;
    normalise(m.vector);
    memcpy(out, m.vector, sizeof m.vector);
    return 1;
}

static double dot(const float a[DIM], const float b[DIM])
{
    double sum = 0;
    for (int i = 0; i < DIM; i++) sum += (double)a[i] * b[i];
    return sum;
}

static double cosine_of(const reference *r, int key, const float query[DIM])
{
    float vector[DIM];
    return vector_of(r, key, vector) ? dot(vector, query) : NAN;
}

/* Place of each allowed key in a leg's list of at most k, from 1; 0: not in it. */
static void rank_leg(const reference *r, const double scores[KEYS], const int allowed[KEYS], int k,
                     int ranks[KEYS])
{
    for (int a = 0; a < KEYS; a++) {
        ranks[a] = 0;
        if (!allowed[a] || isnan(scores[a])) continue;
        int place = 1;
        for (int b = 0; b < KEYS; b++)
            place += allowed[b] && !isnan(scores[b]) && b != a &&
                     (scores[b] > scores[a] || (scores[b] == scores[a] &&
                                                r->documents[b].id < r->documents[a].id));
        if (place <= k) ranks[a] = place;
    }
}

/* ---- ranking ---- */

static double similarity_of(double cosine)
{
    const double pivot = 0.4;
    if (isnan(cosine)) return NAN;
    if (cosine <= 0) return 0;
    return cosine <= pivot ? 0.4 * cosine / pivot
                           : fmin(1, 0.4 + 0.6 * (cosine - pivot) / (1 - pivot));
}

static int before(const answer_hit *a, const answer_hit *b)
{
    double x[3] = {a->score, isnan(a->similarity) ? -1 : a->similarity, a->text_score};
    double y[3] = {b->score, isnan(b->similarity) ? -1 : b->similarity, b->text_score};
    for (int i = 0; i < 3; i++)
        if (x[i] != y[i]) return x[i] > y[i];
    return a->id < b->id;
}

static int compare(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    return before(&x->hit, &y->hit) ? -1 : before(&y->hit, &x->hit);
}

/* The query's cosines with every document that there is, seen or not. */
static void look_around(const reference *r, fusion *f)
{
    double sum = 0, squares = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int k = 0; k < KEYS; k++) {
            float vector[DIM];
            if (!r->documents[k].there || !vector_of(r, k, vector)) continue;
            double cosine = dot(vector, f->asked);
            if (pass == 0) sum += cosine, f->background_count++;
            else squares += pow(cosine - f->background_mean, 2);
            if (pass == 0) f->background_mean = sum / f->background_count;
            else f->background_sd = sqrt(squares / f->background_count);
        }
}

static void rank_all(const reference *r, const query_step *q, int quarantine, int64_t now,
                     ranking *out)
{
    static double text[KEYS], cosine[KEYS], found_text[KEYS];
    int allowed[KEYS], text_rank[KEYS], vector_rank[KEYS], has_vector;
    fusion f = {.query = q};
    char words[400];
    float vector[DIM];
    pli_analyser *analyser;
    pli_terms *query;
    make_query(words, vector, &has_vector, q->made);
    if (has_vector) normalise(vector);
    pli_analyser_new(&analyser, NULL);
    pli_terms_of_query(&query, analyser, words, strlen(words), NULL);
    pli_analyser_free(analyser);
    score_text(r, q, query, text, &f.text_most);
    pli_terms_unref(query);
    for (int k = 0; k < KEYS; k++) {
        allowed[k] = passes(r, q, k, quarantine, now);
        if (q->mode == PLURUM_MODE_VECTOR) text[k] = 0;
        found_text[k] = text[k] > 0 ? text[k] : NAN;
        cosine[k] = allowed[k] && has_vector && q->mode != PLURUM_MODE_TEXT
                        ? cosine_of(r, k, vector) : NAN;
    }
    rank_leg(r, found_text, allowed, q->candidates, text_rank);
    rank_leg(r, cosine, allowed, q->candidates, vector_rank);
    out->count = 0;
    for (int k = 0; k < KEYS; k++) {
        if (!text_rank[k] && !vector_rank[k]) continue;
        f.text_on |= text_rank[k] > 0;
        f.vector_on |= vector_rank[k] > 0;
        candidate *c = &out->all[out->count++];
        memset(c, 0, sizeof *c);
        c->hit.key = k;
        c->hit.id = r->documents[k].id;
        c->hit.text_rank = (uint32_t)text_rank[k];
        c->hit.vector_rank = (uint32_t)vector_rank[k];
        c->hit.text_score = text[k];
        c->hit.cosine = cosine[k];
        c->hit.similarity = similarity_of(cosine[k]);
        vector_of(r, k, f.vectors[f.count]);
        f.hits[f.count++] = &c->hit;
    }
    memcpy(f.asked, vector, sizeof vector);
    if (f.vector_on) look_around(r, &f);
    calibrate_all(&f);
    fuse_all(&f);
    double w = q->want_tools ? q->tools_weight : 0, noise = q->gate * noise_now(r);
    for (int i = 0; i < out->count; i++) {
        answer_hit *h = &out->all[i].hit;
        plurum_trust_score t = trust_of(&r->documents[h->key], h->key, q->floor, noise, now);
        made m;
        int used = 0;
        make_document(&m, h->key, r->documents[h->key].made);
        for (int tool = 0; tool < q->want_tools; tool++) used += m.tools_mask >> tool & 1;
        h->text /= 1 + w;
        h->vector /= 1 + w;
        h->tools = q->want_tools ? w * used / q->want_tools / (1 + w) : 0;
        h->relevance = h->text + h->vector + h->tools;
        h->trust = t.trust;
        h->boost = t.boost;
        h->score = h->relevance * t.boost;
        h->trust_part = h->relevance * (t.boost - 1);
    }
    qsort(out->all, (size_t)out->count, sizeof *out->all, compare);
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
    int64_t now = *q->cursor                    ? r->last_now
                  : q->now == PLURUM_TIME_UNSET ? hour(r->clock)
                                                : q->now;
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
        a->warnings[a->warning_count++] = dead.all[i].hit;
}

static int newer(const reference *r, int a, int b)
{
    made x, y;
    make_document(&x, a, r->documents[a].made);
    make_document(&y, b, r->documents[b].made);
    if (x.document.created_at != y.document.created_at)
        return x.document.created_at > y.document.created_at;
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
        a->hits[place].trust = trust_of(&r->documents[k], k, 0.0, 0.0, hour(r->clock)).trust;
        if (place >= a->count) a->count = place + 1;
    }
}

static void step_read(const reference *r, const step *s, answer *a)
{
    const document *d = &r->documents[s->key];
    query_step viewer = {.viewer = s->viewer};
    made m;
    a->status = PLURUM_NOTFOUND;
    if (!d->there) return;
    make_document(&m, s->key, d->made);
    if (s->kind == STEP_GET && !sees(&viewer, &m, d->lifecycle)) return;
    a->status = PLURUM_OK;
    a->trust = trust_of(d, s->key, 0.0, 0.0, hour(r->clock));
    for (int i = 0; i < AGENTS; i++)
        a->events += (d->outcomes[i].seq > 0) + (d->votes[i].seq > 0);
    if (s->kind == STEP_GET) {
        a->digest = (uint64_t)d->lifecycle * 10 + (uint64_t)m.document.visibility;
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
    case STEP_SEQ: break;
    }
    a->seq = r->seq;
}
