/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Xapian behind C: the only file of the text room that sees its header, and the only C++.
 *
 * Every entry goes through guarded(), which turns whatever is thrown into a status and a text. A
 * writer works inside a Xapian transaction from one commit to the next, because Xapian otherwise
 * commits by itself after ten thousand documents, and then without our metadata.
 */
#include <config.h>

#include <cerrno>
#include <cstring>
#include <new>
#include <stdexcept>
#include <string>

#include <dirent.h>
#include <sys/stat.h>

#include <xapian.h>

extern "C" {
#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "text/indexed.h"
}

namespace {

/* How far the index follows the store: one metadata entry, so one commit holds it and postings. */
const char APPLIED_KEY[] = "plurum";
const size_t APPLIED_SIZE = 16; /* analysis version u32, sequence u64, last id u32 */

struct applied {
    uint64_t seq;
    uint32_t last_id;
};

plurum_status describe(plurum_error *error, plurum_status status, const char *path,
                       const Xapian::Error &e)
{
    const char *system = e.get_error_string();
    return pli_fail(error, status, "%s: %s%s%s", path, e.get_msg().c_str(),
                    system ? ": " : "", system ? system : "");
}

/* Runs f, which returns a status; what it throws becomes one. The path is no std::string: making one
 * throws too, and before this begins. */
template <typename F>
plurum_status guarded(const char *path, plurum_error *error, F &&f) noexcept
{
    try {
        return f();
    } catch (const Xapian::DatabaseModifiedError &) {
        return pli_fail(error, PLURUM_BUSY, "%s: the revision being read is gone", path);
    } catch (const Xapian::DatabaseLockError &) {
        return pli_fail(error, PLURUM_BUSY, "%s: another writer holds it", path);
    } catch (const Xapian::DatabaseVersionError &e) {
        return describe(error, PLURUM_FORMAT, path, e);
    } catch (const Xapian::DatabaseCorruptError &e) {
        return describe(error, PLURUM_CORRUPT, path, e);
    } catch (const Xapian::DatabaseError &e) {
        /* without an errno it read something that cannot be, as an early end of file */
        return describe(error, e.get_error_string() ? PLURUM_IO : PLURUM_CORRUPT, path, e);
    } catch (const Xapian::RangeError &e) { /* a number in a posting list is too large */
        return describe(error, PLURUM_CORRUPT, path, e);
    } catch (const Xapian::Error &e) {
        return describe(error, PLURUM_BACKEND, path, e);
    } catch (const std::bad_alloc &) {
        return pli_nomem(error);
    } catch (const std::logic_error &e) { /* a length in a damaged block */
        return pli_fail(error, PLURUM_CORRUPT, "%s: %s", path, e.what());
    } catch (const std::exception &e) {
        return pli_fail(error, PLURUM_BACKEND, "%s: %s", path, e.what());
    } catch (...) {
        return pli_fail(error, PLURUM_INTERNAL, "%s: an unknown exception", path);
    }
}

plurum_status damaged(plurum_error *error, const std::string &path, const char *what)
{
    return pli_fail(error, PLURUM_CORRUPT, "%s: %s", path.c_str(), what);
}

enum class found { nothing, empty, index, headless, bodiless, other };

/* What is at a path, before Xapian, which would make a new database of a damaged one, sees it. */
found look(const std::string &path, int *sys_errno)
{
    struct stat status;
    *sys_errno = 0;
    if (stat(path.c_str(), &status)) {
        if (errno == ENOENT) return found::nothing;
        *sys_errno = errno;
        return found::other;
    }
    DIR *directory = opendir(path.c_str());
    if (!directory) {
        *sys_errno = errno;
        return found::other;
    }
    bool head = false, body = false, other = false;
    while (const dirent *entry = readdir(directory)) {
        const char *dot = std::strrchr(entry->d_name, '.');
        if (!std::strcmp(entry->d_name, "iamglass"))
            head = true;
        else if (!std::strcmp(entry->d_name, "postlist.glass"))
            body = true;
        else if (dot && !std::strcmp(dot, ".glass"))
            other = true;
    }
    closedir(directory);
    if (head) return body ? found::index : found::bodiless;
    return body || other ? found::headless : found::empty;
}

/* The metadata of a database; a new one has none. */
plurum_status read_applied(applied *out, const Xapian::Database &db, const std::string &path,
                           plurum_error *error)
{
    *out = {0, 0};
    std::string value = db.get_metadata(APPLIED_KEY);
    if (value.empty())
        return db.get_lastdocid() == 0 ? PLURUM_OK
                                       : damaged(error, path, "postings without their sequence");
    pli_reader reader = pli_reader_of(value.data(), value.size());
    uint32_t version = pli_read_u32(&reader);
    if (!reader.failed && version != PLI_ANALYSIS_VERSION)
        return pli_fail(error, PLURUM_FORMAT, "%s: made by text analysis %u, this is %u",
                        path.c_str(), (unsigned)version, (unsigned)PLI_ANALYSIS_VERSION);
    out->seq = pli_read_u64(&reader);
    out->last_id = pli_read_u32(&reader);
    if (value.size() != APPLIED_SIZE || reader.failed ||
        db.get_lastdocid() > (uint64_t)out->last_id + 1)
        return damaged(error, path, "its sequence does not fit its postings");
    return PLURUM_OK;
}

std::string stored(const char *prefix, const char *term, size_t len)
{
    char name[PLI_STORED_TERM_MAX];
    return std::string(name, pli_stored_term(name, prefix, term, len));
}

/* A callback in C: what Xapian throws must not pass through it. */
extern "C" int add_term(void *payload, const char *term, size_t len, uint32_t tf)
{
    try {
        static_cast<Xapian::Document *>(payload)->add_term(std::string(term, len), tf);
        return 0;
    } catch (...) {
        return 1; /* memory: terms are of a length that Xapian takes */
    }
}

} // namespace

