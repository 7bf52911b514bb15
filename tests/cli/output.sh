#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Standard output that cannot be written, and the tools without a command.
. "${srcdir:-.}/tests/cli/runner.sh"

quiet import notes "$data/mini/experiences.jsonl" --embedder static --json | json put

say "a full disk"
for command in 'stats notes' 'stats notes --json' 'search notes bread' 'search notes bread --json' \
    'get notes mini0001' 'list notes --json' 'trust notes mini0001 --json' 'verify notes' 'init --help'; do
    # shellcheck disable=SC2086
    "$build/plurum" $command >/dev/full
    echo "[$?] $command"
done

say "no colour and no progress where there is no terminal"
NO_COLOR=
"$build/plurum" get notes mini0001 | tr -cd '\033' | wc -c | tr -d ' '

say "no command, and none that there is"
plurum 2>&1 | head -1
"$build/plurum" >out 2>err
echo "[$?]"
wc -c <out | tr -d ' '
plurum serve
plurum --hlep
bench
bench serve
plurum --version | sed 's/[0-9.]* (/N (/'
bench --version | sed 's/[0-9.]* (/N (/'
