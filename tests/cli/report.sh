#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum-bench report: what is in the page, and that it needs nothing else. Skipped without gnuplot.
command -v gnuplot >/dev/null || { echo "no gnuplot: skipped"; exit 77; }
. "${srcdir:-.}/tests/cli/runner.sh"

mini=$data/mini
export TMPDIR="$PWD"
evaluate() {
    "$build/plurum-bench" eval "$mini" --vectors --json "$@"
}
evaluate --fusion minmax --run minmax.run >minmax.json
evaluate --run adaptive.run >adaptive.json
"$build/plurum-bench" compare minmax.run adaptive.run "$mini/qrels.tsv" --json >compare.json
"$build/plurum-bench" tune "$mini" --vectors --no-text --json >tune.json

headings() {
    sed -n 's/.*<h\([1-3]\)>\(.*\)<\/h[1-3]>.*/\1 \2/p' "$1"
}

say "all kinds of results"
bench report minmax.json adaptive.json compare.json tune.json --out page.html --title 'Trials <1> & "2"'
headings page.html
grep -c '<svg' page.html
sed -n 's/.*<td>mini<\/td><td>\([^<]*\)<\/td><td>4<\/td><td>\([0-9.]*\)<.*/\1 \2/p' page.html

say "it refers to nothing outside, and no id is there twice but for marks, drawn alike everywhere"
grep -oE '(src|href)="[^"#]*"|url\([^)#]*\)|@import|https?://[^"]*' page.html | sort -u
grep -oE " id=['\"][^'\"]*['\"]" page.html | grep -v gpPt | sort | uniq -d

say "one kind alone"
cat minmax.json adaptive.json >both.json
bench report both.json --out both.html
headings both.html

say "many systems are told apart by the table, with a picture of quality and one of calibration"
evaluate --every >every.json
bench report every.json --out every.html
headings every.html
grep -c '<svg' every.html

say "what is wrong"
bench report minmax.json
bench report nowhere --out out.html
echo '{"no": "kind"}' >bad.json
bench report bad.json --out out.html
: >empty.json
bench report empty.json --out out.html
bench report minmax.json --out none/out.html
(PATH=/nonexistent "$build/plurum-bench" report minmax.json --out out.html 2>&1) | grep -o 'plurum-bench: gnuplot.*'
there out.html
