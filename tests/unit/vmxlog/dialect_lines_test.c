#include "dialect_calls.h"

#include "../boot_of.h"

struct line_row {
	const char *name, *text, *calls;
};

static void check_lines(const struct line_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct calls calls;
		read_calls(&calls, slice_of(rows[i].text), SIZE_MAX);
		expect_text(rows[i].name, buf_slice(&calls.text), rows[i].calls);
		buf_deinit(&calls.text);
		read_calls(&calls, slice_of(rows[i].text), 1);
		expect_text(rows[i].name, buf_slice(&calls.text), rows[i].calls);
		buf_deinit(&calls.text);
	}
}

static void test_journal_lines(void **state)
{
	static const struct line_row rows[] = {
		{ "a program without a PID", "Nov 21 12:00:00 h kernel: a\nNov 21 12:00:01 h My Program: b\n",
		  "K Nov 21 12:00:00.000|a\nP Nov 21 12:00:01.000|My Program: b\n" },
		{ "no host", "Nov 21 12:00:00 kernel: a\nNov 21 12:00:01 systemd[1]: b\n",
		  "K Nov 21 12:00:00.000|a\nP Nov 21 12:00:01.000|systemd[1]: b\n" },
		{ "no host, monotonic", "[    1.000000] kernel: a\n[    2.000000] systemd[1]: b\n",
		  "K 1.000000|a\nP 2.000000|systemd[1]: b\n" },
		{ "kernel with a PID is a program", "Nov 21 12:00:00 h kernel[7]: Kernel panic - not syncing: no\n",
		  "P Nov 21 12:00:00.000|kernel[7]: Kernel panic - not syncing: no\n" },
		{ "follow-ups", "Nov 21 12:00:00 h kernel: a\n                          b\n\n"
		  "Nov 21 12:00:01 h x[1]: c\n                        d\n   e\n",
		  "K Nov 21 12:00:00.000|a\nK+|b\nP Nov 21 12:00:01.000|x[1]: c\nP+|d\nP|   e\n" },
		{ "an empty text", "Nov 21 12:00:00 h kernel:\nNov 21 12:00:00 h kernel: \n",
		  "K Nov 21 12:00:00.000|\nK Nov 21 12:00:00.000|\n" },
		{ "marks", "-- Journal begins at Sat 2026-11-21 12:00:00 UTC, ends at Sat 2026-11-21 13:00:00 UTC. --\n"
		  "Nov 21 12:00:00 h x[1]: a\n-- Boot 0123456789abcdef0123456789abcdef --\nNov 21 12:00:00 h x[1]: b\n"
		  "-- Reboot --\nNov 21 12:00:00 h x[1]: c\n-- No entries --\n",
		  "P Nov 21 12:00:00.000|x[1]: a\n!P Nov 21 12:00:00.000|x[1]: b\n!P Nov 21 12:00:00.000|x[1]: c\n" },
		{ "no marks", "-- Reboot --\n-- Boot 12 --\n-- x --\n", "P|-- Reboot --\nP|-- Boot 12 --\nP|-- x --\n" },
		{ "a zone with a name", "Sat 2026-11-21 12:00:00.123456 CEST h kernel: a\n", "K 2026-11-21T12:00:00.123|a\n" },
		{ "a zone with an offset", "2026-11-21T12:00:00+02:00 h kernel: a\n", "K 2026-11-21T12:00:00.000+02:00|a\n" },
		{ "short-delta", "[    0.000000                ] h kernel: a\n[    1.000000 <    1.000000 >] h kernel: b\n"
		  "[    0.000000 <  598.799970*>] h kernel: c\n", "K 0.000000|a\nK 1.000000|b\nK 0.000000|c\n" },
		{ "a priority before it", "<4>Nov 21 12:00:00 h kernel: a\n<30>2026-11-21T12:00:00Z h x[1]: b\n",
		  "K4 Nov 21 12:00:00.000|a\nP30 2026-11-21T12:00:00.000Z|x[1]: b\n" },
		{ "time in the text", "Nov 21 12:00:00 h kernel: [    1.000000] a\nNov 21 12:00:00 h kernel: <3>[    1.000000] b\n",
		  "K Nov 21 12:00:00.000|[    1.000000] a\nK Nov 21 12:00:00.000|<3>[    1.000000] b\n" },
		{ "a colour before the stamp", "\033[1mNov 21 12:00:00 h \033[0mkernel: a\n", "K Nov 21 12:00:00.000|a\n" },
		{ "one form behind the other", "[    1.000000] h kernel: a\nNov 21 12:00:00 h kernel: b\n[    2.000000] h kernel: c\n",
		  "K 1.000000|a\nK Nov 21 12:00:00.000|b\nK 2.000000|c\n" },
		{ "RFC 5424", "<6>1 2026-11-21T12:00:00Z h kernel - - - \xEF\xBB\xBF" "a\n"
		  "<6>1 2026-11-21T12:00:00Z h x - ID1 [a b=\"c]\"][d] e\n",
		  "K6 2026-11-21T12:00:00.000Z|a\nP6 2026-11-21T12:00:00.000Z|x: e\n" },
		/* plain text that is near to one */
		{ "a program in plain text", "[    1.000000] systemd[1]: a\n", "K|[    1.000000] systemd[1]: a\n" },
		{ "words in plain text", "[    1.000000] usb usb1: New kernel: b\n", "K|[    1.000000] usb usb1: New kernel: b\n" },
		{ "a console's prompt", "Nov 21 12:00:00 login: \n", "P|Nov 21 12:00:00 login: \n" },
		{ "a host of another line proves nothing", "[    1.000000] h kernel: a\n[    1.000000] usb x: b\n",
		  "K 1.000000|a\nK|[    1.000000] usb x: b\n" },
		{ "no host at all", "Nov 21 12:00:00 \nNov 21 12:00:00 : x\n", "P|Nov 21 12:00:00 \nP|Nov 21 12:00:00 : x\n" },
	};
	(void)state;
	check_lines(rows, ROWS(rows));
}

