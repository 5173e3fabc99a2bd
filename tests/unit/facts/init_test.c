#include "../facts_of.h"

#define T "[    1.000000] "
#define V "[    0.000000] Linux version 5.10.0\n"
#define KILLED(code) V "[    9.000000] Kernel panic - not syncing: Attempted to kill init! exitcode=0x" code "\n"

static void test_exit_codes(void **state)
{
	static const struct facts_row rows[] = {
		{ "exit 1", KILLED("00000100"), "init.exit_code=256\ninit.exit_meaning=exit status 1" },
		{ "exit 2", KILLED("00000200"), "init.exit_meaning=exit status 2" },
		{ "exit 126", KILLED("00007e00"), "init.exit_meaning=exit status 126" },
		{ "exit 127", KILLED("00007f00"), "init.exit_code=32512\ninit.exit_meaning=exit status 127" },
		{ "exit 0", KILLED("00000000"), "init.exit_code=0\ninit.exit_meaning=exit status 0" },
		{ "illegal instruction", KILLED("00000004"), "init.exit_meaning=signal 4 (SIGILL)" },
		{ "abort", KILLED("00000006"), "init.exit_meaning=signal 6 (SIGABRT)" },
		{ "abort with a core", KILLED("00000086"), "init.exit_code=134\ninit.exit_meaning=signal 6 (SIGABRT)" },
		{ "bus error", KILLED("00000007"), "init.exit_meaning=signal 7 (SIGBUS)" },
		{ "kill", KILLED("00000009"), "init.exit_meaning=signal 9 (SIGKILL)" },
		{ "segmentation fault", KILLED("0000000b"), "init.exit_code=11\ninit.exit_meaning=signal 11 (SIGSEGV)" },
		{ "the same with a core", KILLED("0000008b"), "init.exit_meaning=signal 11 (SIGSEGV)" },
		{ "terminate", KILLED("0000000f"), "init.exit_meaning=signal 15 (SIGTERM)" },
		{ "a signal without a name", KILLED("00000022"), "init.exit_meaning=signal 34" },
		{ "a newline behind it was kept", KILLED("0000000b "), "init.exit_code=11" },
		{ "no wait status", KILLED("00010000"), "init.exit_code=-\ninit.exit_meaning=-" },
		{ "over all numbers", KILLED("fffffffffffffffffffff"), "init.exit_code=-" },
		{ "no digits", KILLED("x"), "init.exit_code=-" },
		{ "up to 2.6.32 without a code", V T "Kernel panic - not syncing: Attempted to kill init!\n", "init.exit_code=-\npanic.text=Attempted to kill init!" },
		{ "of another panic", V T "Kernel panic - not syncing: x exitcode=0x0000000b\n", "init.exit_code=-" },
		{ "of an idle task", V T "Kernel panic - not syncing: Attempted to kill the idle task!\n", "init.exit_code=-" },
	};
	(void)state;
	expect_rows(rows, ROWS(rows));
}

