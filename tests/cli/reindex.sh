#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum reindex.
. "${srcdir:-.}/tests/cli/runner.sh"

quiet import notes "$data/mini/experiences.jsonl" --embedder static --json | json put
plurum init plain --embedder none
quiet import plain "$data/mini/experiences.jsonl" --json | json put
ask() {
    quiet search "$1" 'my bike makes a noise' --json | json results.0.short_id total_found
    quiet search "$1" 'my bike makes a noise' --json | sed 's/"seq":[0-9]*//; s/"updated_at":"[^"]*"//g'
}
ask notes >notes.answers
ask plain >plain.answers

say "vectors for an index that had none"
plurum reindex plain --embedder static
ask plain | cmp - notes.answers && echo "answers as an index that was made with the model"
quiet stats plain --json | json model vectors kept_vectors generation
plurum verify plain

say "back, and forth"
echo '{"goal": "Sharpen a chisel on a flat stone"}' | quiet import plain - --json | json put
plurum reindex plain --rollback
quiet stats plain --json | json model vectors kept_vectors
plurum reindex plain --rollback
quiet stats plain --json | json model vectors kept_vectors
plurum verify plain

say "without vectors, and the text index alone"
quiet reindex notes --embedder none --json | json model dimensions documents without_vector
ask notes | cmp - plain.answers && echo "answers as an index of text alone"
quiet reindex notes --rollback --json | json model dimensions
ask notes | cmp - notes.answers && echo "answers as before"
quiet reindex notes --json | json model documents
ask notes | cmp - notes.answers && echo "answers as before"

say "weights of searches that are given none"
printf 'field_title = 0\nfusion = rrf\n' >weights.conf
quiet search notes 'my bike makes a noise' --weights weights.conf --json | json results.0.combined_score
quiet reindex notes --weights weights.conf --json | json model
quiet search notes 'my bike makes a noise' --json | json results.0.combined_score
quiet reindex notes --rollback --json | json model
ask notes | cmp - notes.answers && echo "answers as before"

say "judged queries: as well as before, or back"
mkdir judged
echo '{"_id": "q", "text": "my bike makes a noise"}' >judged/queries.jsonl
best=$(quiet search notes 'my bike makes a noise' --json | json results.0.short_id)
printf 'query-id\tcorpus-id\tscore\nq\t%s\t2\nq\tmini0011\t1\n' "$best" >judged/qrels.tsv
plurum reindex notes --embedder none --queries judged
quiet stats notes --json | json model
ask notes | cmp - notes.answers && echo "answers as before"
printf 'field_body = 2\n' >weights.conf
quiet reindex notes --weights weights.conf --queries judged --json | json ndcg_before
plurum reindex notes --queries judged
plurum reindex notes --rollback --queries judged
plurum reindex notes --embedder none --queries nowhere
printf 'q\tmini0001\t0\n' >judged/qrels.tsv
plurum reindex notes --embedder none --queries judged
printf 'heading\nq mini0001 0\n' >judged/qrels.tsv
plurum reindex notes --embedder none --queries judged

say "what is wrong"
plurum reindex
plurum reindex nowhere
plurum reindex notes --embedder oracle
plurum reindex notes --rollback --embedder static
plurum reindex notes --weights nowhere.conf
printf 'field_title = -1\n' >bad.conf
plurum reindex notes --weights bad.conf
quiet import fresh "$data/mini/experiences.jsonl" --json | json put
plurum reindex fresh --rollback
