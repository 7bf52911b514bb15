/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running gnuplot, and the plots of the report as scripts for it.
 */
#include <config.h>

#include "bench/plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/report.h"
#include "tools/cli.h"

enum { WIDTH = 760 };

/* Told apart without colour vision (Okabe and Ito), and in the order of use. */
static const char *const COLOURS[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00",
                                      "#56B4E9", "#6b6b6b", "#a0651a", "#1c1c1c"};
enum { COLOUR_COUNT = sizeof COLOURS / sizeof *COLOURS };

/* Marks too, for paper and for more lines than colours. */
static const int MARKS[] = {7, 5, 9, 13, 11, 15, 4};
enum { MARK_COUNT = sizeof MARKS / sizeof *MARKS };

static const char *colour(size_t i)
{
    return COLOURS[i % COLOUR_COUNT];
}

static int mark(size_t i)
{
    return MARKS[i % MARK_COUNT];
}

int plot_begin(plot *p, int height)
{
    static unsigned number; /* element ids are of the page, not of the picture */
    *p = (plot){.separator = "plot"};
    p->script = open_memstream(&p->text, &p->size);
    if (!p->script) return cli_no_memory();
    fprintf(p->script,
            "set terminal svg size %d,%d dynamic noenhanced font 'sans-serif,13' name 'plot%u'\n"
            "set border 3 lc rgb '#777777'\nset tics nomirror out scale 0.5\n"
            "set grid lc rgb '#e2e2e2' lt 1\nset key noenhanced Left reverse\nset pointintervalbox 0\n",
            WIDTH, height, ++number);
    return 0;
}

void plot_quote(plot *p, const char *text)
{
    putc('\'', p->script);
    for (; *text; text++) {
        if (*text == '\'') putc('\'', p->script);
        if ((unsigned char)*text >= ' ' && *text != '`' && *text != '\x7f') putc(*text, p->script);
    }
    putc('\'', p->script);
}

/* Leaves out what stands before the element, and the one id that all pictures have. */
static int copy_svg(FILE *from, FILE *page)
{
    static const char ID[] = "id=\"gnuplot_canvas\"";
    char line[1 << 16];
    int inside = 0;
    while (fgets(line, sizeof line, from)) {
        const char *begin = strstr(line, "<svg");
        char *id = strstr(line, ID);
        if (id) memset(id, ' ', sizeof ID - 1);
        inside |= begin != NULL;
        if (inside) fputs(begin ? begin : line, page);
    }
    return inside;
}

int plot_end(plot *p, FILE *page)
{
    char path[] = "/tmp/plurum-plot-XXXXXX", command[64];
    fclose(p->script);
    int fd = mkstemp(path);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    int code = file ? 0 : cli_error(EXIT_STORAGE, "%s: no temporary file", path);
    if (file) fwrite(p->text, 1, p->size, file);
    if (file && fclose(file)) code = cli_error(EXIT_STORAGE, "%s: cannot be written", path);
    free(p->text);
    snprintf(command, sizeof command, "gnuplot %s", path);
    FILE *svg = code ? NULL : popen(command, "r");
    if (svg) fputs("<figure>\n", page);
    int drawn = svg && copy_svg(svg, page);
    if (svg) fputs("</figure>\n", page);
    if (svg && (pclose(svg) || !drawn))
        code = cli_error(EXIT_STORAGE, "gnuplot: did not draw a plot; is it there? (Debian: gnuplot-nox)");
    if (fd >= 0) unlink(path);
    return code;
}

/* ---- the plots ---- */

static int descending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? 1 : x > y ? -1 : 0;
}

