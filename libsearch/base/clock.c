/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Time. libc's timegm and gmtime_r do the calendar; only the text form is ours, since strptime
 * reads locale-dependent and lax forms.
 */
#include <config.h>

#include "base/clock.h"

#include <stdio.h>
#include <time.h>

#define YEAR_1 (-62135596800LL)    /* 0001-01-01T00:00:00Z */
#define YEAR_9999 (253402300799LL) /* 9999-12-31T23:59:59Z */

int64_t pli_clock_system(void)
{
    return (int64_t)time(NULL);
}

int pli_time_is_sound(int64_t t)
{
    return t >= YEAR_1 && t <= YEAR_9999;
}

int64_t pli_clock_hour(int64_t t)
{
    int64_t past = t % 3600;
    if (past < 0) past += 3600;
    return t < INT64_MIN + past ? t : t - past;
}

/* Reads exactly n digits; -1 when there are not that many. */
static int digits(const char **at, const char *end, int n)
{
    int value = 0;
    for (; n > 0; n--, (*at)++) {
        if (*at >= end || **at < '0' || **at > '9') return -1;
        value = value * 10 + (**at - '0');
    }
    return value;
}

static int literal(const char **at, const char *end, const char *any_of)
{
    if (*at >= end) return -1;
    for (; *any_of; any_of++)
        if (**at == *any_of) {
            (*at)++;
            return 0;
        }
    return -1;
}

/* Seconds east of UTC behind the time; -1 in *failed when it is no offset. */
static int zone(const char **at, const char *end, int *failed)
{
    if (literal(at, end, "Zz") == 0) return 0;
    int sign = *at < end && **at == '-' ? -1 : 1;
    if (literal(at, end, "+-")) {
        *failed = 1;
        return 0;
    }
    int hours = digits(at, end, 2);
    int colon = literal(at, end, ":");
    int minutes = digits(at, end, 2);
    if (hours < 0 || hours > 23 || colon || minutes < 0 || minutes > 59) *failed = 1;
    return sign * (hours * 3600 + minutes * 60);
}

int pli_time_parse(int64_t *out, const char *text, size_t len)
{
    const char *at = text, *end = text + len;
    int failed = 0;
    int year = digits(&at, end, 4);
    failed |= literal(&at, end, "-");
    int month = digits(&at, end, 2);
    failed |= literal(&at, end, "-");
    int day = digits(&at, end, 2);
    failed |= literal(&at, end, "Tt ");
    int hour = digits(&at, end, 2);
    failed |= literal(&at, end, ":");
    int minute = digits(&at, end, 2);
    failed |= literal(&at, end, ":");
    int second = digits(&at, end, 2);
    if (failed || year < 1 || month < 1 || month > 12 || day < 1 || hour < 0 || hour > 23 ||
        minute < 0 || minute > 59 || second < 0 || second > 60)
        return -1;
    if (literal(&at, end, ".") == 0) {
        if (digits(&at, end, 1) < 0) return -1;
        while (at < end && *at >= '0' && *at <= '9') at++;
    }
    int east = zone(&at, end, &failed);
    if (failed || at != end) return -1;
    struct tm calendar = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day,
                          .tm_hour = hour, .tm_min = minute, .tm_sec = second};
    int64_t t = (int64_t)timegm(&calendar);
    if (calendar.tm_mon != month - 1 && second != 60) return -1; /* 31 April */
    *out = t - east;
    return 0;
}

void pli_time_format(char out[PLI_TIME_SIZE], int64_t t)
{
    time_t clamped = (time_t)(t < YEAR_1 ? YEAR_1 : t > YEAR_9999 ? YEAR_9999 : t);
    struct tm calendar;
    gmtime_r(&clamped, &calendar);
    unsigned year = (unsigned)(calendar.tm_year + 1900) % 10000;
    snprintf(out, PLI_TIME_SIZE, "%04u-%02u-%02uT%02u:%02u:%02uZ", year,
             (unsigned)(calendar.tm_mon + 1) % 100, (unsigned)calendar.tm_mday % 100,
             (unsigned)calendar.tm_hour % 100, (unsigned)calendar.tm_min % 100,
             (unsigned)calendar.tm_sec % 100);
}
