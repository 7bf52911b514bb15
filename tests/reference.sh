#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The reference of `make doc` comes about without a warning: nothing is undocumented, no reference is broken.
set -eu
[ -n "${DOXYGEN:-}" ] || { echo "there is no doxygen: skipped"; exit 77; }
build=$PWD
top=$(cd "${srcdir:-.}" && pwd)
work=$(mktemp -d /tmp/plurum-reference-XXXXXX)
trap 'rm -rf "$work"' EXIT
mkdir "$work/docs"
cd "$work"
"$DOXYGEN" "$build/docs/Doxyfile"

# and every function is in it
while read -r _ name; do
    grep -q ">$name()" docs/html/group__*.html || { echo "no $name in the reference"; exit 1; }
done <"$top/tests/exports.txt"
