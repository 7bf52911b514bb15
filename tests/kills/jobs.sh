#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Jobs that are killed at a random moment: the index is as it was before or as it should be, and the
# same job, started again, comes to its end.
#
#     KILL_ROUNDS=100 SEED=7 tests/kills/jobs.sh      run in the build directory
set -eu
case ${srcdir:-.} in
/*) top=$srcdir ;;
*) top=$PWD/${srcdir:-.} ;;
esac
export PLURUM_MODELS="$top/data/models" LC_ALL=C
rounds=${KILL_ROUNDS:-2} seed=${SEED:-$$}
plurum=$PWD/plurum
work=$(mktemp -d /tmp/plurum-kills-XXXXXX)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo "seed $seed, $rounds rounds"

say_bad() {
    echo "round $round, $job, killed after $moment s: $*"
    exit 1
}

# Lines without what a replacement numbers anew.
lines() {
    "$plurum" export "$1" | sed 's/"internal_id":[0-9]*,//; s/"updated_at":"[^"]*",//'
}

# Runs a job and kills it; 0 when it had come to its end before.
killed() {
    timeout -s KILL "$moment" "$plurum" "$@" >out 2>&1 && return 0
    [ $? = 137 ] || say_bad "$(cat out)"
    kills=$((kills + 1))
}

# The index is sound and says what it said.
same() {
    "$plurum" verify "$1" >out 2>&1 || say_bad "verify: $(cat out)"
    lines "$1" | cmp -s - "$2" || say_bad "$1 says something else"
}

awk 'BEGIN { for (i = 0; i < 1500; i++)
    printf "{\"goal\": \"The way number %d to mend a thing\", \"solution\": \"It took %d screws and a \
rope of %d metres, and all was well after %d days.\", \"agent_id\": \"agent%d\"}\n",
           i, i * 7 % 13, i * i % 101, i % 9, i % 5 }' >made.jsonl
"$plurum" import notes made.jsonl >out
"$plurum" export notes | sed -n 's/.*"short_id":"\([^"]*\)".*/\1/p' | awk 'NR % 10 == 0 {
    printf "{\"experience\": \"%s\", \"agent\": \"agent%d\", \"type\": \"vote\", \"vote\": \"up\"}\n", $1, NR / 10 % 5
    printf "{\"experience\": \"%s\", \"agent\": \"other\", \"type\": \"outcome\", \"success\": true}\n", $1 }' \
    >reports.jsonl
"$plurum" feedback notes reports.jsonl >out
lines notes >right
"$plurum" backup notes kept >out
kills=0

round=0
while [ $round -lt "$rounds" ]; do
    for job in backup restore compact reindex rollback forget import; do
        moment=$(awk -v s=$((seed + round * 31)) -v j=$job 'BEGIN { srand(s + length(j)); print .02 + rand() * .6 }')
        case $job in
        backup)
            rm -rf copy
            killed backup notes copy || true
            [ ! -e copy ] || same copy right
            [ -e copy ] || "$plurum" backup notes copy >out || say_bad "$(cat out)"
            same copy right
            ;;
        restore)
            rm -rf back
            killed restore kept back || true
            [ ! -e back ] || same back right
            [ -e back ] || "$plurum" restore kept back >out || say_bad "$(cat out)"
            same back right
            ;;
        compact)
            killed compact notes || true
            same notes right
            "$plurum" compact notes >out 2>&1 || say_bad "$(cat out)"
            same notes right
            [ ! -e notes/store.new ] || say_bad "something is left"
            ;;
        reindex)
            killed reindex notes --embedder none || true
            same notes right
            "$plurum" reindex notes --embedder none >out 2>&1 || say_bad "$(cat out)"
            killed reindex notes --embedder static || true
            same notes right
            "$plurum" reindex notes --embedder static >out 2>&1 || say_bad "$(cat out)"
            same notes right
            ;;
        rollback)
            killed reindex notes --rollback || true
            same notes right
            "$plurum" reindex notes --embedder static >out 2>&1 || say_bad "$(cat out)"
            same notes right
            ;;
        forget)
            rm -rf copy
            "$plurum" restore kept copy >out
            "$plurum" forget copy --agent agent3 >out
            lines copy >forgotten
            rm -rf copy
            "$plurum" restore kept copy >out
            killed forget copy --agent agent3 || true
            "$plurum" verify copy >out 2>&1 || say_bad "verify: $(cat out)"
            lines copy >now
            cmp -s now right || cmp -s now forgotten || say_bad "half is forgotten"
            ;;
        import)
            rm -rf copy
            "$plurum" export notes exported.jsonl
            killed import copy exported.jsonl --batch 100 || true
            [ -e copy/FORMAT ] || rm -rf copy # it was not an index yet
            "$plurum" import copy exported.jsonl --on-conflict skip >out 2>&1 || say_bad "$(cat out)"
            same copy right
            ;;
        esac
    done
    round=$((round + 1))
done
echo "$kills kills"
[ $kills -gt 0 ]
