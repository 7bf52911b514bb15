# SPDX-License-Identifier: GPL-2.0-or-later
# Threads of one process and processes of one index.
small_index_sources = tests/threads/small.c tests/threads/small.h tools/remove.c tools/remove.h
small_index_cppflags = -I$(top_srcdir) $(unit_test_cppflags)
small_index_ldadd = $(unit_test_ldadd) $(LMDB_LIBS) $(PTHREAD_LIBS)

check_PROGRAMS += tests/threads/applier_test
TESTS += tests/threads/applier_test
tests_threads_applier_test_SOURCES = tests/threads/applier_test.c $(small_index_sources)
nodist_EXTRA_tests_threads_applier_test_SOURCES = force-cxx-link.cxx
tests_threads_applier_test_CPPFLAGS = $(small_index_cppflags)
tests_threads_applier_test_LDADD = $(small_index_ldadd)

check_PROGRAMS += tests/threads/reader_follow_test
TESTS += tests/threads/reader_follow_test
tests_threads_reader_follow_test_SOURCES = tests/threads/reader_follow_test.c $(small_index_sources)
nodist_EXTRA_tests_threads_reader_follow_test_SOURCES = force-cxx-link.cxx
tests_threads_reader_follow_test_CPPFLAGS = $(small_index_cppflags)
tests_threads_reader_follow_test_LDADD = $(small_index_ldadd)

check_PROGRAMS += tests/threads/threads_test
TESTS += tests/threads/threads_test
tests_threads_threads_test_SOURCES = tests/threads/threads_test.c $(small_index_sources)
nodist_EXTRA_tests_threads_threads_test_SOURCES = force-cxx-link.cxx
tests_threads_threads_test_CPPFLAGS = $(small_index_cppflags)
tests_threads_threads_test_LDADD = $(small_index_ldadd)

check_PROGRAMS += tests/threads/processes_test
TESTS += tests/threads/processes_test
tests_threads_processes_test_SOURCES = tests/threads/processes_test.c $(small_index_sources)
nodist_EXTRA_tests_threads_processes_test_SOURCES = force-cxx-link.cxx
tests_threads_processes_test_CPPFLAGS = $(small_index_cppflags)
tests_threads_processes_test_LDADD = $(small_index_ldadd)

check_PROGRAMS += tests/threads/segments_test
TESTS += tests/threads/segments_test
tests_threads_segments_test_SOURCES = tests/threads/segments_test.c $(small_index_sources)
nodist_EXTRA_tests_threads_segments_test_SOURCES = force-cxx-link.cxx
tests_threads_segments_test_CPPFLAGS = $(small_index_cppflags)
tests_threads_segments_test_LDADD = $(small_index_ldadd)

check_PROGRAMS += tests/threads/segment_jobs_test
TESTS += tests/threads/segment_jobs_test
tests_threads_segment_jobs_test_SOURCES = tests/threads/segment_jobs_test.c $(small_index_sources)
nodist_EXTRA_tests_threads_segment_jobs_test_SOURCES = force-cxx-link.cxx
tests_threads_segment_jobs_test_CPPFLAGS = $(small_index_cppflags)
tests_threads_segment_jobs_test_LDADD = $(small_index_ldadd)

check_PROGRAMS += tests/threads/segment_pages_test
TESTS += tests/threads/segment_pages_test
tests_threads_segment_pages_test_SOURCES = tests/threads/segment_pages_test.c $(small_index_sources)
nodist_EXTRA_tests_threads_segment_pages_test_SOURCES = force-cxx-link.cxx
tests_threads_segment_pages_test_CPPFLAGS = $(small_index_cppflags)
tests_threads_segment_pages_test_LDADD = $(small_index_ldadd)

check_PROGRAMS += tests/threads/faiss_test
TESTS += tests/threads/faiss_test
tests_threads_faiss_test_SOURCES = tests/threads/faiss_test.c $(small_index_sources)
if FAISS_COMPAT
tests_threads_faiss_test_SOURCES += tests/threads/faiss_c_more.cc
endif
nodist_EXTRA_tests_threads_faiss_test_SOURCES = force-cxx-link.cxx
tests_threads_faiss_test_CPPFLAGS = $(small_index_cppflags)
tests_threads_faiss_test_LDADD = $(small_index_ldadd)

check_PROGRAMS += tests/threads/segment_unopened_test
TESTS += tests/threads/segment_unopened_test
tests_threads_segment_unopened_test_SOURCES = tests/threads/segment_unopened_test.c $(small_index_sources)
nodist_EXTRA_tests_threads_segment_unopened_test_SOURCES = force-cxx-link.cxx
tests_threads_segment_unopened_test_CPPFLAGS = $(small_index_cppflags)
tests_threads_segment_unopened_test_LDADD = $(small_index_ldadd)

# Some seconds of it belong to make check; the long run: make check-soak SECONDS=600 SEED=7
check_PROGRAMS += tests/threads/segments_soak
TESTS += tests/threads/segments_soak
tests_threads_segments_soak_SOURCES = tests/threads/segments_soak.c $(small_index_sources)
nodist_EXTRA_tests_threads_segments_soak_SOURCES = force-cxx-link.cxx
tests_threads_segments_soak_CPPFLAGS = $(small_index_cppflags)
tests_threads_segments_soak_LDADD = $(small_index_ldadd)
SECONDS = 600
check-soak: tests/threads/segments_soak
	tests/threads/segments_soak --seconds $(SECONDS) --seed $(SEED)
.PHONY: check-soak

checkpointed_sources = tests/threads/checkpointed.c tests/threads/checkpointed.h $(small_index_sources)
check_PROGRAMS += tests/threads/checkpoint_test
TESTS += tests/threads/checkpoint_test
tests_threads_checkpoint_test_SOURCES = tests/threads/checkpoint_test.c $(checkpointed_sources)
nodist_EXTRA_tests_threads_checkpoint_test_SOURCES = force-cxx-link.cxx
tests_threads_checkpoint_test_CPPFLAGS = $(small_index_cppflags)
tests_threads_checkpoint_test_LDADD = $(small_index_ldadd)

check_PROGRAMS += tests/threads/checkpoint_damage_test
TESTS += tests/threads/checkpoint_damage_test
tests_threads_checkpoint_damage_test_SOURCES = tests/threads/checkpoint_damage_test.c \
	$(checkpointed_sources)
nodist_EXTRA_tests_threads_checkpoint_damage_test_SOURCES = force-cxx-link.cxx
tests_threads_checkpoint_damage_test_CPPFLAGS = $(small_index_cppflags)
tests_threads_checkpoint_damage_test_LDADD = $(small_index_ldadd)
