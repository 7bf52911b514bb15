/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The experience: a structured record of a task, as agents write and read it in JSON.
 *
 * Parsing checks every field, limit and type, and a refusal names the field and its value. What
 * is accepted is held in one normal form (gotchas as objects, absent members filled in, unknown
 * ones dropped), so that two spellings of the same experience store the same bytes.
 */
#ifndef PLURUM_EXPERIENCE_H
#define PLURUM_EXPERIENCE_H

#include <plurum/document.h>
#include <plurum/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An experience that was read and found in order. */
typedef struct plurum_experience plurum_experience;

#define PLURUM_EXPERIENCE_MAX 1048576 /* bytes of one experience as JSON                           */
#define PLURUM_SHORT_ID_LEN 8         /* characters of a short id, each of [0-9a-z]                */
#define PLURUM_UUID_LEN 36            /* characters of a UUID in lower case with hyphens           */

/* How an experience is read. */
typedef struct plurum_experience_options {
    size_t struct_size;
    /*
     * 0: the body of POST /experiences (goal of 10 code points or more; id, short_id, agent_id,
     *    status and created_at are ignored like any unknown member).
     * 1: a line of an import: goal of 5 or more, and those five members are read.
     */
    int import;
    plurum_lifecycle lifecycle; /* used where the JSON gives no status                             */
} plurum_experience_options;

#define PLURUM_EXPERIENCE_OPTIONS_INIT                                                             \
    {                                                                                              \
        sizeof(plurum_experience_options), 0, PLURUM_DRAFT                                         \
    }

/*
 * Reads and checks one experience. A secret in any text or name, of unknown members too, is refused
 * before all else, and not shown (plurum/secrets.h). json: json_len bytes of UTF-8, one object, at most
 * PLURUM_EXPERIENCE_MAX bytes. options: NULL for the defaults. Changes nothing on failure.
 * Ownership: *out is owned, free it with plurum_experience_free; json is copied.
 * Threads: any. Errors: INVALID (not JSON, or a field is wrong: the text names field and value),
 * LIMIT (too large), NOMEM. Cost: linear in json_len. Since 0.1.
 */
PLURUM_API plurum_status plurum_experience_parse(plurum_experience **out, const char *json,
                                                 size_t json_len,
                                                 const plurum_experience_options *options,
                                                 plurum_error *error);

/*
 * Frees an experience; NULL is fine.
 * Threads: one per handle. Errors: none. Since 0.1.
 */
PLURUM_API void plurum_experience_free(plurum_experience *experience);

/*
 * The content in its normal form: one JSON object on one line, without what an index adds (ids,
 * status, owner, times, trust). Ownership: borrowed until the experience is freed.
 * Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API const char *plurum_experience_json(const plurum_experience *experience);

/*
 * The document it projects to. key is the UUID given on import, else NULL (the index draws one).
 * Ownership: borrowed until the experience is freed, everything it points to as well.
 * Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API const plurum_document *plurum_experience_document(const plurum_experience *experience);

/*
 * The short id given on import, else NULL. Ownership: borrowed until the experience is freed.
 * Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API const char *plurum_experience_short_id(const plurum_experience *experience);

#ifdef __cplusplus
}
#endif

#endif
