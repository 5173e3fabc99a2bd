#include "../expect.h"

static void write_cut(struct buf *out, bool found, struct slice cut)
{
	if (found)
		buf_append(out, cut);
	else
		buf_text(out, "(none)");
}

static void test_cuts(void **state)
{
	static const struct {
		const char *name, *text, *open, *close, *until, *after, *between;
	} rows[] = {
		{ "plain", "a(b)c", "(", ")", "a", "b)c", "b" },
		{ "nothing inside", "a()c", "(", ")", "a", ")c", "" },
		{ "no close", "a(bc", "(", ")", "a", "bc", "(none)" },
		{ "close before open", "a)b(c", "(", ")", "a)b", "c", "(none)" },
		{ "the first of several", "a(b)(c)", "(", ")", "a", "b)(c)", "b" },
		{ "at the front", "(b)", "(", ")", "", "b)", "b" },
		{ "at the end", "ab(", "(", ")", "ab", "", "(none)" },
		{ "not there", "abc", "(", ")", "abc", "(none)", "(none)" },
		{ "empty", "", "(", ")", "", "(none)", "(none)" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct slice text = slice_of(rows[i].text), open = slice_of(rows[i].open), cut = SLICE("");
		struct buf out = BUF_INIT(256);
		expect_text(rows[i].name, slice_until(text, rows[i].open[0]), rows[i].until);
		write_cut(&out, slice_after(text, open, &cut), cut);
		expect_text(rows[i].name, buf_slice(&out), rows[i].after);
		buf_clear(&out);
		write_cut(&out, slice_between(text, open, slice_of(rows[i].close), &cut), cut);
		expect_text(rows[i].name, buf_slice(&out), rows[i].between);
		buf_deinit(&out);
	}
}

static void test_find(void **state)
{
	static const struct {
		const char *name;
		struct slice text, needle;
		size_t place;
	} rows[] = {
		{ "front", BYTES("abc"), BYTES("ab"), 0 },
		{ "end", BYTES("abc"), BYTES("c"), 2 },
		{ "whole", BYTES("abc"), BYTES("abc"), 0 },
		{ "longer than the text", BYTES("abc"), BYTES("abcd"), SLICE_NOT_FOUND },
		{ "nearly", BYTES("aab"), BYTES("ab"), 1 },
		{ "not there", BYTES("abc"), BYTES("x"), SLICE_NOT_FOUND },
		{ "behind many first bytes", BYTES("aaaaaaaaaaaaaab"), BYTES("ab"), 13 },
		{ "only first bytes", BYTES("aaaaaaaaaaaaaaa"), BYTES("ab"), SLICE_NOT_FOUND },
		{ "empty needle", BYTES("abc"), BYTES(""), 0 },
		{ "empty text", BYTES(""), BYTES("a"), SLICE_NOT_FOUND },
		{ "behind a NUL", BYTES("a\0bc"), BYTES("bc"), 2 },
		{ "a NUL", BYTES("ab\0"), BYTES("\0"), 2 },
		{ "no memory behind", { NULL, 0 }, BYTES("a"), SLICE_NOT_FOUND },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		expect_true(rows[i].name, slice_find(rows[i].text, rows[i].needle) == rows[i].place);
		char first = rows[i].needle.len == 1 ? rows[i].needle.ptr[0] : '\0';
		if (rows[i].needle.len == 1)
			expect_true(rows[i].name, slice_find_char(rows[i].text, first) == rows[i].place);
		expect_true(rows[i].name, slice_contains(rows[i].text, rows[i].needle) ==
						  (rows[i].place != SLICE_NOT_FOUND));
	}
}

static void test_ends(void **state)
{
	static const struct {
		const char *name, *text, *part;
		bool starts, ends;
		const char *eaten;
	} rows[] = {
		{ "both", "aba", "a", true, true, "ba" },
		{ "front", "abc", "ab", true, false, "c" },
		{ "end", "abc", "bc", false, true, "abc" },
		{ "whole", "abc", "abc", true, true, "" },
		{ "longer", "abc", "abcd", false, false, "abc" },
		{ "empty part", "abc", "", true, true, "abc" },
		{ "both empty", "", "", true, true, "" },
		{ "other case", "abc", "A", false, false, "abc" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct slice text = slice_of(rows[i].text), part = slice_of(rows[i].part), rest = text;
		expect_true(rows[i].name, slice_starts(text, part) == rows[i].starts);
		expect_true(rows[i].name, slice_ends(text, part) == rows[i].ends);
		expect_true(rows[i].name, slice_eat(&rest, part) == rows[i].starts);
		expect_text(rows[i].name, rest, rows[i].eaten);
	}
}

static void test_take_and_skip_stay_inside(void **state)
{
	static const struct {
		const char *name, *text;
		size_t count;
		const char *taken, *skipped;
	} rows[] = {
		{ "none", "abc", 0, "", "abc" },
		{ "some", "abc", 2, "ab", "c" },
		{ "all", "abc", 3, "abc", "" },
		{ "more", "abc", 4, "abc", "" },
		{ "not found", "abc", SLICE_NOT_FOUND, "abc", "" },
		{ "of nothing", "", 1, "", "" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct slice text = slice_of(rows[i].text);
		expect_text(rows[i].name, slice_take(text, rows[i].count), rows[i].taken);
		expect_text(rows[i].name, slice_skip(text, rows[i].count), rows[i].skipped);
	}
}

static void test_blanks(void **state)
{
	static const struct {
		const char *name, *text, *left, *right, *both, *words;
	} rows[] = {
		{ "none", "ab", "ab", "ab", "ab", "ab|" },
		{ "around", " \tab \t", "ab \t", " \tab", "ab", "ab|" },
		{ "inside", "a  b", "a  b", "a  b", "a  b", "a|b|" },
		{ "only blanks", " \t ", "", "", "", "" },
		{ "empty", "", "", "", "", "" },
		{ "no blanks: CR and NEL", "\ra\xc2\x85 ", "\ra\xc2\x85 ", "\ra\xc2\x85", "\ra\xc2\x85", "\ra\xc2\x85|" },
		{ "many words", "a b\tc ", "a b\tc ", "a b\tc", "a b\tc", "a|b|c|" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct slice text = slice_of(rows[i].text), rest = text;
		struct buf out = BUF_INIT(256);
		expect_text(rows[i].name, slice_trim_left(text), rows[i].left);
		expect_text(rows[i].name, slice_trim_right(text), rows[i].right);
		expect_text(rows[i].name, slice_trim(text), rows[i].both);
		for (struct slice word = slice_word(&rest); word.len; word = slice_word(&rest)) {
			buf_append(&out, word);
			buf_char(&out, '|');
		}
		expect_text(rows[i].name, buf_slice(&out), rows[i].words);
		buf_deinit(&out);
	}
}

static void test_equal(void **state)
{
	static const struct {
		const char *name;
		struct slice a, b;
		bool equal, nocase;
	} rows[] = {
		{ "same", BYTES("aB1"), BYTES("aB1"), true, true },
		{ "case", BYTES("guestOS"), BYTES("GUESTos"), false, true },
		{ "not letters", BYTES("@["), BYTES("`{"), false, false },
		{ "length", BYTES("a"), BYTES("ab"), false, false },
		{ "NUL inside", BYTES("a\0b"), BYTES("a\0c"), false, false },
		{ "empty", BYTES(""), { NULL, 0 }, true, true },
		{ "umlauts are bytes", BYTES("\xc3\xa4"), BYTES("\xc3\x84"), false, false },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		expect_true(rows[i].name, slice_equal(rows[i].a, rows[i].b) == rows[i].equal);
		expect_true(rows[i].name, slice_equal_nocase(rows[i].a, rows[i].b) == rows[i].nocase);
	}
}

static void write_number(struct buf *out, bool ate, uint64_t value, struct slice rest)
{
	if (ate)
		buf_printf(out, "%llu", (unsigned long long)value);
	else
		buf_text(out, "-");
	buf_char(out, '|');
	buf_append(out, rest);
}

static void test_numbers(void **state)
{
	static const struct {
		const char *name, *text, *decimal, *hex;
	} rows[] = {
		{ "digits", "12ab", "12|ab", "4779|" },
		{ "letters", "fFg", "-|fFg", "255|g" },
		{ "empty", "", "-|", "-|" },
		{ "blank before", " 1", "-| 1", "-| 1" },
		{ "sign", "-1", "-|-1", "-|-1" },
		{ "zeros", "0007", "7|", "7|" },
		{ "largest decimal", "18446744073709551615", "18446744073709551615|", "-|18446744073709551615" },
		{ "one more", "18446744073709551616", "-|18446744073709551616", "-|18446744073709551616" },
		{ "largest hex", "ffffffffffffffff.", "-|ffffffffffffffff.", "18446744073709551615|." },
		{ "one digit more", "10000000000000000", "10000000000000000|", "-|10000000000000000" },
		{ "0x is no digit", "0x10", "0|x10", "0|x10" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf out = BUF_INIT(256);
		struct slice rest = slice_of(rows[i].text);
		uint64_t value = 0;
		bool ate = slice_eat_decimal(&rest, &value);
		write_number(&out, ate, value, rest);
		expect_text(rows[i].name, buf_slice(&out), rows[i].decimal);
		buf_clear(&out);
		rest = slice_of(rows[i].text);
		ate = slice_eat_hex(&rest, &value);
		write_number(&out, ate, value, rest);
		expect_text(rows[i].name, buf_slice(&out), rows[i].hex);
		buf_deinit(&out);
	}
}

static void test_whole_numbers(void **state)
{
	static const struct {
		const char *name, *text;
		bool is_decimal, is_signed;
		int64_t value;
	} rows[] = {
		{ "plain", "42", true, true, 42 },
		{ "negative", "-42", false, true, -42 },
		{ "two signs", "--4", false, false, 0 },
		{ "only a sign", "-", false, false, 0 },
		{ "text behind", "4x", false, false, 0 },
		{ "blank behind", "4 ", false, false, 0 },
		{ "empty", "", false, false, 0 },
		{ "largest", "9223372036854775807", true, true, INT64_MAX },
		{ "too large for a sign", "9223372036854775808", true, false, INT64_MIN },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		uint64_t number;
		int64_t with_sign;
		expect_true(rows[i].name, slice_to_decimal(slice_of(rows[i].text), &number) == rows[i].is_decimal);
		expect_true(rows[i].name, slice_to_signed(slice_of(rows[i].text), &with_sign) == rows[i].is_signed);
		if (rows[i].is_decimal)
			expect_number(rows[i].name, (int64_t)number, rows[i].value);
		if (rows[i].is_signed)
			expect_number(rows[i].name, with_sign, rows[i].value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_take_and_skip_stay_inside),
		cmocka_unit_test(test_blanks),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_whole_numbers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
