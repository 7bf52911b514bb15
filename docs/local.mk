# SPDX-License-Identifier: GPL-2.0-or-later
# Installed as README.md refers to them
docsdir = $(docdir)/docs
dist_docs_DATA = \
	docs/errors.md \
	docs/format.md \
	docs/limits.md \
	docs/quality.md \
	docs/reference.md \
	docs/researchers-guide.md \
	docs/secrets.md \
	docs/threading.md
decisionsdir = $(docsdir)/decisions
dist_decisions_DATA = \
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
	docs/decisions/0012-embedding-later.md \
	docs/decisions/0013-text-leg-variants.md \
	docs/decisions/0014-trust-by-environment.md \
	docs/decisions/0015-column-checkpoint.md \
	docs/decisions/0016-queries-alike.md
examplesdir = $(docsdir)/examples
dist_examples_DATA = docs/examples/first.c docs/examples/server.c docs/examples/vectors.c

# The examples are built as their readers would, against the public headers alone.
EXTRA_DIST += docs/examples/server.out docs/examples/vectors.out
# make would copy the programs over what they print: it has a rule for the name without .out
docs/examples/server.out docs/examples/vectors.out: ;
check_PROGRAMS += docs/examples/first docs/examples/server docs/examples/vectors
example_cppflags = -I$(top_srcdir)/libsearch/include -I$(top_srcdir)/libtrust/include
example_ldadd = libplurum.la libplurum-trust.la $(PTHREAD_LIBS)
docs_examples_first_SOURCES = docs/examples/first.c
docs_examples_first_CPPFLAGS = $(example_cppflags)
docs_examples_first_LDADD = $(example_ldadd)
nodist_EXTRA_docs_examples_first_SOURCES = force-cxx-link.cxx
docs_examples_server_SOURCES = docs/examples/server.c
docs_examples_server_CPPFLAGS = $(example_cppflags)
docs_examples_server_LDADD = $(example_ldadd)
nodist_EXTRA_docs_examples_server_SOURCES = force-cxx-link.cxx
docs_examples_vectors_SOURCES = docs/examples/vectors.c
docs_examples_vectors_CPPFLAGS = $(example_cppflags)
docs_examples_vectors_LDADD = $(example_ldadd)
nodist_EXTRA_docs_examples_vectors_SOURCES = force-cxx-link.cxx

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
