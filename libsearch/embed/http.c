/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The embedder that asks an endpoint: its options, and texts cut into requests.
 *
 * The key is in one place, the header that goes to the endpoint. It is in no message, and the
 * fingerprint and the URL, which are stored, hold nothing of it.
 */
#include <config.h>

#include "embed/http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/options.h"
#include "base/unicode.h"

void plurum_http_options_init(plurum_http_options *options)
{
    static const plurum_http_options DEFAULTS = PLURUM_HTTP_OPTIONS_INIT;
    *options = DEFAULTS;
}

static void release(void *payload)
{
    pli_http *http = payload;
    while (http->idle_count) curl_easy_cleanup(http->idle[--http->idle_count]);
    curl_slist_free_all(http->headers);
    if (http->curl_begun) curl_global_cleanup();
    pthread_mutex_destroy(&http->mutex);
    pli_free(http->url);
    pli_free(http->model);
    pli_free(http->shown);
    pli_free(http->key);
    pli_free(http);
}

/* ---- texts ----------------------------------------------------------------------------------- */

/* Some of a call's texts, as one request. */
typedef struct request {
    json_t *input;
    float *rows[PLURUM_EMBED_BATCH_MAX];
    size_t count, bytes;
    size_t first; /* text of the call */
} request;

/* What is sent of a text: valid UTF-8, not too long. Nothing of an empty one. */
static json_t *sent_of(const pli_http *http, const char *text)
{
    size_t len = strlen(text), most = http->limits.text_bytes;
    if (len > most)
        for (len = most; len && ((unsigned char)text[len] & 0xC0) == 0x80;) len--;
    char *mended = pli_utf8_mend(text, len, &len);
    json_t *sent = mended ? json_stringn(mended, len) : NULL;
    pli_free(mended);
    return sent;
}

static int is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

/* Takes the next text of the call unless the request is full: 1 when it has been taken. */
static int take_text(request *r, const pli_http *http, const char *text, size_t at, float *row)
{
    if (is_blank(text)) return 1;
    json_t *sent = sent_of(http, text);
    size_t bytes = sent ? json_string_length(sent) : 0;
    if (r->count == http->limits.batch_texts ||
        (r->count && r->bytes + bytes > http->limits.batch_bytes)) {
        json_decref(sent);
        return 0;
    }
    if (!r->count) r->first = at;
    if (!sent || json_array_append_new(r->input, sent)) return -1;
    r->rows[r->count++] = row;
    r->bytes += bytes;
    return 1;
}

static plurum_status ask(request *r, const pli_http_call *call, uint32_t *dim, plurum_error *error)
{
    const pli_http *http = call->http;
    pli_buf answer = PLI_BUF_INIT;
    json_t *object = json_pack("{s:s, s:O}", "model", http->model, "input", r->input);
    char *body = object ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    plurum_status status =
        body ? pli_http_post(&answer, call, body, strlen(body),
                             pli_http_answer_most(r->count, *dim), error)
             : pli_nomem(error);
    free(body);
    if (status == PLURUM_INVALID && error) error->position = r->count == 1 ? r->first : UINT64_MAX;
    if (!status) {
        status = pli_http_answer(r->rows, r->count, dim, (const char *)answer.bytes, answer.len,
                                 error);
        if (status == PLURUM_BACKEND) pli_error_prefix(error, "%s", http->shown);
    }
    pli_buf_free(&answer);
    return status;
}

/* Fills one request from text *at on, and has it answered. */
static plurum_status ask_some(size_t *at, const pli_http_call *call, uint32_t *dim,
                              const char *const *texts, size_t count, float *out,
                              plurum_error *error)
{
    request *r = pli_calloc(1, sizeof *r);
    if (!r) return pli_nomem(error);
    int taken = (r->input = json_array()) ? 1 : -1;
    while (taken == 1 && *at < count) {
        taken = take_text(r, call->http, texts[*at], *at, out + *at * *dim);
        if (taken == 1) ++*at;
    }
    plurum_status status = taken < 0 ? pli_nomem(error)
                           : r->count ? ask(r, call, dim, error) : PLURUM_OK;
    json_decref(r->input);
    pli_free(r);
    return status;
}

static pli_http_call begin_call(pli_http *http, const plurum_embed_call *told)
{
    uint32_t most = told->patience == PLURUM_QUERY ? http->limits.query_ms : http->limits.total_ms;
    return (pli_http_call){http, told, pli_http_clock() + most};
}

