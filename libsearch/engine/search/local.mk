# SPDX-License-Identifier: GPL-2.0-or-later
libplurum_internal_la_SOURCES += \
	libsearch/engine/search/candidates.c \
	libsearch/engine/search/cursor.c libsearch/engine/search/cursor.h \
	libsearch/engine/search/diversify.c libsearch/engine/search/diversify.h \
	libsearch/engine/search/environment.c libsearch/engine/search/environment.h \
	libsearch/engine/search/hear.c libsearch/engine/search/hear.h \
	libsearch/engine/search/plan.c libsearch/engine/search/plan.h \
	libsearch/engine/search/query.c \
	libsearch/engine/search/search.c libsearch/engine/search/search.h \
	libsearch/engine/search/similar.c libsearch/engine/search/similar.h \
	libsearch/engine/search/vector_leg.c libsearch/engine/search/vector_leg.h

check_PROGRAMS += tests/unit/environment_test
TESTS += tests/unit/environment_test
tests_unit_environment_test_SOURCES = tests/unit/environment_test.c
nodist_EXTRA_tests_unit_environment_test_SOURCES = force-cxx-link.cxx
tests_unit_environment_test_CPPFLAGS = -I$(top_srcdir) $(unit_test_cppflags)
tests_unit_environment_test_LDADD = $(unit_test_ldadd)
