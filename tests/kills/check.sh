#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The short run, with the seed of the day.
set -eu
exec tests/kills/kills --seed "$(date +%Y%m%d)" --rounds "${KILLS_ROUNDS:-15}"
