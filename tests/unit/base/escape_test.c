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

static void test_csv(void **state)
{
	static const struct {
		const char *name;
		struct slice text;
		const char *cell;
	} rows[] = {
		{ "plain", BYTES("photon-01"), "\"photon-01\"" },
		{ "comma and quotes", BYTES("a,\"b\""), "\"a,\"\"b\"\"\"" },
		{ "newline", BYTES("a\r\nb"), "\"a\\x0d\\x0ab\"" },
		{ "escape sequence", BYTES("\033[2J"), "\"\\x1b[2J\"" },
		{ "formula", BYTES("=cmd|' /C calc'!A0"), "\"'=cmd|' /C calc'!A0\"" },
		{ "plus", BYTES("+1"), "\"'+1\"" },
		{ "minus", BYTES("-1"), "\"'-1\"" },
		{ "at", BYTES("@SUM(A1)"), "\"'@SUM(A1)\"" },
		{ "TAB", BYTES("\t=1"), "\"'\t'=1\"" },
		{ "wide forms", BYTES("\xef\xbc\x9d" "1"), "\"'\xef\xbc\x9d" "1\"" },
		{ "behind another separator", BYTES("a;=1"), "\"a;'=1\"" },
		{ "behind it in quotes", BYTES("a; \"=1"), "\"a; \"\"'=1\"" },
		{ "behind a blank", BYTES(" =1"), "\" '=1\"" },
		{ "inside", BYTES("root=/dev/sda1 a-b"), "\"root=/dev/sda1 a-b\"" },
		{ "empty", BYTES(""), "\"\"" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf out = BUF_INIT(1024);
		escape_csv(&out, rows[i].text);
		expect_text(rows[i].name, buf_slice(&out), rows[i].cell);
		buf_deinit(&out);
	}
}

static void test_markdown(void **state)
{
	static const struct {
		const char *name;
		struct slice text;
		const char *shown;
	} rows[] = {
		{ "prose", BYTES("No driver (or two), and \"nothing\" else: it's a long-lost disk!"),
		  "No driver (or two), and \"nothing\" else: it's a long-lost disk!" },
		{ "numbers", BYTES("It has 839 MiB, not 16.5."), "It has 839 MiB, not 16.5." },
		{ "an address", BYTES("from 10.0.0.1 on"), "from `10.0.0.1` on" },
		{ "other alphabets", BYTES("gr\xc3\xbc\xc3\x9f \xe4\xbd\xa0"), "gr\xc3\xbc\xc3\x9f \xe4\xbd\xa0" },
		{ "names", BYTES("root=/dev/sdc1 in foo_probe, (sda1)."), "`root=/dev/sdc1` in `foo_probe`, (`sda1`)." },
		{ "brackets of a word", BYTES("on unknown-block(0,0)."), "on `unknown-block(0,0)`." },
		{ "HTML", BYTES("<script>alert(1)</script>"), "`<script>alert(1)</script>`" },
		{ "entity", BYTES("a&lt;b"), "`a&lt;b`" },
		{ "link", BYTES("[x](javascript:alert(1))"), "`[x](javascript:alert(1))`" },
		{ "link in pieces", BYTES("[x ](y )"), "`[x` `](y` `)`" },
		{ "image", BYTES("![x](http://e.com/?a=1)"), "`![x](http://e.com/?a=1)`" },
		{ "reference", BYTES("[x]: http://e.com"), "`[x]`: `http://e.com`" },
		{ "addresses that become links", BYTES("http://e.com www.e.com e.com a@e.com"),
		  "`http://e.com` `www.e.com` `e.com` `a@e.com`" },
		{ "names that are notified", BYTES("@all #12 GH-12 deadbeef1"), "`@all` `#12` `GH-12` `deadbeef1`" },
		{ "emphasis", BYTES("*a* _b_ ~~c~~ $d$ :tada:"), "`*a*` `_b_` `~~c~~` `$d$` `:tada`:" },
		{ "heading", BYTES("# a"), "`#` a" },
		{ "rule", BYTES("---"), "`---`" },
		{ "underline", BYTES("==="), "`===`" },
		{ "list", BYTES("- a"), "`-` a" },
		{ "dash between words", BYTES("a - b ... c"), "a - b ... c" },
		{ "numbered list", BYTES("1. a"), "`1`. a" },
		{ "numbered list with a bracket", BYTES("1) a"), "`1`) a" },
		{ "quotation", BYTES("> a"), "`>` a" },
		{ "indented code", BYTES("    a\t\tb "), "a b" },
		{ "line break", BYTES("a\\"), "`a\\`" },
		{ "table", BYTES("a|b ||"), "`a`\\|`b` \\|\\|" },
		{ "backslash and bar", BYTES("a\\|b"), "`a\\`\\|`b`" },
		{ "our own code", BYTES("Type `ls (hd0,1)/`, or (`reboot`)."), "Type `ls (hd0,1)/`, or (`reboot`)." },
		{ "our own code with a bar", BYTES("`a | b`"), "`a `\\|` b`" },
		{ "backticks inside", BYTES("a`b"), "``a`b``" },
		{ "backticks at the ends", BYTES("`a``b`c"), "``` `a``b`c ```" },
		{ "a backtick alone", BYTES("` a"), "`` ` `` a" },
		{ "a fence", BYTES("```sh"), "```` ```sh ````" },
		{ "code that is not ended", BYTES("`a b"), "`` `a `` b" },
		{ "spans one against another", BYTES("`a``b`"), "``` `a``b` ```" },
		{ "newline", BYTES("a\n# b"), "`a\\x0a#` b" },
		{ "escape sequence", BYTES("\033[2J"), "`\\x1b[2J`" },
		{ "bidi", BYTES("a\xe2\x80\xae" "b"), "`a\\u{202e}b`" },
		{ "only punctuation", BYTES("(') ?! :"), "`(')` `?!` `:`" },
		{ "empty", BYTES(""), "" },
		{ "blanks", BYTES(" \t "), "" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf out = BUF_INIT(1024);
		escape_markdown(&out, rows[i].text);
		expect_text(rows[i].name, buf_slice(&out), rows[i].shown);
		buf_deinit(&out);
	}
}

/* Code spans taken away, as CommonMark finds them, what is left has no mark of Markdown. */
static void assert_no_marks(struct slice text)
{
	while (text.len) {
		size_t fence = 0;
		while (fence < text.len && text.ptr[fence] == '`')
			fence++;
		if (!fence) {
			bool is_bar = text.len > 1 && text.ptr[0] == '\\' && text.ptr[1] == '|';
			assert_true(is_bar || text.ptr[0] == '\0' || !strchr("\\`*_{}[]<>#+~|$&@=^/", text.ptr[0]));
			assert_true(text.ptr[0] != '\n');
			text = slice_skip(text, is_bar ? 2 : 1);
			continue;
		}
		size_t end = fence, run = 0;
		while (end < text.len && run != fence) {
			for (run = 0; end < text.len && text.ptr[end] == '`'; end++)
				run++;
			end += run == 0;
		}
		assert_int_equal(run, fence); /* the span is ended */
		assert_true(slice_find_char(slice_take(text, end), '|') == SLICE_NOT_FOUND);
		text = slice_skip(text, end);
	}
}

static void test_markdown_on_anything(void **state)
{
	static const char alphabet[] = "```|\\ \t(.)'\"ab1-*_[]<>#@:/=&\n\x1b\xc3";
	uint32_t seed = 11;
	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		char bytes[24];
		for (size_t i = 0; i < sizeof bytes; i++) {
			seed = seed * 1664525 + 1013904223;
			bytes[i] = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
		}
		struct buf out = BUF_INIT(4096);
		escape_markdown(&out, (struct slice){ bytes, sizeof bytes });
		assert_no_marks(buf_slice(&out));
		buf_deinit(&out);
	}
}

static void test_markdown_block(void **state)
{
	static const struct {
		const char *name;
		struct slice text;
		int indent;
		const char *block;
	} rows[] = {
		{ "a command", BYTES("df -h /boot\n"), 0, "```\ndf -h /boot\n```\n" },
		{ "indented", BYTES("a\nb\n"), 3, "   ```\n   a\n   b\n   ```\n" },
		{ "no newline at its end", BYTES("a"), 0, "```\na\n```\n" },
		{ "a fence in it", BYTES("```\n# out\n"), 0, "````\n```\n# out\n````\n" },
		{ "a long one", BYTES("echo ``````"), 0, "```````\necho ``````\n```````\n" },
		{ "a lone backtick", BYTES("echo `date`"), 0, "```\necho `date`\n```\n" },
		{ "controls", BYTES("a\rb\033c"), 0, "```\na\\x0db\\x1bc\n```\n" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf out = BUF_INIT(1024);
		escape_markdown_block(&out, rows[i].text, rows[i].indent);
		expect_text(rows[i].name, buf_slice(&out), rows[i].block);
		buf_deinit(&out);
	}
}

static void test_label(void **state)
{
	static const struct {
		const char *name;
		struct slice text;
		const char *shown;
	} rows[] = {
		{ "plain", BYTES("samples/a b.log"), "samples/a b.log" },
		{ "quote", BYTES("a\"} 1"), "a\\\"} 1" },
		{ "newline", BYTES("a\nvmpanic_vms 9"), "a\\\\x0avmpanic_vms 9" },
		{ "a control and its picture stay different", BYTES("\033\\x1b"), "\\\\x1b\\\\x5cx1b" },
		{ "backslash at the end", BYTES("a\\"), "a\\\\x5c" },
		{ "empty", BYTES(""), "" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf out = BUF_INIT(1024);
		escape_label(&out, rows[i].text);
		expect_text(rows[i].name, buf_slice(&out), rows[i].shown);
		buf_deinit(&out);
	}
}

static void test_no_room(void **state)
{
	static void (*const escapers[])(struct buf *out, struct slice text) = {
		escape_terminal, escape_utf8, escape_csv, escape_markdown, escape_label,
	};
	(void)state;
	for (size_t i = 0; i < ROWS(escapers); i++) {
		struct buf out = BUF_INIT(8);
		escapers[i](&out, SLICE("long enough for none"));
		assert_true(out.failed);
		buf_deinit(&out);
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
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_markdown),
		cmocka_unit_test(test_markdown_on_anything),
		cmocka_unit_test(test_markdown_block),
		cmocka_unit_test(test_label),
		cmocka_unit_test(test_no_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
