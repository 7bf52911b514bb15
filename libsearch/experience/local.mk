# SPDX-License-Identifier: GPL-2.0-or-later
libplurum_internal_la_SOURCES += \
	libsearch/experience/acquire.c libsearch/experience/acquire.h \
	libsearch/experience/assemble.c \
	libsearch/experience/check.c libsearch/experience/check.h \
	libsearch/experience/content.h \
	libsearch/experience/document.c \
	libsearch/experience/fields.c libsearch/experience/fields.h \
	libsearch/experience/json_text.c libsearch/experience/json_text.h \
	libsearch/experience/fit.c libsearch/experience/fit.h \
	libsearch/experience/labels.c libsearch/experience/labels.h \
	libsearch/experience/lessons.c libsearch/experience/lessons.h \
	libsearch/experience/load.c libsearch/experience/load.h \
	libsearch/experience/normal.c libsearch/experience/normal.h \
	libsearch/experience/parse.c \
	libsearch/experience/present.c \
	libsearch/experience/project.c libsearch/experience/project.h \
	libsearch/experience/safety.c libsearch/experience/safety.h \
	libsearch/experience/summary.c

check_PROGRAMS += tests/unit/experience_parse_test \
	tests/unit/experience_content_test tests/unit/experience_present_test \
	tests/unit/experience_acquire_test tests/unit/experience_assemble_test
TESTS += tests/unit/experience_parse_test \
	tests/unit/experience_content_test tests/unit/experience_present_test \
	tests/unit/experience_acquire_test tests/unit/experience_assemble_test

tests_unit_experience_parse_test_SOURCES = tests/unit/experience_parse_test.c \
	tests/unit/experience_samples.c tests/unit/experience_samples.h
nodist_EXTRA_tests_unit_experience_parse_test_SOURCES = force-cxx-link.cxx
tests_unit_experience_parse_test_CPPFLAGS = $(unit_test_cppflags)
tests_unit_experience_parse_test_LDADD = $(unit_test_ldadd)

tests_unit_experience_content_test_SOURCES = tests/unit/experience_content_test.c \
	tests/unit/experience_samples.c tests/unit/experience_samples.h
nodist_EXTRA_tests_unit_experience_content_test_SOURCES = force-cxx-link.cxx
tests_unit_experience_content_test_CPPFLAGS = $(unit_test_cppflags)
tests_unit_experience_content_test_LDADD = $(unit_test_ldadd)

tests_unit_experience_present_test_SOURCES = tests/unit/experience_present_test.c \
	tests/unit/experience_samples.c tests/unit/experience_samples.h
nodist_EXTRA_tests_unit_experience_present_test_SOURCES = force-cxx-link.cxx
tests_unit_experience_present_test_CPPFLAGS = $(unit_test_cppflags)
tests_unit_experience_present_test_LDADD = $(unit_test_ldadd)

tests_unit_experience_acquire_test_SOURCES = tests/unit/experience_acquire_test.c \
	tests/unit/experience_samples.c tests/unit/experience_samples.h
nodist_EXTRA_tests_unit_experience_acquire_test_SOURCES = force-cxx-link.cxx
tests_unit_experience_acquire_test_CPPFLAGS = $(unit_test_cppflags)
tests_unit_experience_acquire_test_LDADD = $(unit_test_ldadd)

tests_unit_experience_assemble_test_SOURCES = tests/unit/experience_assemble_test.c \
	tests/unit/experience_samples.c tests/unit/experience_samples.h
nodist_EXTRA_tests_unit_experience_assemble_test_SOURCES = force-cxx-link.cxx
tests_unit_experience_assemble_test_CPPFLAGS = $(unit_test_cppflags)
tests_unit_experience_assemble_test_LDADD = $(unit_test_ldadd)