/* ---- writing ---- */

struct pli_text_writer {
    std::string path;
    Xapian::WritableDatabase db;
    applied committed = {0, 0};
    Xapian::docid last = 0; /* the highest that was added */
    bool failed = false;    /* part of a document may have been added: no commit any more */
};

/* A call that writes: once one has failed half-way, none may succeed. */
template <typename F>
static plurum_status writing(pli_text_writer *writer, plurum_error *error, F &&f)
{
    if (writer->failed)
        return pli_fail(error, PLURUM_BACKEND, "%s: an earlier write failed", writer->path.c_str());
    plurum_status status = guarded(writer->path.c_str(), error, f);
    writer->failed = status != PLURUM_OK && status != PLURUM_ARG;
    return status;
}

extern "C" plurum_status pli_text_writer_open(pli_text_writer **out, const char *path,
                                              plurum_error *error)
{
    *out = nullptr;
    pli_text_writer *writer = new (std::nothrow) pli_text_writer;
    if (!writer) return pli_nomem(error);
    plurum_status status = guarded(path, error, [&] {
        writer->path = path;
        int sys_errno;
        found at = look(writer->path, &sys_errno);
        if (at == found::other) return pli_fail_errno(error, sys_errno, "%s", path);
        if (at == found::headless) return damaged(error, writer->path, "iamglass is missing");
        if (at == found::bodiless) return damaged(error, writer->path, "postlist.glass is missing");
        int action = at == found::index ? Xapian::DB_OPEN : Xapian::DB_CREATE_OR_OPEN;
        writer->db = Xapian::WritableDatabase(writer->path, action | Xapian::DB_NO_TERMLIST |
                                                                Xapian::DB_BACKEND_GLASS);
        plurum_status read = read_applied(&writer->committed, writer->db, writer->path, error);
        if (read) return read;
        writer->last = writer->db.get_lastdocid();
        writer->db.begin_transaction();
        return PLURUM_OK;
    });
    if (status) {
        pli_text_writer_close(writer);
        return status;
    }
    *out = writer;
    return PLURUM_OK;
}

