#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum publish, archive and delete; stats and verify after them.
. "${srcdir:-.}/tests/cli/runner.sh"

quiet import notes "$data/mini/experiences.jsonl" --embedder static --json | json put
counts() {
    quiet stats notes --json | json documents draft published archived
}
counts

say "publish a draft, and what is published"
plurum publish notes mini0009
plurum publish notes mini0009
quiet publish notes 00000000-0000-4000-8000-000000000009 --json | json .
quiet list notes --domain garden --json | json total
counts

say "archive hides, and publish brings back"
plurum archive notes mini0009
plurum archive notes mini0009
quiet archive notes mini0009 --json | json changed
quiet search notes 'prune an apple tree' --mode text --json | json total_found
quiet get notes mini0009 --all --json | json status goal
counts
plurum publish notes mini0009
counts

say "delete removes the experience with its reports"
quiet vote notes mini0009 --agent anna up --json | json changed
quiet stats notes --json | json votes
plurum delete notes mini0009
plurum delete notes mini0009
plurum get notes mini0009 --all
quiet delete notes mini0010 --json | json changed short_id
counts
quiet stats notes --json | json votes tombstones seq
quiet list notes --all --status any --json | json total
plurum verify notes

say "an id that was deleted may be used again"
grep mini0009 "$data/mini/experiences.jsonl" | quiet import notes - --json | json put
quiet get notes mini0009 --all --json | json upvotes total_reports status

say "what is wrong"
plurum publish notes nosuchid
plurum archive notes nosuchid
plurum delete notes nosuchid
plurum delete notes mini0001 mini0002
plurum delete notes
plurum publish nowhere mini0001
plurum archive notes mini0001 --force

say "stats and verify"
plurum stats notes | tr -s ' ' | sed -E 's/([a-z]+_bytes) [0-9]+/\1 N/'
quiet stats notes --json | json '?'
plurum verify notes
quiet verify notes --json | json .
plurum stats
plurum stats nowhere
plurum verify notes --deeper
plurum verify nowhere
