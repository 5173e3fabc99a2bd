/* A log that is being written: its last line does not wait for the next one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "vmxlog/reader.h"

#define STAMP "2016-08-30T16:02:43.217-07:00| vcpu-0| "

struct told {
	size_t count, inner_count;
	char last[64];
};

static void take_guest(void *user, const struct guest_line *line)
{
	struct told *told = user;
	assert_true(line->text.len < sizeof(told->last));
	memcpy(told->last, line->text.ptr, line->text.len);
	told->last[line->text.len] = 0;
	told->count++;
	told->inner_count += line->is_inner;
}

static void take_event(void *user, const struct host_event *event)
{
	(void)user, (void)event;
}

static void take_setting(void *user, const struct vm_setting *setting)
{
	(void)user, (void)setting;
}

static void feed(struct vmxlog_reader *reader, const char *text)
{
	struct error err;
	assert_true(vmxlog_reader_feed(reader, slice_of(text), &err));
}

static void test_flush(void **state)
{
	(void)state;
	struct told told = { 0 };
	struct error err;
	const struct vmxlog_sink sink = { &told, take_guest, take_event, take_setting };
	struct vmxlog_reader *reader = vmxlog_reader_new(LOG_VMWARE, &sink, &err);
	assert_non_null(reader);
	vmxlog_reader_flush(reader);
	feed(reader, STAMP "I125: Guest: <6>[    1.000000] one\n");
	assert_int_equal(told.count, 0);
	vmxlog_reader_flush(reader);
	assert_int_equal(told.count, 1);
	vmxlog_reader_flush(reader);
	assert_int_equal(told.count, 1);
	/* Its next line comes late, and in two pieces. */
	feed(reader, STAMP "I125+ mo");
	vmxlog_reader_flush(reader);
	assert_int_equal(told.count, 1);
	feed(reader, "re\n" STAMP "I125: Guest: <6>[    2.000000] two\n");
	assert_int_equal(told.count, 2);
	assert_int_equal(told.inner_count, 1);
	assert_string_equal(told.last, "more");
	vmxlog_reader_finish(reader);
	assert_int_equal(told.count, 3);
	assert_int_equal(told.inner_count, 1);
	assert_string_equal(told.last, "<6>[    2.000000] two");
	vmxlog_reader_free(reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_flush) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