static void test_dmesg_lines(void **state)
{
	static const struct line_row rows[] = {
		{ "all of it", "[    0.000000] a\n[    1.000000] [    T1] b\n", "K|[    0.000000] a\nK|[    1.000000] [    T1] b\n" },
		{ "-T", "[Thu Jan  1 00:00:12 2026] [    T1] a\n                           b\n",
		  "K 2026-01-01T00:00:12.000|[    T1] a\nK+|b\n" },
		{ "crash log -T", "[Thu Jan  1 00:00:12 UTC 2026] a\n", "K 2026-01-01T00:00:12.000Z|a\n" },
		{ "-T -d", "[Thu Jan  1 00:00:12 2026 <    0.000000>] a\n", "K 2026-01-01T00:00:12.000|a\n" },
		{ "-x -t", "kern  :info  : a\ndaemon:err   : b\nauthpriv:emerg : c\n", "K6|a\nK27|b\nK80|c\n" },
		{ "-x -e", "kern  :info  : [Jan 1 00:00] a\nkern  :warn  : [ +10.100000] b\n", "K6 Jan 01 00:00:00.000|a\nK4|b\n" },
		{ "-e", "[Nov21 21:32] a\n[  +0.734567] b\n", "K Nov 21 21:32:00.000|a\nK|b\n" },
		{ "delta", "[<    0.000000>] a\n", "K|a\n" },
		{ "two times", "[    1.000000] [<    0.000001>] a\n", "K 1.000000|a\n" },
		{ "-x --time-format iso", "kern  :info  : 2026-11-21T12:00:00,123456+00:00 a\n", "K6 2026-11-21T12:00:00.123Z|a\n" },
		{ "colours", "\033[32m[    0.000000] \033[0m\033[33mscsi: \033[0ma\n\033[32m[Thu Jan  1 00:00:12 2026] \033[0mb\n",
		  "K|[    0.000000] scsi: a\nK 2026-01-01T00:00:12.000|b\n" },
		{ "no words of it", "kern:inform: a\nkern  :info   a\n:info  : a\n[Thu Jan  1 00:00:12 26] a\n[+0.1] a\n[<1>] a\n",
		  "P|kern:inform: a\nP|kern  :info   a\nP|:info  : a\nP|[Thu Jan  1 00:00:12 26] a\nP|[+0.1] a\nP|[<1>] a\n" },
		{ "kmsg", "6,1,1500000,-;a\\x09b\\x5cx\\x\n SUBSYSTEM=pci\n DEVICE=+pci:0\n4,2,1600000,c;c\n4,3,1600000,+;d\n",
		  "K6 1.500000|a\tb\\x\\x\nK4 1.600000|c\nK+4 1.600000|d\n" },
		{ "kmsg, several lines", "6,1,1500000,-;a\\x0ab\n", "K6 1.500000|a\nK+|b\n" },
		{ "netconsole's fragments", "6,1,1500000,-,ncfrag=0/8;abcd\n6,1,1500000,-,ncfrag=4/8;efgh\n",
		  "K6 1.500000|abcd\nK+6 1.500000|efgh\n" },
		{ "numbers with commas", "6,1,15,x;a\n6,1,15;a\n6,1,-;a\n1,2,3,4;5\n6,1,99999999999999999999,-;a\n",
		  "P|6,1,15,x;a\nP|6,1,15;a\nP|6,1,-;a\nP|1,2,3,4;5\nP|6,1,99999999999999999999,-;a\n" },
	};
	(void)state;
	check_lines(rows, ROWS(rows));
}

