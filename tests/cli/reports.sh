#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum outcome, vote and trust.
. "${srcdir:-.}/tests/cli/runner.sh"

quiet import notes "$data/mini/experiences.jsonl" --embedder static --json | json put

say "outcome: one an agent, the author's own is not counted"
plurum outcome notes mini0001 --agent anna --success --at 2025-02-01 --time-ms 1500 --notes 'a small oven'
plurum outcome notes mini0001 --agent bert --failure --at 2025-02-01T06:00:00+01:00 --error 'cold after an hour' --env '{"oven": "old"}'
plurum outcome notes mini0001 --agent anna --failure
plurum outcome notes mini0001 --agent maker-1 --success --at 1738454400
plurum outcome notes 00000000-0000-4000-8000-000000000001 --agent cleo --success --at '2025-02-02 10:00:00.25' --json

say "vote: a new one replaces the old, the author's own is not counted"
plurum vote notes mini0001 --agent anna up
plurum vote notes mini0001 --agent anna up
plurum vote notes mini0001 --agent anna down
plurum vote notes mini0001 --agent anna up
plurum vote notes mini0001 --agent maker-1 up
plurum vote notes mini0001 --agent bert down --json

say "trust: the score, its arithmetic and its history"
plurum trust notes mini0001 --now 2025-02-02T10:00:00Z | sed -E 's/20[0-9TZ:-]+(  (up|down)-vote)/NOW\1/'
quiet trust notes mini0001 --now 2025-02-02T10:00:00Z --json >answer
json '?' trust_score low high success_rate total_reports quarantined <answer
json explain <answer
for i in 0 1 2 3 4; do json events.$i.seq events.$i.type events.$i.agent events.$i.success events.$i.vote events.$i.counted events.$i.weight <answer; done

say "reports count less with time: half a weight after 90 days"
quiet trust notes mini0001 --now 2025-05-03T10:00:00Z --json | json explain

say "an experience without reports"
plurum trust notes mini0002
quiet trust notes mini0002 --json | json trust_score events

say "three failures, none worked: in quarantine, until a success"
for agent in anna bert cleo; do quiet outcome notes mini0004 --agent $agent --failure --at 2025-02-01 --json; done | json changed counted
plurum trust notes mini0004 --now 2025-02-01
quiet get notes mini0004 --json | json quarantined
quiet outcome notes mini0004 --agent dora --success --at 2025-02-01 --json | json counted
plurum trust notes mini0004 --now 2025-02-01

say "an agent's first reports may count less"
quiet init weighted --embedder static --newcomer-weights --json | json model
quiet import weighted "$data/mini/experiences.jsonl" --json | json put
for n in 1 2 3 4 5 6 7; do quiet outcome weighted mini000$n --agent anna --success --at 2025-02-01 --json; done | json counted | uniq -c | tr -s ' '
plurum trust weighted mini0001 --now 2025-02-01
plurum trust weighted mini0004 --now 2025-02-01
plurum trust weighted mini0007 --now 2025-02-01

say "what is wrong"
plurum outcome notes mini0001 --success
plurum outcome notes mini0001 --agent dora
plurum outcome notes mini0001 --agent dora --success --failure
plurum outcome notes mini0001 --agent dora --success --time-ms -1
plurum outcome notes mini0001 --agent dora --success --time-ms 1s
plurum outcome notes mini0001 --agent dora --success --at later
plurum outcome notes mini0001 --agent dora --success --at 9999-01-01
plurum outcome notes mini0001 --agent dora --success --env '[1]'
plurum outcome notes mini0001 --agent '' --success
plurum outcome notes mini0001 --agent "$(printf 'two\nlines')" --success
plurum outcome notes nosuchid --agent dora --success
plurum outcome nowhere mini0001 --agent dora --success
plurum outcome notes mini0001 mini0002 --agent dora --success
plurum outcome notes
plurum vote notes mini0001 up
plurum vote notes mini0001 --agent dora sideways
plurum vote notes mini0001 --agent dora
plurum vote notes nosuchid --agent dora up
plurum vote nowhere mini0001 --agent dora up
plurum trust notes nosuchid
plurum trust notes
plurum trust notes mini0001 --now never
plurum trust nowhere mini0001

say "what was asked: an outcome counts in full for queries like that, and little for others"
quiet import asked "$data/mini/experiences.jsonl" --embedder static --json | json put
plurum outcome asked mini0001 --agent anna --failure --at 2025-02-01 --query 'keep bread warm in an oven'
plurum outcome asked mini0001 --agent bert --failure --at 2025-02-01 --query 'keep bread warm in the oven'
plurum search asked 'keep bread warm in an oven' --limit 3 --now 2025-02-02T00:00:00Z --explain | grep -E '^  [0-9]|for '
plurum search asked 'loaf of rye' --limit 3 --now 2025-02-02T00:00:00Z --explain | grep -E '^  [0-9]|for '
plurum trust asked mini0001 --now 2025-02-02T00:00:00Z | tail -2
echo '{"experience": "mini0001", "agent": "cleo", "type": "outcome", "success": true, "at": "2025-02-01", "query": "bake rye"}' >asked.jsonl
plurum feedback asked asked.jsonl
quiet trust asked mini0001 --now 2025-02-02T00:00:00Z --json | json events.2.query

say "without its model it is kept with its words"
PLURUM_MODELS=$PWD/none plurum outcome asked mini0001 --agent dora --success --at 2025-02-01 --query 'keep bread warm in an oven'
plurum verify asked
