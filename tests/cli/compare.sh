#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum-bench compare, on tests/data/mini by text and by vector (see eval.sh for the values) and on
# the run of tests/data/metrics.
. "${srcdir:-.}/tests/cli/runner.sh"

mini=$data/mini
export TMPDIR="$PWD"
"$build/plurum-bench" eval "$mini" --vectors --mode vector --run vector.run >/dev/null
"$build/plurum-bench" eval "$mini" --embedder none --mode text --run text.run >/dev/null

say "two runs"
bench compare vector.run text.run "$mini/qrels.tsv"
bench compare text.run vector.run "$mini/qrels.tsv" --metric mrr@10 --rounds 10000 --seed 7

say "a run and itself"
bench compare text.run text.run "$mini/qrels.tsv"

say "TREC judgements, and a query that no run has"
bench compare "$data/metrics/run" "$data/metrics/run" "$data/metrics/qrels" --metric map
: >empty.run
bench compare empty.run "$data/metrics/run" "$data/metrics/qrels"

say "as JSON"
"$build/plurum-bench" compare vector.run text.run "$mini/qrels.tsv" --json >answer
json kind metric queries wins ties losses difference.mean p per_query.# <answer
json per_query.0.query per_query.0.a per_query.0.b per_query.0.difference 'difference.?' <answer
json 'about.?' 'about.machine.?' about.command about.seed <answer

say "what is wrong"
bench compare vector.run text.run
bench compare vector.run nowhere "$mini/qrels.tsv"
bench compare vector.run text.run nowhere
bench compare vector.run text.run "$mini/qrels.tsv" --metric magic
bench compare vector.run text.run "$mini/qrels.tsv" --rounds 10
echo 'q1 Q0 d1 1' >bad.run
bench compare bad.run text.run "$mini/qrels.tsv"
echo 'q1 Q0 d1 1 high plurum' >bad.run
bench compare bad.run text.run "$mini/qrels.tsv"
sed 2p text.run >bad.run
bench compare bad.run text.run "$mini/qrels.tsv"
bench compare text.run text.run empty.run
bench compare text.run text.run text.run
