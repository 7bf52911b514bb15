/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Experiences for the tests. The random ones are valid by construction, not by asking the code
 * under test: their members are built here from what the contract allows.
 */
#include <config.h>

#include "experience_samples.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

const char FULL_EXPERIENCE[] =
    "{\n"
    "\"goal\": \"Deploy Rust app to arm64 Kubernetes cluster\",\n"
    "\"domain\": \"infrastructure\",\n"
    "\"tools_used\": [\"rust\", \"kubernetes\"],\n"
    "\"outcome\": \"success\",\n"
    "\"attempts\": [\n"
    "{\"action\": \"Used cross-compile\", \"outcome\": \"Binary too large\", \"dead_end\": true, "
    "\"insight\": \"Static linking bloated it\"},\n"
    "{\"action\": \"Used cargo-zigbuild\", \"outcome\": \"Clean 4MB binary\", \"dead_end\": false, "
    "\"insight\": \"Zig handles cross-compile natively\"}\n"
    "],\n"
    "\"solution\": \"Use cargo-zigbuild for cross-compilation\",\n"
    "\"dead_ends\": [\n"
    "{\"what\": \"Tried cross-compile with default settings\", \"why\": \"Static linking produced "
    "80MB binary\"}\n"
    "],\n"
    "\"breakthroughs\": [\n"
    "{\"insight\": \"cargo-zigbuild for cross-compilation\", \"detail\": \"Zig handles "
    "cross-compile natively, produces clean small binaries\", \"importance\": \"high\"}\n"
    "],\n"
    "\"gotchas\": [\n"
    "\"arm64 nodes need different resource limits\",\n"
    "{\"warning\": \"Registry must support multi-arch manifests\", \"context\": \"Docker Hub and "
    "ghcr.io both support this\"}\n"
    "],\n"
    "\"tags\": [\"rust\", \"kubernetes\", \"arm64\", \"cross-compile\"],\n"
    "\"confidence\": 0.85,\n"
    "\"context_structured\": {\n"
    "\"tools_used\": [\"shell\", \"read_file\"],\n"
    "\"environment\": \"macOS, Rust 1.94\",\n"
    "\"constraints\": \"No Docker available\"\n"
    "},\n"
    "\"artifacts\": [\n"
    "{\"language\": \"bash\", \"code\": \"cargo zigbuild --target aarch64-unknown-linux-musl "
    "--release\", \"description\": \"Cross-compile command\"}\n"
    "]\n"
    "}";

plurum_experience *accepted(const char *json, int import)
{
    plurum_experience_options options = PLURUM_EXPERIENCE_OPTIONS_INIT;
    options.import = import;
    plurum_experience *experience = NULL;
    plurum_error error;
    plurum_status status =
        plurum_experience_parse(&experience, json, strlen(json), &options, &error);
    ck_assert_msg(status == PLURUM_OK, "refused: %s\n%.300s", status ? error.text : "", json);
    return experience;
}

/* xorshift64* (Vigna 2016), its upper half */
uint32_t draw(uint64_t *state, uint32_t bound)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (uint32_t)((*state * 0x2545F4914F6CDD1D) >> 32) % bound;
}

/* ---- random members ------------------------------------------------------------------------- */

static json_t *text(uint64_t *state, uint32_t most)
{
    static const char *const PIECES[] = {
        "pg_basebackup", " ", "\n", "\t", "\"", "\\", "/", "é", "e\u0301", "漢字", "🚀", "\u00AD",
        "\u2028", "\x01", "\x1F", "\x7F", "--no-deps", "ECONNREFUSED", "Ǆ", "ﬁ", "'", "\uFFFD",
    };
    char out[512] = "x"; /* never white space only */
    size_t len = 1;
    for (uint32_t n = draw(state, most); n > 0; n--) {
        const char *piece = PIECES[draw(state, sizeof PIECES / sizeof *PIECES)];
        memcpy(out + len, piece, strlen(piece) + 1);
        len += strlen(piece);
    }
    return json_string(out);
}

/* Absent (NULL), null, "" or a text. */
static json_t *optional(uint64_t *state)
{
    switch (draw(state, 4)) {
    case 0: return NULL;
    case 1: return json_null();
    case 2: return json_string("");
    default: return text(state, 20);
    }
}

static json_t *word(uint64_t *state, const char *const *words)
{
    uint32_t count = 0;
    while (words[count]) count++;
    uint32_t i = draw(state, count + 2);
    return i < count ? json_string(words[i]) : i == count ? json_null() : NULL;
}

