#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum search --offset and --cursor: pages join into one order, also while others write.
. "${srcdir:-.}/tests/cli/runner.sh"

now=2025-02-01
quiet import plane "$data/mini/experiences.jsonl" --embedder static --json | json put
search() {
    quiet search plane 'bread bicycle tomato' --now $now --all --status any --json "$@"
}

say "the whole order at once"
search --limit 20 | json results.# total_found cursor
search --limit 20 >all

say "pages by offset"
search --limit 5 --offset 5 | json results.# total_found
search --limit 5 --offset 10 | json results.# cursor
search --limit 5 --offset 100 | json results.# total_found
plurum search plane 'bread bicycle tomato' --now $now --limit 2 --offset 2 --mode text
plurum search plane bread --now $now --limit 5 --offset 5 --mode text

say "pages by cursor, with a write in between, say the same as the whole"
search --limit 5 >page1
quiet outcome plane mini0012 --agent anna --success --at 2025-01-30 --json | json changed
search --limit 5 --cursor "$(json cursor <page1)" >page2
search --limit 5 --cursor "$(json cursor <page2)" >page3
json cursor <page3
for i in 0 1 2 3 4; do json results.$i.short_id results.$i.combined_score <page1; done >joined
for i in 0 1 2 3 4; do json results.$i.short_id results.$i.combined_score <page2; done >>joined
for i in 0 1; do json results.$i.short_id results.$i.combined_score <page3; done >>joined
for i in 0 1 2 3 4 5 6 7 8 9 10 11; do json results.$i.short_id results.$i.combined_score <all; done >whole
cut -d' ' -f1 joined | sort | uniq -d
diff whole joined | grep -v mini0012 | grep '^[<>]'

say "for people"
cursor=$(quiet search plane bread --now $now --limit 1 --mode text --json | json cursor)
quiet search plane bread --now $now --limit 1 --mode text --cursor "$cursor" | sed 's/--cursor .*/--cursor C/'

say "a cursor belongs to its query"
"$build/plurum" search plane 'something else' --now $now --limit 1 --mode text --cursor "$cursor" 2>&1
echo "[$?]"
"$build/plurum" search plane bread --now $now --limit 1 --mode text --offset 1 --cursor "$cursor" 2>&1
echo "[$?]"