extern "C" void pli_text_writer_close(pli_text_writer *writer)
{
    if (!writer) return;
    guarded(writer->path.c_str(), nullptr, [&] {
        writer->db.close(); /* gives up the transaction */
        return PLURUM_OK;
    });
    delete writer;
}

extern "C" void pli_text_writer_applied(const pli_text_writer *writer, uint64_t *seq,
                                        uint32_t *last_id)
{
    *seq = writer->committed.seq;
    *last_id = writer->committed.last_id;
}

extern "C" int pli_text_writer_failed(const pli_text_writer *writer)
{
    return writer->failed;
}

extern "C" plurum_status pli_text_writer_add(pli_text_writer *writer, uint32_t id,
                                             const pli_terms *terms, const pli_labels *labels,
                                             plurum_error *error)
{
    return writing(writer, error, [&] {
        if (id == UINT32_MAX || id < writer->last)
            return pli_fail(error, PLURUM_ARG, "%s: document id %u; it must be %u or more",
                            writer->path.c_str(), (unsigned)id, (unsigned)writer->last);
        Xapian::Document document;
        if (pli_text_document_terms(terms, labels, add_term, &document)) return pli_nomem(error);
        writer->db.replace_document(id + 1, document);
        writer->last = id + 1;
        return PLURUM_OK;
    });
}

extern "C" plurum_status pli_text_writer_commit(pli_text_writer *writer, uint64_t seq,
                                                uint32_t last_id, plurum_error *error)
{
    return writing(writer, error, [&] {
        if (writer->last > 0 && last_id < writer->last - 1)
            return pli_fail(error, PLURUM_ARG, "%s: last id %u; document %u was added",
                            writer->path.c_str(), (unsigned)last_id, (unsigned)writer->last - 1);
        unsigned char value[APPLIED_SIZE];
        pli_store_u32(value, PLI_ANALYSIS_VERSION);
        pli_store_u64(value + 4, seq);
        pli_store_u32(value + 12, last_id);
        writer->db.set_metadata(APPLIED_KEY, std::string((const char *)value, sizeof value));
        writer->db.commit_transaction();
        writer->committed = {seq, last_id};
        writer->db.begin_transaction();
        return PLURUM_OK;
    });
}

/* ---- reading ---- */

struct pli_text_reader {
    std::string path;
    std::string uuid; /* of the database that was opened */
    Xapian::Database db;
    applied at = {0, 0};
    bool stale = false; /* `at` belongs to an earlier revision */
    uint32_t *ids = nullptr, *tf = nullptr;
    size_t cap = 0;
};

extern "C" plurum_status pli_text_reader_open(pli_text_reader **out, const char *path,
                                              plurum_error *error)
{
    *out = nullptr;
    pli_text_reader *reader = new (std::nothrow) pli_text_reader;
    if (!reader) return pli_nomem(error);
    plurum_status status = guarded(path, error, [&] {
        reader->path = path;
        int sys_errno;
        found at = look(reader->path, &sys_errno);
        if (at == found::other) return pli_fail_errno(error, sys_errno, "%s", path);
        if (at == found::headless) return damaged(error, reader->path, "iamglass is missing");
        if (at == found::bodiless) return damaged(error, reader->path, "postlist.glass is missing");
        if (at != found::index) return pli_fail(error, PLURUM_NOTFOUND, "%s: no text index", path);
        reader->db = Xapian::Database(reader->path, Xapian::DB_BACKEND_GLASS);
        reader->uuid = reader->db.get_uuid();
        return read_applied(&reader->at, reader->db, reader->path, error);
    });
    if (status) {
        pli_text_reader_close(reader);
        return status;
    }
    *out = reader;
    return PLURUM_OK;
}

extern "C" void pli_text_reader_close(pli_text_reader *reader)
{
    if (!reader) return;
    pli_free(reader->ids);
    pli_free(reader->tf);
    delete reader;
}

