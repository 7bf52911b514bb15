/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is built next. In this order: a segment that was lost leaves the record, and its documents
 * are no segment's again; enough documents of no segment become one; a segment with many tombstones
 * is built without them; the smaller ones of too many are merged into one. Where documents come faster
 * than graphs are built, there is always something to seal: merging comes first then.
 *
 * Merging takes the two smallest, and further ones as long as they are no larger than what is taken
 * already, so that a document is built into a graph again about as often as the index doubles.
 */
#include <config.h>

#include "engine/apply/builder.h"

#include <string.h>

#include "base/error.h"

/* Bytes that building takes for a vector beside a copy of it: levels, offsets and 2·M places, twice
 * while they are handed over, some more for floors above, and what else is small. Measured: 610 to 740. */
enum { GRAPH_BYTES = 768 };

typedef struct planner {
    pli_build_job *job;
    const plurum_index *index;
    const pli_view *view;
    const pli_segment_set *set;
    uint32_t live[PLI_SEGMENTS_MAX]; /* of each segment's documents */
    pli_bitmap take;                 /* documents of the new segment */
} planner;

/* Most vectors that a segment may have. */
static uint32_t most(const plurum_index *index)
{
    uint64_t each = 4 * (uint64_t)index->fingerprint.dim + GRAPH_BYTES;
    uint64_t count = index->options.build_memory / each;
    return count > INT32_MAX ? INT32_MAX : (uint32_t)count;
}

static void remove_segment(planner *p, size_t i)
{
    p->job->removed[p->job->removed_count++] = p->set->segments[i]->line.number;
}

static void take_live(planner *p, const pli_segment *segment)
{
    for (uint32_t i = 0; i < segment->facts.count; i++)
        if (pli_bitmap_has(&p->view->live, segment->ids[i]))
            pli_bitmap_add(&p->take, segment->ids[i]);
}

/* Live vectors of the live model: the store's counter has those of two. */
static uint64_t count_vectors(const planner *p)
{
    const pli_bitmap *live = &p->view->live;
    uint64_t count = 0;
    for (uint32_t id = pli_bitmap_next(live, 0); id < live->bound; id = pli_bitmap_next(live, id + 1))
        count += (uint64_t)pli_flat_has(p->index->vectors, id);
    return count;
}

static int is_held(const planner *p, uint32_t id)
{
    for (size_t i = 0; p->set && i < p->set->count; i++)
        if (pli_bitmap_has(&p->set->segments[i]->segment->members, id)) return 1;
    return 0;
}

/* ---- what may be due ---- */

static int plan_lost(planner *p)
{
    if (!p->set || !p->set->lost_count) return 0;
    p->job->kind = "drop";
    p->job->removed_count = p->set->lost_count;
    memcpy(p->job->removed, p->set->lost, p->set->lost_count * sizeof *p->set->lost);
    return 1;
}

static int plan_seal(planner *p, uint64_t vectors)
{
    const plurum_open_options *o = &p->index->options;
    uint32_t room = most(p->index);
    if (vectors < o->graph_from || (p->set && p->set->count == PLI_SEGMENTS_MAX)) return 0;
    const pli_bitmap *live = &p->view->live;
    for (uint32_t id = pli_bitmap_next(live, 0); id < live->bound && p->take.count < room;
         id = pli_bitmap_next(live, id + 1))
        if (pli_flat_has(p->index->vectors, id) && !is_held(p, id)) pli_bitmap_add(&p->take, id);
    if (p->take.count >= o->segment_size || (p->take.count && p->take.count == room)) {
        p->job->kind = "seal";
        return 1;
    }
    memset(p->take.words, 0, ((size_t)p->take.bound / 64 + 1) * sizeof *p->take.words);
    p->take.count = 0;
    return 0;
}

static int plan_tombstones(planner *p, uint64_t vectors)
{
    for (size_t i = 0; i < p->set->count; i++) {
        uint64_t count = p->set->segments[i]->segment->facts.count, dead = count - p->live[i];
        if (dead * 100 <= count * PLI_TOMBSTONES_PERCENT) continue;
        if (p->live[i] > most(p->index)) continue; /* built when more memory was allowed */
        int keeps = p->live[i] && vectors >= p->index->options.graph_from;
        p->job->kind = keeps ? "merge" : "drop";
        if (keeps) take_live(p, p->set->segments[i]->segment);
        remove_segment(p, i);
        return 1;
    }
    return 0;
}

