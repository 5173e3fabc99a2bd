#include "../expect.h"

#include "base/limits.h"
#include "report/html.h"

static bool take(void *user, struct slice bytes)
{
	buf_append(user, bytes);
	return true;
}

/* What `make` writes; the caller frees it. */
static struct buf written(void (*make)(struct html *html, struct slice text), struct slice text)
{
	struct buf out = BUF_INIT(16 * MIB);
	struct report_output output = { &out, take };
	struct html html;
	html_init(&html, &output, NULL);
	make(&html, text);
	assert_true(html_finish(&html, true));
	return out;
}

static void expect_written(const char *row, void (*make)(struct html *html, struct slice text), struct slice text,
			   const char *expected)
{
	struct buf out = written(make, text);
	expect_text(row, buf_slice(&out), expected);
	buf_deinit(&out);
}

static void test_times(void **state)
{
	static const struct {
		const char *name;
		struct slice stamp;
		const char *shown;
	} rows[] = {
		{ "UTC", BYTES("2025-02-18T22:04:17.987Z"),
		  "<time datetime=\"2025-02-18T22:04:17.987Z\">2025-02-18 <span>22:04:17 UTC</span></time>" },
		{ "an offset", BYTES("2016-08-30T16:02:43.220-07:00"),
		  "<time datetime=\"2016-08-30T16:02:43.220-07:00\">2016-08-30 <span>16:02:43 -07:00</span></time>" },
		{ "half an hour", BYTES("2016-08-30T16:02:43.220+05:30"),
		  "<time datetime=\"2016-08-30T16:02:43.220+05:30\">2016-08-30 <span>16:02:43 +05:30</span></time>" },
		{ "no zone", BYTES("2026-11-21T21:32:05.000"),
		  "<time datetime=\"2026-11-21T21:32:05.000\">2026-11-21 <span>21:32:05</span></time>" },
		{ "no year", BYTES("May 12 18:25:08"), "May 12 18:25:08" },
		{ "more behind it", BYTES("2025-02-18T22:04:17Z<b>"), "2025-02-18T22:04:17Z&lt;b&gt;" },
		{ "no stamp", BYTES("<b>"), "&lt;b&gt;" },
		{ "none", BYTES(""), "" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_written(rows[i].name, html_time, rows[i].stamp, rows[i].shown);
}

static void test_prose(void **state)
{
	static const struct {
		const char *name;
		struct slice text;
		const char *shown;
	} rows[] = {
		{ "a paragraph", BYTES("Reset the VM."), "<p>Reset the VM.</p>\n" },
		{ "two", BYTES("One.\n\nTwo."), "<p>One.</p>\n<p>Two.</p>\n" },
		{ "code", BYTES("Press `e` or `F10`."), "<p>Press <code>e</code> or <code>F10</code>.</p>\n" },
		{ "code that does not end", BYTES("Press `e\nthen go"), "<p>Press <code>e</code></p>\n<p>then go</p>\n" },
		{ "markup in code", BYTES("`<b>`"), "<p><code>&lt;b&gt;</code></p>\n" },
		{ "nothing", BYTES(""), "" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_written(rows[i].name, html_prose, rows[i].text, rows[i].shown);
}

static void fill(struct html *html, struct slice text)
{
	html_fill(html, "<a title=\"@\">@</a>", text, SLICE("@"));
}

static void test_places_of_texts(void **state)
{
	(void)state;
	expect_written("an attribute", fill, SLICE("\"@<"), "<a title=\"&quot;@&lt;\">@</a>");
}

static void put_count(struct html *html, struct slice text)
{
	uint64_t count;
	assert_true(slice_to_decimal(text, &count));
	html_counted(html, count, "boot");
}

static void test_counts(void **state)
{
	(void)state;
	expect_written("none", put_count, SLICE("0"), "0 boots");
	expect_written("one", put_count, SLICE("1"), "1 boot");
	expect_written("a thousand", put_count, SLICE("1000"), "1,000 boots");
	expect_written("zeros within", put_count, SLICE("12003045"), "12,003,045 boots");
}

static void test_a_long_text_is_cut_between_characters(void **state)
{
	char bytes[HTML_TEXT_BYTES + 500];
	struct slice text = { bytes, sizeof bytes };
	(void)state;
	for (size_t shift = 0; shift < 3; shift++) {
		memset(bytes, 'x', sizeof bytes);
		for (size_t i = HTML_TEXT_BYTES - 30 + shift; i + 3 < sizeof bytes; i += 3)
			memcpy(bytes + i, "\xe2\x82\xac", 3);
		struct buf out = written(html_text, text);
		assert_true(out.len < HTML_TEXT_BYTES + 40);
		assert_false(slice_contains(buf_slice(&out), SLICE("\\x")));
		assert_true(slice_contains(buf_slice(&out), SLICE(" more bytes]")));
		buf_deinit(&out);
	}
}

static bool refuse(void *user, struct slice bytes)
{
	(void)bytes;
	++*(unsigned *)user;
	return false;
}

static void test_memory_is_bounded_and_a_refusal_is_told(void **state)
{
	unsigned calls = 0;
	struct report_output output = { &calls, refuse };
	struct html html;
	struct error err;
	(void)state;
	html_init(&html, &output, &err);
	for (unsigned i = 0; i < 100000; i++)
		html_raw(&html, "<p>a paragraph of this page</p>\n");
	assert_true(html_failed(&html));
	assert_true(html.writer.text.capacity <= 256 * KIB);
	assert_int_equal(calls, 1);
	assert_false(html_finish(&html, true));
	assert_string_equal(err.text, "the report could not be written");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_prose),
		cmocka_unit_test(test_places_of_texts),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_a_long_text_is_cut_between_characters),
		cmocka_unit_test(test_memory_is_bounded_and_a_refusal_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
