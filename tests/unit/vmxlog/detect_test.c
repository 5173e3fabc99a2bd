#include "../expect.h"

#include "base/limits.h"
#include "vmxlog/reader.h"

static const char *format_name(enum log_format format)
{
	static const char *const names[] = { "unknown", "empty", "vmware", "kernel" };
	return names[format];
}

#define F2 "2019-03-04T05:06:07.089Z| vmx| I125: "
#define F3 "2024-05-06T07:08:09.010Z In(05) vmx "

static void test_detect(void **state)
{
	static const struct {
		const char *name;
		struct slice head;
		bool is_whole;
		const char *format;
	} rows[] = {
		{ "nothing", BYTES(""), true, "empty" },
		{ "nothing yet", BYTES(""), false, "unknown" },
		{ "F0", BYTES("May 12 18:25:08: vmx| Log for VMware Server\n"), true, "vmware" },
		{ "F1", BYTES("Aug 27 00:32:59.546: vcpu-0| CPU reset: soft\n"), true, "vmware" },
		{ "F2a", BYTES("2010-03-16T08:48:35.277Z| vcpu-1| Guest: a\n"), true, "vmware" },
		{ "F2", BYTES(F2 "Log for VMware Workstation pid=1\n"), true, "vmware" },
		{ "F3", BYTES(F3 "Log for VMware ESX pid=1\n"), true, "vmware" },
		{ "F3 with CRLF", BYTES(F3 "a\r\n" F3 "b\r\n"), true, "vmware" },
		{ "one line without its end", BYTES(F3 "Log for VMware"), true, "vmware" },
		{ "the last line cut by the block", BYTES(F3 "a\n2024-05-06T"), false, "vmware" },
		{ "another thread that speaks for a guest", BYTES("2019-03-04T05:06:07.089Z| worker-1| I125: Guest: a\n"), true, "vmware" },
		{ "another program of VMware", BYTES("2019-03-04T05:06:07.089Z| vmui| I125: a\n"), true, "unknown" },
		{ "a copy by hand, wrapped", BYTES(F2 "Guest:\n\t<4>[1.125782] VFS: x\n...\n0800 8388608 sda driver: sd\n"), true, "vmware" },
		{ "dmesg", BYTES("[    0.000000] Linux version 6.1.0\n[    0.000000] Command line: x\n"), true, "kernel" },
		{ "dmesg --raw", BYTES("<6>[    0.000000] Linux version 6.1.0\n"), true, "kernel" },
		{ "a serial console", BYTES("Booting from hard disk\r\n\r\nGRUB loading\r\n[    0.000000] Linux version 5.10\r\n"), true, "kernel" },
		{ "a kernel behind a prompt", BYTES("host login: [   12.345678] BUG: x\n"), true, "kernel" },
		{ "no time stamps", BYTES("Linux version 2.6.18\nKernel command line: ro\n"), true, "kernel" },
		{ "early user space only", BYTES("Gave up waiting for root device.  Common problems:\n"), true, "kernel" },
		{ "a few control bytes on a console", BYTES("\x01\x02[    0.000000] Linux version 5.10.0 (a@b) x\n[    0.000000] y\n"), true, "kernel" },
		{ "prose", BYTES("Nothing here.\nNothing there.\n"), true, "unknown" },
		{ "syslog", BYTES("Aug 27 00:32:59 host sshd[812]: x\n"), true, "unknown" },
		{ "binary", BYTES("\x7f" "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0"), true, "unknown" },
		{ "NUL bytes", BYTES("\0\0\0\0\0\0\0\0\0\0\0\0"), true, "unknown" },
		{ "blank lines", BYTES("\n\n  \n\r\n"), true, "unknown" },
		{ "a file of settings", BYTES("guestOS = \"debian10-64\"\nnumvcpus = \"2\"\n"), true, "unknown" },
		{ "a playlist", BYTES("#EXTM3U\n#EXTINF:-1,x\nhttp://a/b\n"), true, "unknown" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_text(rows[i].name, slice_of(format_name(vmxlog_detect(rows[i].head, rows[i].is_whole))),
			    rows[i].format);
}

/* Kernel text among much other text: one line in twenty is enough, one in a hundred is not. */
static void test_share_of_kernel_text(void **state)
{
	static const struct {
		const char *name;
		unsigned prose;
		const char *format;
	} rows[] = {
		{ "half", 1, "kernel" },
		{ "one in twenty", 19, "kernel" },
		{ "one in a hundred", 99, "unknown" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf head = BUF_INIT(DETECT_BYTES);
		for (unsigned k = 0; k < rows[i].prose; k++)
			buf_text(&head, "some text\n");
		buf_text(&head, "[    1.000000] x\n");
		expect_text(rows[i].name, slice_of(format_name(vmxlog_detect(buf_slice(&head), true))), rows[i].format);
		buf_deinit(&head);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_detect),
		cmocka_unit_test(test_share_of_kernel_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
