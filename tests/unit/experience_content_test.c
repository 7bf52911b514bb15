/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stored content: plain documents in and out, and projection.
 */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "experience/content.h"
#include "experience_samples.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

/* ---- the plain document --------------------------------------------------------------------- */

static const char *const TOOLS[] = {"Docker", " git "};
static const char *const TAGS[] = {"a", "a"};

static plurum_document plain(void)
{
    plurum_document document = PLURUM_DOCUMENT_INIT;
    document.key = "doc-1";
    document.text[PLURUM_TEXT_TITLE] = "A title";
    document.text[PLURUM_TEXT_BODY] = "Body \"quoted\"\n\x01 é";
    document.text[PLURUM_TEXT_CODE] = "";
    document.domain = "databases";
    document.tools = TOOLS;
    document.tool_count = 2;
    document.tags = TAGS;
    document.tag_count = 2;
    document.owner = "me";
    document.confidence = 0.5;
    return document;
}

START_TEST(an_initialised_document_is_empty)
{
    plurum_document document;
    memset(&document, 0xA5, sizeof document);
    plurum_document_init(&document);
    ck_assert_uint_eq(document.struct_size, sizeof document);
    ck_assert_ptr_null(document.key);
    ck_assert_int_eq(document.lifecycle, PLURUM_PUBLISHED);
    ck_assert(isnan(document.confidence));
    ck_assert_int_eq(document.created_at, PLURUM_TIME_UNSET);
}
END_TEST

START_TEST(names_of_enumerations_go_both_ways)
{
    plurum_lifecycle lifecycle;
    plurum_visibility visibility;
    for (int i = 0; i < PLURUM_LIFECYCLE_COUNT; i++) {
        ck_assert_int_eq(plurum_lifecycle_parse(&lifecycle,
                                                plurum_lifecycle_name((plurum_lifecycle)i)),
                         PLURUM_OK);
        ck_assert_int_eq((int)lifecycle, i);
    }
    for (int i = 0; i < PLURUM_VISIBILITY_COUNT; i++) {
        ck_assert_int_eq(plurum_visibility_parse(&visibility,
                                                 plurum_visibility_name((plurum_visibility)i)),
                         PLURUM_OK);
        ck_assert_int_eq((int)visibility, i);
    }
    ck_assert_str_eq(plurum_lifecycle_name(PLURUM_ARCHIVED), "archived");
    ck_assert_str_eq(plurum_visibility_name(PLURUM_TEAM), "team");
    ck_assert_ptr_null(plurum_lifecycle_name((plurum_lifecycle)4));
    ck_assert_ptr_null(plurum_visibility_name((plurum_visibility)-1));
    ck_assert_int_eq(plurum_lifecycle_parse(&lifecycle, "Draft"), PLURUM_NOTFOUND);
    ck_assert_int_eq(plurum_visibility_parse(&visibility, ""), PLURUM_NOTFOUND);
    ck_assert_int_eq(plurum_visibility_parse(&visibility, NULL), PLURUM_NOTFOUND);
}
END_TEST

START_TEST(a_plain_document_is_accepted)
{
    plurum_document document = plain();
    plurum_error error;
    ck_assert_int_eq(pli_document_check(&document, &error), PLURUM_OK);
    plurum_document_init(&document);
    document.key = "k";
    ck_assert_int_eq(pli_document_check(&document, &error), PLURUM_OK);
    document.domain = "";
    ck_assert_int_eq(pli_document_check(&document, &error), PLURUM_OK);
}
END_TEST

static char X256[257], X65[66], X101[102], X_FIELD[PLURUM_FIELD_MAX + 2];
static const char *const LIST_WITH_NULL[] = {"a", NULL};
static const char *const LIST_WITH_EMPTY[] = {"a", "b", ""};
static const char *const LIST_WITH_LONG[] = {X101};
static const char *const LIST_OF_BAD_UTF8[] = {"\xFF"};
static const char *LONG_LIST[201];

