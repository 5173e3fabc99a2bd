#include "../expect.h"
#include "../../grown.h"

#include <stdio.h>

#include "base/limits.h"
#include "vmxlog/reader.h"

/* ---- what the sink is told, as text ---- */

struct calls {
	struct buf text;     /* a line each: G12 kernel|text, E3 boot|text, S4 key=value */
	struct slice source; /* places are held against it; empty: not */
	const char *row;
};

static void check_place(const struct calls *calls, uint64_t line, uint64_t offset)
{
	struct slice before = slice_take(calls->source, offset);
	uint64_t newlines = 0;
	if (!calls->source.len)
		return;
	expect_true(calls->row, offset < calls->source.len && (!offset || before.ptr[offset - 1] == '\n'));
	for (size_t i = 0; i < before.len; i++)
		newlines += before.ptr[i] == '\n';
	expect_number(calls->row, (int64_t)line, (int64_t)newlines + 1);
}

static void take_guest(void *user, const struct guest_line *line)
{
	static const char *const senders[] = { "kernel", "firmware", "tools", "xferlog", "other", "console" };
	struct calls *calls = user;
	check_place(calls, line->line, line->offset);
	buf_printf(&calls->text, "G%u%s%s %s|", (unsigned)line->line, line->is_inner ? "i" : "", line->is_cut ? "c" : "",
		   senders[line->sender]);
	buf_append(&calls->text, line->text);
	buf_char(&calls->text, '\n');
}

static void take_event(void *user, const struct host_event *event)
{
	struct calls *calls = user;
	check_place(calls, event->line, event->offset);
	buf_printf(&calls->text, "E%u %s\n", (unsigned)event->line, host_event_name(event->kind));
}

static void take_setting(void *user, const struct vm_setting *setting)
{
	struct calls *calls = user;
	buf_printf(&calls->text, "S%u %.*s=%.*s\n", (unsigned)setting->line, SLICE_ARG(setting->key),
		   SLICE_ARG(setting->value));
}

/* How many bytes the next block has. */
typedef size_t cut_next(uint32_t *seed);

static size_t cut_never(uint32_t *seed)
{
	(void)seed;
	return SIZE_MAX;
}

static size_t cut_bytes(uint32_t *seed)
{
	(void)seed;
	return 1;
}

static size_t cut_randomly(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return 1 + (*seed >> 8) % (*seed >> 28 ? 40 : 4000);
}

static void write_totals(struct buf *out, struct vmxlog_totals totals)
{
	buf_printf(out, "lines %u guest %u unframed %u bytes %u%s%s", (unsigned)totals.lines, (unsigned)totals.guest_lines,
		   (unsigned)totals.unframed_lines, (unsigned)totals.bytes,
		   totals.ends_without_newline ? " no-newline" : "", totals.any_overlong ? " overlong" : "");
}

/* Each block is a copy of its own size, so that a sanitizer sees a step over its end. */
static void feed(struct vmxlog_reader *reader, struct slice block)
{
	char *copy = test_malloc(block.len);
	memcpy(copy, block.ptr, block.len);
	assert_true(vmxlog_reader_feed(reader, (struct slice){ copy, block.len }, NULL));
	test_free(copy);
}

struct reading {
	enum log_format format;
	cut_next *cut;
	uint32_t seed;
	bool filter_is_off;
	bool has_hints; /* by what the reader knew some blocks before */
};

static void feed_hinted(struct vmxlog_reader *reader, struct slice block, struct vmxlog_hints *hints, uint32_t *seed)
{
	if (*seed % 3 == 0)
		vmxlog_reader_begin_hints(reader, hints);
	vmxlog_find_hints(hints, block);
	assert_true(vmxlog_reader_feed_hinted(reader, block, hints, NULL));
}

/* The calls, and the totals when `totals` is not NULL. */
static void read_all(struct calls *calls, struct slice text, struct reading how, struct buf *totals)
{
	struct vmxlog_sink sink = { calls, take_guest, take_event, take_setting };
	struct vmxlog_reader *reader = vmxlog_reader_new(how.format, &sink, NULL);
	assert_non_null(reader);
	vmxlog_reader_set_filter(reader, !how.filter_is_off);
	static struct vmxlog_hints hints;
	vmxlog_reader_begin_hints(reader, &hints);
	while (text.len) {
		size_t len = how.cut(&how.seed);
		if (how.has_hints)
			feed_hinted(reader, slice_take(text, len), &hints, &how.seed);
		else
			feed(reader, slice_take(text, len));
		text = slice_skip(text, len);
	}
	vmxlog_reader_finish(reader);
	if (totals)
		write_totals(totals, vmxlog_reader_totals(reader));
	assert_false(calls->text.failed);
	vmxlog_reader_free(reader);
}

/* Read when it was shorter, and again around what was passed over then. */
static void read_grown(struct calls *calls, struct slice text, enum log_format format, size_t len, struct buf *totals)
{
	struct vmxlog_sink sink = { calls, take_guest, take_event, take_setting };
	struct vmxlog_reader *reader = vmxlog_reader_new(format, &sink, NULL);
	struct passed passed;
	assert_non_null(reader);
	assert_true(grown_begin(format, slice_take(text, len), &passed, feed));
	grown_feed_rest(reader, text, &passed, feed);
	vmxlog_reader_finish(reader);
	write_totals(totals, vmxlog_reader_totals(reader));
	assert_false(calls->text.failed);
	vmxlog_reader_free(reader);
	passed_deinit(&passed);
}

