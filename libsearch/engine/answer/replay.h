/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is kept of a query so that its candidates can be ranked again.
 */
#ifndef PLI_ENGINE_ANSWER_REPLAY_H
#define PLI_ENGINE_ANSWER_REPLAY_H

#include <plurum/embed.h>
#include <plurum/replay.h>

#include "engine/search/search.h"
#include "rank/fuse.h"

struct plurum_replay {
    plurum_weights weights;     /* of the search                                       */
    plurum_model_traits model;  /* for weights that are unset                          */
    pli_fusion_input input;     /* what it says of weights is set by each ranking      */
    char *name;                 /* of a replay that was read; or NULL                  */
    uint64_t seq;
    int64_t now;
    double noise;               /* how likely it was that reports are noise            */
    uint32_t k;                 /* candidates of each leg                              */

    size_t count;
    pli_candidate *candidates;  /* by id, as every sum over them goes                  */
    char **keys;                /* of the candidate at the same place                  */
    const float **vectors;      /* likewise; NULL: none. The whole is NULL where the
                                   log has none                                        */
    double *written;            /* scores, of a replay that was read                   */
    uint32_t *written_place;

    float *query;               /* input.dim numbers, or NULL                          */
    float *moved;               /* the query that the cosines below are with           */
    double *cosines;
    float *lanes;               /* the vectors side by side, once they are needed      */
    int has_cosines;

    pli_candidate *fewer;       /* room for a ranking of fewer candidates              */
    uint32_t *fewer_place;      /* their places among all                              */
    pli_candidate **ranked;     /* into candidates or fewer                            */
    size_t ranked_count;
    int calibrated;             /* their `relevant` is set                             */
    plurum_hit *hits;           /* of ranked, filled in when asked for                 */
};

/* Keeps what a run that has been ranked was made of. */
plurum_status pli_replay_keep(plurum_replay **out, const pli_search *search, plurum_error *error);
/* Room for count candidates, and for vectors of input.dim. */
plurum_status pli_replay_room(plurum_replay *replay, size_t count, plurum_error *error);
/* Points the fusion's input at the replay's own vectors. */
void pli_replay_point(plurum_replay *replay);
/* The place among all candidates of one that is ranked. */
size_t pli_replay_place(const plurum_replay *replay, const pli_candidate *candidate);

#endif
