/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Symbol visibility. Everything marked PLURUM_API is exported by libplurum; nothing else is.
 */
#ifndef PLURUM_EXPORT_H
#define PLURUM_EXPORT_H

#if defined(__GNUC__)
#define PLURUM_API __attribute__((visibility("default")))
#else
#define PLURUM_API
#endif

#endif