extern "C" plurum_status pli_text_reader_refresh(pli_text_reader *reader, plurum_error *error)
{
    return guarded(reader->path.c_str(), error, [&] {
        if (reader->db.reopen()) reader->stale = true;
        /* with the same revision number, Xapian would go on reading the files of the old one */
        if (reader->db.get_uuid() != reader->uuid)
            return pli_fail(error, PLURUM_BUSY, "%s: another index is in its place",
                            reader->path.c_str());
        if (!reader->stale) return PLURUM_OK;
        plurum_status status = read_applied(&reader->at, reader->db, reader->path, error);
        reader->stale = status != PLURUM_OK;
        return status;
    });
}

extern "C" void pli_text_reader_applied(const pli_text_reader *reader, uint64_t *seq,
                                        uint32_t *last_id)
{
    *seq = reader->at.seq;
    *last_id = reader->at.last_id;
}

static int reserve(pli_text_reader *reader, size_t count)
{
    if (count <= reader->cap) return 0;
    size_t cap = reader->cap + reader->cap / 2 < count ? count : reader->cap + reader->cap / 2;
    uint32_t *ids = (uint32_t *)pli_reallocarray(reader->ids, cap, sizeof *ids);
    if (ids) reader->ids = ids;
    uint32_t *tf = (uint32_t *)pli_reallocarray(reader->tf, cap, sizeof *tf);
    if (tf) reader->tf = tf;
    if (!ids || !tf) return -1;
    reader->cap = cap;
    return 0;
}

extern "C" plurum_status pli_text_reader_head(pli_postings *out, pli_text_reader *reader,
                                              const char *prefix, const char *term, size_t len,
                                              size_t most, plurum_error *error)
{
    *out = {nullptr, nullptr, 0};
    return guarded(reader->path.c_str(), error, [&] {
        std::string name = stored(prefix, term, len);
        size_t count = reader->db.get_termfreq(name), n = 0;
        if (count == 0) return PLURUM_OK;
        if (reserve(reader, count < most ? count : most)) return pli_nomem(error);
        uint32_t *ids = reader->ids, *tf = reader->tf;
        Xapian::docid before = 0;
        Xapian::PostingIterator at = reader->db.postlist_begin(name);
        const Xapian::PostingIterator end = reader->db.postlist_end(name);
        for (; at != end && n < most; ++at, ++n) {
            Xapian::docid id = *at;
            if (id <= before || n == count)
                return damaged(error, reader->path, "a posting list is out of order");
            before = id;
            ids[n] = id - 1;
            tf[n] = at.get_wdf();
        }
        if (n < count && n < most)
            return damaged(error, reader->path, "a posting list is too short");
        *out = {ids, tf, n};
        return PLURUM_OK;
    });
}

extern "C" plurum_status pli_text_reader_postings(pli_postings *out, pli_text_reader *reader,
                                                  const char *prefix, const char *term, size_t len,
                                                  plurum_error *error)
{
    return pli_text_reader_head(out, reader, prefix, term, len, SIZE_MAX, error);
}

extern "C" plurum_status pli_text_reader_frequency(uint32_t *out, pli_text_reader *reader,
                                                   const char *prefix, const char *term, size_t len,
                                                   plurum_error *error)
{
    *out = 0;
    return guarded(reader->path.c_str(), error, [&] {
        *out = reader->db.get_termfreq(stored(prefix, term, len));
        return PLURUM_OK;
    });
}

extern "C" plurum_status pli_text_reader_all_terms(pli_text_reader *reader, const char *start,
                                                   size_t start_len,
                                                   int (*each)(void *payload, const char *term,
                                                               size_t len),
                                                   void *payload, plurum_error *error)
{
    return guarded(reader->path.c_str(), error, [&] {
        const std::string prefix(start, start_len);
        const Xapian::TermIterator end = reader->db.allterms_end(prefix);
        for (Xapian::TermIterator at = reader->db.allterms_begin(prefix); at != end; ++at) {
            const std::string term = *at;
            if (each(payload, term.data(), term.size()))
                return pli_fail(error, PLURUM_CANCELLED, "stopped by the callback");
        }
        return PLURUM_OK;
    });
}
