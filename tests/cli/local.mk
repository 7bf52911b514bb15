# SPDX-License-Identifier: GPL-2.0-or-later
# The tools as they are used: a script and its expected output each. UPDATE=1 make check rewrites.
check_PROGRAMS += tests/cli/json
tests_cli_json_SOURCES = tests/cli/json.c
tests_cli_json_CPPFLAGS = -I$(top_builddir) $(JANSSON_CFLAGS)
tests_cli_json_LDADD = $(JANSSON_LIBS)

cli_tests = \
	tests/cli/acquire.sh \
	tests/cli/assemble.sh \
	tests/cli/backup.sh \
	tests/cli/batch.sh \
	tests/cli/check.sh \
	tests/cli/compare.sh \
	tests/cli/compact.sh \
	tests/cli/damage.sh \
	tests/cli/deep.sh \
	tests/cli/eval.sh \
	tests/cli/explain.sh \
	tests/cli/export.sh \
	tests/cli/feedback.sh \
	tests/cli/forget.sh \
	tests/cli/golden.sh \
	tests/cli/help.sh \
	tests/cli/http.sh \
	tests/cli/import.sh \
	tests/cli/init.sh \
	tests/cli/interrupt.sh \
	tests/cli/loop.sh \
	tests/cli/output.sh \
	tests/cli/paging.sh \
	tests/cli/read.sh \
	tests/cli/replay.sh \
	tests/cli/report.sh \
	tests/cli/reindex.sh \
	tests/cli/reports.sh \
	tests/cli/resume.sh \
	tests/cli/search.sh \
	tests/cli/similar.sh \
	tests/cli/speed.sh \
	tests/cli/state.sh \
	tests/cli/tune.sh \
	tests/cli/vectors.sh \
	tests/cli/why.sh \
	tests/cli/writers.sh
TESTS += $(cli_tests)
dist_check_SCRIPTS += $(cli_tests)
EXTRA_DIST += tests/cli/runner.sh $(cli_tests:.sh=.out) \
	tests/data/mini/corpus.jsonl \
	tests/data/mini/docs.npy \
	tests/data/mini/experiences.jsonl \
	tests/data/mini/qrels.tsv \
	tests/data/mini/queries.jsonl \
	tests/data/mini/queries.npy
