# SPDX-License-Identifier: GPL-2.0-or-later
libplurum_internal_la_SOURCES += \
	libsearch/engine/verify/verify.c libsearch/engine/verify/verify.h \
	libsearch/engine/verify/verify_checkpoint.c \
	libsearch/engine/verify/verify_documents.c \
	libsearch/engine/verify/verify_segments.c \
	libsearch/engine/verify/verify_text.c

check_PROGRAMS += tests/unit/engine_verify_test
TESTS += tests/unit/engine_verify_test
tests_unit_engine_verify_test_SOURCES = tests/unit/engine_verify_test.c \
	tests/api/world.c tests/api/world.h
nodist_EXTRA_tests_unit_engine_verify_test_SOURCES = force-cxx-link.cxx
tests_unit_engine_verify_test_CPPFLAGS = -I$(top_srcdir) $(unit_test_cppflags)
tests_unit_engine_verify_test_LDADD = $(unit_test_ldadd)