static void spoil(plurum_document *document, int how)
{
    switch (how) {
    case 0: document->key = NULL; break;
    case 1: document->key = ""; break;
    case 2: document->key = X256; break;
    case 3: document->key = "\xC3"; break;
    case 4: document->text[PLURUM_TEXT_TITLE] = "a\xFF"; break;
    case 5: document->text[PLURUM_TEXT_BODY] = X_FIELD; break;
    case 6: document->text[PLURUM_TEXT_LABELS] = "\xED\xA0\x80"; break;
    case 7: document->text[PLURUM_TEXT_CODE] = X_FIELD; break;
    case 8: document->domain = X101; break;
    case 9: document->domain = " "; break;
    case 10: document->tools = LIST_WITH_NULL; break;
    case 11: document->tools = LIST_WITH_EMPTY, document->tool_count = 3; break;
    case 12: document->tools = NULL; break;
    case 13: document->tags = LIST_WITH_LONG, document->tag_count = 1; break;
    case 14: document->tags = LIST_OF_BAD_UTF8, document->tag_count = 1; break;
    case 15: document->tags = LONG_LIST, document->tag_count = 201; break;
    case 16: document->owner = ""; break;
    case 17: document->owner = X65; break;
    case 18: document->owner = "zoë"; break;
    case 19: document->owner = "\xFF"; break;
    case 20: document->lifecycle = (plurum_lifecycle)4; break;
    case 21: document->visibility = (plurum_visibility)-1; break;
    case 22: document->confidence = 1.5; break;
    case 23: document->confidence = -INFINITY; break;
    case 24: document->created_at = 253402300800; break;
    default: document->created_at = INT64_MAX; break;
    }
}

static const char *const SPOILT[] = {
    "key: missing, 1 to 255 bytes expected",
    "key: empty, 1 to 255 bytes expected",
    "key: 256 bytes, at most 255 allowed",
    "key: bytes that are not UTF-8, a text in UTF-8 expected",
    "title: bytes that are not UTF-8, a text in UTF-8 expected",
    "body: 1048577 bytes, at most 1048576 allowed",
    "labels: bytes that are not UTF-8, a text in UTF-8 expected",
    "code: 1048577 bytes, at most 1048576 allowed",
    "domain: 101 code points, at most 100 allowed",
    "domain: empty, a name of 1 to 100 code points expected",
    "tools[1]: NULL, a string expected",
    "tools[2]: empty, a name of 1 to 100 code points expected",
    "tools: NULL with a count of 2, an array expected",
    "tags[0]: 101 code points, at most 100 allowed",
    "tags[0]: bytes that are not UTF-8, a text in UTF-8 expected",
    "tags: 201 items, at most 200 allowed",
    "owner: \"\", 1 to 64 printable ASCII characters expected",
    "owner: \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\", 1 to 64 printable "
    "ASCII characters expected",
    "owner: \"zoë\", 1 to 64 printable ASCII characters expected",
    "owner: bytes that are not UTF-8, 1 to 64 printable ASCII characters expected",
    "lifecycle: 4, 0 to 3 expected",
    "visibility: -1, 0 to 2 expected",
    "confidence: 1.5, 0 to 1 or NAN expected",
    "confidence: infinite, 0 to 1 or NAN expected",
    "created_at: 253402300800, a time in the years 1 to 9999 expected",
    "created_at: 9223372036854775807, a time in the years 1 to 9999 expected",
};

START_TEST(what_is_wrong_with_a_plain_document_is_named)
{
    memset(X256, 'x', 256);
    memset(X65, 'x', 65);
    memset(X101, 'x', 101);
    memset(X_FIELD, 'x', PLURUM_FIELD_MAX + 1);
    for (int i = 0; i < 201; i++) LONG_LIST[i] = "tag";
    plurum_document document = plain();
    spoil(&document, _i);
    plurum_error error;
    ck_assert_int_eq(pli_document_check(&document, &error), PLURUM_INVALID);
    ck_assert_str_eq(error.text, SPOILT[_i]);
}
END_TEST

START_TEST(a_plain_document_comes_back_to_the_letter)
{
    plurum_document document = plain();
    char *json = pli_document_json(&document);
    ck_assert_str_eq(json, "{\"title\":\"A title\",\"body\":\"Body \\\"quoted\\\"\\n\\u0001 é\","
                           "\"domain\":\"databases\",\"tools_used\":[\"Docker\",\" git \"],"
                           "\"tags\":[\"a\",\"a\"]}");
    pli_projection *projection;
    ck_assert_int_eq(pli_project(&projection, PLI_KIND_PLAIN, json, strlen(json), NULL),
                     PLURUM_OK);
    const plurum_document *back = pli_projection_document(projection);
    ck_assert_str_eq(back->text[PLURUM_TEXT_TITLE], "A title");
    ck_assert_str_eq(back->text[PLURUM_TEXT_BODY], document.text[PLURUM_TEXT_BODY]);
    ck_assert_ptr_null(back->text[PLURUM_TEXT_LABELS]);
    ck_assert_ptr_null(back->text[PLURUM_TEXT_CODE]);
    ck_assert_str_eq(back->domain, "databases");
    ck_assert_uint_eq(back->tool_count, 2);
    ck_assert_str_eq(back->tools[1], " git ");
    ck_assert_uint_eq(back->tag_count, 2);
    char *again = pli_document_json(back);
    ck_assert_str_eq(again, json);
    pli_free(again);
    pli_projection_free(projection);
    pli_free(json);

    plurum_document_init(&document);
    json = pli_document_json(&document);
    ck_assert_str_eq(json, "{}");
    ck_assert_int_eq(pli_project(&projection, PLI_KIND_PLAIN, json, 2, NULL), PLURUM_OK);
    pli_projection_free(projection);
    pli_free(json);
}
END_TEST

