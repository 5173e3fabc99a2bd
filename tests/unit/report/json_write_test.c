/* What it writes is what jansson's own writer does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/limits.h"
#include "report/json_write.h"

/* Takes the value. */
static void expect_same(json_t *value)
{
	struct buf out = BUF_INIT(MIB);
	assert_non_null(value);
	char *wanted = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
	assert_non_null(wanted);
	json_write(&out, value);
	buf_char(&out, '\0');
	assert_false(out.failed);
	assert_string_equal(out.ptr, wanted);
	free(wanted);
	buf_deinit(&out);
	json_decref(value);
}

static void trees(void **state)
{
	(void)state;
	expect_same(json_pack("{s:[], s:{}, s:[{s:i}, [n, b, b]], s:s}", "none", "no members", "some", "a", 1, 1, 0,
			      "key \"quoted\"\n", "value"));
}

static void numbers(void **state)
{
	(void)state;
	const double reals[] = { 0, -0.0, 1, 0.1, 0.389346, 1e15, 1e16, 1e-7, -2.5, 4294967296.789, 1e300 };
	for (size_t i = 0; i < sizeof(reals) / sizeof(*reals); i++)
		expect_same(json_real(reals[i]));
	const json_int_t integers[] = { 0, 7, -1, INT64_MAX, INT64_MIN };
	for (size_t i = 0; i < sizeof(integers) / sizeof(*integers); i++)
		expect_same(json_integer(integers[i]));
}

static void every_ascii_character(void **state)
{
	(void)state;
	char text[128];
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)i;
	expect_same(json_stringn_nocheck(text, sizeof(text)));
	for (size_t i = 0; i < sizeof(text); i++)
		expect_same(json_stringn_nocheck(text + i, 1));
	expect_same(json_string(""));
	expect_same(json_string("ends in a quote\""));
}

static void characters_beyond_ascii(void **state)
{
	(void)state;
	expect_same(json_string("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x92\xa5 \xc2\x80 \xe2\x80\xa8"));
}

static void what_was_not_made_fails(void **state)
{
	(void)state;
	struct buf out = BUF_INIT(MIB);
	json_write(&out, NULL);
	assert_true(out.failed);
	buf_deinit(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trees),
		cmocka_unit_test(numbers),
		cmocka_unit_test(every_ascii_character),
		cmocka_unit_test(characters_beyond_ascii),
		cmocka_unit_test(what_was_not_made_fails),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
