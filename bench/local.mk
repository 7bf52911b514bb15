# SPDX-License-Identifier: GPL-2.0-or-later
bin_PROGRAMS += plurum-bench
plurum_bench_SOURCES = \
	bench/plurum_bench.c bench/bench.h \
	bench/collection.c bench/collection.h \
	bench/eval.c \
	bench/golden.c \
	bench/loop.c bench/loop.h bench/loop_engine.c bench/loop_formulas.c \
	bench/loop_run.c bench/loop_world.c \
	bench/metrics.c bench/metrics.h \
	bench/scratch.c bench/scratch.h \
	tools/cli.c tools/cli.h \
	tools/lines.c tools/lines.h \
	tools/npy.c tools/npy.h tools/npy_header.c \
	tools/options.c tools/options.h \
	tools/times.c tools/times.h \
	tools/weights.c tools/weights.h
nodist_EXTRA_plurum_bench_SOURCES = force-cxx-link.cxx
plurum_bench_CPPFLAGS = $(tools_cppflags)
plurum_bench_LDADD = libplurum.la libplurum-trust.la $(JANSSON_LIBS) $(POPT_LIBS) -lm
