# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += tests/kills/kills
tests_kills_kills_SOURCES = \
	tests/kills/checker.c tests/kills/checker.h \
	tests/kills/content.c tests/kills/content.h \
	tests/kills/found.c tests/kills/found.h \
	tests/kills/kills.c \
	tests/kills/world.c tests/kills/world.h \
	tests/kills/writer.c tests/kills/writer.h \
	tools/remove.c tools/remove.h
nodist_EXTRA_tests_kills_kills_SOURCES = force-cxx-link.cxx
tests_kills_kills_CPPFLAGS = -I$(top_srcdir) $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_kills_kills_LDADD = libplurum-internal.la libplurum-trust.la $(JANSSON_LIBS) $(PTHREAD_LIBS) -lm

check_PROGRAMS += tests/kills/full_disk_test
TESTS += tests/kills/full_disk_test
tests_kills_full_disk_test_SOURCES = tests/kills/full_disk_test.c tools/remove.c tools/remove.h
nodist_EXTRA_tests_kills_full_disk_test_SOURCES = force-cxx-link.cxx
tests_kills_full_disk_test_CPPFLAGS = -I$(top_srcdir) $(AM_CPPFLAGS) $(CHECK_CFLAGS)
tests_kills_full_disk_test_LDADD = $(unit_test_ldadd) $(PTHREAD_LIBS)

TESTS += tests/kills/check.sh
dist_check_SCRIPTS += tests/kills/check.sh

check_PROGRAMS += tests/kills/flips
tests_kills_flips_SOURCES = tests/kills/flips.c
TESTS += tests/kills/flips.sh
dist_check_SCRIPTS += tests/kills/flips.sh

TESTS += tests/kills/jobs.sh
dist_check_SCRIPTS += tests/kills/jobs.sh

# The long run: make check-kills ROUNDS=200 SEED=7
ROUNDS = 200
check-kills: tests/kills/kills
	tests/kills/kills --seed $(SEED) --rounds $(ROUNDS)
.PHONY: check-kills
