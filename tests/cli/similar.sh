#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum similar: experiences like one, for people and as JSON, and who may ask.
. "${srcdir:-.}/tests/cli/runner.sh"

quiet import notes "$data/mini/experiences.jsonl" --embedder static --json | json put
now=2025-02-01T00:30:00Z

say "by its vector; no model is needed"
PLURUM_MODELS=$work/none
plurum similar notes mini0001 --limit 2 --now $now
quiet similar notes mini0001 --now $now --json | json results.0.short_id total_found note query

say "by its words, with filters, explained"
plurum similar notes mini0001 --mode text --limit 1 --now $now --explain
plurum similar notes mini0001 --domain garden --limit 1 --now $now
plurum similar notes mini0001 --domain nosuch

say "what may not be seen is as if it were not there"
plurum similar notes mini0009
quiet similar notes mini0009 --all --json | json results.0.short_id
plurum similar notes nosuchid

say "what is wrong"
plurum similar notes
plurum similar notes mini0001 --limit 0
plurum similar notes mini0001 --fusion magic
