/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An index as a server uses it: one handle that all threads share, searches while another thread
 * writes, pages by cursor, readers who see only what is theirs, reports that change the order, and
 * the answer to "why is it not there?". Build: cc server.c $(pkg-config --cflags --libs plurum) -pthread
 */
#include <plurum/plurum.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOTES = 40, READERS = 3 };

static plurum_index *notes; /* every function of an open handle may be called from any thread */
static atomic_int written;

static void must(plurum_status status, const plurum_error *e)
{
    if (status == PLURUM_OK) return;
    fprintf(stderr, "%s: %s\n", plurum_status_name(status), e->text);
    exit(1);
}

static plurum_batch *begin(void)
{
    plurum_error e;
    plurum_batch *batch;
    must(plurum_batch_new(&batch, notes, &e), &e);
    return batch;
}

/* On disk, and in every search that begins later, when this returns; all of the batch or nothing. */
static void commit(plurum_batch *batch)
{
    plurum_error e;
    must(plurum_batch_commit(batch, NULL, &e), &e);
    plurum_batch_free(batch);
}

static void put(const char *key, const char *title, const char *owner, plurum_visibility visibility)
{
    plurum_error e;
    plurum_batch *batch = begin();
    plurum_document note = PLURUM_DOCUMENT_INIT;
    note.key = key;
    note.text[PLURUM_TEXT_TITLE] = title;
    note.owner = owner;
    note.visibility = visibility;
    must(plurum_batch_put(batch, &note, PLURUM_CONFLICT_ERROR, &e), &e);
    commit(batch);
}

/* What is asked, and on whose behalf; NULL: nobody's. */
static plurum_query about(const char *text, const plurum_viewer *viewer)
{
    plurum_query query;
    plurum_query_init(&query);
    query.text = text;
    query.text_len = strlen(text);
    query.viewer = viewer;
    query.limit = 15;
    return query;
}

static plurum_results *page(plurum_query query, const char *cursor)
{
    plurum_error e;
    plurum_results *found;
    query.cursor = cursor;
    must(plurum_search(&found, notes, &query, &e), &e);
    return found;
}

static int leads(const char *text, const plurum_viewer *viewer, const char *key)
{
    plurum_results *found = page(about(text, viewer), NULL);
    const plurum_hit *hit = plurum_results_hit(found, 0);
    int is = hit && strcmp(hit->key, key) == 0;
    plurum_results_free(found);
    return is;
}

/* Each answer is of one moment, and none is older than the one before. */
static void *read_all_the_time(void *unused)
{
    for (uint64_t seen = 0; !atomic_load(&written);) {
        plurum_results *found = page(about("rotate logs", NULL), NULL);
        if (plurum_results_seq(found) < seen) abort();
        seen = plurum_results_seq(found);
        plurum_results_free(found);
    }
    return unused;
}

int main(void)
{
    plurum_error e;
    pthread_t readers[READERS];
    must(plurum_index_create("server-notes", NULL, &e), &e);
    must(plurum_index_open(&notes, "server-notes", NULL, &e), &e);

    for (int i = 0; i < READERS; i++)
        if (pthread_create(&readers[i], NULL, read_all_the_time, NULL)) return 1;
    int found_at_once = 0;
    for (int i = 0; i < NOTES; i++) {
        char key[32], title[64], word[32];
        snprintf(key, sizeof key, "note-%d", i);
        snprintf(title, sizeof title, "Rotate the logs of service%d", i);
        snprintf(word, sizeof word, "service%d", i);
        put(key, title, "anna", PLURUM_PUBLIC);
        found_at_once += leads(word, NULL, key);
    }
    atomic_store(&written, 1);
    for (int i = 0; i < READERS; i++) pthread_join(readers[i], NULL);
    printf("%d notes, %d found by the search after their commit\n", NOTES, found_at_once);

    /* the cursor is borrowed from its page, which is therefore freed one later */
    plurum_results *last = NULL;
    const char *cursor = NULL;
    do {
        plurum_results *next = page(about("rotate logs", NULL), cursor);
        printf("a page of %zu of %zu\n", plurum_results_count(next), plurum_results_total(next));
        plurum_results_free(last);
        last = next;
        cursor = plurum_results_cursor(next);
    } while (cursor);
    plurum_results_free(last);

    plurum_viewer anna = PLURUM_VIEWER_INIT, bert = PLURUM_VIEWER_INIT;
    anna.agent = "anna";
    bert.agent = "bert";
    put("diary", "What went wrong on Monday", "anna", PLURUM_PRIVATE);
    printf("anna finds her diary: %d, bert finds it: %d\n", leads("monday", &anna, "diary"),
           leads("monday", &bert, "diary"));
    plurum_why *why;
    plurum_query query = about("monday", &bert);
    must(plurum_index_why(&why, notes, "diary", &query, &e), &e);
    const plurum_why_report *report = plurum_why_report_of(why);
    for (size_t i = 0; i < report->filter_count; i++) printf("kept back by: %s\n", report->filters[i]);
    plurum_why_free(why);

    put("restart", "Restart the shipper", "anna", PLURUM_PUBLIC);
    put("drain", "Restart the shipper", "bert", PLURUM_PUBLIC);
    printf("before reports: %s leads\n", leads("restart shipper", NULL, "drain") ? "drain" : "restart");
    plurum_batch *batch = begin();
    plurum_outcome worked = PLURUM_OUTCOME_INIT;
    worked.id = "drain";
    worked.agent = "cleo";
    worked.success = 1;
    worked.query = "restart shipper"; /* what was asked when it was found */
    must(plurum_batch_outcome(batch, &worked, &e), &e);
    must(plurum_batch_vote(batch, "drain", "dora", 1, PLURUM_TIME_UNSET, &e), &e);
    commit(batch);
    printf("after reports: %s leads\n", leads("restart shipper", NULL, "drain") ? "drain" : "restart");

    plurum_index_close(notes); /* after all results are freed */
    return 0;
}
