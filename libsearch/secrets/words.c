/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words: what letters and digits between two separators are.
 *
 * The lists are short on purpose. They need not know the language, only what stands beside the
 * names of passwords without being one: what documentation, configuration and code put there.
 */
#include <config.h>

#include "secrets/secrets.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum {
    WORD_MAX = 20, /* letters of a word; longer rows are drawn, or typed without spaces     */
    LIST_MAX = 48, /* letters of a word that is looked up                                   */
    RUNS_MAX = 4   /* runs of letters and of digits that are told apart                     */
};

/*
 * What stands beside the names of passwords without being one, in documentation, configuration and
 * code; sorted. S: small words. O: what secrets belong to. N: names of secrets and of what holds
 * them. D: one of these says that there is no value, whatever stands beside it.
 */
enum { S = PLI_WORD_SMALL, O = PLI_WORD_OWNS, N = PLI_WORD_NAMES, D = PLI_WORD_DENIES };
static const struct listed_word {
    const char word[12];
    unsigned char kind;
} WORDS[] = {
    {"a", S}, {"abc", N}, {"accepted", S}, {"access", O}, {"account", O}, {"actual", O},
    {"admin", O}, {"always", S}, {"an", S}, {"and", S}, {"any", S}, {"api", O}, {"apikey", N},
    {"app", O}, {"are", S}, {"arg", N}, {"args", N}, {"argv", N}, {"array", S}, {"ask", S},
    {"async", D}, {"at", S}, {"auth", N}, {"await", D}, {"bar", D}, {"baz", D}, {"be", S},
    {"bearer", O}, {"bind", O}, {"blank", S}, {"bool", D}, {"boolean", D}, {"bot", O}, {"by", S},
    {"bytes", D}, {"censored", D}, {"cfg", N}, {"change", D}, {"changeit", D}, {"changeme", D},
    {"char", S}, {"characters", S}, {"chars", S}, {"client", O}, {"conf", N}, {"config", N},
    {"contrasena", N}, {"cred", N}, {"credential", N}, {"credentials", N}, {"creds", N},
    {"database", O}, {"db", O}, {"default", D}, {"demo", O}, {"denied", S}, {"deprecated", D},
    {"digest", N}, {"disabled", D}, {"dummy", D}, {"dynamic", S}, {"elided", D}, {"else", S},
    {"email", O}, {"empty", S}, {"enabled", D}, {"encoded", N}, {"encrypted", D}, {"enter", D},
    {"env", N}, {"example", D}, {"expired", S}, {"failed", S}, {"fake", D}, {"false", S},
    {"field", S}, {"file", S}, {"fixme", D}, {"foo", D}, {"foobar", D}, {"for", S}, {"from", S},
    {"function", D}, {"fuzz", D}, {"generated", D}, {"getpass", N}, {"goes", O}, {"hash", N},
    {"hashed", D}, {"here", D}, {"hidden", D}, {"if", S}, {"ignored", S}, {"in", S},
    {"incorrect", D}, {"input", N}, {"insert", D}, {"int", S}, {"integer", D}, {"invalid", D},
    {"is", S}, {"jwt", N}, {"kennwort", N}, {"key", N}, {"keys", N}, {"lambda", D}, {"ldap", O},
    {"least", S}, {"list", S}, {"login", N}, {"masked", D}, {"master", O}, {"max", S}, {"me", O},
    {"min", S}, {"missing", D}, {"must", D}, {"my", O}, {"mysql", O}, {"n", S}, {"name", S},
    {"never", S}, {"new", S}, {"nil", D}, {"no", S}, {"none", D}, {"not", S}, {"null", D},
    {"number", S}, {"object", D}, {"of", S}, {"off", S}, {"old", S}, {"omitted", D}, {"on", S},
    {"once", S}, {"only", S}, {"option", N}, {"optional", D}, {"options", N}, {"opts", N},
    {"or", S}, {"our", O}, {"output", N}, {"param", N}, {"params", N}, {"pass", N},
    {"passcode", N}, {"passphrase", N}, {"passwd", N}, {"password", N}, {"passwords", N},
    {"passwort", N}, {"path", S}, {"pg", O}, {"phrase", S}, {"placeholder", D}, {"plain", S},
    {"plaintext", D}, {"postgres", O}, {"private", O}, {"prompt", N}, {"psw", N}, {"pswd", N},
    {"public", O}, {"put", O}, {"pw", N}, {"pwd", N}, {"random", S}, {"real", O}, {"redacted", D},
    {"redis", O}, {"refresh", O}, {"rejected", S}, {"removed", D}, {"replace", D},
    {"replaceme", D}, {"required", D}, {"reset", S}, {"return", S}, {"root", O}, {"rotated", S},
    {"s", S}, {"same", S}, {"sample", D}, {"secret", N}, {"secrets", N}, {"self", S},
    {"senha", N}, {"server", O}, {"service", O}, {"session", O}, {"set", O}, {"settings", N},
    {"signing", O}, {"smtp", O}, {"snip", D}, {"some", S}, {"static", S}, {"stdin", N},
    {"store", O}, {"str", D}, {"string", D}, {"tbd", D}, {"text", S}, {"the", S}, {"this", S},
    {"to", S}, {"todo", D}, {"token", N}, {"tokens", N}, {"true", S}, {"unchanged", S},
    {"undefined", D}, {"unknown", D}, {"unset", D}, {"use", O}, {"user", N}, {"username", N},
    {"val", N}, {"valid", S}, {"value", N}, {"var", N}, {"varchar", D}, {"variable", N},
    {"vault", O}, {"wachtwoord", N}, {"webhook", O}, {"with", S}, {"without", S}, {"word", S},
    {"wrong", S}, {"xx", D}, {"xxx", D}, {"xyz", N}, {"yes", S}, {"your", D},
};

