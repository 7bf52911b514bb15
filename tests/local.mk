# SPDX-License-Identifier: GPL-2.0-or-later
include tests/cli/local.mk
include tests/api/local.mk
include tests/fuzz/local.mk
include tests/oracle/local.mk
include tests/kills/local.mk
include tests/threads/local.mk

dist_check_SCRIPTS += scripts/check-includes scripts/check-style \
	tests/install.test tests/man.sh tests/readme.sh tests/shared.sh
TESTS += scripts/check-includes scripts/check-style \
	tests/install.test tests/man.sh tests/readme.sh tests/shared.sh
# Alone and last, the script says why. Its extension gives it a rule to which this one only adds.
TEST_EXTENSIONS = .test
tests/install.log: $(filter-out tests/install.log,$(TEST_LOGS))

EXTRA_DIST += scripts/setup tests/data/README.md tests/data/golden.tsv tests/data/static-clean-test-vectors.json
dist_check_SCRIPTS += scripts/check-includes scripts/check-style
TESTS += scripts/check-includes scripts/check-style
EXTRA_DIST += scripts/setup tests/data/golden.tsv tests/data/static-clean-test-vectors.json

# What the headers and the exports are checked with
if SANITIZED
exports_state = sanitized
else
if VERSION_SCRIPT
exports_state = checked
else
exports_state = unversioned
endif
endif
AM_TESTS_ENVIRONMENT = CC='$(CC)'; CXX='$(CXX)'; PLURUM_EXPORTS=$(exports_state); \
	export CC CXX PLURUM_EXPORTS;
dist_check_SCRIPTS += tests/headers/headers.sh tests/exports.sh
TESTS += tests/headers/headers.sh tests/exports.sh
EXTRA_DIST += tests/headers/use.c tests/exports.txt
EXTRA_DIST += tests/tsan.supp scripts/setup tests/data/golden.tsv tests/data/static-clean-test-vectors.json

# In a process of Check's own, leaks would not be looked for: it ends with _exit.
AM_TESTS_ENVIRONMENT =
if SANITIZED
AM_TESTS_ENVIRONMENT += CK_FORK=no; export CK_FORK;
endif
if SANITIZED_THREAD
AM_TESTS_ENVIRONMENT += OMP_NUM_THREADS=1; export OMP_NUM_THREADS; \
	TSAN_OPTIONS="suppressions=$(abs_top_srcdir)/tests/tsan.supp:$$TSAN_OPTIONS"; export TSAN_OPTIONS;
endif