static int plan_merge(planner *p)
{
    size_t order[PLI_SEGMENTS_MAX], n = p->set->count, taken = 0;
    uint64_t sum = 0;
    if (n <= PLI_SEGMENTS_KEPT) return 0;
    for (size_t i = 0; i < n; i++) { /* by live documents, fewest first */
        size_t at = i;
        for (; at > 0 && p->live[order[at - 1]] > p->live[i]; at--) order[at] = order[at - 1];
        order[at] = i;
    }
    while (taken < n && (taken < 2 || p->live[order[taken]] <= sum) &&
           sum + p->live[order[taken]] <= most(p->index))
        sum += p->live[order[taken++]];
    if (taken < 2) return 0;
    p->job->kind = sum ? "merge" : "drop";
    for (size_t i = 0; i < taken; i++) {
        take_live(p, p->set->segments[order[i]]->segment);
        remove_segment(p, order[i]);
    }
    return 1;
}

static plurum_status list_taken(planner *p, plurum_error *error)
{
    uint32_t n = 0;
    p->job->ids = pli_reallocarray(NULL, (size_t)p->take.count + 1, sizeof *p->job->ids);
    if (!p->job->ids) return pli_nomem(error);
    for (uint32_t id = pli_bitmap_next(&p->take, 0); id < p->take.bound;
         id = pli_bitmap_next(&p->take, id + 1))
        p->job->ids[n++] = id;
    p->job->id_count = n;
    return PLURUM_OK;
}

/* Whether the set is the one that is recorded: another one would have documents built in twice. It is
 * not where files could not be opened, though nothing is wrong with them (no descriptors, no memory). */
static int is_recorded(const pli_segment_set *set, pli_txn *txn)
{
    pli_segments_record record;
    pli_segments_read(&record, txn);
    return record.serial == (set ? set->serial : 0);
}

plurum_status pli_build_plan(pli_build_job *job, pli_snapshot *snapshot, plurum_error *error)
{
    planner p = {.job = job, .index = snapshot->index, .view = snapshot->view};
    memset(job, 0, sizeof *job);
    job->seq = snapshot->view->seq;
    if (pli_bitmap_init(&p.take, snapshot->view->bound)) return pli_nomem(error);
    pli_segment_set *set = pli_segments_at(snapshot->index, snapshot->txn);
    p.set = set;
    for (size_t i = 0; set && i < set->count; i++)
        p.live[i] = pli_segment_overlap(set->segments[i]->segment, &p.view->live);
    int known = is_recorded(set, snapshot->txn);
    uint64_t vectors = known ? count_vectors(&p) : 0;
    int crowded = set && set->count > 2 * PLI_SEGMENTS_KEPT;
    if (known && !plan_lost(&p) && !(crowded && plan_merge(&p)) && !plan_seal(&p, vectors) && set &&
        !plan_tombstones(&p, vectors))
        plan_merge(&p);
    pli_segment_set_unref(set);
    plurum_status status = job->kind ? list_taken(&p, error) : PLURUM_OK;
    pli_bitmap_free(&p.take);
    return status;
}

/* At least as many as live vectors of the live model: the table may hold another model's too, but
 * no document has more than one of each. */
static uint64_t vectors_at_most(const pli_txn *txn)
{
    uint64_t vectors = pli_txn_count(txn, PLI_VECTORS), documents = pli_txn_count(txn, PLI_DOCS);
    return vectors < documents ? vectors : documents;
}

int pli_build_may_be_due(plurum_index *index, pli_txn *txn)
{
    pli_segments_record record;
    const plurum_open_options *o = &index->options;
    if (!index->fingerprint.dim) return 0;
    pli_segments_read(&record, txn);
    uint64_t vectors = vectors_at_most(txn), ids = pli_txn_next_id(txn) - 1;
    uint64_t held = 0, last_id = 0, smallest = UINT32_MAX;
    for (uint32_t i = 0; i < record.count; i++) {
        held += record.lines[i].count;
        if (record.lines[i].last_id > last_id) last_id = record.lines[i].last_id;
        if (record.lines[i].count < smallest) smallest = record.lines[i].count;
    }
    pli_segment_set *set = pli_segments_at(index, txn);
    int lost = set && set->lost_count;
    pli_segment_set_unref(set);
    uint64_t without = ids > held ? ids - held : 0; /* ids of no segment, at most */
    uint64_t gone = held + (ids - last_id) > vectors ? held + (ids - last_id) - vectors : 0;
    return lost || record.count > PLI_SEGMENTS_KEPT ||
           (vectors >= o->graph_from && without >= o->segment_size) ||
           (record.count && gone * 100 > smallest * PLI_TOMBSTONES_PERCENT);
}