/* ---- projection ----------------------------------------------------------------------------- */

START_TEST(an_experience_projects_to_four_texts)
{
    plurum_experience *experience = accepted(FULL_EXPERIENCE, 0);
    const plurum_document *document = plurum_experience_document(experience);
    ck_assert_str_eq(document->text[PLURUM_TEXT_TITLE],
                     "Deploy Rust app to arm64 Kubernetes cluster");
    ck_assert_str_eq(document->text[PLURUM_TEXT_BODY],
                     "Use cargo-zigbuild for cross-compilation\n"
                     "cargo-zigbuild for cross-compilation\n"
                     "Zig handles cross-compile natively, produces clean small binaries\n"
                     "Used cross-compile\nBinary too large\nStatic linking bloated it\n"
                     "Used cargo-zigbuild\nClean 4MB binary\nZig handles cross-compile natively\n"
                     "Tried cross-compile with default settings\n"
                     "Static linking produced 80MB binary\n"
                     "arm64 nodes need different resource limits\n"
                     "Registry must support multi-arch manifests\n"
                     "Docker Hub and ghcr.io both support this\n"
                     "macOS, Rust 1.94\nNo Docker available");
    ck_assert_str_eq(document->text[PLURUM_TEXT_LABELS],
                     "infrastructure rust kubernetes rust kubernetes arm64 cross-compile");
    ck_assert_str_eq(document->text[PLURUM_TEXT_CODE],
                     "Cross-compile command\n"
                     "cargo zigbuild --target aarch64-unknown-linux-musl --release");
    plurum_experience_free(experience);
}
END_TEST

START_TEST(a_bare_experience_has_a_title_alone)
{
    plurum_experience *experience = accepted("{\"goal\":\"Ten code points\",\"solution\":\"\"}", 0);
    const plurum_document *document = plurum_experience_document(experience);
    ck_assert_str_eq(document->text[PLURUM_TEXT_TITLE], "Ten code points");
    ck_assert_ptr_null(document->text[PLURUM_TEXT_BODY]);
    ck_assert_ptr_null(document->text[PLURUM_TEXT_LABELS]);
    ck_assert_ptr_null(document->text[PLURUM_TEXT_CODE]);
    ck_assert_ptr_null(document->domain);
    char *text = pli_embedding_text(document);
    ck_assert_str_eq(text, "Ten code points");
    pli_free(text);
    plurum_experience_free(experience);
}
END_TEST

START_TEST(the_embedding_text_leaves_out_code)
{
    plurum_document document = PLURUM_DOCUMENT_INIT;
    char *text = pli_embedding_text(&document);
    ck_assert_str_eq(text, "");
    pli_free(text);
    document.text[PLURUM_TEXT_TITLE] = "title";
    document.text[PLURUM_TEXT_BODY] = "";
    document.text[PLURUM_TEXT_LABELS] = "a b";
    document.text[PLURUM_TEXT_CODE] = "code";
    text = pli_embedding_text(&document);
    ck_assert_str_eq(text, "title a b");
    pli_free(text);
}
END_TEST

static int same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void assert_same_projection(const plurum_document *a, const plurum_document *b)
{
    for (int i = 0; i < PLURUM_TEXT_FIELD_COUNT; i++)
        ck_assert_msg(same_text(a->text[i], b->text[i]), "%s\n---\n%s", a->text[i], b->text[i]);
    ck_assert(same_text(a->domain, b->domain));
    ck_assert_uint_eq(a->tool_count, b->tool_count);
    for (size_t i = 0; i < a->tool_count; i++) ck_assert_str_eq(a->tools[i], b->tools[i]);
    ck_assert_uint_eq(a->tag_count, b->tag_count);
    for (size_t i = 0; i < a->tag_count; i++) ck_assert_str_eq(a->tags[i], b->tags[i]);
    ck_assert(a->confidence == b->confidence || (isnan(a->confidence) && isnan(b->confidence)));
}

