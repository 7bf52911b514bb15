#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum search --batch, --run and --log.
. "${srcdir:-.}/tests/cli/runner.sh"

now=2025-02-01
quiet import plane "$data/mini/experiences.jsonl" --vectors "$data/mini/docs.npy" --json | json put

say "a line of JSON for every query, also for one that finds nothing"
plurum search plane --batch "$data/mini/queries.jsonl" --limit 2 --now $now --mode text >answers
head -1 answers
sed 1d answers | json _id results.# results.0.short_id
quiet search plane --batch "$data/mini/queries.jsonl" --now $now --mode text | head -1 | json '?'

say "scores have the same digits as in a search of its own, all of them"
json text <"$data/mini/queries.jsonl" | while read -r text; do
    quiet search plane "$text" --now $now --mode text --json
done | grep -o '"\(score\|trust_score\)":[^,]*' >alone
quiet search plane --batch "$data/mini/queries.jsonl" --now $now --mode text |
    grep -o '"\(score\|trust_score\)":[^,]*' | cmp - alone && echo "the same"
[ "$(grep -c '\.[0-9]\{16\}' alone)" -ge 1 ] && echo "some have sixteen digits"

say "with vectors, as a TREC run"
plurum search plane --batch "$data/mini/queries.jsonl" --vectors "$data/mini/queries.npy" \
    --mode vector --limit 3 --now $now --run out.run
cut -d' ' -f1,2,3,4,6 out.run
cut -d' ' -f5 out.run | head -3 | cut -c1-8

say "standard input, and nothing in it"
echo '{"_id": "x", "text": "guitar"}' | quiet search plane --batch - --mode text --all --now $now |
    json _id results.0.short_id
: | plurum search plane --batch -
: | plurum search plane --batch - --run empty.run
wc -c <empty.run | tr -d ' '

say "what is wrong"
echo 'query' >bad.jsonl
plurum search plane --batch bad.jsonl
echo '{"text": "bread"}' >bad.jsonl
plurum search plane --batch bad.jsonl
echo '{"_id": 7, "text": "bread"}' >bad.jsonl
plurum search plane --batch bad.jsonl
echo '{"_id": "7"}' >bad.jsonl
plurum search plane --batch bad.jsonl
plurum search plane --batch nowhere.jsonl
plurum search plane bread --batch "$data/mini/queries.jsonl"
plurum search plane --batch "$data/mini/queries.jsonl" --vectors nowhere.npy
plurum search plane --batch "$data/mini/queries.jsonl" --vector "$data/mini/queries.npy"
plurum search plane --batch "$data/mini/queries.jsonl" --cursor 00
plurum search plane --batch "$data/mini/queries.jsonl" --run none/out.run
plurum search plane --batch "$data/mini/queries.jsonl" --run /dev/full
cat "$data/mini/queries.jsonl" "$data/mini/queries.jsonl" >ten.jsonl
plurum search plane --batch ten.jsonl --vectors "$data/mini/queries.npy" --run out.run

say "a log has a line a query, with what every score was made of"
quiet search plane --batch "$data/mini/queries.jsonl" --limit 1 --mode text --now $now --log log.jsonl >answers
quiet search plane oil --now $now --tool rag --limit 1 --mode text --log log.jsonl >answers
printf 'br\303\244d \377' >query
quiet search plane "$(cat query)" --now $now --mode text --log log.jsonl
json query now tools_asked candidates.id.0 candidates.text.0 candidates.tools_share.0 candidates.trust.0 <log.jsonl
tail -2 log.jsonl | head -1 | json '?' 'candidates.?'
plurum search plane bread --mode text --limit 1 --now $now --log none/log.jsonl
plurum search plane bread --mode text --limit 1 --now $now --log /dev/full
