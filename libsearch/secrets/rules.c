/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules of the secrets check, one row each: the kind's name, what it finds, where it is asked
 * and how. A new kind of token is a row of forms; the order is that in which rules are asked.
 *
 * Lengths are a little below those that providers issue, since they change; a body of words or a
 * row of x is a placeholder whatever its length.
 */
#include <config.h>

#include "secrets/secrets.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const pli_form ANTHROPIC[] = {{"sk-ant-", NULL, 12, 0, PLI_FORM_APART}};
static const pli_form OPENAI[] = {{"sk-", NULL, 12, 0, PLI_FORM_APART}};
static const pli_form PLURUM[] = {
    {"plrm_live_", NULL, 6, 0, PLI_FORM_PROOF},
    {"plrm_test_", NULL, 6, 0, PLI_FORM_PROOF},
};

static const pli_form GITHUB[] = {
    {"ghp_", "_", 16, 0, 0}, {"gho_", "_", 16, 0, 0}, {"ghu_", "_", 16, 0, 0},
    {"ghs_", "_", 16, 0, 0}, {"ghr_", "_", 16, 0, 0}, {"github_pat_", "_", 20, 0, 0},
};

static const pli_form GITLAB[] = {
    {"glpat-", "_-.", 16, 0, 0}, {"gldt-", NULL, 16, 0, 0},  {"glrt-", NULL, 16, 0, 0},
    {"glptt-", NULL, 16, 0, 0},  {"glcbt-", NULL, 16, 0, 0}, {"glsoat-", NULL, 16, 0, 0},
    {"glft-", NULL, 16, 0, 0},   {"glagent-", NULL, 16, 0, 0},
};

/* Access keys; the names of users and roles (AIDA…, AROA…) are no secret. */
static const pli_form AWS[] = {
    {"AKIA", NULL, 16, 16, PLI_FORM_UPPER | PLI_FORM_RAW},
    {"ASIA", NULL, 16, 16, PLI_FORM_UPPER | PLI_FORM_RAW},
    {"ABIA", NULL, 16, 16, PLI_FORM_UPPER | PLI_FORM_RAW},
    {"ACCA", NULL, 16, 16, PLI_FORM_UPPER | PLI_FORM_RAW},
};

static const pli_form SLACK[] = {
    {"xoxb-", "-", 10, 0, PLI_FORM_PROOF},      {"xoxa-", "-", 10, 0, PLI_FORM_PROOF},
    {"xoxp-", "-", 10, 0, PLI_FORM_PROOF},      {"xoxr-", "-", 10, 0, PLI_FORM_PROOF},
    {"xoxs-", "-", 10, 0, PLI_FORM_PROOF},      {"xoxo-", "-", 10, 0, PLI_FORM_PROOF},
    {"xoxe-", "-", 10, 0, 0},                   {"xoxe.xox", "-.", 16, 0, 0},
    {"xoxc-", "-", 10, 0, 0},                   {"xoxd-", "-%", 10, 0, 0},
    {"xapp-", "-", 16, 0, 0},                   {"hooks.slack.com/services/", "/", 20, 0, 0},
    {"hooks.slack.com/workflows/", "/", 20, 0, 0},
};

static const pli_form GOOGLE[] = {
    {"AIza", NULL, 30, 0, 0}, {"GOCSPX-", NULL, 20, 0, 0}, {"ya29.", NULL, 20, 0, 0},
};

static const pli_form REGISTRIES[] = {
    {"npm_", "", 30, 0, 0},          {"pypi-", NULL, 32, 0, 0},
    {"rubygems_", "", 40, 0, 0},     {"dckr_pat_", NULL, 20, 0, 0},
    {"dckr_oat_", NULL, 20, 0, 0},   {"cio", "", 32, 32, 0},
    {"hf_", "", 30, 0, 0},           {"api_org_", "", 30, 0, 0},
};

static const pli_form PAYMENTS[] = {
    {"sk_live_", "", 16, 0, 0}, {"rk_live_", "", 16, 0, 0}, {"sk_test_", "", 16, 0, 0},
    {"rk_test_", "", 16, 0, 0}, {"whsec_", "+/=", 24, 0, 0}, {"sq0atp-", NULL, 20, 0, 0},
    {"sq0csp-", NULL, 20, 0, 0}, {"shpat_", "", 32, 0, 0},  {"shpss_", "", 32, 0, 0},
    {"shpca_", "", 32, 0, 0},   {"shppa_", "", 32, 0, 0},
};

