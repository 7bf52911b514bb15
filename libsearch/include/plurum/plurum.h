/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libplurum: a search and ranking engine for experiences that learns what works.
 * This header includes all the others; docs/threading.md tells about threads and processes,
 * docs/errors.md what to do about each error, docs/format.md what is on the disk.
 */
#ifndef PLURUM_PLURUM_H
#define PLURUM_PLURUM_H

#include <plurum/document.h>
#include <plurum/embed.h>
#include <plurum/experience.h>
#include <plurum/index.h>
#include <plurum/jobs.h>
#include <plurum/read.h>
#include <plurum/replay.h>
#include <plurum/search.h>
#include <plurum/secrets.h>
#include <plurum/session.h>
#include <plurum/status.h>
#include <plurum/trust.h>
#include <plurum/version.h>
#include <plurum/weights.h>
#include <plurum/why.h>
#include <plurum/write.h>

#endif
