# SPDX-License-Identifier: GPL-2.0-or-later
# Parts of plurum-bench, as they are used.
bench_test_cppflags = $(tools_cppflags) $(CHECK_CFLAGS) \
	-DTEST_DATA=\"$(abs_top_srcdir)/tests/data\"
bench_test_ldadd = libbench.la $(CHECK_LIBS) $(plurum_bench_LDADD)

bench_tests = tests/bench/metrics_test tests/bench/paired_test tests/bench/tuning_test
check_PROGRAMS += $(bench_tests)
TESTS += $(bench_tests)
EXTRA_DIST += tests/data/metrics/qrels tests/data/metrics/reference.tsv tests/data/metrics/run

tests_bench_metrics_test_SOURCES = tests/bench/metrics_test.c
nodist_EXTRA_tests_bench_metrics_test_SOURCES = force-cxx-link.cxx
tests_bench_metrics_test_CPPFLAGS = $(bench_test_cppflags)
tests_bench_metrics_test_LDADD = $(bench_test_ldadd)

tests_bench_paired_test_SOURCES = tests/bench/paired_test.c
nodist_EXTRA_tests_bench_paired_test_SOURCES = force-cxx-link.cxx
tests_bench_paired_test_CPPFLAGS = $(bench_test_cppflags)
tests_bench_paired_test_LDADD = $(bench_test_ldadd)

tests_bench_tuning_test_SOURCES = tests/bench/tuning_test.c
nodist_EXTRA_tests_bench_tuning_test_SOURCES = force-cxx-link.cxx
tests_bench_tuning_test_CPPFLAGS = $(bench_test_cppflags)
tests_bench_tuning_test_LDADD = $(bench_test_ldadd)
