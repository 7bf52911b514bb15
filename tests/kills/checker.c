/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checking: all that the index holds is compared with what was acknowledged. Of a batch that had
 * begun either every trace is there or none.
 */
#include <config.h>

#include "tests/kills/checker.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/kills/content.h"
#include "tests/kills/found.h"

static struct {
    const question *asked;
    plurum_index *index;
    found_all found;
    share after[SHARES];      /* with the batches that had begun */
    int unclear[SHARES];      /* a begun batch leaves no trace but its events */
    const share *now[SHARES]; /* what it turned out to be */
    verdict verdict;
} self;

static void tell(const char *format, va_list arguments)
{
    fputs("kills: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
}

#define TELLER(name, counter)                                                                      \
    static void name(const char *format, ...) __attribute__((format(printf, 1, 2)));               \
    static void name(const char *format, ...)                                                      \
    {                                                                                              \
        va_list arguments;                                                                         \
        if (++self.verdict.counter > 10) return;                                                   \
        va_start(arguments, format);                                                               \
        tell(format, arguments);                                                                   \
        va_end(arguments);                                                                         \
    }
TELLER(tell_lost, lost)
TELLER(tell_half, half)
TELLER(tell_extra, extra)
TELLER(tell_missed, missed)

/* ---- documents and reports ---- */

/* What is wrong with a document, or NULL. */
static const char *slot_differs(int thread, int i, const place *expected)
{
    const found_document *f = &self.found.at[thread][i];
    if (!expected->made) return f->json ? "it is there" : NULL;
    if (!f->json) return "it is not there";
    const char *what = content_differs(f->json, thread, i, expected->made, expected->lifecycle);
    if (what || thread == SETUP) return what;
    return memcmp(f->reports[thread], expected->reports, sizeof expected->reports) ? "its reports"
                                                                                   : NULL;
}

static const char *common_differs(int thread, int i, const share *expected)
{
    return memcmp(self.found.at[SETUP][i].reports[thread], expected->commons[i],
                  sizeof expected->commons[i])
               ? "the reports on it"
               : NULL;
}

/* How the traces of one begun batch were found. */
typedef struct traces {
    int there, missing, neither;
} traces;

static void compare(traces *found, const char *before, const char *after, int same, int thread,
                    int i, int common)
{
    char key[KEY_SIZE];
    content_key(key, common ? SETUP : thread, i);
    if (same) {
        if (before) tell_lost("%s: %s", key, before);
        return;
    }
    found->there += !after;
    found->missing += !before;
    found->neither += before && after;
    if (before && after) tell_half("%s: %s before the batch, %s after it", key, before, after);
}

/* Whether a thread's begun batch is there, with all its traces. */
static void judge_share(int t)
{
    const share *before = &self.asked->world->shares[t], *after = &self.after[t];
    traces found = {0, 0, 0};
    for (int i = 0; i < SLOTS; i++)
        compare(&found, slot_differs(t, i, &before->slots[i]), slot_differs(t, i, &after->slots[i]),
                memcmp(&before->slots[i], &after->slots[i], sizeof(place)) == 0, t, i, 0);
    for (int i = 0; i < COMMONS && t < THREADS; i++)
        compare(&found, common_differs(t, i, before), common_differs(t, i, after),
                memcmp(before->commons[i], after->commons[i], sizeof before->commons[i]) == 0, t, i,
                1);
    if (found.there && found.missing)
        tell_half("thread %d, batch %llu: %d traces are there, %d are missing", t,
                  (unsigned long long)before->batches, found.there, found.missing);
    self.verdict.whole[t] = found.there > 0;
    self.unclear[t] = !found.there && !found.missing && before->events != after->events;
}

/* Every committed event has its number: the sum must be right. It also tells whether batches that
 * took back what they did are there. */
static void judge_events(uint64_t seq)
{
    for (int subset = 0; subset < 1 << SHARES; subset++) {
        uint64_t sum = 0;
        int fits = 1;
        for (int t = 0; t < SHARES; t++) {
            int whole = self.unclear[t] ? subset >> t & 1 : self.verdict.whole[t];
            fits &= self.unclear[t] || !(subset >> t & 1);
            sum += (whole ? &self.after[t] : &self.asked->world->shares[t])->events;
        }
        if (!fits || sum != seq) continue;
        for (int t = 0; t < SHARES; t++)
            if (self.unclear[t]) self.verdict.whole[t] = subset >> t & 1;
        return;
    }
    tell_extra("the store is at event %llu, which no set of whole batches comes to",
               (unsigned long long)seq);
}

/* Only the common documents have reports of others than their own thread's agents. */
static void judge_strangers(void)
{
    static const opinion NONE[AGENTS];
    char key[KEY_SIZE];
    for (int t = 0; t < THREADS; t++)
        for (int i = 0; i < SLOTS; i++)
            for (int other = 0; other < THREADS; other++)
                if (other != t && memcmp(self.found.at[t][i].reports[other], NONE, sizeof NONE))
                    tell_extra("%s: a report from thread %d", content_key(key, t, i), other);
}

static plurum_status judge(plurum_error *error)
{
    plurum_stats stats = {.struct_size = sizeof stats};
    plurum_status status = find_all(&self.found, self.index, tell_extra, error);
    if (!status) status = plurum_index_stats(&stats, self.index, error);
    if (status) return status;
    for (int t = 0; t < SHARES; t++) {
        drawn next;
        self.after[t] = self.asked->world->shares[t];
        if (self.asked->begun[t]) draw_batch(&next, &self.after[t], self.asked->world, t);
        judge_share(t);
    }
    judge_strangers();
    judge_events(stats.seq);
    for (int t = 0; t < SHARES; t++)
        self.now[t] = self.verdict.whole[t] ? &self.after[t] : &self.asked->world->shares[t];
    if (stats.documents != self.found.count)
        tell_extra("%llu documents are counted, %u are listed", (unsigned long long)stats.documents,
                   self.found.count);
    self.verdict.documents = stats.documents;
    self.verdict.dictionary = (uint32_t)stats.dictionary_version;
    return PLURUM_OK;
}

/* ---- searching ---- */

static plurum_status ask(plurum_results **out, plurum_mode mode, uint32_t made, plurum_error *error)
{
    plurum_query query;
    char word[WORD_SIZE];
    float vector[DIM];
    plurum_query_init(&query);
    query.text = content_word(word, made);
    query.text_len = strlen(word);
    content_vector(vector, made);
    query.vector = vector;
    query.dim = DIM;
    query.viewer = &EVERYBODYS;
    query.filter = &EVERYTHING;
    query.mode = mode;
    query.bodies = 0;
    query.limit = 100; /* all candidates */
    self.verdict.searches++;
    return plurum_search(out, self.index, &query, error);
}

/* The hit whose vector is the one that was asked for: trust may have moved it down. */
static const plurum_hit *exact_hit(const plurum_results *results)
{
    for (size_t i = 0; i < plurum_results_count(results); i++)
        if (plurum_results_hit(results, i)->cosine > 0.99999) return plurum_results_hit(results, i);
    return NULL;
}

/* By its own word there is one document or none, by its own vector an exact match or none. */
static plurum_status search_for(int thread, int i, uint32_t made, int there, plurum_error *error)
{
    plurum_results *results;
    char key[KEY_SIZE];
    content_key(key, thread, i);
    plurum_status status = ask(&results, PLURUM_MODE_TEXT, made, error);
    if (status) return status;
    const plurum_hit *hit = plurum_results_hit(results, 0);
    size_t count = plurum_results_count(results);
    if (count != (size_t)there || (there && strcmp(hit->key, key)))
        tell_missed("%s: its word finds %zu documents instead of %d, %s first and %s last", key,
                    count, there, count ? hit->key : "none",
                    count ? plurum_results_hit(results, count - 1)->key : "none");
    plurum_results_free(results);
    status = ask(&results, PLURUM_MODE_VECTOR, made, error);
    if (status) return status;
    hit = exact_hit(results);
    if ((hit != NULL) != (there && content_has_vector(made)) || (hit && strcmp(hit->key, key)))
        tell_missed("%s: its vector finds %s", key, hit ? hit->key : "nothing");
    plurum_results_free(results);
    return PLURUM_OK;
}

/* Searches for a share of all documents, and for those that the begun batches were about. */
static plurum_status search_some(plurum_error *error)
{
    random_state r = {self.asked->seed};
    plurum_status status = PLURUM_OK;
    for (int t = 0; t < SHARES; t++)
        for (int i = 0; i < SLOTS && !status; i++) {
            const place *now = &self.now[t]->slots[i];
            uint32_t before = self.asked->world->shares[t].slots[i].made;
            uint32_t after = self.after[t].slots[i].made;
            if (now->made && (before != after || random_below(&r, 60) == 0))
                status = search_for(t, i, now->made, 1, error);
            uint32_t other = now->made == before ? after : before;
            if (!status && other && other != now->made) status = search_for(t, i, other, 0, error);
        }
    return status;
}

static int print_finding(void *payload, const char *line)
{
    (void)payload;
    fprintf(stderr, "kills: verify: %s\n", line);
    return 0;
}

static plurum_status verify(plurum_error *error)
{
    plurum_verify_report report = {.struct_size = sizeof report};
    plurum_status status = plurum_index_verify(&report, self.index, print_finding, NULL, error);
    self.verdict.findings = (unsigned)report.findings;
    return status == PLURUM_CORRUPT && report.findings ? PLURUM_OK : status;
}

void check_index(const question *asked, int out)
{
    plurum_error error = {0};
    plurum_open_options open = PLURUM_OPEN_OPTIONS_INIT;
    open.read_only = asked->way == 0;
    open.manual_apply = asked->way == 1;
    self.asked = asked;
    plurum_status status = plurum_index_open(&self.index, asked->path, &open, &error);
    if (!status) status = judge(&error);
    if (!status) status = search_some(&error);
    if (!status) status = verify(&error);
    if (status) fprintf(stderr, "kills: checking: %s\n", error.text);
    plurum_index_close(self.index);
    self.verdict.status = status;
    _exit(write(out, &self.verdict, sizeof self.verdict) == sizeof self.verdict ? 0 : 1);
}
