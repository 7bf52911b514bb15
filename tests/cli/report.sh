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
"$build/plurum-bench" loop "$mini" --vectors --scenario benign --seeds 1 --passes 4 --engine-only \
    --along floor=1,0,0.2 --json >loop.json
"$build/plurum-bench" speed --n 200 --dim 8 --queries 20 --json >speed.json

headings() {
    sed -n 's/.*<h\([1-3]\)>\(.*\)<\/h[1-3]>.*/\1 \2/p' "$1"
}

say "all kinds of results"
bench report minmax.json adaptive.json compare.json tune.json loop.json speed.json --out page.html --title 'Trials <1> & "2"'
headings page.html
grep -c '<svg' page.html
sed -n 's/.*<td>mini<\/td><td>\([^<]*\)<\/td><td>[^<]*<\/td><td class=n>4<\/td><td class=n>\([0-9.]*\)<.*/\1 \2/p' \
    page.html
grep -o 'Greatest [^.]*([^.]*\.[^.]*' page.html | head -2

say "it refers to nothing outside, and no id is there twice but for marks, drawn alike everywhere"
grep -oE '(src|href)="[^"#]*"|url\([^)#]*\)|@import|https?://[^"]*' page.html | sort -u
grep -oE " id=['\"][^'\"]*['\"]" page.html | grep -v gpPt | sort | uniq -d

say "one kind alone"
cat minmax.json adaptive.json >both.json
bench report both.json --out both.html
headings both.html

say "one weight of the loop: two curves, with the default among the values, and no curve of two values"
bench report loop.json --out loop.html
headings loop.html
grep -c '<svg' loop.html
sed -n 's/.*<td>floor=\([0-9.]*\)<\/td><td class=n>\([0-9.]*\)<.*/\1 \2/p' loop.html
"$build/plurum-bench" loop "$mini" --vectors --scenario benign --seeds 1 --passes 4 --engine-only \
    --along explore=1 --json >two.json
bench report two.json --out two.html
grep -c '<svg' two.html

say "evals that differ in weights alone have names of their own"
printf 'lean = 0.5\n' >lean.weights
evaluate --weights lean.weights >lean.json
bench report adaptive.json lean.json --out lean.html
headings lean.html

say "many systems are told apart by the table, with a picture of quality and one of calibration"
evaluate --every >every.json
bench report every.json --out every.html
headings every.html
grep -c '<svg' every.html

say "a curve that does not say of what"
echo '{"kind": "tune", "curves": [{"points": [[1, 0.5], [2, 0.6], [3, 0.5]]}]}' >curve.json
bench report curve.json --out curve.html
grep -c '<svg' curve.html

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
