/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which kernels run here.
 */
#include <config.h>

#include "embed/kernels.h"

#include <string.h>

/* The test asks the operating system too: it must save the registers. */
static int runs_here(const pli_kernels *kernels)
{
#ifdef PLI_KERNELS_X86
    if (kernels == &pli_kernels_vnni)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512vnni");
    if (kernels == &pli_kernels_avx2) return __builtin_cpu_supports("avx2");
#endif
    return kernels == &pli_kernels_plain;
}

static const pli_kernels *const ALL[] = {
#ifdef PLI_KERNELS_X86
    &pli_kernels_vnni,
    &pli_kernels_avx2,
#endif
    &pli_kernels_plain,
};

enum { COUNT = sizeof ALL / sizeof *ALL };

const pli_kernels *pli_kernels_best(void)
{
    size_t i = 0;
    while (!runs_here(ALL[i])) i++;
    return ALL[i];
}

const pli_kernels *pli_kernels_named(const char *name)
{
    for (size_t i = 0; i < COUNT; i++)
        if (strcmp(ALL[i]->name, name) == 0 && runs_here(ALL[i])) return ALL[i];
    return NULL;
}
