#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The manual pages are true to the tools: every command has a section, and its options there and in
# the common sections it refers to are exactly those that --help tells.
set -eu
build=$PWD
top=${srcdir:-.}
work=$(mktemp -d /tmp/plurum-man-XXXXXX)
trap 'rm -rf "$work"' EXIT
bad=0

complain() {
    echo "$*"
    bad=1
}

# "SECTION OPTION" for every option of a page; a section without options stands alone.
sections() {
    awk '/^\.S[sh] / { section = substr($0, 5); print section "\t" }
         /^\.It Fl Fl / { print section "\t--" $4 }' "$1"
}

for tool in plurum plurum-bench; do
    sections "$top/man/$tool.1" >"$work/page"
    "$build/$tool" --help | sed -n '/^$/,$ s/^  \([a-z]*\)  *[a-z].*/\1/p' | grep -v '^plurum' >"$work/commands"
    while read -r command; do
        "$build/$tool" "$command" --help >"$work/help"
        sed -n 's/^  \(--[a-z-]*\).*/\1/p' "$work/help" | sort >"$work/told"
        grep -q "^$command	" "$work/page" || complain "$tool.1: no section $command"
        {
            sed -n "s/^$command	\(--.*\)/\1/p" "$work/page"
            if grep -q '^Which experiences' "$work/help"; then
                sed -n 's/^WHICH EXPERIENCES	\(--.*\)/\1/p' "$work/page"
            fi
            if grep -q '^On whose behalf' "$work/help"; then
                sed -n 's/^ON WHOSE BEHALF	\(--.*\)/\1/p' "$work/page"
            fi
        } | sort >"$work/written"
        diff "$work/told" "$work/written" >"$work/differs" ||
            complain "$tool.1: $command: --help (<) and the page (>) differ: $(grep '^[<>]' "$work/differs" | tr '\n' ' ')"
    done <"$work/commands"
    [ "$(wc -l <"$work/commands")" -ge 2 ] || complain "$tool --help lists no commands"
    # and no section for what is no command
    awk '/^\.Ss / { print $2 }' "$top/man/$tool.1" | sort >"$work/written"
    sort "$work/commands" | diff - "$work/written" || complain "$tool.1: sections and commands differ"
done
exit $bad
