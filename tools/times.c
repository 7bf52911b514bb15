/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading and writing times. strptime knows neither offsets nor the length of a month, so the digits
 * are read here and timegm only counts the days.
 */
#include <config.h>

#include "tools/times.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* n digits at *at, which moves on; or -1. */
static int digits(const char **at, int n)
{
    int value = 0;
    for (; n > 0; n--, ++*at) {
        if (**at < '0' || **at > '9') return -1;
        value = 10 * value + (**at - '0');
    }
    return value;
}

static int skip(const char **at, char wanted)
{
    if (**at != wanted) return 0;
    ++*at;
    return 1;
}

static int is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* YYYY-MM-DD as the seconds of its midnight. */
static int read_date(int64_t *out, const char **at)
{
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = digits(at, 4);
    int month = year > 0 && skip(at, '-') ? digits(at, 2) : -1;
    int day = month > 0 && month <= 12 && skip(at, '-') ? digits(at, 2) : -1;
    if (day < 1 || day > DAYS[month - 1] + (month == 2 && is_leap(year))) return -1;
    struct tm calendar = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};
    *out = (int64_t)timegm(&calendar);
    return 0;
}

/* HH:MM[:SS[.fraction]] as seconds; with_seconds 0: HH:MM alone. */
static int read_clock(int *out, const char **at, int with_seconds)
{
    int hour = digits(at, 2);
    int minute = hour >= 0 && skip(at, ':') ? digits(at, 2) : -1;
    int second = 0;
    if (hour > 23 || minute < 0 || minute > 59) return -1;
    if (with_seconds && skip(at, ':')) second = digits(at, 2);
    if (second < 0 || second > 60) return -1;
    if (with_seconds && skip(at, '.')) {
        if (digits(at, 1) < 0) return -1;
        while (digits(at, 1) >= 0) {
        }
    }
    *out = 3600 * hour + 60 * minute + second;
    return 0;
}

/* Z, ±HH:MM, or nothing. */
static int read_offset(int *out, const char **at)
{
    *out = 0;
    if (!**at || skip(at, 'Z') || skip(at, 'z')) return 0;
    int west = skip(at, '-');
    if (!west && !skip(at, '+')) return -1;
    if (read_clock(out, at, 0)) return -1;
    if (west) *out = -*out;
    return 0;
}

/* A small number, 2024 or 20240131, is rather a year or a date than a second of 1970. */
static int read_seconds(int64_t *out, const char *text)
{
    char *end;
    errno = 0;
    long long seconds = strtoll(text, &end, 10);
    if (end == text || *end || errno || seconds < TIMES_LEAST) return -1;
    *out = seconds;
    return 0;
}

int times_parse(int64_t *out, const char *text)
{
    const char *at = text;
    int64_t midnight;
    int seconds, offset;
    if (read_date(&midnight, &at)) return read_seconds(out, text);
    if (!*at) {
        *out = midnight;
        return 0;
    }
    if (!skip(&at, 'T') && !skip(&at, 't') && !skip(&at, ' ')) return -1;
    if (read_clock(&seconds, &at, 1) || read_offset(&offset, &at) || *at) return -1;
    *out = midnight + seconds - offset;
    return 0;
}

const char *times_text(char buffer[TIMES_SIZE], int64_t t)
{
    time_t seconds = (time_t)t;
    struct tm calendar;
    if (!gmtime_r(&seconds, &calendar) ||
        !strftime(buffer, TIMES_SIZE, "%Y-%m-%dT%H:%M:%SZ", &calendar))
        snprintf(buffer, TIMES_SIZE, "%lld", (long long)t);
    return buffer;
}
