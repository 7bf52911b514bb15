#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# SIGINT in feedback, search --batch and jobs (tests/cli/interrupt.sh has import and export): a clean
# index, a line that says where to go on, exit status 130. Lines come through a pipe, so that a command
# waits for more when it is interrupted.
. "${srcdir:-.}/tests/cli/runner.sh"

quiet import notes "$data/mini/experiences.jsonl" --embedder none --json | json put

# interrupted FILE ARGUMENT…: the command, which reads "in", is given FILE and then the signal.
interrupted() {
    given=$1
    shift
    rm -f in
    mkfifo in
    "$build/plurum" "$@" >out 2>message &
    pid=$!
    exec 9>in
    cat "$given" >&9
    until_waits $pid
    kill -INT $pid
    wait $pid
    code=$?
    exec 9>&-
    echo "$ plurum $*"
    cat message
    echo "[$code]"
}

say "feedback: all or nothing"
echo '{"experience":"mini0001","agent":"al","type":"vote","vote":"up"}' >vote
interrupted vote feedback notes in
quiet get notes mini0001 --json | json upvotes

say "search --batch: what was answered is printed"
echo '{"_id":"q1","text":"bread"}' >query
interrupted query search notes --batch in --limit 1
json _id results.# <out

say "jobs, interrupted at some moment: done, or nothing of it; the index is sound"
awk 'BEGIN { for (i = 0; i < 3000; i++) printf "{\"goal\":\"goal number %d of many\"}\n", i }' >many
quiet import large many --embedder none --json | json put
for job in 'backup large copy' 'compact large' 'reindex large --embedder none' 'export large lines'; do
    for moment in 0.05 0.15 0.3; do
        rm -rf copy lines
        "$build/plurum" $job >out 2>&1 &
        pid=$!
        sleep $moment
        kill -INT $pid 2>/dev/null
        wait $pid
        code=$?
        case $code in
        0) ;;
        130)
            [ ! -s out ] || grep -q '^plurum: interrupted: ' out || cat out
            there copy copy.part lines lines.part | grep 'there is [^n]'
            ;;
        *) echo "$job: [$code] $(cat out)" ;;
        esac
    done
done
quiet verify large --json | json documents findings
