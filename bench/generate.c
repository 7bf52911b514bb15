/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Generated documents: titles of 8 words and bodies of 120, of a vocabulary of 20,000.
 */
#include <config.h>

#include "bench/generate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/random.h"
#include "tools/cli.h"

enum { WORDS = 20000, TITLE = 8, BODY = 120, QUERY = 5, TOPICS = 64 };

int generate_begin(generator *g, uint64_t seed, size_t dim)
{
    *g = (generator){seed, dim, calloc(WORDS, sizeof(double))};
    if (!g->heads) return cli_no_memory();
    double sum = 0.0;
    for (int i = 0; i < WORDS; i++) g->heads[i] = sum += 1.0 / pow(i + 3, 1.05);
    for (int i = 0; i < WORDS; i++) g->heads[i] /= sum;
    return 0;
}

void generate_end(generator *g)
{
    free(g->heads);
}

/* A state of its own for everything that is drawn of document k. */
static uint64_t state_of(const generator *g, size_t k, uint64_t purpose)
{
    uint64_t state = g->seed ^ (k * 0x9E3779B97F4A7C15u) ^ purpose << 56;
    next_random(&state);
    return state;
}

static int draw_word(const generator *g, uint64_t *state)
{
    double x = next_unit(state);
    int low = 0, high = WORDS - 1;
    while (low < high) {
        int mid = (low + high) / 2;
        if (g->heads[mid] < x)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Pronounceable, so that stemming and splitting have work to do: two to four syllables. */
static size_t put_word(char *out, size_t size, int word, const char *separator)
{
    static const char CONSONANTS[] = "bdfgklmnprstvz", VOWELS[] = "aeiou";
    char text[24];
    size_t n = 0;
    for (int rest = word + 70; rest > 0 && n + 2 < sizeof text; rest /= 70) {
        text[n++] = CONSONANTS[rest % 14];
        text[n++] = VOWELS[rest / 14 % 5];
    }
    text[n] = '\0';
    int len = snprintf(out, size, "%s%s", separator, text);
    return len < 0 || (size_t)len >= size ? 0 : (size_t)len;
}

static void put_words(char *out, size_t size, const generator *g, uint64_t *state, int count)
{
    size_t len = 0;
    out[0] = '\0';
    for (int i = 0; i < count; i++)
        len += put_word(out + len, size - len, draw_word(g, state), i ? " " : "");
}

/* Two uniform numbers make a normal one (Box and Muller). */
static double normal(uint64_t *state)
{
    double u = 1.0 - next_unit(state), v = next_unit(state);
    return sqrt(-2.0 * log(u)) * cos(6.283185307179586 * v);
}

/* Half topic, half its own, and `noise` on top. */
static void draw_vector(float *vector, const generator *g, size_t k, double noise, uint64_t *extra)
{
    uint64_t topic = state_of(g, k % TOPICS, 1), own = state_of(g, k, 2);
    double sum = 0.0;
    for (size_t i = 0; i < g->dim; i++) {
        double x = normal(&topic) + normal(&own);
        if (noise > 0.0) x += noise * normal(extra);
        vector[i] = (float)x;
        sum += x * x;
    }
    for (size_t i = 0; i < g->dim; i++) vector[i] = (float)((double)vector[i] / sqrt(sum));
}

void generate_document(generated *out, float *vector, const generator *g, size_t k)
{
    uint64_t state = state_of(g, k, 3);
    snprintf(out->key, sizeof out->key, "document-%zu", k);
    put_words(out->title, sizeof out->title, g, &state, TITLE);
    put_words(out->body, sizeof out->body, g, &state, BODY);
    snprintf(out->domain, sizeof out->domain, "domain%u",
             (unsigned)(next_random(&state) % GENERATED_DOMAINS));
    for (int t = 0; t < 2; t++)
        snprintf(out->tools[t], sizeof out->tools[t], "tool%u",
                 (unsigned)(next_random(&state) % GENERATED_TOOLS));
    out->created_at = 1700000000 + (int64_t)(next_random(&state) % 50000000);
    if (g->dim) draw_vector(vector, g, k, 0.0, NULL);
}

void generate_query(char out[160], float *vector, const generator *g, size_t k)
{
    uint64_t state = state_of(g, k, 3), extra = state_of(g, k, 4);
    put_words(out, 160, g, &state, QUERY); /* the first of the title's */
    if (g->dim) draw_vector(vector, g, k, 0.7, &extra);
}
