# SPDX-License-Identifier: GPL-2.0-or-later
libplurum_internal_la_SOURCES += \
	libsearch/vector/cosine.c \
	libsearch/vector/flat.c libsearch/vector/flat.h libsearch/vector/flat_store.h \
	libsearch/vector/scan.c \
	libsearch/vector/select.c libsearch/vector/select.h
if FAISS_COMPAT
libplurum_internal_la_SOURCES += libsearch/vector/faiss_c_compat.cc
endif

check_PROGRAMS += tests/unit/vector_test
TESTS += tests/unit/vector_test
tests_unit_vector_test_SOURCES = tests/unit/vector_test.c
nodist_EXTRA_tests_unit_vector_test_SOURCES = force-cxx-link.cxx
tests_unit_vector_test_CPPFLAGS = $(unit_test_cppflags)
tests_unit_vector_test_LDADD = $(unit_test_ldadd)
