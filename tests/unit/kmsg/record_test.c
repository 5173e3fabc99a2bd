#include "../expect.h"

#include "kmsg/record.h"

/* "facility.level time caller|text", "-" for what is not there. */
static void write_record(struct buf *out, const struct kmsg_record *record)
{
	if (record->flags & KMSG_HAS_LEVEL)
		buf_printf(out, "%u.%u ", record->facility, record->level);
	else
		buf_printf(out, "%s ", record->level == KMSG_LEVEL_UNKNOWN && !record->facility ? "-" : "wrong");
	if (record->flags & KMSG_HAS_TIME)
		buf_printf(out, "%llu ", (unsigned long long)record->time_ns);
	else
		buf_printf(out, "%s ", record->time_ns ? "wrong" : "-");
	buf_append(out, record->caller.len ? record->caller : SLICE("-"));
	buf_char(out, '|');
	buf_append(out, record->text);
}

static void test_parse(void **state)
{
	static const struct {
		const char *name, *line, *record;
	} rows[] = {
		{ "all", "<4>[   26.277085][    T1] 0800 sda", "0.4 26277085000 T1|0800 sda" },
		{ "the caller is a CPU", "<4>[   26.277085][   C12] x", "0.4 26277085000 C12|x" },
		{ "no caller", "<6>[    1.125782] x", "0.6 1125782000 -|x" },
		{ "no padding", "<0>[1.125804] x", "0.0 1125804000 -|x" },
		{ "no time", "<3>x", "0.3 - -|x" },
		{ "no time and a blank in front", "<4> driver: sd", "0.4 - -| driver: sd" },
		{ "no level", "[    0.000000] Linux version 6.1.0", "- 0 -|Linux version 6.1.0" },
		{ "no level, a caller", "[    0.000000][    T0] x", "- 0 T0|x" },
		{ "only text", "Linux version 6.1.0", "- - -|Linux version 6.1.0" },
		{ "of user space", "<30>[    3.500000] systemd[1]: x", "3.6 3500000000 -|systemd[1]: x" },
		{ "of the user", "<12>[    3.500000] x", "1.4 3500000000 -|x" },
		{ "the highest facility", "<1023>x", "127.7 - -|x" },
		{ "an empty text", "<4>[    1.125782] ", "0.4 1125782000 -|" },
		{ "the last blank is lost", "<4>[    1.125782]", "0.4 1125782000 -|" },
		{ "blanks of the text stay", "<4>[    1.125782]   0801 x", "0.4 1125782000 -|  0801 x" },
		{ "an uptime of years", "[123456789.000001] x", "- 123456789000001000 -|x" },
		{ "time zero is a time", "<5>[    0.000000] x", "0.5 0 -|x" },
		{ "empty", "", "- - -|" },
		/* hostile */
		{ "no digit", "<>[    1.125782] x", "- - -|<>[    1.125782] x" },
		{ "an open priority", "<4 x", "- - -|<4 x" },
		{ "a priority over four digits", "<10000>x", "- - -|<10000>x" },
		{ "a priority over all numbers", "<99999999999999999999999>x", "- - -|<99999999999999999999999>x" },
		{ "a negative priority", "<-1>x", "- - -|<-1>x" },
		{ "five digits of microseconds", "[    1.12578] x", "- - -|[    1.12578] x" },
		{ "seven digits of microseconds", "[    1.1257820] x", "- - -|[    1.1257820] x" },
		{ "seconds over the clock", "[4294967296.000000] x", "- - -|[4294967296.000000] x" },
		{ "the last second", "[4294967295.999999] x", "- 4294967295999999000 -|x" },
		{ "an open time", "<4>[    1.125782 x", "0.4 - -|[    1.125782 x" },
		{ "a negative time", "[   -1.125782] x", "- - -|[   -1.125782] x" },
		{ "a word in brackets is no caller", "<4>[    1.125782] [drm] x", "0.4 1125782000 -|[drm] x" },
		{ "a caller behind a blank, as dmesg sets it", "<4>[    1.125782] [    T1] x", "0.4 1125782000 T1|x" },
		{ "an open caller", "<4>[    1.125782][    T1 x", "0.4 1125782000 -|[    T1 x" },
		{ "a caller without a number", "<4>[    1.125782][    T] x", "0.4 1125782000 -|[    T] x" },
		{ "another letter", "<4>[    1.125782][    X1] x", "0.4 1125782000 -|[    X1] x" },
		{ "a second prefix is text", "<4>[    1.125782] <0>[    9.000000] Kernel panic", "0.4 1125782000 -|<0>[    9.000000] Kernel panic" },
		{ "raw bytes", "<4>[    1.125782] \xff\x1b[2J\r", "0.4 1125782000 -|\xff\x1b[2J\r" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf out = BUF_INIT(1024);
		struct kmsg_record record = { .flags = KMSG_HAS_TIME | KMSG_HAS_LEVEL, .level = 3, .facility = 9,
					      .time_ns = 7, .caller = SLICE("T9") };
		bool found = kmsg_parse(slice_of(rows[i].line), &record);
		write_record(&out, &record);
		expect_text(rows[i].name, buf_slice(&out), rows[i].record);
		expect_true(rows[i].name, found == ((record.flags & (KMSG_HAS_TIME | KMSG_HAS_LEVEL)) != 0));
		buf_deinit(&out);
	}
}

static void test_leaves_the_rest_alone(void **state)
{
	struct kmsg_record record = { .line = 12, .offset = 500, .flags = KMSG_CUT | KMSG_INNER, .pass = 2 };
	(void)state;
	kmsg_parse(SLICE("<4>[    1.000000] x"), &record);
	assert_int_equal(record.line, 12);
	assert_int_equal(record.offset, 500);
	assert_int_equal(record.pass, 2);
	assert_int_equal(record.flags, KMSG_CUT | KMSG_INNER | KMSG_HAS_TIME | KMSG_HAS_LEVEL);
}

static void test_is_kernel(void **state)
{
	static const struct {
		const char *name;
		struct kmsg_record record;
		bool is_kernel;
	} rows[] = {
		{ "kernel", { .facility = 0 }, true },
		{ "inner line of it", { .flags = KMSG_INNER }, true },
		{ "user", { .facility = 1 }, false },
		{ "daemon", { .facility = 3 }, false },
		{ "console", { .flags = KMSG_CONSOLE }, false },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_true(rows[i].name, kmsg_is_kernel(&rows[i].record) == rows[i].is_kernel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_leaves_the_rest_alone),
		cmocka_unit_test(test_is_kernel),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
