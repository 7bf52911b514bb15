# SPDX-License-Identifier: GPL-2.0-or-later
libplurum_internal_la_SOURCES += \
	libsearch/store/blob.c libsearch/store/blob.h \
	libsearch/store/copy_file.c \
	libsearch/store/env.c libsearch/store/env.h \
	libsearch/store/lock.c libsearch/store/lock.h \
	libsearch/store/log.c \
	libsearch/store/record.c \
	libsearch/store/reports.c \
	libsearch/store/rows.c libsearch/store/rows.h \
	libsearch/store/slice.h \
	libsearch/store/store.h \
	libsearch/store/txn.c

check_PROGRAMS += tests/unit/store_test
TESTS += tests/unit/store_test
tests_unit_store_test_SOURCES = tests/unit/store_test.c
nodist_EXTRA_tests_unit_store_test_SOURCES = force-cxx-link.cxx
tests_unit_store_test_CPPFLAGS = $(unit_test_cppflags)
tests_unit_store_test_LDADD = $(unit_test_ldadd) $(LMDB_LIBS)