static void test_json_lines(void **state)
{
	static const struct line_row rows[] = {
		{ "-x", "{\"dmesg\":[{\"fac\":\"daemon\",\"pri\":\"err\",\"time\":1.5,\"caller\":\"T1\",\"msg\":\"a\\nb\"}]}",
		  "K27 1.500000|[    T1] a\nK+|b\n" },
		{ "a file's rest in each entry", "{\"dmesg\":[{\"pri\":5,\"time\":0.0,\"msg\":\"a\\nb\\n<6>[    1.000000] c\\n\"}]}\n",
		  "K5 0.000000|a\nK+|b\n" },
		{ "bytes", "{\"MESSAGE\":[97,255,10,98],\"PRIORITY\":\"4\",\"_TRANSPORT\":\"kernel\"}\n", "K4|a\xff\nK+|b\n" },
		{ "null", "{\"MESSAGE\":null,\"PRIORITY\":\"4\",\"_TRANSPORT\":\"kernel\"}\n", "" },
		{ "twice", "{\"MESSAGE\":[\"a\",\"b\"],\"PRIORITY\":4,\"SYSLOG_IDENTIFIER\":\"x\",\"SYSLOG_FACILITY\":\"10\"}\n",
		  "P84|x: a\n" },
		{ "called kernel", "{\"MESSAGE\":\"a\",\"PRIORITY\":\"4\",\"_TRANSPORT\":\"syslog\",\"SYSLOG_IDENTIFIER\":\"kernel\"}\n",
		  "P28|kernel: a\n" },
		{ "through /dev/kmsg", "{\"MESSAGE\":\"a\",\"PRIORITY\":\"4\",\"_TRANSPORT\":\"kernel\",\"SYSLOG_IDENTIFIER\":\"x\","
		  "\"SYSLOG_PID\":\"7\"}\n", "P28|x[7]: a\n" },
		{ "no name", "{\"MESSAGE\":\"a\",\"PRIORITY\":\"4\",\"_COMM\":\"c\"}\n{\"MESSAGE\":\"a\",\"PRIORITY\":\"4\"}\n",
		  "P28|c: a\nP28|unknown: a\n" },
		{ "not UTF-8", "{\"MESSAGE\":\"a\xff\tb\",\"PRIORITY\":\"4\",\"_TRANSPORT\":\"kernel\"}\n", "K4|a? b\n" },
		{ "over many lines", "{\n\t\"MESSAGE\" : \"a}{\\\"\",\n\t\"PRIORITY\" : \"4\",\n\t\"_TRANSPORT\" : \"kernel\"\n}\n",
		  "K4|a}{\"\n" },
		{ "text behind it", "{\"pri\":6,\"msg\":\"a\"}\n[    1.000000] b\n", "K6|a\nK|[    1.000000] b\n" },
		{ "text before it", "[    1.000000] b\n{\"pri\":6,\"msg\":\"a\"}\n", "K|[    1.000000] b\nK6|a\n" },
		{ "torn", "{\"pri\":6,\"msg\":\"a\"}\n{\"pri\":6,\"msg\":\"b\n{\"pri\":6,\"msg\":\"c\"}\n", "K6|a\nK6|c\n" },
		{ "torn at the front", "g\":\"a\"}\n{\"pri\":6,\"msg\":\"b\"}\n", "P|g\":\"a\"}\nK6|b\n" },
		{ "other objects", "{\"a\":1}\n[    1.000000] b\n", "P|{\"a\":1}\nK|[    1.000000] b\n" },
		{ "no object", "{ [    1.000000] b\n{\n", "P|{ \nK|[    1.000000] b\nP|{\n" },
		{ "an open bracket", "[\n[    1.000000] b\n", "P|[\nK|[    1.000000] b\n" },
		{ "numbers out of range", "{\"pri\":-6,\"time\":-1,\"msg\":\"a\"}\n{\"pri\":99999999,\"time\":1e300,\"msg\":\"b\"}\n"
		  "{\"_BOOT_ID\":\"x\",\"__REALTIME_TIMESTAMP\":\"99999999999999999999\",\"PRIORITY\":\"8\",\"MESSAGE\":\"c\"}\n",
		  "K|a\nK|b\nP|unknown: c\n" },
		{ "deep", "[[[[[[[[{\"pri\":6,\"msg\":\"a\"}]]]]]]]]\n", "K6|a\n" },
	};
	(void)state;
	check_lines(rows, ROWS(rows));
}

