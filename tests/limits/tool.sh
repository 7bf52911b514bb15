#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the tool refuses: each row runs it, wants this exit status, one line on standard error that
# holds these words, and index and files as they were. tests/limits/check.sh runs this.
set -u
tool=${CLI_BUILD:-$PWD}/plurum
top=$(cd "${srcdir:-.}" && pwd)
data=$top/tests/data/mini
work=$(mktemp -d /tmp/plurum-limits-XXXXXX)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
export PLURUM_MODELS="$top/data/models" LC_ALL=C TZ=UTC NO_COLOR=1
cd "$work" || exit 1
cp "$data/experiences.jsonl" .
failed=0
rows=${LIMITS_ROWS:-/dev/null}

# Everything here but claims of processes, and what the index tells of itself.
state() {
    find . -type f ! -name lock.mdb ! -name writer.lock ! -name message ! -name before ! -name after \
        -exec cksum {} + | sort
    find . -type d | sort
    "$tool" export notes
}

wrong() {
    echo "tool.sh: $shown: $*"
    sed 's/^/    /' message
    failed=1
}

# kind NAME: the section that the rows belong to
kind() {
    section="\`plurum\`: $1"
}

# refused EXIT WORDS ARGUMENT…
refused() {
    want=$1
    words=$2
    shift 2
    shown=plurum
    for word in "$@"; do
        case $word in
        '' | *[!A-Za-z0-9_./:,@%+=-]*) shown="$shown '$word'" ;;
        *) shown="$shown $word" ;;
        esac
    done
    state >before
    "$tool" "$@" </dev/null >/dev/null 2>message
    code=$?
    state >after
    [ $code = "$want" ] || wrong "exit status $code, expected $want"
    [ "$(wc -l <message)" = 1 ] || wrong "not one line"
    grep -qF -- "$words" message || wrong "does not say \"$words\""
    cmp -s before after || wrong "changed something"
    printf '%s\t%s\t%s\t%s\n' "$section" "$shown" "$code" "$(cat message)" >>"$rows"
}

"$tool" import notes experiences.jsonl --embedder static >/dev/null || exit 1
"$tool" init vectors --embedder none --dim 4 >/dev/null || exit 1
echo '{"goal":"long enough"}' | "$tool" import vectors - >/dev/null || exit 1
"$tool" outcome notes mini0001 --agent anna --success >/dev/null || exit 1
"$tool" vote notes mini0001 --agent anna up >/dev/null || exit 1
echo letter >letter
mkdir full empty
echo letter >full/letter

kind "usage"
refused 2 "no such command" serch notes bread
refused 2 "no such option" search notes bread --limt 3
refused 2 "a value is missing" search notes bread --limit
refused 2 "argument" search
refused 2 "1 argument" outcome notes --agent anna --success
refused 2 "none of --success and --failure" outcome notes mini0001 --agent anna
refused 2 "--success" outcome notes mini0001 --agent anna --success --failure
refused 2 "--agent" outcome notes mini0001 --success
refused 2 "--agent" vote notes mini0001 up
refused 2 "sideways" vote notes mini0001 sideways --agent anna
refused 2 "--agent" forget notes

kind "indexes and files"
refused 4 "no such index" search nothing bread
refused 4 "not a plurum index" search letter bread
refused 4 "not a plurum index" search empty bread
refused 3 "not empty" init full
refused 3 "a file" init letter
refused 3 "not empty" init notes
refused 4 "nothing.jsonl" import notes nothing.jsonl
refused 4 "nothing.jsonl" feedback notes nothing.jsonl
refused 4 "nothing.npy" import notes experiences.jsonl --vectors nothing.npy
refused 4 "nothing" search notes bread --weights nothing
refused 3 "not empty" backup notes full
refused 3 "a file" backup notes letter
refused 3 "not empty" restore notes full
refused 4 "not a plurum index" restore full new
refused 4 "nothing" restore nothing new
refused 4 "nothing" export nothing
refused 4 "no/out" export notes no/out
refused 4 "not a plurum index" compact full
refused 4 "not a plurum index" reindex full
refused 4 "nothing" verify nothing
refused 4 "nothing" stats nothing
refused 4 "nothing" assemble nothing
refused 4 "nothing" check nothing

