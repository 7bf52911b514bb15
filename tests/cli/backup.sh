#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum backup and plurum restore.
. "${srcdir:-.}/tests/cli/runner.sh"

quiet import notes "$data/mini/experiences.jsonl" --json | json put
quiet outcome notes mini0001 --agent anna --success --json | json changed
quiet vote notes mini0002 --agent anna down --json | json changed

say "a backup, and what is restored from it"
plurum backup notes monday
there monday/FORMAT monday/store/data.mdb monday.part
quiet vote notes mini0001 --agent anna up --json | json changed
plurum restore monday back
there back.part
plurum verify back
quiet trust back mini0001 --json | json trust_score events.#
quiet backup back again --json | json index documents records seq '?'
quiet restore again third --json | json index documents records seq '?'
for index in back third; do quiet export $index; done | sort | uniq -c | sed 's/{.*//' | sort -u | tr -d ' '

say "a place that holds something is refused"
plurum backup notes monday
plurum restore monday notes
plurum restore monday monday/FORMAT
mkdir empty
plurum restore monday empty

say "what is wrong"
plurum backup notes
plurum backup nowhere there
plurum backup notes none/there
plurum restore nowhere there
plurum restore . there
plurum restore monday none/there
plurum restore monday
there there there.part
printf 'plurum-index 9\n' >monday/FORMAT
plurum restore monday there
printf 'plurum-index 0\n' >monday/FORMAT
sed -i s/mini0007/mini000x/g monday/store/data.mdb
plurum restore monday there
there there there.part
