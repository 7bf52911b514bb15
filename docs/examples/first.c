/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A first program: make an index, put a document, report that it worked, search. README.md shows
 * it; tests/readme.sh compares the two.
 */

#include <plurum/plurum.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "first.index";
    plurum_index *index;
    plurum_batch *batch;
    plurum_results *results;
    plurum_error error;
    plurum_document note = PLURUM_DOCUMENT_INIT;
    plurum_query query;
    note.key = "disk";
    note.text[PLURUM_TEXT_TITLE] = "Free a disk that df calls full and du does not";
    note.text[PLURUM_TEXT_BODY] = "lsof +L1 lists deleted files that a process still holds open";
    plurum_query_init(&query);
    query.text = "the disk is full but du finds nothing";
    query.text_len = strlen(query.text);
    if (plurum_index_create(path, NULL, &error) || plurum_index_open(&index, path, NULL, &error) ||
        plurum_batch_new(&batch, index, &error) ||
        plurum_batch_put(batch, &note, PLURUM_CONFLICT_ERROR, &error) ||
        plurum_batch_vote(batch, "disk", "anna", 1, PLURUM_TIME_UNSET, &error) ||
        plurum_batch_commit(batch, NULL, &error) || /* on disk, and every search sees it */
        plurum_search(&results, index, &query, &error)) {
        fprintf(stderr, "%s\n", error.text);
        return 1;
    }
    const plurum_hit *hit = plurum_results_hit(results, 0);
    printf("%s: score %.3f, trust %.2f\n", hit->key, hit->score, hit->trust->trust);
    plurum_results_free(results);
    plurum_batch_free(batch);
    plurum_index_close(index);
    return 0;
}
