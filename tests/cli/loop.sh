#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum-bench loop: the table of learners, the same again from the same seed, JSON, what is wrong.
. "${srcdir:-.}/tests/cli/runner.sh"
mini=$data/mini

say "a small world"
bench loop "$mini" --vectors --scenario benign --seeds 2 --passes 8
"$build/plurum-bench" loop "$mini" --vectors --scenario benign --seeds 2 --passes 8 >once
"$build/plurum-bench" loop "$mini" --vectors --scenario benign --seeds 2 --passes 8 >twice
cmp once twice && echo "the same seeds give the same figures"

say "weights of one's own, and the engine alone"
echo 'floor = 1' >no-trust
bench loop "$mini" --vectors --scenario noise --seeds 1 --passes 4 --engine-only --weights no-trust

say "along a weight"
bench loop "$mini" --vectors --scenario benign --seeds 1 --passes 4 --engine-only --along floor=0,0.2,1

say "as JSON, every scenario"
"$build/plurum-bench" loop "$mini" --vectors --seeds 1 --passes 4 --json >answer
wc -l <answer
head -1 answer | json kind collection scenario best_rival '?' 'learners.0.?' 'learners.0.first_pick.?' 'about.?'
"$build/plurum-bench" loop "$mini" --vectors --scenario benign --seeds 1 --passes 4 --engine-only \
    --weights no-trust --along fusion=rrf,minmax --json >answer
for i in 1 2 3 4 5 6 7; do
    json learners.$i.learner learners.$i.engine.weights.gate learners.$i.engine.weights.floor \
        learners.$i.engine.weights.fusion learners.$i.engine.quarantine learners.$i.engine.environment <answer
done

say "what is wrong"
bench loop
bench loop nowhere
bench loop "$mini" --scenario peaceful
bench loop "$mini" --vectors --weights nowhere
bench loop "$mini" --passes 3
bench loop "$mini" --vectors --along floor
bench loop "$mini" --vectors --along flor=1
bench loop "$mini" --vectors --along floor=1,
bench loop "$mini" --vectors --along floor=0.5,2
bench loop "$mini" --vectors --along floor=0,0,0,0,0,0,0,0,0,0,0,0,0,0,0
