/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions: an agent's journal of a task, and the experience that becomes of it.
 */
#ifndef PLURUM_SESSION_H
#define PLURUM_SESSION_H

#include <stddef.h>

#include <plurum/status.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PLURUM_SESSION_MAX 8388608 /* bytes of one session as JSON */

/*
 * Assembles an experience from a session's entries, as closing the session does. It reads and writes
 * no index. json: len bytes of UTF-8, at most PLURUM_SESSION_MAX, an object with topic (5 to 1000
 * code points), domain, tools_used, visibility, outcome, agent_id and entries, or one of "session"
 * with all those but the entries and "entries" beside it. An entry has entry_type and content:
 *
 *     dead_end      what, why                        becomes a dead end, and an attempt
 *     breakthrough  insight, detail, importance      becomes a breakthrough, and an attempt
 *     gotcha        warning, context                 becomes a gotcha
 *     artifact      language, code, description      becomes an artifact
 *     update, note  text                             becomes part of the context, by blank lines
 *
 * in the order of their "ordinal" where every entry has one, else as they stand. Required are what,
 * insight, warning, language and code, and text. Other members are ignored.
 *
 * A session may be longer than an experience (PLURUM_LIST_MAX of a list, PLURUM_TEXT_MAX of context,
 * PLURUM_EXPERIENCE_MAX in all). Then entries are left out, and the end of the context says how many of
 * which kind: kept are breakthroughs of high importance before others, dead ends and gotchas, these
 * before artifacts, and these before updates and notes; of equal ones the later.
 *
 * *out is the experience in its normal form, with status ("published" of a public session, else
 * "draft") and agent_id if there is one: what plurum_experience_parse and an import read.
 * Ownership: *out is owned JSON on one line, free it with plurum_text_free; json is copied.
 * Threads: any. Errors: INVALID (not JSON; a field is wrong, as "entries[3].content.what"; no entries;
 * a secret, not shown), LIMIT (too large), NOMEM. Cost: linear in len. Since 0.1.
 */
PLURUM_API plurum_status plurum_session_assemble(char **out, const char *json, size_t len,
                                                 plurum_error *error);

#ifdef __cplusplus
}
#endif

#endif
