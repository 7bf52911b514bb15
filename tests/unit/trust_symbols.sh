#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The libtrust that was built needs nothing but a few functions of libc: no libm, no heap, no
# locale, no threads.
[ "${PLURUM_EXPORTS-}" != counted ] || { echo "counting needs more"; exit 77; }
allowed='^(mem(cpy|set|move)|strlen|snprintf)$'
internal='^(plurum_trust_|pli_trust_)'
toolchain='^(__(mem(cpy|set)|snprintf)_chk|__stack_chk_(fail|guard)|__cxa_finalize|__gmon_start__)$'
linker='^(_ITM_.*|_GLOBAL_OFFSET_TABLE_)$'
sanitizers='^_+(asan|ubsan|tsan|sanitizer|odr_asan)_'
checked=0
for file in .libs/libplurum-trust.so .libs/libplurum-trust.a; do
    [ -f "$file" ] || continue
    dynamic=
    case $file in *.so) dynamic=-D ;; esac
    symbols=$(nm $dynamic -u "$file" 2>/dev/null) || { echo "nm cannot read $file" >&2; exit 99; }
    others=$(echo "$symbols" | sed -n 's/^ *[Uwv] //p' | sed 's/@.*//' | sort -u |
        grep -Ev "$allowed|$internal|$toolchain|$linker|$sanitizers")
    [ -z "$others" ] || { echo "$file needs" $others >&2; exit 1; }
    checked=1
done
[ $checked = 1 ] || { echo "no library in .libs" >&2; exit 77; }
