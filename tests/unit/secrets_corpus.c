/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading the corpus of secrets.
 *
 * Secrets are stored with "(+)" strewn in, so that nothing that scans a repository takes them for
 * real ones; ⏎ stands for a line's end in both files.
 */
#include <config.h>

#include "secrets_corpus.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Replaces every `what` in place; `with` is not longer. */
static void replace(char *text, const char *what, const char *with)
{
    size_t cut = strlen(what), put = strlen(with);
    char *to = text;
    while (*text) {
        if (strncmp(text, what, cut) == 0) {
            memcpy(to, with, put);
            to += put;
            text += cut;
        } else {
            *to++ = *text++;
        }
    }
    *to = '\0';
}

static void take(corpus *c, char *line, int with_kind)
{
    char *tab = with_kind ? strchr(line, '\t') : NULL;
    ck_assert_msg(!with_kind || tab, "no kind: %s", line);
    if (tab) *tab++ = '\0';
    char *text = tab ? tab : line;
    replace(text, "(+)", "");
    replace(text, "⏎", "\n");
    c->texts = realloc(c->texts, (c->count + 1) * sizeof *c->texts);
    corpus_text *t = &c->texts[c->count++];
    t->kind = tab ? strdup(line) : NULL;
    t->text = strdup(text);
    t->len = strlen(text);
}

corpus corpus_read(const char *file)
{
    corpus c = {NULL, 0};
    char path[4096], *line = NULL;
    size_t cap = 0;
    ssize_t len;
    snprintf(path, sizeof path, "%s/secrets/%s", TEST_DATA, file);
    FILE *stream = fopen(path, "r");
    ck_assert_msg(stream != NULL, "%s cannot be read", path);
    while ((len = getline(&line, &cap, stream)) > 0) {
        if (line[len - 1] == '\n') line[len - 1] = '\0';
        if (strncmp(line, "# ", 2) != 0) take(&c, line, strcmp(file, "secret.txt") == 0);
    }
    free(line);
    fclose(stream);
    return c;
}

void corpus_free(corpus *c)
{
    for (size_t i = 0; i < c->count; i++) {
        free(c->texts[i].kind);
        free(c->texts[i].text);
    }
    free(c->texts);
}

char *corpus_embed(const char *before, const corpus_text *text, const char *behind)
{
    size_t size = strlen(before) + text->len + strlen(behind) + 1;
    char *out = malloc(size);
    snprintf(out, size, "%s%s%s", before, text->text, behind);
    return out;
}
