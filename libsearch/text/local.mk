# SPDX-License-Identifier: GPL-2.0-or-later
libplurum_internal_la_SOURCES += \
	libsearch/text/analyse.c \
	libsearch/text/chars.c libsearch/text/chars.h \
	libsearch/text/choose.c libsearch/text/choose.h \
	libsearch/text/collect.h \
	libsearch/text/cut.c libsearch/text/cut.h \
	libsearch/text/distance.c libsearch/text/distance.h \
	libsearch/text/hits.c libsearch/text/hits.h \
	libsearch/text/indexed.c libsearch/text/indexed.h \
	libsearch/text/leg.c libsearch/text/leg.h \
	libsearch/text/marks.c libsearch/text/marks.h \
	libsearch/text/postings.h \
	libsearch/text/run.c libsearch/text/run.h \
	libsearch/text/scan.c libsearch/text/scan.h \
	libsearch/text/spell.c libsearch/text/spell.h \
	libsearch/text/tail.c libsearch/text/tail.h \
	libsearch/text/terms.c libsearch/text/terms.h \
	libsearch/text/tokens.h \
	libsearch/text/xapian_shim.cc

check_PROGRAMS += tests/unit/text_terms_test
TESTS += tests/unit/text_terms_test
tests_unit_text_terms_test_SOURCES = tests/unit/text_terms_test.c tests/unit/text_helpers.h
nodist_EXTRA_tests_unit_text_terms_test_SOURCES = force-cxx-link.cxx
tests_unit_text_terms_test_CPPFLAGS = $(unit_test_cppflags)
tests_unit_text_terms_test_LDADD = $(unit_test_ldadd)

check_PROGRAMS += tests/unit/text_postings_test
TESTS += tests/unit/text_postings_test
tests_unit_text_postings_test_SOURCES = tests/unit/text_postings_test.c tests/unit/text_helpers.h
nodist_EXTRA_tests_unit_text_postings_test_SOURCES = force-cxx-link.cxx
tests_unit_text_postings_test_CPPFLAGS = $(unit_test_cppflags)
tests_unit_text_postings_test_LDADD = $(unit_test_ldadd)

check_PROGRAMS += tests/unit/text_leg_test
TESTS += tests/unit/text_leg_test
tests_unit_text_leg_test_SOURCES = tests/unit/text_leg_test.c tests/unit/text_helpers.h \
	tests/unit/text_xapian.cc tests/unit/text_xapian.h
tests_unit_text_leg_test_CPPFLAGS = $(unit_test_cppflags)
tests_unit_text_leg_test_LDADD = $(unit_test_ldadd) $(XAPIAN_LIBS)

check_PROGRAMS += tests/unit/text_spell_test
TESTS += tests/unit/text_spell_test
tests_unit_text_spell_test_SOURCES = tests/unit/text_spell_test.c tests/unit/text_helpers.h
nodist_EXTRA_tests_unit_text_spell_test_SOURCES = force-cxx-link.cxx
tests_unit_text_spell_test_CPPFLAGS = $(unit_test_cppflags)
tests_unit_text_spell_test_LDADD = $(unit_test_ldadd)
