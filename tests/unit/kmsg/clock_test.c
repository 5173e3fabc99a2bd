#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kmsg/clock.h"
#include "kmsg/names.h"

#define SECOND_NS UINT64_C(1000000000)

static struct kmsg_record record_at(uint64_t seconds, uint16_t pass, int64_t host_ms)
{
	return (struct kmsg_record){ .time_ns = seconds * SECOND_NS, .pass = pass, .flags = KMSG_HAS_TIME,
				     .host = { host_ms, 0, host_ms ? STAMP_ABSOLUTE : STAMP_NONE } };
}

static int64_t told_ms(const struct boot *boot, size_t at)
{
	struct arena arena = ARENA_INIT;
	struct kmsg_clock clock;
	struct error err;
	unsigned us;
	assert_true(kmsg_clock_init(&clock, boot, &arena, &err));
	struct stamp stamp = kmsg_clock_tell(&clock, &boot->records[at], &us);
	arena_deinit(&arena);
	return stamp.kind == STAMP_NONE ? -1 : stamp.time_ms;
}

static struct boot boot_of(const struct kmsg_record *records, size_t count, enum log_format format)
{
	return (struct boot){ .records = records, .record_count = count, .format = format };
}

/* The host wrote all lines of a dump when it came; the last record is the one that happened then. */
static void test_anchor_is_the_last_record(void **state)
{
	(void)state;
	const struct kmsg_record records[] = {
		record_at(0, 0, 1000000), record_at(30, 0, 1000001), record_at(100, 0, 1000005),
	};
	struct boot boot = boot_of(records, 3, LOG_VMWARE);
	assert_int_equal(told_ms(&boot, 0), 900005);
	assert_int_equal(told_ms(&boot, 1), 930005);
	assert_int_equal(told_ms(&boot, 2), 1000005);
}

/* Each dump has its own; the VM was suspended for 50 s between these two. */
static void test_passes(void **state)
{
	(void)state;
	const struct kmsg_record records[] = {
		record_at(10, 0, 500000), record_at(20, 0, 500000), record_at(40, 1, 570000),
	};
	struct boot boot = boot_of(records, 3, LOG_VMWARE);
	assert_int_equal(told_ms(&boot, 0), 490000);
	assert_int_equal(told_ms(&boot, 2), 570000);
	/* The last record of the first is lost: the second proves that the boot was earlier. */
	const struct kmsg_record torn[] = { record_at(1, 0, 500000), record_at(101, 1, 500500), record_at(102, 3, 0) };
	boot = boot_of(torn, 3, LOG_VMWARE);
	assert_int_equal(told_ms(&boot, 0), 400500);
	assert_int_equal(told_ms(&boot, 2), 501500);
}

static void test_microseconds(void **state)
{
	(void)state;
	struct kmsg_record records[] = { record_at(1, 0, 5000), record_at(2, 0, 5000) };
	records[0].time_ns = 1999999000;
	struct boot boot = boot_of(records, 2, LOG_VMWARE);
	struct arena arena = ARENA_INIT;
	struct kmsg_clock clock;
	struct error err;
	unsigned us;
	assert_true(kmsg_clock_init(&clock, &boot, &arena, &err));
	assert_int_equal(kmsg_clock_tell(&clock, &records[0], &us).time_ms, 4999);
	assert_int_equal(us, 999);
	arena_deinit(&arena);
}

static void test_own_stamps_and_none(void **state)
{
	(void)state;
	const struct kmsg_record own[] = { record_at(0, 0, 7000), record_at(5, 0, 90000) };
	struct boot boot = boot_of(own, 2, LOG_KERNEL);
	assert_int_equal(told_ms(&boot, 0), 7000);
	assert_int_equal(told_ms(&boot, 1), 90000);
	const struct kmsg_record none[] = { record_at(0, 0, 0), record_at(5, 0, 0) };
	boot = boot_of(none, 2, LOG_KERNEL);
	assert_int_equal(told_ms(&boot, 0), -1);
	boot = boot_of(none, 2, LOG_VMWARE);
	assert_int_equal(told_ms(&boot, 1), -1);
}

/* Whatever a log claims, nothing overflows. */
static void test_extremes(void **state)
{
	(void)state;
	struct kmsg_record records[] = {
		record_at(4294967295, 65535, INT64_C(253402300799999)), record_at(0, 65535, -62135596800000),
	};
	struct boot boot = boot_of(records, 2, LOG_VMWARE);
	assert_int_equal(told_ms(&boot, 1), -62135596800000);
	assert_int_equal(told_ms(&boot, 0), -62135596800000 + INT64_C(4294967295000));
}

static void test_names(void **state)
{
	(void)state;
	unsigned number;
	for (unsigned i = 0; i < KMSG_LEVEL_COUNT; i++)
		assert_true(kmsg_level_find(slice_of(kmsg_level_name(i)), &number) && number == i);
	for (unsigned i = 0; i < KMSG_FACILITY_COUNT; i++)
		if (kmsg_facility_name(i))
			assert_true(kmsg_facility_find(slice_of(kmsg_facility_name(i)), &number) && number == i);
	assert_true(kmsg_level_find(SLICE("warning"), &number) && number == 4);
	assert_false(kmsg_level_find(SLICE(""), &number));
	assert_false(kmsg_facility_find(SLICE("kernel"), &number));
	assert_null(kmsg_level_name(8));
	assert_null(kmsg_facility_name(24));
	assert_null(kmsg_facility_name(12));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_anchor_is_the_last_record),
		cmocka_unit_test(test_passes),
		cmocka_unit_test(test_microseconds),
		cmocka_unit_test(test_own_stamps_and_none),
		cmocka_unit_test(test_extremes),
		cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
