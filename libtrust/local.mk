# SPDX-License-Identifier: MIT
# libtrust stands alone: pure C, no libm, nothing of libsearch.
lib_LTLIBRARIES += libplurum-trust.la
trustincludedir = $(includedir)/plurum
trustinclude_HEADERS = libtrust/include/plurum/trust.h
pkgconfig_DATA += libtrust/plurum-trust.pc

libplurum_trust_la_SOURCES = \
	libtrust/decay.c libtrust/decay.h \
	libtrust/explain.c \
	libtrust/score.c \
	libtrust/state.c
libplurum_trust_la_CPPFLAGS = -I$(top_srcdir)/libtrust/include
# Without errno a square root is one instruction and libm is not needed.
libplurum_trust_la_CFLAGS = $(AM_CFLAGS) -fno-math-errno
libplurum_trust_la_LDFLAGS = $(AM_LDFLAGS) -version-info $(PLURUM_TRUST_LT_VERSION) -no-undefined
if VERSION_SCRIPT
libplurum_trust_la_LDFLAGS += -Wl,--version-script=$(top_srcdir)/libtrust/libplurum-trust.map
libplurum_trust_la_DEPENDENCIES = libtrust/libplurum-trust.map
endif
EXTRA_DIST += libtrust/libplurum-trust.map libtrust/LICENSE

check_PROGRAMS += tests/unit/trust_test tests/unit/trust_explain_test \
	tests/unit/trust_property_test tests/unit/trust_bits
dist_check_SCRIPTS += tests/unit/trust_bits.sh tests/unit/trust_symbols.sh
TESTS += tests/unit/trust_test tests/unit/trust_explain_test \
	tests/unit/trust_property_test tests/unit/trust_bits \
	tests/unit/trust_bits.sh tests/unit/trust_symbols.sh
EXTRA_DIST += tests/data/golden.tsv
trust_test_cppflags = -I$(top_srcdir)/libtrust/include $(CHECK_CFLAGS)
trust_test_ldadd = libplurum-trust.la $(CHECK_LIBS) -lm
tests_unit_trust_test_SOURCES = tests/unit/trust_test.c
tests_unit_trust_test_CPPFLAGS = $(trust_test_cppflags) -DTEST_DATA=\"$(abs_top_srcdir)/tests/data\"
tests_unit_trust_test_LDADD = $(trust_test_ldadd)
tests_unit_trust_explain_test_SOURCES = tests/unit/trust_explain_test.c
tests_unit_trust_explain_test_CPPFLAGS = $(trust_test_cppflags)
tests_unit_trust_explain_test_LDADD = $(trust_test_ldadd)
tests_unit_trust_property_test_SOURCES = tests/unit/trust_property_test.c tests/unit/trust_logs.h
tests_unit_trust_property_test_CPPFLAGS = $(trust_test_cppflags)
tests_unit_trust_property_test_LDADD = $(trust_test_ldadd)
tests_unit_trust_bits_SOURCES = tests/unit/trust_bits.c
tests_unit_trust_bits_CPPFLAGS = -I$(top_srcdir)/libtrust/include
tests_unit_trust_bits_LDADD = libplurum-trust.la
