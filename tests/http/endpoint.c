/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The endpoint: libmicrohttpd takes the requests, this answers them as well or as badly as it is
 * told to.
 */
#include <config.h>

#include "tests/http/endpoint.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>
#include <microhttpd.h>

const char *const endpoint_words[] = {
    "well",   "shuffled",     "unnumbered", "slow",    "busy",   "busy-awhile", "busy-for-long",
    "broken", "unavailable",  "unauthorised", "refusing", "quoting", "moved",   "closing",
    "breaking-off", "truncated", "huge",    "narrow",  "ragged", "short",       "long",
    "twice",  "outside",      "infinite",   "wordy",   "empty",  NULL};

struct endpoint {
    struct MHD_Daemon *daemon;
    unsigned port;
    char url[64];
    pthread_mutex_t mutex; /* over what follows */
    pthread_cond_t told;   /* how to behave, or to end */
    unsigned long orders;
    behaviour how;
    int times;
    char refused[64];
    const char *file;
    size_t running;
    endpoint_seen seen;
};

/* A request while its body comes in. */
typedef struct request {
    char *body;
    size_t len;
} request;

void endpoint_vector(float out[ENDPOINT_DIM], const char *text)
{
    memset(out, 0, ENDPOINT_DIM * sizeof *out);
    while (*text) {
        uint32_t hash = 2166136261u;
        size_t len = 0;
        for (; isalnum((unsigned char)*text); text++, len++)
            hash = (hash ^ (uint32_t)tolower((unsigned char)*text)) * 16777619u;
        if (len) {
            out[hash % ENDPOINT_DIM] += 1.0f;
            out[(hash >> 8) % ENDPOINT_DIM] += .5f;
        }
        if (*text) text++;
    }
}

/* ---- answers --------------------------------------------------------------------------------- */

static json_t *item(const char *text, size_t index, size_t count, behaviour how)
{
    float vector[ENDPOINT_DIM];
    json_t *numbers = json_array();
    int last = index + 1 == count;
    size_t dim = ENDPOINT_DIM - (how == ENDPOINT_NARROW || (how == ENDPOINT_RAGGED && last));
    endpoint_vector(vector, text);
    for (size_t i = 0; i < dim; i++)
        json_array_append_new(numbers, last && i == 3 && how == ENDPOINT_WORDY
                                           ? json_string("three")
                                           : json_real((double)vector[i]));
    if (last && how == ENDPOINT_INFINITE) json_array_set_new(numbers, 3, json_real(1e39));
    if (how == ENDPOINT_UNNUMBERED) return json_pack("{s:o}", "embedding", numbers);
    size_t said = how == ENDPOINT_TWICE ? 0 : how == ENDPOINT_OUTSIDE && last ? count : index;
    return json_pack("{s:s, s:I, s:o}", "object", "embedding", "index", (json_int_t)said,
                     "embedding", numbers);
}

static char *answer_to(const json_t *input, behaviour how)
{
    size_t count = json_array_size(input);
    json_t *data = json_array();
    for (size_t i = 0; i < count; i++) {
        size_t index = how == ENDPOINT_SHUFFLED ? (i * 7 + 3) % count : i;
        if (how == ENDPOINT_SHUFFLED && count % 7 == 0) index = count - 1 - i;
        json_array_append_new(data, item(json_string_value(json_array_get(input, index)), index,
                                         count, how));
    }
    if (how == ENDPOINT_SHORT) json_array_remove(data, count - 1);
    if (how == ENDPOINT_LONG) json_array_append_new(data, item("more", count, count + 1, how));
    json_t *whole = json_pack("{s:s, s:o, s:{s:i}}", "object", "list", "data", data, "usage",
                              "total_tokens", 1);
    char *text = json_dumps(whole, 0);
    json_decref(whole);
    if (how == ENDPOINT_TRUNCATED) text[strlen(text) / 2] = '\0';
    return text;
}

static enum MHD_Result send_text(struct MHD_Connection *connection, unsigned status, char *text,
                                 const char *name, const char *value)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);
    MHD_add_response_header(response, "Content-Type", "application/json");
    if (name) MHD_add_response_header(response, name, value);
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result send_error(struct MHD_Connection *connection, unsigned status,
                                  const char *message, const char *name, const char *value)
{
    json_t *error = json_pack("{s:{s:s}}", "error", "message", message);
    char *text = json_dumps(error, 0);
    json_decref(error);
    return send_text(connection, status, text, name, value);
}

