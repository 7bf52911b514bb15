#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum search --explain: the arithmetic of a score can be followed, with and without tools,
# reports and votes, and what keeps failing is shown apart with --warnings.
. "${srcdir:-.}/tests/cli/runner.sh"

now=2025-02-01
quiet import plane "$data/mini/experiences.jsonl" --vectors "$data/mini/docs.npy" --json | json put
# The vector (1, 1): row 7 exactly, the rest by their angle.
{
    printf '\223NUMPY\001\000v\000%-117s\n' "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }"
    tail -c 24 "$data/mini/queries.npy" | head -c 8
} >q.npy

say "both legs, by hand: relevance = .5 x text/best + .5 x cosine/best, score = relevance x boost"
plurum search plane 'oil a bicycle chain' --vector q.npy --explain --limit 3 --now $now

say "the tools asked for are a third part"
plurum search plane 'oil a bicycle chain' --vector q.npy --explain --limit 2 --now $now \
    --tool derailleur --tool rag

say "one leg alone, and ranks instead of scores"
plurum search plane 'oil a bicycle chain' --explain --limit 1 --now $now
plurum search plane 'oil a bicycle chain' --vector q.npy --explain --limit 2 --now $now --fusion rrf

say "reports move the boost alone"
for agent in anna bert cleo; do
    echo "{\"experience\": \"mini0004\", \"agent\": \"$agent\", \"type\": \"outcome\", \"success\": false, \"at\": \"2025-01-20\"}"
    echo "{\"experience\": \"mini0006\", \"agent\": \"$agent\", \"type\": \"outcome\", \"success\": true, \"at\": \"2025-01-20\"}"
    echo "{\"experience\": \"mini0006\", \"agent\": \"$agent\", \"type\": \"vote\", \"vote\": \"up\", \"at\": \"2025-01-20\"}"
done | plurum feedback plane -
plurum search plane 'oil a bicycle chain' --vector q.npy --explain --limit 2 --now $now --warnings

say "nothing but what keeps failing"
plurum search plane oil --now $now --mode text
plurum search plane oil --now $now --mode text --warnings
quiet search plane oil --now $now --mode text --warnings --json --explain |
    json results.# total_found warnings.0.short_id warnings.0.quarantined warnings.0.explain.boost

say "the parts add up to the score"
quiet search plane 'bicycle bread' --vector q.npy --explain --tool rag --limit 1 --now $now --json |
    json results.0.explain.text results.0.explain.vector results.0.explain.tools \
        results.0.explain.trust results.0.combined_score
