#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# README.md shows docs/examples/first.c as it is, that program runs, and it prints what is claimed.
set -eu
top=${srcdir:-.}
work=$(mktemp -d /tmp/plurum-readme-XXXXXX)
trap 'rm -rf "$work"' EXIT
bad=0

sed -n '/^```c$/,/^```$/p' "$top/README.md" | sed '1d;$d' >"$work/readme.c"
sed '1,/^$/d' "$top/docs/examples/first.c" >"$work/first.c"
if ! diff -u "$work/first.c" "$work/readme.c"; then
    echo "README.md does not show docs/examples/first.c"
    bad=1
fi

lines=$(wc -l <"$work/readme.c")
[ "$lines" -le 26 ] || { echo "README.md: the example has $lines lines, at most 26 expected"; bad=1; }

build=$PWD
(cd "$work" && "$build/docs/examples/first") >"$work/out"
claimed=$(sed -n 's/^It prints `\([^`]*\)`.*/\1/p' "$top/README.md")
if [ "$(cat "$work/out")" != "$claimed" ]; then
    echo "README.md says that the example prints: $claimed"
    echo "it prints: $(cat "$work/out")"
    bad=1
fi

# What README.md points to is there.
for file in $(grep -o ']([^)]*)' "$top/README.md" | tr -d '])('); do
    [ -e "$top/$file" ] || { echo "README.md: no $file"; bad=1; }
done
exit $bad
