#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum feedback: outcomes and votes from files, all of a file or nothing.
. "${srcdir:-.}/tests/cli/runner.sh"

quiet import notes "$data/mini/experiences.jsonl" --embedder static --json | json put

say "outcomes and votes; maker-1 wrote mini0001"
cat >good.jsonl <<'END'
{"experience": "mini0001", "agent": "anna", "type": "outcome", "success": true, "at": "2025-02-01T00:00:00Z", "execution_time_ms": 1200, "context_notes": "a small oven"}
{"experience": "00000000-0000-4000-8000-000000000001", "agent": "bert", "type": "outcome", "success": false, "at": 1738368000, "error_message": "cold after an hour", "env_fingerprint": {"oven": "old"}}

{"experience": "mini0001", "agent": "anna", "type": "vote", "vote": "up", "at": "2025-02-03"}
{"experience": "mini0001", "agent": "bert", "type": "vote", "vote": "down", "at": "2025-02-04T00:30:00+02:00"}
{"experience": "mini0001", "agent": "maker-1", "type": "vote", "vote": "up", "at": "2025-02-05T00:00:00.5Z", "note": "not looked at"}
END
plurum feedback notes good.jsonl
plurum trust notes mini0001 --now 2025-02-06
quiet stats notes --json | json outcomes votes reporters

say "standard input, as JSON, and no time: now"
echo '{"experience": "mini0002", "agent": "anna", "type": "vote", "vote": "up", "at": null}' |
    quiet feedback notes - --json | json outcomes votes uncounted '?'
: | plurum feedback notes -

say "one bad line, and nothing is changed"
bad() {
    printf '%s\n' '{"experience": "mini0003", "agent": "anna", "type": "vote", "vote": "up"}' "$1" >bad.jsonl
    plurum feedback notes bad.jsonl
}
bad 'up'
bad '["up"]'
bad '{"experience": "mini0003", "agent": "anna", "type": "vote", "vote": "up", "vote": "down"}'
bad '{"agent": "anna", "type": "vote", "vote": "up"}'
bad '{"experience": 3, "agent": "anna", "type": "vote", "vote": "up"}'
bad '{"experience": "mini0003", "type": "vote", "vote": "up"}'
bad '{"experience": "mini0003", "agent": "", "type": "vote", "vote": "up"}'
bad '{"experience": "mini0003", "agent": "anna", "vote": "up"}'
bad '{"experience": "mini0003", "agent": "anna", "type": "like"}'
bad '{"experience": "mini0003", "agent": "anna", "type": "vote"}'
bad '{"experience": "mini0003", "agent": "anna", "type": "vote", "vote": "sideways"}'
bad '{"experience": "mini0003", "agent": "anna", "type": "vote", "vote": "up", "at": "soon"}'
bad '{"experience": "mini0003", "agent": "anna", "type": "vote", "vote": "up", "at": "2025-02-30"}'
bad '{"experience": "mini0003", "agent": "anna", "type": "vote", "vote": "up", "at": true}'
bad '{"experience": "mini0003", "agent": "anna", "type": "vote", "vote": "up", "at": "9999-01-01"}'
bad '{"experience": "mini0003", "agent": "anna", "type": "outcome"}'
bad '{"experience": "mini0003", "agent": "anna", "type": "outcome", "success": "yes"}'
bad '{"experience": "mini0003", "agent": "anna", "type": "outcome", "success": true, "execution_time_ms": -1}'
bad '{"experience": "mini0003", "agent": "anna", "type": "outcome", "success": true, "execution_time_ms": 1.5}'
bad '{"experience": "mini0003", "agent": "anna", "type": "outcome", "success": true, "execution_time_ms": "fast"}'
bad '{"experience": "mini0003", "agent": "anna", "type": "outcome", "success": true, "error_message": 7}'
bad '{"experience": "mini0003", "agent": "anna", "type": "outcome", "success": true, "env_fingerprint": "old"}'
bad '{"experience": "mini0003", "agent": "anna", "type": "vote", "vote": "up", "at": 2025}'
bad '{"experience": "nosuchid", "agent": "anna", "type": "outcome", "success": true}'
bad '{"experience": "mini0001", "agent": "anna", "type": "outcome", "success": true}'
quiet stats notes --json | json outcomes votes

say "three failures without a success: out of lists and searches, until a success"
for agent in anna bert cleo; do
    echo "{\"experience\": \"mini0004\", \"agent\": \"$agent\", \"type\": \"outcome\", \"success\": false, \"at\": \"2025-02-01\"}"
done | plurum feedback notes -
quiet stats notes --json | json quarantined
quiet search notes 'oil a bicycle chain' --json | json results.0.short_id
quiet search notes 'oil a bicycle chain' --json --warnings | json warnings.0.short_id
echo '{"experience": "mini0004", "agent": "dora", "type": "outcome", "success": true, "at": "2025-02-02"}' |
    plurum feedback notes -
quiet search notes 'oil a bicycle chain' --json --warnings | json results.0.short_id warnings.#

say "files and indexes that are not there"
plurum feedback notes nowhere.jsonl
plurum feedback nowhere good.jsonl
plurum feedback notes
plurum feedback notes good.jsonl good.jsonl
plurum feedback notes .
