# SPDX-License-Identifier: GPL-2.0-or-later
EXTRA_DIST += \
	docs/decisions/0001-text-index-append-only.md \
	docs/decisions/0002-views-from-the-log.md \
	docs/decisions/0003-immutable-ids.md \
	docs/decisions/0004-exact-vector-leg-on-faiss.md \
	docs/decisions/0005-segments.md \
	docs/decisions/0006-adaptive-fusion.md \
	docs/decisions/0007-trust-in-the-ranking.md \
	docs/decisions/0008-jobs-beside-and-switch.md \
	docs/decisions/0009-experience-asks-secrets.md \
	docs/decisions/0010-calibration.md \
	docs/decisions/0011-spelling.md \
	docs/errors.md \
	docs/format.md \
	docs/reference.md \
	docs/researchers-guide.md \
	docs/secrets.md \
	docs/threading.md

# The example of README.md is built as its readers would, against the public headers alone.
check_PROGRAMS += docs/examples/first
docs_examples_first_SOURCES = docs/examples/first.c
docs_examples_first_CPPFLAGS = -I$(top_srcdir)/libsearch/include -I$(top_srcdir)/libtrust/include
docs_examples_first_LDADD = libplurum.la libplurum-trust.la
nodist_EXTRA_docs_examples_first_SOURCES = force-cxx-link.cxx

# The reference of the C interface, docs/html in the build folder
.PHONY: doc
doc:
	@test -n "$(DOXYGEN)" || { \
	    echo "make doc: there is no doxygen (Debian: apt-get install --no-install-recommends doxygen);" \
	        "then run configure again" >&2; exit 1; }
	@$(MKDIR_P) docs
	$(AM_V_GEN)$(DOXYGEN) docs/Doxyfile
	@echo "docs/html/index.html"

clean-local:
	rm -rf docs/html

dist_man_MANS = man/plurum.1 man/plurum-bench.1
