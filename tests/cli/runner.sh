# SPDX-License-Identifier: GPL-2.0-or-later
# Read by every script of this folder. The script is run again in a folder of its own under /tmp;
# what it prints, with what varies replaced, must equal NAME.out beside it.
#
#     plurum ARGUMENT…   runs the tool; stderr is mixed in, and an exit status that is not 0 follows
#     bench ARGUMENT…    the same of plurum-bench
#     say TEXT           a heading
#     json PATH…         picks values from JSON lines (tests/cli/json.c)
#     there FILE…        which of these there are
#     until_waits PID    waits until a tool in the background sleeps on a pipe
#     $data              the folder tests/data
#
# UPDATE=1 make check rewrites the expected output. It is for eyes to check, then.

build=${CLI_BUILD:-$PWD}
case ${srcdir:-.} in
/*) top=$srcdir ;;
*) top=$PWD/${srcdir:-.} ;;
esac
top=$(cd "$top" && pwd)
data=$top/tests/data
export PLURUM_MODELS="$top/data/models" LC_ALL=C TZ=UTC NO_COLOR=1

# Durations, the present, process ids.
normalise() {
    sed -E \
        -e "s|$work|WORK|g" -e "s|$top|TOP|g" \
        -e 's/127\.0\.0\.1:[0-9]+/127.0.0.1:PORT/g' \
        -e 's/ in [0-9]+\.[0-9]+ s/ in N s/' \
        -e 's/[0-9]+\.[0-9]+ ms/N ms/g' \
        -e 's/"(seconds|ms|index_s|p50|p95)":[0-9.e+-]+/"\1":N/g' \
        -e 's/is later than the clock, [0-9TZ:-]+/is later than the clock, NOW/' \
        -e 's/digest is [0-9a-f]{16}, the counter says [0-9a-f]{16}/digest is D, the counter says D/' \
        -e 's/process [0-9]+ is writing/process PID is writing/'
}

if [ -z "${CLI_INSIDE-}" ]; then
    set -u
    name=$(basename "$0" .sh)
    script=$(cd "$(dirname "$0")" && pwd)/$name.sh
    work=$(mktemp -d /tmp/plurum-cli-XXXXXX)
    trap 'rm -rf "$work"' EXIT
    trap 'exit 1' HUP INT TERM
    mkdir "$work/in"
    CLI_INSIDE=1 CLI_BUILD=$build CLI_WORK=$work srcdir=$top sh "$script" >"$work/raw" 2>&1
    normalise <"$work/raw" >"$work/out"
    if [ -n "${UPDATE-}" ]; then
        cp "$work/out" "$top/tests/cli/$name.out"
        exit 0
    fi
    diff -u "$top/tests/cli/$name.out" "$work/out" && exit 0
    echo "$name: the output differs; UPDATE=1 make check TESTS=tests/cli/$name.sh takes it over"
    exit 1
fi

work=$CLI_WORK
cd "$work/in" || exit 1

# shown NAME PROGRAM ARGUMENT…: the command as it is typed, its output, its exit status.
shown() {
    shown_name=$1
    shown_program=$2
    shift 2
    printf '$ %s' "$shown_name"
    for shown_word in "$@"; do
        case $shown_word in
        '' | *[!A-Za-z0-9_./:,@%+=-]*) printf " '%s'" "$shown_word" ;;
        *) printf ' %s' "$shown_word" ;;
        esac
    done
    echo
    "$shown_program" "$@" 2>&1
    shown_code=$?
    [ $shown_code = 0 ] || echo "[$shown_code]"
    return $shown_code
}

plurum() {
    shown plurum "$build/plurum" "$@"
}

bench() {
    shown plurum-bench "$build/plurum-bench" "$@"
}

# Without the command line and the status: for pipes.
quiet() {
    "$build/plurum" "$@"
}

json() {
    "$build/tests/cli/json" "$@" || echo "[no JSON]"
}

# Which of these there are.
there() {
    for there_name in "$@"; do
        [ -e "$there_name" ] && echo "there is $there_name" || echo "there is no $there_name"
    done
}

# Until a tool in the background sleeps on a pipe that it has read empty, or filled. Before it catches
# SIGINT it is still the shell's child or a wrapper, which ignore that, and sleep on pipes of their own.
until_waits() {
    waits_tries=0
    until { grep -qs '^SigCgt:.*[2367abef]$' "/proc/$1/status" && grep -qs pipe "/proc/$1/wchan"; } ||
        [ $waits_tries -ge 100 ]; do
        sleep 0.1
        waits_tries=$((waits_tries + 1))
    done
}

say() {
    printf '\n# %s\n' "$*"
}
