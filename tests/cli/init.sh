#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum init: what an index is made with, and where it may be made.
. "${srcdir:-.}/tests/cli/runner.sh"

say "a new index, with the best model that is shipped, or another"
plurum init notes
plurum init quick --embedder static
plurum init best --embedder minilm
plurum list notes
quiet stats notes --json | json model dimensions documents seq

say "nothing is made over something that is there"
plurum init notes
mkdir empty taken
touch taken/file plain
plurum init empty
plurum init taken
plurum init plain
plurum init nowhere/index
there nowhere empty/FORMAT taken/FORMAT

say "vectors of the caller, or none"
plurum init vectors --embedder none --dim 3 --model three
quiet stats vectors --json | json model dimensions
plurum init text --embedder none
quiet stats text --json | json model dimensions
quiet init again --embedder none --dim 8 --json | json .
plurum init weighted --newcomer-weights --embedder=none

say "what is wrong with an option"
plurum init a --embedder word2vec
plurum init a --embedder none --dim -1
plurum init a --embedder none --dim 4097
plurum init a --embedder none --dim 3x
plurum init a --embedder none --dim ''
plurum init a --dim 256
plurum init a --embedder none --dim 1 --model 0123456789012345678901234567890123456789012345678901234567890123
plurum init a --embedder none --dim 1 --model 'tab	here'
plurum init a b
plurum init
there a

say "without the better model's file, the faster is taken"
mkdir models
cp "$PLURUM_MODELS/static-en-256.plsm" models
PLURUM_MODELS=$PWD/models
plurum init fallen
plurum init b --embedder minilm
echo '{"goal": "Sharpen scissors"}' | plurum import best -
there b

say "no model is where it is looked for"
PLURUM_MODELS=$work/none
plurum init b
there b
