/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An index with an embedder of one's own: how a score came about, ranking weights from a file, what is
 * known not to work, a backup, and an export that becomes another index with the same trust.
 * Build: cc vectors.c $(pkg-config --cflags --libs plurum)
 */
#include <plurum/plurum.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIM = 64 };

static plurum_error e;

static void must(plurum_status status)
{
    if (status == PLURUM_OK) return;
    fprintf(stderr, "%s: %s\n", plurum_status_name(status), e.text);
    exit(1);
}

/*
 * Three letters in a row make a place, so that alike words have alike vectors. Rows may be of any
 * length; threads of a commit call this at the same time.
 */
static plurum_status embed(void *payload, const char *const *texts, size_t count, float *out,
                           plurum_error *error)
{
    (void)payload, (void)error;
    memset(out, 0, count * DIM * sizeof *out);
    for (size_t i = 0; i < count; i++)
        for (const char *t = texts[i]; t[0] && t[1] && t[2]; t++) {
            unsigned hash = 0;
            for (int j = 0; j < 3; j++) hash = hash * 2654435761u + (unsigned char)(t[j] | 32);
            out[i * DIM + (hash >> 8) % DIM] += hash & 0x80 ? 1 : -1;
        }
    return PLURUM_OK;
}

static void put(plurum_batch *batch, const char *key, const char *title)
{
    plurum_document note = PLURUM_DOCUMENT_INIT;
    note.key = key;
    note.text[PLURUM_TEXT_TITLE] = title;
    must(plurum_batch_put(batch, &note, PLURUM_CONFLICT_ERROR, &e));
}

static void search(plurum_index *index, const plurum_weights *weights)
{
    plurum_results *found;
    plurum_query query;
    plurum_query_init(&query);
    query.text = "compress backups";
    query.text_len = strlen(query.text);
    query.weights = weights; /* NULL: those of the index */
    query.limit = 2;
    query.warnings = 2;
    must(plurum_search(&found, index, &query, &e));
    for (size_t i = 0; i < plurum_results_count(found); i++) {
        const plurum_hit *hit = plurum_results_hit(found, i);
        const plurum_explain *why = hit->explain;
        printf("  %-8s %.3f = %.3f text + %.3f vector + %.3f tools %+.3f trust\n", hit->key,
               hit->score, why->text, why->vector, why->tools, why->trust);
    }
    for (size_t i = 0; i < plurum_results_warning_count(found); i++)
        printf("  known not to work: %s\n", plurum_results_warning(found, i)->key);
    plurum_results_free(found);
}

/* A line of the export goes into a batch of the other index; non-zero would stop the export. */
static int import_line(void *batch, const char *line, size_t len)
{
    return plurum_batch_import(batch, line, len, NULL, &e) != PLURUM_OK;
}

static double trust(plurum_index *index, const char *id)
{
    plurum_history *history;
    must(plurum_index_history(&history, index, id, PLURUM_TIME_UNSET, &e));
    double trust = plurum_history_score(history)->trust;
    plurum_history_free(history);
    return trust;
}

int main(void)
{
    /* name and checksum tell models apart: an index refuses another one's vectors */
    plurum_fingerprint model = {"trigrams", DIM, 1, 1};
    plurum_embedder_methods methods = {.struct_size = sizeof methods, .embed = embed};
    plurum_embedder *embedder;
    must(plurum_embedder_create(&embedder, &model, NULL, &methods, NULL, &e));

    plurum_create_options creation;
    plurum_create_options_init(&creation);
    creation.fingerprint = &model;
    plurum_open_options opening = PLURUM_OPEN_OPTIONS_INIT;
    opening.embedder = embedder;
    plurum_index *index, *other;
    plurum_batch *batch;
    must(plurum_index_create("vectors-index", &creation, &e));
    must(plurum_index_open(&index, "vectors-index", &opening, &e));
    must(plurum_batch_new(&batch, index, &e));
    put(batch, "zstd", "Compress backups with zstd");
    put(batch, "nightly", "Compressing a backup every night");
    put(batch, "gzip", "Compress backups with gzip on the live disk");
    put(batch, "logs", "Rotate logs");
    for (int i = 0; i < 3; i++) {
        plurum_outcome failed = PLURUM_OUTCOME_INIT;
        failed.id = "gzip";
        failed.agent = i == 0 ? "anna" : i == 1 ? "bert" : "cleo";
        failed.error_message = "the disk stalled";
        must(plurum_batch_outcome(batch, &failed, &e));
    }
    must(plurum_batch_commit(batch, NULL, &e)); /* all of it, or nothing */
    plurum_batch_free(batch);
    printf("by default:\n");
    search(index, NULL);

    FILE *file = fopen("mine.weights", "w");
    if (!file || fputs("fusion = minmax\nalpha = 0.2\n", file) < 0 || fclose(file)) return 1;
    plurum_weights *weights;
    must(plurum_weights_new(&weights, &e));
    must(plurum_weights_read(weights, "mine.weights", &e));
    printf("mostly by words:\n");
    search(index, weights);
    plurum_weights_free(weights);

    plurum_copy_report copied = {sizeof copied, 0, 0, 0, 0};
    must(plurum_index_backup(&copied, index, "vectors-backup", NULL, &e));
    printf("a backup of %llu documents\n", (unsigned long long)copied.documents);

    must(plurum_index_create("vectors-other", &creation, &e));
    must(plurum_index_open(&other, "vectors-other", &opening, &e));
    must(plurum_batch_new(&batch, other, &e));
    must(plurum_index_export(index, NULL, import_line, batch, &e));
    must(plurum_batch_commit(batch, NULL, &e));
    plurum_batch_free(batch);
    printf("another index: trust %.3f, the same to the bit: %d\n", trust(other, "gzip"),
           trust(other, "gzip") == trust(index, "gzip"));

    plurum_index_close(other);
    plurum_index_close(index);
    plurum_embedder_free(embedder); /* after the indexes that use it */
    return 0;
}
