/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drawing batches.
 */
#include <config.h>

#include "tests/kills/world.h"

#include <string.h>

#include "tests/kills/content.h"

uint64_t random_next(random_state *r)
{
    uint64_t z = r->state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

int random_below(random_state *r, int bound)
{
    return (int)(random_next(r) % (uint64_t)bound);
}

double random_unit(random_state *r)
{
    return (double)(random_next(r) >> 11) / 9007199254740992.0;
}

static uint32_t random_nonzero(random_state *r)
{
    return (uint32_t)random_next(r) | 2;
}

/* The first slot from a random one on that is taken, or free; -1: there is none. */
static int find_slot(const share *s, random_state *r, int taken)
{
    int start = random_below(r, SLOTS);
    for (int i = 0; i < SLOTS; i++) {
        int slot = (start + i) % SLOTS;
        if ((s->slots[slot].made != 0) == taken) return slot;
    }
    return -1;
}

/* ---- carrying out: the rules of the API once more ---- */

static int put(place *d, const deed *c, uint64_t *events)
{
    if (d->made && c->conflict == PLURUM_CONFLICT_ERROR) return PLURUM_EXISTS;
    if (d->made && c->conflict == PLURUM_CONFLICT_SKIP) return PLURUM_OK;
    *events += d->made ? 2 : 1; /* the old one goes */
    d->made = c->made;
    d->lifecycle = content_lifecycle(c->made);
    return PLURUM_OK;
}

static int report_on(opinion *r, const deed *c, uint64_t *events)
{
    if (c->kind == OUTCOME && r->outcome) return PLURUM_EXISTS;
    if (c->kind == VOTE && r->vote == c->vote) return PLURUM_OK;
    if (c->kind == OUTCOME)
        r->outcome = c->outcome;
    else
        r->vote = c->vote;
    ++*events;
    return PLURUM_OK;
}

static int set_lifecycle(place *d, plurum_lifecycle lifecycle, uint64_t *events)
{
    if (d->lifecycle == lifecycle ||
        (d->lifecycle == PLURUM_VERIFIED && lifecycle == PLURUM_PUBLISHED))
        return PLURUM_OK;
    d->lifecycle = lifecycle;
    ++*events;
    return PLURUM_OK;
}

static int carry_out(share *s, const deed *c)
{
    place *d = &s->slots[c->slot];
    if (c->common) return report_on(&s->commons[c->slot][c->agent], c, &s->events);
    if (c->kind == PUT) return put(d, c, &s->events);
    if (!d->made) return PLURUM_NOTFOUND;
    switch (c->kind) {
    case LIFECYCLE:
        return set_lifecycle(d, c->lifecycle, &s->events);
    case DELETE:
        memset(d, 0, sizeof *d);
        s->events++;
        return PLURUM_OK;
    default:
        return report_on(&d->reports[c->agent], c, &s->events);
    }
}

/* ---- drawing ---- */

static void draw_put(deed *c, const share *s, random_state *r, int replace)
{
    int slot = find_slot(s, r, replace);
    *c = (deed){.kind = PUT,
                .slot = slot >= 0 ? slot : random_below(r, SLOTS),
                .made = random_nonzero(r),
                .conflict = random_below(r, 12) ? PLURUM_CONFLICT_REPLACE : PLURUM_CONFLICT_SKIP};
}

/* A change of a document that is there; a put where none is. */
static void draw_change(deed *c, const share *s, random_state *r, int has_commons)
{
    static const deed_kind KINDS[] = {PUT,  PUT,  OUTCOME, OUTCOME,   OUTCOME,
                                      VOTE, VOTE, VOTE,    LIFECYCLE, DELETE};
    deed_kind kind = KINDS[random_below(r, 10)];
    int slot = find_slot(s, r, 1);
    if (kind == PUT || slot < 0) {
        draw_put(c, s, r, random_below(r, 2));
        return;
    }
    *c = (deed){.kind = kind,
                .slot = slot,
                .agent = random_below(r, AGENTS),
                .outcome = random_nonzero(r),
                .vote = random_below(r, 2) ? 1 : -1,
                .lifecycle = (plurum_lifecycle)random_below(r, PLURUM_LIFECYCLE_COUNT)};
    if (has_commons && (kind == OUTCOME || kind == VOTE) && random_below(r, 4) == 0) {
        c->common = 1;
        c->slot = random_below(r, COMMONS);
    }
    const opinion *said =
        c->common ? &s->commons[c->slot][c->agent] : &s->slots[slot].reports[c->agent];
    if (kind == OUTCOME && said->outcome) c->kind = VOTE; /* a second one is refused */
}

/* A change that cannot be carried out. */
static void draw_refused(deed *c, const share *s, random_state *r)
{
    int slot = find_slot(s, r, 0);
    if (slot >= 0 && random_below(r, 2)) {
        *c = (deed){.kind = random_below(r, 2) ? DELETE : VOTE, .slot = slot, .vote = 1};
        return;
    }
    slot = find_slot(s, r, 1);
    *c = (deed){.kind = slot >= 0 ? PUT : DELETE,
                .slot = slot >= 0 ? slot : 0,
                .made = random_nonzero(r),
                .conflict = PLURUM_CONFLICT_ERROR};
}

static void add(drawn *out, share *after, const deed *c)
{
    out->changes[out->count++] = *c;
    out->status = carry_out(after, c);
}

static void draw_setup(drawn *out, share *after, random_state *r)
{
    for (int i = 0; i < COMMONS; i++) {
        deed c = {.kind = PUT, .slot = i, .made = random_nonzero(r)};
        add(out, after, &c);
    }
}

static void draw_changes(drawn *out, share *after, random_state *r, int has_commons)
{
    int taken = 0;
    for (int i = 0; i < SLOTS; i++) taken += after->slots[i].made != 0;
    int kind = random_below(r, 10), puts = kind < (taken < SLOTS / 2 ? 6 : taken < SLOTS ? 3 : 0);
    int count = kind == 9 ? 1 : puts ? 1 + random_below(r, 40) : 1 + random_below(r, 12);
    for (int i = 0; i < count && !out->status; i++) {
        deed c;
        if (puts)
            draw_put(&c, after, r, random_below(r, 8) == 0);
        else
            draw_change(&c, after, r, has_commons);
        add(out, after, &c);
    }
    if (random_below(r, 12) == 0) {
        deed c;
        draw_refused(&c, after, r);
        add(out, after, &c);
    }
}

void draw_batch(drawn *out, share *after, const world *w, int thread)
{
    const share *before = &w->shares[thread];
    random_state r = {w->seed + 1000003 * (uint64_t)thread + 7919 * before->batches};
    random_next(&r);
    *after = *before;
    memset(out, 0, sizeof *out);
    if (thread == SETUP)
        draw_setup(out, after, &r);
    else
        draw_changes(out, after, &r, w->shares[SETUP].batches > 0);
    if (out->status) *after = *before;
    after->batches++;
}
