# SPDX-License-Identifier: GPL-2.0-or-later
# The table of limits, docs/limits.md: each program tries its rows, and the script runs them all.
limits_programs = \
	tests/limits/experience_test \
	tests/limits/import_test \
	tests/limits/place_test \
	tests/limits/read_test \
	tests/limits/write_test
check_PROGRAMS += $(limits_programs)
limits_common = tests/limits/limits.c tests/limits/limits.h $(api_test_world)

tests_limits_experience_test_SOURCES = tests/limits/experience_test.c $(limits_common)
nodist_EXTRA_tests_limits_experience_test_SOURCES = force-cxx-link.cxx
tests_limits_experience_test_CPPFLAGS = $(api_test_cppflags)
tests_limits_experience_test_LDADD = $(api_test_ldadd)

tests_limits_import_test_SOURCES = tests/limits/import_test.c $(limits_common)
nodist_EXTRA_tests_limits_import_test_SOURCES = force-cxx-link.cxx
tests_limits_import_test_CPPFLAGS = $(api_test_cppflags)
tests_limits_import_test_LDADD = $(api_test_ldadd)

tests_limits_place_test_SOURCES = tests/limits/place_test.c $(limits_common)
nodist_EXTRA_tests_limits_place_test_SOURCES = force-cxx-link.cxx
tests_limits_place_test_CPPFLAGS = $(api_test_cppflags)
tests_limits_place_test_LDADD = $(api_test_ldadd)

tests_limits_read_test_SOURCES = tests/limits/read_test.c $(limits_common)
nodist_EXTRA_tests_limits_read_test_SOURCES = force-cxx-link.cxx
tests_limits_read_test_CPPFLAGS = $(api_test_cppflags)
tests_limits_read_test_LDADD = $(api_test_ldadd)

tests_limits_write_test_SOURCES = tests/limits/write_test.c $(limits_common)
nodist_EXTRA_tests_limits_write_test_SOURCES = force-cxx-link.cxx
tests_limits_write_test_CPPFLAGS = $(api_test_cppflags)
tests_limits_write_test_LDADD = $(api_test_ldadd)

TESTS += tests/limits/check.sh
dist_check_SCRIPTS += tests/limits/check.sh tests/limits/tool.sh
