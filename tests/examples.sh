#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The programs of docs/examples do what they say: each prints the text beside it. (README.md says what the
# first one prints, and tests/readme.sh compares it; tests/install.test builds all as their readers would.)
set -eu
build=$PWD
top=$(cd "${srcdir:-.}" && pwd)
work=$(mktemp -d /tmp/plurum-examples-XXXXXX)
trap 'rm -rf "$work"' EXIT
cd "$work"
for example in server vectors; do
    "$build/docs/examples/$example" >"$example.out"
    diff -u "$top/docs/examples/$example.out" "$example.out"
done
