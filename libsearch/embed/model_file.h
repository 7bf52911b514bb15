/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Model files: bytes under a map, and what is said when they are not as they should be.
 */
#ifndef PLI_EMBED_MODEL_FILE_H
#define PLI_EMBED_MODEL_FILE_H

#include <stddef.h>
#include <stdint.h>

#include <plurum/embed.h>

/* Flag of all readers: do not compare the checksum, so that a fuzzer reaches what lies behind. */
#define PLI_MODEL_ANY_CHECKSUM 1u

enum { PLI_MODEL_ALIGNMENT = 64 }; /* sections begin at multiples of it */

/* A file while it is read. */
typedef struct pli_model_source {
    const unsigned char *bytes;
    size_t len;
    plurum_error *error;
} pli_model_source;

/* Fills in->error, with the place in the file that it is about, and returns the status. */
plurum_status pli_model_fail(const pli_model_source *in, const void *where, plurum_status status,
                             const char *format, ...) __attribute__((format(printf, 4, 5)));

/* CORRUPT: the number at this byte is `value`, `expected` says what could be. */
plurum_status pli_model_bad_number(const pli_model_source *in, size_t offset, const char *what,
                                   uint64_t value, const char *expected);

/* How a kind of model file begins: a magic, a version in the next four bytes, and its size. */
enum { PLI_MODEL_HEADER = 128 };
typedef struct pli_model_frame {
    const char *magic, *kind; /* "PLSM", "static"               */
    size_t size_at;           /* u64, where it tells its bytes  */
} pli_model_frame;

/*
 * FORMAT is for what is no model of this kind or a newer one; what calls itself one and breaks is
 * CORRUPT. An incomplete copy is the likeliest damage, so it is told apart before all else.
 */
plurum_status pli_model_check_frame(const pli_model_source *in, const pli_model_frame *frame);

/* A float that lies anywhere in the file. */
float pli_model_f32(const unsigned char *bytes);

typedef struct pli_model_map {
    void *bytes; /* NULL: an empty file, or none */
    size_t len;
} pli_model_map;

/*
 * Maps a regular file read-only. Errors: IO (any failing system call, a missing file too), FORMAT
 * (not a regular file).
 */
plurum_status pli_model_map_file(pli_model_map *out, const char *path, plurum_error *error);
void pli_model_unmap(pli_model_map *map);

/*
 * A kind of model: what open.c needs to make an embedder of a file of it. open reads the model from
 * the bytes of a map that outlives it; its errors are those of plurum_embedder_open_…; embed is
 * plurum_embedder_methods'.
 */
typedef struct pli_model_kind {
    const char *magic; /* the file's first four bytes */
    const plurum_model_traits *traits;
    plurum_status (*open)(void **model, const pli_model_map *map, plurum_error *error);
    void (*free)(void *model);
    void (*describe)(plurum_fingerprint *out, const void *model);
    plurum_status (*embed)(void *model, const char *const *texts, size_t count, float *out,
                           plurum_error *error);
} pli_model_kind;

extern const pli_model_kind pli_static_kind, pli_minilm_kind;

/* A fingerprint's name and, made of a file's checksum and size, its checksum. */
void pli_model_identify(plurum_fingerprint *out, const char *name, uint32_t crc, uint64_t size);

/* Puts the path, or where it is long its end, before an error text. */
void pli_model_name_file(plurum_error *error, const char *path);

#endif