kind "numbers, words and times"
refused 2 "--limit: \"0\"" search notes bread --limit 0
refused 2 "--limit: \"10001\"" search notes bread --limit 10001
refused 2 "--limit: \"ten\"" search notes bread --limit ten
refused 2 "--offset: \"-1\"" search notes bread --offset -1
refused 2 "--min-quality: \"1.5\"" search notes bread --min-quality 1.5
refused 2 "--min-quality: \"nan\"" search notes bread --min-quality nan
refused 2 "--min-confidence: \"-1\"" search notes bread --min-confidence=-1
refused 2 "--since: \"yesterday\"" search notes bread --since yesterday
refused 2 "--until: \"2026-02-30\"" search notes bread --until 2026-02-30
refused 2 "--now: \"noon\"" search notes bread --now noon
refused 2 "--status: \"done\"" search notes bread --status done
refused 2 "--visibility: \"all\"" list notes --visibility all
refused 2 "--mode: \"both\"" search notes bread --mode both
refused 2 "--fusion: \"magic\"" search notes bread --fusion magic
refused 2 "--mode: \"poem\"" acquire notes mini0001 --mode poem
refused 2 "--dim: \"4097\"" init new --embedder none --dim 4097
refused 2 "--dim: \"-1\"" init new --embedder none --dim=-1
refused 2 "--embedder: \"magic\"" init new --embedder magic
refused 2 "--on-conflict: \"merge\"" import notes experiences.jsonl --on-conflict merge
refused 2 "--threads: \"65\"" import notes experiences.jsonl --threads 65
refused 2 "--batch: \"0\"" import notes experiences.jsonl --batch 0
refused 2 "--time-ms: \"-1\"" outcome notes mini0001 --agent ben --success --time-ms=-1
refused 2 "--at: \"later\"" outcome notes mini0001 --agent ben --success --at later

kind "ids, agents and reports"
for command in get acquire similar trust publish archive delete; do
    refused 3 "no document \"nobody00\"" $command notes nobody00
done
refused 3 "no document \"nobody00\"" why notes nobody00 bread
refused 3 "no document \"nobody00\"" outcome notes nobody00 --agent anna --success
refused 3 "no document \"nobody00\"" vote notes nobody00 --agent anna up
refused 3 "has reported an outcome" outcome notes mini0001 --agent anna --failure
refused 3 "later than the clock" outcome notes mini0001 --agent ben --success --at 9999-01-01
refused 3 "agent: " outcome notes mini0001 --agent "zo$(printf '\303\253')" --success
refused 3 "holds a secret" outcome notes mini0001 --agent ben --failure --error password=hunter2
refused 3 "holds a secret" outcome notes mini0001 --agent ben --failure --notes password=hunter2
refused 3 "agent: " forget notes --agent ''

kind "queries"
refused 3 "cursor: not one" search notes bread --cursor 00
refused 2 "offset" search notes bread --offset 1 --cursor 00
refused 2 "neither a text nor a vector" search notes ''
refused 2 "--cursor: not together with --mmr; give an --offset" search notes bread --mmr 0.5 --cursor 00
refused 2 "--log: not together with --collapse or --mmr" search notes bread --collapse-goals --log log.jsonl
echo 'candidates = 1001' >weights
refused 2 "--collapse and --mmr: with 1001 candidates" search notes bread --mmr 0.5 --weights weights
echo 'alpha = 2' >weights
refused 3 "weights:1: alpha: 2" search notes bread --weights weights
echo 'alhpa = 1' >weights
refused 3 "alhpa" search notes bread --weights weights

kind "vector files"
npy() { # SHAPE DTYPE ORDER BYTES
    header="{'descr': '$2', 'fortran_order': $3, 'shape': ($1), }"
    printf '\223NUMPY\001\000\166\000%-117s\n' "$header" >bad.npy
    head -c "$4" /dev/zero >>bad.npy
}
cp letter bad.npy
refused 3 "bad.npy" search vectors '' --vector bad.npy
npy "1, 4" "<f8" False 32
refused 3 "bad.npy" search vectors '' --vector bad.npy
npy "4, 1" "<f4" True 16
refused 3 "bad.npy" search vectors '' --vector bad.npy
npy "1, 4" "<f4" False 12
refused 3 "bad.npy" search vectors '' --vector bad.npy
npy "1, 0" "<f4" False 0
refused 3 "0 dimensions" search vectors '' --vector bad.npy
npy "1, 3" "<f4" False 12
refused 3 "3 dimensions" search vectors '' --vector bad.npy
npy "2, 4" "<f4" False 32
refused 3 "2 rows" search vectors '' --vector bad.npy
echo '{"goal":"long enough"}' >one.jsonl
refused 3 "2 rows for 1 line" import vectors one.jsonl --vectors bad.npy
npy "1, 4" "<f4" False 16
refused 3 "one.jsonl:1: the vector is zero" import vectors one.jsonl --vectors bad.npy
refused 3 "of model static" import notes one.jsonl --vectors bad.npy
refused 3 "of model static" search notes bread --vector bad.npy

