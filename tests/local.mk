# SPDX-License-Identifier: GPL-2.0-or-later
include tests/cli/local.mk
include tests/oracle/local.mk

dist_check_SCRIPTS += scripts/check-includes scripts/check-style tests/shared.sh
TESTS += scripts/check-includes scripts/check-style tests/shared.sh
EXTRA_DIST += scripts/setup tests/data/golden.tsv tests/data/static-clean-test-vectors.json
