# SPDX-License-Identifier: GPL-2.0-or-later
# The embedder over HTTP against an endpoint of our own. Public headers and the shared library alone.
http_tests = tests/http/http_test tests/http/later_test
check_PROGRAMS += $(http_tests) tests/http/serve
TESTS += $(http_tests)
http_cppflags = $(api_test_cppflags) $(MICROHTTPD_CFLAGS)
http_ldadd = $(api_test_ldadd) $(MICROHTTPD_LIBS)
http_endpoint = tests/http/endpoint.c tests/http/endpoint.h

tests_http_http_test_SOURCES = tests/http/http_test.c $(http_endpoint)
nodist_EXTRA_tests_http_http_test_SOURCES = force-cxx-link.cxx
tests_http_http_test_CPPFLAGS = $(http_cppflags)
tests_http_http_test_LDADD = $(http_ldadd)

tests_http_later_test_SOURCES = tests/http/later_test.c $(http_endpoint) $(api_test_world)
nodist_EXTRA_tests_http_later_test_SOURCES = force-cxx-link.cxx
tests_http_later_test_CPPFLAGS = $(http_cppflags)
tests_http_later_test_LDADD = $(http_ldadd)

# The endpoint as a program, for tests/cli/http.sh.
tests_http_serve_SOURCES = tests/http/serve.c $(http_endpoint)
tests_http_serve_CPPFLAGS = $(http_cppflags)
tests_http_serve_LDADD = $(JANSSON_LIBS) $(MICROHTTPD_LIBS) $(PTHREAD_LIBS)
