#include "../expect.h"

static void append_text(struct buf *buf, const char *text)
{
	buf_text(buf, text);
}

static void append_char(struct buf *buf, const char *text)
{
	for (; *text; text++)
		buf_char(buf, *text);
}

static void append_printf(struct buf *buf, const char *text)
{
	buf_printf(buf, "%s", text);
}

static void append_repeat(struct buf *buf, const char *text)
{
	buf_repeat(buf, text[0], (int)strlen(text));
}

static void test_limit(void **state)
{
	static const struct {
		const char *name;
		void (*append)(struct buf *, const char *);
		size_t limit;
		const char *text, *kept;
		bool failed;
	} rows[] = {
		{ "within", append_text, 8, "abc", "abc", false },
		{ "to the byte", append_text, 3, "abc", "abc", false },
		{ "one over: nothing of it is kept", append_text, 2, "abc", "", true },
		{ "nothing fits into no room", append_text, 0, "a", "", true },
		{ "nothing into no room", append_text, 0, "", "", false },
		{ "characters", append_char, 3, "abc", "abc", false },
		{ "characters, one over", append_char, 2, "abc", "ab", true },
		{ "printf", append_printf, 4, "abc", "abc", false },
		{ "printf, over", append_printf, 2, "abc", "", true },
		{ "repeat", append_repeat, 4, "xxxx", "xxxx", false },
		{ "repeat, one over", append_repeat, 3, "xxxx", "xxx", true },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf buf = BUF_INIT(rows[i].limit);
		rows[i].append(&buf, rows[i].text);
		expect_text(rows[i].name, buf_slice(&buf), rows[i].kept);
		expect_true(rows[i].name, buf.failed == rows[i].failed);
		buf_deinit(&buf);
	}
}

static void test_failure_is_sticky(void **state)
{
	struct buf buf = BUF_INIT(4);
	(void)state;
	buf_text(&buf, "ab");
	buf_text(&buf, "cdefg");
	buf_text(&buf, "x");
	buf_char(&buf, 'y');
	buf_printf(&buf, "%d", 1);
	assert_true(buf.failed);
	expect_text("what came before stays", buf_slice(&buf), "ab");
	buf_clear(&buf);
	buf_text(&buf, "z");
	assert_true(buf.failed);
	assert_int_equal(buf.len, 0);
	buf_deinit(&buf);
	assert_false(buf.failed);
	buf_text(&buf, "abcd");
	expect_text("a new life with the old limit", buf_slice(&buf), "abcd");
	buf_deinit(&buf);
}

static void test_grows(void **state)
{
	struct buf buf = BUF_INIT(1 << 20);
	(void)state;
	for (unsigned i = 0; i < 20000; i++)
		buf_printf(&buf, "%05u ", i);
	assert_false(buf.failed);
	assert_int_equal(buf.len, 120000);
	expect_slices("the first", slice_take(buf_slice(&buf), 6), SLICE("00000 "));
	expect_slices("the last", slice_skip(buf_slice(&buf), 119994), SLICE("19999 "));
	buf_deinit(&buf);
}

static void test_repeat_of_nothing(void **state)
{
	struct buf buf = BUF_INIT(16);
	(void)state;
	buf_repeat(&buf, 'x', 0);
	buf_repeat(&buf, 'x', -5);
	assert_int_equal(buf.len, 0);
	assert_false(buf.failed);
	buf_deinit(&buf);
}

static void test_any_bytes(void **state)
{
	const struct slice bytes = SLICE("a\0b\xff");
	struct buf buf = BUF_INIT(16);
	(void)state;
	buf_append(&buf, bytes);
	expect_slices("NUL and invalid UTF-8", buf_slice(&buf), bytes);
	buf_deinit(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_failure_is_sticky),
		cmocka_unit_test(test_grows),
		cmocka_unit_test(test_repeat_of_nothing),
		cmocka_unit_test(test_any_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
