/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From options to viewer and filter.
 */
#include <config.h>

#include "tools/selection.h"

#include <ctype.h>
#include <string.h>

enum { ANY_STATUS = PLURUM_LIFECYCLE_COUNT };

static const char *const STATUSES[] = {"draft", "published", "verified", "archived", "any", NULL};
static const char *const VISIBILITIES[] = {"public", "team", "private", NULL};

static struct {
    const char *agent;
    cli_list mates;
    int all;
} viewer;

static struct {
    const char *domain;
    cli_list tools, tags;
    int status, visibility;
    double min_quality, min_confidence;
    int64_t since, until;
} filter = {.status = -1, .visibility = -1, .since = PLURUM_TIME_UNSET, .until = PLURUM_TIME_UNSET};

const cli_option cli_viewer_options[] = {
    CLI_OPTION_TEXT("viewer", &viewer.agent, "AGENT", "as this agent, who sees its own too"),
    CLI_OPTION_LIST("team-mate", &viewer.mates, "AGENT",
                    "with --viewer: an agent whose team experiences it sees"),
    CLI_OPTION_FLAG("all", &viewer.all, "as the operator, who sees everything"), CLI_OPTION_END};

const cli_option cli_filter_options[] = {
    CLI_OPTION_TEXT("domain", &filter.domain, "D", "of this domain"),
    CLI_OPTION_LIST("require-tool", &filter.tools, "T", "that use all of these tools"),
    CLI_OPTION_LIST("tag", &filter.tags, "T", "that carry all of these tags"),
    CLI_OPTION_SHARE("min-quality", &filter.min_quality, "Q", "whose trust is at least this"),
    CLI_OPTION_WORD("status", &filter.status, STATUSES, "S",
                    "in this state, else published and verified"),
    CLI_OPTION_WORD("visibility", &filter.visibility, VISIBILITIES, "V", "of this visibility"),
    CLI_OPTION_SHARE("min-confidence", &filter.min_confidence, "C",
                     "whose author's confidence is at least this"),
    CLI_OPTION_TIME("since", &filter.since, "created at this time or later"),
    CLI_OPTION_TIME("until", &filter.until, "created at this time or earlier"), CLI_OPTION_END};

int selection_viewer(plurum_viewer *out)
{
    *out = (plurum_viewer)PLURUM_VIEWER_INIT;
    if (viewer.all && (viewer.agent || viewer.mates.count))
        return cli_error(EXIT_USAGE, "--all: the operator sees everything; give it without "
                                     "--viewer and --team-mate");
    if (viewer.mates.count && !viewer.agent)
        return cli_error(EXIT_USAGE, "--team-mate: \"%s\", goes with --viewer",
                         viewer.mates.items[0]);
    out->is_operator = viewer.all;
    out->agent = viewer.agent;
    out->team_mates = viewer.mates.items;
    out->team_mate_count = viewer.mates.count;
    return 0;
}

void selection_filter(plurum_filter *out)
{
    *out = (plurum_filter)PLURUM_FILTER_INIT;
    out->domain = filter.domain;
    out->tools = filter.tools.items;
    out->tool_count = filter.tools.count;
    out->tags = filter.tags.items;
    out->tag_count = filter.tags.count;
    out->min_quality = filter.min_quality;
    out->min_confidence = filter.min_confidence;
    out->since = filter.since;
    out->until = filter.until;
    if (filter.status == ANY_STATUS)
        out->lifecycles = (1u << PLURUM_LIFECYCLE_COUNT) - 1;
    else if (filter.status >= 0)
        out->lifecycles = 1u << filter.status;
    if (filter.visibility >= 0) out->visibilities = 1u << filter.visibility;
}

/* The option of a member of the query whose name begins a text; NULL: it is none. */
static const char *option_of(const char *text, size_t *len)
{
    static const char *const NAMES[][2] = {{"collapse", "--collapse"}, {"cursor", "--cursor"},
                                           {"lambda", "--mmr"},        {"now", "--now"},
                                           {"offset", "--offset"},     {"trace", "--log"}};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        *len = strlen(NAMES[i][0]);
        if (strncmp(text, NAMES[i][0], *len) == 0 && !isalnum((unsigned char)text[*len]))
            return NAMES[i][1];
    }
    return NULL;
}

int selection_failed(const char *where, const plurum_error *error)
{
    size_t len, used = 0;
    plurum_error named = *error;
    if (!option_of(error->text, &len)) return cli_failed(where, error);
    for (const char *at = error->text; *at && used < sizeof named.text;) {
        int begins = at == error->text || at[-1] == ' ';
        const char *option = begins ? option_of(at, &len) : NULL;
        used += (size_t)snprintf(named.text + used, sizeof named.text - used, "%.*s",
                                 option ? (int)strlen(option) : 1, option ? option : at);
        at += option ? len : 1;
    }
    return cli_failed(where, &named);
}
