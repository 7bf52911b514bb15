#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum get and list: what is printed, and who sees what.
. "${srcdir:-.}/tests/cli/runner.sh"

quiet import notes "$data/mini/experiences.jsonl" --embedder static --json | json put

say "get: by short id and by UUID, everything that says something"
cat >long.jsonl <<'END'
{"short_id": "long0001", "id": "00000000-0000-4000-8000-0000000000aa", "agent_id": "anna", "created_at": "2025-03-01T00:00:00Z", "goal": "Write a text of two lines", "solution": "The first line\nand the second", "attempts": [{"action": "one line", "outcome": "too short", "dead_end": true, "insight": "two are needed"}, {"action": "two lines", "outcome": "right"}], "dead_ends": [{"what": "one", "why": "short"}], "gotchas": ["mind the end"], "artifacts": [{"language": "c", "code": "int main(void)\n{\n    return 0;\n}", "description": "a program"}], "context_structured": {"tools_used": ["pen", "paper"], "environment": "a desk"}, "tags": ["text"], "confidence": 0.25}
END
quiet import notes long.jsonl --json | json put
plurum get notes 00000000-0000-4000-8000-0000000000aa | grep -v updated_at
quiet get notes long0001 --json | json id short_id goal 'attempts.#' attempts.1.dead_end gotchas.0.warning 'context_structured.tools_used'

say "get: what nobody may see is as if it were not there"
plurum get notes mini0009
plurum get notes mini0010
plurum get notes mini0011
plurum get notes nosuchid
plurum get notes ''
see() {
    for id in mini0009 mini0010 mini0011; do
        if quiet get notes $id --json "$@" >answer 2>&1; then json short_id <answer; else echo "[$?]"; fi
    done | tr '\n' ' '
    echo "$*"
}
see --viewer maker-3
see --viewer maker-1
see --viewer maker-2 --team-mate maker-1
see --viewer maker-2 --team-mate maker-3
see --all

say "list: newest first, with pages and filters"
plurum list notes --limit 3
plurum list notes --limit 2 --offset 9
plurum list notes --limit 2 --offset 10
quiet list notes --limit 2 --offset 1 --json | json '?' 'items.#' items.0.short_id items.1.short_id total limit offset has_more
quiet list notes --limit 100 --json | json 'items.#' total has_more
count() {
    quiet list notes --json "$@" | json total | tr '\n' ' '
    echo "$*"
}
count
count --all
count --all --status draft
count --all --status any
count --viewer maker-3 --status draft
count --viewer maker-2
count --viewer maker-1 --domain garden
count --tag home --require-tool oven
count --since 2025-01-03T12:00:00Z --until 2025-01-04
count --min-confidence .9 --all
count --min-quality 1
plurum list notes --min-quality 1
quiet list notes --json --domain nosuch | json items total

say "what is wrong"
plurum list
plurum list nowhere
plurum list notes --limit 0
plurum list notes --offset=-1
plurum list notes --status any --viewer
plurum list notes --all --team-mate anna
plurum list notes extra
plurum get notes
plurum get nowhere mini0001
plurum get notes mini0001 --domain garden
mkdir other
plurum get other mini0001
echo 'plurum-index 99' >other/FORMAT
plurum get other mini0001
echo 'something' >other/FORMAT
plurum get other mini0001
