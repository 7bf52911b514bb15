/* SPDX-License-Identifier: MIT */
/*
 * The score as one line of arithmetic that a reader can redo on paper. Numbers are turned into
 * digits here, from integers: printf's %f would write the decimal comma of the process's locale.
 */
#include <plurum/trust.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "decay.h"

/* No sum of reports or votes comes near it; so no number has more than fifteen characters, and the
 * line no more than 240 bytes. Its buffer is as large as a compiler would have to fear. */
#define MOST      1e10
#define LINE_SIZE 384

typedef struct number {
    char text[24];
} number;

/* A non-negative value, rounded half up to three decimals. */
static number decimal(double value)
{
    if (!(value > 0.0)) value = 0.0;
    if (value > MOST) value = MOST;
    uint64_t thousandths = (uint64_t)(value * 1000.0 + 0.5);
    number n;
    snprintf(n.text, sizeof n.text, "%" PRIu64 ".%03u", thousandths / 1000,
             (unsigned)(thousandths % 1000));
    return n;
}

/* The same without trailing zeros: "2", "0.5". */
static number short_decimal(double value)
{
    number n = decimal(value);
    char *end = n.text + strlen(n.text);
    while (end[-1] == '0') end--;
    if (end[-1] == '.') end--;
    *end = '\0';
    return n;
}

/*
 * The share of a normal distribution within z standard deviations, in per cent to one decimal;
 * 99.9 at most, because no interval is certain. The series is Marsaglia's (J. Stat. Software 11,
 * 2004): Phi(z) - 1/2 = phi(z)·(z + z³/3 + z⁵/(3·5) + …), all terms positive; e^y = 2^(y·log2 e).
 */
static double percentage(double z)
{
    if (z > 4.0) return 99.9;
    double term = z, sum = z;
    for (int i = 3; i < 200; i += 2) {
        term *= z * z / i;
        sum += term;
    }
    double phi = 0.3989422804014327 * pli_trust_exp2_minus(0.5 * z * z * 1.4426950408889634);
    double share = (double)(int)(2000.0 * phi * sum + 0.5) / 10.0;
    return share < 99.9 ? share : 99.9;
}

size_t plurum_trust_explain(char *text, size_t size, const plurum_trust_score *score,
                            const plurum_trust_config *config)
{
    double reports = score->report_alpha + score->report_beta;
    double votes = score->vote_alpha + score->vote_beta;
    char line[LINE_SIZE];
    snprintf(line, sizeof line,
             "%s = (%s prior + %s decayed successes + %s up-votes) / "
             "(%s prior + %s decayed reports + %s votes); "
             "%s %% range of the reports alone %s\xE2\x80\x93%s",
             decimal(score->trust).text, decimal(score->prior_alpha).text,
             decimal(score->report_alpha).text, decimal(score->vote_alpha).text,
             short_decimal(config->prior).text, decimal(reports).text, decimal(votes).text,
             short_decimal(percentage(config->z)).text, decimal(score->low).text,
             decimal(score->high).text);
    size_t length = strlen(line);
    if (size == 0) return length;
    size_t cut = length < size ? length : size - 1;
    while (((unsigned char)line[cut] & 0xC0) == 0x80) cut--; /* not inside the dash */
    memcpy(text, line, cut);
    text[cut] = '\0';
    return length;
}
