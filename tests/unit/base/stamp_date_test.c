#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/stamp.h"

static struct stamp_date date_of(const char *text)
{
	struct slice rest = slice_of(text);
	struct stamp stamp;
	assert_true(stamp_eat_iso(&rest, &stamp) || stamp_eat_month(&rest, &stamp));
	return stamp_date(stamp);
}

static void test_dates(void **state)
{
	(void)state;
	struct stamp_date date = date_of("2026-02-21T18:13:03.929-07:00");
	assert_int_equal(date.year, 2026);
	assert_int_equal(date.month, 2);
	assert_int_equal(date.day, 21);
	assert_int_equal(date.hour, 18);
	assert_int_equal(date.minute, 13);
	assert_int_equal(date.second, 3);
	assert_int_equal(date.millisecond, 929);
	assert_string_equal(stamp_weekday_name(date.weekday), "Sat");
	assert_string_equal(stamp_month_name(date.month), "Feb");
}

static void test_weekdays(void **state)
{
	(void)state;
	assert_string_equal(stamp_weekday_name(date_of("1970-01-01T00:00:00Z").weekday), "Thu");
	assert_string_equal(stamp_weekday_name(date_of("1969-12-31T23:59:59Z").weekday), "Wed");
	assert_string_equal(stamp_weekday_name(date_of("2000-02-29T12:00:00Z").weekday), "Tue");
	assert_string_equal(stamp_weekday_name(date_of("1900-03-01T00:00:00Z").weekday), "Thu");
}

/* A boot that is reckoned back over New Year's Eve. */
static void test_without_a_year(void **state)
{
	(void)state;
	struct stamp_date date = date_of("Aug 27 00:32:59.546");
	assert_int_equal(date.year, 0);
	assert_int_equal(date.weekday, -1);
	assert_int_equal(date.month, 8);
	assert_int_equal(date.day, 27);
	date = stamp_date((struct stamp){ .time_ms = -1, .kind = STAMP_NO_YEAR });
	assert_int_equal(date.month, 12);
	assert_int_equal(date.day, 31);
	assert_int_equal(date.second, 59);
	assert_int_equal(date.millisecond, 999);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_weekdays),
		cmocka_unit_test(test_without_a_year),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
