#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum assemble: from a session's entries to an experience that import takes.
. "${srcdir:-.}/tests/cli/runner.sh"

cat >session.json <<'END'
{
  "session": {"id": "1", "topic": "Set up PostgreSQL replication", "domain": "databases",
              "tools_used": ["postgresql", "docker"], "status": "closed", "visibility": "public",
              "outcome": "success", "agent_id": "anna"},
  "entry_count": 6,
  "entries": [
    {"ordinal": 1, "entry_type": "update", "content": {"text": "Two nodes, PostgreSQL 16"}},
    {"ordinal": 2, "entry_type": "dead_end",
     "content": {"what": "synchronous_commit=on", "why": "Three times the latency"}},
    {"ordinal": 3, "entry_type": "breakthrough",
     "content": {"insight": "Asynchronous with slots", "detail": "WAL is kept", "importance": "high"}},
    {"ordinal": 4, "entry_type": "gotcha", "content": {"warning": "Slots fill the disk", "context": "when a replica is gone"}},
    {"ordinal": 5, "entry_type": "artifact", "content": {"language": "bash", "code": "pg_basebackup -R", "description": "Clone"}},
    {"ordinal": 6, "entry_type": "note", "content": {"text": "Watch pg_replication_slots"}}
  ]
}
END

say "the experience, and an import of it"
plurum assemble session.json
quiet assemble session.json --json | json goal
quiet assemble - <session.json | quiet import notes - --json | json put rejected
id=$(quiet list notes --json | json items.0.short_id)
plurum acquire notes "$id" --mode checklist | tail -n +2
quiet get notes "$id" --json | json status agent_id context

say "a private session gives a draft"
sed 's/"public"/"private"/' session.json >private.json
quiet assemble private.json | json status visibility

say "what is wrong, by field or by line"
plurum assemble
plurum assemble nowhere.json
plurum assemble .
wrong() {
    sed "$1" session.json >wrong.json
    plurum assemble wrong.json
}
wrong 's/"topic": "[^"]*"/"topic": "four"/'
wrong 's/"why"/"was"/; s/"what"/"which"/'
wrong 's/"gotcha"/"trap"/'
wrong 's/"text": "Watch/"text": 7, "x": "Watch/'
wrong 's/Two nodes/Bearer 0aZ9bY8cX7dW6eV5fU4g/'
wrong 's/"entry_count": 6,/"entry_count": 6/'
wrong '/ordinal/d'
: >empty.json
plurum assemble empty.json