static void check_growth(const char *row, enum log_format format, struct slice text, struct slice calls,
			 struct slice totals)
{
	uint32_t seed = 7;
	for (unsigned round = 0; round < 8; round++) {
		seed = seed * 1664525 + 1013904223;
		struct calls grown = { BUF_INIT(8 * MIB), text, row };
		struct buf grown_totals = BUF_INIT(256);
		read_grown(&grown, text, format, round ? (seed >> 8) % (text.len + 1) : text.len, &grown_totals);
		expect_slices(row, buf_slice(&grown.text), calls);
		expect_slices(row, buf_slice(&grown_totals), totals);
		buf_deinit(&grown.text);
		buf_deinit(&grown_totals);
	}
}

/* However the bytes come, filter or not: the same calls with the same places, and the same totals. */
static void check_cuts(const char *row, enum log_format format, struct slice text)
{
	struct calls whole = { BUF_INIT(8 * MIB), text, row };
	struct buf whole_totals = BUF_INIT(256);
	read_all(&whole, text, (struct reading){ format, cut_never, .filter_is_off = true }, &whole_totals);
	for (unsigned round = 0; round < 23; round++) {
		struct reading how = { format, round == 0 ? cut_never : round < 3 ? cut_bytes : cut_randomly, round,
				       round % 2 == 1, round % 4 == 2 };
		struct calls cut = { BUF_INIT(8 * MIB), text, row };
		struct buf totals = BUF_INIT(256);
		read_all(&cut, text, how, &totals);
		expect_slices(row, buf_slice(&cut.text), buf_slice(&whole.text));
		expect_slices(row, buf_slice(&totals), buf_slice(&whole_totals));
		buf_deinit(&cut.text);
		buf_deinit(&totals);
	}
	check_growth(row, format, text, buf_slice(&whole.text), buf_slice(&whole_totals));
	buf_deinit(&whole.text);
	buf_deinit(&whole_totals);
}

/* ---- logs ---- */

struct row {
	const char *name;
	struct slice text;
	const char *calls;
};

/* The families, each with guest records whose newline has become an empty follow-up. */
#define F0 "May 12 18:25:08: "
#define F1 "Aug 27 00:32:59.546: "
#define F2A "2010-03-16T08:48:35.277Z| "
#define F2 "2016-08-30T16:02:43.217-07:00| "
#define F2B "2021-11-15T00:23:51+01:00[+0.000]| "
#define F3 "2024-05-06T07:08:09.010Z "
#define ESX F3 "In(05) vmx - Log for VMware ESX pid=1 version=8.0.1 build=build-1\n"
#define HOSTED F3 "In(05) vmx Log for VMware Workstation pid=1 version=17.5.0 build=build-1\n"

