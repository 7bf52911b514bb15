# SPDX-License-Identifier: GPL-2.0-or-later
libplurum_internal_la_SOURCES += \
	libsearch/rank/adaptive.c \
	libsearch/rank/boost.c \
	libsearch/rank/calibrate.c libsearch/rank/calibrate.h \
	libsearch/rank/candidate.h \
	libsearch/rank/dbsf.c \
	libsearch/rank/diverse.c libsearch/rank/diverse.h \
	libsearch/rank/fuse.c libsearch/rank/fuse.h \
	libsearch/rank/logodds.c \
	libsearch/rank/minmax.c \
	libsearch/rank/parts.c \
	libsearch/rank/rrf.c \
	libsearch/rank/signal.c libsearch/rank/signal.h \
	libsearch/rank/tmm.c \
	libsearch/rank/zscore.c \
	libsearch/rank/weights.c libsearch/rank/weights.h \
	libsearch/rank/weights_file.c

check_PROGRAMS += tests/unit/rank_test
TESTS += tests/unit/rank_test
tests_unit_rank_test_SOURCES = tests/unit/rank_test.c
nodist_EXTRA_tests_unit_rank_test_SOURCES = force-cxx-link.cxx
tests_unit_rank_test_CPPFLAGS = $(unit_test_cppflags)
tests_unit_rank_test_LDADD = $(unit_test_ldadd)

check_PROGRAMS += tests/unit/diverse_test
TESTS += tests/unit/diverse_test
tests_unit_diverse_test_SOURCES = tests/unit/diverse_test.c
nodist_EXTRA_tests_unit_diverse_test_SOURCES = force-cxx-link.cxx
tests_unit_diverse_test_CPPFLAGS = $(unit_test_cppflags)
tests_unit_diverse_test_LDADD = $(unit_test_ldadd)

check_PROGRAMS += tests/unit/signal_test
TESTS += tests/unit/signal_test
tests_unit_signal_test_SOURCES = tests/unit/signal_test.c
nodist_EXTRA_tests_unit_signal_test_SOURCES = force-cxx-link.cxx
tests_unit_signal_test_CPPFLAGS = $(unit_test_cppflags)
tests_unit_signal_test_LDADD = $(unit_test_ldadd)

check_PROGRAMS += tests/unit/calibrate_test
TESTS += tests/unit/calibrate_test
tests_unit_calibrate_test_SOURCES = tests/unit/calibrate_test.c
nodist_EXTRA_tests_unit_calibrate_test_SOURCES = force-cxx-link.cxx
tests_unit_calibrate_test_CPPFLAGS = $(unit_test_cppflags)
tests_unit_calibrate_test_LDADD = $(unit_test_ldadd)
