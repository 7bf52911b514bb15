# SPDX-License-Identifier: GPL-2.0-or-later
bin_PROGRAMS += plurum
plurum_SOURCES = \
	tools/plurum.c tools/commands.h \
	tools/change.c tools/change.h \
	tools/cli.c tools/cli.h \
	tools/completion.c tools/completion.h \
	tools/cmd_acquire.c \
	tools/cmd_assemble.c \
	tools/cmd_check.c \
	tools/cmd_backup.c \
	tools/cmd_compact.c \
	tools/cmd_embed.c \
	tools/cmd_export.c \
	tools/cmd_feedback.c \
	tools/cmd_forget.c \
	tools/cmd_get.c \
	tools/cmd_import.c \
	tools/cmd_init.c tools/init.h \
	tools/cmd_list.c \
	tools/cmd_outcome.c \
	tools/cmd_reindex.c \
	tools/cmd_search.c tools/search.h \
	tools/cmd_similar.c \
	tools/cmd_state.c \
	tools/cmd_stats.c \
	tools/cmd_trust.c \
	tools/cmd_verify.c tools/verify.h \
	tools/cmd_vote.c \
	tools/cmd_why.c \
	tools/job.c tools/job.h \
	tools/judge.c tools/judge.h \
	tools/lines.c tools/lines.h \
	tools/model.c tools/model.h \
	tools/npy.c tools/npy.h tools/npy_header.c \
	tools/options.c tools/options.h \
	tools/print_json.c \
	tools/progress.c tools/progress.h \
	tools/remove.c tools/remove.h \
	tools/run.c tools/run.h \
	tools/search_batch.c \
	tools/search_log.c tools/search_log.h \
	tools/selection.c tools/selection.h \
	tools/show.c tools/show.h \
	tools/times.c tools/times.h \
	tools/vector_table.c tools/vector_table.h \
	tools/verify_deep.c \
	tools/weights.c tools/weights.h \
	tools/whole.c tools/whole.h
nodist_EXTRA_plurum_SOURCES = force-cxx-link.cxx
tools_cppflags = -I$(top_srcdir) -I$(top_srcdir)/libsearch/include -I$(top_srcdir)/libtrust/include \
	-I$(top_builddir) $(JANSSON_CFLAGS) $(POPT_CFLAGS) -DMODELS_DIR=\"$(datadir)/plurum/models\"
plurum_CPPFLAGS = $(tools_cppflags)
plurum_LDADD = libplurum.la libplurum-trust.la $(JANSSON_LIBS) $(POPT_LIBS) -lm

# Completions of both tools in one file a shell, made by the tools from their tables of options. bash
# looks for the file of a command by its name, hence the link.
bashcompletiondir = $(datadir)/bash-completion/completions
zshcompletiondir = $(datadir)/zsh/site-functions
zshcompletion_DATA = completions/_plurum
noinst_DATA = completions/plurum.bash
CLEANFILES += completions/plurum.bash completions/_plurum
completions/plurum.bash: plurum$(EXEEXT) plurum-bench$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) completions && { echo '# SPDX-License-Identifier: GPL-2.0-or-later'; \
	./plurum$(EXEEXT) --completion bash && ./plurum-bench$(EXEEXT) --completion bash; } >$@.new && \
	mv $@.new $@
completions/_plurum: plurum$(EXEEXT) plurum-bench$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) completions && { echo '#compdef plurum plurum-bench'; \
	echo '# SPDX-License-Identifier: GPL-2.0-or-later'; \
	./plurum$(EXEEXT) --completion zsh && ./plurum-bench$(EXEEXT) --completion zsh && \
	echo '_$${service//-/_} "$$@"'; } >$@.new && mv $@.new $@
install-data-local: completions/plurum.bash
	$(MKDIR_P) '$(DESTDIR)$(bashcompletiondir)'
	$(INSTALL_DATA) completions/plurum.bash '$(DESTDIR)$(bashcompletiondir)/plurum'
	cd '$(DESTDIR)$(bashcompletiondir)' && rm -f plurum-bench && $(LN_S) plurum plurum-bench
uninstall-local:
	cd '$(DESTDIR)$(bashcompletiondir)' && rm -f plurum plurum-bench

# Run by hand, never by the build.
EXTRA_DIST += tools/convert-minilm
