/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A segment: an immutable file that holds the vectors of some documents and a graph over them, and
 * is searched where it is mapped. docs/format.md has the bytes.
 *
 * A node of the graph is a vector and all documents that have it (vector/distinct.h says why). The
 * vectors lie in the file: a deleted document is gone from the store, but a search still walks through
 * its node. What a search finds
 * are proposals: whoever asks decides by the store's own vectors.
 */
#ifndef PLI_VECTOR_SEGMENT_H
#define PLI_VECTOR_SEGMENT_H

#include <stdint.h>

#include <plurum/status.h>

#include "base/bitmap.h"
#include "vector/graph.h"

enum { PLI_SEGMENT_VERSION = 2 };

/* What a segment's header says of it. */
typedef struct pli_segment_facts {
    uint32_t dim, count;        /* count: documents                                       */
    uint32_t nodes;             /* distinct vectors                                       */
    uint32_t first_id, last_id; /* lowest and highest of its documents                    */
    uint64_t seq;               /* moment of the store at which its documents were taken  */
    uint64_t owner;             /* hash of the store's identity and the model             */
    uint64_t neighbours;        /* places                                                 */
    uint32_t m, max_level, entry;
    uint64_t checksum;          /* of the header, and so of all                           */
} pli_segment_facts;

typedef struct pli_segment {
    pli_segment_facts facts;
    const uint32_t *ids;       /* count: the documents of node after node */
    const uint32_t *starts;    /* nodes + 1: where in ids a node's begin  */
    const int32_t *levels;     /* nodes                                   */
    const uint64_t *offsets;   /* nodes + 1                               */
    const int32_t *neighbours;
    const float *vectors;      /* nodes × dim                             */
    pli_bitmap members;        /* the ids once more                       */
    void *map;
    size_t map_size;
} pli_segment;

/* What a new segment is made of. */
typedef struct pli_segment_source {
    uint32_t dim, count;
    const uint32_t *ids;        /* ascending */
    uint64_t seq, owner;
    const float *(*vector)(const void *payload, uint32_t id);
    int (*stop)(void *payload); /* as in pli_graph_source */
    void *payload;
} pli_segment_source;

/*
 * Builds a segment and writes it to a new file, which is on the disk when the call returns; its name
 * in the directory is not. The file is left alone on failure, half-written perhaps.
 * Errors: CANCELLED, NOMEM, IO, BACKEND.
 */
plurum_status pli_segment_write(const char *path, const pli_segment_source *source,
                                plurum_error *error);

/*
 * Maps a segment and checks all of it. *out is the caller's. Errors: NOTFOUND (no such file), CORRUPT
 * (the text names the file and the section), FORMAT (another version, or another store's), IO, NOMEM.
 */
plurum_status pli_segment_open(pli_segment **out, const char *path, uint32_t dim, uint64_t owner,
                               plurum_error *error);
void pli_segment_close(pli_segment *segment); /* NULL is fine */

/* How many of its documents are in a set. */
uint32_t pli_segment_overlap(const pli_segment *segment, const pli_bitmap *set);

/*
 * Finds about ef documents of those allowed that are near to a query of unit length: writes their ids,
 * in no order, to ids (room for ef). Fewer may be found than there are. *visited: products computed.
 * Errors: NOMEM.
 */
plurum_status pli_segment_search(uint32_t *ids, size_t *count, size_t *visited,
                                 const pli_segment *segment, const pli_bitmap *allowed,
                                 const float *query, size_t ef, plurum_error *error);

#endif
