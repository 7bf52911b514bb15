/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A first program: make an index, put a document, report that it worked, search. README.md shows
 * it; tests/readme.sh compares the two.
 */

#include <plurum/plurum.h>
#include <stdio.h>
int main(void)
{
    plurum_index *index;
    plurum_batch *batch;
    plurum_results *found;
    plurum_error e;
    plurum_document note = PLURUM_DOCUMENT_INIT;
    note.key = "disk";
    note.text[PLURUM_TEXT_TITLE] = "Free a disk that df calls full and du does not";
    plurum_query query;
    plurum_query_init(&query);
    query.text = "disk full", query.text_len = 9;
    if (plurum_index_create("notes", NULL, &e) || plurum_index_open(&index, "notes", NULL, &e) ||
        plurum_batch_new(&batch, index, &e) ||
        plurum_batch_put(batch, &note, PLURUM_CONFLICT_ERROR, &e) ||
        plurum_batch_vote(batch, "disk", "anna", 1, PLURUM_TIME_UNSET, &e) ||
        plurum_batch_commit(batch, NULL, &e) || plurum_search(&found, index, &query, &e))
        return fprintf(stderr, "%s\n", e.text), 1;
    const plurum_hit *hit = plurum_results_hit(found, 0);
    printf("%s: score %.3f, trust %.2f\n", hit->key, hit->score, hit->trust->trust);
    plurum_results_free(found);
    plurum_batch_free(batch);
    plurum_index_close(index);
}
