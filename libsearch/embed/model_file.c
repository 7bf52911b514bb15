/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What both kinds of model files share before anything in them is looked at.
 */
#include <config.h>

#include "embed/model_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/error.h"

plurum_status pli_model_fail(const pli_model_source *in, const void *where, plurum_status status,
                             const char *format, ...)
{
    char text[PLURUM_ERROR_TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    pli_fail(in->error, status, "%s", text);
    if (in->error) in->error->position = (uint64_t)((const unsigned char *)where - in->bytes);
    return status;
}

plurum_status pli_model_bad_number(const pli_model_source *in, size_t offset, const char *what,
                                   uint64_t value, const char *expected)
{
    return pli_model_fail(in, in->bytes + offset, PLURUM_CORRUPT,
                          "%s is %llu at byte %zu, expected %s", what, (unsigned long long)value,
                          offset, expected);
}

static plurum_status check_identity(const pli_model_source *in, const pli_model_frame *frame)
{
    enum { AT_VERSION = 4, VERSION = 1 };
    size_t magic = in->len < AT_VERSION ? in->len : AT_VERSION;
    if (magic == 0 || memcmp(in->bytes, frame->magic, magic) != 0)
        return pli_model_fail(in, in->bytes, PLURUM_FORMAT,
                              "not a %s model: it does not begin with \"%s\"", frame->kind,
                              frame->magic);
    if (in->len < PLI_MODEL_HEADER)
        return pli_model_fail(in, in->bytes + in->len, PLURUM_CORRUPT,
                              "the file ends after %zu bytes, its header alone has %d", in->len,
                              PLI_MODEL_HEADER);
    uint32_t version = pli_load_u32(in->bytes + AT_VERSION);
    if (version == VERSION) return PLURUM_OK;
    return pli_model_fail(in, in->bytes + AT_VERSION, PLURUM_FORMAT,
                          "a %s model of version %lu, this library reads version %d", frame->kind,
                          (unsigned long)version, VERSION);
}

plurum_status pli_model_check_frame(const pli_model_source *in, const pli_model_frame *frame)
{
    plurum_status status = check_identity(in, frame);
    if (status) return status;
    uint64_t size = pli_load_u64(in->bytes + frame->size_at);
    if (size == in->len) return PLURUM_OK;
    return pli_model_fail(in, in->bytes + frame->size_at, PLURUM_CORRUPT,
                          "the file has %zu bytes, its header says %llu", in->len,
                          (unsigned long long)size);
}

float pli_model_f32(const unsigned char *bytes)
{
    uint32_t bits = pli_load_u32(bytes);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

void pli_model_identify(plurum_fingerprint *out, const char *name, uint32_t crc, uint64_t size)
{
    snprintf(out->name, sizeof out->name, "%s", name);
    out->text_template = 1;
    out->checksum = crc | size << 32;
}

/* Every failing system call is IO here, a missing file too. */
static plurum_status fail_io(plurum_error *error, const char *what)
{
    pli_fail_errno(error, errno, "%s", what);
    if (error) error->status = PLURUM_IO;
    return PLURUM_IO;
}

plurum_status pli_model_map_file(pli_model_map *out, const char *path, plurum_error *error)
{
    out->bytes = NULL;
    out->len = 0;
    /* without O_NONBLOCK a FIFO would wait for a writer */
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return fail_io(error, "cannot open it");
    plurum_status status = PLURUM_OK;
    struct stat about;
    if (fstat(file, &about) < 0) {
        status = fail_io(error, "cannot look at it");
    } else if (!S_ISREG(about.st_mode)) {
        status = pli_fail(error, PLURUM_FORMAT, "not a model: it is no regular file");
    } else if (about.st_size > 0) {
        out->len = (size_t)about.st_size;
        void *bytes = mmap(NULL, out->len, PROT_READ, MAP_PRIVATE, file, 0);
        if (bytes == MAP_FAILED)
            status = fail_io(error, "cannot map it");
        else
            out->bytes = bytes;
    }
    close(file);
    return status;
}

void pli_model_unmap(pli_model_map *map)
{
    if (map->bytes) munmap(map->bytes, map->len);
    map->bytes = NULL;
}

void pli_model_name_file(plurum_error *error, const char *path)
{
    enum { SHOWN = 100 };
    size_t len = strlen(path), skip = len > SHOWN ? len - SHOWN : 0;
    while (((unsigned char)path[skip] & 0xC0) == 0x80) skip++;
    pli_error_prefix(error, "%s%s", skip ? "…" : "", path + skip);
}