static ssize_t give_spaces(void *payload, uint64_t at, char *out, size_t room)
{
    (void)payload;
    (void)at;
    memset(out, ' ', room);
    return (ssize_t)room;
}

/* A beginning, and then nothing but a closed connection. */
static ssize_t break_off(void *payload, uint64_t at, char *out, size_t room)
{
    static const char BEGINNING[] = "{\"data\": [";
    (void)payload;
    if (at || room < sizeof BEGINNING) return MHD_CONTENT_READER_END_WITH_ERROR;
    memcpy(out, BEGINNING, sizeof BEGINNING - 1);
    return sizeof BEGINNING - 1;
}

static enum MHD_Result stream(struct MHD_Connection *connection, uint64_t size,
                              MHD_ContentReaderCallback give)
{
    struct MHD_Response *response =
        MHD_create_response_from_callback(size, 65536, give, NULL, NULL);
    enum MHD_Result result = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return result;
}

/* For ten seconds, or until it is told something. */
static void take_time(endpoint *e)
{
    struct timespec deadline;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += 10;
    pthread_mutex_lock(&e->mutex);
    unsigned long before = e->orders;
    while (e->orders == before)
        if (pthread_cond_timedwait(&e->told, &e->mutex, &deadline)) break;
    pthread_mutex_unlock(&e->mutex);
}

static void tell(endpoint *e)
{
    e->orders++;
    pthread_cond_broadcast(&e->told);
}

static enum MHD_Result misbehave(endpoint *e, struct MHD_Connection *connection,
                                 const json_t *input, behaviour how, const char *authorization)
{
    char quoting[256];
    snprintf(quoting, sizeof quoting, "what is %s", authorization);
    switch (how) {
    case ENDPOINT_BUSY: return send_error(connection, 429, "too many", NULL, NULL);
    case ENDPOINT_BUSY_AWHILE: return send_error(connection, 429, "too many", "Retry-After", "1");
    case ENDPOINT_BUSY_FOR_LONG:
        return send_error(connection, 429, "too many", "Retry-After", "3600");
    case ENDPOINT_BROKEN: return send_error(connection, 500, "it broke", NULL, NULL);
    case ENDPOINT_UNAVAILABLE: return send_error(connection, 503, "come back", NULL, NULL);
    case ENDPOINT_UNAUTHORISED: return send_error(connection, 401, quoting, NULL, NULL);
    case ENDPOINT_REFUSING: return send_error(connection, 400, "no such\nmodel", NULL, NULL);
    case ENDPOINT_QUOTING: return send_error(connection, 400, quoting, NULL, NULL);
    case ENDPOINT_MOVED: return send_error(connection, 307, "over there", "Location", "/elsewhere");
    case ENDPOINT_CLOSING: return MHD_NO;
    case ENDPOINT_BREAKING_OFF: return stream(connection, 4096, break_off);
    case ENDPOINT_HUGE: return stream(connection, MHD_SIZE_UNKNOWN, give_spaces);
    case ENDPOINT_EMPTY: return send_text(connection, 200, strdup(""), NULL, NULL);
    case ENDPOINT_SLOW: take_time(e); /* fall through */
    default: return send_text(connection, 200, answer_to(input, how), NULL, NULL);
    }
}

/* ---- requests -------------------------------------------------------------------------------- */

static int has_refused(const json_t *input, const char *word)
{
    size_t i;
    const json_t *text;
    json_array_foreach(input, i, text)
        if (*word && strstr(json_string_value(text), word)) return 1;
    return 0;
}

static void copy_text(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text ? text : "");
}

static behaviour read_behaviour(const char *file)
{
    char word[64] = "";
    FILE *in = fopen(file, "r");
    if (in && fscanf(in, "%63s", word) != 1) *word = '\0';
    if (in) fclose(in);
    for (int i = 0; endpoint_words[i]; i++)
        if (strcmp(word, endpoint_words[i]) == 0) return (behaviour)i;
    return ENDPOINT_WELL;
}

/* Notes a request, and says how it is to be answered. */
static behaviour note(endpoint *e, struct MHD_Connection *connection, const json_t *body)
{
    const json_t *input = json_object_get(body, "input");
    endpoint_seen *s = &e->seen;
    pthread_mutex_lock(&e->mutex);
    s->requests++;
    s->texts += json_array_size(input);
    if (json_array_size(input) > s->largest) s->largest = json_array_size(input);
    if (++e->running > s->at_once) s->at_once = e->running;
    copy_text(s->authorization, sizeof s->authorization,
              MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization"));
    copy_text(s->query, sizeof s->query,
              MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "api-version"));
    copy_text(s->model, sizeof s->model, json_string_value(json_object_get(body, "model")));
    behaviour how = e->times ? e->how : ENDPOINT_WELL;
    if (e->times > 0) e->times--;
    if (e->file) how = read_behaviour(e->file);
    if (how == ENDPOINT_WELL && has_refused(input, e->refused)) how = ENDPOINT_REFUSING;
    pthread_mutex_unlock(&e->mutex);
    return how;
}

