#include "../expect.h"

#include "base/needles.h"

static uint32_t next(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) % below;
}

/* More than eight, some of them alike, one a part of another, and one shorter than a front. */
static const struct slice words[] = {
	BYTES("Guest:"), BYTES("DICT "), BYTES("- "), BYTES("DISK: OPEN"), BYTES("PANIC"), BYTES("PAN"), BYTES("aaaa"),
	BYTES("[msg."), BYTES("[msg.disk"), BYTES("Gue"), BYTES("VMX exit ("), BYTES("x"),
};

static bool begins_word(struct slice text, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slice_starts(text, words[i]))
			return true;
	return false;
}

/* Byte by byte. */
static size_t find_simply(struct slice text, size_t from, size_t count, uint64_t *newlines)
{
	for (; from < text.len && !begins_word(slice_skip(text, from), count); from++)
		*newlines += text.ptr[from] == '\n';
	return from;
}

/* All words of the text, with each way that this processor has. */
static void check_words(struct slice text, size_t count)
{
	needles_find_front *ways[NEEDLES_WAYS];
	struct needles needles;
	needles_init(&needles, words, count);
	for (size_t way = needles_ways(ways); way-- > 0;) {
		uint64_t newlines = 0, expected_newlines = 0;
		needles.find_front = ways[way];
		for (size_t at = 0; at < text.len; at++) {
			size_t expected = find_simply(text, at, count, &expected_newlines);
			at = needles_find(&needles, text, at, &newlines);
			assert_int_equal(at, expected);
			assert_int_equal(newlines, expected_newlines);
		}
		assert_int_equal(needles_find(&needles, text, text.len, &newlines), text.len);
		assert_int_equal(newlines, expected_newlines);
	}
}

static void write_text(struct buf *out, uint32_t *seed, size_t len)
{
	while (out->len < len) {
		struct slice word = words[next(seed, ROWS(words))];
		switch (next(seed, 8)) {
		case 0:
			buf_append(out, slice_take(word, next(seed, 12)));
			break;
		case 1:
			buf_char(out, '\n');
			break;
		case 2:
			buf_char(out, (char)next(seed, 256));
			break;
		default:
			for (unsigned more = next(seed, 40); more; more--)
				buf_char(out, "etaoinsr 0123:."[next(seed, 15)]);
		}
	}
}

/* The text is a block of its own size, so that a sanitizer sees a step over its end. */
static void check_copy(struct slice text, size_t count)
{
	char *copy = test_malloc(text.len + 1);
	memcpy(copy + 1, text.ptr, text.len);
	check_words((struct slice){ copy + 1, text.len }, count);
	test_free(copy);
}

static void test_every_length(void **state)
{
	uint32_t seed = 7;
	(void)state;
	for (size_t len = 1; len < 700; len++) {
		struct buf text = BUF_INIT(4096);
		write_text(&text, &seed, len);
		check_copy(slice_take(buf_slice(&text), len), 1 + next(&seed, ROWS(words)));
		buf_deinit(&text);
	}
}

/* At every place of a step, and cut by the end. */
static void test_every_place(void **state)
{
	char text[300];
	(void)state;
	for (size_t word = 0; word < ROWS(words); word++) {
		for (size_t at = 0; at < 200; at++) {
			memset(text, at % 2 ? '.' : '\n', sizeof text);
			memcpy(text + at, words[word].ptr, words[word].len);
			for (size_t len = at; len <= at + words[word].len; len++)
				check_copy((struct slice){ text, len }, ROWS(words));
			check_copy((struct slice){ text, sizeof text }, ROWS(words));
		}
	}
}

/* Behind a short word any byte may stand. */
static void test_any_byte_behind(void **state)
{
	char text[200];
	(void)state;
	for (unsigned byte = 0; byte < 256; byte++) {
		memset(text, (int)byte, sizeof text);
		memcpy(text + 20, "- ", 2);
		check_copy((struct slice){ text, sizeof text }, ROWS(words));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_length),
		cmocka_unit_test(test_every_place),
		cmocka_unit_test(test_any_byte_behind),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