static const struct row guest_rows[] = {
	{ "F0", BYTES(F0 "vcpu-0| Guest: <4>[    1.000000] a\n" F0 "vcpu-0| \n" F0 "vcpu-0| Guest: <4>[    1.000001] b\n"),
	  "G1 kernel|<4>[    1.000000] a\nG3 kernel|<4>[    1.000001] b\n" },
	{ "F1", BYTES(F1 "vcpu-0| Guest: <4>[    1.000000] a\n" F1 "vcpu-0|\n" F1 "vmx| chatter\n"),
	  "G1 kernel|<4>[    1.000000] a\n" },
	{ "F2a", BYTES(F2A "vcpu-0| Guest: <4>[    1.000000] a\n" F2A "vcpu-0| \n"), "G1 kernel|<4>[    1.000000] a\n" },
	{ "F2 with a plus", BYTES(F2 "vcpu-0| I125: Guest: <4>[    1.000000] a\n" F2 "vcpu-0| I125+ \n"),
	  "G1 kernel|<4>[    1.000000] a\n" },
	{ "F2 with a colon", BYTES(F2 "vcpu-0| I125: Guest: <4>[    1.000000] a\n" F2 "vcpu-0| I125: \n"),
	  "G1 kernel|<4>[    1.000000] a\n" },
	{ "F2, the blank is lost", BYTES(F2 "vcpu-0| I125: Guest: <4>[    1.000000] a\n" F2 "vcpu-0| I125+\n"),
	  "G1 kernel|<4>[    1.000000] a\n" },
	{ "F2b", BYTES(F2B "vcpu-0| I005: Guest: <4>[    1.000000] a\n" F2B "vcpu-0| I005+ \n"),
	  "G1 kernel|<4>[    1.000000] a\n" },
	{ "F3h", BYTES(F3 "In(05) vcpu-0 Guest: <4>[    1.000000] a\n" F3 "In(05)+ vcpu-0 \n"),
	  "G1 kernel|<4>[    1.000000] a\n" },
	{ "F3e", BYTES(ESX F3 "In(05) vcpu-0 - Guest: <4>[    1.000000] a\n" F3 "In(05)+ vcpu-0 - \n"),
	  "S1 header.product=ESX\nS1 header.version=8.0.1\nG2 kernel|<4>[    1.000000] a\n" },
	{ "F3e with an opID", BYTES(ESX F3 "In(05) vmx op-1 Guest: toolbox: Version: 1\n"),
	  "S1 header.product=ESX\nS1 header.version=8.0.1\nG2 tools|toolbox: Version: 1\n" },
	{ "F3e without a header", BYTES(F3 "In(05) vcpu-0 - Guest: <4>[    1.000000] a\n" F3 "In(05)+ vcpu-0 - \n"),
	  "G1 kernel|<4>[    1.000000] a\n" },
	{ "CRLF", BYTES(F3 "In(05) vcpu-0 Guest: <4>[    1.000000] a\r\n" F3 "In(05)+ vcpu-0 \r\n" F3 "In(05) vmx x\r\n"),
	  "G1 kernel|<4>[    1.000000] a\n" },
	{ "a lone CR behind the text", BYTES(HOSTED F3 "In(05) vmx Guest: Firmware has transitioned to runtime.\r\n"),
	  "S1 header.product=Workstation\nS1 header.version=17.5.0\nG2 firmware|Firmware has transitioned to runtime.\n" },
	{ "a CR inside the text", BYTES(F3 "In(05) vcpu-0 Guest: <4>[    1.000000] a\rb\n"),
	  "G1 kernel|<4>[    1.000000] a\rb\n" },
	{ "bars and a stamp inside", BYTES(F2 "vmx| I125: Guest: DXUM_09: 2020-05-21T17:03:25.01| Thread ID: 1 |x\n"),
	  "G1 tools|DXUM_09: 2020-05-21T17:03:25.01| Thread ID: 1 |x\n" },
	{ "raw bytes", BYTES(F2 "vmx| I125: Guest: <4>[    1.000000] \xc9\xf9\0\x1b[2J\n"),
	  "G1 kernel|<4>[    1.000000] \xc9\xf9" },
	{ "nothing behind the mark", BYTES(F3 "In(05) vmx Guest: \n" F3 "In(05) vmx Guest:\n" F3 "In(05)+ vmx \n"), "" },
	{ "false friends", BYTES(F3 "In(05) vmx Guest OS = 0x5008\n" F3 "In(05) vmx GuestRpc: x\n" F3 "In(05) vmx guest: x\n"), "" },
	{ "firmware, and an event of it", BYTES(F3 "In(05) vmx Guest: Status upon boot failure: No Media\n"),
	  "E1 firmware-failed\nG1 firmware|Status upon boot failure: No Media\n" },
	{ "no last newline", BYTES(F3 "In(05) vcpu-0 Guest: <4>[    1.000000] a\n" F3 "In(05) vcpu-0 Guest: <4>[    1.0"),
	  "G1 kernel|<4>[    1.000000] a\nG2c kernel|<4>[    1.0\n" },
	{ "no last newline behind a whole record", BYTES(F3 "In(05) vcpu-0 Guest: <4>[    1.000000] a\n" F3 "In(0"),
	  "G1 kernel|<4>[    1.000000] a\n" },
};

