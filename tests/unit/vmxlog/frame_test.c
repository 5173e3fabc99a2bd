#include "../expect.h"

#include "vmxlog/frame.h"

static const char *family_name(enum vmxlog_family family)
{
	static const char *const names[] = { "none", "F0", "F1", "F2a", "F2", "F3h", "F3e" };
	return names[family];
}

/* "F2 vcpu-0 I125+ <body>": family, thread, level with its mark, body. */
static void write_frame(struct buf *out, bool framed, const struct vmxlog_frame *frame)
{
	buf_printf(out, "%s %.*s %.*s%s <", framed ? family_name(frame->family) : "none", SLICE_ARG(frame->thread),
		   SLICE_ARG(frame->level), frame->continuation ? "+" : "");
	buf_append(out, frame->body);
	buf_text(out, ">");
}

struct row {
	const char *name, *line;
	bool esxi;
	const char *frame, *stamp;
};

static void check(const struct row *row)
{
	struct vmxlog_frame frame;
	struct buf out = BUF_INIT(4096);
	bool framed = vmxlog_frame_parse(slice_of(row->line), row->esxi, &frame);
	write_frame(&out, framed, &frame);
	expect_text(row->name, buf_slice(&out), row->frame);
	buf_clear(&out);
	stamp_print(&out, frame.stamp);
	expect_text(row->name, buf_slice(&out), row->stamp);
	buf_deinit(&out);
}

#define F2_STAMP "2019-03-04T05:06:07.089-07:00"
#define F3_STAMP "2024-05-06T07:08:09.010Z"

