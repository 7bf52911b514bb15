#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum import: files, standard input, bad lines, conflicts, drafts, batches.
. "${srcdir:-.}/tests/cli/runner.sh"

say "an index is made where there is none"
plurum import notes "$data/mini/experiences.jsonl" --embedder static
quiet stats notes --json | json model documents draft published seq
plurum get notes mini0001 | grep -v updated_at
quiet get notes mini0006 --json | json gotchas confidence visibility

say "an index of the better model: what is meant is found, in whatever words"
quiet import best "$data/mini/experiences.jsonl" --embedder minilm --json | json put
quiet stats best --json | json model dimensions
quiet search best "my bike chain is dirty" --mode vector --limit 1 --json | json results.0.short_id results.0.goal

say "the same again: taken, skipped, replaced"
plurum import notes "$data/mini/experiences.jsonl"
plurum import notes "$data/mini/experiences.jsonl" --on-conflict skip
plurum import notes "$data/mini/experiences.jsonl" --on-conflict replace
plurum import notes "$data/mini/experiences.jsonl" --on-conflict merge
quiet stats notes --json | json documents tombstones seq

say "several files, standard input, as JSON"
echo '{"goal": "Sharpen a chisel on a flat stone"}' >one.jsonl
printf '\n# a comment\n{"goal": "Sharpen a saw with a file", "status": "draft"}\r\n' >two.jsonl
echo '{"goal": "Sharpen scissors"}' |
    quiet import tools one.jsonl - two.jsonl --json | json put skipped rejected '?'
quiet stats tools --json | json documents draft published
echo '{"goal": "Sharpen an axe", "status": "published"}' | plurum import tools - --draft
echo '{"goal": "Sharpen a plane"}' | plurum import tools - --draft
quiet stats tools --json | json documents draft published

say "a bad line stops the import, with file, line, field and value"
bad() {
    printf '%s\n' '{"goal": "Something that is fine"}' "$1" >bad.jsonl
    plurum import tools bad.jsonl
}
bad '{"goal": "Something", '
bad '[1, 2]'
bad '{"goal": "four"}'
bad '{"gaol": "Something"}'
bad '{"goal": "Something", "confidence": 1.5}'
bad '{"goal": "Something", "visibility": "secret"}'
bad '{"goal": "Something", "id": "7"}'
bad '{"goal": "Something", "short_id": "ABCDEFGH"}'
bad '{"goal": "Something", "agent_id": "two words é"}'
bad '{"goal": "Something", "status": "done"}'
bad '{"goal": "Something", "created_at": "yesterday"}'
bad '{"goal": "Something", "attempts": [{"action": "tried", "dead_end": "yes"}]}'
bad '{"goal": "Something", "tools_used": "hammer"}'
quiet stats tools --json | json documents

say "nothing of the bad line's batch is kept, the batches before it are"
for n in 1 2 3 4 5; do echo "{\"goal\": \"Number $n of five\"}"; done >five.jsonl
echo '{"goal": 5}' >>five.jsonl
plurum import five five.jsonl --batch 2
quiet stats five --json | json documents
plurum import six five.jsonl --batch 10
there six
plurum import six five.jsonl --batch 0
plurum import six five.jsonl --batch many

say "bad lines go to a file, with the reason, and the rest is kept"
cat >mixed.jsonl <<'END'
{"goal": "The first that is fine", "id": "00000000-0000-4000-8000-000000000101"}
{"goal": "no"}
{"goal": "The second that is fine", "id": "00000000-0000-4000-8000-000000000102"}
{"goal": "The first once more", "id": "00000000-0000-4000-8000-000000000101"}
nonsense
{"goal": "The third that is fine"}
END
plurum import mixed mixed.jsonl --rejects rejects.jsonl
cat rejects.jsonl
quiet stats mixed --json | json documents
quiet get mixed 00000000-0000-4000-8000-000000000101 --json | json goal

say "refused at the begin, in the middle, side by side and at the end of a batch"
for n in 101 201 101 101 202 203 101 204 101 205 101; do
    echo "{\"goal\": \"The number $n\", \"id\": \"00000000-0000-4000-8000-000000000$n\"}"
done >often.jsonl
plurum import mixed often.jsonl --rejects rejects2.jsonl --batch 9
sed -n 's/\(^#[^"]*\).*/\1/p' rejects2.jsonl
quiet list mixed --limit 9 --json | grep -o 'The number [0-9]*' | sort | tr '\n' ' '
echo
plurum import mixed often.jsonl

say "mended, they can be imported as they are"
sed -e 's/"no"/"no longer wrong"/' -e 's/^nonsense$/{"goal": "made sense of"}/' \
    -e 's/000101"}/000103"}/' rejects.jsonl >mended.jsonl
plurum import mixed mended.jsonl --rejects rejects.jsonl
cat rejects.jsonl
plurum import mixed mixed.jsonl --rejects none/rejects.jsonl
plurum import mixed mixed.jsonl --rejects /dev/full

say "files that cannot be read: nothing is made"
plurum import new nowhere.jsonl
plurum import new "$data/mini/experiences.jsonl" nowhere.jsonl
plurum import new .
there new
plurum import new
plurum import
mkdir full && touch full/file
plurum import full "$data/mini/experiences.jsonl"

say "an empty folder, or what an import that was killed has left, becomes the index"
mkdir empty half half/store.begun
plurum import empty "$data/mini/experiences.jsonl" --embedder none
plurum import half "$data/mini/experiences.jsonl" --embedder none

say "threads that make vectors change no answer"
for threads in 1 3; do
    quiet import threads-$threads "$data/mini/experiences.jsonl" --embedder static --threads $threads --json | json put
    quiet search threads-$threads bread --limit 3 --json --now 2025-02-01T00:00:00Z | json results.2.short_id results.2.similarity
done
