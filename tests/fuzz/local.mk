# SPDX-License-Identifier: GPL-2.0-or-later
# Every target replays its corpus, and mutations of it, in `make check`. With --enable-fuzzing (clang)
# the same programs are libFuzzer's instead: tests/fuzz/fuzz_query -runs=100000 COPY_OF_THE_CORPUS
fuzz_targets = \
	tests/fuzz/fuzz_answer \
	tests/fuzz/fuzz_blob \
	tests/fuzz/fuzz_columns \
	tests/fuzz/fuzz_cursor \
	tests/fuzz/fuzz_embed \
	tests/fuzz/fuzz_experience \
	tests/fuzz/fuzz_model \
	tests/fuzz/fuzz_npy \
	tests/fuzz/fuzz_query \
	tests/fuzz/fuzz_records \
	tests/fuzz/fuzz_secrets \
	tests/fuzz/fuzz_session \
	tests/fuzz/fuzz_trust \
	tests/fuzz/fuzz_weights

check_PROGRAMS += $(fuzz_targets)
EXTRA_DIST += tests/fuzz/corpus tests/fuzz/driver.c
if FUZZING
fuzz_driver =
fuzz_ldflags = $(AM_LDFLAGS) -fsanitize=fuzzer
else
TESTS += $(fuzz_targets)
fuzz_driver = tests/fuzz/driver.c
fuzz_ldflags = $(AM_LDFLAGS)
endif
fuzz_cppflags = -I$(top_srcdir) $(unit_test_cppflags)
fuzz_corpus = $(abs_top_srcdir)/tests/fuzz/corpus

tests_fuzz_fuzz_answer_SOURCES = tests/fuzz/fuzz_answer.c $(fuzz_driver)
nodist_EXTRA_tests_fuzz_fuzz_answer_SOURCES = force-cxx-link.cxx
tests_fuzz_fuzz_answer_CPPFLAGS = $(fuzz_cppflags) -DCORPUS=\"$(fuzz_corpus)/answer\"
tests_fuzz_fuzz_answer_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_answer_LDADD = $(unit_test_ldadd)

tests_fuzz_fuzz_blob_SOURCES = tests/fuzz/fuzz_blob.c $(fuzz_driver)
nodist_EXTRA_tests_fuzz_fuzz_blob_SOURCES = force-cxx-link.cxx
tests_fuzz_fuzz_blob_CPPFLAGS = $(fuzz_cppflags) -DCORPUS=\"$(fuzz_corpus)/blob\"
tests_fuzz_fuzz_blob_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_blob_LDADD = $(unit_test_ldadd)

tests_fuzz_fuzz_columns_SOURCES = tests/fuzz/fuzz_columns.c $(fuzz_driver)
nodist_EXTRA_tests_fuzz_fuzz_columns_SOURCES = force-cxx-link.cxx
tests_fuzz_fuzz_columns_CPPFLAGS = $(fuzz_cppflags) -DCORPUS=\"$(fuzz_corpus)/columns\"
tests_fuzz_fuzz_columns_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_columns_LDADD = $(unit_test_ldadd)

tests_fuzz_fuzz_cursor_SOURCES = tests/fuzz/fuzz_cursor.c $(fuzz_driver)
nodist_EXTRA_tests_fuzz_fuzz_cursor_SOURCES = force-cxx-link.cxx
tests_fuzz_fuzz_cursor_CPPFLAGS = $(fuzz_cppflags) -DCORPUS=\"$(fuzz_corpus)/cursor\"
tests_fuzz_fuzz_cursor_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_cursor_LDADD = $(unit_test_ldadd)

tests_fuzz_fuzz_embed_SOURCES = tests/fuzz/fuzz_embed.c $(fuzz_driver)
nodist_EXTRA_tests_fuzz_fuzz_embed_SOURCES = force-cxx-link.cxx
tests_fuzz_fuzz_embed_CPPFLAGS = $(fuzz_cppflags) -DCORPUS=\"$(fuzz_corpus)/embed\"
tests_fuzz_fuzz_embed_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_embed_LDADD = $(unit_test_ldadd)

