/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A walk over the outcomes of one document.
 */
#include <config.h>

#include "engine/search/hear.h"

#include <math.h>

/* Of more outcomes of one document only so many, the first by their agents' names, are compared with
 * the query: more would not change the trust that they give by much, and a query reads those of every
 * candidate. */
enum { COMPARED_MOST = 500 };

typedef struct heard {
    plurum_trust_state here, alike;
    double told, all; /* weights of those that were compared with the query */
    size_t count;
} heard;

static plurum_status hear_row(heard *out, const pli_hearing *h, const pli_report_row *row,
                              plurum_error *error)
{
    double here = 0.0, alike = NAN;
    plurum_status status = PLURUM_OK;
    if (!row->counted) return PLURUM_OK;
    if (h->environment)
        status = pli_environment_share_of(&here, h->environment, row->env_fingerprint, error);
    if (!status && h->alike && out->count < COMPARED_MOST) {
        alike = pli_alike_share(h->alike, row);
        out->told += isnan(alike) ? 0.0 : row->weight;
        out->all += row->weight;
    }
    if (here > 0.0)
        plurum_trust_outcome(&out->here, h->trust, row->value, row->at, row->weight * here);
    if (alike > 0.0)
        plurum_trust_outcome(&out->alike, h->trust, row->value, row->at, row->weight * alike);
    return status;
}

static plurum_status hear_rows(heard *out, const pli_hearing *h, uint32_t id, plurum_error *error)
{
    unsigned char start[4];
    pli_walk *walk;
    pli_slice key, value;
    pli_store_be32(start, id);
    plurum_status status = pli_walk_begin(&walk, h->txn, PLI_OUTCOMES, start, sizeof start, error);
    for (; !status && (h->environment || out->count < COMPARED_MOST); out->count++) {
        pli_report_row row;
        uint32_t of;
        status = pli_walk_next(walk, &key, &value, error);
        if (status || key.len < 4 || pli_load_be32(key.bytes) != id) break;
        status = pli_report_decode(&row, &of, key, value, error);
        if (!status) status = hear_row(out, h, &row, error);
    }
    pli_walk_end(walk);
    return status == PLURUM_NOTFOUND ? PLURUM_OK : status;
}

/* Most candidates have nothing that was heard, and a score is dear. */
static void read_reports(double *successes, double *failures, const plurum_trust_state *state,
                         const pli_hearing *h)
{
    plurum_trust_score score;
    if (!state->success_count && !state->failure_count) return;
    plurum_trust_score_at(&score, state, h->trust, h->now);
    *successes = score.report_alpha;
    *failures = score.report_beta;
}

plurum_status pli_hear(pli_candidate *c, const pli_hearing *h, plurum_error *error)
{
    heard out = {.count = 0};
    plurum_trust_init(&out.here, NAN);
    plurum_trust_init(&out.alike, NAN);
    plurum_status status = hear_rows(&out, h, c->id, error);
    if (status == PLURUM_CORRUPT) return PLURUM_OK;
    if (status) return status;
    read_reports(&c->here_successes, &c->here_failures, &out.here, h);
    read_reports(&c->alike_successes, &c->alike_failures, &out.alike, h);
    if (!(out.told > 0.0)) return PLURUM_OK;
    c->told = out.told / out.all;
    c->prior = c->trust.prior_alpha / (c->trust.prior_alpha + c->trust.prior_beta);
    return PLURUM_OK;
}
