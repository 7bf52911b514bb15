#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# plurum check, and secrets at the tool's ways in: told by kind and place, never shown.
. "${srcdir:-.}/tests/cli/runner.sh"

cat >clean.md <<'END'
The password is in the vault; export TOKEN=$TOKEN and call with "Authorization: Bearer YOUR_API_KEY".
password=${DB_PASSWORD}
END
cat >notes.md <<'END'
# How to deploy
password: hunter2
- name: DB_PASSWORD
  value: hunter2
docs: postgresql://localhost/app
live: postgresql://app:hunter2@db/app and password=hunter3
END
printf '{"goal": "Deploy it", "solution": "Set p\\u0061ssword=\\u0068unter2"}\n' >escaped.jsonl
printf '{"goal": "Deploy it", "solution": "ordinary"}\n\n  ["ghp\\u005f0aZ9bY8cX7dW6eV5fU4gT3hS2iR1jQ0kP9lO"]\n{"x": {"pin": 1, "password": 12345678}}\n' >>escaped.jsonl

say "nothing is found, and nothing said"
plurum check clean.md
plurum check clean.md clean.md --json
plurum check - <clean.md
: >empty
plurum check empty

say "file, line and kind"
plurum check clean.md notes.md escaped.jsonl
plurum check notes.md --json
plurum check escaped.jsonl --json
plurum check - <notes.md
printf 'a\0b password=hunter2\377' | plurum check -
plurum check notes.md escaped.jsonl | grep -c 'hunter\|ghp_'

say "the samples of the project's own tests"
quiet check "$data/secrets/harmless.txt"; echo "[$?]"
quiet check "$data/mini/experiences.jsonl"; echo "[$?]"

say "the rules"
quiet check --rules | wc -l
quiet check --rules | head -3
quiet check --rules --json | json kind | tail -3

say "what is wrong"
plurum check
plurum check nowhere
plurum check .
plurum check --rules notes.md

say "an import refuses them, or puts the line aside"
cat >mixed.jsonl <<'END'
{"goal": "The first is fine", "id": "00000000-0000-4000-8000-000000000101", "agent_id": "anna"}
{"goal": "The second is not", "gotchas": ["connect to redis://:hunter2@cache first"]}
{"goal": "The third neither", "unheard_of": {"api_key": "0123456789abcdef0123"}}
END
plurum import notes mixed.jsonl
there notes
plurum import notes mixed.jsonl --rejects rejects.jsonl
grep '^#' rejects.jsonl
quiet stats notes --json | json documents

say "so does feedback, and so do reports"
id=00000000-0000-4000-8000-000000000101
echo '{"experience": "'$id'", "agent": "bob", "type": "outcome", "success": false, "error_message": "password=hunter2"}' >feedback.jsonl
plurum feedback notes feedback.jsonl
echo '{"experience": "'$id'", "error_message": password=hunter2' >feedback.jsonl
plurum feedback notes feedback.jsonl
plurum outcome notes $id --agent bob --failure --error 'no luck with password=hunter2'
plurum outcome notes $id --agent bob --failure --notes 'Authorization: Bearer 0aZ9bY8cX7dW6eV5fU4g'
plurum outcome notes $id --agent bob --failure --env '{"DB_PASSWORD": "hunter2"}'
plurum vote notes $id --agent ghp_0aZ9bY8cX7dW6eV5fU4gT3hS2iR1jQ0kP9lO up
quiet trust notes $id --json | json 'events.#'
