#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The short comparison with the reference engine: three seeds, two fixed and one of the day.
set -eu
day=$(date +%Y%m%d)
for seed in 1 2 "$day"; do
    tests/oracle/oracle --seed "$seed" --steps "${ORACLE_STEPS:-1500}"
done