int plot_differences(FILE *page, const double *differences, size_t count, const char *metric)
{
    plot p;
    char label[64];
    double *sorted = malloc((count + 1) * sizeof *sorted);
    int code = sorted ? plot_begin(&p, 260) : cli_no_memory();
    if (code) {
        free(sorted);
        return code;
    }
    if (count) memcpy(sorted, differences, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, descending);
    fputs("$d << EOD\n", p.script);
    for (size_t i = 0; i < count; i++) fprintf(p.script, "%zu %.6g\n", i + 1, sorted[i]);
    double most = count ? 1.08 * fmax(fabs(sorted[0]), fabs(sorted[count - 1])) : 1.0;
    fprintf(p.script,
            "EOD\nset xrange [0.5:%zu.5]\nset yrange [%.6g:%.6g]\nset xlabel 'queries, from gains "
            "to losses'\nset grid noxtics\nset ylabel ", count ? count : 1, -most, most);
    snprintf(label, sizeof label, "difference in %s", metric);
    plot_quote(&p, label);
    fprintf(p.script,
            "\nset style fill solid 0.9 noborder\nset boxwidth 1\nset xzeroaxis lt 1 lc rgb "
            "'#777777'\nunset key\nplot $d using 1:($2>0?$2:0) with boxes lc rgb '%s', $d using "
            "1:($2<0?$2:0) with boxes lc rgb '%s'\n", colour(2), colour(1));
    free(sorted);
    return plot_end(&p, page);
}

/* Whether its points have a standard error. */
static int add_curve(plot *p, const json_t *curve, size_t i)
{
    size_t j;
    json_t *point;
    int errors = 0;
    fprintf(p->script, "$c%zu << EOD\n", i);
    json_array_foreach(json_object_get(curve, "points"), j, point) {
        const json_t *error = json_array_get(point, 2);
        errors |= error != NULL;
        fprintf(p->script, "%.6g %.6g %.6g\n", json_number_value(json_array_get(point, 0)),
                json_number_value(json_array_get(point, 1)), json_number_value(error));
    }
    fputs("EOD\n", p->script);
    return errors;
}

static void key_below(plot *p)
{
    fputs("set key outside center bottom horizontal height 0.7\n", p->script);
}

int plot_curves(FILE *page, json_t *const *curves, size_t count, const char *x, const char *y)
{
    plot p;
    int code = plot_begin(&p, 330 + 8 * (int)count), errors = 0;
    if (code) return code;
    for (size_t i = 0; i < count; i++) errors |= add_curve(&p, curves[i], i);
    key_below(&p);
    fputs("set autoscale noextend\nset offsets graph 0.02, graph 0.02, graph 0.05, graph 0.05\nset xlabel ", p.script);
    plot_quote(&p, x);
    fputs("\nset ylabel ", p.script);
    plot_quote(&p, y);
    fputs("\n", p.script);
    for (size_t i = 0; i < count; i++) {
        fprintf(p.script, "%s $c%zu using %s pt %d ps 0.5 lw 2 lc rgb '%s' title ", p.separator, i,
                errors ? "1:2:3 with yerrorlines" : "1:2 with linespoints", mark(i), colour(i));
        plot_quote(&p, result_text(curves[i], "collection"));
        p.separator = ",";
        const json_t *level = json_object_get(curves[i], "default");
        if (level)
            fprintf(p.script, ", %.6g with lines dt 3 lc rgb '%s' notitle", json_number_value(level),
                    colour(i));
    }
    fputs("\n", p.script);
    return plot_end(&p, page);
}

static void label_ticks(plot *p, const char *const *labels, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i) fputs(", ", p->script);
        plot_quote(p, labels[i]);
        fprintf(p->script, " %zu", i);
    }
}

