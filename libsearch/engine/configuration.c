/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration record: one list of members, walked by the writer and by the reader.
 */
#include <config.h>

#include "engine/configuration.h"

#include <plurum/secrets.h>

#include <math.h>
#include <string.h>

#include <uuid.h>

#include "base/error.h"
#include "base/options.h"

static const char KEY[] = "configuration";
static const uint64_t MAP_DEFAULT = (uint64_t)64 << 30, MAP_MIN = (uint64_t)1 << 20,
                      MAP_MAX = (uint64_t)16 << 40;

void plurum_create_options_init(plurum_create_options *options)
{
    *options = (plurum_create_options){.struct_size = sizeof *options, .map_size = MAP_DEFAULT};
}

static plurum_status check_fingerprint(const plurum_fingerprint *f, plurum_error *error)
{
    size_t len = strnlen(f->name, sizeof f->name);
    if (len == 0 || len == sizeof f->name)
        return pli_fail(error, PLURUM_ARG, "fingerprint.name: 1 to %d bytes expected",
                        PLURUM_MODEL_NAME_MAX);
    for (size_t i = 0; i < len; i++)
        if (f->name[i] < 0x20 || f->name[i] > 0x7E)
            return pli_fail(error, PLURUM_ARG, "fingerprint.name: printable ASCII expected");
    if (f->dim > PLURUM_DIM_MAX)
        return pli_fail(error, PLURUM_ARG, "fingerprint.dim: %lu, allowed are 0 to %d",
                        (unsigned long)f->dim, PLURUM_DIM_MAX);
    if (f->text_template != 1)
        return pli_fail(error, PLURUM_ARG, "fingerprint.text_template: %lu, known is 1",
                        (unsigned long)f->text_template);
    return PLURUM_OK;
}

/* Names the parameter that libtrust refuses: it alone makes its defaults unsound. */
static plurum_status check_trust(const plurum_trust_config *c, plurum_error *error)
{
    if (plurum_trust_config_check(c) == PLURUM_TRUST_OK) return PLURUM_OK;
    plurum_trust_config some;
    plurum_trust_config_init(&some);
    const struct parameter {
        const char *name;
        double *place, value;
    } all[] = {{"half_life", &some.half_life, c->half_life},
               {"prior", &some.prior, c->prior},
               {"base_rate", &some.base_rate, c->base_rate},
               {"confidence_weight", &some.confidence_weight, c->confidence_weight},
               {"vote_weight", &some.vote_weight, c->vote_weight},
               {"vote_cap", &some.vote_cap, c->vote_cap},
               {"z", &some.z, c->z},
               {"quarantine_margin", &some.quarantine_margin, c->quarantine_margin}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        *all[i].place = all[i].value;
        if (plurum_trust_config_check(&some))
            return pli_fail(error, PLURUM_ARG, "trust.%s: %g, out of the range that plurum/trust.h "
                            "gives", all[i].name, all[i].value);
    }
    return pli_fail(error, PLURUM_ARG, "trust: initialise it with plurum_trust_config_init first");
}

static plurum_status check(const pli_configuration *c, plurum_error *error)
{
    plurum_status status = check_fingerprint(&c->fingerprint, error);
    if (status) return status;
    if (!(c->traits.alpha >= 0.0 && c->traits.alpha <= 1.0))
        return pli_fail(error, PLURUM_ARG, "traits.alpha: %g, allowed are 0 to 1", c->traits.alpha);
    if (!(c->traits.pivot > 0.0 && c->traits.pivot < 1.0))
        return pli_fail(error, PLURUM_ARG, "traits.pivot: %g, allowed is between 0 and 1",
                        c->traits.pivot);
    if (!(fabs(c->traits.lean) <= 10.0 && fabs(c->traits.feedback_lean) <= 10.0))
        return pli_fail(error, PLURUM_ARG, "traits.lean: %g, %g, allowed are -10 to 10",
                        c->traits.lean, c->traits.feedback_lean);
    if (c->trust.floor != 0.0 || c->trust.explore != 0.0 || c->trust.noise != 0.0)
        return pli_fail(error, PLURUM_ARG,
                        "trust.floor, .explore, .noise: the ranking weights rule them, 0 expected");
    status = check_trust(&c->trust, error);
    if (status) return status;
    if (c->map_size < MAP_MIN || c->map_size > MAP_MAX)
        return pli_fail(error, PLURUM_ARG, "map_size: %llu, allowed are %llu to %llu",
                        (unsigned long long)c->map_size, (unsigned long long)MAP_MIN,
                        (unsigned long long)MAP_MAX);
    return PLURUM_OK;
}

