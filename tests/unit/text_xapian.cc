/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Xapian's own BM25 over an index of ours, as an oracle for the text leg.
 */
#include <string>
#include <vector>

#include <xapian.h>

#include "text_xapian.h"

extern "C" int xapian_scores(double *scores, uint32_t bound, const char *path,
                             const char *const *terms, size_t term_count, double k1, double b)
{
    try {
        Xapian::Database db(path, Xapian::DB_BACKEND_GLASS);
        std::vector<std::string> names(terms, terms + term_count);
        Xapian::Enquire enquire(db);
        enquire.set_query(Xapian::Query(Xapian::Query::OP_OR, names.begin(), names.end()));
        enquire.set_weighting_scheme(Xapian::BM25Weight(k1, 0, 1, b, 0.5));
        Xapian::MSet found = enquire.get_mset(0, db.get_doccount());
        for (Xapian::MSetIterator i = found.begin(); i != found.end(); ++i)
            if (*i <= bound) scores[*i - 1] = i.get_weight();
        return (int)found.size();
    } catch (const Xapian::Error &) {
        return -1;
    }
}
