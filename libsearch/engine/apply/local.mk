# SPDX-License-Identifier: GPL-2.0-or-later
libplurum_internal_la_SOURCES += \
	libsearch/engine/apply/applier.c libsearch/engine/apply/applier.h \
	libsearch/engine/apply/builder.c libsearch/engine/apply/builder.h \
	libsearch/engine/apply/builder_plan.c \
	libsearch/engine/apply/dictionary.c libsearch/engine/apply/dictionary.h \
	libsearch/engine/apply/upkeep.c libsearch/engine/apply/upkeep.h
