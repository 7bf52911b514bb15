/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text for people. Aligned by hand, coloured on a terminal only.
 */
#include <config.h>

#include "tools/show.h"

#include <math.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static void print_list(const json_t *list)
{
    size_t i;
    const json_t *item;
    json_array_foreach(list, i, item) printf("%s%s", i ? ", " : "", json_string_value(item));
}

static void bold(const char *text)
{
    if (cli_colour(stdout))
        printf("\033[1m%s\033[0m", text);
    else
        fputs(text, stdout);
}

/* "3 of 4 worked, trust 0.71 (0.44–0.87)" */
static void print_trust(const plurum_trust_score *t)
{
    double worked = t->success_rate * (double)t->total_reports;
    if (t->total_reports)
        printf("%.0f of %llu worked, ", worked, (unsigned long long)t->total_reports);
    else
        printf("no reports, ");
    printf("trust %.2f", t->trust);
    if (t->total_reports) printf(" (%.2f–%.2f)", t->low, t->high);
    if (t->quarantined) printf(", in quarantine");
}

static void print_explanation(const plurum_hit *h)
{
    const plurum_explain *e = h->explain;
    printf("     text    BM25 %.3f, rank %u, %.3f of 1 × weight %.2f\n", h->text_score,
           h->text_rank, e->text_normal, e->text_weight);
    if (!isnan(h->cosine))
        printf("     vector  cosine %.3f, rank %u, %.3f of 1 × weight %.2f\n", h->cosine,
               h->vector_rank, e->vector_normal, e->vector_weight);
    printf("     %.4f text + %.4f vector + %.4f tools = %.4f relevance; × %.4f for trust = %.4f\n",
           e->text, e->vector, e->tools, h->relevance, e->boost, h->score);
}

void show_hit(const plurum_hit *h, size_t number, int scored, int explain)
{
    json_t *object = h->json ? json_loads(h->json, 0, NULL) : NULL;
    const char *goal = text_of(object, "goal");
    printf("%3zu. ", number);
    if (scored) printf("%.3f  ", h->score);
    bold(*goal ? goal : h->key);
    printf("\n     %s", *h->short_id ? h->short_id : h->key);
    if (*text_of(object, "domain")) printf(" · %s", text_of(object, "domain"));
    if (json_array_size(json_object_get(object, "tools_used"))) {
        printf(" · ");
        print_list(json_object_get(object, "tools_used"));
    }
    printf(" · ");
    print_trust(h->trust);
    if (scored && !isnan(h->similarity)) printf(" · similarity %.2f", h->similarity);
    putchar('\n');
    if (explain) print_explanation(h);
    json_decref(object);
}

static void print_value(const json_t *value, int indent)
{
    const char *name;
    json_t *member;
    size_t i;
    if (json_is_string(value)) {
        for (const char *c = json_string_value(value); *c; c++) {
            putchar(*c);
            if (*c == '\n') printf("%*s", indent, "");
        }
        putchar('\n');
    } else if (json_is_object(value)) {
        int first = 1;
        json_object_foreach((json_t *)(uintptr_t)value, name, member) {
            if (json_is_string(member) && !*json_string_value(member)) continue;
            printf("%*s%s: ", first ? 0 : indent, "", name);
            print_value(member, indent + 2);
            first = 0;
        }
        if (first) putchar('\n');
    } else if (json_is_array(value)) {
        json_array_foreach(value, i, member) {
            printf("\n%*s- ", indent, "");
            print_value(member, indent + 2);
        }
    } else {
        char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
        printf("%s\n", text ? text : "");
        free(text);
    }
}

static int is_empty(const json_t *value)
{
    return json_is_null(value) || (json_is_array(value) && !json_array_size(value)) ||
           (json_is_string(value) && !*json_string_value(value)) ||
           (json_is_object(value) && !json_object_size(value));
}

void show_detail(const json_t *object)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name, value) {
        if (is_empty(value) || strcmp(name, "attempts_json") == 0) continue;
        bold(name);
        printf(": ");
        if (json_is_array(value) && json_is_string(json_array_get(value, 0))) {
            print_list(value);
            putchar('\n');
        } else {
            print_value(value, 2);
        }
    }
}
