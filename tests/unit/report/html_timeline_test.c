#include "../expect.h"

#include <stdio.h>

#include "base/limits.h"
#include "report/html_timeline.h"

static void take_at(struct html_timeline *timeline, const char *verdict, int year, int month, int day, int hour)
{
	char stamp[64];
	snprintf(stamp, sizeof stamp, "%04d-%02d-%02dT%02d:30:00.000Z", year, month, day, hour);
	html_timeline_take(timeline, slice_of(verdict), slice_of(stamp));
}

static uint64_t total_of(const struct html_timeline *timeline, size_t verdict)
{
	uint64_t total = 0;
	for (size_t i = 0; i < timeline->count; i++)
		total += timeline->bars[i].counts[verdict];
	return total;
}

static bool append(void *user, struct slice bytes)
{
	buf_append(user, bytes);
	return true;
}

static void expect_drawn(const char *row, const struct html_timeline *timeline, const char *words)
{
	struct buf out = BUF_INIT(4 * MIB);
	struct report_output output = { &out, append };
	struct html html;
	html_init(&html, &output, NULL);
	html_timeline_write(&html, timeline);
	assert_true(html_finish(&html, true));
	bool holds = slice_contains(buf_slice(&out), slice_of(words));
	buf_deinit(&out);
	expect_true(row, holds);
}

static void test_hours(void **state)
{
	struct html_timeline timeline = { 0 };
	(void)state;
	take_at(&timeline, "panic", 2025, 2, 18, 22);
	take_at(&timeline, "panic", 2025, 2, 18, 22);
	take_at(&timeline, "oops", 2025, 2, 19, 1);
	assert_int_equal(timeline.count, 4);
	assert_int_equal(timeline.bars[0].counts[0], 2);
	assert_int_equal(timeline.bars[3].counts[3], 1);
	expect_drawn("a bar's title", &timeline, "<title>2025-02-18 22:00: panic 2</title>");
	expect_drawn("the scale", &timeline, "2 boots per hour");
	expect_drawn("the text for it", &timeline, "a bar per hour from 2025-02-18 22:00 to 2025-02-19 01:00 (UTC)");
}

/* Whatever the order in which they come, and however wide the bars get. */
static void test_bars_widen_and_none_is_lost(void **state)
{
	(void)state;
	for (int backwards = 0; backwards < 2; backwards++) {
		struct html_timeline timeline = { 0 };
		for (int i = 0; i < 400; i++) {
			int n = backwards ? 399 - i : i;
			take_at(&timeline, n % 2 ? "panic" : "hang", 1990 + n / 10, 1 + n % 12, 1 + n % 28, n % 24);
			assert_int_equal(total_of(&timeline, 0) + total_of(&timeline, 2), i + 1);
			assert_true(timeline.count <= HTML_TIMELINE_BARS);
		}
		assert_int_equal(total_of(&timeline, 0), 200);
		expect_drawn("of 40 years", &timeline, "per 52 weeks");
	}
}

static void test_days_and_weeks_begin_where_calendars_do(void **state)
{
	struct html_timeline days = { 0 }, weeks = { 0 };
	(void)state;
	take_at(&days, "panic", 2025, 2, 3, 23);
	take_at(&days, "panic", 2025, 3, 1, 0);
	expect_drawn("days", &days, "a bar per day from 2025-02-03 to 2025-03-01");
	take_at(&weeks, "panic", 2025, 2, 5, 12);
	take_at(&weeks, "panic", 2025, 11, 30, 12);
	expect_drawn("weeks begin on Mondays", &weeks, "a bar per week from 2025-02-03 to 2025-11-24");
}

static void test_what_has_no_time_is_counted(void **state)
{
	struct html_timeline timeline = { 0 };
	(void)state;
	html_timeline_take(&timeline, SLICE("panic"), SLICE("May 12 18:25:08"));
	html_timeline_take(&timeline, SLICE("panic"), SLICE(""));
	html_timeline_take(&timeline, SLICE("panic"), SLICE("1970-01-01T00:00:03.000Z"));
	html_timeline_take(&timeline, SLICE("panic"), SLICE("9999-12-31T00:00:00.000Z"));
	html_timeline_take(&timeline, SLICE("<b>"), SLICE("2025-02-18T00:00:00.000Z"));
	assert_int_equal(timeline.count, 0);
	expect_drawn("none has a time", &timeline, "5 boots left out");
	take_at(&timeline, "reset", 2025, 2, 18, 3);
	assert_int_equal(timeline.count, 1);
	expect_drawn("one has", &timeline, "5 boots left out");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hours),
		cmocka_unit_test(test_bars_widen_and_none_is_lost),
		cmocka_unit_test(test_days_and_weeks_begin_where_calendars_do),
		cmocka_unit_test(test_what_has_no_time_is_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
