#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The completions know every command, option and word that --help tells, and bash takes them: its
# functions are called as the shell would call them. zsh, where it is installed, reads its file.
set -eu
build=$PWD
work=$(mktemp -d /tmp/plurum-completions-XXXXXX)
trap 'rm -rf "$work"' EXIT
bad=0

complain() {
    echo "$*"
    bad=1
}

# complete WORD…: what bash offers for the last word, one a line.
cat >"$work/complete" <<'END'
. completions/plurum.bash
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
function=$(complete -p "$1" | sed 's/.*-F \([^ ]*\).*/\1/')
"$function" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
[ ${#COMPREPLY[@]} = 0 ] || printf '%s\n' "${COMPREPLY[@]}"
END
complete() {
    bash "$work/complete" "$@"
}

for tool in plurum plurum-bench; do
    function=_$(echo $tool | tr - _)
    sed -n "/^$function()/,/^}/p" completions/_plurum >"$work/zsh"
    "./$tool" --help | sed -n '/^$/,$ s/^  \([a-z]*\)  *[a-z].*/\1/p' | grep -v '^plurum' |
        sort >"$work/commands"
    complete $tool '' | grep -v '^--' | sort | diff "$work/commands" - || complain "$tool: commands (>)"
    while read -r command; do
        grep -q "^    '$command:" "$work/zsh" || complain "$tool: zsh: no $command"
        { echo --help; "./$tool" "$command" --help | sed -n 's/^  \(--[a-z-]*\).*/\1/p'; } |
            sort >"$work/told"
        complete $tool "$command" -- | sort | diff "$work/told" - ||
            complain "$tool $command: options of --help (<) and of bash (>) differ"
        sed -n "/^  $command)/,/;;/p" "$work/zsh" |
            sed -n "s/^ *'\*\{0,1\}\(--[a-z-]*\).*/\1/p; s/.*'(- \*)\(--help\).*/\1/p" |
            sort | diff "$work/told" - ||
            complain "$tool $command: options of --help (<) and of zsh (>) differ"
    done <"$work/commands"
done

# expect OFFERED WORD…
expect() {
    wanted=$1
    shift
    offered=$(complete "$@" | tr '\n' ' ')
    [ "$offered" = "$wanted" ] || complain "$*: \"$offered\" offered, \"$wanted\" expected"
}
expect 'stats ' plurum sta
expect 'hybrid text vector ' plurum search notes x --mode ''
expect 'vector ' plurum search notes x --mode v
expect 'vector ' plurum search notes --mode = v
expect 'hybrid text vector ' plurum search notes --mode =
expect '--fusion ' plurum search notes --fu
expect '' plurum search notes ''
expect '' plurum search notes --limit ''
expect 'decision_tree ' plurum acquire notes id --mode d
expect 'eval ' plurum-bench ev
expect '--golden ' plurum-bench trust --g

if command -v zsh >/dev/null; then
    zsh -n completions/_plurum || complain "zsh: its file is wrong"
fi
exit $bad
