#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum verify --deep: on a copy, in a process that may crash.
. "${srcdir:-.}/tests/cli/runner.sh"
export TMPDIR="$work/in/scratch"
mkdir scratch

quiet import notes "$data/mini/experiences.jsonl" --json | json put

say "a sound index"
plurum verify notes --deep
quiet verify notes --deep --json | json .
ls scratch

say "an altered record is named"
cp -r notes altered
sed -i s/mini0007/mini000x/g altered/store/data.mdb
plurum verify altered --deep
quiet verify altered --deep --json | json findings damaged.#

say "a meta page that is older than the one before"
cp -r notes older
printf '\0\0\0\0' | dd of=older/store/data.mdb bs=1 seek=144 conv=notrunc 2>dd.log
plurum verify older --deep | sed 's/transactions [0-9]* and [0-9]*/transactions N and N/'

say "pages of nonsense crash a reader, or are named; either is damage"
cp -r notes nonsense
dd if=/dev/zero bs=4096 count=40 2>dd.log | tr '\0' '\377' |
    dd of=nonsense/store/data.mdb bs=4096 seek=2 conv=notrunc 2>dd.log
quiet verify nonsense --deep >found 2>errors
echo "[$?]"
grep -c '^damaged: ' found | sed 's/^[1-9][0-9]*$/some/'

say "no store, half a store"
cp -r notes half
truncate -s 30000 half/store/data.mdb
quiet verify half --deep >found 2>errors
echo "[$?]"
rm half/store/data.mdb
plurum verify half --deep
ls scratch

say "what is wrong"
plurum verify nowhere --deep
plurum verify . --deep
plurum verify notes --deep --scratch nowhere
plurum verify notes --scratch scratch
