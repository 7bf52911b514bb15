#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Tries every row of the table of limits, and compares with docs/limits.md what it was told: a row of
# the page that no test tries, one that the page lacks, and each status or message that differs, is
# named. UPDATE=1 make check TESTS=tests/limits/check.sh takes over the tables; read the diff.
set -u
build=$PWD
top=$(cd "${srcdir:-.}" && pwd)
page=$top/docs/limits.md
work=$(mktemp -d /tmp/plurum-limits-XXXXXX)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
export LIMITS_ROWS="$work/rows"
failed=0
: >"$work/rows"

for program in experience import write read place; do
    "$build/tests/limits/${program}_test" || failed=1
done
"$build/tests/api/options_test" || failed=1
CLI_BUILD=$build srcdir=$top sh "$top/tests/limits/tool.sh" || failed=1
[ $failed = 0 ] || exit 1

# Names that differ every time, and the cells of a table: pipes, control characters.
normalise() {
    sed -E \
        -e 's,/tmp/plurum-(api|limits)-[A-Za-z0-9]{6},DIR,g' \
        -e 's/\(pid [0-9]+\)/(pid PID)/; s/process [0-9]+ is writing/process PID is writing/' \
        -e 's/a member at byte [0-9]+ is set/a member at byte N is set/' \
        -e 's/later than the clock, [0-9TZ:-]+/later than the clock, NOW/' \
        -e 's/\|/\\|/g' -e 's/[\x01-\x08\x0b-\x1f\x7f]/?/g'
}

# The kinds in the order in which they came, each as a table.
normalise <"$work/rows" | LC_ALL=C awk -F '\t' '
    !($1 in count) { kinds[++n] = $1 }
    { count[$1]++; total++; rows[$1] = rows[$1] "| `" $2 "` | " $3 " | `" $4 "` |\n" }
    END {
        printf "%d rows of %d kinds.\n\n| kind | rows |\n|---|---|\n", total, n
        for (i = 1; i <= n; i++) printf "| %s | %d |\n", kinds[i], count[kinds[i]]
        for (i = 1; i <= n; i++)
            printf "\n## %s\n\n| given | status | message |\n|---|---|---|\n%s", kinds[i], rows[kinds[i]]
    }' >"$work/tables"

mark='<!-- the tables: tests/limits/check.sh -->'
if [ -n "${UPDATE-}" ]; then
    sed "/^$(echo "$mark" | sed 's,/,\\/,g')\$/q" "$page" >"$work/page"
    cat "$work/tables" >>"$work/page"
    cp "$work/page" "$page"
    exit 0
fi

# "kind: | given | status | message |", a line a row
flat() {
    LC_ALL=C awk '/^## /{kind = substr($0, 4)} kind && /^\| `/{print kind ": " $0}' "$1"
}
sed "1,/^$(echo "$mark" | sed 's,/,\\/,g')\$/d" "$page" >"$work/written"
flat "$work/written" | LC_ALL=C sort >"$work/promised"
flat "$work/tables" | LC_ALL=C sort >"$work/tried"
LC_ALL=C uniq -d "$work/tried" | sed 's/^/tried twice: /' >"$work/twice"
LC_ALL=C comm -23 "$work/promised" "$work/tried" | sed 's/^/docs\/limits.md says, and no test finds: /'
LC_ALL=C comm -13 "$work/promised" "$work/tried" | sed 's/^/tried, and not in docs\/limits.md: /'
cat "$work/twice"
[ -s "$work/twice" ] && exit 1
cmp -s "$work/written" "$work/tables" && exit 0
echo "limits: UPDATE=1 make check TESTS=tests/limits/check.sh takes over the tables"
exit 1
