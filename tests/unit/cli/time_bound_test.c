#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/time_bound.h"

static struct time_bound parse(const char *text)
{
	struct time_bound bound;
	struct error err;
	if (!time_bound_parse(text, &bound, &err))
		fail_msg("%s: %s", text, err.text);
	return bound;
}

static struct stamp stamp_of(const char *text)
{
	struct slice rest = slice_of(text);
	struct stamp stamp;
	assert_true(stamp_eat_iso(&rest, &stamp) || stamp_eat_month(&rest, &stamp));
	return stamp;
}

static void test_since_boot(void **state)
{
	(void)state;
	assert_int_equal(parse("+12.5").kind, TIME_BOUND_BOOT);
	assert_int_equal(parse("+12.5").since_boot_ns, UINT64_C(12500000000));
	assert_int_equal(parse("+0").since_boot_ns, 0);
	assert_int_equal(parse("+1.000000001999").since_boot_ns, UINT64_C(1000000001));
	assert_int_equal(parse("+4294967295").since_boot_ns, UINT64_C(4294967295000000000));
}

/* A clock without an offset is the writer's, wherever that is. */
static void test_moments(void **state)
{
	(void)state;
	static const struct {
		const char *stamp, *bound;
		int expected;
	} rows[] = {
		{ "2026-02-21T18:13:03.929Z", "2026-02-21T18:13:03.929Z", 0 },
		{ "2026-02-21T18:13:03.929Z", "2026-02-21T19:13:03.930+01:00", -1 },
		{ "2026-02-21T18:13:03.929-07:00", "2026-02-21T18:13", 1 },
		{ "2026-02-21T18:13:00-07:00", "2026-02-21 18:13", 0 },
		{ "2026-02-21T18:13:00-07:00", "2026-02-21 18:13:01", -1 },
		{ "2026-02-21T18:13:00-07:00", "2026-02-21", 1 },
		{ "2026-02-21T00:00:00+09:00", "2026-02-21", 0 },
		{ "Aug 27 00:32:59.546", "Aug 27 00:32:59", 1 },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct time_bound bound = parse(rows[i].bound);
		assert_true(time_bound_fits(stamp_of(rows[i].stamp), &bound));
		if (time_bound_compare(stamp_of(rows[i].stamp), &bound) != rows[i].expected)
			fail_msg("%s and %s", rows[i].stamp, rows[i].bound);
	}
}

static void test_kinds(void **state)
{
	(void)state;
	struct time_bound with_year = parse("2026-02-21T18:13:03Z"), without = parse("Aug 27 00:32:59");
	struct time_bound of_writer = parse("2026-02-21 18:13");
	struct stamp local = { .time_ms = INT64_C(1771697580000), .kind = STAMP_LOCAL };
	assert_false(time_bound_fits(stamp_of("Aug 27 00:32:59"), &with_year));
	assert_false(time_bound_fits(stamp_of("Aug 27 00:32:59"), &of_writer));
	assert_false(time_bound_fits(stamp_of("2026-02-21T18:13:03Z"), &without));
	assert_false(time_bound_fits(local, &with_year));
	assert_true(time_bound_fits(local, &of_writer));
	assert_int_equal(time_bound_compare(local, &of_writer), 0);
}

static void test_bad(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"", "+", "+x", "+1x", "+4294967296", "12.5", "yesterday", "2026-13-01", "2026-02-21T", "2026-02-21T18:13:03Zx",
		"2026-02-21T18", "18:13", "Aug 27", "+18446744073709551616",
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct time_bound bound;
		struct error err;
		if (time_bound_parse(bad[i], &bound, &err))
			fail_msg("%s was taken", bad[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_since_boot),
		cmocka_unit_test(test_moments),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_bad),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
