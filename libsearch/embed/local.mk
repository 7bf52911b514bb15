# SPDX-License-Identifier: GPL-2.0-or-later
libplurum_internal_la_SOURCES += \
	libsearch/embed/embedder.c libsearch/embed/embedder.h \
	libsearch/embed/http.c libsearch/embed/http.h \
	libsearch/embed/http_answer.c \
	libsearch/embed/http_request.c \
	libsearch/embed/kernels.c libsearch/embed/kernels.h \
	libsearch/embed/kernels_avx2.c \
	libsearch/embed/kernels_plain.c \
	libsearch/embed/kernels_rows.h libsearch/embed/kernels_tiles.h \
	libsearch/embed/kernels_vnni.c \
	libsearch/embed/lanes_avx2.h libsearch/embed/lanes_avx512.h libsearch/embed/lanes_plain.h \
	libsearch/embed/minilm.c libsearch/embed/minilm.h \
	libsearch/embed/model_file.c libsearch/embed/model_file.h \
	libsearch/embed/open.c \
	libsearch/embed/plsm.c libsearch/embed/plsm.h \
	libsearch/embed/plsm_layout.c libsearch/embed/plsm_source.h \
	libsearch/embed/pltm.c libsearch/embed/pltm.h \
	libsearch/embed/similarity.c libsearch/embed/similarity.h \
	libsearch/embed/static.c libsearch/embed/static.h \
	libsearch/embed/vocabulary.c libsearch/embed/vocabulary.h \
	libsearch/embed/wordpiece.c libsearch/embed/wordpiece.h

check_PROGRAMS += tests/unit/embed_test
TESTS += tests/unit/embed_test
EXTRA_DIST += tests/data/minilm-test-vectors.json tests/data/static-clean-test-vectors.json
tests_unit_embed_test_SOURCES = \
	tests/unit/embed_damage.c tests/unit/embed_damage.h \
	tests/unit/embed_damage_test.c \
	tests/unit/embed_minilm_test.c \
	tests/unit/embed_model_test.c \
	tests/unit/embed_pltm_damage_test.c \
	tests/unit/embed_reference.h \
	tests/unit/embed_test.c tests/unit/embed_test.h
nodist_EXTRA_tests_unit_embed_test_SOURCES = force-cxx-link.cxx
tests_unit_embed_test_CPPFLAGS = $(unit_test_cppflags)
tests_unit_embed_test_LDADD = $(unit_test_ldadd)
