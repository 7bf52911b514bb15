#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum why: what leaves an experience out, where it is, what it lost to, what would bring it in.
. "${srcdir:-.}/tests/cli/runner.sh"

quiet import notes "$data/mini/experiences.jsonl" --embedder static --json | json put
now=2025-02-01T00:30:00Z

say "in the answer"
plurum why notes mini0001 'keep bread warm in an oven' --now $now --limit 3
quiet why notes mini0001 'bread' --now $now --json | json '?' 'match.?'

say "behind the page: what it lost to, and what would bring it in"
plurum why notes mini0008 'keep bread warm in an oven' --now $now --limit 2
plurum why notes mini0002 'keep bread warm in an oven' --now $now --limit 1

say "which weights would bring it in, by number and by word"
plurum why notes mini0002 'keep bread warm in an oven' --now $now --limit 2
quiet why notes mini0003 bread --now $now --limit 2 --json | json changes

say "left out, by each condition that it does not meet"
left() {
    id=$1
    shift
    printf '%s %s: ' "$id" "$*"
    quiet why notes "$id" bread --now $now --json "$@" >answer
    json 'filtered_by' <answer
}
left mini0001
left mini0009
left mini0009 --all
left mini0010 --viewer maker-9
left mini0001 --domain garden --tag nosuch --require-tool psql
left mini0001 --min-quality 0.99 --min-confidence 1
left mini0001 --since 2030-01-01
left mini0001 --until 2001-01-01 --visibility private
plurum why notes mini0001 bread --domain garden --now $now

say "what is wrong"
plurum why notes mini0001
plurum why notes nosuchid bread
plurum why notes mini0001 bread --fusion magic
