#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum forget.
. "${srcdir:-.}/tests/cli/runner.sh"

quiet import notes "$data/mini/experiences.jsonl" --json | json put
echo '{"goal": "Sharpen a scythe", "short_id": "scythe00", "agent_id": "anna"}' |
    quiet import notes - --json | json put
quiet outcome notes mini0001 --agent anna --success --json | json changed
quiet outcome notes mini0001 --agent ben --failure --json | json changed
quiet vote notes mini0002 --agent anna down --json | json changed
quiet vote notes scythe00 --agent anna up --json | json counted

say "what the agent said is gone, and its name"
plurum forget notes --agent anna
quiet trust notes mini0001 --json | json events.# events.0.agent trust_score
quiet trust notes mini0002 --json | json events.# trust_score
quiet get notes scythe00 --all --json | json agent_id
quiet export notes | grep -c anna
plurum verify notes

say "there is nothing left to forget"
plurum forget notes --agent anna
quiet forget notes --agent ben --json | json .

say "what is wrong"
plurum forget notes
plurum forget notes --agent ''
plurum forget nowhere --agent anna
plurum forget
