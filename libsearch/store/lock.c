/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two claims. Between processes: flock on INDEX/writer.lock, which the kernel drops when the
 * holder dies, however it dies; the file's text is the holder's pid and serves the error message
 * only. Within the process: a list of open directories by device and inode, because closing a
 * second LMDB environment on the same file would drop the first one's locks without a word.
 */
#include <config.h>

#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"

struct pli_lock {
    int fd; /* of writer.lock, or -1 for a reader */
    dev_t device;
    ino_t inode;
    struct pli_lock *next;
};

static pthread_mutex_t open_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct pli_lock *open_list;

static plurum_status claim_in_process(pli_lock *lock, const char *directory, plurum_error *error)
{
    plurum_status status = PLURUM_OK;
    pthread_mutex_lock(&open_mutex);
    for (pli_lock *other = open_list; other; other = other->next)
        if (other->device == lock->device && other->inode == lock->inode)
            status = pli_fail(error, PLURUM_BUSY, "%s: open in this process already (pid %ld)",
                              directory, (long)getpid());
    if (!status) {
        lock->next = open_list;
        open_list = lock;
    }
    pthread_mutex_unlock(&open_mutex);
    return status;
}

static void unclaim_in_process(pli_lock *lock)
{
    pthread_mutex_lock(&open_mutex);
    for (pli_lock **link = &open_list; *link; link = &(*link)->next)
        if (*link == lock) {
            *link = lock->next;
            break;
        }
    pthread_mutex_unlock(&open_mutex);
}

static plurum_status busy(int fd, const char *directory, plurum_error *error)
{
    char pid[32];
    ssize_t len = pread(fd, pid, sizeof pid - 1, 0);
    pid[len > 0 ? len : 0] = '\0';
    pid[strcspn(pid, "\n")] = '\0';
    return pli_fail(error, PLURUM_BUSY, "%s: process %s is writing to it; one writer at a time",
                    directory, *pid ? pid : "unknown");
}

static plurum_status claim_between_processes(pli_lock *lock, const char *directory,
                                             plurum_error *error)
{
    char path[4096], pid[32];
    if (snprintf(path, sizeof path, "%s/writer.lock", directory) >= (int)sizeof path)
        return pli_fail(error, PLURUM_ARG, "%.100s…: path too long", directory);
    lock->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (lock->fd < 0) return pli_fail_errno(error, errno, "%s", path);
    while (flock(lock->fd, LOCK_EX | LOCK_NB)) {
        if (errno == EINTR) continue;
        if (errno == EWOULDBLOCK) return busy(lock->fd, directory, error);
        return pli_fail_errno(error, errno, "%s", path);
    }
    int len = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
    if (ftruncate(lock->fd, 0) || pwrite(lock->fd, pid, (size_t)len, 0) != len)
        return pli_fail_errno(error, errno, "%s", path);
    return PLURUM_OK;
}

plurum_status pli_lock_take(pli_lock **out, const char *directory, int writer,
                            plurum_error *error)
{
    *out = NULL;
    struct stat st;
    if (stat(directory, &st)) return pli_fail_errno(error, errno, "%s", directory);
    pli_lock *lock = pli_calloc(1, sizeof *lock);
    if (!lock) return pli_nomem(error);
    lock->fd = -1;
    lock->device = st.st_dev;
    lock->inode = st.st_ino;
    plurum_status status = claim_in_process(lock, directory, error);
    if (status) {
        pli_free(lock);
        return status;
    }
    if (writer) status = claim_between_processes(lock, directory, error);
    if (status) {
        pli_lock_release(lock);
        return status;
    }
    *out = lock;
    return PLURUM_OK;
}

void pli_lock_release(pli_lock *lock)
{
    if (!lock) return;
    unclaim_in_process(lock);
    if (lock->fd >= 0) close(lock->fd);
    pli_free(lock);
}
