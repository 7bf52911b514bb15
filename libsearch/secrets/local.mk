# SPDX-License-Identifier: GPL-2.0-or-later
libplurum_internal_la_SOURCES += \
	libsearch/secrets/assign.c \
	libsearch/secrets/command.c \
	libsearch/secrets/find.c libsearch/secrets/secrets.h \
	libsearch/secrets/name.c \
	libsearch/secrets/rules.c \
	libsearch/secrets/shapes.c \
	libsearch/secrets/value.c \
	libsearch/secrets/words.c

check_PROGRAMS += tests/unit/secrets_test tests/unit/secrets_refusal_test
TESTS += tests/unit/secrets_test tests/unit/secrets_refusal_test
EXTRA_DIST += tests/data/secrets/secret.txt tests/data/secrets/harmless.txt

tests_unit_secrets_test_SOURCES = tests/unit/secrets_test.c \
	tests/unit/secrets_corpus.c tests/unit/secrets_corpus.h
nodist_EXTRA_tests_unit_secrets_test_SOURCES = force-cxx-link.cxx
tests_unit_secrets_test_CPPFLAGS = $(unit_test_cppflags)
tests_unit_secrets_test_LDADD = $(unit_test_ldadd)

tests_unit_secrets_refusal_test_SOURCES = tests/unit/secrets_refusal_test.c \
	tests/unit/secrets_corpus.c tests/unit/secrets_corpus.h
nodist_EXTRA_tests_unit_secrets_refusal_test_SOURCES = force-cxx-link.cxx
tests_unit_secrets_refusal_test_CPPFLAGS = $(unit_test_cppflags)
tests_unit_secrets_refusal_test_LDADD = $(unit_test_ldadd)