static void test_json_ends(void **state)
{
	static const struct {
		const char *name, *text;
		unsigned lines;
		bool is_cut;
	} rows[] = {
		{ "whole", "{\"dmesg\":[\n{\"pri\":6,\"msg\":\"a\"}\n]}\n", 3, false },
		{ "no line end", "{\"dmesg\":[\n{\"pri\":6,\"msg\":\"a\"}\n]}", 3, false },
		{ "no end", "{\"dmesg\":[\n{\"pri\":6,\"msg\":\"a\"}\n", 2, true },
		{ "in an object", "{\"pri\":6,\"msg\":\"a\"}\n{\"pri\":6,\"ms", 2, true },
		{ "torn", "{\"pri\":6,\"msg\":\"a\"}\n{\"pri\":6,\"ms\n{\"pri\":6,\"msg\":\"a\"}\n", 3, true },
		{ "text behind it", "{\"pri\":6,\"msg\":\"a\"}\nb\n", 2, false },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct calls calls;
		struct vmxlog_totals totals = read_calls(&calls, slice_of(rows[i].text), 3);
		expect_number(rows[i].name, (int64_t)totals.lines, rows[i].lines);
		expect_number(rows[i].name, totals.ends_without_newline, rows[i].is_cut);
		expect_number(rows[i].name, (int64_t)totals.bytes, (int64_t)strlen(rows[i].text));
		buf_deinit(&calls.text);
	}
}

/* An entry over the limit is left out, and that is said; before the first entry it shows that
 * the text is none of JSON. */
