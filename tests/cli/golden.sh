#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum-bench trust --golden: every row agrees; a changed value is named by row and column.
. "${srcdir:-.}/tests/cli/runner.sh"

say "the golden vectors"
bench trust --golden "$data/golden.tsv"

say "a value changed by 1e-10 is within bounds, by 1e-8 it is not; counters and flags are exact"
# change FILE ROW COLUMN BY: adds to one number
change() {
    awk -F '\t' -v OFS='\t' -v row="$2" -v column="$3" -v by="$4" '
        /^#/ { print; next }
        ++n == row { $column = sprintf("%.17g", $column + by) }
        { print }' "$data/golden.tsv" >"$1"
}
change copy.tsv 3 14 1e-10
bench trust --golden copy.tsv
change copy.tsv 3 14 1e-8
bench trust --golden copy.tsv
change copy.tsv 42 6 1
bench trust --golden copy.tsv
change copy.tsv 7 10 1
bench trust --golden copy.tsv

say "forecasts"
"$build/plurum-bench" trust | sed '/states:/d'

say "rows that cannot be read"
sed '$d' "$data/golden.tsv" >copy.tsv
printf 'short\t1\t2\n' >>copy.tsv
bench trust --golden copy.tsv
awk -F '\t' -v OFS='\t' '/^#/ { next } { $5 = "half_lief=3"; print; exit }' "$data/golden.tsv" >copy.tsv
bench trust --golden copy.tsv
awk -F '\t' -v OFS='\t' '/^#/ { next } { $5 = "mu=7"; print; exit }' "$data/golden.tsv" >copy.tsv
bench trust --golden copy.tsv
: >copy.tsv
bench trust --golden copy.tsv
bench trust --golden nowhere.tsv
bench trust --golden .
bench trust golden.tsv
bench trust --golden
