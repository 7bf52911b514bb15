/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Completions for bash and zsh, from the tables of commands and options. The build makes the files
 * of folder completions with it.
 */
#include <config.h>

#include "tools/completion.h"

#include <string.h>

typedef void print_option(FILE *stream, const cli_option *o);

static void each_option(FILE *stream, const cli_option *options, print_option *print)
{
    for (const cli_option *o = options; o->name; o++)
        if (o->kind == CLI_TABLE)
            each_option(stream, o->to.table, print);
        else
            print(stream, o);
}

static int names_file(const cli_option *o)
{
    return o->argument && (strncmp(o->argument, "FILE", 4) == 0 ||
                           strcmp(o->argument, "WEIGHTS") == 0 ||
                           strcmp(o->argument, "COLLECTION") == 0 ||
                           strcmp(o->argument, "DIR") == 0);
}

/* ---- bash ------------------------------------------------------------------------------------ */

static void bash_name(FILE *stream, const cli_option *o)
{
    fprintf(stream, " --%s", o->name);
}

/* What follows an option: one of its words, a file, or nothing that can be guessed. */
static void bash_value(FILE *stream, const cli_option *o)
{
    if (o->kind == CLI_FLAG) return;
    fprintf(stream, "    --%s)", o->name);
    if (o->kind == CLI_WORD) {
        fputs(" words='", stream);
        for (size_t i = 0; o->words[i]; i++) fprintf(stream, "%s%s", i ? " " : "", o->words[i]);
        fputs("' ;;\n", stream);
    } else {
        fprintf(stream, " %s ;;\n", names_file(o) ? "files=1" : "words= files=0");
    }
}

static void bash_command(FILE *stream, const cli_command *command)
{
    fprintf(stream, "  %s)\n    options='", command->name);
    fputs("--help", stream);
    each_option(stream, command->options, bash_name);
    fputs("'\n    case $before in\n", stream);
    each_option(stream, command->options, bash_value);
    fputs("    *) words=$options files=1 ;;\n    esac\n    ;;\n", stream);
}

/* A function's name has no "-". */
static void put_function_name(FILE *stream)
{
    fputc('_', stream);
    for (const char *c = cli_program; *c; c++) fputc(*c == '-' ? '_' : *c, stream);
}

static void print_bash(FILE *stream, const cli_command *const *commands)
{
    put_function_name(stream);
    fputs("()\n{\n"
          "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
          "  local options words= files=0\n"
          "  [ \"$word\" = = ] && word=\n"
          "  [ \"$before\" = = ] && before=${COMP_WORDS[COMP_CWORD-2]}\n"
          "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    words='--help --version",
          stream);
    for (size_t i = 0; commands[i]; i++) fprintf(stream, " %s", commands[i]->name);
    fputs("'\n  else\n  case ${COMP_WORDS[1]} in\n", stream);
    for (size_t i = 0; commands[i]; i++) bash_command(stream, commands[i]);
    fputs("  esac\n  fi\n"
          "  COMPREPLY=()\n"
          "  case $word in\n"
          "  -*) files=0 ;;\n"
          "  *) [ \"$words\" = \"$options\" ] && words= ;;\n"
          "  esac\n"
          "  [ -n \"$words\" ] && mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
          "  [ $files = 1 ] && compopt -o default 2>/dev/null\n"
          "  return 0\n"
          "}\ncomplete -F ",
          stream);
    put_function_name(stream);
    fprintf(stream, " %s\n", cli_program);
}

/* ---- zsh ------------------------------------------------------------------------------------- */

/* Inside '…[…]' of _arguments: quotes, brackets, colons and backslashes are escaped. */
static void zsh_text(FILE *stream, const char *text)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\'", stream);
        else if (strchr("[]:\\", *text))
            fputc('\\', stream);
        fputc(*text, stream);
    }
}

static void zsh_option(FILE *stream, const cli_option *o)
{
    fprintf(stream, " \\\n      '%s--%s%s[", o->kind == CLI_LIST ? "*" : "", o->name,
            o->kind == CLI_FLAG ? "" : "=");
    zsh_text(stream, o->meaning);
    fputc(']', stream);
    if (o->kind != CLI_FLAG) {
        fputc(':', stream);
        zsh_text(stream, o->argument);
        fputc(':', stream);
        if (o->kind == CLI_WORD) {
            fputc('(', stream);
            for (size_t i = 0; o->words[i]; i++) fprintf(stream, "%s%s", i ? " " : "", o->words[i]);
            fputc(')', stream);
        } else {
            fputs(names_file(o) ? "_files" : " ", stream);
        }
    }
    fputc('\'', stream);
}

static void print_zsh(FILE *stream, const cli_command *const *commands)
{
    put_function_name(stream);
    fputs("()\n{\n  local -a commands=(", stream);
    for (size_t i = 0; commands[i]; i++) {
        fprintf(stream, "\n    '%s:", commands[i]->name);
        zsh_text(stream, commands[i]->summary);
        fputc('\'', stream);
    }
    fputs(")\n"
          "  if (( CURRENT == 2 )); then\n"
          "    _describe command commands\n"
          "    return\n"
          "  fi\n"
          "  local command=$words[2]\n"
          "  shift words\n"
          "  (( CURRENT-- ))\n"
          "  case $command in\n",
          stream);
    for (size_t i = 0; commands[i]; i++) {
        fprintf(stream, "  %s)\n    _arguments '(- *)--help[tell what it does]'",
                commands[i]->name);
        each_option(stream, commands[i]->options, zsh_option);
        fputs(" \\\n      '*:file:_files'\n    ;;\n", stream);
    }
    fputs("  esac\n}\n", stream);
}

int completion_print(const char *shell, const cli_command *const *commands)
{
    if (strcmp(shell, "bash") == 0)
        print_bash(stdout, commands);
    else if (strcmp(shell, "zsh") == 0)
        print_zsh(stdout, commands);
    else
        return cli_error(EXIT_USAGE, "--completion: \"%s\", bash or zsh expected", shell);
    return EXIT_DONE;
}
