/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Candidates of both legs, their fusion, trust and tools, and the order.
 */
#include <config.h>

#include "tests/oracle/world.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/oracle/fusion.h"

double similarity_of(double cosine)
{
    const double pivot = 0.4;
    if (isnan(cosine)) return NAN;
    if (cosine <= 0) return 0;
    return cosine <= pivot ? 0.4 * cosine / pivot
                           : fmin(1, 0.4 + 0.6 * (cosine - pivot) / (1 - pivot));
}

int before(const answer_hit *a, const answer_hit *b)
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
            double cosine = cosine_of_units(vector, f->asked);
            if (pass == 0) sum += cosine, f->background_count++;
            else squares += pow(cosine - f->background_mean, 2);
            if (pass == 0) f->background_mean = sum / f->background_count;
            else f->background_sd = sqrt(squares / f->background_count);
        }
}

void rank_all(const reference *r, const query_step *q, int quarantine, int64_t now, ranking *out)
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
        plurum_trust_score t = trust_of(r, h->key, q->floor, noise, now);
        hear(&t, &r->documents[h->key], q, noise, now);
        const made *m = make_document(h->key, r->documents[h->key].made);
        int used = 0;
        for (int tool = 0; tool < q->want_tools; tool++) used += m->tools_mask >> tool & 1;
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

int64_t moment_of(const reference *r, const query_step *q)
{
    return q->now == PLURUM_TIME_UNSET ? r->clock - (r->clock % 3600 + 3600) % 3600 : q->now;
}