static void test_initrd(void **state)
{
	static const struct facts_row rows[] = {
		{ "none in a whole log", V T "a\n", "initrd.passed=no\ninitrd.unpacked=no\ninitrd.ran=no\ninitrd.error=-" },
		{ "nothing of it in a late log", T "a\n", "initrd.passed=?\ninitrd.unpacked=?\ninitrd.ran=?" },
		{ "old kernels do not say what they run", "[    0.000000] Linux version 4.4.8\n" T "a\n", "initrd.passed=no\ninitrd.ran=-" },
		{ "passed", V T "RAMDISK: [mem 0x36c5d000-0x37fef6ff]\n", "initrd.passed=yes\ninitrd.unpacked=no" },
		{ "passed, 2.6.32", V T "RAMDISK: 37c5d000 - 37fef6e2\n", "initrd.passed=yes" },
		{ "unpacked", V T "Trying to unpack rootfs image as initramfs...\n" T "Freeing initrd memory: 8192K\n", "initrd.passed=yes\ninitrd.unpacked=yes" },
		{ "unpacked, without a ram disk driver", V T "Unpacking initramfs...\n", "initrd.unpacked=yes" },
		{ "failed", V T "Unpacking initramfs...\n" T "Initramfs unpacking failed: junk within compressed archive\n", "initrd.passed=yes\ninitrd.unpacked=failed\ninitrd.error=junk within compressed archive" },
		{ "failed, and its memory is freed", V T "Initramfs unpacking failed: write error\n" T "Freeing initrd memory: 8192K\n", "initrd.unpacked=failed\ninitrd.error=write error" },
		{ "failed where ram disks are built in", V T "rootfs image is not initramfs (no cpio magic); looks like an initrd\n", "initrd.unpacked=failed\ninitrd.error=no cpio magic" },
		{ "what lz4 says and means nothing", V T "Unpacking initramfs...\n" T "Initramfs unpacking failed: Decoding failed\n", "initrd.unpacked=yes\ninitrd.error=-" },
		{ "its init ran", V T "Run /init as init process\n", "initrd.ran=yes\ninit.started=/init" },
		{ "the root's init ran", V T "Run /sbin/init as init process\n", "initrd.ran=no\ninit.started=/sbin/init" },
		{ "both ran", V T "Run /init as init process\n" T "Run /sbin/init as init process\n", "initrd.ran=yes\ninit.started=/sbin/init" },
		{ "rdinit= ran", V "[    0.000000] Command line: rdinit=/bin/ash\n" T "Run /bin/ash as init process\n", "initrd.ran=yes\ninit.started=/bin/ash" },
		{ "something else was run", V T "Run /x as y\n", "init.started=-" },
		{ "said by a program", V "<30>" T "Run /init as init process\n", "initrd.ran=no\ninit.started=-" },
	};
	(void)state;
	expect_rows(rows, ROWS(rows));
}

static void test_user_space(void **state)
{
	static const struct facts_row rows[] = {
		{ "nothing", V T "a\n", "userspace.ran=-\ninitrd.builder=-" },
		{ "nothing, and the log is late", T "a\n", "userspace.ran=?" },
		{ "initramfs-tools on a console", V "Loading, please wait...\n" T "a\n", "initrd.ran=yes\ninitrd.builder=initramfs-tools\nuserspace.ran=-" },
		{ "its shell", V "(initramfs) \n" T "a\n", "initrd.builder=initramfs-tools" },
		{ "dracut in the kernel's log", V "<28>" T "dracut Warning: Signal caught!\n", "initrd.ran=yes\ninitrd.builder=dracut" },
		{ "systemd in dracut", V "<30>" T "systemd[1]: Running in initial RAM disk.\n", "initrd.ran=yes\ninitrd.builder=dracut\nuserspace.ran=-" },
		{ "mkinitcpio", V ":: running early hook [udev]\n" T "a\n", "initrd.builder=mkinitcpio" },
		{ "alpine", V "Alpine Init 3.8.1-r0\n" T "a\n", "initrd.builder=alpine" },
		{ "suse", V "Waiting for device /dev/sda2 to appear: .\n" T "a\n", "initrd.builder=suse" },
		{ "the first builder counts", V "Loading, please wait...\ndracut: x\n" T "a\n", "initrd.builder=initramfs-tools" },
		{ "the root was switched", V "<30>" T "systemd[1]: Switching root.\n", "userspace.ran=yes" },
		{ "a journal", V "<30>" T "systemd-journald[200]: x\n", "userspace.ran=yes" },
		{ "dracut's own journal", V "<30>" T "dracut: x\n<30>" T "systemd-journald[200]: x\n", "userspace.ran=-" },
		{ "a login prompt", V T "a\nhost login: \n", "userspace.ran=yes" },
		{ "a login prompt and kernel text", V T "a\nhost login: [    5.000000] b\n", "userspace.ran=yes" },
	};
	(void)state;
	expect_rows(rows, ROWS(rows));
}

static void test_tools(void **state)
{
	struct buf log = BUF_INIT(4096);
	struct facts_of of;
	(void)state;
	log_host(&log, 1, "vcpu-0", "CPU reset: hard");
	log_dump(&log, 9, "vmwgfx: Module Version: 2.20.0");
	expect_facts("tools", facts_of_log(&of, LOG_VMWARE, buf_slice(&log)), "userspace.ran=yes\ninitrd.ran=?");
	facts_of_free(&of);
	buf_deinit(&log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exit_codes),
		cmocka_unit_test(test_initrd),
		cmocka_unit_test(test_user_space),
		cmocka_unit_test(test_tools),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