/* Methods, formats and algorithms whose names mix letters and digits. */
static const char *const TECHNICAL[] = {
    "md5", "sha1", "sha2", "sha3", "sha224", "sha256", "sha384", "sha512", "blake2", "blake2b",
    "blake3", "pbkdf2", "argon2", "argon2i", "argon2d", "argon2id", "base16", "base32", "base58",
    "base62", "base64", "base64url", "utf8", "utf16", "utf32", "utf8mb4", "latin1", "oauth1",
    "oauth2", "auth0", "saml2", "ldap3", "krb5", "ntlmv1", "ntlmv2", "pkcs1", "pkcs5", "pkcs7",
    "pkcs8", "pkcs11", "pkcs12", "x509", "ed25519", "secp256k1", "rsa2048", "rsa4096", "aes128",
    "aes192", "aes256", "hs256", "hs384", "hs512", "rs256", "rs384", "rs512", "es256", "es384",
    "es512", "ps256", "chacha20", "poly1305", "sha256sum", "sha512sum", "md5sum", "sha512crypt",
    "md5crypt", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
    "float32", "float64", "bytes32", "varchar255", "char36", "uuid4", "uuidv4", "uuid7", "ipv4",
    "ipv6", "win32", "amd64", "arm64", "gpt2", "gpt3", "gpt4", "k8s", "i18n", "l10n", "2fa",
    "http2", "http3", "tls12", "tls13", "bcrypt2",
};

/* ---- shape ---------------------------------------------------------------------------------- */

typedef struct runs {
    size_t count, start[RUNS_MAX + 1];
    size_t digits, changes;
    int foreign; /* bytes beyond ASCII: words of another script */
} runs;

static runs runs_of(const unsigned char *at, size_t len)
{
    runs r = {0};
    int before = -1;
    for (size_t i = 0; i < len; i++) {
        int digit = pli_is_digit(at[i]);
        r.digits += (size_t)digit;
        r.foreign |= at[i] >= 0x80;
        r.changes += before >= 0 && digit != before;
        if (digit != before && r.count <= RUNS_MAX) r.start[r.count++] = i;
        before = digit;
    }
    return r;
}

/*
 * Letters whose case changes only where a word begins: word, Word, WORD, someWord, HTTPServer; with
 * vowels here and there, and neither abcde nor aaaa.
 */
static int is_cased_word(const unsigned char *at, size_t len)
{
    size_t words = 1, consonants = 0, word = 0, rising = 1, same = 1;
    for (size_t i = 0; i < len; i++) {
        int upper = pli_is_upper(at[i]);
        consonants = strchr("aeiouyAEIOUY", at[i]) ? 0 : consonants + 1;
        rising = i > 0 && at[i] == at[i - 1] + 1 ? rising + 1 : 1;
        same = i > 0 && at[i] == at[i - 1] ? same + 1 : 1;
        int lower_next = i + 1 < len && pli_is_lower(at[i + 1]);
        word++;
        if (i > 0 && upper && (pli_is_lower(at[i - 1]) || lower_next)) {
            words++;
            word = 1;
        }
        if (consonants > 6 || word > WORD_MAX || rising > 4 || same > 3) return 0;
    }
    return words == 1 || (words == 2 && len >= 6) || words * 7 <= len * 2;
}

