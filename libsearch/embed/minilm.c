/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The forward pass. Rows of several texts go through the matrices together, end to end and without
 * padding, so that weights are read once for all of them; attention sees each text alone.
 */
#include <config.h>

#include "embed/minilm.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

plurum_status pli_minilm_open(pli_minilm **out, const void *bytes, size_t len, unsigned flags,
                              const pli_kernels *kernels, plurum_error *error)
{
    *out = NULL;
    pli_minilm *model = pli_calloc(1, sizeof *model);
    if (!model) return pli_nomem(error);
    model->kernels = kernels;
    plurum_status status = pli_pltm_read(&model->pltm, bytes, len, flags, error);
    if (!status)
        status = pli_wordpiece_new(&model->wordpiece, &model->pltm.vocabulary, model->pltm.unknown,
                                   error);
    if (status) {
        pli_minilm_free(model);
        return status;
    }
    *out = model;
    return PLURUM_OK;
}

void pli_minilm_free(pli_minilm *model)
{
    if (!model) return;
    pli_wordpiece_free(&model->wordpiece);
    pli_pltm_free(&model->pltm);
    pli_free(model);
}

size_t pli_minilm_ids(const pli_minilm *model, const void *text, size_t len, uint32_t *out)
{
    uint32_t ids[PLI_WORDPIECE_IDS];
    pli_wordpiece_run run;
    size_t most = model->pltm.places - 1, count = 1; /* [SEP] needs the last place */
    pli_wordpiece_start(&run, &model->wordpiece, text, len);
    for (size_t n; count < most && (n = pli_wordpiece_next(&run, ids)) > 0; count += n) {
        if (n > most - count) n = most - count;
        memcpy(out + count, ids, n * sizeof *ids);
    }
    if (count == 1) return 0;
    out[0] = model->pltm.first;
    out[count] = model->pltm.last;
    return count + 1;
}

/* ---- memory of a call ------------------------------------------------------------------------ */

/* The rows of some texts on their way through the layers. */
typedef struct pack {
    const pli_minilm *model;
    size_t room, rows;    /* tokens that fit, and that there are           */
    uint32_t *ids, *next; /* of the rows, and of a text that may join   */
    float *x;             /* rows × hidden: what goes from layer to layer  */
    float *wide;          /* rows × the larger of 3 · hidden and inner     */
    float *mixed;         /* rows × hidden                                 */
    float *turned;        /* a row, as wide as any: see quantise           */
    void *level;          /* rows × the larger of hidden and inner         */
    pli_levels *levels;
    float *scratch; /* of attention                                  */
    void *memory;   /* all of these; owned                           */
} pack;

/* Takes a part of the memory, or only counts it where there is none yet; parts begin a line. */
static void *part(unsigned char *memory, size_t *used, size_t count, size_t size)
{
    size_t at = *used;
    *used += (count * size + 63) & ~(size_t)63;
    return memory ? memory + at : NULL;
}

/* The sizes of a model are bounded (pltm.c), so none of these products overflows. */
static size_t divide(pack *p, unsigned char *memory)
{
    const pli_pltm *pltm = &p->model->pltm;
    size_t hidden = pltm->hidden, inner = pltm->inner, used = 0;
    size_t widest = inner > hidden ? inner : hidden;
    p->ids = part(memory, &used, p->room, sizeof *p->ids);
    p->next = part(memory, &used, pltm->places, sizeof *p->next);
    p->x = part(memory, &used, p->room * hidden, sizeof *p->x);
    p->wide =
        part(memory, &used, p->room * (inner > 3 * hidden ? inner : 3 * hidden), sizeof *p->wide);
    p->mixed = part(memory, &used, p->room * hidden, sizeof *p->mixed);
    p->turned = part(memory, &used, widest, sizeof *p->turned);
    p->level = part(memory, &used, p->room * widest, p->model->kernels->level_size);
    p->levels = part(memory, &used, p->room, sizeof *p->levels);
    p->scratch = part(memory, &used, PLI_ATTENTION_SCRATCH(p->room, hidden / pltm->heads),
                      sizeof *p->scratch);
    return used;
}

static plurum_status pack_new(pack *p, const pli_minilm *model, size_t room, plurum_error *error)
{
    memset(p, 0, sizeof *p);
    p->model = model;
    p->room = room;
    p->memory = pli_malloc(divide(p, NULL) + 63);
    if (!p->memory) return pli_nomem(error);
    divide(p, (unsigned char *)(((uintptr_t)p->memory + 63) & ~(uintptr_t)63));
    return PLURUM_OK;
}

/* ---- layers ---------------------------------------------------------------------------------- */

/* out = linear(x) for all rows; with gelu it is of GELU(x), which replaces x. */
static void apply(pack *p, const pli_linear *linear, float *x, int gelu, float *out)
{
    const pli_kernels *kernels = p->model->kernels;
    size_t in = linear->in;
    for (size_t row = 0; row < p->rows; row++) {
        if (gelu) kernels->gelu(x + row * in, in);
        kernels->quantise((unsigned char *)p->level + row * in * kernels->level_size,
                          &p->levels[row], x + row * in, linear->smooth, in, p->turned);
    }
    kernels->multiply(linear, p->level, p->levels, p->rows, out);
}

static void add_norm(pack *p, const float *y, const float *norm)
{
    const pli_pltm *pltm = &p->model->pltm;
    size_t n = pltm->hidden;
    for (size_t row = 0; row < p->rows; row++)
        p->model->kernels->add_norm(p->x + row * n, y + row * n, norm, pltm->epsilon, n);
}

