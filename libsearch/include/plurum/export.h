/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Symbol visibility: what libplurum exports.
 */
#ifndef PLURUM_EXPORT_H
#define PLURUM_EXPORT_H

/* Everything marked with it is exported; nothing else is. */
#if defined(__GNUC__)
#define PLURUM_API __attribute__((visibility("default")))
#else
#define PLURUM_API
#endif

#endif
