# SPDX-License-Identifier: GPL-2.0-or-later
libplurum_internal_la_SOURCES += \
	libsearch/embed/embedder.c \
	libsearch/embed/model_file.c libsearch/embed/model_file.h \
	libsearch/embed/open.c \
	libsearch/embed/plsm.c libsearch/embed/plsm.h \
	libsearch/embed/plsm_layout.c libsearch/embed/plsm_source.h \
	libsearch/embed/similarity.c libsearch/embed/similarity.h \
	libsearch/embed/static.c libsearch/embed/static.h \
	libsearch/embed/vocabulary.c libsearch/embed/vocabulary.h \
	libsearch/embed/wordpiece.c libsearch/embed/wordpiece.h

check_PROGRAMS += tests/unit/embed_test
TESTS += tests/unit/embed_test
EXTRA_DIST += tests/data/static-clean-test-vectors.json
tests_unit_embed_test_SOURCES = \
	tests/unit/embed_damage_test.c \
	tests/unit/embed_model_test.c \
	tests/unit/embed_reference.h \
	tests/unit/embed_test.c tests/unit/embed_test.h
nodist_EXTRA_tests_unit_embed_test_SOURCES = force-cxx-link.cxx
tests_unit_embed_test_CPPFLAGS = $(unit_test_cppflags)
tests_unit_embed_test_LDADD = $(unit_test_ldadd)
