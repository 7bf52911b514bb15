#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum search: results for people and as JSON, legs, fusion, weights, filters, what is wrong.
. "${srcdir:-.}/tests/cli/runner.sh"

quiet import notes "$data/mini/experiences.jsonl" --embedder static --json | json put
now=2025-02-01T00:30:00Z

say "results, best first; drafts, private and team ones are not found by nobody"
plurum search notes 'keep bread warm in an oven' --limit 3 --now $now
quiet search notes guitar --json | json results.0.short_id
quiet search notes guitar --mode text --json | json results total_found note

say "the JSON has what the contract names"
quiet search notes bread --limit 1 --now $now --json >answer
json '?' query total_found now note warnings.# <answer
json 'results.0.?' <answer
quiet search notes bread --limit 1 --now $now --json --explain | json 'results.0.explain.?'

say "snippets: the words of the query marked, in any form"
plurum search notes 'loaves kept warm in ovens' --limit 2 --now $now --snippets
quiet search notes 'loaves kept warm in ovens' --limit 1 --now $now --snippets --json | json 'results.0.snippet'

say "facets: over all candidates"
plurum search notes 'bread' --limit 1 --now $now --facets
quiet search notes 'bread' --limit 1 --now $now --facets --json | json facets.domain

say "less of the same"
plurum search notes 'bread' --limit 2 --now $now --collapse 0.6
quiet search notes 'bread' --now $now --collapse 0.6 --json | json total_found results.0.collapsed
plurum search notes 'bread' --limit 2 --now $now --mmr 0.5
plurum search notes 'bread' --mmr 0.5 --cursor 00
plurum search notes 'bread' --mmr 2
plurum search notes 'bread' --collapse-goals --log log.jsonl

say "another spelling, where nothing or little matches; it changes no result"
plurum search notes 'bicylce BRAEK' --mode text --now $now --limit 1
plurum search notes 'bicylce BRAEK' --mode text --now $now --limit 1 --no-suggestion
quiet search notes 'bicylce braek' --mode text --json | json suggestion
quiet search notes 'bicycle brake' --mode text --json | json suggestion
plurum search notes 'zymrugy' --mode text

say "one leg alone"
plurum search notes 'bicycle brake' --mode text --now $now --limit 2
quiet search notes 'bicycle brake' --mode vector --limit 2 --json | json results.0.short_id results.0.keyword_rank
PLURUM_MODELS=$work/none
quiet search notes 'bicycle brake' --mode text --json | json results.0.short_id
plurum search notes 'bicycle brake'
PLURUM_MODELS=$top/data/models
plurum search notes 'zymurgy' --mode text
plurum search notes 'zymurgy' --limit 1 --now $now --exact
plurum search notes '' --limit 1
plurum search notes '...' --limit 1 --now $now

say "fusion and weights"
quiet search notes 'oil a bicycle chain' --fusion rrf --explain --json --now $now |
    json results.0.short_id results.0.explain.text_weight results.0.explain.vector_weight
cat >weights <<'END'
# the vector leg alone decides
fusion = minmax
alpha = 1
END
quiet search notes 'oil a bicycle chain' --weights weights --explain --json --now $now |
    json results.0.explain.text_weight results.0.explain.vector_weight
plurum search notes oil --fusion magic
plurum search notes oil --weights nowhere
echo 'alpha = 2' >>weights
plurum search notes oil --weights weights
echo 'beta = 2' >weights
plurum search notes oil --weights weights

say "filters"
found() {
    printf '%s: ' "$*"
    quiet search notes 'bread bicycle tomato apple guitar' --limit 100 --json "$@" >answer
    json total_found <answer
}
found
found --domain garden
found --domain GARDEN
found --require-tool oven
found --require-tool oven --require-tool scale
found --tag home --tag cycling
found --tag=home --domain=baking
found --status draft --all
found --status any --all
found --status archived
found --visibility private --all
found --visibility public
found --min-confidence 0.6
found --min-quality 0.53
found --since 2025-01-03T12:00:00Z --until 2025-01-05
found --since 1736164800
plurum search plane bread --since 2024 --mode text
plurum search plane bread --until 20250101 --mode text
plurum search plane bread --since 99999999 --mode text
found --until 2025-01-01T14:00:00+02:00
plurum search notes bread --domain nosuch --mode text

say "on whose behalf"
found --viewer maker-2
found --viewer maker-1 --team-mate maker-1
found --viewer maker-3 --team-mate maker-1 --team-mate maker-2
found --all
plurum search notes bread --team-mate maker-1
plurum search notes bread --all --viewer maker-1

say "tools at hand improve relevance"
quiet search notes 'bicycle' --json --now $now | json results.0.short_id
quiet search notes 'bicycle' --tool derailleur --json --now $now | json results.0.short_id total_found

say "what is wrong with an option"
plurum search notes bread --limit abc
plurum search notes bread --limit 0
plurum search notes bread --limit 10001
plurum search notes bread --limit 1e3
plurum search notes bread --limit
plurum search notes bread --offset -1
plurum search notes bread --mode both
plurum search notes bread --status done
plurum search notes bread --visibility secret
plurum search notes bread --min-quality 1.5
plurum search notes bread --min-confidence nan
plurum search notes bread --since tomorrow
plurum search notes bread --until 2025-13-01
plurum search notes bread --now 2025-01-01T25:00:00Z
plurum search notes bread --cursor 00ff
plurum search notes bread --run out.run
plurum search notes bread --vectors q.npy
plurum search notes bread --explian
plurum search notes bread oven
plurum search notes
plurum search nowhere bread

say "where one works: outcomes from an environment like it count once more"
for agent in ann bob eve; do
    quiet outcome notes mini0001 --agent $agent --success --at 2025-01-31T00:00:00Z --env '{"oven": "gas", "tools": ["peel", "stone"]}'
done
plurum search notes 'keep bread warm in an oven' --limit 1 --now $now --mode text --explain --env '{"oven": "Gas", "tools": ["peel"]}'
plurum search notes 'keep bread warm in an oven' --limit 1 --now $now --mode text --explain --env '{"oven": "electric"}'
plurum search notes bread --env '["gas"]'
plurum why notes mini0001 bread --env gas

say "a query may look like an option, and may be of any bytes"
plurum search notes --limit 1 --now $now --mode text -- '--bread'
plurum search notes 'AND (bread* OR "oven' --limit 1 --now $now --mode text
printf 'br\303\244d \377 bread' >query
quiet search notes "$(cat query)" --mode text --json | json results.0.short_id
head -c 262145 /dev/zero | tr '\0' x >long
printf '{"_id": "1", "text": "%s"}\n' "$(cat long)" >batch
plurum search notes --batch batch