kind "lines of an import"
line() { # EXIT WORDS LINE
    printf '%s\n' '{"goal":"a sound line before"}' "$3" >bad.jsonl
    refused "$1" "bad.jsonl:2: $2" import notes bad.jsonl
    sed -i "\$s|plurum import notes bad.jsonl|$(printf '%s' "$3" | sed 's/[\\|&]/\\&/g')|" "$rows"
}
line 3 "not JSON at byte" '{"goal":'
line 3 "goal: missing" '{}'
line 3 "goal: 4 code points" '{"goal":"four"}'
line 3 "id: \"7\"" '{"goal":"long enough","id":"7"}'
line 3 "key: " '{"goal":"long enough","id":"'"$("$tool" get notes mini0001 --json | sed 's/.*"id":"\([^"]*\)".*/\1/')"'"}'
line 3 "short_id: \"mini0001\" is taken" '{"goal":"long enough","short_id":"mini0001"}'
line 3 "solution: holds a secret" '{"goal":"long enough","solution":"password=hunter2"}'
line 3 "nesting: more than 64 levels" '{"x":'"$(printf '%064d' 0 | tr 0 '[')$(printf '%064d' 0 | tr 0 ']')"'}'

kind "lines of feedback"
feedback() { # WORDS LINE
    printf '%s\n' '{"experience":"mini0002","agent":"ben","type":"vote","vote":"up"}' "$2" >bad.jsonl
    refused 3 "bad.jsonl:2: $1" feedback notes bad.jsonl
    sed -i "\$s|plurum feedback notes bad.jsonl|$(printf '%s' "$2" | sed 's/[\\|&]/\\&/g')|" "$rows"
}
event='{"experience":"mini0002","agent":"carl"'
feedback "not JSON at byte" '{"experience":'
feedback "a number, an object expected" '17'
feedback "experience: missing" '{"agent":"carl","type":"vote","vote":"up"}'
feedback "agent: missing" '{"experience":"mini0002","type":"vote","vote":"up"}'
feedback "type: missing" "$event}"
feedback "type: \"visit\"" "$event,\"type\":\"visit\"}"
feedback "success: true or false" "$event,\"type\":\"outcome\"}"
feedback "vote: \"sideways\"" "$event,\"type\":\"vote\",\"vote\":\"sideways\"}"
feedback "vote: a number" "$event,\"type\":\"vote\",\"vote\":1}"
feedback "at: \"later\"" "$event,\"type\":\"vote\",\"vote\":\"up\",\"at\":\"later\"}"
feedback "at: 2999-01-01T00:00:00Z is later" "$event,\"type\":\"vote\",\"vote\":\"up\",\"at\":\"2999-01-01T00:00:00Z\"}"
feedback "execution_time_ms: -1" "$event,\"type\":\"outcome\",\"success\":true,\"execution_time_ms\":-1}"
feedback "error_message: a number" "$event,\"type\":\"outcome\",\"success\":true,\"error_message\":7}"
feedback "env_fingerprint: a JSON object" "$event,\"type\":\"outcome\",\"success\":true,\"env_fingerprint\":[]}"
feedback "context_notes: holds a secret" "$event,\"type\":\"outcome\",\"success\":true,\"context_notes\":\"password=hunter2\"}"
feedback "no document \"nobody00\"" '{"experience":"nobody00","agent":"carl","type":"vote","vote":"up"}'
feedback "agent anna has reported an outcome" '{"experience":"mini0001","agent":"anna","type":"outcome","success":true}'

kind "sessions, rebuilds and damage"
echo '{"topic":"topic","entries":[]}' >session.json
refused 3 "session.json: entries: empty" assemble session.json
echo '{"topic":' >session.json
refused 3 "session.json:" assemble session.json
refused 3 "no generation before" reindex notes --rollback
refused 2 "--rollback" reindex notes --rollback --embedder none
refused 2 "--queries" reindex notes --queries full
cp -R notes damaged
: >damaged/store/data.mdb
refused 5 "the store's file is empty" get damaged mini0001
refused 5 "the store's file is empty" verify damaged
echo plurum-index 41 >damaged/FORMAT
refused 4 "format 41, this one reads up to 0" get damaged mini0001

exit $failed
