/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Program, commit, versions, machine, weights. bench/built.h is written by make: see bench/local.mk.
 */
#include <config.h>

#include "bench/about.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <plurum/plurum.h>

#include "bench/built.h"

/* The processor's name as the kernel tells it, or "unknown". */
static void processor_name(char *out, size_t size)
{
    char line[256];
    FILE *file = fopen("/proc/cpuinfo", "r");
    snprintf(out, size, "unknown");
    while (file && fgets(line, sizeof line, file)) {
        char *value = strchr(line, ':');
        if (strncmp(line, "model name", 10) != 0 || !value) continue;
        value[strcspn(value, "\n")] = '\0';
        snprintf(out, size, "%.*s", (int)size - 1, value + 1 + strspn(value + 1, " "));
        break;
    }
    if (file) fclose(file);
}

static json_t *machine_json(void)
{
    char name[128];
    processor_name(name, sizeof name);
    double bytes = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    return json_pack("{s:s, s:I, s:f}", "processor", name, "cores",
                     (json_int_t)sysconf(_SC_NPROCESSORS_ONLN), "memory_gib",
                     bytes / (1024.0 * 1024.0 * 1024.0));
}

static json_t *built_json(void)
{
    json_t *built = json_object();
    static const char *const LIBRARIES[][2] = {BUILT_LIBRARIES};
    json_object_set_new(built, "compiler", json_string(__VERSION__));
    for (size_t i = 0; i < sizeof LIBRARIES / sizeof *LIBRARIES; i++)
        json_object_set_new(built, LIBRARIES[i][0], json_string(LIBRARIES[i][1]));
    return built;
}

json_t *about_json(const char *command, int64_t seed)
{
    char now[32] = "";
    time_t t = time(NULL);
    struct tm utc;
    if (gmtime_r(&t, &utc)) strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return json_pack("{s:s, s:s, s:s, s:i, s:I, s:s, s:o, s:o}", "command", command, "version",
                     plurum_version_string(), "commit", BUILT_COMMIT, "format",
                     PLURUM_FORMAT_NUMBER, "seed", (json_int_t)seed, "time", now, "machine",
                     machine_json(), "built_with", built_json());
}

json_t *about_weights(const plurum_weights *weights)
{
    json_t *changed = json_object();
    for (size_t i = 0; weights && i < plurum_weight_count(); i++) {
        const plurum_weight_info *info = plurum_weight_info_at(i);
        double value;
        if (plurum_weights_get(weights, info->name, &value, NULL) || isnan(value)) continue;
        if (value == info->initial) continue;
        json_object_set_new(changed, info->name,
                            info->choices ? json_string(info->choices[(size_t)value])
                                          : json_real(value));
    }
    return changed;
}
