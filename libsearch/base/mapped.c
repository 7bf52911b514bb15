/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mapping a whole file. The mapping is shared with whoever else maps it, and outlives the name.
 */
#include <config.h>

#include "base/mapped.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

plurum_status pli_map_file(void **map, size_t *size, const char *path, size_t least,
                           plurum_error *error)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    *map = NULL;
    if (fd < 0) return pli_fail_errno(error, errno, "%s", path);
    int failed = fstat(fd, &st), code = errno, whole = !failed && (size_t)st.st_size >= least;
    if (whole) {
        *size = (size_t)st.st_size;
        *map = mmap(NULL, *size, PROT_READ, MAP_SHARED, fd, 0);
        code = errno;
        if (*map == MAP_FAILED) *map = NULL, failed = 1;
    }
    close(fd);
    if (failed) return pli_fail_errno(error, code, "%s", path);
    return whole ? PLURUM_OK : pli_fail(error, PLURUM_CORRUPT, "%s: too short", path);
}

void pli_unmap(void *map, size_t size)
{
    if (map) munmap(map, size);
}