static const pli_form SERVICES[] = {
    {"SG.", "_-.", 40, 0, PLI_FORM_APART},     {"dop_v1_", NULL, 40, 0, 0},
    {"doo_v1_", NULL, 40, 0, 0},               {"dor_v1_", NULL, 40, 0, 0},
    {"hvs.", NULL, 24, 0, 0},                  {"hvb.", NULL, 24, 0, 0},
    {"gsk_", "", 40, 0, 0},                    {"xai-", NULL, 40, 0, PLI_FORM_APART},
    {"r8_", "", 30, 0, PLI_FORM_APART},        {"pplx-", NULL, 40, 0, 0},
    {"nvapi-", NULL, 40, 0, 0},                {"sbp_", "", 40, 0, 0},
    {"sb_secret_", NULL, 20, 0, 0},            {"PMAK-", "-", 40, 0, 0},
    {"NRAK-", NULL, 20, 0, 0},                 {"glsa_", NULL, 32, 0, 0},
    {"glc_", "+/=", 32, 0, 0},                 {"tskey-", NULL, 20, 0, 0},
    {"dp.pt.", NULL, 32, 0, 0},                {"dp.st.", "_-.", 32, 0, 0},
    {"lin_api_", "", 32, 0, 0},                {"ntn_", "", 32, 0, 0},
    {"figd_", NULL, 32, 0, 0},                 {"ATATT3", "_-=", 40, 0, 0},
    {"ATCTT3", "_-=", 40, 0, 0},               {"sntrys_", "_-+/=", 32, 0, 0},
    {"sntryu_", "_-+/=", 32, 0, 0},            {"phx_", NULL, 32, 0, 0},
    {"dapi", "", 32, 32, PLI_FORM_HEX | PLI_FORM_APART},
    {"SK", "", 32, 32, PLI_FORM_HEX | PLI_FORM_APART},
    {"sk.eyJ", "_-.", 30, 0, 0},               {"AGE-SECRET-KEY-1", "", 50, 0, 0},
    {"EAACEdEose0cBA", "", 20, 0, 0},          {"pat-na1-", NULL, 30, 0, 0},
    {"pat-eu1-", NULL, 30, 0, 0},              {"fo1_", NULL, 32, 0, 0},
    {"vercel_", "", 20, 0, 0},                 {"discord.com/api/webhooks/", "/_-", 60, 0, 0},
    {"discordapp.com/api/webhooks/", "/_-", 60, 0, 0},
};

#define FORMS(forms) pli_match_form, forms, COUNT(forms), 0
#define SHAPE(match) match, NULL, 0, 0
#define NAMES(classes) pli_match_assignment, NULL, 0, classes

enum {
    PASSWORDS = 1 << PLI_NAME_PASSWORD | 1 << PLI_NAME_PASS,
    TOKENS = 1 << PLI_NAME_SECRET | 1 << PLI_NAME_TOKEN | 1 << PLI_NAME_AUTH
};

const pli_rule pli_rules[] = {
    {"private-key", "the header line of a private key: PEM of every kind, OpenSSH, PGP, PuTTY",
     PLI_AT_WORD, SHAPE(pli_match_private_key)},
    {"plurum-key", "API keys of this service: plrm_live_…", PLI_AT_TOKEN, FORMS(PLURUM)},
    {"anthropic-key", "API keys of Anthropic: sk-ant-…", PLI_AT_TOKEN, FORMS(ANTHROPIC)},
    {"openai-key", "API keys of OpenAI and of services that copy their form: sk-…, sk-proj-…",
     PLI_AT_TOKEN, FORMS(OPENAI)},
    {"github-token", "GitHub tokens: ghp_, gho_, ghu_, ghs_, ghr_, github_pat_", PLI_AT_TOKEN,
     FORMS(GITHUB)},
    {"gitlab-token", "GitLab tokens: glpat-, gldt-, glrt- and their kin", PLI_AT_TOKEN,
     FORMS(GITLAB)},
    {"aws-access-key", "access keys of AWS, the documentation's sample included: AKIA…, ASIA…",
     PLI_AT_TOKEN, FORMS(AWS)},
    {"slack-token", "Slack tokens and web hooks: xoxb-, xoxp-, xapp-, hooks.slack.com/services/…",
     PLI_AT_TOKEN, FORMS(SLACK)},
    {"google-key", "keys, client secrets and tokens of Google: AIza…, GOCSPX-…, ya29.…",
     PLI_AT_TOKEN, FORMS(GOOGLE)},
    {"registry-token", "tokens of package and model registries: npm_, pypi-, rubygems_, hf_ …",
     PLI_AT_TOKEN, FORMS(REGISTRIES)},
    {"payment-key", "secret keys of payment services and shops: sk_live_, rk_live_, whsec_, shpat_",
     PLI_AT_TOKEN, FORMS(PAYMENTS)},
    {"service-key", "keys of other services with a prefix of their own: SG., dop_v1_, hvs. …",
     PLI_AT_TOKEN, FORMS(SERVICES)},
    {"jwt", "JSON web tokens: eyJ….eyJ….…", PLI_AT_TOKEN, SHAPE(pli_match_jwt)},
    {"bearer-token", "Bearer and a token behind it", PLI_AT_WORD, SHAPE(pli_match_bearer)},
    {"basic-credentials", "Basic and base64 of user:password behind it", PLI_AT_WORD,
     SHAPE(pli_match_basic)},
    {"connection-string", "a URL of any scheme with a password: postgresql://user:…@host",
     PLI_AT_URL, SHAPE(pli_match_url)},
    {"command-line", "a password in a command line: --password …, mysql -p…, curl -u user:…",
     PLI_AT_WORD, SHAPE(pli_match_command)},
    {"statement", "a password in SQL, a macro or .netrc: IDENTIFIED BY '…'", PLI_AT_WORD,
     SHAPE(pli_match_statement)},
    {"password", "a value assigned to the name of a password: password=…, \"db_pass\": \"…\"",
     PLI_AT_NAME, NAMES(PASSWORDS)},
    {"secret", "a value assigned to the name of a token or secret: api_key=…, client_secret: …",
     PLI_AT_NAME, NAMES(TOKENS)},
};

const size_t pli_rule_count = COUNT(pli_rules);