static enum MHD_Result answer(endpoint *e, struct MHD_Connection *connection, const char *url,
                              const request *r)
{
    json_t *body = json_loadb(r->body ? r->body : "", r->len, 0, NULL);
    if (strcmp(url, "/v1/embeddings") != 0 || !json_is_array(json_object_get(body, "input"))) {
        pthread_mutex_lock(&e->mutex);
        e->seen.elsewhere++;
        pthread_mutex_unlock(&e->mutex);
        json_decref(body);
        return send_error(connection, 404, "no such path", NULL, NULL);
    }
    char authorization[128];
    behaviour how = note(e, connection, body);
    nanosleep(&(struct timespec){0, 2000000}, NULL); /* a model takes its time, others ask meanwhile */
    copy_text(authorization, sizeof authorization,
              MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization"));
    enum MHD_Result result =
        misbehave(e, connection, json_object_get(body, "input"), how, authorization);
    pthread_mutex_lock(&e->mutex);
    e->running--;
    pthread_mutex_unlock(&e->mutex);
    json_decref(body);
    return result;
}

static enum MHD_Result handle(void *payload, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *bytes,
                              size_t *len, void **state)
{
    (void)method;
    (void)version;
    request *r = *state;
    if (!r) {
        *state = calloc(1, sizeof *r);
        return *state ? MHD_YES : MHD_NO;
    }
    if (!*len) return answer(payload, connection, url, r);
    char *longer = realloc(r->body, r->len + *len);
    if (!longer) return MHD_NO;
    memcpy(longer + r->len, bytes, *len);
    r->body = longer;
    r->len += *len;
    *len = 0;
    return MHD_YES;
}

static void forget(void *payload, struct MHD_Connection *connection, void **state,
                   enum MHD_RequestTerminationCode why)
{
    request *r = *state;
    (void)payload;
    (void)connection;
    (void)why;
    if (r) free(r->body);
    free(r);
    *state = NULL;
}

/* ---- the endpoint ---------------------------------------------------------------------------- */

endpoint *endpoint_start(unsigned port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    endpoint *e = calloc(1, sizeof *e);
    if (!e) return NULL;
    pthread_mutex_init(&e->mutex, NULL);
    pthread_cond_init(&e->told, NULL);
    e->daemon = MHD_start_daemon(MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD, 0,
                                 NULL, NULL, handle, e, MHD_OPTION_SOCK_ADDR, &address,
                                 MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u,
                                 MHD_OPTION_NOTIFY_COMPLETED, forget, NULL, MHD_OPTION_END);
    if (!e->daemon) {
        free(e);
        return NULL;
    }
    e->port = MHD_get_daemon_info(e->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    snprintf(e->url, sizeof e->url, "http://127.0.0.1:%u/v1/embeddings", e->port);
    return e;
}

void endpoint_stop(endpoint *e)
{
    if (!e) return;
    pthread_mutex_lock(&e->mutex);
    tell(e);
    pthread_mutex_unlock(&e->mutex);
    MHD_stop_daemon(e->daemon);
    pthread_cond_destroy(&e->told);
    pthread_mutex_destroy(&e->mutex);
    free(e);
}

unsigned endpoint_port(const endpoint *e)
{
    return e->port;
}

const char *endpoint_url(const endpoint *e)
{
    return e->url;
}

void endpoint_behave(endpoint *e, behaviour how, int times)
{
    pthread_mutex_lock(&e->mutex);
    e->how = how;
    e->times = times;
    tell(e);
    pthread_mutex_unlock(&e->mutex);
}

void endpoint_refuse(endpoint *e, const char *word)
{
    pthread_mutex_lock(&e->mutex);
    copy_text(e->refused, sizeof e->refused, word);
    pthread_mutex_unlock(&e->mutex);
}

endpoint_seen endpoint_look(endpoint *e)
{
    pthread_mutex_lock(&e->mutex);
    endpoint_seen seen = e->seen;
    memset(&e->seen, 0, sizeof e->seen);
    pthread_mutex_unlock(&e->mutex);
    return seen;
}

void endpoint_obey(endpoint *e, const char *file)
{
    e->file = file;
}
