/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scoring a past query again, without its index, under any ranking weights: what it takes is kept
 * when the query runs (plurum_query.trace), written as a line of a log, and read back. The same
 * code ranks as in a search, so the scores are those that the search would have given, to the bit.
 *
 * What can change are the weights of fusion, tools and trust, and fewer candidates. The text leg's
 * own weights (bm25_…, field_…) and ef decide which documents become candidates, and more candidates
 * are not there: both need a search.
 */
#ifndef PLURUM_REPLAY_H
#define PLURUM_REPLAY_H

#include <plurum/search.h>
#include <plurum/status.h>
#include <plurum/weights.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A past query with its candidates and their leg scores. */
typedef struct plurum_replay plurum_replay;

#define PLURUM_REPLAY_NO_ROW UINT64_MAX /* of a vector that is in no table                         */

/*
 * Takes it out of the results of a query with trace set: all candidates, whatever page the results
 * are. Ownership: *out is owned; it borrows the vectors of the index, so free it before the index
 * is closed. Threads: one per results. Errors: ARG (no trace, or already taken). Since 0.1.
 */
PLURUM_API plurum_status plurum_replay_take(plurum_replay **out, plurum_results *results,
                                            plurum_error *error);

/* Frees a replay; NULL is fine. Threads: one per handle. Errors: none. Since 0.1. */
PLURUM_API void plurum_replay_free(plurum_replay *replay);

/*
 * Ranks the candidates. Errors: INVALID (the weights ask for what needs a search, or for vectors
 * that the log does not have), NOMEM; the ranking is then the one before.
 * Threads: one per handle. Cost: one pass of the fusion over the candidates. Since 0.1.
 */
PLURUM_API plurum_status plurum_replay_rank(plurum_replay *replay, const plurum_weights *weights,
                                            plurum_error *error);

/*
 * The ranking: under the weights of the search at first, then under those given last. A hit is as
 * in results, but for short_id and json, which are not kept; of trust only trust, sd and boost
 * are. Ownership: borrowed until the next ranking or the end. Threads: one per handle. Errors: none.
 * Since 0.1.
 */
PLURUM_API size_t plurum_replay_count(const plurum_replay *replay);
PLURUM_API const plurum_hit *plurum_replay_hit(plurum_replay *replay, size_t i);

/*
 * Whether ranking under the weights of the search gives the scores that were written, to the bit,
 * and their order: 1, or 0. For replays that were read. The ranking is that of the search then.
 * Threads: one per handle. Errors: none (0 where memory is short). Since 0.1.
 */
PLURUM_API int plurum_replay_agrees(plurum_replay *replay);

/*
 * What the replay was made from; the name is the line's member _id, else query, else "".
 * Ownership: borrowed until the replay is freed. Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API const char *plurum_replay_name(const plurum_replay *replay);
PLURUM_API uint64_t plurum_replay_seq(const plurum_replay *replay);
PLURUM_API int64_t plurum_replay_now(const plurum_replay *replay);
PLURUM_API const plurum_weights *plurum_replay_weights(const plurum_replay *replay);

/*
 * The vectors that a ranking may look at: of the query, and of hit i of the ranking. NULL: none.
 * Ownership: borrowed, dim numbers of unit length, until the replay is freed. Threads: any. Errors:
 * none. Since 0.1.
 */
PLURUM_API size_t plurum_replay_dim(const plurum_replay *replay);
PLURUM_API const float *plurum_replay_query(const plurum_replay *replay);
PLURUM_API const float *plurum_replay_vector(const plurum_replay *replay, size_t i);

/*
 * The replay as one line of JSON, its candidates in the order of the ranking; docs/format.md tells
 * the members. Vectors are too large for a line and are shared by many: the caller keeps them in a
 * table and says at which rows: rows[i] that of hit i, query_row that of the query,
 * PLURUM_REPLAY_NO_ROW where there is none; rows NULL: nowhere.
 * Ownership: *out is owned, free it with plurum_text_free. Threads: one per handle. Errors: NOMEM.
 * Since 0.1.
 */
PLURUM_API plurum_status plurum_replay_print(char **out, plurum_replay *replay,
                                             const uint64_t *rows, uint64_t query_row,
                                             plurum_error *error);

/*
 * Reads such a line. line: len bytes; of its other members only _id and query are read. vectors:
 * the table that its rows count in, row_count rows of dim numbers, row-major; NULL: there is none,
 * and no ranking either until one is asked for that looks at no vectors.
 * Ownership: *out is owned; vectors are borrowed until it is freed. Threads: any. Errors: INVALID
 * (no such line), MISMATCH (a row that the table lacks, or other dimensions), NOMEM. Since 0.1.
 */
PLURUM_API plurum_status plurum_replay_parse(plurum_replay **out, const char *line, size_t len,
                                             const float *vectors, size_t row_count, size_t dim,
                                             plurum_error *error);

#ifdef __cplusplus
}
#endif

#endif
