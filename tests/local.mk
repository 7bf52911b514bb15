# SPDX-License-Identifier: GPL-2.0-or-later
include tests/cli/local.mk
include tests/api/local.mk
include tests/oracle/local.mk

dist_check_SCRIPTS += scripts/check-includes scripts/check-style \
	tests/install.test tests/man.sh tests/readme.sh tests/shared.sh
TESTS += scripts/check-includes scripts/check-style \
	tests/install.test tests/man.sh tests/readme.sh tests/shared.sh
# Alone and last, the script says why. Its extension gives it a rule to which this one only adds.
TEST_EXTENSIONS = .test
tests/install.log: $(filter-out tests/install.log,$(TEST_LOGS))

EXTRA_DIST += scripts/setup tests/data/README.md tests/data/golden.tsv tests/data/static-clean-test-vectors.json
