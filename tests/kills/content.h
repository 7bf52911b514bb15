/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Documents made from numbers, and the comparison of what the index gives back with them. Even
 * slots hold plain documents, odd ones experiences.
 */
#ifndef KILLS_CONTENT_H
#define KILLS_CONTENT_H

#include <jansson.h>

#include <plurum/write.h>

#include "tests/kills/world.h"

enum { DIM = 16, KEY_SIZE = 40, AGENT_SIZE = 24, WORD_SIZE = 12, BODY_SIZE = 1200 };

const char *content_key(char out[KEY_SIZE], int thread, int slot);
/* The slot that a key names: 0, or -1 when it is nobody's. */
int content_slot_of(const char *key, int *thread, int *slot);

const char *content_agent(char out[AGENT_SIZE], int thread, int agent);
/* The agent that owns a slot, by number. */
int content_owner(int slot);
int content_agent_of(const char *name, int *thread, int *agent);

/* A word that no other content has. */
const char *content_word(char out[WORD_SIZE], uint32_t made);
plurum_lifecycle content_lifecycle(uint32_t made);
void content_vector(float out[DIM], uint32_t made);
int content_has_vector(uint32_t made);

/* An outcome's parts. */
int64_t content_outcome_at(uint32_t outcome);
const char *content_outcome_note(char out[WORD_SIZE], uint32_t outcome);

/* Adds a put to a batch. */
plurum_status content_put(plurum_batch *batch, int thread, int slot, uint32_t made,
                          plurum_conflict conflict, plurum_error *error);

/* What differs between a document's JSON and the one it was made as, or NULL. */
const char *content_differs(const json_t *json, int thread, int slot, uint32_t made,
                            uint32_t lifecycle);

#endif
