#include "../expect.h"

#include "base/stamp.h"

/* Either form; `print` is the writer's own form with milliseconds, "" for what is no stamp. */
struct row {
	const char *name, *text, *print;
	int64_t time_ms;
	int offset_minutes;
	const char *rest;
};

static void check(const struct row *row, bool (*eat)(struct slice *, struct stamp *), enum stamp_kind kind)
{
	struct stamp stamp = { 0 }, again = { 0 };
	struct slice rest = slice_of(row->text);
	struct buf out = BUF_INIT(64);
	expect_true(row->name, eat(&rest, &stamp) == (row->print[0] != '\0'));
	expect_text(row->name, rest, row->print[0] ? row->rest : row->text);
	if (row->print[0]) {
		expect_number(row->name, stamp.kind, kind);
		expect_number(row->name, stamp.time_ms, row->time_ms);
		expect_number(row->name, stamp.offset_minutes, row->offset_minutes);
	}
	stamp_print(&out, stamp);
	expect_text(row->name, buf_slice(&out), row->print);
	if (row->print[0]) {
		rest = buf_slice(&out);
		expect_true(row->name, eat(&rest, &again) && !rest.len && stamp_equal(stamp, again));
		expect_number(row->name, again.offset_minutes, stamp.offset_minutes);
	}
	buf_deinit(&out);
}

