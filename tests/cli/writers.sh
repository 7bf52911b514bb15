#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# One process writes, any number read: a second writer exits 4 and is told the first one's pid.
. "${srcdir:-.}/tests/cli/runner.sh"

quiet import notes "$data/mini/experiences.jsonl" --embedder static --json | json put

# The claim has the writer's pid; asking by writing would be a claim itself.
until_it_writes() {
    tries=0
    while [ "$(cat notes/writer.lock)" != "$first" ] && [ $tries -lt 100 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
}

say "a writer that waits for its input"
mkfifo pipe
"$build/plurum" import notes - <pipe >first 2>&1 &
first=$!
exec 3>pipe
until_it_writes
plurum vote notes mini0001 --agent anna up
plurum import notes "$data/mini/experiences.jsonl"
"$build/plurum" archive notes mini0001 2>&1 | grep -q "process $first is" && echo "the pid is the writer's"

say "readers are let in"
quiet search notes guitar --all --json | json results.0.short_id
quiet get notes mini0001 --json | json goal
quiet list notes --json | json total
plurum verify notes

say "what it wrote is there, and then others may write"
echo '{"goal": "Wait for a pipe"}' >&3
exec 3>&-
wait $first
cat first
quiet list notes --json | json total
plurum vote notes mini0001 --agent anna up

say "a writer that is killed leaves no claim"
"$build/plurum" import notes - <pipe >first 2>&1 &
first=$!
exec 3>pipe
until_it_writes
kill -9 $first
wait $first 2>/dev/null
exec 3>&-
plurum vote notes mini0001 --agent anna down