static plurum_status embed(void *payload, const char *const *texts, size_t count, float *out,
                           const plurum_embed_call *told, plurum_error *error)
{
    pli_http_call call = begin_call(payload, told);
    uint32_t dim = call.http->dim;
    plurum_status status = PLURUM_OK;
    for (size_t at = 0; at < count && !status;)
        status = ask_some(&at, &call, &dim, texts, count, out, error);
    return status;
}

/* ---- options --------------------------------------------------------------------------------- */

static plurum_status check_numbers(const plurum_http_options *o, plurum_error *error)
{
    enum { HOUR = 3600000 };
    const struct {
        const char *name;
        uint64_t value, least, most;
    } NUMBERS[] = {{"dim", o->dim, 0, PLURUM_DIM_MAX},
                   {"batch_texts", o->batch_texts, 1, PLURUM_EMBED_BATCH_MAX},
                   {"batch_bytes", o->batch_bytes, 1, 1 << 30},
                   {"text_bytes", o->text_bytes, 4, 1 << 30},
                   {"connect_ms", o->connect_ms, 1, HOUR},
                   {"request_ms", o->request_ms, 1, HOUR},
                   {"total_ms", o->total_ms, 1, HOUR},
                   {"query_ms", o->query_ms, 1, HOUR},
                   {"retries", o->retries, 0, 100},
                   {"backoff_ms", o->backoff_ms, 1, HOUR},
                   {"backoff_cap_ms", o->backoff_cap_ms, 1, HOUR}};
    for (size_t i = 0; i < sizeof NUMBERS / sizeof *NUMBERS; i++)
        if (NUMBERS[i].value < NUMBERS[i].least || NUMBERS[i].value > NUMBERS[i].most)
            return pli_fail(error, PLURUM_ARG, "%s: %llu, allowed are %llu to %llu", NUMBERS[i].name,
                            (unsigned long long)NUMBERS[i].value,
                            (unsigned long long)NUMBERS[i].least,
                            (unsigned long long)NUMBERS[i].most);
    return PLURUM_OK;
}

/* Says nothing of the key but where it is wrong. */
static plurum_status check_key(const char *key, plurum_error *error)
{
    for (size_t i = 0; key && key[i]; i++)
        if (key[i] <= 0x20 || key[i] >= 0x7F)
            return pli_fail(error, PLURUM_ARG, "key: its byte %zu is no printable ASCII character, or "
                                               "a space", i);
    return !key || *key ? PLURUM_OK : pli_fail(error, PLURUM_ARG, "key: empty");
}

/* The URL as messages have it; ARG where it is none, with nothing of it but its scheme. */
static plurum_status show_url(pli_http *http, plurum_error *error)
{
    enum { SHOWN = 100 };
    char *scheme = NULL, *user = NULL, *password = NULL, *host = NULL, *text = NULL;
    CURLU *url = curl_url();
    if (!url) return pli_nomem(error);
    CURLUcode code = curl_url_set(url, CURLUPART_URL, http->url, 0);
    if (!code) code = curl_url_get(url, CURLUPART_SCHEME, &scheme, 0);
    if (!code) code = curl_url_get(url, CURLUPART_HOST, &host, 0);
    curl_url_get(url, CURLUPART_USER, &user, 0);
    curl_url_get(url, CURLUPART_PASSWORD, &password, 0);
    plurum_status status = PLURUM_OK;
    if (code)
        status = pli_fail(error, PLURUM_ARG, "url: %s", curl_url_strerror(code));
    else if (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0)
        status = pli_fail(error, PLURUM_ARG, "url: scheme %.20s, http or https expected", scheme);
    else if (user || password)
        status = pli_fail(error, PLURUM_ARG, "url: a user or password in it; give a key instead");
    curl_url_set(url, CURLUPART_QUERY, NULL, 0);
    curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0);
    if (!status && curl_url_get(url, CURLUPART_URL, &text, 0)) status = pli_nomem(error);
    if (!status) {
        size_t len = strlen(text);
        http->shown = pli_malloc(SHOWN + sizeof "…");
        if (!http->shown)
            status = pli_nomem(error);
        else
            snprintf(http->shown, SHOWN + sizeof "…", "%.*s%s", SHOWN, text, len > SHOWN ? "…" : "");
    }
    char *const parts[] = {scheme, user, password, host, text};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) curl_free(parts[i]);
    curl_url_cleanup(url);
    return status;
}

