/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening .npy files: they are mapped; a float32 array is aligned to 64 bytes. npy_header.c reads
 * what they begin with.
 */
#include <config.h>

#include "tools/npy.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/cli.h"

int npy_open(npy *out, const char *path)
{
    struct stat st;
    size_t offset;
    memset(out, 0, sizeof *out);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int failed = fd < 0 || fstat(fd, &st);
    if (!failed && S_ISREG(st.st_mode) && st.st_size > 0) {
        out->map_size = (size_t)st.st_size;
        out->map = mmap(NULL, out->map_size, PROT_READ, MAP_SHARED, fd, 0);
        failed = out->map == MAP_FAILED;
        if (failed) out->map = NULL;
    }
    int code = failed ? cli_error(EXIT_STORAGE, "%s: %s", path, strerror(errno)) : 0;
    if (fd >= 0) close(fd);
    if (code) return code;
    const char *wrong = npy_parse(out, &offset, out->map, out->map_size);
    if (!wrong) {
        out->values = (const float *)(const void *)((const char *)out->map + offset);
        return 0;
    }
    npy_close(out);
    return cli_error(EXIT_INPUT, "%s: %s", path, wrong);
}

void npy_close(npy *matrix)
{
    if (matrix->map) munmap(matrix->map, matrix->map_size);
    memset(matrix, 0, sizeof *matrix);
}
