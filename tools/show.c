/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text for people. Aligned by hand, coloured on a terminal only.
 */
#include <config.h>

#include "tools/show.h"

#include <math.h>
#include <stdlib.h>
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
    json_array_foreach(list, i, item) {
        if (i) fputs(", ", stdout);
        cli_print_text(stdout, json_string_value(item), 0);
    }
}

void show_bold(const char *text)
{
    int colour = cli_colour(stdout);
    if (colour) fputs("\033[1m", stdout);
    cli_print_text(stdout, text, 0);
    if (colour) fputs("\033[0m", stdout);
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

static void print_leg(const char *name, const char *measure, double score, unsigned rank,
                      double normal, double weight, double part)
{
    printf("     %-7s %s %.3f, ", name, measure, score);
    if (rank)
        printf("rank %u", rank);
    else
        printf("no candidate of this leg");
    printf("; scaled %.4f ", normal);
    if (fabs(normal * weight - part) < 1e-9)
        printf("× weight %.2f = %.4f\n", weight, part);
    else /* a method whose parts are no products */
        printf("at weight %.2f gives %.4f\n", weight, part);
}

/* The arithmetic of a score, to be checked with a pencil. */
static void print_explanation(const plurum_hit *h)
{
    const plurum_explain *e = h->explain;
    double all = 1.0 + e->tools_weight;
    if (h->text_score > 0.0)
        print_leg("text", "BM25", h->text_score, h->text_rank, e->text_normal, e->text_weight,
                  e->text * all);
    else
        printf("     text    has no word of the query\n");
    if (isnan(h->cosine))
        printf("     vector  has none to compare\n");
    else
        print_leg("vector", "cosine", h->cosine, h->vector_rank, e->vector_normal,
                  e->vector_weight, e->vector * all);
    if (e->tools_weight > 0.0)
        printf("     tools   share used of those asked for %.4f × weight %.2f = %.4f\n",
               e->tools_share, e->tools_weight, e->tools_share * e->tools_weight);
    if (e->tools_weight > 0.0)
        printf("     score   (%.4f + %.4f + %.4f) / %.2f", e->text * all, e->vector * all,
               e->tools * all, all);
    else
        printf("     score   %.4f + %.4f", e->text, e->vector);
    printf(" = %.4f relevance; × %.4f for trust %.2f", h->relevance, e->boost, h->trust->trust);
    if (e->here_successes + e->here_failures > 0.0)
        printf(", %.2f with %.1f successes and %.1f failures in the environment", e->here_trust,
               e->here_successes, e->here_failures);
    if (e->alike_successes + e->alike_failures > 0.0)
        printf(", %.2f with %.1f successes and %.1f failures for queries like this", e->alike_trust,
               e->alike_successes, e->alike_failures);
    else if (e->told > 0.0)
        printf(", %.2f as reports were for other queries", e->alike_trust);
    if (e->noise >= 0.005) printf(", noise %.2f", e->noise);
    printf(" = %.4f\n", h->score);
}

void show_hit(const plurum_hit *h, size_t number, int scored, int explain)
{
    json_t *object = h->json ? json_loads(h->json, 0, NULL) : NULL;
    const char *goal = text_of(object, "goal");
    if (number)
        printf("%3zu. ", number);
    else
        fputs("  -  ", stdout);
    if (scored) printf("%.3f  ", h->score);
    show_bold(*goal ? goal : h->key);
    printf("\n     %s", *h->short_id ? h->short_id : h->key);
    if (*text_of(object, "domain")) fputs(" · ", stdout);
    cli_print_text(stdout, text_of(object, "domain"), 0);
    if (json_array_size(json_object_get(object, "tools_used"))) {
        printf(" · ");
        print_list(json_object_get(object, "tools_used"));
    }
    printf(" · ");
    print_trust(h->trust);
    if (scored && !isnan(h->similarity)) printf(" · similarity %.2f", h->similarity);
    if (h->collapsed) printf(" · and %zu like it", h->collapsed);
    putchar('\n');
    if (explain) print_explanation(h);
    json_decref(object);
}

static void put_plain(const char *text, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) putchar((unsigned char)text[i] < ' ' ? ' ' : text[i]);
}

void show_snippet(const plurum_hit *h)
{
    int colour = cli_colour(stdout);
    size_t at = 0;
    if (!h->snippet) return;
    printf("     %s", h->snippet_at ? "…" : "");
    for (size_t i = 0; i < h->mark_count; i++) {
        put_plain(h->snippet, at, h->marks[i].from);
        fputs(colour ? "\033[1m" : "**", stdout);
        put_plain(h->snippet, h->marks[i].from, h->marks[i].to);
        fputs(colour ? "\033[0m" : "**", stdout);
        at = h->marks[i].to;
    }
    put_plain(h->snippet, at, strlen(h->snippet));
    puts(h->snippet_goes_on ? "…" : "");
}

static void print_value(const json_t *value, int indent);

void show_text(const char *text, int indent)
{
    cli_print_text(stdout, text, indent);
    putchar('\n');
}

static int is_empty(const json_t *value)
{
    return json_is_null(value) || (json_is_array(value) && !json_array_size(value)) ||
           (json_is_string(value) && !*json_string_value(value)) ||
           (json_is_object(value) && !json_object_size(value));
}

/* name: value, one a line; the first where the cursor is. */
static void print_members(const json_t *object, int indent)
{
    const char *name;
    json_t *member;
    int first = 1;
    json_object_foreach((json_t *)(uintptr_t)object, name, member) {
        if (is_empty(member)) continue;
        printf("%*s", first ? 0 : indent, "");
        cli_print_text(stdout, name, 0);
        putchar(':');
        print_value(member, indent + 2);
        first = 0;
    }
    if (first) putchar('\n');
}

/* What follows a name and its colon. */
static void print_value(const json_t *value, int indent)
{
    size_t i;
    json_t *item;
    if (json_is_string(value)) {
        putchar(' ');
        show_text(json_string_value(value), indent);
    } else if (json_is_array(value) && json_is_string(json_array_get(value, 0))) {
        putchar(' ');
        print_list(value);
        putchar('\n');
    } else if (json_is_array(value)) {
        putchar('\n');
        json_array_foreach(value, i, item) {
            printf("%*s- ", indent, "");
            print_members(item, indent + 2);
        }
    } else if (json_is_object(value)) {
        printf("\n%*s", indent, "");
        print_members(value, indent);
    } else if (json_is_real(value)) {
        printf(" %.6g\n", json_real_value(value));
    } else {
        char *text = json_dumps(value, JSON_ENCODE_ANY);
        printf(" %s\n", text ? text : "");
        free(text);
    }
}

void show_detail(const json_t *object)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name, value) {
        int alias = strcmp(name, "attempts_json") == 0 || strcmp(name, "quality_score") == 0;
        if (is_empty(value) || alias) continue;
        show_bold(name);
        putchar(':');
        print_value(value, 2);
    }
}
