# SPDX-License-Identifier: MIT
# libtrust stands alone: pure C, no libm, nothing of libsearch.
lib_LTLIBRARIES += libplurum-trust.la
trustincludedir = $(includedir)/plurum
trustinclude_HEADERS = libtrust/include/plurum/trust.h
pkgconfig_DATA += libtrust/plurum-trust.pc

libplurum_trust_la_SOURCES =
libplurum_trust_la_CPPFLAGS = -I$(top_srcdir)/libtrust/include
libplurum_trust_la_LDFLAGS = $(AM_LDFLAGS) -version-info $(PLURUM_TRUST_LT_VERSION) -no-undefined
if VERSION_SCRIPT
libplurum_trust_la_LDFLAGS += -Wl,--version-script=$(top_srcdir)/libtrust/libplurum-trust.map
libplurum_trust_la_DEPENDENCIES = libtrust/libplurum-trust.map
endif
EXTRA_DIST += libtrust/libplurum-trust.map libtrust/LICENSE

libplurum_trust_la_SOURCES += libtrust/state.c

check_PROGRAMS += tests/unit/trust_test
TESTS += tests/unit/trust_test
tests_unit_trust_test_SOURCES = tests/unit/trust_test.c
tests_unit_trust_test_CPPFLAGS = -I$(top_srcdir)/libtrust/include -DTEST_DATA=\"$(abs_top_srcdir)/tests/data\" $(CHECK_CFLAGS)
tests_unit_trust_test_LDADD = libplurum-trust.la $(CHECK_LIBS) -lm
