#include "../expect.h"

#include "base/newlines.h"

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* The text is a block of its own size, so that a sanitizer sees a step over its end. */
static void check_text(struct slice text)
{
	size_t places[NEWLINES_MAX], seen = 0;
	char *copy = test_malloc(text.len + 1);
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\n';
	size_t count = newlines_find((struct slice){ copy, text.len }, places);
	for (size_t at = 0; at < text.len && seen < count; at++) {
		if (text.ptr[at] != '\n')
			continue;
		assert_int_equal(places[seen], at);
		seen++;
	}
	assert_int_equal(seen, count);
	assert_true(count <= NEWLINES_MAX);
	/* It may stop before NEWLINES_MAX, but not without any. */
	assert_true(count || slice_find_char(text, '\n') == SLICE_NOT_FOUND);
	assert_true(count > NEWLINES_MAX / 2 ||
		    slice_find_char(slice_skip(text, count ? places[count - 1] + 1 : 0), '\n') == SLICE_NOT_FOUND);
	test_free(copy);
}

static void test_every_length(void **state)
{
	static char text[1200];
	uint32_t seed = 5;
	(void)state;
	for (unsigned one_in = 1; one_in <= 400; one_in += 1 + one_in / 2) {
		for (size_t len = 0; len < sizeof text; len += 1 + len / 100) {
			for (size_t i = 0; i < len; i++)
				text[i] = next(&seed) % one_in ? (char)next(&seed) : '\n';
			check_text((struct slice){ text, len });
		}
	}
}

static void test_no_newline(void **state)
{
	static char text[100000];
	(void)state;
	memset(text, '\v', sizeof text);
	check_text((struct slice){ text, sizeof text });
	text[sizeof text - 1] = '\n';
	check_text((struct slice){ text, sizeof text });
	check_text(SLICE(""));
}

static void test_nothing_but_newlines(void **state)
{
	static char text[1000];
	(void)state;
	memset(text, '\n', sizeof text);
	check_text((struct slice){ text, sizeof text });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_length),
		cmocka_unit_test(test_no_newline),
		cmocka_unit_test(test_nothing_but_newlines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
