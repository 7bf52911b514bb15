# SPDX-License-Identifier: GPL-2.0-or-later
libplurum_internal_la_SOURCES += \
	libsearch/experience/check.c libsearch/experience/check.h \
	libsearch/experience/content.h \
	libsearch/experience/document.c \
	libsearch/experience/fields.c libsearch/experience/fields.h \
	libsearch/experience/json_text.c libsearch/experience/json_text.h \
	libsearch/experience/labels.c libsearch/experience/labels.h \
	libsearch/experience/load.c libsearch/experience/load.h \
	libsearch/experience/normal.c libsearch/experience/normal.h \
	libsearch/experience/parse.c \
	libsearch/experience/present.c \
	libsearch/experience/project.c libsearch/experience/project.h
