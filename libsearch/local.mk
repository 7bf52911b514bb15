# SPDX-License-Identifier: GPL-2.0-or-later
# The library is compiled once, into a convenience library that unit tests link too: they reach
# every non-static function, while libplurum.so exports plurum_* alone.
lib_LTLIBRARIES += libplurum.la
noinst_LTLIBRARIES += libplurum-internal.la
pkgconfig_DATA += libsearch/plurum.pc
EXTRA_DIST += libsearch/libplurum.map

plurumincludedir = $(includedir)/plurum
pluruminclude_HEADERS = \
	libsearch/include/plurum/document.h \
	libsearch/include/plurum/embed.h \
	libsearch/include/plurum/experience.h \
	libsearch/include/plurum/export.h \
	libsearch/include/plurum/index.h \
	libsearch/include/plurum/jobs.h \
	libsearch/include/plurum/plurum.h \
	libsearch/include/plurum/read.h \
	libsearch/include/plurum/replay.h \
	libsearch/include/plurum/search.h \
	libsearch/include/plurum/secrets.h \
	libsearch/include/plurum/session.h \
	libsearch/include/plurum/status.h \
	libsearch/include/plurum/version.h \
	libsearch/include/plurum/weights.h \
	libsearch/include/plurum/why.h \
	libsearch/include/plurum/write.h

libplurum_internal_la_SOURCES =
libplurum_internal_la_CPPFLAGS = $(AM_CPPFLAGS) $(XAPIAN_CFLAGS) $(LMDB_CFLAGS) $(ZSTD_CFLAGS) \
	$(JANSSON_CFLAGS) $(UUID_CFLAGS) $(UTF8PROC_CFLAGS) $(XXHASH_CFLAGS) $(ZLIB_CFLAGS) $(CURL_CFLAGS) $(OMP_CPPFLAGS)
libplurum_internal_la_LIBADD = libplurum-trust.la $(XAPIAN_LIBS) $(LMDB_LIBS) $(ZSTD_LIBS) \
	$(JANSSON_LIBS) $(UUID_LIBS) $(UTF8PROC_LIBS) $(XXHASH_LIBS) $(ZLIB_LIBS) $(CURL_LIBS) $(STEMMER_LIBS) \
	$(FAISS_LIBS) $(PTHREAD_LIBS) -lm

libplurum_la_SOURCES =
# no source of its own: this makes Automake link with the C++ compiler
nodist_EXTRA_libplurum_la_SOURCES = force-cxx-link.cxx
libplurum_la_LIBADD = libplurum-internal.la libplurum-trust.la
libplurum_la_LDFLAGS = $(AM_LDFLAGS) -version-info $(PLURUM_LT_VERSION) -no-undefined
if VERSION_SCRIPT
libplurum_la_LDFLAGS += -Wl,--version-script=$(top_srcdir)/libsearch/libplurum.map
libplurum_la_DEPENDENCIES = libplurum-internal.la libplurum-trust.la libsearch/libplurum.map
endif

unit_test_cppflags = $(libplurum_internal_la_CPPFLAGS) $(CHECK_CFLAGS) \
	-DTEST_DATA=\"$(abs_top_srcdir)/tests/data\" -DDATA_DIR=\"$(abs_top_srcdir)/data\"
unit_test_ldadd = libplurum-internal.la libplurum-trust.la $(CHECK_LIBS) $(JANSSON_LIBS) -lm

include libsearch/base/local.mk
include libsearch/secrets/local.mk
include libsearch/experience/local.mk
include libsearch/store/local.mk
include libsearch/text/local.mk
include libsearch/vector/local.mk
include libsearch/embed/local.mk
include libsearch/rank/local.mk
include libsearch/engine/local.mk
include libsearch/engine/view/local.mk
include libsearch/engine/apply/local.mk
include libsearch/engine/write/local.mk
include libsearch/engine/search/local.mk
include libsearch/engine/answer/local.mk
include libsearch/engine/verify/local.mk
include libsearch/engine/jobs/local.mk
