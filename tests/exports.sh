#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The dynamic symbols of the two libraries are those of tests/exports.txt ("library symbol" a line)
# and those that the headers declare. `tests/exports.sh --update` rewrites the list.
set -eu
src=${srcdir:-$(dirname "$0")/..}
list=$src/tests/exports.txt
[ "${PLURUM_EXPORTS:-checked}" = checked ] || { echo "exports are not checked in this build"; exit 77; }
work=$(mktemp -d /tmp/plurum-exports-XXXXXX)
trap 'rm -rf "$work"' EXIT

# The functions that headers declare, one a line.
declared() { sed -nE "s/^$1 .*[ *](plurum_[a-z0-9_]+)\(.*/\1/p" "$2"/*.h; }

for library in libplurum libplurum-trust; do
    file=.libs/$library.so
    [ -f "$file" ] || { echo "no $file: a static build"; exit 77; }
    # versions and the version's own symbol (A) are the linker's
    nm -D --defined-only "$file" | sed -nE 's/^[0-9a-f]+ [B-Zb-z] ([^@]+).*/\1/p' |
        sed "s/^/$library /"
done | LC_ALL=C sort >"$work/exported"
{
    declared PLURUM_API "$src/libsearch/include/plurum" | sed 's/^/libplurum /'
    declared PLURUM_TRUST_API "$src/libtrust/include/plurum" | sed 's/^/libplurum-trust /'
} | LC_ALL=C sort >"$work/declared"

if [ "${1:-}" = --update ]; then
    cp "$work/exported" "$list"
fi
bad=0
diff -u "$list" "$work/exported" || { echo "exports differ from tests/exports.txt" >&2; bad=1; }
diff -u "$work/declared" "$work/exported" || { echo "exports differ from the headers" >&2; bad=1; }
exit $bad