/* Texts end at ends[0 .. count), counted in rows. */
static void run_layer(pack *p, const pli_pltm_layer *layer, const size_t *ends, size_t count)
{
    const pli_pltm *pltm = &p->model->pltm;
    size_t hidden = pltm->hidden, begin = 0;
    apply(p, &layer->qkv, p->x, 0, p->wide);
    for (size_t i = 0; i < count; begin = ends[i++]) {
        const pli_attention attention = {ends[i] - begin, pltm->heads, hidden / pltm->heads,
                                         p->scratch};
        p->model->kernels->attend(&attention, p->wide + begin * 3 * hidden,
                                  p->mixed + begin * hidden);
    }
    apply(p, &layer->out, p->mixed, 0, p->wide);
    add_norm(p, p->wide, layer->norm1);
    apply(p, &layer->up, p->x, 0, p->wide);
    apply(p, &layer->down, p->wide, 1, p->mixed);
    add_norm(p, p->mixed, layer->norm2);
}

/* The first rows: of each token its word's and its place's. */
static void look_up(pack *p, const size_t *ends, size_t count)
{
    const pli_pltm *pltm = &p->model->pltm;
    size_t hidden = pltm->hidden, row = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t place = 0; row < ends[i]; row++, place++) {
            uint32_t id = p->ids[row];
            float *x = p->x + row * hidden;
            p->model->kernels->scale_bytes(x, pltm->words + id * hidden, pltm->word_scales[id],
                                           hidden);
            p->model->kernels->add_norm(x, pltm->place_rows + place * hidden, pltm->norm,
                                        pltm->epsilon, hidden);
        }
}

/* ---- texts ----------------------------------------------------------------------------------- */

/* Encodes the texts of a pack, each into its row of out. */
static void run(pack *p, const size_t *ends, size_t count, float *const *out)
{
    const pli_pltm *pltm = &p->model->pltm;
    look_up(p, ends, count);
    for (size_t i = 0; i < pltm->layer_count; i++) run_layer(p, &pltm->layers[i], ends, count);
    for (size_t i = 0, row = 0; i < count; i++)
        for (; row < ends[i]; row++)
            p->model->kernels->add(out[i], p->x + row * pltm->hidden, pltm->hidden);
    p->rows = 0;
}

/*
 * Rows and texts of a pack. More rows would share one reading of the weights, but 128 rows of 14
 * kilobytes each are what fits beside them in a core's own cache.
 */
enum { ROWS = 128, TEXTS = 64 };

/* Rows that the texts need: no more than a pack has, but the longest text must fit in. */
static size_t room_for(const pli_minilm *model, const char *const *texts, size_t count)
{
    size_t places = model->pltm.places, rows = 0;
    for (size_t i = 0; i < count && rows < ROWS; i++) {
        size_t most = strlen(texts[i]) * model->pltm.vocabulary.growth;
        rows += most < places - 2 ? most + 2 : places;
    }
    if (rows < ROWS) return rows;
    return ROWS > places ? ROWS : places;
}

plurum_status pli_minilm_encode(const pli_minilm *model, const char *const *texts, size_t count,
                                float *out, plurum_error *error)
{
    size_t hidden = model->pltm.hidden, ends[TEXTS], packed = 0;
    float *rows[TEXTS];
    pack p;
    plurum_status status = pack_new(&p, model, room_for(model, texts, count), error);
    if (status) return status;
    memset(out, 0, count * hidden * sizeof *out);
    for (size_t i = 0; i < count; i++) {
        size_t tokens = pli_minilm_ids(model, texts[i], strlen(texts[i]), p.next);
        if (tokens == 0) continue;
        if (packed == TEXTS || (packed > 0 && p.rows + tokens > ROWS)) {
            run(&p, ends, packed, rows);
            packed = 0;
        }
        memcpy(p.ids + p.rows, p.next, tokens * sizeof *p.ids);
        rows[packed] = out + i * hidden;
        ends[packed++] = p.rows += tokens;
    }
    if (packed) run(&p, ends, packed, rows);
    pli_free(p.memory);
    return PLURUM_OK;
}

/* ---- as a kind of model ---------------------------------------------------------------------- */

/* Not the file's name: a renamed file is the same model. */
static const char MODEL_NAME[] = "minilm-l6-v2";

/*
 * alpha: best weight of this model in a min-max hybrid with BM25 on judged collections, each chosen
 * with that collection left out.
 *
 * pivot: where the relevant hits below and the random pairs above are fewest together, all six
 * collections at hand taken equally: .33 among the candidates, .36 among the ten best. Each alone
 * (candidates): tldr .225, cacm .31, scifact .33, stackfaq .365, cranfield .395, nl2bash .54.
 *
 * lean: those of docs/decisions/0006.
 */
static const plurum_model_traits MODEL_TRAITS = {
    .alpha = .5, .pivot = .345, .lean = 1, .feedback_lean = 1};

static plurum_status open_kind(void **out, const pli_model_map *map, plurum_error *error)
{
    pli_minilm *model;
    plurum_status status =
        pli_minilm_open(&model, map->bytes, map->len, 0, pli_kernels_best(), error);
    *out = model;
    return status;
}

static void free_kind(void *model)
{
    pli_minilm_free(model);
}

static void describe(plurum_fingerprint *out, const void *payload)
{
    const pli_pltm *pltm = &((const pli_minilm *)payload)->pltm;
    out->dim = pltm->hidden;
    pli_model_identify(out, MODEL_NAME, pltm->crc, pltm->size);
}

static plurum_status embed(void *payload, const char *const *texts, size_t count, float *out,
                           plurum_error *error)
{
    return pli_minilm_encode(payload, texts, count, out, error);
}

const pli_model_kind pli_minilm_kind = {"PLTM", &MODEL_TRAITS, open_kind, free_kind, describe, embed};
