/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TREC: query Q0 document rank score tag; ranks from 1.
 */
#include <config.h>

#include "tools/run.h"

#include <math.h>

run_writer run_begin(FILE *file, const char *query)
{
    return (run_writer){file, query, 0, INFINITY};
}

void run_write(run_writer *w, const char *document, double score)
{
    float written = (float)score;
    if (!(written < w->last)) written = nextafterf(w->last, -INFINITY);
    w->last = written;
    fprintf(w->file, "%s Q0 %s %zu %.9g plurum\n", w->query, document, ++w->rank, (double)written);
}

void run_write_results(FILE *file, const char *query, const plurum_results *results)
{
    run_writer writer = run_begin(file, query);
    for (size_t i = 0; i < plurum_results_count(results); i++) {
        const plurum_hit *hit = plurum_results_hit(results, i);
        run_write(&writer, hit->key, hit->score);
    }
}
