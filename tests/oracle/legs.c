/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scores of both legs, of every document, and their lists.
 */
#include <config.h>

#include "tests/oracle/world.h"

#include <math.h>
#include <string.h>

static double weighted(const uint32_t counts[PLURUM_TEXT_FIELD_COUNT], const query_step *q)
{
    double sum = 0;
    for (int f = 0; f < PLURUM_TEXT_FIELD_COUNT; f++) sum += q->field[f] * counts[f];
    return sum;
}

/* How often a query has each of its terms, function words by their weight. */
static void ask(const pli_terms *query, const query_step *q, double asked[])
{
    int others = 0;
    for (uint32_t t = 0; t < query->count; t++)
        others |= query->terms[t].tf[PLI_QUERY_WORDS] > 0;
    for (uint32_t t = 0; t < query->count; t++)
        asked[t] = query->terms[t].tf[PLI_QUERY_WORDS] +
                   (others ? q->function_words : 1) * query->terms[t].tf[PLI_QUERY_FUNCTION_WORDS];
}

void score_text(const reference *r, const query_step *q, const pli_terms *query, double scores[KEYS],
                double *most)
{
    static pli_terms *terms[KEYS];
    pli_analyser *analyser;
    double total = 0, times[400];
    int n = 0;
    ask(query, q, times);
    pli_analyser_new(&analyser, NULL);
    for (int k = 0; k < KEYS; k++) {
        terms[k] = NULL;
        scores[k] = 0;
        if (!r->documents[k].there) continue;
        const made *m = make_document(k, r->documents[k].made);
        pli_terms_of_document(&terms[k], analyser, &m->document, NULL);
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
        *most += times[t] * idf * (q->k1 + 1);
        for (int k = 0; k < KEYS; k++) {
            const pli_term *has =
                terms[k] ? pli_terms_find(terms[k], asked->bytes, asked->len) : NULL;
            double tf = has ? weighted(has->tf, q) : 0;
            if (tf <= 0) continue;
            double length = mean > 0 ? weighted(terms[k]->length, q) / mean : 0;
            double normal = q->k1 * (1 - q->b + q->b * fmax(length, 0.5));
            scores[k] += times[t] * idf * (q->k1 + 1) * tf / (normal + tf);
        }
    }
    for (int k = 0; k < KEYS; k++) pli_terms_unref(terms[k]);
    pli_analyser_free(analyser);
}

void normalise(float v[DIM])
{
    double sum = 0;
    for (int i = 0; i < DIM; i++) sum += (double)v[i] * v[i];
    for (int i = 0; i < DIM; i++) v[i] = (float)(v[i] / sqrt(sum));
}

int vector_of(const reference *r, int key, float out[DIM])
{
    const made *m = make_document(key, r->documents[key].made);
    if (!m->document.vector) return 0;
    memcpy(out, m->vector, sizeof m->vector);
    normalise(out);
    return 1;
}

double cosine_of_units(const float a[DIM], const float b[DIM])
{
    double sum = 0;
    for (int i = 0; i < DIM; i++) sum += (double)a[i] * b[i];
    return fmin(1, fmax(-1, sum));
}

double cosine_of(const reference *r, int key, const float query[DIM])
{
    float vector[DIM];
    return vector_of(r, key, vector) ? cosine_of_units(vector, query) : NAN;
}

void rank_leg(const reference *r, const double scores[KEYS], const int allowed[KEYS], int k,
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
