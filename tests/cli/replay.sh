#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum search --log and plurum-bench replay: what a log scored again says is what a search under
# the same weights says, digit for digit.
. "${srcdir:-.}/tests/cli/runner.sh"

now=2025-02-01
mini=$data/mini
quiet import plane "$mini/experiences.jsonl" --vectors "$mini/docs.npy" --json | json put
quiet outcome plane 00000000-0000-4000-8000-000000000001 --agent a --success --at 2025-01-03 >/dev/null
quiet outcome plane 00000000-0000-4000-8000-000000000004 --agent b --failure --at 2025-01-05 >/dev/null

search() {
    quiet search plane --batch "$mini/queries.jsonl" --vectors "$mini/queries.npy" --now $now \
        --limit 100 "$@"
}

# The answers without the name of their weights. A log that gives its own scores again to the bit
# stands for the live search.
answers() {
    "$build/plurum-bench" replay "$@" --json --limit 100 | sed 's/"weights":"[a-z -]*",//'
}

printf 'fusion = rrf\nrrf_k = 10\n' >rrf
printf 'fusion = minmax\nalpha = 0.75\nfloor = 0.5\nexplore = 1.0\n' >minmax
printf 'fusion = adaptive\nlean = -2.0\nfeedback_lean = 0.25\n' >adaptive
printf 'fusion = log-odds\ncandidates = 4\n' >few
search --log log.jsonl --fusion tmm >/dev/null

say "the log has a line a query, and distinct vectors beside it"
json _id mode seq now k weights.fusion 'candidates.id.#' query_row dim <log.jsonl
head -1 log.jsonl | json '?' 'candidates.?'
head -c 128 log.jsonl.npy | tail -c 118 | sed 's/ *$//'
search --log log.jsonl --fusion tmm --limit 1 >/dev/null
head -c 128 log.jsonl.npy | tail -c 118 | cut -d, -f3- | sed 's/ *$//'

say "replays equal live searches"
cp log.jsonl first.jsonl
cp log.jsonl.npy first.jsonl.npy
for weights in rrf minmax adaptive few; do
    rm -f live.jsonl live.jsonl.npy
    search --weights $weights --log live.jsonl >/dev/null
    answers live.jsonl >live || echo "live differs from its own log"
    answers first.jsonl --weights $weights | head -5 >again
    cmp live again && echo "$weights: $(grep -o '"score"' live | wc -l | tr -d ' ') scores"
done

say "for people, and for several sets of weights"
bench replay log.jsonl
printf 'q1\t00000000-0000-4000-8000-000000000002\t1\n' >qrels.tsv
bench replay log.jsonl --weights rrf --qrels qrels.tsv minmax adaptive
"$build/plurum-bench" replay log.jsonl --weights rrf minmax --json | json _id weights 'results.#' | head -4
bench replay log.jsonl --weights rrf --run rrf.run
head -2 rrf.run

say "a log without vectors"
search --mode text --log text.jsonl >/dev/null
bench replay text.jsonl --weights rrf
there text.jsonl.npy

say "what is wrong"
bench replay
bench replay nowhere
bench replay log.jsonl --weights nowhere
bench replay log.jsonl --weights rrf minmax --run out.run
echo 'field_title = 2' >title
bench replay log.jsonl --weights title
echo 'candidates = 200' >more
bench replay log.jsonl --weights more
head -1 log.jsonl | sed 's/"text":\[[0-9.]*/"text":[1.5/' >changed.jsonl
cp log.jsonl.npy changed.jsonl.npy
bench replay changed.jsonl
rm changed.jsonl.npy
bench replay changed.jsonl --weights adaptive
echo '{"query": "x"}' >bad.jsonl
bench replay bad.jsonl
head -c 128 log.jsonl.npy | sed 's/([0-9]*, 2)/(0, 2) /' >log.jsonl.npy.cut
mv log.jsonl.npy.cut log.jsonl.npy
bench replay log.jsonl

say "a table of more vectors than it began with, found again by the next run"
awk 'BEGIN { for (i = 1; i <= 700; i++) printf "{\"goal\": \"Number %d of many things to do\"}\n", i }' >lines
quiet import many lines --embedder static --json | json put
printf 'candidates = 700\n' >all
for query in 'thing to do number 12' 'number 444'; do
    quiet search many "$query" --weights all --log many.jsonl --now $now --limit 1 --json | json total_found
    head -c 128 many.jsonl.npy | tail -c 118 | cut -d, -f3- | sed 's/ *$//'
done
bench replay many.jsonl

say "the same to the bit and in the same order, however many threads rank"
awk 'BEGIN { for (i = 1; i <= 600; i++) printf "{\"_id\": \"n%d\", \"text\": \"things number %d to do\"}\n", i, i }' >queries
quiet search many --batch queries --log order.jsonl --now $now >/dev/null
id=$(sed -n 444p order.jsonl | json candidates.id.3)
awk -v id="$id" 'BEGIN { for (i = 1; i <= 600; i += 2) printf "n%d\t%s\t1\n", i, id }' >order.tsv
for threads in 1 2 5; do
    "$build/plurum-bench" replay order.jsonl --weights rrf adaptive --json --threads $threads >json.$threads
    "$build/plurum-bench" replay order.jsonl --weights rrf adaptive --qrels order.tsv --threads $threads >for-people.$threads
    "$build/plurum-bench" replay order.jsonl --weights rrf --run run.$threads --threads $threads >/dev/null
done
cmp json.1 json.2 && cmp json.1 json.5 && json _id weights <json.5 | sed -n '1,2p;$p'
cmp for-people.1 for-people.2 && cmp for-people.1 for-people.5 && cat for-people.5 |
    sed 's/ndcg@10 0\.[0-9]*[1-9][0-9]* \[[^]]*\]/ndcg@10 of some/'
cmp run.1 run.2 && cmp run.1 run.5 && cut -d' ' -f1 run.5 | uniq | wc -l | tr -d ' '

say "the first line that is wrong is named, after the answers before it"
sed '300s/.*/{"query": "x"}/;400s/.*/nothing/' order.jsonl >wrong.jsonl
cp order.jsonl.npy wrong.jsonl.npy
"$build/plurum-bench" replay wrong.jsonl --json --threads 3 2>&1 >wrong.out
echo "[$?]"
grep -c '"_id"' wrong.out

say "a table of vectors that belongs to another model, or is none"
cp many.jsonl.npy other.jsonl.npy
search --log other.jsonl >/dev/null
echo "[$?]"
printf 'something else' >other.jsonl.npy
search --log other.jsonl >/dev/null
echo "[$?]"
