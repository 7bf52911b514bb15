/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From options to viewer and filter.
 */
#include <config.h>

#include "tools/selection.h"

selection cli_selection;

struct poptOption cli_viewer_options[] = {
    {"viewer", 0, POPT_ARG_STRING, &cli_selection.agent, 0,
     "as this agent, who sees its own too (default: nobody, who sees what is public)", "AGENT"},
    {"team-mate", 0, POPT_ARG_ARGV, &cli_selection.mates, 0,
     "an agent whose team experiences the viewer sees (repeatable)", "AGENT"},
    {"all", 0, POPT_ARG_NONE, &cli_selection.all, 0, "as the operator, who sees everything", NULL},
    POPT_TABLEEND};

struct poptOption cli_filter_options[] = {
    {"domain", 0, POPT_ARG_STRING, &cli_selection.domain, 0, "of this domain", "D"},
    {"require-tool", 0, POPT_ARG_ARGV, &cli_selection.tools, 0,
     "that use this tool (repeatable: all of them)", "T"},
    {"tag", 0, POPT_ARG_ARGV, &cli_selection.tags, 0,
     "that carry this tag (repeatable: all of them)", "T"},
    {"min-quality", 0, POPT_ARG_DOUBLE, &cli_selection.min_quality, 0,
     "whose trust score is at least this, 0 to 1", "Q"},
    {"status", 0, POPT_ARG_STRING, &cli_selection.status, 0,
     "draft, published, verified, archived or any (default: published and verified)", "S"},
    {"visibility", 0, POPT_ARG_STRING, &cli_selection.visibility, 0, "public, team or private",
     "S"},
    {"min-confidence", 0, POPT_ARG_DOUBLE, &cli_selection.min_confidence, 0,
     "whose author's confidence is at least this, 0 to 1", "C"},
    {"since", 0, POPT_ARG_STRING, &cli_selection.since, 0, "created at this time or later", "TIME"},
    {"until", 0, POPT_ARG_STRING, &cli_selection.until, 0, "created at this time or earlier",
     "TIME"},
    POPT_TABLEEND};

static int settle_status(plurum_filter *f, const char *word)
{
    plurum_lifecycle lifecycle;
    if (word[0] == 'a' && word[1] == 'n' && word[2] == 'y' && !word[3])
        f->lifecycles = (1u << PLURUM_LIFECYCLE_COUNT) - 1;
    else if (plurum_lifecycle_parse(&lifecycle, word))
        return cli_error(EXIT_USAGE,
                         "--status: \"%s\", draft, published, verified, archived or any expected",
                         word);
    else
        f->lifecycles = 1u << lifecycle;
    return 0;
}

static int settle_visibility(plurum_filter *f, const char *word)
{
    plurum_visibility visibility;
    if (plurum_visibility_parse(&visibility, word))
        return cli_error(EXIT_USAGE, "--visibility: \"%s\", public, team or private expected",
                         word);
    f->visibilities = 1u << visibility;
    return 0;
}

static int check_share(const char *option, double value)
{
    return value >= 0.0 && value <= 1.0
               ? 0
               : cli_error(EXIT_USAGE, "%s: %g, allowed are 0 to 1", option, value);
}

int selection_settle(void)
{
    selection *s = &cli_selection;
    s->viewer = (plurum_viewer)PLURUM_VIEWER_INIT;
    s->filter = (plurum_filter)PLURUM_FILTER_INIT;
    s->viewer.is_operator = s->all;
    s->viewer.agent = s->agent;
    s->viewer.team_mates = (const char *const *)s->mates;
    s->viewer.team_mate_count = cli_list_length(s->viewer.team_mates);
    s->filter.domain = s->domain;
    s->filter.tools = (const char *const *)s->tools;
    s->filter.tool_count = cli_list_length(s->filter.tools);
    s->filter.tags = (const char *const *)s->tags;
    s->filter.tag_count = cli_list_length(s->filter.tags);
    s->filter.min_quality = s->min_quality;
    s->filter.min_confidence = s->min_confidence;
    int code = check_share("--min-quality", s->min_quality);
    if (!code) code = check_share("--min-confidence", s->min_confidence);
    if (!code && s->status) code = settle_status(&s->filter, s->status);
    if (!code && s->visibility) code = settle_visibility(&s->filter, s->visibility);
    if (!code && s->since) code = cli_time(&s->filter.since, "--since", s->since);
    if (!code && s->until) code = cli_time(&s->filter.until, "--until", s->until);
    return code;
}
