/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verification looks at what is in memory too: each member of a view that filters or ranking use is
 * made wrong by hand, and must be found. And records that contradict each other are named, each sealed
 * as it should be: no kill and no disk leaves such a store, only a mistake in the engine.
 */
#include <config.h>

#include "tests/api/world.h"

#include <string.h>

#include "engine/engine.h"
#include "store/rows.h"

static void setup(void)
{
    static const char *const TOOLS[] = {"psql", "vim"};
    begin();
    for (int i = 0; i < 3; i++) {
        plurum_document d = document(i ? i > 1 ? "c" : "b" : "a", "restore a backup");
        d.owner = i ? "owner" : NULL;
        d.domain = i ? "databases" : "networks";
        d.tools = d.tags = TOOLS;
        d.tool_count = d.tag_count = 2;
        d.confidence = 0.5;
        d.vector = EAST;
        d.dim = DIM;
        put(&d);
    }
    failed("a", "user");
    ck_assert_str_eq(found("backup"), "b c a");
}

/* With one byte of it wrong, verification fails; with it right again, not. */
static void is_looked_at(const void *member, const char *says)
{
    unsigned char *byte = (unsigned char *)(uintptr_t)member;
    plurum_verify_report r = {.struct_size = sizeof r};
    verify_is_clean();
    *byte ^= 1;
    FAILS(plurum_index_verify(&r, opened, NULL, NULL, &error), PLURUM_CORRUPT, says);
    *byte ^= 1;
    verify_is_clean();
}

START_TEST(what_filters_and_ranking_use_is_compared_with_the_store)
{
    const uint32_t id = 2;
    const pli_view *view = opened->view;
    const pli_variable *row = pli_view_row(view, id);
    const pli_fixed *fixed = pli_columns_fixed(&opened->columns, id);
    is_looked_at(&row->owner, "finding");
    is_looked_at(&row->visibility, "finding");
    is_looked_at(&row->lifecycle, "finding");
    is_looked_at(&fixed->created_at, "finding");
    is_looked_at(&fixed->confidence, "finding");
    is_looked_at(&fixed->length[PLURUM_TEXT_TITLE], "finding");
    is_looked_at(&fixed->domain, "finding");
    is_looked_at(pli_set_members(&opened->columns, &fixed->tools), "finding");
    is_looked_at(&fixed->tags.count, "finding");
    is_looked_at(&view->signal.evidence[0][0], "finding");
    is_looked_at(&view->background.ids[0], "finding");
    is_looked_at(pli_flat_vector(opened->vectors, id), "finding");
}
END_TEST

/* ---- records that contradict each other ---- */

static void key_leads_elsewhere(pli_txn *txn)
{
    OK(pli_put(txn, PLI_KEYS, "a", 1, "\3\0\0\0", 4, &error));
}

static void key_is_gone(pli_txn *txn)
{
    OK(pli_del(txn, PLI_KEYS, "b", 1, &error));
}

static void key_of_nothing(pli_txn *txn)
{
    OK(pli_put(txn, PLI_KEYS, "z", 1, "\1\0\0\0", 4, &error));
}

static void header_has_other_words(pli_txn *txn)
{
    pli_doc_row row;
    OK(pli_doc_get(&row, txn, 2, &error));
    row.length[PLURUM_TEXT_TITLE]++;
    OK(pli_doc_put(txn, 2, &row, &error));
}

static void header_is_no_header(pli_txn *txn)
{
    OK(pli_put(txn, PLI_DOCS, "\0\0\0\2", 4, "short", 5, &error));
}

static void trust_is_gone(pli_txn *txn)
{
    OK(pli_del(txn, PLI_TRUST, "\0\0\0\3", 4, &error));
}

static void report_on_nothing(pli_txn *txn)
{
    pli_report_row row = {.seq = 1, .value = 1, .counted = 1, .weight = 1, .execution_time_ms = -1};
    row.agent = (pli_slice){(const unsigned char *)"anna", 4};
    OK(pli_report_put(txn, PLI_OUTCOMES, 99, &row, &error));
}

static void event_is_gone(pli_txn *txn)
{
    OK(pli_del(txn, PLI_LOG, "\0\0\0\0\0\0\0\2", 8, &error));
}

static void events_of_no_number(pli_txn *txn)
{
    OK(pli_put(txn, PLI_LOG, "\0\0\0\0\0\0\1\0", 8, "\1\1\0\0\0", 5, &error));
}

static const struct {
    void (*change)(pli_txn *txn);
    const char *said;
} CONTRADICTIONS[] = {
    {key_leads_elsewhere, "keys: \"a\" does not lead to document 1"},
    {key_is_gone, "keys: \"b\" does not lead to document 2"},
    {key_is_gone, "keys: 2 records for 3 documents that have one"},
    {key_of_nothing, "keys: 4 records for 3 documents that have one"},
    {header_has_other_words, "docs: document 2 has other lengths than its content"},
    {header_is_no_header, "docs: the record of document 2 is malformed"},
    {trust_is_gone, "trust: 2 records for 3 documents that have one"},
    {report_on_nothing, "outcomes: a report on document 99, which is not there"},
    {event_is_gone, "log: event 2 is missing or malformed"},
    {events_of_no_number, "log: 5 events, but only 4 were numbered"},
};

typedef struct expected {
    const char *said;
    int found;
    char all[1024];
} expected;

static int look_for(void *payload, const char *line)
{
    expected *e = payload;
    e->found |= strstr(line, e->said) != NULL;
    strncat(e->all, line, sizeof e->all - strlen(e->all) - 1);
    strncat(e->all, "\n", sizeof e->all - strlen(e->all) - 1);
    return 0;
}

START_TEST(records_that_contradict_each_other_are_named)
{
    plurum_verify_report r = {.struct_size = sizeof r};
    expected e = {.said = CONTRADICTIONS[_i].said};
    pli_txn *txn;
    verify_is_clean();
    OK(pli_txn_write(&txn, opened->store, &error));
    CONTRADICTIONS[_i].change(txn);
    OK(pli_txn_commit(txn, &error));
    FAILS(plurum_index_verify(&r, opened, look_for, &e, &error), PLURUM_CORRUPT, "finding");
    ck_assert_msg(e.found, "not told: %s; but\n%s", e.said, e.all);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("engine: verification");
    TCase *t = tcase_create("memory");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, setup, end_world);
    tcase_add_test(t, what_filters_and_ranking_use_is_compared_with_the_store);
    tcase_add_loop_test(t, records_that_contradict_each_other_are_named, 0,
                        (int)(sizeof CONTRADICTIONS / sizeof *CONTRADICTIONS));
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
