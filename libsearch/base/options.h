/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Options structs that may grow: their first member is their size as the caller knows it.
 */
#ifndef PLI_BASE_OPTIONS_H
#define PLI_BASE_OPTIONS_H

#include <stddef.h>

#include <plurum/status.h>

/*
 * Copies a caller's struct over ours, which holds the defaults: as many bytes as both know. An
 * older caller's missing tail keeps its defaults; a newer caller's unknown tail must be zero.
 * given may be NULL. `what` names the struct in the error (ARG).
 */
plurum_status pli_options_copy(void *ours, size_t our_size, const void *given, const char *what,
                               plurum_error *error);

/* Checks the struct_size of a struct that a call fills in: ARG where it cannot have been set. */
plurum_status pli_options_size(size_t size, const char *what, plurum_error *error);

#endif