/* A word, a number of up to six digits, or a name as v2, 24h, node18, k8s, oauth2client. */
static int is_word(const unsigned char *at, size_t len, const runs *r)
{
    if (r->foreign) return 1;
    int digit = pli_is_digit(at[0]);
    size_t a = r->count > 1 ? r->start[1] : len;
    size_t b = r->count > 2 ? r->start[2] - a : len - a, c = len - a - b;
    switch (r->count) {
    case 1: return digit ? len <= 6 : is_cased_word(at, len);
    case 2:
        if (digit) return a <= 4 && b <= 10 && is_cased_word(at + a, b);
        return b <= 4 && is_cased_word(at, a);
    case 3:
        if (digit) return len <= 4;
        return len <= 4 || (a >= 3 && b <= 2 && c >= 3 && is_cased_word(at, a) &&
                            is_cased_word(at + a + b, c));
    default: return 0;
    }
}

/* ---- lists ---------------------------------------------------------------------------------- */

/* sha256; Sha256Hasher, Ed25519PrivateKey: a technical name and a word. */
static int is_technical(const unsigned char *at, size_t len, const char *lower)
{
    for (size_t i = 0; i < COUNT(TECHNICAL); i++) {
        size_t n = strlen(TECHNICAL[i]);
        if (n > len || memcmp(lower, TECHNICAL[i], n) != 0) continue;
        if (n == len) return 1;
        if (n + 2 < len && !pli_is_digit(at[n]) && runs_of(at + n, len - n).count == 1 &&
            is_cased_word(at + n, len - n))
            return 1;
    }
    return 0;
}

static pli_word_kind listed(const char *word, size_t len)
{
    size_t low = 0, high = COUNT(WORDS);
    if (len >= sizeof WORDS->word) return PLI_WORD_PLAIN;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strncmp(WORDS[middle].word, word, len);
        if (order == 0) order = WORDS[middle].word[len] != '\0';
        if (order == 0) return (pli_word_kind)WORDS[middle].kind;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return PLI_WORD_PLAIN;
}

/*
 * Words typed without spaces: mysecretpassword, dbpass, thisisnotarealtoken. Reaches every place
 * that whole words lead to; the strongest word on the way counts, and must name a secret.
 */
static pli_word_kind listed_parts(const char *word, size_t len)
{
    unsigned char best[LIST_MAX + 1] = {0}; /* 1 + kind by which a place is reached */
    pli_word_kind whole = listed(word, len);
    if (whole != PLI_WORD_PLAIN) return whole;
    best[0] = 1 + PLI_WORD_PLAIN;
    for (size_t from = 0; from < len; from++) {
        if (!best[from]) continue;
        for (size_t n = 1; from + n <= len && n < sizeof WORDS->word; n++) {
            pli_word_kind kind = listed(word + from, n);
            if (kind == PLI_WORD_PLAIN) continue;
            unsigned char reached = (unsigned char)(1 + kind);
            if (reached < best[from]) reached = best[from];
            if (reached > best[from + n]) best[from + n] = reached;
        }
    }
    return best[len] > PLI_WORD_NAMES ? (pli_word_kind)(best[len] - 1) : PLI_WORD_PLAIN;
}

/* challengePassword: the last of its words names a secret. */
static int ends_in_name(const unsigned char *at, const char *lower, size_t len)
{
    size_t last = len;
    while (last > 0 && pli_is_lower(at[last - 1])) last--;
    return last > 1 && pli_is_lower(at[last - 2]) &&
           listed(lower + last - 1, len - last + 1) == PLI_WORD_NAMES;
}

static pli_word_kind kind_of(const unsigned char *at, size_t len, const runs *r)
{
    char lower[LIST_MAX + 1];
    if (len > LIST_MAX) return PLI_WORD_PLAIN;
    for (size_t i = 0; i < len; i++) lower[i] = (char)(pli_is_upper(at[i]) ? at[i] + 32 : at[i]);
    if (r->count > 1 && is_technical(at, len, lower)) return PLI_WORD_TECHNICAL;
    /* secret1 is no more than secret */
    size_t letters = r->count == 2 && r->start[1] + 1 == len ? len - 1 : len;
    if (pli_is_digit(at[0]) || r->digits != len - letters) return PLI_WORD_PLAIN;
    return ends_in_name(at, lower, letters) ? PLI_WORD_NAMES : listed_parts(lower, letters);
}

pli_word pli_word_judge(const unsigned char *at, size_t len)
{
    runs r = runs_of(at, len);
    pli_word_kind kind = kind_of(at, len, &r);
    if (kind == PLI_WORD_PLAIN && !is_word(at, len, &r)) kind = PLI_WORD_DRAWN;
    return (pli_word){kind, (unsigned)r.digits, (unsigned)r.changes};
}

int pli_word_drawn(const unsigned char *at, size_t len, int *blended)
{
    runs r = runs_of(at, len);
    int word = is_word(at, len, &r);
    pli_word_kind kind = word && r.count == 1 ? PLI_WORD_PLAIN : kind_of(at, len, &r);
    *blended = r.count > 1 && kind != PLI_WORD_TECHNICAL;
    return !word && kind == PLI_WORD_PLAIN;
}
