#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# docs/errors.md has every status of status.h, with its number and sentence, in their order, and says
# what to do about it.
set -eu
top=${srcdir:-.}
work=$(mktemp -d /tmp/plurum-errors-XXXXXX)
trap 'rm -rf "$work"' EXIT

sed -nE 's/^ *X\(([A-Z]+), (-?[0-9]+), "(.*)"\).*/| `PLURUM_\1` | \2 | \3 |/p' \
    "$top/libsearch/include/plurum/status.h" >"$work/declared"
sed -nE 's/^(\| `PLURUM_[A-Z]+` \|[^|]*\|[^|]*\|).*/\1/p' "$top/docs/errors.md" >"$work/written"
[ "$(wc -l <"$work/declared")" -ge 18 ]
diff -u "$work/declared" "$work/written" || { echo "docs/errors.md and status.h differ"; exit 1; }

if grep -nE '^\| `PLURUM_[A-Z]+` \| -[0-9]+ \|[^|]*\| *\|$' "$top/docs/errors.md"; then
    echo "docs/errors.md: what is one to do?"
    exit 1
fi
