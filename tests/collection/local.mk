# SPDX-License-Identifier: GPL-2.0-or-later
# The project's own experiences, queries, judgements and feedback.
check_PROGRAMS += tests/collection/collection_test
TESTS += tests/collection/collection_test
tests_collection_collection_test_SOURCES = tests/collection/collection_test.c
nodist_EXTRA_tests_collection_collection_test_SOURCES = force-cxx-link.cxx
tests_collection_collection_test_CPPFLAGS = $(unit_test_cppflags)
tests_collection_collection_test_LDADD = libplurum.la libplurum-trust.la $(CHECK_LIBS) \
	$(JANSSON_LIBS) $(XXHASH_LIBS)