START_TEST(stored_and_parsed_project_alike)
{
    uint64_t seed = 0xD1B54A32D192ED03 + (uint64_t)_i, state = seed;
    for (int round = 0; round < 200; round++) {
        char *json = random_experience(&state);
        plurum_experience *experience = accepted(json, 0);
        const char *stored = plurum_experience_json(experience);
        pli_projection *projection;
        plurum_error error;
        plurum_status status =
            pli_project(&projection, PLI_KIND_EXPERIENCE, stored, strlen(stored), &error);
        ck_assert_msg(status == PLURUM_OK, "seed %llu round %d: %s", (unsigned long long)seed,
                      round, status ? error.text : "");
        assert_same_projection(pli_projection_document(projection),
                               plurum_experience_document(experience));
        pli_projection_free(projection);
        plurum_experience_free(experience);
        free(json);
    }
}
END_TEST

static const struct damaged {
    pli_kind kind;
    const char *json, *text;
} DAMAGED[] = {
    {PLI_KIND_EXPERIENCE, "[]", "stored content: experience: an array, an object expected"},
    {PLI_KIND_EXPERIENCE, "{}", "stored content: goal: missing, a string expected"},
    {PLI_KIND_EXPERIENCE, "{\"goal\":\"A goal\",\"attempts\":[{}]}",
     "stored content: attempts[0].action: missing, a string expected"},
    {PLI_KIND_PLAIN, "{\"title\":1}", "stored content: title: a number, a string expected"},
    {PLI_KIND_PLAIN, "{\"tags\":{}}",
     "stored content: tags: an object, an array of strings expected"},
};

START_TEST(damaged_content_is_named_as_such)
{
    const struct damaged *row = &DAMAGED[_i];
    pli_projection *projection;
    plurum_error error;
    ck_assert_int_eq(pli_project(&projection, row->kind, row->json, strlen(row->json), &error),
                     PLURUM_CORRUPT);
    ck_assert_int_eq(error.status, PLURUM_CORRUPT);
    ck_assert_str_eq(error.text, row->text);
    ck_assert_ptr_null(projection);
    ck_assert_int_eq(pli_project(&projection, row->kind, "{\"goal", 6, &error), PLURUM_CORRUPT);
}
END_TEST

/* ---- memory --------------------------------------------------------------------------------- */

/* One of the calls that allocate; its status. */
static plurum_status allocate(int what, const char *stored)
{
    plurum_document document = plain();
    pli_projection *projection = NULL;
    char *text = NULL;
    plurum_status status = PLURUM_OK;
    switch (what) {
    case 0:
        status = pli_project(&projection, PLI_KIND_EXPERIENCE, stored, strlen(stored), NULL);
        break;
    case 1: text = pli_document_json(&document); break;
    case 2: text = pli_embedding_text(&document); break;
    default: /* a label that only folding shows to be something */
        document.domain = "漢字";
        return pli_document_check(&document, NULL);
    }
    if (what > 0 && !text) status = PLURUM_NOMEM;
    pli_projection_free(projection);
    pli_free(text);
    return status;
}

START_TEST(short_memory_is_reported_and_nothing_leaks)
{
    plurum_experience *experience = accepted(FULL_EXPERIENCE, 0);
    for (unsigned long nth = 1;; nth++) {
        pli_alloc_fail_at(nth);
        plurum_status status = allocate(_i, plurum_experience_json(experience));
        pli_alloc_fail_at(0);
        if (status == PLURUM_OK) {
            ck_assert_uint_gt(nth, 1);
            break;
        }
        ck_assert_int_eq(status, PLURUM_NOMEM);
    }
    plurum_experience_free(experience);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("experience content");
    TCase *tc = tcase_create("content");
    suite_add_tcase(suite, tc);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, an_initialised_document_is_empty);
    tcase_add_test(tc, names_of_enumerations_go_both_ways);
    tcase_add_test(tc, a_plain_document_is_accepted);
    tcase_add_loop_test(tc, what_is_wrong_with_a_plain_document_is_named, 0, COUNT(SPOILT));
    tcase_add_test(tc, a_plain_document_comes_back_to_the_letter);
    tcase_add_test(tc, an_experience_projects_to_four_texts);
    tcase_add_test(tc, a_bare_experience_has_a_title_alone);
    tcase_add_test(tc, the_embedding_text_leaves_out_code);
    tcase_add_loop_test(tc, stored_and_parsed_project_alike, 0, 10);
    tcase_add_loop_test(tc, damaged_content_is_named_as_such, 0, COUNT(DAMAGED));
    tcase_add_loop_test(tc, short_memory_is_reported_and_nothing_leaks, 0, 4);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
