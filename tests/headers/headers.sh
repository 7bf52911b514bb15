#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Each public header alone, and twice: as C99 and as C++11, strictly, without a warning; and
# use.c, which uses their macros, as both. Every header has an include guard of its own name.
set -eu
src=${srcdir:-$(dirname "$0")/../..}
cc=${CC:-cc}
cxx=${CXX:-c++}
strict="-fsyntax-only -pedantic -Wall -Wextra -Wconversion -Wshadow -Wundef -Werror"
paths="-I$src/libsearch/include -I$src/libtrust/include"
work=$(mktemp -d /tmp/plurum-headers-XXXXXX)
trap 'rm -rf "$work"' EXIT
bad=0

# compile WHAT FILE: as both languages
compile() {
    # shellcheck disable=SC2086
    $cc -x c -std=c99 $strict -Wstrict-prototypes $paths "$2" ||
        { echo "$1 is not C99" >&2; bad=1; }
    # shellcheck disable=SC2086
    $cxx -x c++ -std=c++11 $strict $paths "$2" || { echo "$1 is not C++11" >&2; bad=1; }
}

count=0
for header in "$src"/libsearch/include/plurum/*.h "$src"/libtrust/include/plurum/*.h; do
    name=$(basename "$header" .h)
    guard=PLURUM_$(echo "$name" | tr '[:lower:]' '[:upper:]')_H
    grep -q "^#ifndef $guard\$" "$header" && grep -q "^#define $guard\$" "$header" ||
        { echo "$header: no include guard $guard" >&2; bad=1; }
    printf '#include <plurum/%s.h>\n#include <plurum/%s.h>\n' "$name" "$name" >"$work/$name.c"
    echo "typedef int nothing_else;" >>"$work/$name.c"
    compile "plurum/$name.h" "$work/$name.c"
    grep -q "#include <plurum/$name.h>" "$src/libsearch/include/plurum/plurum.h" ||
        [ "$name" = plurum ] || [ "$name" = export ] ||
        { echo "plurum.h does not include $name.h" >&2; bad=1; }
    count=$((count + 1))
done
[ "$count" -ge 13 ] || { echo "only $count headers found in $src" >&2; exit 99; }
compile use.c "$src/tests/headers/use.c"
exit $bad