static plurum_status add_header(pli_http *http, const char *line, plurum_error *error)
{
    struct curl_slist *longer = curl_slist_append(http->headers, line);
    if (longer) http->headers = longer;
    return longer ? PLURUM_OK : pli_nomem(error);
}

static plurum_status make_headers(pli_http *http, plurum_error *error)
{
    pli_buf line = PLI_BUF_INIT;
    plurum_status status = add_header(http, "Content-Type: application/json", error);
    if (!status) status = add_header(http, "Accept: application/json", error);
    if (!status) status = add_header(http, "Expect:", error); /* no round trip before the body */
    if (!status) status = add_header(http, "User-Agent: plurum/" PLURUM_PACKAGE_VERSION, error);
    if (status || !http->key) return status;
    pli_buf_printf(&line, "Authorization: Bearer %s", http->key);
    pli_buf_u8(&line, 0);
    status = line.failed ? pli_nomem(error) : add_header(http, (const char *)line.bytes, error);
    pli_buf_free(&line);
    return status;
}

static plurum_status fill(pli_http *http, const plurum_http_options *o, plurum_error *error)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT))
        return pli_fail(error, PLURUM_BACKEND, "libcurl cannot be initialised");
    http->curl_begun = 1;
    http->limits = *o;
    http->dim = o->dim;
    http->url = pli_strdup(o->url);
    http->model = pli_strdup(o->model ? o->model : "default");
    http->key = o->key ? pli_strdup(o->key) : NULL;
    if (!http->url || !http->model || (o->key && !http->key)) return pli_nomem(error);
    plurum_status status = show_url(http, error);
    return status ? status : make_headers(http, error);
}

/* Asks for one vector to see how many numbers it has. */
static plurum_status learn_dim(pli_http *http, plurum_error *error)
{
    static const char *const TEXT[] = {"dimensions"};
    plurum_embed_call told = PLURUM_EMBED_CALL_INIT;
    pli_http_call call = begin_call(http, &told);
    float *row = pli_calloc(PLURUM_DIM_MAX, sizeof *row);
    size_t at = 0;
    if (!row) return pli_nomem(error);
    plurum_status status = ask_some(&at, &call, &http->dim, TEXT, 1, row, error);
    pli_free(row);
    return status;
}

static plurum_status create(plurum_embedder **out, pli_http *http, const plurum_http_options *o,
                            plurum_error *error)
{
    plurum_fingerprint fingerprint = {
        .dim = http->dim ? http->dim : 1, .text_template = 1, .checksum = PLURUM_HTTP_CHECKSUM};
    size_t len = strlen(http->model);
    if (len > PLURUM_MODEL_NAME_MAX)
        return pli_fail(error, PLURUM_ARG, "model: %zu bytes, at most %d allowed", len,
                        PLURUM_MODEL_NAME_MAX);
    memcpy(fingerprint.name, http->model, len + 1);
    plurum_embedder_methods methods = {.struct_size = sizeof methods,
                                       .embed_call = embed,
                                       .batch = http->limits.batch_texts};
    /* what the seam refuses is refused before anybody is asked for dimensions */
    plurum_embedder *refused;
    plurum_status status =
        plurum_embedder_create(&refused, &fingerprint, o->traits, &methods, http, error);
    if (status) return status;
    plurum_embedder_free(refused);
    if (!http->dim) status = learn_dim(http, error);
    if (status) return status;
    fingerprint.dim = http->dim;
    methods.release = release;
    return plurum_embedder_create(out, &fingerprint, o->traits, &methods, http, error);
}

plurum_status plurum_embedder_open_http(plurum_embedder **out, const plurum_http_options *options,
                                        plurum_error *error)
{
    plurum_http_options o = PLURUM_HTTP_OPTIONS_INIT;
    if (!out) return pli_fail(error, PLURUM_ARG, "no place for the embedder (out is NULL)");
    *out = NULL;
    plurum_status status =
        pli_options_copy(&o, sizeof o, options, "plurum_http_options", error);
    if (!status && !o.url) status = pli_fail(error, PLURUM_ARG, "url: NULL");
    if (!status) status = check_numbers(&o, error);
    if (!status) status = check_key(o.key, error);
    if (status) return status;
    pli_http *http = pli_calloc(1, sizeof *http);
    if (!http) return pli_nomem(error);
    pthread_mutex_init(&http->mutex, NULL);
    status = fill(http, &o, error);
    if (!status) status = create(out, http, &o, error);
    if (status) release(http);
    return status;
}
