#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum compact.
. "${srcdir:-.}/tests/cli/runner.sh"

quiet import notes "$data/mini/experiences.jsonl" --json | json put
for n in 1 2 3 4 5; do
    quiet import notes "$data/mini/experiences.jsonl" --on-conflict replace --json | json put
done
quiet delete notes mini0004 --json | json changed
quiet vote notes mini0001 --agent anna up --json | json changed
quiet export notes >before.jsonl

say "less room, and the same index"
plurum compact notes | sed 's/[0-9]* KiB/N KiB/g'
quiet export notes | cmp - before.jsonl && echo "the same lines"
plurum verify notes
quiet compact notes --json | json '?'
there notes/store notes/store.new notes/store.old

say "a process that reads is told, and goes on when it opens the index again"
mkfifo queries
"$build/plurum" search notes --batch queries >answers 2>errors &
reader=$!
exec 3>queries
echo '{"_id": "1", "text": "prune an apple tree"}' >&3
for wait in 1 2 3 4 5 6 7 8 9 10; do
    [ -s answers ] && break
    sleep 0.3
done
quiet compact notes --json | json samples
echo '{"_id": "2", "text": "prune an apple tree"}' >&3
exec 3>&-
wait $reader
echo "[$?]"
json _id results.0.short_id <answers
cat errors
quiet search notes 'prune an apple tree' --json | json results.0.short_id

say "while another process writes"
mkfifo lines
"$build/plurum" import notes lines >imported 2>&1 &
writer=$!
exec 3>lines
for wait in 1 2 3 4 5 6 7 8 9 10; do
    flock -n notes/writer.lock true || break
    sleep 0.3
done
plurum compact notes
exec 3>&-
wait $writer

say "what is wrong"
plurum compact
plurum compact nowhere
plurum compact .
plurum compact notes --hard