/* Further lines of a record come without "Guest: ". */
static const struct row inner_rows[] = {
	{ "F3h", BYTES(F3 "In(05) vcpu-0 Guest: <3>[    1.000000] a\n" F3 "In(05)+ vcpu-0 <3>[    1.000000] b\n" F3 "In(05)+ vcpu-0 \n"),
	  "G1 kernel|<3>[    1.000000] a\nG2i kernel|<3>[    1.000000] b\n" },
	{ "F3e", BYTES(ESX F3 "In(05) vcpu-0 - Guest: <3>[    1.000000] a\n" F3 "In(05)+ vcpu-0 - <3>[    1.000000] b\n"),
	  "S1 header.product=ESX\nS1 header.version=8.0.1\nG2 kernel|<3>[    1.000000] a\nG3i kernel|<3>[    1.000000] b\n" },
	{ "F2", BYTES(F2 "vcpu-0| I125: Guest: <3>[    1.000000] a\n" F2 "vcpu-0| I125+ <3>[    1.000000] b\n"),
	  "G1 kernel|<3>[    1.000000] a\nG2i kernel|<3>[    1.000000] b\n" },
	{ "F2 with a colon", BYTES(F2 "vcpu-0| I125: Guest: <3>[    1.000000] a\n" F2 "vcpu-0| I125: <3>[    1.000000] b\n"),
	  "G1 kernel|<3>[    1.000000] a\nG2i kernel|<3>[    1.000000] b\n" },
	{ "F1", BYTES(F1 "vcpu-0| Guest: <3>[    1.000000] a\n" F1 "vcpu-0| <3>[    1.000000] b\n"),
	  "G1 kernel|<3>[    1.000000] a\nG2i kernel|<3>[    1.000000] b\n" },
	{ "text without a prefix is of the same sender",
	  BYTES(F3 "In(05) vcpu-0 Guest: <3>[    1.000000] a\n" F3 "In(05)+ vcpu-0 and so on\n"),
	  "G1 kernel|<3>[    1.000000] a\nG2i kernel|and so on\n" },
	{ "of Tools", BYTES(F3 "In(05) vmx Guest: toolbox: a\n" F3 "In(05)+ vmx b\n"), "G1 tools|toolbox: a\nG2i tools|b\n" },
	{ "an empty line between", BYTES(F3 "In(05) vcpu-0 Guest: <3>[    1.000000] a\n" F3 "In(05)+ vcpu-0 \n" F3 "In(05)+ vcpu-0 b\n"),
	  "G1 kernel|<3>[    1.000000] a\nG3i kernel|b\n" },
	{ "another thread", BYTES(F3 "In(05) vcpu-0 Guest: <3>[    1.000000] a\n" F3 "In(05)+ vmx b\n"),
	  "G1 kernel|<3>[    1.000000] a\n" },
	{ "another time", BYTES(F3 "In(05) vcpu-0 Guest: <3>[    1.000000] a\n2024-05-06T07:08:09.011Z In(05)+ vcpu-0 b\n"),
	  "G1 kernel|<3>[    1.000000] a\n" },
	{ "a host line between", BYTES(F3 "In(05) vcpu-0 Guest: <3>[    1.000000] a\n" F3 "In(05) vcpu-0 x\n" F3 "In(05)+ vcpu-0 b\n"),
	  "G1 kernel|<3>[    1.000000] a\n" },
	{ "a host line of the same thread and time", BYTES(F2 "vcpu-0| I125: Guest: <3>[    1.000000] a\n" F2 "vcpu-0| I125: Triple fault.\n"),
	  "G1 kernel|<3>[    1.000000] a\nE2 triple-fault\n" },
	{ "the throttling mark is not of the record",
	  BYTES(F3 "In(05) vcpu-0 Guest: <3>[    1.000000] a\n" F3 "In(05)+ vcpu-0 \n" F3 "In(05)+ vcpu-0 <<< Guest Log Throttled >>>\n"),
	  "G1 kernel|<3>[    1.000000] a\nE3 throttled\n" },
	{ "an inner line that looks like ESXi's frame, in a hosted log",
	  BYTES(F3 "In(05) vcpu-0 Guest: <3>[    1.000000] a\n" F3 "In(05)+ vcpu-0 - b\n" F3 "In(05) vcpu-0 Guest: <3>[    2.000000] c\n"),
	  "G1 kernel|<3>[    1.000000] a\nG2i kernel|- b\nG3 kernel|<3>[    2.000000] c\n" },
	{ "continued at the front of a file", BYTES(F3 "In(05)+ vcpu-0 b\n" F3 "In(05) vcpu-0 Guest: <3>[    1.000000] a\n"),
	  "G2 kernel|<3>[    1.000000] a\n" },
};

/* The public guide breaks its lines by hand. */
static const struct row wrapped_rows[] = {
	{ "behind the mark", BYTES(F2 "vcpu-0| I125: Guest:\n\t<4>[1.125782] VFS: x\n"), "G1 kernel|<4>[1.125782] VFS: x\n" },
	{ "behind the mark and its blank", BYTES(F2 "vcpu-0| I125: Guest: \n\t<4>[1.125782] VFS: x\n"),
	  "G1 kernel|<4>[1.125782] VFS: x\n" },
	{ "at a blank", BYTES(F2 "vcpu-0| I125: Guest: <4>[1.125782] VFS: Cannot open \n\troot device\n"),
	  "G1 kernel|<4>[1.125782] VFS: Cannot open root device\n" },
	{ "a row without any prefix", BYTES(F2 "vcpu-0| I125: Guest: <4>[1.125790] 0100 4096 ram0\n0800 8388608 sda driver: sd\n"),
	  "G1 kernel|<4>[1.125790] 0100 4096 ram0\nG2i kernel|0800 8388608 sda driver: sd\n" },
	{ "dots for what was left out", BYTES(F2 "vcpu-0| I125: Guest: <4>[1.125790] a\n...\n"),
	  "G1 kernel|<4>[1.125790] a\nG2i kernel|...\n" },
	{ "a prefix on the next line begins a record", BYTES(F2 "vcpu-0| I125: Guest: <4>[1.125790] a \n\t<4>[1.125791] b\n"),
	  "G1 kernel|<4>[1.125790] a \nG2i kernel|<4>[1.125791] b\n" },
	{ "empty lines between", BYTES(F2 "vcpu-0| I125: Guest:\n\n\t<4>[1.125782] VFS: x\n\n"), "G1 kernel|<4>[1.125782] VFS: x\n" },
	{ "behind a host line nobody's", BYTES(F2 "vmx| I125: x\nstray\n"), "" },
};

