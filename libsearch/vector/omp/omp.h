/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What FAISS's headers name of OpenMP's, for a compiler that finds no omp.h (clang on Debian has its
 * own in another package). Nothing of it is used here: a declaration mentions the type of a lock.
 */
#ifndef PLI_OMP_H
#define PLI_OMP_H

typedef struct omp_lock_t omp_lock_t;

#endif
