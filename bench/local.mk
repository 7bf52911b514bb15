# SPDX-License-Identifier: GPL-2.0-or-later
# All but main is a library, so that tests reach its parts.
noinst_LTLIBRARIES += libbench.la
libbench_la_SOURCES = \
	bench/bench.h \
	bench/collection.c bench/collection.h \
	bench/eval.c \
	bench/golden.c \
	bench/loop.c bench/loop.h bench/loop_engine.c bench/loop_formulas.c \
	bench/loop_run.c bench/loop_world.c \
	bench/grow.c bench/grow.h \
	bench/metrics.c bench/metrics.h \
	bench/qrels.c bench/qrels.h \
	bench/scratch.c bench/scratch.h \
	bench/trec.c bench/trec.h \
	tools/cli.c tools/cli.h \
	tools/lines.c tools/lines.h \
	tools/npy.c tools/npy.h tools/npy_header.c \
	tools/options.c tools/options.h \
	tools/run.c tools/run.h \
	tools/times.c tools/times.h \
	tools/weights.c tools/weights.h
libbench_la_CPPFLAGS = $(tools_cppflags)

bin_PROGRAMS += plurum-bench
plurum_bench_SOURCES = bench/plurum_bench.c
nodist_EXTRA_plurum_bench_SOURCES = force-cxx-link.cxx
plurum_bench_CPPFLAGS = $(tools_cppflags)
plurum_bench_LDADD = libbench.la libplurum.la libplurum-trust.la $(JANSSON_LIBS) $(POPT_LIBS) -lm