tests_fuzz_fuzz_experience_SOURCES = tests/fuzz/fuzz_experience.c $(fuzz_driver)
nodist_EXTRA_tests_fuzz_fuzz_experience_SOURCES = force-cxx-link.cxx
tests_fuzz_fuzz_experience_CPPFLAGS = $(fuzz_cppflags) -DCORPUS=\"$(fuzz_corpus)/experience\"
tests_fuzz_fuzz_experience_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_experience_LDADD = $(unit_test_ldadd)

tests_fuzz_fuzz_model_SOURCES = tests/fuzz/fuzz_model.c $(fuzz_driver)
nodist_EXTRA_tests_fuzz_fuzz_model_SOURCES = force-cxx-link.cxx
tests_fuzz_fuzz_model_CPPFLAGS = $(fuzz_cppflags) -DCORPUS=\"$(fuzz_corpus)/model\"
tests_fuzz_fuzz_model_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_model_LDADD = $(unit_test_ldadd)

tests_fuzz_fuzz_npy_SOURCES = tests/fuzz/fuzz_npy.c $(fuzz_driver) tools/npy.h tools/npy_header.c
nodist_EXTRA_tests_fuzz_fuzz_npy_SOURCES = force-cxx-link.cxx
tests_fuzz_fuzz_npy_CPPFLAGS = $(fuzz_cppflags) -DCORPUS=\"$(fuzz_corpus)/npy\"
tests_fuzz_fuzz_npy_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_npy_LDADD = $(unit_test_ldadd)

tests_fuzz_fuzz_query_SOURCES = tests/fuzz/fuzz_query.c $(fuzz_driver)
nodist_EXTRA_tests_fuzz_fuzz_query_SOURCES = force-cxx-link.cxx
tests_fuzz_fuzz_query_CPPFLAGS = $(fuzz_cppflags) -DCORPUS=\"$(fuzz_corpus)/query\"
tests_fuzz_fuzz_query_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_query_LDADD = $(unit_test_ldadd)

tests_fuzz_fuzz_records_SOURCES = tests/fuzz/fuzz_records.c $(fuzz_driver)
nodist_EXTRA_tests_fuzz_fuzz_records_SOURCES = force-cxx-link.cxx
tests_fuzz_fuzz_records_CPPFLAGS = $(fuzz_cppflags) -DCORPUS=\"$(fuzz_corpus)/records\"
tests_fuzz_fuzz_records_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_records_LDADD = $(unit_test_ldadd)

tests_fuzz_fuzz_secrets_SOURCES = tests/fuzz/fuzz_secrets.c $(fuzz_driver)
nodist_EXTRA_tests_fuzz_fuzz_secrets_SOURCES = force-cxx-link.cxx
tests_fuzz_fuzz_secrets_CPPFLAGS = $(fuzz_cppflags) -DCORPUS=\"$(fuzz_corpus)/secrets\"
tests_fuzz_fuzz_secrets_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_secrets_LDADD = $(unit_test_ldadd)

tests_fuzz_fuzz_session_SOURCES = tests/fuzz/fuzz_session.c $(fuzz_driver)
nodist_EXTRA_tests_fuzz_fuzz_session_SOURCES = force-cxx-link.cxx
tests_fuzz_fuzz_session_CPPFLAGS = $(fuzz_cppflags) -DCORPUS=\"$(fuzz_corpus)/session\"
tests_fuzz_fuzz_session_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_session_LDADD = $(unit_test_ldadd)

tests_fuzz_fuzz_trust_SOURCES = tests/fuzz/fuzz_trust.c $(fuzz_driver)
nodist_EXTRA_tests_fuzz_fuzz_trust_SOURCES = force-cxx-link.cxx
tests_fuzz_fuzz_trust_CPPFLAGS = $(fuzz_cppflags) -DCORPUS=\"$(fuzz_corpus)/trust\"
tests_fuzz_fuzz_trust_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_trust_LDADD = $(unit_test_ldadd)

tests_fuzz_fuzz_weights_SOURCES = tests/fuzz/fuzz_weights.c $(fuzz_driver)
nodist_EXTRA_tests_fuzz_fuzz_weights_SOURCES = force-cxx-link.cxx
tests_fuzz_fuzz_weights_CPPFLAGS = $(fuzz_cppflags) -DCORPUS=\"$(fuzz_corpus)/weights\"
tests_fuzz_fuzz_weights_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_weights_LDADD = $(unit_test_ldadd)