static void test_json_limit(void **state)
{
	struct buf text = BUF_INIT(4 * MIB);
	struct calls calls;
	(void)state;
	buf_text(&text, "{\"pri\":6,\"msg\":\"a\"}\n{\"pri\":6,\"msg\":\"");
	buf_repeat(&text, 'x', (int)JSON_OBJECT_BYTES);
	buf_text(&text, "\"}\n{\"pri\":6,\"msg\":\"b\"}\n");
	assert_true(read_calls(&calls, buf_slice(&text), 4096).any_overlong);
	expect_text("over the limit", buf_slice(&calls.text), "K6|a\nK6|b\n");
	buf_deinit(&calls.text);
	buf_clear(&text);
	buf_text(&text, "{");
	for (size_t i = 0; i < JSON_OBJECT_BYTES / 8; i++)
		buf_text(&text, "12345678");
	buf_text(&text, "\n[    1.000000] b\n");
	read_calls(&calls, buf_slice(&text), 4096);
	assert_true(slice_ends(buf_slice(&calls.text), SLICE("\nK|[    1.000000] b\n")));
	buf_deinit(&calls.text);
	buf_deinit(&text);
}

/* ---- pstore ---- */

static void test_pstore_lines(void **state)
{
	static const struct line_row rows[] = {
		{ "newest first", "Panic#1 Part1\n<6>[    3.000000] e\n<6>[    4.000000] f\nPanic#1 Part2\n<6>[    2.000000] c\nd\n"
		  "Panic#1 Part3\n<6>[    0.000000] a\n<6>[    1.000000] b\n",
		  "#K|<6>[    0.000000] a\nK|<6>[    1.000000] b\nK|<6>[    2.000000] c\nP|d\nK|<6>[    3.000000] e\n"
		  "K|<6>[    4.000000] f\n" },
		{ "oldest first", "Oops#1 Part2\n<6>[    0.000000] a\nOops#1 Part1\n<6>[    1.000000] b\n",
		  "#K|<6>[    0.000000] a\nK|<6>[    1.000000] b\n" },
		{ "ten parts", "Oops#1 Part2\n<6>[    0.000000] b\nOops#1 Part10\n<6>[    1.000000] a\n",
		  "#K|<6>[    1.000000] a\nK|<6>[    0.000000] b\n" },
		{ "two dumps", "Oops#1 Part1\n<6>a\nPanic#2 Part1\n<6>c\nPanic#2 Part2\n<6>b\n", "#K|<6>a\n#K|<6>b\nK|<6>c\n" },
		{ "of two boots", "Panic#1 Part1\n<6>b\nPanic#1 Part2\n<6>a\nPanic#1 Part1\n<6>d\nPanic#1 Part2\n<6>c\n",
		  "#K|<6>a\nK|<6>b\n#K|<6>c\nK|<6>d\n" },
		{ "text before it", "[    9.000000] a\nPanic#1 Part1\n<6>b\n", "K|[    9.000000] a\n#K|<6>b\n" },
		{ "another form behind it", "Panic#1 Part1\n<6>b\nNov 21 12:00:00 h kernel: c\n", "#K|<6>b\nK Nov 21 12:00:00.000|c\n" },
		{ "an empty part", "Panic#1 Part1\nPanic#1 Part2\n<6>b\n", "#K|<6>b\n" },
		{ "near to it", "Panic#1 Part\nPanic# Part1\nHello#1 Part1\nPanic#1 Part1 x\n",
		  "P|Panic#1 Part\nP|Panic# Part1\nP|Hello#1 Part1\nP|Panic#1 Part1 x\n" },
	};
	(void)state;
	check_lines(rows, ROWS(rows));
}

/* The last entries of an oops come again with the panic: one boot; the parts of another boot are
 * none of it. */