static const struct row host_rows[] = {
	{ "one boot, four vCPUs",
	  BYTES(F2 "vcpu-0| I125: CPU reset: hard (mode 2)\n" F2 "vcpu-1| I125: CPU reset: hard (mode 2)\n" F2
		   "vcpu-1| I125: CPU reset: soft (mode 2)\n" F2 "vcpu-2| I125: CPU reset: soft (mode 2)\n"),
	  "E1 boot\n" },
	{ "a torn reset of vcpu-1 behind the real one",
	  BYTES(F2 "vcpu-0| I125: CPU reset: hard (mode 2)\n" F2 "vcpu-0| I125: hread 7796 6608CPU reset: hard (mode 2)\n"),
	  "E1 boot\n" },
	{ "a torn reset and the real one",
	  BYTES(F2 "vcpu-0| I125: hread 7796 6608CPU reset: hard (mode 2)\n" F2 "vcpu-0| I125: CPU reset: hard (mode 2)\n"),
	  "E1 boot\n" },
	{ "only a torn reset", BYTES(F2 "vcpu-1| I125: hread 7796 6608CPU reset: hard (mode 2)\n"), "E1 boot\n" },
	{ "a torn soft reset is an AP's", BYTES(F2 "vcpu-0| I125: hread 7796 6608CPU reset: soft (mode 2)\n"), "" },
	{ "a torn reset, and the next boot later",
	  BYTES(F2 "vcpu-0| I125: hread 7796 6608CPU reset: hard (mode 2)\n2016-08-30T16:12:43.217-07:00| vcpu-0| I125: CPU reset: hard (mode 2)\n"),
	  "E1 boot\nE2 boot\n" },
	{ "powered off and on again",
	  BYTES(F2 "vcpu-0| I125: CPU reset: hard\n" F2 "vmx| I125: VMX exit (0).\n" F2 "vcpu-0| I125: hread 1 2CPU reset: hard\n"),
	  "E1 boot\nE2 powered-off\nE3 boot\n" },
	{ "sections of DICT",
	  BYTES(F2 "vmx| I125: DICT --- GLOBAL SETTINGS /etc/vmware/config\n" F2 "vmx| I125: DICT    a.fullpath = \"1\"\n" F2
		   "vmx| I125: DICT --- NONPERSISTENT\n" F2 "vmx| I125: DICT --- COMMAND LINE\n" F2 "vmx| I125: DICT b = \"2\"\n" F2
		   "vmx| I125: DICT --- CONFIGURATION /vm/a.vmx \n" F2 "vmx| I125: DICT          guestOS = \"debian10-64\"\n" F2
		   "vmx| I125: DICT --- USER DEFAULTS\n" F2 "vmx| I125: DICT c = \"3\"\n"),
	  "S5 b=2\nS7 guestOS=debian10-64\n" },
	{ "a change at run time", BYTES(F3 "No(00) vmx ConfigDB: Setting guestOS = \"other\"\n"), "S1 guestOS=other\n" },
	{ "a setting behind the user's section",
	  BYTES(F2 "vmx| I125: DICT --- USER DEFAULTS\n" F2 "vmx| I125: ConfigDB: Setting a = \"1\"\n"), "S2 a=1\n" },
	{ "a hint in a setting is no event",
	  BYTES(F2 "vmx| I125: DICT --- USER PREFERENCES\n" F2 "vmx| I125: DICT hint.monitorevent.halt = \"FALSE\"\n"), "" },
	{ "a halt", BYTES(F2 "vmx| I125: MsgHint: msg.monitorevent.halt\n" F2 "vmx| I125+ The CPU has been disabled by the guest.\n"),
	  "E1 cpu-disabled\n" },
	{ "no frame at all", BYTES("one\ntwo\n"), "" },
	{ "the mark of throttling behind an empty line", BYTES(F2 "vmx| I125: \n" F2 "vmx| I125+ <<< Log Throttled >>>\n"), "E2 throttled\n" },
	{ "the product of a header", BYTES(F2 "vmx| I125: Log for VMware Fusion pid=5 version=8.5.0 build=b option=Release\n"),
	  "S1 header.product=Fusion\nS1 header.version=8.5.0\n" },
};

static const struct row console_rows[] = {
	{ "dmesg", BYTES("[    0.000000] Linux version 5.10\n[    0.000000] Command line: ro\n"),
	  "G1 kernel|[    0.000000] Linux version 5.10\nG2 kernel|[    0.000000] Command line: ro\n" },
	{ "dmesg --raw", BYTES("<6>[    0.000000] a\n<4>b\n"), "G1 kernel|<6>[    0.000000] a\nG2 kernel|<4>b\n" },
	{ "CRLF, and CR doubled", BYTES("[    0.000000] a\r\n[    0.000000] b\r\r\n"), "G1 kernel|[    0.000000] a\nG2 kernel|[    0.000000] b\n" },
	{ "indented copy", BYTES("    [    0.000000] a\n"), "G1 kernel|[    0.000000] a\n" },
	{ "behind a prompt", BYTES("host login: [   12.345678] a\n"), "G1 console|host login: \nG1 kernel|[   12.345678] a\n" },
	{ "text of programs, coloured", BYTES("[\033[0;32m  OK  \033[0m] Started x.\n"), "G1 console|[  OK  ] Started x.\n" },
	{ "an escape that does not end", BYTES("a\033[\033\n"), "G1 console|a\n" },
	{ "empty lines say nothing", BYTES("\n  \n\r\n"), "" },
	{ "a boot loader", BYTES("GRUB loading.\r\nWelcome\r\n"), "G1 console|GRUB loading.\nG2 console|Welcome\n" },
	{ "no last newline", BYTES("[    0.000000] a\n[    1.0"), "G1 kernel|[    0.000000] a\nG2c console|[    1.0\n" },
};

struct table {
	enum log_format format;
	const struct row *rows;
	size_t count;
};

