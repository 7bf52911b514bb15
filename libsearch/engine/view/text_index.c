/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening the text index, and making it anew.
 *
 * Damage that shows at opening is met there; damage that lies deeper shows when it is read, by a
 * search or by the applier, and the index is then made anew under the running handle. The new one
 * is made beside the old and takes its name, so that no reader ever sees half of one.
 */
#include <config.h>

#include "engine/view/text_index.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "engine/files.h"

typedef struct names {
    char *made, *damaged; /* beside the text index: the new one, and the old one on its way out */
} names;

static void free_names(names *n)
{
    pli_free(n->made);
    pli_free(n->damaged);
}

static plurum_status name_them(names *n, const plurum_index *index, plurum_error *error)
{
    size_t size = strlen(index->text_path) + sizeof ".damaged";
    n->made = pli_malloc(size);
    n->damaged = pli_malloc(size);
    if (!n->made || !n->damaged) {
        free_names(n);
        return pli_nomem(error);
    }
    snprintf(n->made, size, "%s.new", index->text_path);
    snprintf(n->damaged, size, "%s.damaged", index->text_path);
    return PLURUM_OK;
}

/* Whatever a killed process has left half-way. */
static plurum_status sweep(const names *n, plurum_error *error)
{
    plurum_status status = pli_files_remove(n->made, error);
    return status ? status : pli_files_remove(n->damaged, error);
}

static plurum_status move_away(const char *from, const char *to, plurum_error *error)
{
    return rename(from, to) && errno != ENOENT ? pli_fail_errno(error, errno, "%s", from)
                                               : PLURUM_OK;
}

static plurum_status replace_files(const plurum_index *index, plurum_error *error)
{
    names n;
    pli_text_writer *writer = NULL;
    plurum_status status = name_them(&n, index, error);
    if (status) return status;
    status = sweep(&n, error);
    if (!status) status = pli_text_writer_open(&writer, n.made, error);
    pli_text_writer_close(writer);
    if (!status) status = move_away(index->text_path, n.damaged, error);
    if (!status) status = move_away(n.made, index->text_path, error);
    if (!status) status = pli_files_remove(n.damaged, error);
    free_names(&n);
    return status;
}

static void set_applied(plurum_index *index, uint64_t applied)
{
    pli_applier *applier = &index->applier;
    pthread_mutex_lock(&applier->mutex);
    applier->applied = applied;
    pthread_cond_signal(&applier->wake);
    pthread_mutex_unlock(&applier->mutex);
}

static plurum_status make_anew(plurum_index *index, const char *why, plurum_error *error)
{
    pli_index_log(index, "the text index is made anew: %s", why);
    pli_text_writer_close(index->applier.text);
    index->applier.text = NULL;
    plurum_status status = replace_files(index, error);
    if (status) return status;
    pli_forget_readers(index);
    set_applied(index, 0);
    return pli_text_writer_open(&index->applier.text, index->text_path, error);
}

/* Whether the open index can be one that follows this store. */
static plurum_status compare_with_store(plurum_index *index, int missing, plurum_error *why)
{
    pli_txn *txn;
    uint64_t seq;
    uint32_t last_id;
    plurum_status status = pli_txn_read(&txn, index->store, why);
    if (status) return status;
    pli_text_writer_applied(index->applier.text, &seq, &last_id);
    uint64_t store_seq = pli_txn_seq(txn);
    if (missing && store_seq > 0)
        pli_index_log(index, "the text index is made anew: %s is missing", index->text_path);
    int ahead = seq > store_seq || last_id > pli_txn_next_id(txn) - 1;
    pli_txn_end(txn);
    if (ahead)
        return pli_fail(why, PLURUM_FORMAT, "%s: ahead of the store (%llu of %llu)",
                        index->text_path, (unsigned long long)seq, (unsigned long long)store_seq);
    pli_note_text(index, last_id);
    set_applied(index, seq);
    return PLURUM_OK;
}

plurum_status pli_text_index_open(plurum_index *index, plurum_error *error)
{
    plurum_error why;
    names n;
    plurum_status status = name_them(&n, index, error);
    if (status) return status;
    status = sweep(&n, &why);
    free_names(&n);
    int missing = access(index->text_path, F_OK) != 0;
    if (!status && missing) status = replace_files(index, &why);
    if (!status) status = pli_text_writer_open(&index->applier.text, index->text_path, &why);
    if (status == PLURUM_CORRUPT || status == PLURUM_FORMAT)
        return make_anew(index, why.text, error);
    if (!status) status = compare_with_store(index, missing, &why);
    if (status == PLURUM_FORMAT) return make_anew(index, why.text, error);
    if (status && error) *error = why;
    return status;
}

/* Whether a name is that of a text index, whole or half-way. */
static int names_text_index(const char *name)
{
    char identity[9] = "";
    int end = 0;
    sscanf(name, "text-%*9[0-9]-%8[0-9a-f]%n", identity, &end);
    return strlen(identity) == 8 && (!name[end] || strcmp(name + end, ".new") == 0 ||
                       strcmp(name + end, ".damaged") == 0);
}

void pli_text_index_sweep(const plurum_index *index)
{
    const char *own = strrchr(index->text_path, '/') + 1;
    DIR *dir = opendir(index->path);
    if (!dir) return;
    for (struct dirent *e; (e = readdir(dir));) {
        if (!names_text_index(e->d_name) || strncmp(e->d_name, own, strlen(own)) == 0) continue;
        char *other = pli_files_join(index->path, e->d_name);
        if (other) pli_files_remove(other, NULL);
        pli_free(other);
    }
    closedir(dir);
}

plurum_status pli_text_index_ready(plurum_index *index, plurum_error *error)
{
    if (!index->applier.text) return pli_text_index_open(index, error);
    if (access(index->text_path, F_OK) == 0 || errno != ENOENT) return PLURUM_OK;
    return make_anew(index, "it is gone", error);
}

plurum_status pli_text_index_begin_again(plurum_index *index, const char *damage,
                                         plurum_error *error)
{
    if (damage) return make_anew(index, damage, error);
    pli_text_writer_close(index->applier.text);
    index->applier.text = NULL;
    return pli_text_index_open(index, error);
}

plurum_status pli_text_index_heal(plurum_index *index, unsigned generation, plurum_error *error)
{
    if (index->options.read_only) return PLURUM_CORRUPT;
    plurum_error why = {.text = "it could not be read"};
    if (error) why = *error;
    pthread_mutex_lock(&index->applier.work);
    pthread_mutex_lock(&index->pool_mutex);
    int known = index->text_generation != generation;
    pthread_mutex_unlock(&index->pool_mutex);
    plurum_status status = known ? PLURUM_OK : make_anew(index, why.text, error);
    pthread_mutex_unlock(&index->applier.work);
    return status;
}
