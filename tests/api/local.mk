# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of the public API: they see <plurum/…> alone and link the shared library.
api_tests = \
	tests/api/acquire_test \
	tests/api/alike_test \
	tests/api/backup_test \
	tests/api/batch_test \
	tests/api/compact_test \
	tests/api/damage_test \
	tests/api/embedding_test \
	tests/api/environment_test \
	tests/api/export_test \
	tests/api/forget_test \
	tests/api/facets_test \
	tests/api/diversity_test \
	tests/api/gone_test \
	tests/api/open_test \
	tests/api/options_test \
	tests/api/paging_test \
	tests/api/ranking_test \
	tests/api/replay_test \
	tests/api/reindex_test \
	tests/api/reports_test \
	tests/api/results_test \
	tests/api/search_test \
	tests/api/similar_test \
	tests/api/snippet_test \
	tests/api/suggestion_test \
	tests/api/trust_rules_test \
	tests/api/visibility_test \
	tests/api/why_test \
	tests/api/write_test

check_PROGRAMS += $(api_tests)
TESTS += $(api_tests)
api_test_cppflags = -I$(top_srcdir) -I$(top_srcdir)/libsearch/include \
	-I$(top_srcdir)/libtrust/include $(JANSSON_CFLAGS) $(CHECK_CFLAGS) \
	-DDATA_DIR=\"$(abs_top_srcdir)/data\"
api_test_ldadd = libplurum.la libplurum-trust.la $(JANSSON_LIBS) $(CHECK_LIBS) $(PTHREAD_LIBS) -lm
api_test_world = tests/api/world.c tests/api/world.h

tests_api_acquire_test_SOURCES = tests/api/acquire_test.c $(api_test_world)
nodist_EXTRA_tests_api_acquire_test_SOURCES = force-cxx-link.cxx
tests_api_acquire_test_CPPFLAGS = $(api_test_cppflags)
tests_api_acquire_test_LDADD = $(api_test_ldadd)

tests_api_damage_test_SOURCES = tests/api/damage_test.c $(api_test_world)
nodist_EXTRA_tests_api_damage_test_SOURCES = force-cxx-link.cxx
tests_api_damage_test_CPPFLAGS = $(api_test_cppflags)
tests_api_damage_test_LDADD = $(api_test_ldadd)

tests_api_embedding_test_SOURCES = tests/api/embedding_test.c $(api_test_world)
nodist_EXTRA_tests_api_embedding_test_SOURCES = force-cxx-link.cxx
tests_api_embedding_test_CPPFLAGS = $(api_test_cppflags)
tests_api_embedding_test_LDADD = $(api_test_ldadd)
tests_api_export_test_SOURCES = tests/api/export_test.c $(api_test_world)
nodist_EXTRA_tests_api_export_test_SOURCES = force-cxx-link.cxx
tests_api_export_test_CPPFLAGS = $(api_test_cppflags)
tests_api_export_test_LDADD = $(api_test_ldadd)

tests_api_facets_test_SOURCES = tests/api/facets_test.c $(api_test_world)
nodist_EXTRA_tests_api_facets_test_SOURCES = force-cxx-link.cxx
tests_api_facets_test_CPPFLAGS = $(api_test_cppflags)
tests_api_facets_test_LDADD = $(api_test_ldadd)

tests_api_diversity_test_SOURCES = tests/api/diversity_test.c $(api_test_world)
nodist_EXTRA_tests_api_diversity_test_SOURCES = force-cxx-link.cxx
tests_api_diversity_test_CPPFLAGS = $(api_test_cppflags)
tests_api_diversity_test_LDADD = $(api_test_ldadd)

tests_api_gone_test_SOURCES = tests/api/gone_test.c $(api_test_world)
nodist_EXTRA_tests_api_gone_test_SOURCES = force-cxx-link.cxx
tests_api_gone_test_CPPFLAGS = $(api_test_cppflags)
tests_api_gone_test_LDADD = $(api_test_ldadd)

tests_api_open_test_SOURCES = tests/api/open_test.c $(api_test_world)
nodist_EXTRA_tests_api_open_test_SOURCES = force-cxx-link.cxx
tests_api_open_test_CPPFLAGS = $(api_test_cppflags)
tests_api_open_test_LDADD = $(api_test_ldadd)

tests_api_options_test_SOURCES = tests/api/options_test.c $(limits_common)
nodist_EXTRA_tests_api_options_test_SOURCES = force-cxx-link.cxx
tests_api_options_test_CPPFLAGS = $(api_test_cppflags)
tests_api_options_test_LDADD = $(api_test_ldadd)

tests_api_paging_test_SOURCES = tests/api/paging_test.c $(api_test_world)
nodist_EXTRA_tests_api_paging_test_SOURCES = force-cxx-link.cxx
tests_api_paging_test_CPPFLAGS = $(api_test_cppflags)
tests_api_paging_test_LDADD = $(api_test_ldadd)

tests_api_ranking_test_SOURCES = tests/api/ranking_test.c $(api_test_world)
nodist_EXTRA_tests_api_ranking_test_SOURCES = force-cxx-link.cxx
tests_api_ranking_test_CPPFLAGS = $(api_test_cppflags)
tests_api_ranking_test_LDADD = $(api_test_ldadd)

tests_api_replay_test_SOURCES = tests/api/replay_test.c $(api_test_world)
nodist_EXTRA_tests_api_replay_test_SOURCES = force-cxx-link.cxx
tests_api_replay_test_CPPFLAGS = $(api_test_cppflags)
tests_api_replay_test_LDADD = $(api_test_ldadd)

