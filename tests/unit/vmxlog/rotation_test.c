#include "../expect.h"

#include "vmxlog/rotation.h"

#define ESX(time, process) "2026-02-21T" time "Z In(05) vmx - Log for VMware ESX " process "\n"
#define LINE(time) "2026-02-21T" time "Z In(05) vcpu-0 - Guest: <6>[    1.000000] text\n"

static struct log_head head_of(const char *name, const char *text)
{
	return log_head_read(slice_of(name), slice_of(text), true);
}

static void test_head(void **state)
{
	static const struct {
		const char *name, *text;
		enum log_format format;
		const char *process;
	} rows[] = {
		{ "empty", "", LOG_EMPTY, "" },
		{ "a television playlist", "#EXTM3U\n#EXTINF:-1,News\nhttp://example.org/news\n", LOG_UNKNOWN, "" },
		{ "ESXi 8", ESX("18:13:03.929", "pid=1 version=8.0.1"), LOG_VMWARE, "ESX pid=1 version=8.0.1" },
		{ "Workstation 17", "2023-08-29T16:27:47.527Z In(05) vmx Log for VMware Workstation pid=2\r\n",
		  LOG_VMWARE, "Workstation pid=2" },
		{ "Workstation 6.5", "Aug 27 00:32:59.546: vmx| Log for VMware Workstation pid=3\n", LOG_VMWARE,
		  "Workstation pid=3" },
		{ "ESXi 6.5", "2018-01-02T03:04:05.678Z| vmx| I125: Log for VMware ESX pid=4\n", LOG_VMWARE,
		  "ESX pid=4" },
		{ "behind other lines", LINE("18:13:03.929") ESX("18:13:03.930", "pid=5"), LOG_VMWARE, "ESX pid=5" },
		{ "a guest that says so", "2023-08-29T16:27:47.527Z In(05) vcpu-0 Guest: Log for VMware ESX pid=6\n",
		  LOG_VMWARE, "" },
		{ "no header", LINE("18:13:03.929"), LOG_VMWARE, "" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct log_head head = head_of(rows[i].name, rows[i].text);
		expect_number(rows[i].name, head.format, rows[i].format);
		expect_text(rows[i].name, (struct slice){ head.process, head.process_len }, rows[i].process);
		expect_true(rows[i].name, (head.first.kind != STAMP_NONE) == (head.format == LOG_VMWARE));
	}
}

#define LOGS_MAX 4

static void test_sort(void **state)
{
	static const struct {
		const char *name;
		struct {
			const char *name, *text;
		} logs[LOGS_MAX];
		const char *order;
	} rows[] = {
		{ "hosted: 0 is the newest old one",
		  { { "vmware.log", LINE("04:00:00") }, { "vmware-0.log", LINE("03:00:00") },
		    { "vmware-1.log", LINE("02:00:00") }, { "vmware-2.log", LINE("01:00:00") } },
		  "vmware-2.log vmware-1.log vmware-0.log vmware.log " },
		{ "ESXi: the highest is",
		  { { "vmware.log", LINE("04:00:00") }, { "vmware-9.log", LINE("01:00:00") },
		    { "vmware-10.log", LINE("02:00:00") }, { "vmware-11.log", LINE("03:00:00") } },
		  "vmware-9.log vmware-10.log vmware-11.log vmware.log " },
		{ "the host's clock was set back: the one without a number is the newest",
		  { { "vmware.log", LINE("01:00:00") }, { "vmware-0.log", LINE("02:00:00") } },
		  "vmware-0.log vmware.log " },
		{ "the numbers are not believed",
		  { { "vmware-1.log", LINE("01:00:00") }, { "vmware-0.log", LINE("02:00:00") } },
		  "vmware-1.log vmware-0.log " },
		{ "equal stamps: the one without a number is the newest",
		  { { "vmware.log", LINE("01:00:00") }, { "vmware-0.log", LINE("01:00:00") } },
		  "vmware-0.log vmware.log " },
		{ "over the turn of the year",
		  { { "vmware-0.log", "Dec 31 23:00:00.001: vmx| one\n" },
		    { "vmware.log", "Jan  2 01:00:00.001: vmx| two\n" },
		    { "vmware-1.log", "Nov 30 23:00:00.001: vmx| one\n" } },
		  "vmware-1.log vmware-0.log vmware.log " },
		{ "an old product's log beside a new one's",
		  { { "vmware.log", LINE("01:00:00") }, { "vmware-0.log", "Dec 31 23:00:00.001: vmx| one\n" } },
		  "vmware-0.log vmware.log " },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct log_head heads[LOGS_MAX];
		size_t count = 0;
		for (; count < LOGS_MAX && rows[i].logs[count].name; count++)
			heads[count] = head_of(rows[i].logs[count].name, rows[i].logs[count].text);
		log_heads_sort(heads, count);
		struct buf order = BUF_INIT(256);
		for (size_t k = 0; k < count; k++)
			buf_printf(&order, "%.*s ", SLICE_ARG(heads[k].name));
		expect_text(rows[i].name, buf_slice(&order), rows[i].order);
		buf_deinit(&order);
	}
}

static void test_runs(void **state)
{
	static const struct {
		const char *name, *before, *text;
		bool begins;
	} rows[] = {
		{ "the oldest", NULL, LINE("01:00:00"), true },
		{ "with a header", LINE("01:00:00"), ESX("02:00:00", "pid=1"), true },
		{ "without", ESX("01:00:00", "pid=1"), LINE("02:00:00"), false },
		{ "the same process again", ESX("01:00:00", "pid=1"), ESX("02:00:00", "pid=1"), false },
		{ "another process", ESX("01:00:00", "pid=1"), ESX("02:00:00", "pid=2"), true },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct log_head head = head_of("vmware.log", rows[i].text), before = { 0 };
		if (rows[i].before)
			before = head_of("vmware-0.log", rows[i].before);
		bool begins = log_head_begins_run(&head, rows[i].before ? &before : NULL);
		expect_number(rows[i].name, begins, rows[i].begins);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_sort),
		cmocka_unit_test(test_runs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
