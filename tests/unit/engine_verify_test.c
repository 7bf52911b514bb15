/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verification looks at what is in memory too: each member of a view that filters or ranking use is
 * made wrong by hand, and must be found.
 */
#include <config.h>

#include "tests/api/world.h"

#include <string.h>

#include "engine/engine.h"

static void setup(void)
{
    static const char *const TOOLS[] = {"psql", "vim"};
    begin();
    for (int i = 0; i < 3; i++) {
        static const float EAST[DIM] = {1, 0, 0, 0};
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
    is_looked_at(&fixed->tools.members[0], "finding");
    is_looked_at(&fixed->tags.count, "finding");
    is_looked_at(&view->signal.evidence[0][0], "finding");
    is_looked_at(&view->background.ids[0], "finding");
    is_looked_at(pli_flat_vector(opened->vectors, id), "finding");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("engine: verification");
    TCase *t = tcase_create("memory");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, setup, end_world);
    tcase_add_test(t, what_filters_and_ranking_use_is_compared_with_the_store);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
