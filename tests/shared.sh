#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Quality on the collections beside the checkout, ../shared/data, through the real engine; skipped
# where they are absent. And libtrust's golden vectors are those of ../shared/trust.
set -eu
build=$PWD
cd "${srcdir:-.}"
shared=$PWD/../shared
if [ ! -d "$shared/data" ]; then
    echo "no ../shared/data beside the checkout: skipped"
    exit 77
fi
bad=0

# expect COLLECTION MODE LOW HIGH: nDCG@10 within bounds.
expect() {
    ndcg=$("$build/plurum-bench" eval "$shared/data/$1" --vectors --mode "$2" |
        awk '$1 == "ndcg@10" { print $2 }')
    if awk -v x="$ndcg" -v low="$3" -v high="$4" 'BEGIN { exit !(x != "" && x >= low && x <= high) }'; then
        echo "$1 $2: nDCG@10 $ndcg"
    else
        echo "$1 $2: nDCG@10 ${ndcg:-missing}, $3 to $4 expected"
        bad=1
    fi
}

expect scifact text .675 1
expect scifact vector .643 .649
expect scifact hybrid .730 1
expect tldr text .51 1
expect tldr vector .413 .419
expect tldr hybrid .53 1

if ! cmp "$shared/trust/golden.tsv" tests/data/golden.tsv; then
    echo "tests/data/golden.tsv is not ../shared/trust/golden.tsv"
    bad=1
fi
exit $bad