static void test_iso(void **state)
{
	static const struct row rows[] = {
		{ "UTC", "2026-02-21T18:13:03.929Z In(05)", "2026-02-21T18:13:03.929Z", 1771697583929, 0, " In(05)" },
		{ "west", "2016-08-30T16:02:43.217-07:00| x", "2016-08-30T16:02:43.217-07:00", 1472598163217, -420, "| x" },
		{ "east", "2021-11-15T00:23:51+01:00[+0.000]|", "2021-11-15T00:23:51.000+01:00", 1636932231000, 60, "[+0.000]|" },
		{ "half an hour", "2019-01-01T00:00:00.000+05:30", "2019-01-01T00:00:00.000+05:30", 1546281000000, 330, "" },
		{ "less than an hour west", "2019-01-01T00:00:00.000-00:30", "2019-01-01T00:00:00.000-00:30", 1546302600000, -30, "" },
		{ "no colon in the offset", "2019-01-01T00:00:00.000+0530", "2019-01-01T00:00:00.000+05:30", 1546281000000, 330, "" },
		{ "offset of nothing", "2019-01-01T00:00:00.000+00:00", "2019-01-01T00:00:00.000Z", 1546300800000, 0, "" },
		{ "one digit of fraction", "2010-03-16T08:48:35.2Z", "2010-03-16T08:48:35.200Z", 1268729315200, 0, "" },
		{ "six digits", "2010-03-16T08:48:35.277999Z", "2010-03-16T08:48:35.277Z", 1268729315277, 0, "" },
		{ "comma", "2010-03-16T08:48:35,277Z", "2010-03-16T08:48:35.277Z", 1268729315277, 0, "" },
		{ "leap day", "2024-02-29T12:00:00.000Z", "2024-02-29T12:00:00.000Z", 1709208000000, 0, "" },
		{ "leap day of a century", "2000-02-29T23:59:59.999Z", "2000-02-29T23:59:59.999Z", 951868799999, 0, "" },
		{ "leap second", "2016-12-31T23:59:60.000Z", "2017-01-01T00:00:00.000Z", 1483228800000, 0, "" },
		{ "the epoch", "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00.000Z", 0, 0, "" },
		{ "before the epoch", "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z", -1, 0, "" },
		{ "over a year's end by the offset", "2020-01-01T00:10:00.000+01:00", "2020-01-01T00:10:00.000+01:00", 1577833800000, 60, "" },
		{ "the last day there is", "9999-12-31T23:59:59.999-23:59", "9999-12-31T23:59:59.999-23:59", 253402387139999, -1439, "" },
		{ "the first year", "0001-01-01T00:00:00.000+23:59", "0001-01-01T00:00:00.000+23:59", -62135683140000, 1439, "" },
		{ "no zone", "2019-01-01T00:00:00.000", "", 0, 0, "" },
		{ "no T", "2019-01-01 00:00:00.000Z", "", 0, 0, "" },
		{ "month 13", "2019-13-01T00:00:00Z", "", 0, 0, "" },
		{ "month 0", "2019-00-01T00:00:00Z", "", 0, 0, "" },
		{ "day 0", "2019-01-00T00:00:00Z", "", 0, 0, "" },
		{ "day 32", "2019-01-32T00:00:00Z", "", 0, 0, "" },
		{ "hour 24", "2019-01-01T24:00:00Z", "", 0, 0, "" },
		{ "minute 60", "2019-01-01T00:60:00Z", "", 0, 0, "" },
		{ "second 61", "2019-01-01T00:00:61Z", "", 0, 0, "" },
		{ "year 0", "0000-01-01T00:00:00Z", "", 0, 0, "" },
		{ "offset of days", "2019-01-01T00:00:00+99:99", "", 0, 0, "" },
		{ "ten digits of fraction", "2019-01-01T00:00:00.0123456789Z", "", 0, 0, "" },
		{ "dot without digits", "2019-01-01T00:00:00.Z", "", 0, 0, "" },
		{ "cut", "2019-01-01T00:0", "", 0, 0, "" },
		{ "letters", "yyyy-mm-ddThh:mm:ssZ", "", 0, 0, "" },
		{ "signs for digits", "+019-01-01T00:00:00Z", "", 0, 0, "" },
		{ "empty", "", "", 0, 0, "" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		check(&rows[i], stamp_eat_iso, STAMP_ABSOLUTE);
}

#define DAY INT64_C(86400000)

static void test_month(void **state)
{
	static const struct row rows[] = {
		{ "with milliseconds", "May 14 10:26:36.043: vmx|", "May 14 10:26:36.043", 134 * DAY + 37596043, 0, ": vmx|" },
		{ "without", "May 12 18:25:08: vmx|", "May 12 18:25:08.000", 132 * DAY + 66308000, 0, ": vmx|" },
		{ "blank before the day", "Aug  7 00:32:59.546", "Aug 07 00:32:59.546", 219 * DAY + 1979546, 0, "" },
		{ "first day", "Jan 01 00:00:00.000", "Jan 01 00:00:00.000", 0, 0, "" },
		{ "leap day", "Feb 29 00:00:00.000", "Feb 29 00:00:00.000", 59 * DAY, 0, "" },
		{ "behind the leap day", "Mar 01 00:00:00.000", "Mar 01 00:00:00.000", 60 * DAY, 0, "" },
		{ "last day", "Dec 31 23:59:59.999", "Dec 31 23:59:59.999", 366 * DAY - 1, 0, "" },
		{ "no such month", "Mai 14 10:26:36.043", "", 0, 0, "" },
		{ "lower case", "may 14 10:26:36.043", "", 0, 0, "" },
		{ "day 0", "May 00 10:26:36.043", "", 0, 0, "" },
		{ "day 32", "May 32 10:26:36.043", "", 0, 0, "" },
		{ "one digit of a day", "May 4 10:26:36.043", "", 0, 0, "" },
		{ "no clock", "May 14", "", 0, 0, "" },
		{ "only a month", "May", "", 0, 0, "" },
		{ "empty", "", "", 0, 0, "" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		check(&rows[i], stamp_eat_month, STAMP_NO_YEAR);
}

/* Every day of 1,200 years, so that every kind of leap year is among them. */
static void test_every_day(void **state)
{
	struct buf out = BUF_INIT(64);
	(void)state;
	for (int64_t day = -200000; day < 240000; day++) {
		struct stamp stamp = { day * DAY + 43200000, 0, STAMP_ABSOLUTE }, again;
		buf_clear(&out);
		stamp_print(&out, stamp);
		struct slice rest = buf_slice(&out);
		assert_true(stamp_eat_iso(&rest, &again) && stamp_equal(stamp, again));
	}
	buf_deinit(&out);
}

static void test_equal(void **state)
{
	static const struct {
		const char *name;
		struct stamp a, b;
		bool equal;
	} rows[] = {
		{ "same", { 5, 0, STAMP_ABSOLUTE }, { 5, 0, STAMP_ABSOLUTE }, true },
		{ "the same moment in another zone", { 5, 60, STAMP_ABSOLUTE }, { 5, 0, STAMP_ABSOLUTE }, true },
		{ "a millisecond off", { 5, 0, STAMP_ABSOLUTE }, { 6, 0, STAMP_ABSOLUTE }, false },
		{ "of two kinds", { 5, 0, STAMP_ABSOLUTE }, { 5, 0, STAMP_NO_YEAR }, false },
		{ "none", { 0, 0, STAMP_NONE }, { 0, 0, STAMP_NONE }, false },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_true(rows[i].name, stamp_equal(rows[i].a, rows[i].b) == rows[i].equal);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_iso),
		cmocka_unit_test(test_month),
		cmocka_unit_test(test_every_day),
		cmocka_unit_test(test_equal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
