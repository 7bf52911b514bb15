/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may find what.
 */
#include <config.h>

#include "tests/oracle/world.h"

int sees(const query_step *q, const made *m, int lifecycle)
{
    int shown = lifecycle == PLURUM_PUBLISHED || lifecycle == PLURUM_VERIFIED;
    plurum_visibility v = m->document.visibility;
    if (q->viewer == -2 || (v == PLURUM_PUBLIC && shown)) return 1;
    if (q->viewer >= 0 && m->owner_number == q->viewer) return 1;
    return v == PLURUM_TEAM && shown && m->owner_number >= 0 && (q->mates >> m->owner_number & 1);
}

int passes(const reference *r, const query_step *q, int key, int quarantine, int64_t now)
{
    const document *d = &r->documents[key];
    if (!d->there) return 0;
    const made *m = make_document(key, d->made);
    plurum_trust_score t = trust_of(r, key, 0.0, 0.0, now);
    unsigned lifecycles = q->lifecycles ? q->lifecycles
                                        : 1u << PLURUM_PUBLISHED | 1u << PLURUM_VERIFIED;
    return sees(q, m, d->lifecycle) && (lifecycles >> d->lifecycle & 1) &&
           (quarantine == PLURUM_QUARANTINE_SHOW ||
            t.quarantined == (quarantine == PLURUM_QUARANTINE_ONLY)) &&
           (q->domain < 0 || m->domain_number == q->domain) &&
           (q->tool < 0 || (m->tools_mask >> q->tool & 1)) &&
           (q->tag < 0 || (m->tags_mask >> q->tag & 1)) &&
           (!q->visibilities || (q->visibilities >> m->document.visibility & 1)) &&
           (q->min_quality <= 0 || t.trust >= q->min_quality) &&
           (q->min_confidence <= 0 || m->document.confidence >= q->min_confidence) &&
           (q->since == PLURUM_TIME_UNSET || m->document.created_at >= q->since) &&
           (q->until == PLURUM_TIME_UNSET || m->document.created_at <= q->until);
}