static int is_url(const char *url, size_t len)
{
    int sound = len >= 1 && len <= PLURUM_URL_MAX;
    for (size_t i = 0; sound && i < len; i++) sound = url[i] > 0x20 && url[i] < 0x7F;
    return sound;
}

plurum_status pli_configuration_set_url(pli_configuration *c, const char *url, plurum_error *error)
{
    c->embedder_url[0] = '\0';
    if (!url) return PLURUM_OK;
    size_t len = strnlen(url, sizeof c->embedder_url);
    if (!is_url(url, len))
        return pli_fail(error, PLURUM_ARG, "embedder_url: 1 to %d bytes of printable ASCII expected",
                        PLURUM_URL_MAX);
    plurum_status status = plurum_secrets_check("embedder_url", url, len, error);
    if (!status) memcpy(c->embedder_url, url, len + 1);
    return status;
}

plurum_status pli_configuration_from(pli_configuration *out, const plurum_create_options *options,
                                     plurum_error *error)
{
    plurum_create_options o;
    plurum_create_options_init(&o);
    plurum_status status = pli_options_copy(&o, sizeof o, options, "plurum_create_options", error);
    if (status) return status;
    memset(out, 0, sizeof *out);
    out->fingerprint = (plurum_fingerprint){.name = "caller", .text_template = 1};
    if (o.fingerprint) out->fingerprint = *o.fingerprint;
    out->traits = o.traits ? *o.traits : (plurum_model_traits)PLURUM_MODEL_TRAITS_INIT;
    plurum_trust_config_init(&out->trust);
    status = pli_options_copy(&out->trust, sizeof out->trust, o.trust, "plurum_trust_config", error);
    if (!status) status = pli_configuration_set_url(out, o.embedder_url, error);
    if (status) return status;
    out->newcomer_weights = o.newcomer_weights != 0;
    out->map_size = o.map_size;
    uuid_t identity;
    uuid_generate_random(identity);
    uuid_unparse_lower(identity, out->identity);
    return check(out, error);
}

void pli_configuration_encode(pli_buf *buf, const pli_configuration *c)
{
    const plurum_trust_config *t = &c->trust;
    pli_buf_string(buf, c->identity);
    pli_buf_string(buf, c->fingerprint.name);
    pli_buf_u32(buf, c->fingerprint.dim);
    pli_buf_u32(buf, c->fingerprint.text_template);
    pli_buf_u64(buf, c->fingerprint.checksum);
    const double numbers[] = {c->traits.alpha, c->traits.pivot, c->traits.lean,
                              c->traits.feedback_lean, t->half_life, t->prior, t->base_rate,
                              t->confidence_weight, t->vote_weight, t->vote_cap, t->z,
                              t->quarantine_margin};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) pli_buf_f64(buf, numbers[i]);
    pli_buf_u32(buf, t->quarantine_failures);
    pli_buf_u8(buf, (unsigned)c->newcomer_weights);
    pli_buf_u64(buf, c->map_size);
    if (c->embedder_url[0]) pli_buf_string(buf, c->embedder_url);
}

