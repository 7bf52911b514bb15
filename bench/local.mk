# SPDX-License-Identifier: GPL-2.0-or-later
# All but main is a library, so that tests reach its parts.
noinst_LTLIBRARIES += libbench.la
libbench_la_SOURCES = \
	bench/about.c bench/about.h \
	bench/bench.h \
	bench/calibration.c bench/calibration.h \
	bench/collection.c bench/collection.h \
	bench/compare.c \
	bench/eval.c \
	bench/forecast.c bench/forecast.h \
	bench/gather.c bench/gather.h \
	bench/generate.c bench/generate.h \
	bench/golden.c \
	bench/loop.c bench/loop.h bench/loop_engine.c bench/loop_formulas.c \
	bench/loop_run.c bench/loop_world.c \
	bench/grow.c bench/grow.h \
	bench/metrics.c bench/metrics.h \
	bench/paired.c bench/paired.h \
	bench/plot.c bench/plot.h \
	bench/qrels.c bench/qrels.h \
	bench/random.h \
	bench/rates.c bench/rates.h \
	bench/replay.c \
	bench/report.c bench/report.h \
	bench/report_differences.c \
	bench/report_loop.c \
	bench/report_quality.c \
	bench/report_speed.c \
	bench/scratch.c bench/scratch.h \
	bench/space.c bench/space.h \
	bench/speed.c \
	bench/speed_graphs.c bench/speed_graphs.h \
	bench/trec.c bench/trec.h \
	bench/tune.c bench/tune.h \
	bench/tuning.c \
	bench/tuning_print.c \
	bench/workers.c bench/workers.h \
	tools/cli.c tools/cli.h \
	tools/completion.c tools/completion.h \
	tools/lines.c tools/lines.h \
	tools/model.c tools/model.h \
	tools/npy.c tools/npy.h tools/npy_header.c \
	tools/options.c tools/options.h \
	tools/print_json.c \
	tools/remove.c tools/remove.h \
	tools/run.c tools/run.h \
	tools/search_log.c tools/search_log.h \
	tools/times.c tools/times.h \
	tools/vector_table.c tools/vector_table.h \
	tools/weights.c tools/weights.h
nodist_libbench_la_SOURCES = bench/built.h
libbench_la_CPPFLAGS = $(tools_cppflags)

# What results say of the build. Written again only where it would differ, so that nothing is
# compiled for its sake.
BUILT_SOURCES += bench/built.h
CLEANFILES += bench/built.h
.PHONY: bench-built
bench-built:
bench/built.h: bench-built
	@$(MKDIR_P) bench; commit=unknown; \
	if test -e $(top_srcdir)/.git; then \
	  commit=`git -C $(top_srcdir) describe --always --dirty --abbrev=12 2>/dev/null || echo unknown`; fi; \
	{ echo "#define BUILT_COMMIT \"$$commit\""; \
	  echo "#define BUILT_LIBRARIES \\"; \
	  for name in xapian-core lmdb libzstd jansson libutf8proc; do \
	    echo "    {\"$$name\", \"`$(PKG_CONFIG) --modversion $$name`\"}, \\"; done; echo; } >$@.new; \
	if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

bin_PROGRAMS += plurum-bench
plurum_bench_SOURCES = bench/plurum_bench.c
nodist_EXTRA_plurum_bench_SOURCES = force-cxx-link.cxx
plurum_bench_CPPFLAGS = $(tools_cppflags)
plurum_bench_LDADD = libbench.la libplurum.la libplurum-trust.la $(JANSSON_LIBS) $(POPT_LIBS) $(PTHREAD_LIBS) -lm
