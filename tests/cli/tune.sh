#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum-bench tune. Two collections are made here whose titles mislead: of each topic one document
# has it in its title and is of no use, another has it deep in its body and is the one. Weights for
# the title below 1 are better on both. tests/data/mini is too small for any claim.
. "${srcdir:-.}/tests/cli/runner.sh"

mini=$data/mini
export TMPDIR="$PWD"

# made FOLDER LETTER COUNT
made() {
    mkdir "$1"
    awk -v letter="$2" -v count="$3" -v folder="$1" 'BEGIN {
        filler = "some further words that are of no matter at all here"
        for (i = 1; i <= count; i++) {
            topic = letter "topic" i
            printf "{\"_id\": \"bad%d\", \"title\": \"%s\", \"text\": \"%s\"}\n", i, topic, filler > (folder "/corpus.jsonl")
            printf "{\"_id\": \"good%d\", \"title\": \"notes\", \"text\": \"%s %s %s\"}\n", i, filler, topic, filler > (folder "/corpus.jsonl")
            printf "{\"_id\": \"q%d\", \"text\": \"%s\"}\n", i, topic > (folder "/queries.jsonl")
            printf "q%d\tgood%d\t1\n", i, i > (folder "/qrels.tsv")
        }
    }'
}
made first a 30
made second b 20

say "a gain that holds is written, with where it is from"
bench tune first second --embedder none --out tuned.weights
sed -E 's/version [^ ]* commit [^ ]* [^ ]*Z/version V, commit C, T/' tuned.weights
for weights in /dev/null tuned.weights; do
    "$build/plurum-bench" eval first --embedder none --weights $weights --json | json metrics.mrr@10.mean
done

say "one collection, and one held out"
bench tune first --embedder none --folds 3 | tail -4
bench tune first --held-out second --embedder none --out held.weights --metric mrr@10
there held.weights

say "nothing to gain"
bench tune first --embedder none --no-text --out none.weights
bench tune "$mini" --vectors --out none.weights
there none.weights

say "as JSON"
"$build/plurum-bench" tune first second --embedder none --json >answer
json kind decision best sets how gain.mean collections.# <answer
json collections.0.collection collections.0.default collections.0.tuned collections.1.weights \
    collections.0.per_query.q1 <answer
json 'curves.#' curves.0.weight 'curves.0.points.#' 'about.?' <answer

say "the same to the bit, however many threads rank"
for threads in 1 2 5; do
    "$build/plurum-bench" tune first second --embedder none --json --threads $threads |
        sed 's/"time":"[^"]*"/"time":""/' >threads.$threads
done
cmp threads.1 threads.2 && cmp threads.1 threads.5 && json decision gain.mean <threads.5

say "what is wrong"
bench tune
bench tune nowhere
bench tune first --held-out nowhere --embedder none
cp -r first empty
: >empty/corpus.jsonl
bench tune empty --embedder none
bench eval empty --embedder none
bench tune first --embedder none --vectors
bench tune first --vectors
bench tune first --threads 0
bench tune first --embedder none --out none/tuned.weights | tail -1
