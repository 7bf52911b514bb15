# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += tests/oracle/oracle
tests_oracle_oracle_SOURCES = \
	tests/oracle/engine.c tests/oracle/engine.h \
	tests/oracle/fusion.c tests/oracle/fusion.h \
	tests/oracle/graph.c tests/oracle/graph.h \
	tests/oracle/legs.c \
	tests/oracle/make.c tests/oracle/make.h \
	tests/oracle/make_experience.c \
	tests/oracle/oracle.c \
	tests/oracle/order.c \
	tests/oracle/pipes.h \
	tests/oracle/reference.c tests/oracle/reference.h \
	tests/oracle/step.h \
	tests/oracle/trust.c \
	tests/oracle/who.c \
	tests/oracle/world.h \
	tools/remove.c tools/remove.h
nodist_EXTRA_tests_oracle_oracle_SOURCES = force-cxx-link.cxx
tests_oracle_oracle_CPPFLAGS = -I$(top_srcdir) $(unit_test_cppflags)
tests_oracle_oracle_LDADD = $(unit_test_ldadd)

TESTS += tests/oracle/check.sh
dist_check_SCRIPTS += tests/oracle/check.sh

# The long run: make check-oracle SEED=7 STEPS=100000
SEED = 1
STEPS = 20000
check-oracle: tests/oracle/oracle
	tests/oracle/oracle --seed $(SEED) --steps $(STEPS)
.PHONY: check-oracle
