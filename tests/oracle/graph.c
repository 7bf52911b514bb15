/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Judging an answer by graphs. A graph may leave a document out of the vector leg's list. But every hit
 * is one that the filters let through, with its true scores; the list of the text leg is the exact one;
 * that of the vector leg is in order and has as many as were asked for, or all that there are; and
 * where it is the exact one, so is the whole answer.
 */
#include <config.h>

#include "tests/oracle/graph.h"

#include <math.h>
#include <stdio.h>

static int near(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-9;
}

static int wrong(const answer_hit *hit, const char *what)
{
    printf("  by graphs: doc-%d (%u): %s\n", hit->key, hit->id, what);
    return -1;
}

static const answer_hit *exact_of(const judgement *j, int key)
{
    for (int i = 0; i < j->count; i++)
        if (j->exact[i].key == key) return &j->exact[i];
    return NULL;
}

static int check_hit(const answer_hit *h, const judgement *j)
{
    const answer_hit *exact = exact_of(j, h->key);
    if (!j->allowed[h->key] || j->id[h->key] != h->id) return wrong(h, "is not allowed");
    if (!near(h->text_score, j->text[h->key])) return wrong(h, "another text score");
    if (!near(h->cosine, j->cosine[h->key])) return wrong(h, "another cosine");
    if (h->text_rank != (exact ? exact->text_rank : 0)) return wrong(h, "another rank by its text");
    return h->text_rank || h->vector_rank ? 0 : wrong(h, "nobody proposed it");
}

/* Ranks 1 to count, by cosine, equal ones by id. */
static int check_vector_ranks(const answer *a, int count)
{
    const answer_hit *by_rank[KEYS + 1] = {NULL};
    for (int i = 0; i < a->graph_count; i++)
        if (a->graph[i].vector_rank <= KEYS) by_rank[a->graph[i].vector_rank] = &a->graph[i];
    for (int rank = 1; rank <= count; rank++) {
        const answer_hit *h = by_rank[rank], *better = by_rank[rank - 1];
        if (!h) return printf("  by graphs: nobody has vector rank %d of %d\n", rank, count), -1;
        if (rank > 1 && (h->cosine > better->cosine || (h->cosine == better->cosine && h->id < better->id)))
            return wrong(h, "vector ranks out of order");
    }
    return 0;
}

/* As many as the exact answer has of each leg, in the order of the scores. */
static int check_list(const answer *a, const judgement *j)
{
    int text = 0, vector = 0, exact_text = 0, exact_vector = 0;
    for (int i = 0; i < j->count; i++) {
        exact_text += j->exact[i].text_rank > 0;
        exact_vector += j->exact[i].vector_rank > 0;
    }
    for (int i = 0; i < a->graph_count; i++) {
        text += a->graph[i].text_rank > 0;
        vector += a->graph[i].vector_rank > 0;
        if (i && a->graph[i].score > a->graph[i - 1].score) return wrong(&a->graph[i], "out of order");
    }
    if (text != exact_text || vector != exact_vector) {
        printf("  by graphs: %d hits by text and %d by vector, exactly there are %d and %d\n", text, vector,
               exact_text, exact_vector);
        return -1;
    }
    return check_vector_ranks(a, vector);
}

static int same_list(const answer *a, const judgement *j)
{
    if (a->graph_count != j->count) return 0;
    for (int i = 0; i < j->count; i++)
        if (a->graph[i].id != j->exact[i].id) return 0;
    return 1;
}

/* The share of the exact vector leg's list; 1 where that is empty. */
static double recall_of(const answer *a, const judgement *j)
{
    int wanted = 0, found = 0;
    for (int i = 0; i < j->count; i++) {
        if (!j->exact[i].vector_rank) continue;
        wanted++;
        for (int k = 0; k < a->graph_count; k++)
            found += a->graph[k].id == j->exact[i].id && a->graph[k].vector_rank > 0;
    }
    return wanted ? (double)found / wanted : 1;
}

int graph_check(graph_tally *t, const answer *a, const judgement *j)
{
    for (int i = 0; i < a->graph_count; i++)
        if (check_hit(&a->graph[i], j)) return -1;
    if (check_list(a, j)) return -1;
    int has_vectors = 0, same = same_list(a, j);
    double recall = recall_of(a, j);
    for (int i = 0; i < j->count; i++) has_vectors |= j->exact[i].vector_rank > 0;
    if (recall == 1 && !same) return printf("  by graphs: the same candidates in another order\n"), -1;
    t->answers++;
    t->same_lists += (unsigned long)same;
    t->same_first += !j->count || a->graph[0].id == j->exact[0].id;
    if (!has_vectors) return 0;
    t->recall_sum += recall;
    if (!t->with_vectors++ || recall < t->recall_least) t->recall_least = recall;
    return 0;
}

void graph_print(const graph_tally *t)
{
    if (!t->with_vectors) return;
    printf("  by graphs: %lu answers, %lu with a vector leg, whose recall is %.4f, at least %.3f; %.1f %% of "
           "the lists are the exact ones, %.1f %% of the first hits\n", t->answers, t->with_vectors,
           t->recall_sum / (double)t->with_vectors, t->recall_least,
           100.0 * (double)t->same_lists / (double)t->answers,
           100.0 * (double)t->same_first / (double)t->answers);
}
