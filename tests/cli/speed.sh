#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum-bench speed: its figures are the machine's, so only their names and places are looked at.
. "${srcdir:-.}/tests/cli/runner.sh"

export TMPDIR="$PWD"

say "for people"
"$build/plurum-bench" speed --n 300 --dim 8 --queries 20 | sed -E 's/[0-9]+\.[0-9]+/N/g; s/ +[0-9]+ (documents|queries)\/s/ N \1\/s/; s/ +N/ N/g'

say "as JSON"
"$build/plurum-bench" speed --n 300 --dim 8 --queries 20 --threads 2 --json >answer
json kind n dim queries 'query_ms.?' 'tables.?' about.seed <answer
json 'tables.ingest.0.?' 'tables.latency.#' 'tables.latency.0.?' 'tables.threads.#' 'tables.size.0.?' <answer

say "graphs"
"$build/plurum-bench" speed --n 600 --dim 8 --queries 20 --graph-from 200 --json >answer
json 'tables.?' 'tables.graphs.0.?' 'tables.graphs.0.segments' 'tables.graphs_by_ef.#' \
    'tables.graphs_by_ef.0.?' 'tables.graphs_by_filter.#' 'tables.graphs_by_filter.5.?' <answer
json 'tables.graphs_by_filter.5.allowed' 'tables.graphs_by_filter.5.fewer' \
    'tables.graphs_by_filter.5.recall_10' <answer

say "without vectors"
"$build/plurum-bench" speed --n 300 --dim 0 --queries 20 --json | json 'tables.latency.#' dim

say "nothing is left behind, and what is wrong"
ls -d plurum-bench-* 2>/dev/null
bench speed 7
bench speed --n 0
bench speed --dim 5000
bench speed --vectors nowhere.npy
printf '\223NUMPY\001\000\166\000%-117s\n' "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 8), }" >none.npy
bench speed --vectors none.npy
bench speed --dim 8 --query-vectors none.npy
bench speed --graph-from 1
