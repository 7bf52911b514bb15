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

say "what others wrote commands no terminal"
tr -d '\n' >evil.jsonl <<'END'
{"short_id": "evil0001", "goal": "Ring a bell \u001b[2J, \u009b2J, \u007f, \u0007", "domain": "d \u001b[2J",
 "tools_used": ["t \u001b[2J"], "tags": ["g \u001b[2J"], "solution": "one \u001b[2J\n\ttwo",
 "dead_ends": [{"what": "w \u001b[2J", "why": "y \u009b2J"}], "gotchas": ["x \u009b2J"]}
END
quiet import notes evil.jsonl --json | json put
quiet outcome notes evil0001 --agent anna --failure --error "$(printf 'x\033[2Jy\302\233z\177')" --json | json changed
for command in 'get notes evil0001' 'search notes bell --explain' 'list notes' 'trust notes evil0001' \
    'acquire notes evil0001 --mode summary' 'acquire notes evil0001 --mode checklist' \
    'acquire notes evil0001 --mode decision_tree' 'acquire notes evil0001' \
    'trust notes evil0001 --json' 'list notes --json'; do
    # shellcheck disable=SC2086
    "$build/plurum" $command >out 2>&1
    c0=$(tr -cd '\000-\010\013-\037\177' <out | wc -c | tr -d ' ')
    c1=$(grep -c "$(printf '\302')[$(printf '\200')-$(printf '\237')]" out)
    echo "$command: $(grep -c '2J' out) lines, $c0 of ASCII, $c1 lines with others"
done
plurum get notes evil0001 | sed -n '/^goal/p; /^solution/,/two/p'
"$build/plurum" get notes "$(printf 'x\033[2J')"

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
