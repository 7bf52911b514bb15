#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum-bench eval on tests/data/mini: twelve documents whose vectors are twelve directions from
# (1, 0) to (0, 1) in order, so that the vector leg's rankings are plain: q1 = (1, 0) finds d01, d02,
# … d12; q2 = (0, 1) the reverse; q3 = (1, 1) d07, then d06 and d08 at the same angle, the lower id
# first, and so on; q4 = (1, -8) like q1; q5 has no judgements.
#
# By hand, nDCG with the grade as gain and log2(rank + 1) as discount:
#   q1: d02 (grade 2) at rank 2, d04 (1) at 4, d11 (1) at 11, beyond the ten
#       DCG 2/1.58496 + 1/2.32193 = 1.69254; best 2 + 1/1.58496 + 1/2 = 3.13093; nDCG .540586
#       MRR 1/2; MAP (1/2 + 2/4 + 3/11)/3 = .424242; P@10 2/10
#   q2: d06 (1) at 7, d05 (1) at 8, d04 (2) at 9
#       DCG 1/3 + 1/3.16993 + 2/3.32193 = 1.25086; best 3.13093; nDCG .399517
#       MRR 1/7; MAP (1/7 + 2/8 + 3/9)/3 = .242063; P@10 3/10
#   q3: d07 (1) at 1: all 1, P@10 1/10
#   q4: d10 (1) at 10, d11 (3) at 11
#       DCG 1/3.45943 = .289065; best 3 + 1/1.58496 = 3.63093; nDCG .079612
#       MRR 1/10; MAP (1/10 + 2/11)/2 = .140909; P@10 1/10
#   means: nDCG .504929, MRR .435714, MAP .451804, recall 1, P@10 .175
#
# The text leg finds d01, d03 and d02 for q1 (d02 at rank 3 alone is relevant): nDCG
# (2/2)/3.13093 = .319394, MRR 1/3, MAP (1/3)/3, recall 1/3; d04, d06 and d05 for q2, all 1; d07
# first for q3; d11 alone for q4: nDCG 3/3.63093 = .826235, MAP 1/2, recall 1/2.
#   means: nDCG .786407, MRR .833333, MAP .652778, recall .708333, P@10 .15
. "${srcdir:-.}/tests/cli/runner.sh"

mini=$data/mini
mkdir tmp
export TMPDIR="$PWD/tmp"

say "the vector leg"
bench eval "$mini" --vectors --mode vector --run out.run --per-query out.tsv
cat out.tsv
cut -d' ' -f1,3,4 out.run | head -24 | tr '\n' ';'
echo
grep '^q3' out.run | cut -d' ' -f3 | tr '\n' ' '
echo
cut -d' ' -f2,6 out.run | sort | uniq -c | tr -s ' '
grep -c q5 out.run

say "the text leg, without vectors and with the model's"
bench eval "$mini" --embedder none --mode text --per-query out.tsv
cat out.tsv
bench eval "$mini" --embedder static --mode text | head -3

say "both legs, as JSON"
"$build/plurum-bench" eval "$mini" --vectors --json >answer
json '?' 'metrics.?' collection documents queries mode fusion embedder <answer
json per_query.q1 per_query.q4 about.command <answer
json metrics.ndcg@10.mean metrics.map.mean 'metrics.p@10.?' 'query_ms.?' <answer
for folder in "$mini/" "$mini//"; do
    "$build/plurum-bench" eval "$folder" --vectors --json | json collection
done
"$build/plurum-bench" eval "$mini" --vectors --fusion rrf --json | json fusion metrics.ndcg@10.mean
echo 'fusion = rrf' >weights
"$build/plurum-bench" eval "$mini" --vectors --weights weights --json | json fusion weights.fusion weights.floor metrics.ndcg@10.mean
for embedder in minilm static none; do
    "$build/plurum-bench" eval "$mini" --embedder $embedder --json | json embedder
done

say "each leg and each fusion at once, with the same figures"
"$build/plurum-bench" eval "$mini" --vectors --every --json |
    while read -r line; do echo "$line" | json mode fusion metrics.ndcg@10.mean | tr '\n' ' '; echo; done
bench eval "$mini" --embedder none --every | grep documents
bench eval "$mini" --every --fusion rrf

say "a collection of experiences tells each kind of question apart"
"$build/plurum-bench" eval "$top/data" --embedder none --mode text --json >answer
json collection documents queries 'kinds.?' <answer

say "a folder in the usual form of such collections"
mkdir -p beir/qrels
cp "$mini/corpus.jsonl" "$mini/queries.jsonl" beir
cp "$mini/qrels.tsv" beir/qrels/test.tsv
bench eval beir --embedder none --mode text | head -2

say "what is wrong"
bench eval
bench eval nowhere
bench eval "$mini" --mode both
bench eval "$mini" --embedder magic
bench eval "$mini" --embedder none --vectors
bench eval "$mini" --fusion magic
bench eval "$mini" --weights nowhere
bench eval "$mini" --run none/out.run
bench eval "$mini" --mode text --run /dev/full
bench eval "$mini" --mode text --per-query /dev/full
bench eval beir --vectors
cp "$mini/docs.npy" "$mini/queries.npy" beir
head -5 "$mini/corpus.jsonl" >beir/corpus.jsonl
bench eval beir --vectors
echo '{"title": "no id"}' >beir/corpus.jsonl
bench eval beir
rm beir/corpus.jsonl
mkdir beir/corpus.jsonl
bench eval beir --embedder none
rmdir beir/corpus.jsonl
cp "$mini/corpus.jsonl" beir
head -1 "$mini/qrels.tsv" >beir/qrels/test.tsv
bench eval beir
echo 'q1 d01 1' >>beir/qrels/test.tsv
bench eval beir
for grade in 0.9 1abc 99999999999 9223372036854775808; do
    printf 'query\tdocument\tgrade\nq1\td01\t%s\n' $grade >beir/qrels/test.tsv
    bench eval beir
done
printf 'q1 0 d01 1\nq2 0 d01 1\nq1 0 d01 0\n' >beir/qrels/test.tsv
bench eval beir
rm beir/qrels/test.tsv
bench eval beir
(PLURUM_MODELS=$work/none bench eval "$mini")

say "nothing is left behind"
ls tmp
TMPDIR=$work/none
bench eval "$mini"
