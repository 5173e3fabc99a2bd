#include "../expect.h"

static void test_terminal(void **state)
{
	static const struct {
		const char *name;
		struct slice text;
		const char *shown;
	} rows[] = {
		{ "plain", BYTES("Kernel panic - not syncing"), "Kernel panic - not syncing" },
		{ "TAB passes", BYTES("a\tb"), "a\tb" },
		{ "UTF-8 passes", BYTES("gr\xc3\xbc\xc3\x9f \xe4\xbd\xa0 \xf0\x9f\x90\xa7"), "gr\xc3\xbc\xc3\x9f \xe4\xbd\xa0 \xf0\x9f\x90\xa7" },
		{ "backslash passes", BYTES("\\x1b"), "\\x1b" },
		{ "NUL", BYTES("a\0b"), "a\\x00b" },
		{ "escape sequence", BYTES("\033[2J"), "\\x1b[2J" },
		{ "carriage return", BYTES("ok\rbad"), "ok\\x0dbad" },
		{ "newline", BYTES("a\nb"), "a\\x0ab" },
		{ "backspace", BYTES("a\bb"), "a\\x08b" },
		{ "vertical tab", BYTES("a\vb"), "a\\x0bb" },
		{ "form feed", BYTES("a\fb"), "a\\x0cb" },
		{ "bell", BYTES("\a"), "\\x07" },
		{ "DEL", BYTES("\x7f"), "\\x7f" },
		{ "CSI of C1", BYTES("\xc2\x9b" "2J"), "\\u{9b}2J" },
		{ "next line of C1", BYTES("\xc2\x85"), "\\u{85}" },
		{ "raw C1 byte", BYTES("\x9b" "2J"), "\\x9b2J" },
		{ "no-break space passes", BYTES("\xc2\xa0"), "\xc2\xa0" },
		{ "soft hyphen", BYTES("\xc2\xad"), "\\u{ad}" },
		{ "zero width space", BYTES("\xe2\x80\x8b"), "\\u{200b}" },
		{ "left-to-right mark", BYTES("\xe2\x80\x8e"), "\\u{200e}" },
		{ "right-to-left mark", BYTES("\xe2\x80\x8f"), "\\u{200f}" },
		{ "Arabic letter mark", BYTES("\xd8\x9c"), "\\u{61c}" },
		{ "line separator", BYTES("\xe2\x80\xa8"), "\\u{2028}" },
		{ "paragraph separator", BYTES("\xe2\x80\xa9"), "\\u{2029}" },
		{ "left-to-right embedding", BYTES("\xe2\x80\xaa"), "\\u{202a}" },
		{ "right-to-left embedding", BYTES("\xe2\x80\xab"), "\\u{202b}" },
		{ "pop directional formatting", BYTES("\xe2\x80\xac"), "\\u{202c}" },
		{ "left-to-right override", BYTES("\xe2\x80\xad"), "\\u{202d}" },
		{ "right-to-left override", BYTES("\xe2\x80\xae"), "\\u{202e}" },
		{ "narrow no-break space passes", BYTES("\xe2\x80\xaf"), "\xe2\x80\xaf" },
		{ "word joiner", BYTES("\xe2\x81\xa0"), "\\u{2060}" },
		{ "left-to-right isolate", BYTES("\xe2\x81\xa6"), "\\u{2066}" },
		{ "right-to-left isolate", BYTES("\xe2\x81\xa7"), "\\u{2067}" },
		{ "first strong isolate", BYTES("\xe2\x81\xa8"), "\\u{2068}" },
		{ "pop directional isolate", BYTES("\xe2\x81\xa9"), "\\u{2069}" },
		{ "byte order mark", BYTES("\xef\xbb\xbf"), "\\u{feff}" },
		{ "interlinear annotation", BYTES("\xef\xbf\xb9"), "\\u{fff9}" },
		{ "replacement character passes", BYTES("\xef\xbf\xbd"), "\xef\xbf\xbd" },
		{ "tag character", BYTES("\xf3\xa0\x81\x81"), "\\u{e0041}" },
		{ "continuation alone", BYTES("\x80"), "\\x80" },
		{ "overlong slash", BYTES("\xc0\xaf"), "\\xc0\\xaf" },
		{ "overlong NUL", BYTES("\xc0\x80"), "\\xc0\\x80" },
		{ "overlong of three", BYTES("\xe0\x80\xaf"), "\\xe0\\x80\\xaf" },
		{ "overlong of four", BYTES("\xf0\x80\x80\xaf"), "\\xf0\\x80\\x80\\xaf" },
		{ "surrogate", BYTES("\xed\xa0\x80"), "\\xed\\xa0\\x80" },
		{ "last before the surrogates passes", BYTES("\xed\x9f\xbf"), "\xed\x9f\xbf" },
		{ "above U+10FFFF", BYTES("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80" },
		{ "U+10FFFF passes", BYTES("\xf4\x8f\xbf\xbf"), "\xf4\x8f\xbf\xbf" },
		{ "five bytes", BYTES("\xf8\x88\x80\x80\x80"), "\\xf8\\x88\\x80\\x80\\x80" },
		{ "FE and FF", BYTES("\xfe\xff"), "\\xfe\\xff" },
		{ "cut at the end", BYTES("a\xe2\x80"), "a\\xe2\\x80" },
		{ "cut by a letter", BYTES("\xe2\x80z"), "\\xe2\\x80z" },
		{ "a lead byte only", BYTES("\xc3"), "\\xc3" },
		{ "GBK bytes", BYTES("\xc9\xf9"), "\\xc9\\xf9" },
		{ "empty", BYTES(""), "" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf out = BUF_INIT(1024);
		escape_terminal(&out, rows[i].text);
		expect_text(rows[i].name, buf_slice(&out), rows[i].shown);
		buf_deinit(&out);
	}
}

static void test_html(void **state)
{
	static const struct {
		const char *name;
		struct slice text;
		const char *shown;
	} rows[] = {
		{ "plain", BYTES("VFS: Unable to mount root fs"), "VFS: Unable to mount root fs" },
		{ "an element", BYTES("<script>"), "&lt;script&gt;" },
		{ "the end of one", BYTES("a</script>b"), "a&lt;/script&gt;b" },
		{ "a comment", BYTES("<!--"), "&lt;!--" },
		{ "quotes", BYTES("\"a' b"), "&quot;a&#39; b" },
		{ "a reference", BYTES("&lt;"), "&amp;lt;" },
		{ "all of them", BYTES("&<>\"'"), "&amp;&lt;&gt;&quot;&#39;" },
		{ "an escape sequence in front of one", BYTES("\033<"), "\\x1b&lt;" },
		{ "NUL and newline", BYTES("a\0\n<"), "a\\x00\\x0a&lt;" },
		{ "right-to-left override", BYTES("\xe2\x80\xae>"), "\\u{202e}&gt;" },
		{ "not UTF-8", BYTES("<\xff\xc3"), "&lt;\\xff\\xc3" },
		{ "UTF-8 and TAB pass", BYTES("gr\xc3\xbc\xc3\x9f\t&"), "gr\xc3\xbc\xc3\x9f\t&amp;" },
		{ "empty", BYTES(""), "" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf out = BUF_INIT(1024);
		escape_html(&out, rows[i].text);
		expect_text(rows[i].name, buf_slice(&out), rows[i].shown);
		buf_deinit(&out);
	}
}

/* But for the five characters, what a terminal is shown. */
static void test_html_shows_what_a_terminal_shows(void **state)
{
	uint32_t seed = 11;
	(void)state;
	for (unsigned round = 0; round < 5000; round++) {
		char bytes[64];
		for (size_t i = 0; i < sizeof bytes; i++) {
			seed = seed * 1664525 + 1013904223;
			bytes[i] = (char)(seed >> 24);
			if (strchr("&<>\"'", bytes[i]))
				bytes[i] = 'x';
		}
		struct slice text = { bytes, sizeof bytes };
		struct buf html = BUF_INIT(4096), terminal = BUF_INIT(4096);
		escape_html(&html, text);
		escape_terminal(&terminal, text);
		expect_slices("random bytes", buf_slice(&html), buf_slice(&terminal));
		buf_deinit(&html);
		buf_deinit(&terminal);
	}
}

static uint32_t code_of(struct slice text, size_t len)
{
	static const unsigned char masks[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t code = (unsigned char)text.ptr[0] & masks[len];
	for (size_t i = 1; i < len; i++)
		code = code << 6 | ((unsigned char)text.ptr[i] & 0x3f);
	return code;
}

/* Valid UTF-8, and of it only what leaves a terminal as it is. */
static void assert_harmless(struct slice text)
{
	while (text.len) {
		size_t len = utf8_char_len(text);
		assert_int_not_equal(len, 0);
		uint32_t code = code_of(text, len);
		assert_true(code >= 0x20 || code == '\t');
		assert_false(code >= 0x7f && code < 0xa0);
		assert_false(code >= 0x202a && code <= 0x202e);
		assert_false(code >= 0x2066 && code <= 0x2069);
		text = slice_skip(text, len);
	}
}

static void test_terminal_is_never_sent_a_control(void **state)
{
	uint32_t seed = 7;
	char bytes[64];
	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		/* Lead bytes with and without what should follow them, and everything else. */
		for (size_t i = 0; i < sizeof bytes; i++) {
			seed = seed * 1664525 + 1013904223;
			unsigned kind = seed >> 29;
			bytes[i] = (char)(kind < 3 ? 0x80 | (seed >> 8 & 0x3f) : kind == 3 ? 0xe2 : seed >> 12);
		}
		struct buf out = BUF_INIT(4096);
		escape_terminal(&out, (struct slice){ bytes, sizeof bytes });
		assert_harmless(buf_slice(&out));
		buf_deinit(&out);
	}
}

static void test_terminal_on_every_byte(void **state)
{
	(void)state;
	for (unsigned byte = 0; byte < 256; byte++) {
		char text[] = { 'a', (char)byte, 'z' };
		struct buf out = BUF_INIT(64);
		escape_terminal(&out, (struct slice){ text, sizeof text });
		assert_harmless(buf_slice(&out));
		assert_true((out.len == 3) == ((byte >= 0x20 && byte < 0x7f) || byte == '\t'));
		buf_deinit(&out);
	}
}

static void test_utf8(void **state)
{
	static const struct {
		const char *name;
		struct slice text;
		const char *shown;
		size_t columns;
	} rows[] = {
		{ "plain", BYTES("abc"), "abc", 3 },
		{ "controls pass: JSON escapes them itself", BYTES("a\033\n\t"), "a\033\n\t", 4 },
		{ "valid passes", BYTES("\xc3\xbc\xe2\x80\xae"), "\xc3\xbc\xe2\x80\xae", 2 },
		{ "NUL", BYTES("a\0b"), "a\\x00b", 3 },
		{ "invalid", BYTES("\xff\xc3"), "\\xff\\xc3", 2 },
		{ "surrogate", BYTES("\xed\xa0\x80"), "\\xed\\xa0\\x80", 3 },
		{ "empty", BYTES(""), "", 0 },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf out = BUF_INIT(1024);
		escape_utf8(&out, rows[i].text);
		expect_text(rows[i].name, buf_slice(&out), rows[i].shown);
		expect_number(rows[i].name, (int64_t)utf8_columns(rows[i].text), (int64_t)rows[i].columns);
		buf_deinit(&out);
	}
}

static void test_shell(void **state)
{
	static const struct {
		const char *name;
		struct slice text;
		bool plain;
	} rows[] = {
		{ "device", BYTES("/dev/sda1"), true },
		{ "PARTUUID", BYTES("PARTUUID=611e2d9a-a3da-4ac7-9eb9-8d09cb151a93"), true },
		{ "release", BYTES("6.1.0-23-amd64"), true },
		{ "all marks", BYTES("a._/:=@,+-"), true },
		{ "empty", BYTES(""), false },
		{ "an option", BYTES("-rf"), false },
		{ "blank", BYTES("a b"), false },
		{ "command", BYTES("$(reboot)"), false },
		{ "semicolon", BYTES("a;b"), false },
		{ "quote", BYTES("a'b"), false },
		{ "newline", BYTES("a\nb"), false },
		{ "NUL", BYTES("a\0b"), false },
		{ "tilde", BYTES("~root"), false },
		{ "star", BYTES("/dev/sd*"), false },
		{ "UTF-8", BYTES("\xc3\xbc"), false },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_true(rows[i].name, escape_shell_is_plain(rows[i].text) == rows[i].plain);
	for (unsigned byte = 0; byte < 256; byte++) {
		char text[] = { 'a', (char)byte };
		bool plain = byte && (char_is_alpha((char)byte) || char_is_digit((char)byte) ||
				      strchr("._/:=@,+-", (int)byte));
		assert_true(escape_shell_is_plain((struct slice){ text, 2 }) == plain);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_terminal),
		cmocka_unit_test(test_html),
		cmocka_unit_test(test_html_shows_what_a_terminal_shows),
		cmocka_unit_test(test_terminal_is_never_sent_a_control),
		cmocka_unit_test(test_terminal_on_every_byte),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_shell),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