plurum_status pli_configuration_save(const pli_configuration *c, pli_txn *txn, plurum_error *error)
{
    pli_buf buf = PLI_BUF_INIT;
    pli_configuration_encode(&buf, c);
    plurum_status status = buf.failed ? pli_nomem(error)
                                      : pli_put(txn, PLI_META, KEY, sizeof KEY - 1, buf.bytes,
                                                buf.len, error);
    pli_buf_free(&buf);
    return status;
}

static void read_text(pli_reader *r, char *out, size_t size)
{
    pli_slice slice = pli_slice_read(r);
    if (slice.len >= size) r->failed = 1;
    if (!r->failed) memcpy(out, slice.bytes, slice.len);
}

static void read_url(pli_reader *r, char out[PLURUM_URL_MAX + 1])
{
    pli_slice slice = pli_slice_read(r);
    if (r->failed || !is_url((const char *)slice.bytes, slice.len))
        r->failed = 1;
    else
        memcpy(out, slice.bytes, slice.len);
}

plurum_status pli_configuration_load(pli_configuration *out, pli_txn *txn, plurum_error *error)
{
    pli_slice value;
    plurum_status status = pli_get(&value, txn, PLI_META, KEY, sizeof KEY - 1, error);
    if (status == PLURUM_NOTFOUND)
        return pli_fail(error, PLURUM_CORRUPT, "meta: the configuration is missing");
    return status ? status : pli_configuration_decode(out, value, error);
}

plurum_status pli_configuration_decode(pli_configuration *out, pli_slice value,
                                       plurum_error *error)
{
    memset(out, 0, sizeof *out);
    pli_reader r = pli_reader_of(value.bytes, value.len);
    plurum_trust_config *t = &out->trust;
    plurum_trust_config_init(t);
    read_text(&r, out->identity, sizeof out->identity);
    read_text(&r, out->fingerprint.name, sizeof out->fingerprint.name);
    out->fingerprint.dim = pli_read_u32(&r);
    out->fingerprint.text_template = pli_read_u32(&r);
    out->fingerprint.checksum = pli_read_u64(&r);
    double *const numbers[] = {&out->traits.alpha, &out->traits.pivot, &out->traits.lean,
                               &out->traits.feedback_lean, &t->half_life, &t->prior,
                               &t->base_rate, &t->confidence_weight, &t->vote_weight,
                               &t->vote_cap, &t->z, &t->quarantine_margin};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) *numbers[i] = pli_read_f64(&r);
    t->quarantine_failures = pli_read_u32(&r);
    out->newcomer_weights = (int)pli_read_u8(&r);
    out->map_size = pli_read_u64(&r);
    if (r.at != r.end) read_url(&r, out->embedder_url);
    if (r.failed || r.at != r.end || out->newcomer_weights > 1 || check(out, NULL))
        return pli_fail(error, PLURUM_CORRUPT, "meta: the configuration is malformed");
    return PLURUM_OK;
}

plurum_status pli_fingerprint_match(const plurum_fingerprint *index,
                                    const plurum_fingerprint *given, plurum_error *error)
{
    if (strcmp(index->name, given->name) == 0 && index->dim == given->dim &&
        index->text_template == given->text_template && index->checksum == given->checksum)
        return PLURUM_OK;
    return pli_fail(error, PLURUM_MISMATCH,
                    "the index is of model %s (%lu dimensions, template %lu, checksum %016llx), "
                    "given is %s (%lu, %lu, %016llx)",
                    index->name, (unsigned long)index->dim, (unsigned long)index->text_template,
                    (unsigned long long)index->checksum, given->name, (unsigned long)given->dim,
                    (unsigned long)given->text_template, (unsigned long long)given->checksum);
}

plurum_status pli_fingerprint_allow(const plurum_fingerprint *index, const plurum_fingerprint *named,
                                    plurum_error *error)
{
    if (named) return pli_fingerprint_match(index, named, error);
    if (index->checksum == 0) return PLURUM_OK;
    return pli_fail(error, PLURUM_MISMATCH,
                    "the vector is of no model that is named; the index is of model %s, whose "
                    "vectors no others can be compared with", index->name);
}
