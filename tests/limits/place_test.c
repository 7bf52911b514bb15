/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where no index is made, opened, copied or rebuilt: options out of range, files and directories of
 * another kind, other writers, damage, a full disk, and models that are none.
 */
#include <config.h>

#include "tests/limits/limits.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs a command of the shell; every %s in it is `directory`. */
static void run_shell(const char *format)
{
    char command[512];
    snprintf(command, sizeof command, format, directory, directory, directory);
    ck_assert_int_eq(system(command), 0);
}

static const char *below(const char *name)
{
    return printed("%s/%s", directory, name);
}

static plurum_status try_create(const char *where)
{
    plurum_create_options options = creation();
    return plurum_index_create(where, &options, &error);
}

static plurum_status try_open(const char *where, int read_only)
{
    plurum_open_options options = opening();
    plurum_index *index = (plurum_index *)&options; /* must be overwritten */
    options.read_only = read_only;
    plurum_status status = plurum_index_open(&index, where, &options, &error);
    ck_assert_int_eq(index == NULL, status != PLURUM_OK);
    plurum_index_close(index);
    return status;
}

static int refuse_line(void *payload, const char *text, size_t len)
{
    (void)payload, (void)text, (void)len;
    return 1;
}

/* ---- creating ---- */

#define BAD_CREATION(piece, change)                                                                \
    do {                                                                                           \
        plurum_create_options o = creation();                                                      \
        plurum_fingerprint f = *o.fingerprint;                                                     \
        plurum_model_traits t = PLURUM_MODEL_TRAITS_INIT;                                          \
        plurum_trust_config c;                                                                     \
        plurum_trust_config_init(&c);                                                              \
        o.fingerprint = &f, o.traits = &t, o.trust = &c;                                           \
        change;                                                                                    \
        REFUSED_AS(#change, plurum_index_create(below("new"), &o, &error), ARG, piece);            \
    } while (0)

START_TEST(an_option_of_creation_out_of_range_is_refused)
{
    limits_kind("Creating an index: options");
    BAD_CREATION("fingerprint.name: 1 to 63 bytes", f.name[0] = '\0');
    BAD_CREATION("fingerprint.name: 1 to 63 bytes", memset(f.name, 'x', sizeof f.name));
    BAD_CREATION("fingerprint.name: printable ASCII", f.name[0] = '\n');
    BAD_CREATION("fingerprint.dim: 4097", f.dim = PLURUM_DIM_MAX + 1);
    BAD_CREATION("fingerprint.text_template: 2", f.text_template = 2);
    BAD_CREATION("traits.alpha: 1.5", t.alpha = 1.5);
    BAD_CREATION("traits.alpha: nan", t.alpha = NAN);
    BAD_CREATION("traits.pivot: 1", t.pivot = 1);
    BAD_CREATION("traits.lean: 11", t.lean = 11);
    BAD_CREATION("traits.lean: 1, -11", t.feedback_lean = -11);
    BAD_CREATION("trust.half_life: -1", c.half_life = -1);
    BAD_CREATION("trust.prior: 0", c.prior = 0);
    BAD_CREATION("trust.base_rate: 1", c.base_rate = 1);
    BAD_CREATION("trust.confidence_weight: 1", c.confidence_weight = 1);
    BAD_CREATION("trust.vote_weight: -1", c.vote_weight = -1);
    BAD_CREATION("trust.vote_cap: nan", c.vote_cap = NAN);
    BAD_CREATION("trust.z: 0", c.z = 0);
    BAD_CREATION("trust.quarantine_margin: -1", c.quarantine_margin = -1);
    BAD_CREATION("ranking weights rule them", c.floor = .5);
    BAD_CREATION("map_size: 1000", o.map_size = 1000);
    BAD_CREATION("map_size: 18446744073709551615", o.map_size = UINT64_MAX);
    REFUSED(plurum_index_create(NULL, NULL, &error), ARG, "path: NULL", path = NULL);
}
END_TEST

START_TEST(a_place_that_is_none_for_an_index_is_refused)
{
    run_shell("echo letter >%s/letter && mkdir %s/full && echo letter >%s/full/letter");
    limits_settle();
    limits_kind("Creating an index: the place");
    REFUSED(try_create(below("letter")), EXISTS, "a file, not a directory", a file);
    REFUSED(try_create(below("full")), EXISTS, "is not empty", a directory that is not empty);
    REFUSED(try_create(path), EXISTS, "is not empty", another index);
    REFUSED(try_create(below("no/index")), NOTFOUND, "No such file", a directory without a parent);
    REFUSED(try_create(below("letter/index")), IO, "Not a directory", a directory below a file);
    REFUSED(try_create(many(5000, "d")), IO, "File name too long", many(5000, "d"));
}
END_TEST

/* As somebody who may not write here; root may write anywhere. */
static plurum_status as_a_stranger(plurum_status (*call)(void))
{
    enum { NOBODY_UID = 65534 };
    int root = geteuid() == 0;
    run_shell("chmod -R a=rX %s");
    if (root) ck_assert_int_eq(seteuid(NOBODY_UID), 0);
    plurum_status status = call();
    if (root) ck_assert_int_eq(seteuid(0), 0);
    run_shell("chmod -R u=rwX %s");
    return status;
}

static plurum_status create_below(void)
{
    return try_create(below("new"));
}

static plurum_status open_to_write(void)
{
    return try_open(path, 0);
}

START_TEST(a_directory_that_is_read_only_is_refused)
{
    close_index();
    limits_settle();
    limits_kind("Read-only directories");
    REFUSED(as_a_stranger(create_below), IO, "Permission denied", creating an index there);
    REFUSED(as_a_stranger(open_to_write), IO, "Permission denied", opening one to write);
}
END_TEST

/* ---- opening ---- */

START_TEST(an_option_of_opening_out_of_range_is_refused)
{
    plurum_open_options o = opening();
    close_index();
    limits_settle();
    limits_kind("Opening an index: options");
    o.graph_from = 0;
    REFUSED(plurum_index_open(&opened, path, &o, &error), ARG, "graph_from: 0", graph_from = 0);
    o = opening();
    o.segment_size = 0;
    REFUSED(plurum_index_open(&opened, path, &o, &error), ARG, "segment_size: 0", segment_size = 0);
    REFUSED(plurum_index_open(&opened, NULL, NULL, &error), ARG, "path: NULL", path = NULL);
}
END_TEST

static plurum_status embed_nothing(void *payload, const char *const *texts, size_t count, float *out,
                                   plurum_error *why)
{
    (void)payload, (void)texts, (void)count, (void)out, (void)why;
    return PLURUM_OK;
}

START_TEST(a_foreign_model_is_refused)
{
    static const plurum_fingerprint other = {.name = "other", .dim = DIM, .text_template = 1,
                                             .checksum = 7};
    plurum_embedder_methods methods = {.struct_size = sizeof methods, .embed = embed_nothing};
    plurum_embedder *embedder;
    plurum_open_options o = opening();
    OK(plurum_embedder_create(&embedder, &other, NULL, &methods, NULL, &error));
    limits_kind("Foreign models");
    REFUSED(plurum_index_use_embedder(opened, embedder, &error), MISMATCH, "given is other",
            plurum_index_use_embedder of another model);
    REFUSED(plurum_index_use_embedder(opened, NULL, &error), ARG, "embedder: NULL",
            plurum_index_use_embedder(NULL));
    close_index();
    limits_settle();
    o.embedder = embedder;
    REFUSED(plurum_index_open(&opened, path, &o, &error), MISMATCH, "given is other",
            opening with another embedder);
    plurum_embedder_free(embedder);
}
END_TEST

/* Changes files of the closed index with a command; opening it must then be refused. */
#define BAD_INDEX(given, command, status, piece)                                                   \
    do {                                                                                           \
        run_shell("cp -a %s/index %s/spoilt && cd %s/spoilt && " command);                         \
        limits_settle();                                                                           \
        FAILS(try_open(below("spoilt"), 1), PLURUM_##status, piece);                               \
        REFUSED_AS(given, try_open(below("spoilt"), 0), status, piece);                            \
        run_shell("rm -r %s/spoilt");                                                              \
    } while (0)

START_TEST(what_is_no_index_or_a_damaged_one_is_refused)
{
    close_index();
    limits_settle();
    limits_kind("Opening an index: what is there");
    REFUSED(try_open(below("nothing"), 0), NOTFOUND, "No such file", a directory that is not there);
    BAD_INDEX("an empty directory", "rm -r *", FORMAT, "not a plurum index");
    BAD_INDEX("a file instead of a directory", "cd .. && rm -r spoilt && echo x >spoilt", FORMAT,
              "not a plurum index");
    BAD_INDEX("FORMAT is empty", ": >FORMAT", FORMAT, "FORMAT: not that of a plurum index");
    BAD_INDEX("FORMAT says other 0", "echo other 0 >FORMAT", FORMAT, "FORMAT: not that");
    BAD_INDEX("FORMAT says plurum-index 41, a newer format", "echo plurum-index 41 >FORMAT", FORMAT,
              "format 41, this one reads up to 0");
    BAD_INDEX("FORMAT says plurum-index -1", "echo plurum-index -1 >FORMAT", FORMAT,
              "FORMAT: not that");
    BAD_INDEX("no store", "rm -r store", CORRUPT, "the store's file is missing");
    BAD_INDEX("no file in the store", "rm store/data.mdb", CORRUPT, "the store's file is missing");
    BAD_INDEX("an empty file in the store", ": >store/data.mdb", CORRUPT, "store");
    BAD_INDEX("a letter instead of a store", "seq 9999 >store/data.mdb", CORRUPT, "data.mdb");
    BAD_INDEX("zeros instead of a store", "head -c 99999 /dev/zero >store/data.mdb", CORRUPT, "data.mdb");
}
END_TEST

/* Another process that has the index open to write; its pid. */
static pid_t start_writer(void)
{
    int ready[2];
    char byte;
    ck_assert_int_eq(pipe(ready), 0);
    pid_t writer = fork();
    ck_assert_int_ge(writer, 0);
    if (writer == 0) {
        plurum_open_options options = opening();
        if (plurum_index_open(&opened, path, &options, NULL) || write(ready[1], "r", 1) != 1) _exit(1);
        for (;;) pause();
    }
    ck_assert_int_eq((int)read(ready[0], &byte, 1), 1);
    close(ready[0]);
    close(ready[1]);
    return writer;
}

START_TEST(a_second_writer_or_handle_is_refused)
{
    limits_kind("Other writers and handles");
    REFUSED(try_open(path, 0), BUSY, "open in this process already", opening it again);
    REFUSED(plurum_index_compact(NULL, path, NULL, &error), BUSY, "open in this process already",
            compacting it while it is open);
    REFUSED(plurum_index_reindex(NULL, path, NULL, &error), BUSY, "open in this process already",
            reindexing it while it is open);
    REFUSED(plurum_index_copy_files(path, below("copy"), &error), BUSY, "open in this process",
            plurum_index_copy_files while it is open);
    close_index();
    pid_t writer = start_writer();
    limits_settle();
    REFUSED(try_open(path, 0), BUSY, printed("process %ld is writing", (long)writer),
            opening it to write while another process does);
    REFUSED(plurum_index_compact(NULL, path, NULL, &error), BUSY, "is writing",
            compacting it while another process writes);
    REFUSED(plurum_index_reindex(NULL, path, NULL, &error), BUSY, "is writing",
            reindexing it while another process writes);
    ck_assert_int_eq(kill(writer, SIGKILL), 0);
    ck_assert_int_eq(waitpid(writer, NULL, 0), writer);
}
END_TEST

/* Turns a bit where the file of the store has these bytes. */
static void spoil(const char *bytes)
{
    FILE *file = fopen(below("index/store/data.mdb"), "r+b");
    ck_assert_ptr_nonnull(file);
    char all[1 << 18], *at = NULL;
    size_t len = fread(all, 1, sizeof all, file);
    while ((at = memmem(at ? at + 1 : all, len - (size_t)(at ? at + 1 - all : 0), bytes, strlen(bytes)))) {
        ck_assert_int_eq(fseek(file, at - all, SEEK_SET), 0);
        fputc(bytes[0] ^ 1, file);
    }
    ck_assert_int_eq(fclose(file), 0);
}

START_TEST(a_damaged_record_is_refused_whoever_meets_it)
{
    char *json;
    put_text("needle", "wrpltm qzx");
    OK(plurum_index_apply(opened, &error));
    close_index();
    spoil("wrpltm");
    reopen();
    limits_settle_files();
    limits_kind("Damaged records");
    REFUSED(plurum_index_get(&json, opened, "needle", &OPERATOR, &error), CORRUPT, "blobs: ",
            getting a document);
    REFUSED(plurum_index_backup(NULL, opened, below("copy"), NULL, &error), CORRUPT, "blobs: ",
            a backup);
    plurum_verify_report r = {.struct_size = sizeof r};
    REFUSED(plurum_index_verify(&r, opened, NULL, NULL, &error), CORRUPT, " findings", verifying);
    close_index();
    REFUSED(plurum_index_compact(NULL, path, NULL, &error), CORRUPT, "blobs: ", compacting);
}
END_TEST

/* ---- no room ---- */

static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* Signs that hardly compress. */
static const char *noise(size_t len)
{
    char *text = (char *)many(len, "x");
    uint64_t x = 1;
    for (size_t i = 0; i < len; i++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        text[i] = "!?()[]{}<>|;,*^&"[x >> 60];
    }
    return text;
}

/* Commits one large document more. */
static plurum_status put_noise(void)
{
    plurum_document d =
        document(printed("large-%llu", (unsigned long long)stats().documents), noise(400000));
    plurum_batch *batch;
    OK(plurum_batch_new(&batch, opened, &error));
    OK(plurum_batch_put(batch, &d, PLURUM_CONFLICT_ERROR, &error));
    plurum_status status = plurum_batch_commit(batch, NULL, &error);
    plurum_batch_free(batch);
    return status;
}

/* A limit on the size of files stands for the disk (tests/kills/full_disk_test.c). */
static plurum_status on_a_full_disk(plurum_status (*call)(void))
{
    limit_files(150000);
    plurum_status status = call();
    limit_files(RLIM_INFINITY);
    return status;
}

static plurum_status back_up(void)
{
    return plurum_index_backup(NULL, opened, below("copy"), NULL, &error);
}

START_TEST(a_full_disk_or_map_is_told_and_nothing_is_lost)
{
    limits_kind("Full disks");
    limits_settle_content();
    REFUSED(on_a_full_disk(put_noise), IO, "the disk is full", a commit);
    verify_is_clean();
    OK(put_noise());
    limits_settle();
    REFUSED(on_a_full_disk(back_up), IO, "the disk is full", a backup);
    close_index();
    run_shell("rm -r %s/index");
    plurum_create_options small = creation();
    small.map_size = 1 << 20;
    create(&small);
    reopen();
    put_text("plain", "a plain document");
    while (!put_noise()) limits_settle();
    REFUSED(put_noise(), IO, "map is full", a commit beyond map_size);
    verify_is_clean();
}
END_TEST

/* ---- models ---- */

static plurum_status try_model(const char *name)
{
    plurum_embedder *embedder = (plurum_embedder *)&name;
    plurum_status status = plurum_embedder_open(&embedder, below(name), &error);
    ck_assert_int_eq(embedder == NULL, status != PLURUM_OK);
    plurum_embedder_free(embedder);
    return status;
}

#define BAD_MODEL(given, command, status, piece)                                                   \
    do {                                                                                           \
        run_shell("cp " DATA_DIR "/models/static-en-256.plsm %s/model && cd %s && " command);      \
        limits_settle();                                                                           \
        REFUSED_AS(given, try_model("model"), status, piece);                                      \
    } while (0)
#define POKE(bytes, at) "printf '" bytes "' | dd of=model bs=1 seek=" at " conv=notrunc status=none"

START_TEST(a_model_that_is_none_is_refused)
{
    limits_kind("Models");
    REFUSED(try_model("nothing"), IO, "cannot open it", a file that is not there);
    REFUSED(try_model("index"), FORMAT, "no regular file", a directory);
    BAD_MODEL("an empty file", ": >model", FORMAT, "not a model");
    BAD_MODEL("a letter", "echo letter >model", FORMAT, "neither PLSM nor PLTM");
    BAD_MODEL("a newer version", POKE("\\011", "4"), FORMAT, "version 9");
    BAD_MODEL("a file cut short", "truncate -s 1000000 model", CORRUPT, "1000000 bytes");
    BAD_MODEL("a file with a byte changed", POKE("\\377\\376", "4000000"), CORRUPT, "");
}
END_TEST

#define BAD_EMBEDDER(piece, change)                                                                \
    do {                                                                                           \
        plurum_fingerprint f = {.name = "m", .dim = DIM, .text_template = 1};                      \
        plurum_model_traits t = PLURUM_MODEL_TRAITS_INIT;                                          \
        plurum_embedder_methods m = {.struct_size = sizeof m, .embed = embed_nothing};             \
        plurum_embedder *embedder;                                                                 \
        change;                                                                                    \
        REFUSED_AS(#change, plurum_embedder_create(&embedder, &f, &t, &m, NULL, &error), ARG, piece); \
    } while (0)

START_TEST(an_embedder_that_is_none_is_refused)
{
    limits_kind("Embedders of the caller");
    BAD_EMBEDDER("name is \"\"", f.name[0] = '\0');
    BAD_EMBEDDER("0 dimensions", f.dim = 0);
    BAD_EMBEDDER("4097 dimensions", f.dim = PLURUM_DIM_MAX + 1);
    BAD_EMBEDDER("text template 0", f.text_template = 0);
    BAD_EMBEDDER("alpha is -1", t.alpha = -1);
    BAD_EMBEDDER("pivot is 0", t.pivot = 0);
    BAD_EMBEDDER("lean is 99", t.lean = 99);
    BAD_EMBEDDER("the method embed", m.embed = NULL);
}
END_TEST

/* Gives what the test asks for. */
static plurum_status embed_badly(void *payload, const char *const *texts, size_t count, float *out,
                                 plurum_error *why)
{
    const plurum_status *status = payload;
    (void)texts, (void)why;
    for (size_t i = 0; i < count * DIM; i++) out[i] = *status ? 0 : NAN;
    return *status;
}

START_TEST(an_embedder_that_fails_fails_the_commit)
{
    static const plurum_fingerprint f = {.name = "caller", .dim = DIM, .text_template = 1};
    plurum_embedder_methods methods = {.struct_size = sizeof methods, .embed = embed_badly};
    plurum_status status;
    plurum_embedder *embedder;
    OK(plurum_embedder_create(&embedder, &f, NULL, &methods, &status, &error));
    OK(plurum_index_use_embedder(opened, embedder, &error));
    limits_kind("Embedders of the caller");
#define COMMIT put_noise()
    status = PLURUM_OK;
    REFUSED(COMMIT, INVALID, "expected finite numbers", a commit: embed gives NAN);
    status = PLURUM_IO;
    REFUSED(COMMIT, IO, "failed", a commit: embed returns PLURUM_IO);
    status = (plurum_status)77;
    REFUSED(COMMIT, BACKEND, "77, which is no status", a commit: embed returns 77);
    close_index();
    plurum_embedder_free(embedder);
}
END_TEST

/* ---- jobs ---- */

static int stop_at_once(void *payload, const char *step, uint64_t done, uint64_t total)
{
    (void)payload, (void)step, (void)done, (void)total;
    return 1;
}

START_TEST(a_copy_that_cannot_be_is_refused)
{
    plurum_job_options stop = PLURUM_JOB_OPTIONS_INIT;
    plurum_export_options exporting = PLURUM_EXPORT_OPTIONS_INIT;
    stop.progress = stop_at_once;
    exporting.job = stop;
    run_shell("echo letter >%s/letter && mkdir %s/full && echo letter >%s/full/letter");
    OK(plurum_index_backup(NULL, opened, below("sound"), NULL, &error));
    limits_settle();
    limits_kind("Backup, restore and export");
#define BACKUP(dest) plurum_index_backup(NULL, opened, dest, NULL, &error)
#define RESTORE(from, to) plurum_index_restore(NULL, from, to, NULL, &error)
    REFUSED(BACKUP(below("full")), EXISTS, "not empty", backup: into a directory that is not empty);
    REFUSED(BACKUP(below("letter")), EXISTS, "a file", backup: into a file);
    REFUSED(BACKUP(below("no/copy")), NOTFOUND, "No such file", backup: below what is not there);
    REFUSED(BACKUP(path), EXISTS, "not empty", backup: into the index itself);
    REFUSED(BACKUP(NULL), ARG, "dest: NULL", backup: dest = NULL);
    REFUSED(plurum_index_backup(NULL, opened, below("new"), &stop, &error), CANCELLED, "stopped",
            backup: progress stops it);
    REFUSED(RESTORE(below("sound"), path), EXISTS, "not empty", restore: over an index);
    REFUSED(RESTORE(below("sound"), below("letter")), EXISTS, "a file", restore: over a file);
    REFUSED(RESTORE(below("nothing"), below("new")), NOTFOUND, "No such file",
            restore: of what is not there);
    REFUSED(RESTORE(below("full"), below("new")), FORMAT, "not a plurum index",
            restore: of what is no index);
    REFUSED(RESTORE(NULL, below("new")), ARG, "backup: NULL", restore: backup = NULL);
    REFUSED(RESTORE(below("sound"), NULL), ARG, "path: NULL", restore: path = NULL);
    REFUSED(plurum_index_export(opened, NULL, NULL, NULL, &error), ARG, "line: NULL",
            export: line = NULL);
    REFUSED(plurum_index_export(opened, NULL, refuse_line, NULL, &error), CANCELLED, "stopped",
            export: the callback stops it);
    REFUSED(plurum_index_export(opened, &exporting, refuse_line, NULL, &error), CANCELLED, "stopped",
            export: progress stops it);
}
END_TEST

START_TEST(a_rebuild_that_cannot_be_is_refused)
{
    static const plurum_fingerprint f = {.name = "other", .dim = DIM, .text_template = 1};
    plurum_embedder_methods methods = {.struct_size = sizeof methods, .embed = embed_nothing};
    plurum_embedder *embedder;
    plurum_reindex_options o = PLURUM_REINDEX_OPTIONS_INIT;
    plurum_job_options stop = PLURUM_JOB_OPTIONS_INIT;
    OK(plurum_embedder_create(&embedder, &f, NULL, &methods, NULL, &error));
    close_index();
    run_shell("echo letter >%s/letter && mkdir %s/empty");
    limits_settle();
    limits_kind("Reindex and compact");
#define REINDEX(where) plurum_index_reindex(NULL, where, &o, &error)
#define COMPACT(where) plurum_index_compact(NULL, where, NULL, &error)
    o.rollback = 1;
    REFUSED(REINDEX(path), NOTFOUND, "no generation before", reindex: rollback = 1 of the first);
    o.without_vectors = 1;
    REFUSED(REINDEX(path), ARG, "rollback: ", reindex: rollback = 1 and without_vectors = 1);
    o.rollback = 0;
    o.embedder = embedder;
    REFUSED(REINDEX(path), ARG, "one of them", reindex: an embedder and without_vectors = 1);
    o.embedder = NULL;
    REFUSED(REINDEX(below("empty")), FORMAT, "not a plurum index", reindex: of an empty directory);
    REFUSED(REINDEX(below("letter")), FORMAT, "not a plurum index", reindex: of a file);
    REFUSED(REINDEX(below("nothing")), NOTFOUND, "No such file", reindex: of what is not there);
    REFUSED(REINDEX(NULL), ARG, "path: NULL", reindex: path = NULL);
    REFUSED(COMPACT(below("empty")), FORMAT, "not a plurum index", compact: of an empty directory);
    REFUSED(COMPACT(below("letter")), FORMAT, "not a plurum index", compact: of a file);
    REFUSED(COMPACT(below("nothing")), NOTFOUND, "No such file", compact: of what is not there);
    REFUSED(COMPACT(NULL), ARG, "path: NULL", compact: path = NULL);
    stop.progress = stop_at_once;
    REFUSED(plurum_index_compact(NULL, path, &stop, &error), CANCELLED, "stopped",
            compact: progress stops it);
    plurum_embedder_free(embedder);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("limits: places");
    TCase *t = tcase_create("refusals");
    tcase_set_timeout(t, 120);
    tcase_add_checked_fixture(t, limits_begin, limits_end);
    tcase_add_test(t, an_option_of_creation_out_of_range_is_refused);
    tcase_add_test(t, a_place_that_is_none_for_an_index_is_refused);
    tcase_add_test(t, an_option_of_opening_out_of_range_is_refused);
    tcase_add_test(t, what_is_no_index_or_a_damaged_one_is_refused);
    tcase_add_test(t, a_directory_that_is_read_only_is_refused);
    tcase_add_test(t, a_second_writer_or_handle_is_refused);
    tcase_add_test(t, a_damaged_record_is_refused_whoever_meets_it);
    tcase_add_test(t, a_full_disk_or_map_is_told_and_nothing_is_lost);
    tcase_add_test(t, a_model_that_is_none_is_refused);
    tcase_add_test(t, a_foreign_model_is_refused);
    tcase_add_test(t, an_embedder_that_is_none_is_refused);
    tcase_add_test(t, an_embedder_that_fails_fails_the_commit);
    tcase_add_test(t, a_copy_that_cannot_be_is_refused);
    tcase_add_test(t, a_rebuild_that_cannot_be_is_refused);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
