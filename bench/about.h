/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a result must say of itself so that it can be had again: program, commit, versions, machine
 * and seed. Every JSON document of the bench carries it as "about".
 */
#ifndef BENCH_ABOUT_H
#define BENCH_ABOUT_H

#include <stdint.h>

#include <jansson.h>
#include <plurum/weights.h>

/* {"command", "version", "commit", "format", "seed", "time", "machine": {…}, "built_with": {…}};
 * the caller's. seed: what the command drew at random began with. */
json_t *about_json(const char *command, int64_t seed);
/* The weights that are not at their default, by name: a number, or a word; NULL: none are. The
 * caller's. */
json_t *about_weights(const plurum_weights *weights);

#endif
