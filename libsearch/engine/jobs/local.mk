# SPDX-License-Identifier: GPL-2.0-or-later
libplurum_internal_la_SOURCES += \
	libsearch/engine/jobs/backup.c \
	libsearch/engine/jobs/build.c libsearch/engine/jobs/build.h \
	libsearch/engine/jobs/compact.c \
	libsearch/engine/jobs/copy.c libsearch/engine/jobs/copy.h \
	libsearch/engine/jobs/copy_files.c \
	libsearch/engine/jobs/export.c \
	libsearch/engine/jobs/export_faiss.c \
	libsearch/engine/jobs/forget.c \
	libsearch/engine/jobs/generation.c libsearch/engine/jobs/generation.h \
	libsearch/engine/jobs/reask.c libsearch/engine/jobs/reask.h \
	libsearch/engine/jobs/reembed.c libsearch/engine/jobs/reembed.h \
	libsearch/engine/jobs/reindex.c \
	libsearch/engine/jobs/switch.c libsearch/engine/jobs/switch.h \
	libsearch/engine/jobs/text_anew.c libsearch/engine/jobs/text_anew.h
