#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/literals.h"

#define NEEDLES_MAX 8

static bool write_hit(void *user, size_t needle)
{
	buf_printf(user, "%zu ", needle);
	return true;
}

static struct literals *build(const char *const *words, size_t *count)
{
	struct slice needles[NEEDLES_MAX];
	for (*count = 0; words[*count]; (*count)++)
		needles[*count] = slice_of(words[*count]);
	struct literals *literals = literals_new(needles, *count, NULL);
	assert_non_null(literals);
	return literals;
}

/* Hits come in the order of their ends, at one end the longest first. */
static void test_hits(void **state)
{
	static const struct {
		const char *needles[NEEDLES_MAX];
		const char *text, *hits;
	} cases[] = {
		{ { "a" }, "", "" },
		{ { "a" }, "bcd", "" },
		{ { "a" }, "banana", "0 0 0 " },
		{ { "he", "she", "his", "hers" }, "ushers", "1 0 3 " },
		{ { "ab", "b", "abc" }, "xabcab", "0 1 2 0 1 " },
		{ { "aa" }, "aaaa", "0 0 0 " },
		{ { "abcd", "bc" }, "abcabcd", "1 1 0 " },
		{ { "abcde", "cd", "d" }, "abcdx", "1 2 " },
		{ { "same", "same", "other" }, "same", "1 0 " },
		{ { "Kernel panic", "panic" }, "Kernel panic - not", "0 1 " },
		{ { "\xff\xfe", "\x80" }, "a\x80\xff\xff\xfe", "1 0 " },
		{ { NULL }, "anything", "" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t count;
		struct literals *literals = build(cases[i].needles, &count);
		struct buf hits = BUF_INIT(1024);
		literals_find(literals, slice_of(cases[i].text), write_hit, &hits);
		assert_true(slice_is(buf_slice(&hits), cases[i].hits));
		assert_int_equal(literals_any(literals, slice_of(cases[i].text)), cases[i].hits[0] != '\0');
		buf_deinit(&hits);
		literals_free(literals);
	}
}

/* In either of them, where the other has ended, too. */
static void test_two_texts(void **state)
{
	static const struct {
		const char *a, *b;
		bool is_any;
	} cases[] = {
		{ "", "", false },
		{ "", "a needle", true },
		{ "a needle", "", true },
		{ "needl", "e", false },
		{ "short", "long, with the needle", true },
		{ "long, with the needle", "short", true },
		{ "long, ends in needl", "short", false },
		{ "needle at once", "none", true },
		{ "none", "needle at once", true },
	};
	const struct slice needle = SLICE("needle");
	struct literals *literals = literals_new(&needle, 1, NULL);
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(literals_any_of_two(literals, slice_of(cases[i].a), slice_of(cases[i].b)),
				 cases[i].is_any);
	literals_free(literals);
}

static bool stop_at_second(void *user, size_t needle)
{
	(void)needle;
	return ++*(size_t *)user < 2;
}

static void test_stops_when_told(void **state)
{
	const struct slice needle = SLICE("x");
	struct literals *literals = literals_new(&needle, 1, NULL);
	size_t hits = 0;
	(void)state;
	literals_find(literals, SLICE("xxxxx"), stop_at_second, &hits);
	assert_int_equal(hits, 2);
	literals_free(literals);
}

static void test_refuses_empty_needle(void **state)
{
	const struct slice needles[] = { SLICE("x"), SLICE("") };
	struct error err;
	(void)state;
	assert_null(literals_new(needles, 2, &err));
	assert_non_null(strstr(err.text, "empty"));
}

struct tally {
	size_t counts[NEEDLES_MAX];
};

static bool count_hit(void *user, size_t needle)
{
	((struct tally *)user)->counts[needle]++;
	return true;
}

static size_t count_plainly(struct slice text, struct slice needle)
{
	size_t count = 0;
	for (; text.len >= needle.len; text = slice_skip(text, 1))
		count += slice_starts(text, needle);
	return count;
}

static void fill_random(char *bytes, size_t len, unsigned letters)
{
	for (size_t i = 0; i < len; i++)
		bytes[i] = (char)(rand() % (int)letters);
}

/* Few letters make needles overlap and nest in every way; 256 use every byte class. */
static void check_random(unsigned letters)
{
	char texts[400], words[NEEDLES_MAX][6];
	struct slice needles[NEEDLES_MAX], text = { texts, sizeof texts };
	struct tally tally = { { 0 } };
	fill_random(texts, sizeof texts, letters);
	for (size_t i = 0; i < NEEDLES_MAX; i++) {
		fill_random(words[i], sizeof words[i], letters);
		needles[i] = (struct slice){ words[i], 1 + (size_t)rand() % sizeof words[i] };
	}
	struct literals *literals = literals_new(needles, NEEDLES_MAX, NULL);
	assert_non_null(literals);
	literals_find(literals, text, count_hit, &tally);
	for (size_t i = 0; i < NEEDLES_MAX; i++)
		assert_int_equal(tally.counts[i], count_plainly(text, needles[i]));
	literals_free(literals);
}

static void test_finds_what_a_plain_search_finds(void **state)
{
	(void)state;
	srand(20);
	for (unsigned round = 0; round < 300; round++)
		check_random(round % 3 == 0 ? 2 : round % 3 == 1 ? 4 : 256);
}

static void test_all_bytes_as_needles(void **state)
{
	char bytes[256];
	struct slice needles[256];
	size_t hits = 0;
	(void)state;
	for (size_t i = 0; i < 256; i++) {
		bytes[i] = (char)i;
		needles[i] = (struct slice){ &bytes[i], 1 };
	}
	struct literals *literals = literals_new(needles, 256, NULL);
	assert_non_null(literals);
	assert_true(literals_any(literals, SLICE("z")));
	literals_find(literals, SLICE("ab"), stop_at_second, &hits);
	assert_int_equal(hits, 2);
	literals_free(literals);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hits),
		cmocka_unit_test(test_two_texts),
		cmocka_unit_test(test_stops_when_told),
		cmocka_unit_test(test_refuses_empty_needle),
		cmocka_unit_test(test_finds_what_a_plain_search_finds),
		cmocka_unit_test(test_all_bytes_as_needles),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
