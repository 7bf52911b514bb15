#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A model that is asked over HTTP: an index of it, what the tools say while it does not answer, and
# experiences that wait for it. The endpoint is tests/http/serve.c.
. "${srcdir:-.}/tests/cli/runner.sh"
unset http_proxy HTTP_PROXY all_proxy ALL_PROXY
PLURUM_EMBED_KEY=sk-only-the-endpoint-sees-this
export PLURUM_EMBED_KEY
server=

start() {
    rm -f endpoint.url
    "$build/tests/http/serve" "${1-0}" endpoint &
    server=$!
    for i in $(seq 500); do
        [ -s endpoint.url ] && break
        sleep .02
    done
    url=$(cat endpoint.url)
}
stop() {
    kill "$server" && wait "$server"
    server=
}
trap '[ -z "$server" ] || kill "$server"' EXIT
behave() {
    echo "$1" >endpoint
}
waiting() {
    quiet stats notes --json | json vectors waiting
}

start
port=${url#http://127.0.0.1:}
port=${port%%/*}

say "an index of it; the dimensions are asked for, or said"
plurum init notes --embedder "$url" --model words
quiet init said --embedder "$url" --dim 16 --json | json model dimensions
plurum init wrong --embedder "$url" --dim 7
plurum import wrong "$data/mini/experiences.jsonl"
plurum init wrong --embedder "http://127.0.0.1:$port/elsewhere"
plurum init wrong --embedder "https://me:secret@localhost/v1"
plurum init wrong --embedder "$url?api_key=sk-proj-AbCdEf1234567890AbCdEf1234567890AbCdEf12"
plurum init wrong2 --embedder ftp://localhost/v1
plurum init wrong2 --embedder static --dim 16

say "the key goes along, and several texts at once"
quiet import notes "$data/mini/experiences.jsonl" --json | json put
waiting
stop
cat endpoint.seen
start "$port"

say "searches ask it, where the index says or elsewhere"
plurum search notes 'rotate a log file' --mode vector --limit 1 | head -2
plurum search notes 'rotate a log file' --mode vector --limit 1 --embedder "http://127.0.0.1:$port/elsewhere"
plurum init quick --embedder static
plurum search quick x --embedder "$url"

say "it does not answer: searches do without, an import fails, or lets its experiences wait"
behave broken
quiet search notes 'rotate a log file' --limit 1 --json | json note
echo '{"goal": "Polish a brass doorknob", "short_id": "doorknob"}' >one.jsonl
behave refusing
plurum import notes one.jsonl
behave unauthorised
plurum import notes one.jsonl --embed-later
waiting
quiet search notes 'brass doorknob' --limit 1 --json | json results.0.short_id note
plurum embed notes
plurum verify notes

say "and then it does"
behave well
plurum embed notes
waiting
plurum embed notes
quiet search notes 'brass doorknob' --mode vector --limit 1 --json | json results.0.short_id

say "nobody listens any more: what waits goes along, and an import settles it later"
stop
echo '{"goal": "Polish a copper kettle", "short_id": "kettle00"}' >two.jsonl
plurum import notes two.jsonl --embed-later
quiet backup notes copy >/dev/null
quiet stats copy --json | json vectors waiting
start "$port"
echo '{"goal": "Polish a pewter mug", "short_id": "pewter00"}' >three.jsonl
quiet import notes three.jsonl --json 2>/dev/null | json put
waiting

say "reindex: to it, to another model there, and back without asking anybody"
quiet import plain "$data/mini/experiences.jsonl" --embedder static --json | json put
plurum reindex plain --embedder "$url" --model words
plurum reindex plain --embedder "$url" --model others --dim 16
quiet reindex plain --rollback --json | json model dimensions
plurum reindex plain --model words
quiet stats plain --json | json model waiting

say "the key is nowhere"
stop
grep -rl only-the-endpoint "$work" || echo "no index and no output holds it"