static void test_pstore_boots(void **state)
{
	static const char text[] =
		"Oops#1 Part1\n<5>[    1.000000] b\n<1>[    2.000000] BUG: kernel NULL pointer dereference\n"
		"Oops#1 Part2\n<5>[    0.000000] Linux version 6.1.0\n<5>[    0.500000] a\n"
		"Panic#2 Part1\n<1>[    2.000000] BUG: kernel NULL pointer dereference\n"
		"<0>[    2.100000] Kernel panic - not syncing: Fatal exception\n"
		"Panic#2 Part2\n<5>[    0.500000] a\n<5>[    1.000000] b\n"
		"Panic#1 Part1\n<5>[    0.000000] Linux version 6.1.0\n<0>[    7.100000] Kernel panic - not syncing: x\n";
	struct boots boots;
	(void)state;
	boots_read(&boots, LOG_KERNEL, SLICE(text));
	assert_int_equal(boots.count, 2);
	assert_int_equal(boots.items[0].record_count, 5);
	expect_text("last of the first", boots.items[0].records[4].text, "Kernel panic - not syncing: Fatal exception");
	assert_int_equal(boots.items[1].record_count, 2);
	boots_free(&boots);
}

/* What is too large for a dump is handed on in the order of the source, all of it. */
static void test_pstore_limit(void **state)
{
	struct buf text = BUF_INIT(8 * MIB);
	struct calls calls;
	size_t count = 0;
	(void)state;
	buf_text(&text, "Panic#1 Part1\n");
	while (text.len < PSTORE_DUMP_BYTES + MIB)
		buf_printf(&text, "<6>[%5zu.000000] a line of some length, as they come\n", count++);
	struct vmxlog_totals totals = read_calls(&calls, buf_slice(&text), 4096);
	assert_int_equal(totals.guest_lines, count);
	assert_false(totals.any_overlong);
	buf_deinit(&calls.text);
	buf_deinit(&text);
}

/* ---- what is of another kind ---- */

static void test_detect(void **state)
{
	static const struct {
		const char *name, *head;
		enum log_format format;
	} rows[] = {
		{ "one line of a journal", "Nov 21 12:00:00 h kernel: a\n", LOG_KERNEL },
		{ "messages of a day without the kernel", "Nov 21 12:00:00 h sshd[7]: a\nNov 21 12:00:00 h cron[8]: b\n", LOG_UNKNOWN },
		{ "messages of a day", "Nov 21 12:00:00 h sshd[7]: a\nNov 21 12:00:00 h cron[8]: b\nNov 21 12:00:00 h kernel: c\n",
		  LOG_KERNEL },
		{ "early user space alone", "Nov 21 12:00:00 h systemd[1]: Entering emergency mode.\n", LOG_KERNEL },
		{ "pstore", "Panic#1 Part1\n", LOG_KERNEL },
		{ "JSON of others", "{\"name\":\"x\",\"version\":1}\n", LOG_UNKNOWN },
		{ "JSON of a program", "{\"MESSAGE\":\"a\",\"PRIORITY\":\"6\",\"SYSLOG_IDENTIFIER\":\"x\"}\n", LOG_UNKNOWN },
		{ "JSON of the kernel", "[\n {\"MESSAGE\":\"a\",\n\"PRIORITY\":\"6\",\"SYSLOG_IDENTIFIER\":\"kernel\"}]\n", LOG_KERNEL },
		{ "hostd.log", "2026-02-21T18:13:03.929Z In(166) Hostd[2100001]: [Originator@6876 sub=Vimsvc] a\n", LOG_UNKNOWN },
		{ "vmkernel.log", "2026-02-21T18:13:03.929Z In(182) vmkernel: cpu3:2097152)a\n", LOG_UNKNOWN },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_number(rows[i].name, vmxlog_detect(slice_of(rows[i].head), true), rows[i].format);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_journal_lines),
		cmocka_unit_test(test_dmesg_lines),
		cmocka_unit_test(test_json_lines),
		cmocka_unit_test(test_json_ends),
		cmocka_unit_test(test_json_limit),
		cmocka_unit_test(test_pstore_lines),
		cmocka_unit_test(test_pstore_boots),
		cmocka_unit_test(test_pstore_limit),
		cmocka_unit_test(test_detect),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