static const struct table tables[] = {
	{ LOG_VMWARE, guest_rows, ROWS(guest_rows) },     { LOG_VMWARE, inner_rows, ROWS(inner_rows) },
	{ LOG_VMWARE, wrapped_rows, ROWS(wrapped_rows) }, { LOG_VMWARE, host_rows, ROWS(host_rows) },
	{ LOG_KERNEL, console_rows, ROWS(console_rows) },
};

static void test_calls(void **state)
{
	(void)state;
	for (size_t t = 0; t < ROWS(tables); t++) {
		for (size_t i = 0; i < tables[t].count; i++) {
			const struct row *row = &tables[t].rows[i];
			struct calls calls = { BUF_INIT(MIB), row->text, row->name };
			read_all(&calls, row->text, (struct reading){ tables[t].format, .cut = cut_never }, NULL);
			/* An expected text ends at its NUL: of raw bytes only the front is compared. */
			struct slice got = slice_until(buf_slice(&calls.text), '\0');
			expect_text(row->name, got, row->calls);
			buf_deinit(&calls.text);
		}
	}
}

static void test_cuts(void **state)
{
	(void)state;
	for (size_t t = 0; t < ROWS(tables); t++)
		for (size_t i = 0; i < tables[t].count; i++)
			check_cuts(tables[t].rows[i].name, tables[t].format, tables[t].rows[i].text);
}

/* ---- larger logs, made here ---- */

struct style {
	const char *name, *frame, *colon, *plus, *end; /* "<stamp><frame><thread><colon>" */
	bool thread_first;
	const char *dash, *product;                    /* behind the thread; in the header */
};

static void write_line(struct buf *out, const struct style *style, unsigned ms, const char *thread, bool continued,
		       const char *body)
{
	const char *mark = continued ? style->plus : style->colon;
	buf_printf(out, style->frame, ms / 3600000, ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
	if (style->thread_first)
		buf_printf(out, "%s%s", thread, mark);
	else
		buf_printf(out, "%s %s %s", mark, thread, style->dash);
	buf_printf(out, "%s%s", body, style->end);
}

static void write_chatter(struct buf *out, const struct style *style, unsigned ms, unsigned count)
{
	static const char *const bodies[] = {
		"Something of no matter", "GuestRpc: x", "Tools: [AppStatus] Last heartbeat", "DISK: Opening disk scsi0:0",
		"DICT    b = \"1\"", "Chipset: write to a port", "VMXVmdbCbVmVmxExecState: value 1", "CPU", "",
	};
	static const char *const threads[] = { "vmx", "mks", "vcpu-11", "worker-2104431", "a-name-beyond-sixteen" };
	for (unsigned i = 0; i < count; i++)
		write_line(out, style, ms + i, threads[i % ROWS(threads)], i % 7 == 5, bodies[i % ROWS(bodies)]);
}

/* Settings, chatter, a reset, a dump with inner lines between chatter of other threads. */
static void write_log(struct buf *out, const struct style *style)
{
	const unsigned minute = 60000;
	char body[128];
	snprintf(body, sizeof body, "Log for VMware %s pid=1 version=1.0", style->product);
	write_line(out, style, 32 * minute, "vmx", false, body);
	write_line(out, style, 32 * minute, "vmx", false, "DICT --- CONFIGURATION a.vmx");
	write_line(out, style, 32 * minute, "vmx", false, "DICT       guestOS = \"other\"");
	write_chatter(out, style, 33 * minute, 40);
	write_line(out, style, 34 * minute, "vcpu-0", false, "CPU reset: hard (mode 1)");
	for (unsigned i = 0; i < 60; i++) {
		snprintf(body, sizeof body, "Guest: <6>[    1.%06u] record %u", i, i);
		write_line(out, style, 35 * minute, "vcpu-0", false, body);
		if (i % 4 == 1)
			write_line(out, style, 35 * minute, "vcpu-0", true, "and its second line");
		write_line(out, style, 35 * minute, "vcpu-0", true, "");
		if (i % 5 == 2)
			write_line(out, style, 35 * minute + 1, "mks", false, "MKS-thing: x");
	}
	/* Over all hours of the day, and into one that there is not. */
	for (unsigned hour = 1; hour <= 24; hour++)
		write_chatter(out, style, hour * 60 * minute, 5);
	write_line(out, style, 23 * 60 * minute, "vmx", false, "VMX exit (0).");
}

#define HOSTED_FORM "", "Workstation"
#define ESX_FORM "- ", "ESX"
static const struct style styles[] = {
	{ "F1", "Aug 27 %02u:%02u:%02u.%03u: ", "| ", "| ", "\n", true, HOSTED_FORM },
	{ "F1 with CRLF", "Aug 27 %02u:%02u:%02u.%03u: ", "| ", "| ", "\r\n", true, HOSTED_FORM },
	{ "F2", "2016-08-30T%02u:%02u:%02u.%03u-07:00| ", "| I125: ", "| I125+ ", "\n", true, HOSTED_FORM },
	{ "F2 with CRLF", "2016-08-30T%02u:%02u:%02u.%03u-07:00| ", "| I125: ", "| I125+ ", "\r\n", true, HOSTED_FORM },
	{ "F2a", "2010-03-16T%02u:%02u:%02u.%03uZ| ", "| ", "| ", "\n", true, HOSTED_FORM },
	{ "F3h", "2024-05-06T%02u:%02u:%02u.%03uZ ", "In(05)", "In(05)+", "\n", false, HOSTED_FORM },
	{ "F3h, the last newline is missing", "2024-05-06T%02u:%02u:%02u.%03uZ ", "In(05)", "In(05)+", "\n", false, HOSTED_FORM },
	{ "F3e", "2024-05-06T%02u:%02u:%02u.%03uZ ", "In(05)", "In(05)+", "\n", false, ESX_FORM },
	{ "F3e with CRLF", "2024-05-06T%02u:%02u:%02u.%03uZ ", "In(05)", "In(05)+", "\r\n", false, ESX_FORM },
};

static void test_cuts_of_whole_logs(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(styles); i++) {
		struct buf log = BUF_INIT(MIB);
		struct calls calls = { BUF_INIT(MIB), SLICE(""), styles[i].name };
		write_log(&log, &styles[i]);
		if (strstr(styles[i].name, "missing"))
			log.len--;
		check_cuts(styles[i].name, LOG_VMWARE, buf_slice(&log));
		read_all(&calls, buf_slice(&log), (struct reading){ LOG_VMWARE, .cut = cut_never }, NULL);
		expect_true(styles[i].name, slice_contains(buf_slice(&calls.text), SLICE("kernel|<6>[    1.000059] record 59\n")));
		buf_deinit(&log);
		buf_deinit(&calls.text);
	}
}

