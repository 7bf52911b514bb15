#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum acquire: the four modes, for people and as JSON.
. "${srcdir:-.}/tests/cli/runner.sh"

cat >one.jsonl <<'END'
{"short_id": "acquire1", "id": "00000000-0000-4000-8000-0000000000aa", "agent_id": "anna", "created_at": "2025-03-01T00:00:00Z", "goal": "Sharpen a chisel on a flat stone", "outcome": "success", "confidence": 0.9, "solution": "Hold it at 25 degrees\nand draw it towards you", "attempts": [{"action": "Pushed it", "outcome": "It dug in", "dead_end": true, "insight": "Draw, do not push"}, {"action": "Drew it", "outcome": "An even edge"}], "dead_ends": [{"what": "A round stone", "why": "It rounds the edge"}], "breakthroughs": [{"insight": "Ink on the bevel", "detail": "It shows where the stone takes", "importance": "high"}], "gotchas": ["Mind the fingers", {"warning": "The stone gets hollow", "context": "with years"}], "artifacts": [{"language": "text", "code": "1000, 3000, 8000", "description": "Order of grits"}]}
{"short_id": "acquire2", "id": "00000000-0000-4000-8000-0000000000ab", "goal": "Sharpen without a stone", "visibility": "private", "agent_id": "anna"}
END
quiet import notes one.jsonl --json | json put
for agent in bob carl dora; do quiet outcome notes acquire1 --agent $agent --success --at 2025-03-02 --json | json counted; done
quiet outcome notes acquire1 --agent emil --failure --at 2025-03-02 --json | json counted

say "for people"
for mode in summary checklist decision_tree full; do plurum acquire notes acquire1 --mode $mode | sed -e 's/trust 0\.[0-9]*/trust 0.T/' -e '/^trust_score/d' -e '/^updated_at/d'; done
plurum acquire notes acquire1 | head -2
plurum acquire notes acquire2 --mode checklist --all
plurum acquire notes acquire2 --mode decision_tree --all
plurum acquire notes acquire2 --mode summary --viewer anna

say "as JSON"
for mode in summary checklist decision_tree full; do
    quiet acquire notes 00000000-0000-4000-8000-0000000000aa --mode $mode --json | json '?' experience_id short_id mode 'content.?'
done
quiet acquire notes acquire1 --mode checklist --json | json 'content.do.#' content.do.0 content.dont content.watch
quiet acquire notes acquire1 --mode decision_tree --json | json 'content.decisions.#' 'content.decisions.0.?' content.decisions.0.type
quiet acquire notes acquire1 --json | json content.goal 'content.attempts.#' content.success_rate

say "what is wrong"
plurum acquire notes acquire1 --mode tree
plurum acquire notes acquire2
plurum acquire notes nosuchid --mode summary
plurum acquire notes
plurum acquire nowhere acquire1
