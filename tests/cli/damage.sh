#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Exit status 5: a damaged store is called damaged, by verify and by what reads the place. The text
# index is not the truth: it is made anew, and the tool says so.
. "${srcdir:-.}/tests/cli/runner.sh"

quiet import notes "$data/mini/experiences.jsonl" --embedder static --json | json put
plurum outcome notes mini0001 --agent anna --failure --error 'cold after an hour'
plurum verify notes
cp -r notes sound

# Changes every copy of a text in a file by one byte.
hit() {
    grep -abo "$2" "$1" | cut -d: -f1 | while read -r at; do
        printf '!' | dd of="$1" bs=1 seek="$at" conv=notrunc status=none
    done
}

say "a byte of a report: what reads it says so, the rest works"
hit notes/store/data.mdb 'cold after an hour'
plurum verify notes
quiet verify notes --json | json findings damaged
quiet get notes mini0001 --json | json goal
plurum trust notes mini0001
quiet search notes bread --mode text --json | json total_found

say "a byte of a document's record: nothing can be read"
rm -r notes && cp -r sound notes
hit notes/store/data.mdb maker-2
plurum list notes
plurum verify notes
plurum vote notes mini0001 --agent anna up

say "the store is gone"
rm -r notes && cp -r sound notes
rm notes/store/data.mdb
plurum get notes mini0001
plurum verify notes
plurum archive notes mini0001

say "the store is something else"
rm -r notes && cp -r sound notes
head -c 8192 /dev/zero >notes/store/data.mdb
plurum search notes bread
plurum verify notes

say "the text index is gone: made anew by the next writer"
rm -r notes && cp -r sound notes
rm -r notes/text-*
quiet search notes bread --mode text --json | json total_found
plurum vote notes mini0001 --agent anna up | sed 's/text-[0-9a-f-]*/text-N/'
plurum verify notes
quiet stats notes --json | json text_applied seq

say "and so it is when it is damaged"
for file in notes/text-*/postlist.glass; do
    head -c 4096 /dev/zero | dd of="$file" conv=notrunc status=none
done
plurum search notes bread --mode text | sed 's/text-[0-9a-f-]*/text-N/'
plurum vote notes mini0001 --agent anna down | sed 's/text-[0-9a-f-]*/text-N/'
plurum verify notes
