/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One request and its retries. What may pass is tried again after a random pause, whose bound doubles
 * (full jitter: those that failed together do not come back together); the whole ends at the call's
 * deadline.
 */
#include <config.h>

#include "embed/http.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include <jansson.h>

#include "base/alloc.h"
#include "base/error.h"

/* One attempt. */
typedef struct attempt {
    const pli_http_call *call;
    pli_buf *answer;
    size_t most;
    int too_large;
    int may_retry;
    int64_t retry_after; /* ms that the endpoint asks to wait; 0: it does not */
} attempt;

int64_t pli_http_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int must_stop(const pli_http_call *call)
{
    return call->told->stop && call->told->stop(call->told->stop_payload);
}

static plurum_status cancelled(const pli_http_call *call, plurum_error *error)
{
    return pli_fail(error, PLURUM_CANCELLED, "%s: given up on request", call->http->shown);
}

/* ---- handles --------------------------------------------------------------------------------- */

/* One that still has its connection, if any. */
static CURL *take_handle(pli_http *http)
{
    CURL *handle = NULL;
    pthread_mutex_lock(&http->mutex);
    if (http->idle_count) handle = http->idle[--http->idle_count];
    pthread_mutex_unlock(&http->mutex);
    return handle ? handle : curl_easy_init();
}

static void give_back(pli_http *http, CURL *handle)
{
    curl_easy_reset(handle); /* options go, connections stay */
    pthread_mutex_lock(&http->mutex);
    if (http->idle_count < PLI_HTTP_IDLE) {
        http->idle[http->idle_count++] = handle;
        handle = NULL;
    }
    pthread_mutex_unlock(&http->mutex);
    if (handle) curl_easy_cleanup(handle);
}

/* ---- one attempt ----------------------------------------------------------------------------- */

static size_t take_bytes(char *bytes, size_t size, size_t count, void *payload)
{
    attempt *a = payload;
    size_t len = size * count;
    if (len > a->most - a->answer->len) {
        a->too_large = 1;
        return 0;
    }
    pli_buf_add(a->answer, bytes, len);
    return a->answer->failed ? 0 : len;
}

static int ask_stop(void *payload, curl_off_t down_total, curl_off_t down, curl_off_t up_total,
                    curl_off_t up)
{
    const attempt *a = payload;
    (void)down_total;
    (void)down;
    (void)up_total;
    (void)up;
    return must_stop(a->call);
}

static void set_options(CURL *c, attempt *a, const char *body, size_t len, int64_t left)
{
    const pli_http *http = a->call->http;
    int64_t most = http->limits.request_ms;
    curl_easy_setopt(c, CURLOPT_URL, http->url);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L); /* nobody else shall get the key */
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, http->headers);
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L); /* do not wait for a name that is looked up still */
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)http->limits.connect_ms);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)(left < most ? left : most));
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_bytes);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, a);
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, ask_stop);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, a);
}

/* A peer that goes away while it is written to must not end the process. */
static CURLcode perform(CURL *handle)
{
    sigset_t pipe, before, pending;
    const struct timespec at_once = {0, 0};
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    CURLcode code = curl_easy_perform(handle);
    if (!sigismember(&pending, SIGPIPE))
        while (sigtimedwait(&pipe, NULL, &at_once) < 0 && errno == EINTR) continue;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return code;
}

static plurum_status no_answer(attempt *a, CURLcode code, plurum_error *error)
{
    const char *url = a->call->http->shown;
    if (a->answer->failed) return pli_nomem(error);
    if (a->too_large)
        return pli_fail(error, PLURUM_BACKEND, "%s: the answer has more than %zu bytes", url, a->most);
    if (code == CURLE_ABORTED_BY_CALLBACK) return cancelled(a->call, error);
    if (code == CURLE_OUT_OF_MEMORY) return pli_nomem(error);
    a->may_retry = code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST ||
                   code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_OPERATION_TIMEDOUT ||
                   code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR ||
                   code == CURLE_SEND_ERROR || code == CURLE_PARTIAL_FILE ||
                   code == CURLE_SSL_CONNECT_ERROR;
    pli_fail(error, PLURUM_BACKEND, "%s: %s", url,
             code == CURLE_OPERATION_TIMEDOUT ? "no answer in time" : curl_easy_strerror(code));
    if (error) error->backend_code = (int)code;
    return PLURUM_BACKEND;
}

/* What the endpoint says of its refusal, where it does in OpenAI's form; NULL too where it repeats
 * the key, or says why it does not like it, which some do by quoting a part. */
