#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# libtrust gives the same bits whichever compiler built it and at whichever level. Linking without
# -lm shows besides that the sources need no libm.
top=${srcdir:-.}
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT INT TERM
failed=0 builds=0
for cc in "${CC:-cc}" clang; do
    command -v "${cc%% *}" >/dev/null 2>&1 || continue
    for level in -O0 -O2 -O3 "-O3 -march=native"; do
        # shellcheck disable=SC2086  # several words each
        $cc $level -std=c11 -ffp-contract=off -fno-math-errno -I"$top/libtrust/include" \
            "$top"/libtrust/*.c "$top/tests/unit/trust_bits.c" -o "$dir/bits" 2>"$dir/errors" || {
            # a target without "native" is no failure
            case $level in *native) continue ;; esac
            cat "$dir/errors" >&2
            echo "$cc $level: does not build" >&2
            failed=1
            continue
        }
        builds=$((builds + 1))
        digest=$("$dir/bits") || { echo "$cc $level: other bits, $digest" >&2; failed=1; }
    done
done
[ "$builds" -gt 0 ] || { echo "no compiler" >&2; exit 77; }
echo "$builds builds"
exit $failed