static json_t *labels(uint64_t *state)
{
    static const char *const NAMES[] = {"docker", " Docker ", "DOCKER", "postgresql", "ﬁle",
                                        "file", "\u3000漢字\n", "漢字", "a b", "c++"};
    if (draw(state, 5) == 0) return draw(state, 2) ? json_null() : NULL;
    json_t *list = json_array();
    for (uint32_t n = draw(state, 8); n > 0; n--)
        json_array_append_new(list,
                              json_string(NAMES[draw(state, sizeof NAMES / sizeof *NAMES)]));
    return list;
}

static void put(json_t *object, const char *name, json_t *value)
{
    if (value) json_object_set_new(object, name, value);
}

/* The members of object in another order, some unknown ones among them. */
static json_t *shuffled(uint64_t *state, json_t *object)
{
    json_t *out = json_object();
    if (draw(state, 3) == 0) put(out, "unheard_of", labels(state));
    while (json_object_size(object) > 0) {
        void *at = json_object_iter(object);
        for (uint32_t n = draw(state, (uint32_t)json_object_size(object)); n > 0; n--)
            at = json_object_iter_next(object, at);
        json_object_set(out, json_object_iter_key(at), json_object_iter_value(at));
        json_object_del(object, json_object_iter_key(at));
    }
    json_decref(object);
    return out;
}

static const char *const IMPORTANCES[] = {"high", "medium", "low", NULL};
static const char *const OUTCOMES[] = {"success", "partial", "failure", "", NULL};
static const char *const VISIBILITIES[] = {"public", "team", "private", NULL};

static json_t *record(uint64_t *state, const char *kind)
{
    json_t *object = json_object();
    if (strcmp(kind, "attempts") == 0) {
        put(object, "action", text(state, 20));
        put(object, "outcome", optional(state));
        put(object, "dead_end", draw(state, 3) ? json_boolean(draw(state, 2)) : NULL);
        put(object, "insight", optional(state));
    } else if (strcmp(kind, "dead_ends") == 0) {
        put(object, "what", text(state, 20));
        put(object, "why", optional(state));
    } else if (strcmp(kind, "breakthroughs") == 0) {
        put(object, "insight", text(state, 20));
        put(object, "detail", optional(state));
        put(object, "importance", word(state, IMPORTANCES));
    } else if (strcmp(kind, "artifacts") == 0) {
        put(object, "language", json_string("bash"));
        put(object, "code", text(state, 30));
        put(object, "description", optional(state));
    } else {
        put(object, "warning", text(state, 20));
        put(object, "context", optional(state));
    }
    return shuffled(state, object);
}

static json_t *records(uint64_t *state, const char *kind)
{
    if (draw(state, 5) == 0) return draw(state, 2) ? json_null() : NULL;
    json_t *list = json_array();
    for (uint32_t n = draw(state, 4); n > 0; n--) {
        int bare = strcmp(kind, "gotchas") == 0 && draw(state, 2);
        json_array_append_new(list, bare ? text(state, 20) : record(state, kind));
    }
    return list;
}

static json_t *context(uint64_t *state)
{
    if (draw(state, 3) == 0) return NULL;
    json_t *object = json_object();
    put(object, "tools_used", labels(state));
    put(object, "environment", optional(state));
    put(object, "constraints", optional(state));
    return shuffled(state, object);
}

static json_t *confidence(uint64_t *state)
{
    switch (draw(state, 5)) {
    case 0: return NULL;
    case 1: return json_integer(draw(state, 2));
    case 2: return json_real(-0.0);
    case 3: return json_real(draw(state, 101) / 100.0);
    default: return json_real(draw(state, UINT32_MAX) / (double)UINT32_MAX);
    }
}

char *random_experience(uint64_t *state)
{
    static const char *const LISTS[] = {"attempts", "dead_ends", "breakthroughs", "gotchas",
                                        "artifacts"};
    json_t *object = json_object();
    json_t *goal = text(state, 20);
    put(object, "goal", json_sprintf("Learn about %s", json_string_value(goal)));
    json_decref(goal);
    put(object, "domain", draw(state, 2) ? json_string(" Databases\u00A0") : json_string(" "));
    put(object, "tools_used", labels(state));
    put(object, "tags", labels(state));
    put(object, "outcome", word(state, OUTCOMES));
    put(object, "visibility", word(state, VISIBILITIES));
    put(object, "confidence", confidence(state));
    put(object, "solution", optional(state));
    put(object, "context", optional(state));
    put(object, "context_structured", context(state));
    for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS; i++)
        put(object, LISTS[i], records(state, LISTS[i]));
    object = shuffled(state, object);
    char *json = json_dumps(object, draw(state, 2) ? JSON_ENSURE_ASCII | JSON_INDENT(1) : 0);
    json_decref(object);
    return json;
}
