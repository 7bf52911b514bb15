# SPDX-License-Identifier: GPL-2.0-or-later
libplurum_internal_la_SOURCES += \
	libsearch/engine/write/batch.c \
	libsearch/engine/write/batch_put.c \
	libsearch/engine/write/change.c libsearch/engine/write/change.h \
	libsearch/engine/write/change_put.c \
	libsearch/engine/write/change_report.c \
	libsearch/engine/write/commit.c \
	libsearch/engine/write/embed.c \
	libsearch/engine/write/events.c libsearch/engine/write/events.h \
	libsearch/engine/write/import.c libsearch/engine/write/import.h \
	libsearch/engine/write/later.c libsearch/engine/write/later.h \
	libsearch/engine/write/waiting.c libsearch/engine/write/waiting.h
