#include "../expect.h"

#include "base/limits.h"
#include "vmxlog/chatter.h"
#include "vmxlog/event.h"

#define FRAME "2024-05-06T07:08:09.010Z In(05) vmx - "

static size_t pass(struct slice text, uint64_t *lines)
{
	struct needles words;
	chatter_init(&words, false);
	*lines = 0;
	return chatter_skip(&words, text, lines);
}

/* Whatever begins with a head of an event is left to the reader. */
static void test_events_are_no_chatter(void **state)
{
	(void)state;
	for (size_t i = 0; event_head(i).len; i++) {
		struct buf text = BUF_INIT(4096);
		uint64_t lines;
		buf_text(&text, FRAME "before\n");
		size_t before = text.len;
		buf_text(&text, FRAME);
		buf_append(&text, event_head(i));
		buf_text(&text, "\n" FRAME "behind\n");
		expect_number(event_head(i).ptr, (int64_t)pass(buf_slice(&text), &lines), (int64_t)before);
		expect_number(event_head(i).ptr, (int64_t)lines, 1);
		buf_deinit(&text);
	}
}

static void test_skip(void **state)
{
	static const struct {
		const char *name, *passed, *rest;
		unsigned lines;
	} rows[] = {
		{ "nothing", "", "", 0 },
		{ "chatter", FRAME "a\n\n" FRAME "Chipset: b\r\n", "", 3 },
		{ "no frames", "a\nb\n", "", 2 },
		{ "guest text", FRAME "a\n", FRAME "Guest: b\n" FRAME "c\n", 1 },
		{ "guest text first", "", FRAME "Guest: b\n" FRAME "c\n", 0 },
		{ "without its blank", FRAME "a\n", FRAME "Guest:\n", 1 },
		{ "a setting", FRAME "a\n", FRAME "DICT a = \"b\"\n", 1 },
		{ "of ConfigDB", FRAME "a\n", FRAME "ConfigDB: Setting a = \"b\"\n", 1 },
		{ "a header", FRAME "a\n", FRAME "Log for VMware ESX pid=1\n", 1 },
		{ "a torn line", FRAME "a\n", FRAME "hread 1 2DISK\n", 1 },
		{ "not where a message begins", FRAME "a\n", FRAME "of a Guest: b\n", 1 },
		{ "words like those", FRAME "GuestRpc: x\n" FRAME "DISK: Opening\n" FRAME "Tools: heartbeat\n", "", 3 },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf text = BUF_INIT(4096);
		uint64_t lines;
		buf_printf(&text, "%s%s", rows[i].passed, rows[i].rest);
		expect_number(rows[i].name, (int64_t)pass(buf_slice(&text), &lines), (int64_t)strlen(rows[i].passed));
		expect_number(rows[i].name, (int64_t)lines, rows[i].lines);
		buf_deinit(&text);
	}
}

static void test_noise(void **state)
{
	struct needles words;
	(void)state;
	chatter_init(&words, false);
	assert_true(chatter_is_noise(&words, SLICE(FRAME "Chipset: a")));
	assert_true(chatter_is_noise(&words, SLICE("")));
	assert_false(chatter_is_noise(&words, SLICE(FRAME "Guest:")));
}

/* As long as it is not known who wrote the log. */
static void test_product(void **state)
{
	struct needles words;
	uint64_t lines = 0;
	(void)state;
	chatter_init(&words, true);
	assert_int_equal(chatter_skip(&words, SLICE(FRAME "a\n"), &lines), 0);
	assert_int_equal(chatter_skip(&words, SLICE("2024-05-06T07:08:09.010Z In(05) vmx a\n"), &lines), 38);
	assert_int_equal(lines, 1);
}

/* A line of each of these lengths, newlines not counted; -1: the text ends in the line. */
static void test_reach(void **state)
{
	static const struct {
		const char *name;
		int len[4];
		unsigned lines_within;
	} rows[] = {
		{ "short", { 1, 0, 2 }, 4 },
		{ "the longest", { 1, LINE_MAX_BYTES, LINE_MAX_BYTES, 1 }, 4 },
		{ "one more", { 1, 2, LINE_MAX_BYTES + 1, 1 }, 2 },
		{ "at once", { LINE_MAX_BYTES + 1, 1, 1, 1 }, 0 },
		{ "long together", { LINE_MAX_BYTES / 2, LINE_MAX_BYTES / 2, LINE_MAX_BYTES / 2, 5 }, 4 },
		{ "no end", { 1, 2, -1 }, 2 },
		{ "nothing", { -1 }, 0 },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf text = BUF_INIT(MIB);
		size_t within = 0;
		for (unsigned line = 0; line < 4; line++) {
			for (int len = rows[i].len[line]; len > 0; len--)
				buf_char(&text, 'x');
			if (rows[i].len[line] < 0)
				break;
			buf_char(&text, '\n');
			within = line < rows[i].lines_within ? text.len : within;
		}
		expect_number(rows[i].name, (int64_t)chatter_reach(buf_slice(&text)), (int64_t)within);
		buf_deinit(&text);
	}
}

static void test_runs(void **state)
{
	struct needles words;
	struct buf text = BUF_INIT(MIB);
	struct chatter_run runs[4];
	(void)state;
	chatter_init(&words, false);
	buf_text(&text, "a line's end\n");
	size_t from = text.len;
	for (unsigned i = 0; i < 20; i++)
		buf_text(&text, FRAME "of no matter\n");
	size_t len = text.len - from;
	buf_text(&text, FRAME "Guest: a\n" FRAME "too few\n" FRAME "Guest: b\n");
	size_t second = text.len;
	for (unsigned i = 0; i < 30; i++)
		buf_text(&text, "x\n");
	buf_text(&text, "a line's beginning");
	assert_int_equal(chatter_find_runs(&words, buf_slice(&text), runs, ROWS(runs)), 2);
	assert_true(runs[0].from == from && runs[0].len == len && runs[0].lines == 20);
	assert_true(runs[1].from == second && runs[1].len == 60 && runs[1].lines == 30);
	assert_int_equal(chatter_find_runs(&words, buf_slice(&text), runs, 1), 1);
	assert_int_equal(chatter_find_runs(&words, SLICE("no newline"), runs, 1), 0);
	assert_int_equal(chatter_find_runs(&words, SLICE(""), runs, 1), 0);
	buf_deinit(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events_are_no_chatter),
		cmocka_unit_test(test_skip),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_product),
		cmocka_unit_test(test_reach),
		cmocka_unit_test(test_runs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
