/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine's side of the comparison: does a step through the public API.
 */
#ifndef ORACLE_ENGINE_H
#define ORACLE_ENGINE_H

#include "tests/oracle/make.h"

/* Serves steps from one pipe and answers into another until the first is closed. The index at path
 * is made if it is not there. Returns when done; never mind what is open then. */
void engine_serve(const char *path, const settings *how, int steps, int answers);

#endif
