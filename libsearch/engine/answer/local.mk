# SPDX-License-Identifier: GPL-2.0-or-later
libplurum_internal_la_SOURCES += \
	libsearch/engine/answer/facets.c libsearch/engine/answer/facets.h \
	libsearch/engine/answer/page.c \
	libsearch/engine/answer/read.c \
	libsearch/engine/answer/replay.c libsearch/engine/answer/replay.h \
	libsearch/engine/answer/replay_text.c \
	libsearch/engine/answer/results.c libsearch/engine/answer/results.h \
	libsearch/engine/answer/snippet.c libsearch/engine/answer/snippet.h \
	libsearch/engine/answer/suggest.c libsearch/engine/answer/suggest.h \
	libsearch/engine/answer/why.c libsearch/engine/answer/why.h \
	libsearch/engine/answer/why_change.c \
	libsearch/engine/answer/why_json.c
