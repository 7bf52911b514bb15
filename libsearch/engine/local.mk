# SPDX-License-Identifier: GPL-2.0-or-later
libplurum_internal_la_SOURCES += \
	libsearch/engine/alike.c libsearch/engine/alike.h \
	libsearch/engine/configuration.c libsearch/engine/configuration.h \
	libsearch/engine/create.c \
	libsearch/engine/engine.h \
	libsearch/engine/files.c libsearch/engine/files.h \
	libsearch/engine/index.c \
	libsearch/engine/job.c libsearch/engine/job.h \
	libsearch/engine/pending.c libsearch/engine/pending.h \
	libsearch/engine/pools.c \
	libsearch/engine/stats.c \
	libsearch/engine/stored.c \
	libsearch/engine/turn.c

check_PROGRAMS += tests/unit/engine_oom_test
TESTS += tests/unit/engine_oom_test
tests_unit_engine_oom_test_SOURCES = tests/unit/engine_oom_test.c \
	tests/api/world.c tests/api/world.h
nodist_EXTRA_tests_unit_engine_oom_test_SOURCES = force-cxx-link.cxx
tests_unit_engine_oom_test_CPPFLAGS = -I$(top_srcdir) $(unit_test_cppflags)
tests_unit_engine_oom_test_LDADD = $(unit_test_ldadd)
