# SPDX-License-Identifier: GPL-2.0-or-later
libplurum_internal_la_SOURCES += \
	libsearch/engine/view/background.c libsearch/engine/view/background.h \
	libsearch/engine/view/checkpoint.c libsearch/engine/view/checkpoint.h \
	libsearch/engine/view/checkpoint_write.c \
	libsearch/engine/view/columns.c libsearch/engine/view/columns.h \
	libsearch/engine/view/columns_file.h \
	libsearch/engine/view/columns_layout.h \
	libsearch/engine/view/columns_read.c \
	libsearch/engine/view/columns_write.c \
	libsearch/engine/view/labels.c libsearch/engine/view/labels.h \
	libsearch/engine/view/sections.c libsearch/engine/view/sections.h \
	libsearch/engine/view/segments.c libsearch/engine/view/segments.h \
	libsearch/engine/view/snapshot.c libsearch/engine/view/snapshot.h \
	libsearch/engine/view/text_index.c libsearch/engine/view/text_index.h \
	libsearch/engine/view/vectors_file.c libsearch/engine/view/vectors_file.h \
	libsearch/engine/view/view.c libsearch/engine/view/view.h

check_PROGRAMS += tests/unit/background_test
TESTS += tests/unit/background_test
tests_unit_background_test_SOURCES = tests/unit/background_test.c
nodist_EXTRA_tests_unit_background_test_SOURCES = force-cxx-link.cxx
tests_unit_background_test_CPPFLAGS = -I$(top_srcdir) $(unit_test_cppflags)
tests_unit_background_test_LDADD = $(unit_test_ldadd)