/* Bytes of it are others, are lost or come twice: ends of lines, leap seconds, levels, marks. */
static void damage(struct buf *log, uint32_t *seed)
{
	static const char bytes[] = "\n\n\r 0269:|+-.ZAT()\t\xff";
	for (unsigned i = 0; i < 60; i++) {
		size_t at = (cut_randomly(seed) * 4000 + cut_randomly(seed)) % log->len;
		size_t rest = log->len - at - 1;
		switch (cut_randomly(seed) % 4) {
		case 0:
			memmove(log->ptr + at, log->ptr + at + 1, rest);
			log->len--;
			break;
		case 1:
			log->ptr[at] = log->ptr[at / 2];
			break;
		default:
			log->ptr[at] = bytes[cut_randomly(seed) % (sizeof bytes - 1)];
		}
	}
}

static void test_cuts_of_damaged_logs(void **state)
{
	uint32_t seed = 7;
	(void)state;
	for (unsigned round = 0; round < 6 * ROWS(styles); round++) {
		const struct style *style = &styles[round % ROWS(styles)];
		struct buf log = BUF_INIT(MIB);
		write_log(&log, style);
		damage(&log, &seed);
		check_cuts(style->name, LOG_VMWARE, buf_slice(&log));
		buf_deinit(&log);
	}
}

/* What looks like a frame and is none. */
static void test_cuts_of_near_frames(void **state)
{
	(void)state;
	check_cuts("F3h", LOG_VMWARE, SLICE(F3 "In(05) vmx Log for VMware\n" F3 "In(0)) vmx PowerOn\n"
					    F3 "In(x5) vmx PowerOn\n" F3 "In() vmx PowerOn\n"));
	check_cuts("F3e", LOG_VMWARE, SLICE(F3 "In(05) vmx - Log for VMware\n" F3 "In(0)) vmx - PowerOn\n"
					    F3 "In(05) vmx PowerOn\n" F3 "In(05) vmx -\n"));
	check_cuts("F2", LOG_VMWARE, SLICE(F2 "vmx| I125: Log for VMware\n" F2 "vmx| I1x5: PowerOn\n"
					   F2 "vmx I125: PowerOn\n" F2 "|| I125: PowerOn\n"));
	check_cuts("F1", LOG_VMWARE, SLICE(F1 "vmx| Log for VMware\n" F1 "vmx PowerOn now\n" F1 "|| PowerOn\n"));
}

/* A mixture of everything in the tables, in any order, torn anywhere: no expectation but that
 * cutting and filtering change nothing. */
static void test_cuts_of_rubbish(void **state)
{
	uint32_t seed = 99;
	(void)state;
	for (unsigned round = 0; round < 60; round++) {
		struct buf log = BUF_INIT(MIB);
		for (unsigned i = 0; i < 40; i++) {
			const struct table *table = &tables[cut_randomly(&seed) % ROWS(tables)];
			struct slice text = table->rows[cut_randomly(&seed) % table->count].text;
			size_t len = cut_randomly(&seed) % 5 ? text.len : cut_randomly(&seed) % text.len;
			buf_append(&log, slice_take(text, len));
		}
		check_cuts("rubbish", round % 4 ? LOG_VMWARE : LOG_KERNEL, buf_slice(&log));
		buf_deinit(&log);
	}
}

/* ---- long lines ---- */

static void write_long(struct buf *out, const char *head, size_t line_len, const char *end)
{
	buf_text(out, head);
	for (size_t len = strlen(head); len < line_len; len++)
		buf_char(out, 'x');
	buf_text(out, end);
}

