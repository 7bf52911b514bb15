#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Vectors of the caller: import --vectors, search --vector, and .npy files that are none.
. "${srcdir:-.}/tests/cli/runner.sh"

say "one row a line, and an index without a model"
plurum import plane "$data/mini/experiences.jsonl" --vectors "$data/mini/docs.npy"
quiet stats plane --json | json model dimensions documents vectors
PLURUM_MODELS=$work/none
quiet search plane bread --mode text --json | json results.0.short_id total_found
PLURUM_MODELS=$top/data/models

# An .npy of 32-bit floats: npy FILE ROWS DIM, the values' bytes on standard input
npy() {
    header="{'descr': '<f4', 'fortran_order': False, 'shape': ($2, $3), }"
    {
        printf '\223NUMPY\001\000v\000%-117s\n' "$header"
        cat
    } >"$1"
}
one='\000\000\200\077'
zero='\000\000\000\000'
two='\000\000\000\100'

say 'the vector (2, 1), nearest first: cosine 1, then 3/2 and 3/1 at .9923 and .9899'
printf "$two$one" | npy q.npy 1 2
plurum search plane 'no such word' --vector q.npy --limit 3 --mode vector --now 2025-02-01
quiet search plane 'no such word' --vector q.npy --limit 3 --mode vector --explain --json |
    json results.0.short_id results.0.explain.cosine results.1.short_id results.1.explain.cosine \
        results.2.short_id results.2.explain.cosine

say "without a vector the text leg is left alone"
plurum search plane bread --limit 1 --now 2025-02-01
plurum search plane bread --limit 1 --mode vector

say "files that are no such thing"
printf 'something else entirely' >text.npy
: >empty.npy
printf "$one$one$one" | npy three.npy 1 3
printf "$one" | npy short.npy 1 2
printf "$zero$zero" | npy zero.npy 1 2
printf "$one$one$one$one" | npy two.npy 2 2
sed 's/<f4/<f8/' q.npy >double.npy
sed 's/False/True /' q.npy >fortran.npy
for file in text empty three short zero two double fortran nowhere; do
    plurum search plane bread --vector $file.npy
done

say "as many rows as lines"
head -3 "$data/mini/experiences.jsonl" >three.jsonl
plurum import new three.jsonl --vectors q.npy
plurum import new three.jsonl --vectors "$data/mini/docs.npy"
plurum import new three.jsonl --vectors nowhere.npy
there new
plurum import new - --vectors two.npy <three.jsonl
there new

say "vectors of the wrong size for the index, and for a line"
sed 's/-8000-/-9000-/; s/mini/more/' three.jsonl >more.jsonl
printf "$one$one$one$one$one$one$one$one$one" | npy threes.npy 3 3
plurum import plane more.jsonl --vectors threes.npy
printf "$one$one$zero$zero$one$one" | npy hole.npy 3 2
plurum import plane more.jsonl --vectors hole.npy
plurum import plane more.jsonl --vectors hole.npy --rejects rejects.jsonl
cut -c1-100 rejects.jsonl
quiet stats plane --json | json documents vectors

say "an index of a model takes no vectors of which nothing is known"
plurum init model --embedder static
printf '' >ones.raw
for n in $(seq 256); do printf "$one" >>ones.raw; done
npy ones.npy 1 256 <ones.raw
head -1 three.jsonl >one.jsonl
plurum import model one.jsonl --vectors ones.npy --rejects rejects.jsonl
plurum search model bread --vector ones.npy
quiet stats model --json | json documents vectors
