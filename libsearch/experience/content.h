/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is stored of a document: its content in normal form, as JSON; how a plurum_document comes
 * back from it; and how it is presented in answers.
 */
#ifndef PLI_EXPERIENCE_CONTENT_H
#define PLI_EXPERIENCE_CONTENT_H

#include <jansson.h>

#include <plurum/document.h>
#include <plurum/search.h>
#include <plurum/status.h>

typedef enum pli_kind { PLI_KIND_PLAIN = 0, PLI_KIND_EXPERIENCE = 1 } pli_kind;

/*
 * Checks a caller's plain document: every length, every UTF-8 text, key, owner, enumerations and
 * numbers. INVALID names the member and its value. The vector is not looked at.
 */
plurum_status pli_document_check(const plurum_document *document, plurum_error *error);

/*
 * The normal form of a plain document's content: {"title", "body", "labels", "code", "domain",
 * "tools_used", "tags"} on one line, absent members left out. NULL: memory is short.
 */
char *pli_document_json(const plurum_document *document);

/* A document read back from its stored content; owns what it points to. */
typedef struct pli_projection pli_projection;

/*
 * Projects stored content to its text fields, domain, tools, tags and (experience) confidence; the
 * other members of the document are left at their defaults. CORRUPT: it is not such content.
 */
plurum_status pli_project(pli_projection **out, pli_kind kind, const char *json, size_t len,
                          plurum_error *error);
const plurum_document *pli_projection_document(const pli_projection *projection);
void pli_projection_free(pli_projection *projection);

/*
 * The text an embedder gets (template 1): title, body and labels, joined by one space each; code is
 * left out. NULL: memory is short.
 */
char *pli_embedding_text(const plurum_document *document);

/* What the index knows beside the content. Strings are borrowed. */
typedef struct pli_facts {
    const char *key;
    const char *short_id; /* "" for none   */
    const char *owner;    /* NULL for none */
    pli_kind kind;
    plurum_lifecycle lifecycle;
    plurum_visibility visibility;
    double confidence;    /* NAN for none  */
    int64_t created_at, updated_at;
    uint64_t success_count, failure_count, upvotes, downvotes;
    double success_rate, trust;
    int quarantined;
} pli_facts;

/*
 * The contract's flat object: the item of a list or, with detail, everything. Plain documents
 * give the same members where they have a meaning, and title, body, labels and code as detail.
 * The reference is the caller's. Errors: CORRUPT (content), NOMEM.
 */
plurum_status pli_present(json_t **out, const pli_facts *facts, const char *content, size_t len,
                          int detail, plurum_error *error);

/* Adds the match members of a search result (similarity, relevant, keyword_rank,
 * combined_score, rerank_score), and "explain" when asked. */
plurum_status pli_present_match(json_t *object, const plurum_hit *hit, int explain,
                                plurum_error *error);

/*
 * Refuses a value that holds a secret, at any depth; `field` names the whole of it. Errors: INVALID
 * (names the field and the kind).
 */
plurum_status pli_refuse_secrets(const char *field, const json_t *value, plurum_error *error);

/*
 * A JSON value on one line, each number with as many digits as it needs to be read back the same
 * (json_dumps has one precision for all). The caller frees it. NULL: memory is short.
 */
char *pli_json_text(const json_t *value);

/* "path: value, EXPECTED expected", as INVALID. A text is quoted unless it holds a secret; of a list or an
 * object its type is told; NULL is missing. */
plurum_status pli_refuse_value(plurum_error *error, const char *path, const json_t *value,
                               const char *expected);

#endif
