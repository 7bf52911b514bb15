# SPDX-License-Identifier: GPL-2.0-or-later
include tests/api/local.mk
include tests/bench/local.mk
include tests/cli/local.mk
include tests/collection/local.mk
include tests/fuzz/local.mk
include tests/http/local.mk
include tests/kills/local.mk
include tests/limits/local.mk
include tests/oracle/local.mk
include tests/threads/local.mk

test_scripts = scripts/check-headers scripts/check-includes scripts/check-style \
	tests/completions.sh tests/errors.sh tests/examples.sh tests/exports.sh tests/headers/headers.sh \
	tests/install.test tests/man.sh tests/readme.sh tests/reference.sh tests/shared.sh \
	tests/trec_eval.sh
dist_check_SCRIPTS += $(test_scripts)
TESTS += $(test_scripts)
EXTRA_DIST += scripts/headers.awk scripts/setup tests/exports.txt tests/headers/use.c tests/tsan.supp \
	tests/data/README.md tests/data/golden.tsv tests/data/static-clean-test-vectors.json

# After `make check` in a build of --enable-coverage: what it reached, by folder
EXTRA_DIST += scripts/coverage
.PHONY: coverage
coverage:
if COVERAGE
	@srcdir=$(srcdir) $(top_srcdir)/scripts/coverage
else
	@echo "make coverage: configure with --enable-coverage, and make check first" >&2; exit 1
endif

# Alone and last, the script says why. Its extension gives it a rule to which this one only adds.
TEST_EXTENSIONS = .test
tests/install.log: $(filter-out tests/install.log,$(TEST_LOGS))

# What the headers and the exports are checked with
if SANITIZED
exports_state = sanitized
else
if COVERAGE
exports_state = counted
else
if VERSION_SCRIPT
exports_state = checked
else
exports_state = unversioned
endif
endif
endif
AM_TESTS_ENVIRONMENT = CC='$(CC)'; CXX='$(CXX)'; DOXYGEN='$(DOXYGEN)'; \
	PLURUM_EXPORTS=$(exports_state); export CC CXX DOXYGEN PLURUM_EXPORTS;

# In a process of Check's own, leaks would not be looked for and nothing counted: it ends with _exit.
if SANITIZED
AM_TESTS_ENVIRONMENT += CK_FORK=no; export CK_FORK;
endif
if COVERAGE
AM_TESTS_ENVIRONMENT += CK_FORK=no; export CK_FORK;
endif
if SANITIZED_THREAD
AM_TESTS_ENVIRONMENT += OMP_NUM_THREADS=1; export OMP_NUM_THREADS; \
	TSAN_OPTIONS="suppressions=$(abs_top_srcdir)/tests/tsan.supp:$$TSAN_OPTIONS"; export TSAN_OPTIONS;
endif