tests_api_reports_test_SOURCES = tests/api/reports_test.c $(api_test_world)
nodist_EXTRA_tests_api_reports_test_SOURCES = force-cxx-link.cxx
tests_api_reports_test_CPPFLAGS = $(api_test_cppflags)
tests_api_reports_test_LDADD = $(api_test_ldadd)

tests_api_results_test_SOURCES = tests/api/results_test.c $(api_test_world)
nodist_EXTRA_tests_api_results_test_SOURCES = force-cxx-link.cxx
tests_api_results_test_CPPFLAGS = $(api_test_cppflags)
tests_api_results_test_LDADD = $(api_test_ldadd)

tests_api_search_test_SOURCES = tests/api/search_test.c $(api_test_world)
nodist_EXTRA_tests_api_search_test_SOURCES = force-cxx-link.cxx
tests_api_search_test_CPPFLAGS = $(api_test_cppflags)
tests_api_search_test_LDADD = $(api_test_ldadd)

tests_api_similar_test_SOURCES = tests/api/similar_test.c $(api_test_world)
nodist_EXTRA_tests_api_similar_test_SOURCES = force-cxx-link.cxx
tests_api_similar_test_CPPFLAGS = $(api_test_cppflags)
tests_api_similar_test_LDADD = $(api_test_ldadd)

tests_api_alike_test_SOURCES = tests/api/alike_test.c $(api_test_world)
nodist_EXTRA_tests_api_alike_test_SOURCES = force-cxx-link.cxx
tests_api_alike_test_CPPFLAGS = $(api_test_cppflags)
tests_api_alike_test_LDADD = $(api_test_ldadd)

tests_api_environment_test_SOURCES = tests/api/environment_test.c $(api_test_world)
nodist_EXTRA_tests_api_environment_test_SOURCES = force-cxx-link.cxx
tests_api_environment_test_CPPFLAGS = $(api_test_cppflags)
tests_api_environment_test_LDADD = $(api_test_ldadd)

tests_api_snippet_test_SOURCES = tests/api/snippet_test.c $(api_test_world)
nodist_EXTRA_tests_api_snippet_test_SOURCES = force-cxx-link.cxx
tests_api_snippet_test_CPPFLAGS = $(api_test_cppflags)
tests_api_snippet_test_LDADD = $(api_test_ldadd)

tests_api_trust_rules_test_SOURCES = tests/api/trust_rules_test.c $(api_test_world)
nodist_EXTRA_tests_api_trust_rules_test_SOURCES = force-cxx-link.cxx
tests_api_trust_rules_test_CPPFLAGS = $(api_test_cppflags)
tests_api_trust_rules_test_LDADD = $(api_test_ldadd)

tests_api_visibility_test_SOURCES = tests/api/visibility_test.c $(api_test_world)
nodist_EXTRA_tests_api_visibility_test_SOURCES = force-cxx-link.cxx
tests_api_visibility_test_CPPFLAGS = $(api_test_cppflags)
tests_api_visibility_test_LDADD = $(api_test_ldadd)

tests_api_why_test_SOURCES = tests/api/why_test.c $(api_test_world)
nodist_EXTRA_tests_api_why_test_SOURCES = force-cxx-link.cxx
tests_api_why_test_CPPFLAGS = $(api_test_cppflags)
tests_api_why_test_LDADD = $(api_test_ldadd)

tests_api_write_test_SOURCES = tests/api/write_test.c $(api_test_world)
nodist_EXTRA_tests_api_write_test_SOURCES = force-cxx-link.cxx
tests_api_write_test_CPPFLAGS = $(api_test_cppflags)
tests_api_write_test_LDADD = $(api_test_ldadd)

tests_api_backup_test_SOURCES = tests/api/backup_test.c $(api_test_world)
nodist_EXTRA_tests_api_backup_test_SOURCES = force-cxx-link.cxx
tests_api_backup_test_CPPFLAGS = $(api_test_cppflags)
tests_api_backup_test_LDADD = $(api_test_ldadd)

tests_api_forget_test_SOURCES = tests/api/forget_test.c $(api_test_world)
nodist_EXTRA_tests_api_forget_test_SOURCES = force-cxx-link.cxx
tests_api_forget_test_CPPFLAGS = $(api_test_cppflags)
tests_api_forget_test_LDADD = $(api_test_ldadd)

tests_api_compact_test_SOURCES = tests/api/compact_test.c $(api_test_world)
nodist_EXTRA_tests_api_compact_test_SOURCES = force-cxx-link.cxx
tests_api_compact_test_CPPFLAGS = $(api_test_cppflags)
tests_api_compact_test_LDADD = $(api_test_ldadd)

tests_api_batch_test_SOURCES = tests/api/batch_test.c $(api_test_world)
nodist_EXTRA_tests_api_batch_test_SOURCES = force-cxx-link.cxx
tests_api_batch_test_CPPFLAGS = $(api_test_cppflags)
tests_api_batch_test_LDADD = $(api_test_ldadd)

tests_api_reindex_test_SOURCES = tests/api/reindex_test.c $(api_test_world)
nodist_EXTRA_tests_api_reindex_test_SOURCES = force-cxx-link.cxx
tests_api_reindex_test_CPPFLAGS = $(api_test_cppflags)
tests_api_reindex_test_LDADD = $(api_test_ldadd)

tests_api_suggestion_test_SOURCES = tests/api/suggestion_test.c $(api_test_world)
nodist_EXTRA_tests_api_suggestion_test_SOURCES = force-cxx-link.cxx
tests_api_suggestion_test_CPPFLAGS = $(api_test_cppflags)
tests_api_suggestion_test_LDADD = $(api_test_ldadd)
