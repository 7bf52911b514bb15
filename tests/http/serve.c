/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The endpoint as a program, for tests of the tools: serve PORT FILE listens on the port (0: any),
 * writes its URL to FILE.url, behaves as the word in FILE says, and writes what the last client has
 * sent to FILE.seen when it is told to end by SIGTERM.
 */
#include <config.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/http/endpoint.h"

static FILE *open_beside(const char *file, const char *suffix)
{
    char name[4096];
    snprintf(name, sizeof name, "%s%s", file, suffix);
    return fopen(name, "w");
}

int main(int argc, char **argv)
{
    sigset_t end;
    int number;
    if (argc != 3) return 2;
    sigemptyset(&end);
    sigaddset(&end, SIGTERM);
    sigprocmask(SIG_BLOCK, &end, NULL); /* of all threads to come */
    endpoint *e = endpoint_start((unsigned)atoi(argv[1]));
    if (!e) return 1;
    endpoint_obey(e, argv[2]);
    FILE *out = open_beside(argv[2], ".url");
    if (!out || fprintf(out, "%s\n", endpoint_url(e)) < 0 || fclose(out)) return 1;
    sigwait(&end, &number);
    endpoint_seen seen = endpoint_look(e);
    out = open_beside(argv[2], ".seen");
    if (!out) return 1;
    fprintf(out, "model %s, %s, %s\n", seen.model,
            strncmp(seen.authorization, "Bearer ", 7) == 0 ? "with a key" : "without a key",
            seen.largest > 1 ? "several texts a request" : "one text a request");
    endpoint_stop(e);
    return fclose(out) != 0;
}
