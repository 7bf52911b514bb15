# SPDX-License-Identifier: GPL-2.0-or-later
libplurum_internal_la_SOURCES += \
	libsearch/vector/code.c libsearch/vector/code.h \
	libsearch/vector/cosine.c \
	libsearch/vector/distinct.c libsearch/vector/distinct.h \
	libsearch/vector/flat.c libsearch/vector/flat.h libsearch/vector/flat_store.h \
	libsearch/vector/graph.h libsearch/vector/graph_build.c \
	libsearch/vector/kernel.c libsearch/vector/kernel.h \
	libsearch/vector/scan.c \
	libsearch/vector/segment.c libsearch/vector/segment.h libsearch/vector/segment_layout.h \
	libsearch/vector/segment_search.c \
	libsearch/vector/segment_write.c \
	libsearch/vector/select.c libsearch/vector/select.h
EXTRA_DIST += libsearch/vector/omp/omp.h
if FAISS_COMPAT
libplurum_internal_la_SOURCES += libsearch/vector/faiss_c_compat.cc
endif

check_PROGRAMS += tests/unit/vector_test
TESTS += tests/unit/vector_test
tests_unit_vector_test_SOURCES = tests/unit/vector_test.c
nodist_EXTRA_tests_unit_vector_test_SOURCES = force-cxx-link.cxx
tests_unit_vector_test_CPPFLAGS = $(unit_test_cppflags)
tests_unit_vector_test_LDADD = $(unit_test_ldadd)

check_PROGRAMS += tests/unit/vector_code_test
TESTS += tests/unit/vector_code_test
tests_unit_vector_code_test_SOURCES = tests/unit/vector_code_test.c
nodist_EXTRA_tests_unit_vector_code_test_SOURCES = force-cxx-link.cxx
tests_unit_vector_code_test_CPPFLAGS = $(unit_test_cppflags)
tests_unit_vector_code_test_LDADD = $(unit_test_ldadd)

check_PROGRAMS += tests/unit/vector_segment_test
TESTS += tests/unit/vector_segment_test
tests_unit_vector_segment_test_SOURCES = tests/unit/vector_segment_test.c
nodist_EXTRA_tests_unit_vector_segment_test_SOURCES = force-cxx-link.cxx
tests_unit_vector_segment_test_CPPFLAGS = $(unit_test_cppflags)
tests_unit_vector_segment_test_LDADD = $(unit_test_ldadd)
