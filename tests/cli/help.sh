#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# --help of every command: what it says, and that it fits on a terminal.
. "${srcdir:-.}/tests/cli/runner.sh"

commands() {
    "$build/$1" --help | sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p' | grep -v "^$1$"
}

say "the tools"
plurum --help
bench --help

for command in $(commands plurum); do
    say "$command"
    plurum "$command" --help
done
for command in $(commands plurum-bench); do
    say "plurum-bench $command"
    bench "$command" --help
done

say "no line is wider than 80 columns, and every command has an example"
for command in $(commands plurum); do
    "$build/plurum" "$command" --help >out
    tr -d '\200-\277' <out | awk -v command="$command" 'length($0) > 80 { print command ": " $0 }'
    grep -q "^  plurum $command " out || grep -q "plurum $command " out || echo "$command: no example"
done

say "-h, --help among arguments, help"
plurum get -h | head -1
plurum get notes --json --help | head -1
plurum help | head -1
bench -h | head -1