static void test_families(void **state)
{
	static const struct row rows[] = {
		{ "F0", "May 12 18:25:08: vmx| Powering on", false, "F0 vmx  <Powering on>", "May 12 18:25:08.000" },
		{ "F1", "Aug 27 00:32:59.546: vcpu-0| CPU reset: soft", false, "F1 vcpu-0  <CPU reset: soft>", "Aug 27 00:32:59.546" },
		{ "F1 on the full second", "Aug 27 00:32:59.000: vmx| x", false, "F1 vmx  <x>", "Aug 27 00:32:59.000" },
		{ "F2a", "2010-03-16T08:48:35.277Z| vcpu-1| Guest: a", false, "F2a vcpu-1  <Guest: a>", "2010-03-16T08:48:35.277Z" },
		{ "F2 of ESX 4", "2010-03-16T08:48:35.277Z| vcpu-0| I103: Guest: a", false, "F2 vcpu-0 I103 <Guest: a>", "2010-03-16T08:48:35.277Z" },
		{ "F2", F2_STAMP "| vmx| I125: Log for VMware Player", false, "F2 vmx I125 <Log for VMware Player>", F2_STAMP },
		{ "F2 of ESXi", F3_STAMP "| vcpu-3| W115: x", true, "F2 vcpu-3 W115 <x>", F3_STAMP },
		{ "F2b", "2021-11-15T00:23:51+01:00[+0.000]| mks| I005: x", false, "F2 mks I005 <x>", "2021-11-15T00:23:51.000+01:00" },
		{ "F2b with a negative delta", "2021-11-15T00:23:51+01:00[-12.345]| mks| I005: x", false, "F2 mks I005 <x>", "2021-11-15T00:23:51.000+01:00" },
		{ "F3h", F3_STAMP " In(05) vmx DICT a = \"b\"", false, "F3h vmx In(05) <DICT a = \"b\">", F3_STAMP },
		{ "F3h, a warning", F3_STAMP " Wa(03) vcpu-0 x", false, "F3h vcpu-0 Wa(03) <x>", F3_STAMP },
		{ "F3e", F3_STAMP " In(05) vcpu-9 - Triple fault.", true, "F3e vcpu-9 In(05) <Triple fault.>", F3_STAMP },
		{ "F3e with an opID", F3_STAMP " No(00) vmx e0ada929-15-8-36b5 ConfigDB: Setting a = \"b\"", true, "F3e vmx No(00) <ConfigDB: Setting a = \"b\">", F3_STAMP },
		{ "F3e with one digit of a level", F3_STAMP " Db(6) vmx - x", true, "F3e vmx Db(6) <x>", F3_STAMP },
		{ "no milliseconds", "2024-05-06T07:08:09Z In(05) vmx x", false, "F3h vmx In(05) <x>", "2024-05-06T07:08:09.000Z" },
		{ "microseconds", "2024-05-06T07:08:09.010345Z In(05) vmx x", false, "F3h vmx In(05) <x>", F3_STAMP },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		check(&rows[i]);
}

static void test_continuation(void **state)
{
	static const struct row rows[] = {
		{ "F2", F2_STAMP "| vmx| I125+ ----", false, "F2 vmx I125+ <---->", F2_STAMP },
		{ "F3h", F3_STAMP " In(05)+ vmx ----", false, "F3h vmx In(05)+ <---->", F3_STAMP },
		{ "F3e", F3_STAMP " In(05)+ vcpu-9 - ----", true, "F3e vcpu-9 In(05)+ <---->", F3_STAMP },
		{ "F1 has no mark", "Aug 27 00:32:59.546: vmx| + x", false, "F1 vmx  <+ x>", "Aug 27 00:32:59.546" },
		{ "the mark is not of the body", F2_STAMP "| vmx| I125: + x", false, "F2 vmx I125 <+ x>", F2_STAMP },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		check(&rows[i]);
}

static void test_empty_bodies(void **state)
{
	static const struct row rows[] = {
		{ "F0", "May 12 18:25:08: vmx| ", false, "F0 vmx  <>", "May 12 18:25:08.000" },
		{ "F0 without its blank", "May 12 18:25:08: vmx|", false, "F0 vmx  <>", "May 12 18:25:08.000" },
		{ "F2a without its blank", F3_STAMP "| vcpu-0|", false, "F2a vcpu-0  <>", F3_STAMP },
		{ "F2", F2_STAMP "| vmx| I125: ", false, "F2 vmx I125 <>", F2_STAMP },
		{ "F2 without its blank", F2_STAMP "| vmx| I125:", false, "F2 vmx I125 <>", F2_STAMP },
		{ "F2 continued, without its blank", F2_STAMP "| vmx| I125+", false, "F2 vmx I125+ <>", F2_STAMP },
		{ "F3h", F3_STAMP " In(05)+ vmx ", false, "F3h vmx In(05)+ <>", F3_STAMP },
		{ "F3h without its blank", F3_STAMP " In(05)+ vmx", false, "F3h vmx In(05)+ <>", F3_STAMP },
		{ "F3e", F3_STAMP " In(05)+ vcpu-0 - ", true, "F3e vcpu-0 In(05)+ <>", F3_STAMP },
		{ "F3e without its blank", F3_STAMP " In(05)+ vcpu-0 -", true, "F3e vcpu-0 In(05)+ <>", F3_STAMP },
		{ "F3e without all behind the thread", F3_STAMP " In(05)+ vcpu-0", true, "F3e vcpu-0 In(05)+ <>", F3_STAMP },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		check(&rows[i]);
}

#define THREAD_64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void test_odd_bodies(void **state)
{
	static const struct row rows[] = {
		{ "bars in the text", F2_STAMP "| vmx| I125: DXUM: 2020-05-21T17:03:25.01| Thread ID: 1 | x", false,
		  "F2 vmx I125 <DXUM: 2020-05-21T17:03:25.01| Thread ID: 1 | x>", F2_STAMP },
		{ "the rest of another message in front", F2_STAMP "| vcpu-0| I125: hread 7796 6608CPU reset: hard (mode 2)", false,
		  "F2 vcpu-0 I125 <hread 7796 6608CPU reset: hard (mode 2)>", F2_STAMP },
		{ "CR is not the frame's", F3_STAMP " In(05) vmx Guest: Firmware has transitioned to runtime.\r", false,
		  "F3h vmx In(05) <Guest: Firmware has transitioned to runtime.\r>", F3_STAMP },
		{ "CRLF behind an empty body", F2_STAMP "| vmx| I125:\r", false, "F2a vmx  <I125:\r>", F2_STAMP },
		{ "blanks before the text stay", F2_STAMP "| vmx| I125:   a", false, "F2 vmx I125 <  a>", F2_STAMP },
		{ "raw bytes", F2_STAMP "| vmx| I125: \xc9\xf9\xbf\xa8 \x1b[2J", false, "F2 vmx I125 <\xc9\xf9\xbf\xa8 \x1b[2J>", F2_STAMP },
		{ "a body like a level", F3_STAMP "| vcpu-0| A12: x", false, "F2a vcpu-0  <A12: x>", F3_STAMP },
		{ "a level without its blank", F3_STAMP "| vcpu-0| I125:x", false, "F2a vcpu-0  <I125:x>", F3_STAMP },
		{ "a thread with a blank", F2_STAMP "| VMware Fusion| I125: x", false, "F2 VMware Fusion I125 <x>", F2_STAMP },
		{ "the longest thread", F2_STAMP "| " THREAD_64 "| I125: x", false, "F2 " THREAD_64 " I125 <x>", F2_STAMP },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		check(&rows[i]);
}

static void test_no_frame(void **state)
{
	static const struct {
		const char *name, *line;
	} rows[] = {
		{ "empty", "" },
		{ "kernel text", "[    1.125782] VFS: Mounted root" },
		{ "a TAB first", "\t" F2_STAMP "| vmx| I125: x" },
		{ "a blank first", " " F2_STAMP "| vmx| I125: x" },
		{ "only a stamp", F2_STAMP },
		{ "a stamp and a bar", F2_STAMP "|" },
		{ "a thread of 65 bytes", F2_STAMP "| " THREAD_64 "x| I125: x" },
		{ "no bar behind the thread", F2_STAMP "| vmx I125: x" },
		{ "an empty thread", F2_STAMP "| || x" },
		{ "F3 without a level", F3_STAMP " vmx x" },
		{ "F3 without a thread", F3_STAMP " In(05) " },
		{ "F3 with two blanks before the thread", F3_STAMP " In(05)  vmx x" },
		{ "F3, an open level", F3_STAMP " In(05 vmx x" },
		{ "F3, a level of small letters", F3_STAMP " in(05) vmx x" },
		{ "F1 without its colon", "Aug 27 00:32:59.546 vmx| x" },
		{ "syslog", "Aug 27 00:32:59 host kernel: [    1.0] x" },
		{ "a word of prose", "Nothing at all" },
		{ "impossible time", "2019-13-04T05:06:07.089Z| vmx| I125: x" },
		{ "a delta that is not closed", "2021-11-15T00:23:51+01:00[+0.000| mks| I005: x" },
		{ "a delta that never ends", "2021-11-15T00:23:51+01:00[+0000000000000000000000000000]| mks| I005: x" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct vmxlog_frame frame;
		bool framed = vmxlog_frame_parse(slice_of(rows[i].line), false, &frame);
		expect_true(rows[i].name, !framed && frame.family == VMXLOG_NO_FRAME);
		expect_text(rows[i].name, frame.body, rows[i].line);
	}
}

/* Whatever a line is cut down to, the body stays inside it. */
static void test_every_prefix_of_a_line(void **state)
{
	static const struct {
		const char *name, *line;
		bool esxi;
	} rows[] = {
		{ "F1", "Aug 27 00:32:59.546: vcpu-0| CPU reset: soft", false },
		{ "F2b", "2021-11-15T00:23:51+01:00[+0.000]| mks| I005+ x", false },
		{ "F3e", F3_STAMP " In(05)+ vcpu-9 opid-5 Triple fault.", true },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		size_t whole = strlen(rows[i].line);
		for (size_t len = 0; len <= whole; len++) {
			struct vmxlog_frame frame;
			char *copy = test_malloc(len + 1);
			memcpy(copy, rows[i].line, len);
			vmxlog_frame_parse((struct slice){ copy, len }, rows[i].esxi, &frame);
			expect_true(rows[i].name, frame.body.ptr >= copy &&
							  frame.body.ptr + frame.body.len == copy + len);
			test_free(copy);
		}
	}
}

/* Whatever line came before, a frame that is remembered is the one that would be parsed. */
static void test_a_line_behind_another(void **state)
{
	static const char *const lines[] = {
		F3_STAMP " In(05) vcpu-0 - Guest: a",
		F3_STAMP " In(05)+ vcpu-0 - ",
		F3_STAMP " In(05)+ vcpu-0 -",
		F3_STAMP " In(05)+ vcpu-0 ",
		F3_STAMP " In(05)+ vcpu-0",
		F3_STAMP " In(05) vcpu-0 ",
		F3_STAMP " In(05) vcpu-0  two blanks",
		F3_STAMP " In(05) vcpu-0 e0ada929-15-8-36b5 x",
		F3_STAMP " In(05) vcpu-0",
		F3_STAMP " In(05) vcpu-01 - x",
		F3_STAMP " Wa(03) vcpu-0 - x",
		F3_STAMP "| vcpu-0| I125: Guest: a",
		F3_STAMP "| vcpu-0| I125+ ",
		F3_STAMP "| vcpu-0| I125+",
		F3_STAMP "| vcpu-0| I125:",
		F3_STAMP "| vcpu-0| I125:x",
		F3_STAMP "| vcpu-0| x",
		F3_STAMP "| vcpu-0| ",
		F3_STAMP "[+0.000]| vcpu-0| I125: x",
		"2024-05-06T07:08:09.011Z In(05) vcpu-0 - Guest: a",
		"May 12 18:25:08: vmx| x",
		"no frame",
		"",
	};
	const size_t count = sizeof lines / sizeof *lines;
	(void)state;
	for (size_t i = 0; i < count * count * 4; i++) {
		struct slice before = slice_of(lines[i / 4 / count]), line = slice_of(lines[i / 4 % count]);
		struct vmxlog_frame_memo memos[2] = { 0 };
		struct vmxlog_frame frame, wanted;
		vmxlog_frame_parse_next(memos, before, i & 1, &frame);
		bool framed = vmxlog_frame_parse_next(memos, line, i & 2, &frame);
		assert_int_equal(framed, vmxlog_frame_parse(line, i & 2, &wanted));
		assert_int_equal(frame.family, wanted.family);
		assert_int_equal(frame.continuation, wanted.continuation);
		assert_int_equal(frame.stamp.time_ms, wanted.stamp.time_ms);
		assert_ptr_equal(frame.body.ptr, wanted.body.ptr);
		assert_int_equal(frame.body.len, wanted.body.len);
		assert_ptr_equal(frame.thread.ptr, wanted.thread.ptr);
		assert_int_equal(frame.thread.len, wanted.thread.len);
		assert_ptr_equal(frame.level.ptr, wanted.level.ptr);
		assert_int_equal(frame.level.len, wanted.level.len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_continuation),
		cmocka_unit_test(test_empty_bodies),
		cmocka_unit_test(test_odd_bodies),
		cmocka_unit_test(test_no_frame),
		cmocka_unit_test(test_every_prefix_of_a_line),
		cmocka_unit_test(test_a_line_behind_another),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