static void test_long_lines(void **state)
{
	static const struct {
		const char *name, *head;
		size_t len;
		const char *end;
		bool overlong, is_guest;
	} rows[] = {
		{ "the longest", F3 "In(05) vcpu-0 Guest: <4>[    1.000000] ", LINE_MAX_BYTES, "\n", false, true },
		{ "one more", F3 "In(05) vcpu-0 Guest: <4>[    1.000000] ", LINE_MAX_BYTES + 1, "\n", true, true },
		{ "much more", F3 "In(05) vcpu-0 Guest: <4>[    1.000000] ", LINE_MAX_BYTES * 5, "\n", true, true },
		{ "much more, and no end", F3 "In(05) vcpu-0 Guest: <4>[    1.000000] ", LINE_MAX_BYTES * 5, "", true, true },
		{ "chatter", F3 "In(05) vmx chatter ", LINE_MAX_BYTES * 2, "\n", true, false },
		{ "no frame", "", LINE_MAX_BYTES * 2, "\n", true, false },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf log = BUF_INIT(MIB), totals = BUF_INIT(256);
		buf_text(&log, HOSTED F3 "In(05) vmx more\n");
		write_long(&log, rows[i].head, rows[i].len, rows[i].end);
		if (rows[i].end[0])
			buf_text(&log, F3 "In(05) vcpu-0 Guest: <4>[    2.000000] after\n");
		struct calls calls = { BUF_INIT(MIB), buf_slice(&log), rows[i].name };
		read_all(&calls, buf_slice(&log), (struct reading){ LOG_VMWARE, .cut = cut_never }, &totals);
		struct slice got = buf_slice(&calls.text);
		expect_true(rows[i].name, slice_contains(buf_slice(&totals), SLICE("overlong")) == rows[i].overlong);
		expect_true(rows[i].name, slice_contains(got, SLICE("\nG3")) == rows[i].is_guest);
		expect_true(rows[i].name, slice_contains(got, SLICE("\nG3c kernel|")) == (rows[i].is_guest && rows[i].overlong));
		expect_true(rows[i].name, !rows[i].end[0] || slice_contains(got, SLICE("\nG4 kernel|<4>[    2.000000] after\n")));
		expect_true(rows[i].name, got.len < 2 * LINE_MAX_BYTES);
		check_cuts(rows[i].name, LOG_VMWARE, buf_slice(&log));
		buf_deinit(&log);
		buf_deinit(&totals);
		buf_deinit(&calls.text);
	}
}

/* Lines without a frame are joined to the text before them, and that has an end, too. */
static void test_endless_joining(void **state)
{
	struct buf log = BUF_INIT(4 * MIB), totals = BUF_INIT(256);
	(void)state;
	buf_text(&log, F2 "vcpu-0| I125: Guest: <4>[1.125782] a \n");
	for (unsigned i = 0; i < 200; i++)
		write_long(&log, "", 1000, " \n");
	buf_text(&log, F2 "vcpu-0| I125: Guest: <4>[1.125783] b\n");
	struct calls calls = { BUF_INIT(MIB), buf_slice(&log), "joining" };
	read_all(&calls, buf_slice(&log), (struct reading){ LOG_VMWARE, .cut = cut_never }, &totals);
	assert_true(slice_starts(buf_slice(&calls.text), SLICE("G1c kernel|<4>[1.125782] a xxx")));
	assert_true(slice_ends(buf_slice(&calls.text), SLICE("\nG202 kernel|<4>[1.125783] b\n")));
	assert_in_range(slice_until(buf_slice(&calls.text), '\n').len, LINE_MAX_BYTES, LINE_MAX_BYTES + 16);
	assert_true(slice_ends(buf_slice(&totals), SLICE(" overlong")));
	buf_deinit(&log);
	buf_deinit(&totals);
	buf_deinit(&calls.text);
}

static void test_totals(void **state)
{
	static const struct {
		const char *name, *text, *totals;
	} rows[] = {
		{ "nothing", "", "lines 0 guest 0 unframed 0 bytes 0" },
		{ "an empty line", "\n", "lines 1 guest 0 unframed 0 bytes 1" },
		{ "chatter", F3 "In(05) vmx a\n" F3 "In(05) vmx b\n", "lines 2 guest 0 unframed 0 bytes 76" },
		{ "guest text", F3 "In(05) vmx Guest: a\n" F3 "In(05)+ vmx \n" F3 "In(05)+ vmx b\n", "lines 3 guest 2 unframed 0 bytes 122" },
		{ "stray lines", "a\n\nb\n", "lines 3 guest 0 unframed 0 bytes 5" },
		{ "stray lines behind guest text", F3 "In(05) vmx Guest: a\na\n\nb\n", "lines 4 guest 1 unframed 2 bytes 50" },
		{ "no last newline", "a", "lines 1 guest 0 unframed 0 bytes 1 no-newline" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct calls calls = { BUF_INIT(MIB), SLICE(""), rows[i].name };
		struct buf totals = BUF_INIT(256);
		read_all(&calls, slice_of(rows[i].text), (struct reading){ LOG_VMWARE, .cut = cut_never }, &totals);
		expect_text(rows[i].name, buf_slice(&totals), rows[i].totals);
		buf_deinit(&totals);
		buf_deinit(&calls.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_cuts_of_whole_logs),
		cmocka_unit_test(test_cuts_of_damaged_logs),
		cmocka_unit_test(test_cuts_of_near_frames),
		cmocka_unit_test(test_cuts_of_rubbish),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_endless_joining),
		cmocka_unit_test(test_totals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
