#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Metrics are trec_eval's to 1e-4, in the mean and of every query, on data/ and on all collections
# beside the checkout, ../shared/data: eval's, of the order it found, and compare's, of the run that
# eval wrote. Skipped without the Python package pytrec-eval-terrier, which only this test uses
# ($PYTHON: an interpreter that has it).
set -eu
build=$PWD
top=${srcdir:-.}
python=${PYTHON:-python3}
"$python" -c 'import pytrec_eval' 2>/dev/null || { echo "no pytrec-eval-terrier: skipped"; exit 77; }
export PLURUM_MODELS="$top/data/models" LC_ALL=C
work=$(mktemp -d /tmp/plurum-trec-XXXXXX)
trap 'rm -rf "$work"' EXIT
bad=0

for folder in "$top/data" "$top"/../shared/data/*/; do
    folder=${folder%/}
    qrels=$folder/qrels.tsv
    [ -f "$qrels" ] || qrels=$folder/qrels/test.tsv
    [ -f "$qrels" ] || continue
    vectors='--embedder static'
    [ ! -f "$folder/docs.npy" ] || vectors=--vectors
    # two words where there are two
    # shellcheck disable=SC2086
    "$build/plurum-bench" eval "$folder" $vectors --json --run "$work/run" --per-query "$work/tsv" >"$work/json"
    for metric in ndcg@10 map p@10; do
        "$build/plurum-bench" compare "$work/run" "$work/run" "$qrels" --metric $metric --json --rounds 10000
    done >"$work/compare"
    "$python" - "$work" "$qrels" <<'EOF' || bad=1
import csv, json, sys
import pytrec_eval

work, qrels_path = sys.argv[1:]
qrels, run = {}, {}
with open(qrels_path) as file:
    next(file)
    for line in file:
        query, document, grade = line.split()
        qrels.setdefault(query, {})[document] = int(grade)
with open(work + "/run") as file:
    for line in file:
        query, _, document, _, score, _ = line.split()
        run.setdefault(query, {})[document] = float(score)
names = {"ndcg@10": "ndcg_cut_10", "mrr@10": "recip_rank", "map": "map", "recall@100": "recall_100", "p@10": "P_10"}
theirs = pytrec_eval.RelevanceEvaluator(qrels, set(names.values())).evaluate(run)


def value(query, metric):
    found = theirs.get(query, {}).get(names[metric], 0.0)
    return 0.0 if metric == "mrr@10" and found < 0.0999 else found


result = json.load(open(work + "/json"))
ours = list(csv.DictReader(open(work + "/tsv"), delimiter="\t"))
worst = 0.0
for metric in names:
    apart = [abs(float(row[metric]) - value(row["query"], metric)) for row in ours]
    mean = sum(value(row["query"], metric) for row in ours) / len(ours)
    worst = max(worst, max(apart), abs(mean - result["metrics"][metric]["mean"]))
for line in open(work + "/compare"):
    compared = json.loads(line)
    for row in compared["per_query"]:
        worst = max(worst, abs(row["b"] - value(row["query"], compared["metric"])))
print("%s: %d queries, at most %.1e from trec_eval" % (result["collection"], len(ours), worst))
sys.exit(not (worst < 1e-4 and len(ours) == result["queries"]))
EOF
done
exit $bad
