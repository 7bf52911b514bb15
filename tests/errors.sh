#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# docs/errors.md has every status of status.h, with its number and sentence, in their order, and says
# what to do about it and what the tools exit with, which is as tools/cli.c has it.
set -eu
top=${srcdir:-.}
work=$(mktemp -d /tmp/plurum-errors-XXXXXX)
trap 'rm -rf "$work"' EXIT

sed -nE 's/^ *X\(([A-Z]+), (-?[0-9]+), "(.*)"\).*/| `PLURUM_\1` | \2 | \3 |/p' \
    "$top/libsearch/include/plurum/status.h" >"$work/declared"
sed -nE 's/^(\| `PLURUM_[A-Z]+` \|[^|]*\|[^|]*\|).*/\1/p' "$top/docs/errors.md" >"$work/written"
[ "$(wc -l <"$work/declared")" -ge 18 ]
diff -u "$work/declared" "$work/written" || { echo "docs/errors.md and status.h differ"; exit 1; }

if grep -nE '^\| `PLURUM_[A-Z]+` \| -[0-9]+ \|[^|]*\| *\|' "$top/docs/errors.md"; then
    echo "docs/errors.md: what is one to do?"
    exit 1
fi

# "STATUS code" of the tools' table, and of the page
awk '
    FNR == NR { if ($1 ~ /^EXIT_[A-Z]+$/ && $2 == "=") code[$1] = $3 + 0; next }
    /^ *case PLURUM_[A-Z]+:/ { name = $2; sub(/:/, "", name); waiting = waiting " " name }
    waiting && /return EXIT_/ {
        match($0, /EXIT_[A-Z]+/)
        count = split(waiting, names, " ")
        for (i = 1; i <= count; i++) print names[i], code[substr($0, RSTART, RLENGTH)]
        waiting = ""
    }' "$top/tools/cli.h" "$top/tools/cli.c" | sort >"$work/coded"
[ "$(wc -l <"$work/coded")" -ge 10 ]
sed -nE 's/^\| `(PLURUM_[A-Z]+)` .*\| ([0-9]+) \|$/\1 \2/p' "$top/docs/errors.md" | grep -v ' 3$' | sort |
    diff "$work/coded" - || { echo "docs/errors.md and tools/cli.c differ about exit codes"; exit 1; }
