# SPDX-License-Identifier: GPL-2.0-or-later
libplurum_internal_la_SOURCES += \
	libsearch/base/alloc.c libsearch/base/alloc.h \
	libsearch/base/bitmap.h \
	libsearch/base/buf.c libsearch/base/buf.h \
	libsearch/base/clock.c libsearch/base/clock.h \
	libsearch/base/crash.c libsearch/base/crash.h \
	libsearch/base/error.c libsearch/base/error.h \
	libsearch/base/intern.c libsearch/base/intern.h \
	libsearch/base/mapped.c libsearch/base/mapped.h \
	libsearch/base/options.c libsearch/base/options.h \
	libsearch/base/output.c libsearch/base/output.h \
	libsearch/base/stable.h \
	libsearch/base/unicode.c libsearch/base/unicode.h

check_PROGRAMS += tests/unit/base_test
TESTS += tests/unit/base_test
tests_unit_base_test_SOURCES = tests/unit/base_test.c
nodist_EXTRA_tests_unit_base_test_SOURCES = force-cxx-link.cxx
tests_unit_base_test_CPPFLAGS = $(unit_test_cppflags)
tests_unit_base_test_LDADD = $(unit_test_ldadd)
