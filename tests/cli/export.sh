#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum export, and import of its lines: the same ids, trust and answers.
. "${srcdir:-.}/tests/cli/runner.sh"

quiet import notes "$data/mini/experiences.jsonl" --json | json put
for id in mini0001 mini0002 mini0003; do
    for agent in anna ben carl; do
        quiet outcome notes $id --agent $agent --success --time-ms 1200 --notes "by $agent" --json
        quiet vote notes $id --agent $agent up --json
    done
done | json changed | sort | uniq -c | tr -s ' '
quiet vote notes mini0002 --agent anna down --json | json changed
quiet outcome notes mini0004 --agent ben --failure --error 'no space left' --json | json changed
quiet delete notes mini0003 --json | json changed

say "one line an experience, with its reports"
plurum export notes notes.jsonl
wc -l <notes.jsonl
grep mini0004 notes.jsonl | json short_id status goal 'events.#' events.0.type events.0.success \
    events.0.agent events.0.weight events.0.counted events.0.error_message
quiet export notes | cmp - notes.jsonl && echo "the same on standard output"
there notes.jsonl.part

say "imported, it is the same index"
plurum import copy notes.jsonl
quiet export copy | cmp - notes.jsonl && echo "the same lines"
for id in mini0001 mini0002 mini0004; do
    for index in notes copy; do
        quiet trust $index $id >$index.text
        quiet trust $index $id --json >$index.json
        quiet get $index $id --all --json >$index.get
    done
    cmp notes.text copy.text && cmp notes.json copy.json && cmp notes.get copy.get && echo "the same trust"
done
for query in 'postgres backup' 'prune an apple tree' 'sharpen a knife'; do
    for index in notes copy; do quiet search $index "$query" >$index.text; done
    cmp notes.text copy.text && echo "the same answers"
done
plurum verify copy

say "again: an error, skipped, replaced with its trust"
plurum import copy notes.jsonl
plurum import copy notes.jsonl --on-conflict skip
plurum import copy notes.jsonl --on-conflict replace
numberless() { sed 's/"internal_id":[0-9]*,//'; }
numberless <notes.jsonl >notes.text
quiet export copy | numberless | cmp - notes.text && echo "the same lines"

say "vectors that the caller gave go along"
plurum init vectors --embedder none --dim 2
echo '{"goal": "Sharpen a chisel", "vector": [3, 4]}' | quiet import vectors - --json | json put
quiet export vectors | json vector
quiet export vectors --no-vectors | json '?'
quiet export vectors >vectors.jsonl
plurum init other --embedder none --dim 2
quiet import other vectors.jsonl --json | json put
quiet export other | cmp - vectors.jsonl && echo "the same lines"
plurum init third --embedder none --dim 3
plurum import third vectors.jsonl

say "what is wrong"
plurum export
plurum export nowhere
plurum export notes none/notes.jsonl
plurum export notes /dev/full
plurum export notes a b
quiet export notes >/dev/full || echo "[$?]"

say "vectors as FAISS has them"
plurum export vectors vectors.faiss --faiss
od -An -c -N4 vectors.faiss
sed 's/[0-9a-f]\{8\}-.*/UUID/' vectors.faiss.tsv
there vectors.faiss.part vectors.faiss.tsv.part
plurum export vectors --faiss
plurum export vectors none/vectors.faiss --faiss
plurum init without --embedder none
plurum export without without.faiss --faiss
there without.faiss without.faiss.part without.faiss.tsv without.faiss.tsv.part
