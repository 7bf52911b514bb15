/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every macro of the public headers in use, in what is both C99 and C++11. It is compiled, not run.
 */
#include <plurum/plurum.h>

#define STATUS_NAME(name, value, sentence) sentence,
static const char *const sentences[] = {PLURUM_STATUS_TABLE(STATUS_NAME)};
#undef STATUS_NAME

static const int sizes[] = {
    PLURUM_TEXT_FIELD_COUNT, PLURUM_LIFECYCLE_COUNT, PLURUM_VISIBILITY_COUNT, PLURUM_KEY_MAX,
    PLURUM_AGENT_MAX, PLURUM_LABEL_MAX, PLURUM_TEXT_MAX, PLURUM_FIELD_MAX, PLURUM_LIST_MAX,
    PLURUM_MODEL_NAME_MAX, PLURUM_DIM_MAX, PLURUM_EXPERIENCE_MAX, PLURUM_SHORT_ID_LEN,
    PLURUM_UUID_LEN, PLURUM_QUERY_MAX, PLURUM_LIMIT_MAX, PLURUM_ERROR_TEXT_SIZE,
    PLURUM_FORMAT_NUMBER,
};

#if PLURUM_VERSION_NUMBER < 100 || PLURUM_VERSION_MAJOR < 0
#error "a version before the first"
#endif

int use_everything(plurum_index *index);

int use_everything(plurum_index *index)
{
    plurum_document document = PLURUM_DOCUMENT_INIT;
    plurum_experience_options reading = PLURUM_EXPERIENCE_OPTIONS_INIT;
    plurum_open_options opening = PLURUM_OPEN_OPTIONS_INIT;
    plurum_outcome outcome = PLURUM_OUTCOME_INIT;
    plurum_viewer viewer = PLURUM_VIEWER_INIT;
    plurum_filter filter = PLURUM_FILTER_INIT;
    plurum_create_options creation;
    plurum_query query;
    plurum_error error;
    plurum_results *results = NULL;
    plurum_create_options_init(&creation);
    plurum_query_init(&query);
    query.viewer = &viewer;
    query.filter = &filter;
    document.created_at = PLURUM_TIME_UNSET;
    reading.import = opening.read_only + outcome.success;
    if (plurum_search(&results, index, &query, &error) != PLURUM_OK) return error.status;
    plurum_results_free(results);
    return sizes[0] + (int)sentences[0][0] + reading.import + (int)document.lifecycle;
}
