/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making the text index anew without leaving the index without one meanwhile. The names are those
 * of text_index.c, which removes what a kill has left at the next opening.
 */
#include <config.h>

#include "engine/jobs/text_anew.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "engine/apply/applier.h"
#include "engine/files.h"
#include "engine/view/text_index.h"

static char *with_suffix(const char *path, const char *suffix)
{
    size_t size = strlen(path) + strlen(suffix) + 1;
    char *out = pli_malloc(size);
    if (out) snprintf(out, size, "%s%s", path, suffix);
    return out;
}

static void close_writer(plurum_index *index)
{
    pli_text_writer_close(index->applier.text);
    index->applier.text = NULL;
}

/* With the index's text path pointing to the new one. */
static plurum_status fill(plurum_index *index, plurum_error *error)
{
    plurum_status status = pli_text_index_open(index, error);
    if (!status) status = pli_applier_catch_up(index, error);
    close_writer(index);
    return status;
}

static plurum_status put_in_place(const char *made, const char *live, const char *old,
                                  plurum_error *error)
{
    if (rename(live, old) && errno != ENOENT) return pli_fail_errno(error, errno, "%s", live);
    if (rename(made, live)) return pli_fail_errno(error, errno, "%s", live);
    return pli_files_remove(old, error);
}

plurum_status pli_text_anew(plurum_index *index, pli_job *job, plurum_error *error)
{
    char *live = index->text_path, *made = with_suffix(live, ".new"),
         *old = with_suffix(live, ".damaged");
    plurum_status status = made && old ? PLURUM_OK : pli_nomem(error);
    if (!status) status = pli_job_step(job, "text indexes", 1, error);
    if (!status) {
        close_writer(index);
        status = pli_files_remove(made, error);
        index->text_path = made;
        if (!status) status = fill(index, error);
        index->text_path = live;
        if (!status) status = put_in_place(made, live, old, error);
        if (status) pli_files_remove(made, NULL);
        pli_forget_readers(index);
        if (!status) status = pli_text_index_open(index, error);
    }
    if (!status) status = pli_job_done(job, error);
    pli_free(made);
    pli_free(old);
    return status;
}