int plot_means(FILE *page, const char *const *labels, size_t label_count,
               const char *const *systems, size_t system_count, json_t *const *values)
{
    plot p;
    int code = plot_begin(&p, 340 + 8 * (int)system_count);
    if (code) return code;
    for (size_t s = 0; s < system_count; s++) {
        double step = fmin(0.7 / (double)system_count, 0.12);
        double shift = ((double)s - (double)(system_count - 1) / 2.0) * step;
        fprintf(p.script, "$s%zu << EOD\n", s);
        for (size_t l = 0; l < label_count; l++) {
            const json_t *v = values[l * system_count + s];
            if (v)
                fprintf(p.script, "%.4f %.6g %.6g %.6g\n", (double)l + shift,
                        json_number_value(json_object_get(v, "mean")),
                        json_number_value(json_object_get(v, "lo")),
                        json_number_value(json_object_get(v, "hi")));
        }
        fputs("EOD\n", p.script);
    }
    fputs("set xtics (", p.script);
    label_ticks(&p, labels, label_count);
    fprintf(p.script, ")\nset xrange [-0.6:%zu.6]\n", label_count ? label_count - 1 : 0);
    key_below(&p);
    fputs("set ylabel 'nDCG@10'\nset yrange [0:1]\nset grid noxtics\n", p.script);
    for (size_t s = 0; s < system_count; s++) {
        fprintf(p.script, "%s $s%zu using 1:2:3:4 with yerrorbars pt %d ps 0.7 lw 2 lc rgb '%s' title ",
                p.separator, s, mark(s), colour(s));
        plot_quote(&p, systems[s]);
        p.separator = ",";
    }
    fputs("\n", p.script);
    return plot_end(&p, page);
}

int plot_calibration(FILE *page, const char *const *names, json_t *const *bins, size_t count)
{
    plot p;
    size_t i;
    json_t *bin;
    int code = plot_begin(&p, 500);
    if (code) return code;
    for (size_t b = 0; b < count; b++) {
        fprintf(p.script, "$b%zu << EOD\n", b);
        json_array_foreach(bins[b], i, bin)
            fprintf(p.script, "%.6g %.6g %.6g\n", json_number_value(json_array_get(bin, 0)),
                    json_number_value(json_array_get(bin, 1)),
                    json_number_value(json_array_get(bin, 2)));
        fputs("EOD\n", p.script);
    }
    key_below(&p);
    fputs("set size square\nset xrange [0:1]\nset yrange [0:1]\nset xlabel 'promised: likelihood of being "
          "relevant'\nset ylabel 'kept: share that is relevant'\nplot x with lines dt 3 lc rgb '#777777' "
          "title 'as promised'", p.script);
    for (size_t b = 0; b < count; b++) {
        fprintf(p.script, ", $b%zu using 1:2:(0.2+log10($3+1)/3) with points pt %d ps variable lc rgb '%s' "
                "notitle, $b%zu using 1:2 with lines lw 1.5 lc rgb '%s' notitle, NaN with linespoints pt %d "
                "ps 0.7 lw 1.5 lc rgb '%s' title ", b, mark(b), colour(b), b, colour(b), mark(b), colour(b));
        plot_quote(&p, names[b]);
    }
    fputs("\n", p.script);
    return plot_end(&p, page);
}

int plot_bars(FILE *page, const char *const *labels, const double *values, size_t count,
              const char *const *names, size_t names_count, const char *axis)
{
    plot p;
    int code = plot_begin(&p, 110 + 40 * (int)count);
    if (code) return code;
    fputs("$b << EOD\n", p.script);
    for (size_t i = 0; i < count; i++) {
        fprintf(p.script, "%zu", i);
        for (size_t n = 0; n < names_count; n++)
            fprintf(p.script, " %.6g", values[i * names_count + n]);
        fputs("\n", p.script);
    }
    fputs("EOD\nset ytics (", p.script);
    label_ticks(&p, labels, count);
    fprintf(p.script, ")\nset yrange [%zu.6:-0.6]\nset xrange [0:*]\nset xlabel ", count ? count - 1 : 0);
    plot_quote(&p, axis);
    fputs("\nset style fill solid 0.9 noborder\nset grid noytics\n", p.script);
    key_below(&p);
    for (size_t n = 0; n < names_count; n++) {
        double width = 0.7 / (double)names_count, low = -0.35 + width * (double)n;
        fprintf(p.script, "%s $b using %zu:1:(0):%zu:($1%+.4f):($1%+.4f) with boxxyerror lc rgb '%s' title ",
                p.separator, n + 2, n + 2, low, low + width, colour(n));
        plot_quote(&p, names[n]);
        p.separator = ",";
    }
    fputs("\n", p.script);
    return plot_end(&p, page);
}