static const char *explanation(const attempt *a, long code, json_t *answer)
{
    const char *key = a->call->http->key;
    const json_t *told = json_object_get(answer, "error");
    const char *text = json_string_value(json_is_object(told) ? json_object_get(told, "message")
                                                              : told);
    if (!text || code == 401 || code == 403 || (key && strstr(text, key))) return NULL;
    return text;
}

static plurum_status refused(attempt *a, long code, plurum_error *error)
{
    enum { QUOTED = 80 };
    const char *url = a->call->http->shown;
    json_t *answer = json_loadb((const char *)a->answer->bytes, a->answer->len, 0, NULL);
    const char *why = explanation(a, code, answer);
    int is_texts = code == 400 || code == 413 || code == 422;
    a->may_retry = code == 429 || code >= 500;
    pli_fail(error, is_texts ? PLURUM_INVALID : PLURUM_BACKEND, "%s: HTTP %ld%s%s%.*s", url, code,
             code >= 300 && code < 400 ? ", and redirects are not followed" : "", why ? ": " : "",
             QUOTED, why ? why : "");
    if (error) error->backend_code = (int)code;
    json_decref(answer);
    return is_texts ? PLURUM_INVALID : PLURUM_BACKEND;
}

static plurum_status try_once(attempt *a, const char *body, size_t len, plurum_error *error)
{
    curl_off_t wait = 0;
    long code = 0;
    pli_http *http = a->call->http;
    int64_t left = a->call->deadline - pli_http_clock();
    if (left < 1) left = 1; /* 0 would be without end */
    CURL *handle = take_handle(http);
    if (!handle) return pli_nomem(error);
    pli_buf_clear(a->answer);
    set_options(handle, a, body, len, left);
    CURLcode result = perform(handle);
    if (!result) {
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code);
        curl_easy_getinfo(handle, CURLINFO_RETRY_AFTER, &wait);
    }
    give_back(http, handle);
    a->may_retry = 0;
    a->retry_after = wait > 0 ? (wait < INT32_MAX ? wait : INT32_MAX) * 1000 : 0;
    if (result) return no_answer(a, result, error);
    return code == 200 ? PLURUM_OK : refused(a, code, error);
}

/* ---- retries --------------------------------------------------------------------------------- */

/* Milliseconds before the next attempt, `tried` having failed. */
static int64_t pause_of(const attempt *a, uint32_t tried)
{
    const plurum_http_options *o = &a->call->http->limits;
    uint64_t bound = o->backoff_ms, random = 0;
    for (uint32_t i = 1; i < tried && bound < o->backoff_cap_ms; i++) bound *= 2;
    if (bound > o->backoff_cap_ms) bound = o->backoff_cap_ms;
    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random) random = bound;
    int64_t pause = (int64_t)(random % (bound + 1)), asked = a->retry_after;
    if (asked > o->backoff_cap_ms) asked = o->backoff_cap_ms;
    return pause > asked ? pause : asked;
}

/* In small steps, so that whoever wants to stop need not wait. */
static plurum_status sleep_until(const pli_http_call *call, int64_t moment, plurum_error *error)
{
    enum { STEP = 50 };
    for (int64_t left; (left = moment - pli_http_clock()) > 0;) {
        if (must_stop(call)) return cancelled(call, error);
        struct timespec step = {0, (left < STEP ? left : STEP) * 1000000};
        nanosleep(&step, NULL);
    }
    return PLURUM_OK;
}

static void tell_attempts(plurum_error *error, uint32_t tried)
{
    char text[PLURUM_ERROR_TEXT_SIZE];
    if (!error || tried < 2) return;
    memcpy(text, error->text, sizeof text);
    int code = error->backend_code;
    pli_fail(error, error->status, "%.*s (tried %lu times)", (int)sizeof text - 32, text,
             (unsigned long)tried);
    error->backend_code = code;
}

plurum_status pli_http_post(pli_buf *answer, const pli_http_call *call, const char *body, size_t len,
                            size_t most, plurum_error *error)
{
    attempt a = {.call = call, .answer = answer, .most = most};
    uint32_t retries = call->told->patience == PLURUM_PATIENT ? call->http->limits.retries : 0;
    for (uint32_t tried = 1;; tried++) {
        plurum_status status = must_stop(call) ? cancelled(call, error)
                                               : try_once(&a, body, len, error);
        if (!status || !a.may_retry) return status;
        int64_t next = pli_http_clock() + pause_of(&a, tried);
        if (tried > retries || next >= call->deadline) {
            tell_attempts(error, tried);
            return status;
        }
        status = sleep_until(call, next, error);
        if (status) return status;
    }
}
