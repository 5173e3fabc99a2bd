#include "../facts_of.h"

#include "facts/reader.h"

#define GCC " (gcc version 12.2.0) #1 SMP x\n"

static void test_distribution(void **state)
{
	static const struct {
		const char *version, *distribution, *release, *flavour, *number;
	} rows[] = {
		{ "4.4.8 (root@photon)", "photon", "-", "generic", "4004" },
		{ "4.4.8-esx (root@photon)", "photon", "-", "esx", "4004" },
		{ "4.9.297-4.ph2-esx (root@photon)", "photon", "2", "esx", "4009" },
		{ "4.19.290-3.ph3 (root@photon)", "photon", "3", "generic", "4019" },
		{ "5.10.190-1.ph4-rt (root@photon)", "photon", "4", "rt", "5010" },
		{ "5.10.190-1.ph4-secure (root@photon)", "photon", "4", "secure", "5010" },
		{ "6.1.10-11.ph5-aws (root@photon)", "photon", "5", "aws", "6001" },
		{ "2.6.18-398.el5 (mockbuild@builder17.centos.org)", "centos", "5", "-", "2006" },
		{ "2.6.32-754.el6.x86_64 (mockbuild@x86-01.bsys.centos.org)", "centos", "6", "-", "2006" },
		{ "3.10.0-1160.el7.x86_64 (mockbuild@x86-vm-26.build.eng.bos.redhat.com)", "rhel", "7", "-", "3010" },
		{ "4.18.0-477.10.1.el8_8.x86_64 (mockbuild@iad1-prod-build001.bld.equ.rockylinux.org)", "rocky", "8", "-", "4018" },
		{ "5.14.0-362.8.1.el9_3.x86_64 (mockbuild@x64-builder01.almalinux.org)", "almalinux", "9", "-", "5014" },
		{ "6.12.0-55.el10.x86_64 (mockbuild@abc)", "rhel", "10", "-", "6012" },
		{ "5.4.17-2136.el8uek.x86_64 (mockbuild@host-100)", "ol", "-", "-", "5004" },
		{ "4.14.336-253.554.amzn2.x86_64 (mockbuild@ip-10-0-47-135)", "amzn", "2", "-", "4014" },
		{ "6.1.61-85.141.amzn2023.x86_64 (mockbuild@ip-10-0-59-2)", "amzn", "2023", "-", "6001" },
		{ "6.5.6-300.fc39.x86_64 (mockbuild@bkernel01)", "fedora", "39", "-", "6005" },
		{ "5.15.0-91-generic (buildd@lcy02-amd64-045)", "ubuntu", "-", "generic", "5015" },
		{ "5.15.0-1051-aws (buildd@lcy02-amd64-045)", "ubuntu", "-", "aws", "5015" },
		{ "6.2.0-1018-azure (buildd@lcy02-amd64-045)", "ubuntu", "-", "azure", "6002" },
		{ "5.4.0-1100-kvm (buildd@lcy02-amd64-045)", "ubuntu", "-", "kvm", "5004" },
		{ "6.1.0-23-amd64 (debian-kernel@lists.debian.org)", "debian", "-", "amd64", "6001" },
		{ "6.1.0-23-cloud-amd64 (debian-kernel@lists.debian.org)", "debian", "-", "cloud-amd64", "6001" },
		{ "5.10.0-30-686-pae (debian-kernel@lists.debian.org)", "debian", "-", "-", "5010" },
		{ "5.14.21-150500.55.39-default (geeko@buildhost)", "sles", "-", "default", "5014" },
		{ "6.1.62-0-virt (buildozer@build-3-18-x86_64)", "alpine", "-", "virt", "6001" },
		{ "6.1.62-0-lts (buildozer@build-3-18-x86_64)", "alpine", "-", "lts", "6001" },
		{ "6.6.7-arch1-1 (linux@archlinux)", "arch", "-", "-", "6006" },
		{ "6.1.67-1-lts (linux-lts@archlinux)", "arch", "-", "lts", "6001" },
		{ "6.8.0-rc1 (me@mine)", "-", "-", "-", "6008" },
		{ "6.8.0 (nobody)", "-", "-", "-", "6008" },
		{ "strange", "-", "-", "-", "-" },
		{ "99999.1.2", "-", "-", "-", "-" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct facts_of of;
		struct buf text = BUF_INIT(4096), expected = BUF_INIT(4096);
		buf_printf(&text, "[    0.000000] Linux version %s" GCC "[    1.000000] a\n", rows[i].version);
		buf_printf(&expected, "kernel.distribution=%s\nkernel.distribution_release=%s\nkernel.flavour=%s\nkernel.version=%s",
			   rows[i].distribution, rows[i].release, rows[i].flavour, rows[i].number);
		buf_char(&expected, '\0');
		expect_facts(rows[i].version, facts_of_log(&of, LOG_KERNEL, buf_slice(&text)), expected.ptr);
		facts_of_free(&of);
		buf_deinit(&text);
		buf_deinit(&expected);
	}
}

/* What the VM was made for is the weakest word. */
static void test_guest_os(void **state)
{
	static const struct {
		const char *name, *guest_os, *records, *facts;
	} rows[] = {
		{ "the setting alone", "debian10-64", "", "kernel.distribution=debian\nkernel.distribution_release=10\nkernel.distribution_basis=guestOS" },
		{ "of a Photon VM", "vmware-photon-64", "", "kernel.distribution=photon" },
		{ "the kernel knows better", "debian10-64", "<5>[    0.000000] Linux version 6.1.10-11.ph5 (root@photon) x", "kernel.distribution=photon\nkernel.distribution_release=5\nkernel.distribution_basis=kernel" },
		{ "only Photon's kernels send their log", "other5xlinux-64", "<5>[    0.000000] Linux version 6.1.0 (a@b) x", "kernel.distribution=photon\nkernel.distribution_basis=dumper" },
		{ "a made-up system", "x", "", "kernel.distribution=?" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct facts_of of;
		struct buf log = BUF_INIT(4096), setting = BUF_INIT(256);
		buf_printf(&setting, "DICT guestOS = \"%s\"", rows[i].guest_os);
		buf_char(&setting, '\0');
		log_host(&log, 1, "vmx", "DICT --- CONFIGURATION a.vmx");
		log_host(&log, 1, "vmx", setting.ptr);
		log_host(&log, 2, "vcpu-0", "CPU reset: hard");
		log_dump(&log, 9, rows[i].records);
		expect_facts(rows[i].name, facts_of_log(&of, LOG_VMWARE, buf_slice(&log)), rows[i].facts);
		facts_of_free(&of);
		buf_deinit(&log);
		buf_deinit(&setting);
	}
}

#define V "[    0.000000] Linux version 5.10.0 (root@photon)" GCC

static void test_firmware(void **state)
{
	static const struct facts_row rows[] = {
		{ "EFI", V "[    0.000000] efi: EFI v2.70 by VMware, Inc.\n", "vm.firmware=efi" },
		{ "EFI of an older kernel", V "[    0.000000] EFI v2.31 by VMware, Inc.\n", "vm.firmware=efi" },
		{ "EFI in a program's words", V "<14>[    0.000000] efi: EFI v2.70 by me\n", "vm.firmware=?" },
		{ "no word of it", V, "vm.firmware=?" },
	};
	(void)state;
	expect_rows(rows, ROWS(rows));
}

static void test_release(void **state)
{
	static const struct facts_row rows[] = {
		{ "of the version", V "[    1.000000] CPU: 0 PID: 1 Comm: swapper/0 Not tainted 6.6.6 #1\n", "kernel.release=5.10.0\nkernel.builder=root@photon" },
		{ "of a header, not tainted", "[    1.000000] CPU: 0 PID: 1 Comm: swapper/0 Not tainted 4.4.8-esx #1-photon\n", "kernel.release=4.4.8-esx\nkernel.builder=?\nkernel.flavour=esx\nkernel.distribution=photon" },
		{ "of a header, tainted", "[    1.000000] CPU: 3 PID: 812 Comm: x Tainted: G        W  OE     6.1.0-23-amd64 #1\n", "kernel.release=6.1.0-23-amd64\nkernel.version=6001" },
		{ "of a header since 6.11", "[    1.000000] CPU: 0 UID: 0 PID: 1 Comm: swapper/0 Not tainted 6.12.0 #1\n", "kernel.release=6.12.0" },
		{ "of a header of 2.6.32", "[    1.000000] Pid: 1, comm: swapper Not tainted 2.6.32-642.el6.x86_64 #1\n", "kernel.release=2.6.32-642.el6.x86_64\nkernel.distribution=rhel\nkernel.distribution_release=6" },
		{ "tainted, and the release is cut off", "[    1.000000] CPU: 3 PID: 812 Comm: x Tainted: G        W\n", "kernel.release=?" },
		{ "of a user's record", "<14>[    1.000000] CPU: 0 PID: 1 Comm: x Not tainted 6.6.6 #1\n", "kernel.release=?" },
		{ "of a console's text", "[    1.000000] a\nLinux version 6.6.6 (a@b)\n", "kernel.release=?" },
		{ "none", "[    1.000000] a\n", "kernel.release=?\nkernel.version=?\nkernel.distribution=?" },
		{ "no builder", "[    0.000000] Linux version 5.10.0\n", "kernel.release=5.10.0\nkernel.builder=-" },
		{ "nothing behind it", "[    0.000000] Linux version \n", "kernel.release=" },
	};
	(void)state;
	expect_rows(rows, ROWS(rows));
}

static void test_command_line(void **state)
{
	static const struct facts_row rows[] = {
		{ "said twice", V "[    0.000000] Command line: BOOT_IMAGE=/vmlinuz root=/dev/sda1 \n[    0.010000] Kernel command line: BOOT_IMAGE=/vmlinuz root=/dev/sda1\n",
		  "command_line=BOOT_IMAGE=/vmlinuz root=/dev/sda1\ncommand_line.boot_image=/vmlinuz" },
		{ "the first copy is cut", V "[    0.000000] Command line: BOOT_IMA\n[    0.010000] Kernel command line: BOOT_IMAGE=/vmlinuz root=/dev/sda1\n",
		  "command_line=BOOT_IMAGE=/vmlinuz root=/dev/sda1" },
		{ "empty", V "[    0.000000] Command line: \n", "command_line=\nroot.parameter=-" },
		{ "none in a whole log", V "[    1.000000] a\n", "command_line=-\nroot.parameter=?" },
		{ "none in a late log", "[    1.000000] a\n", "command_line=?\nroot.parameter=?" },
		{ "init", V "[    0.000000] Command line: init=/bin/sh rdinit=/bin/ash\n", "init.parameter=/bin/sh\ninit.rdinit=/bin/ash" },
		{ "the kernel's own words only", V "[    0.000000] Command line: myroot=/dev/sda1 root_x=1 xinit=2\n", "root.parameter=-\ninit.parameter=-" },
	};
	(void)state;
	expect_rows(rows, ROWS(rows));
}

static void test_values(void **state)
{
	static const struct {
		const char *name, *line, *key, *value;
	} rows[] = {
		{ "plain", "a root=/dev/sda1 b", "root", "/dev/sda1" },
		{ "the last one", "root=a root=b", "root", "b" },
		{ "empty", "root=", "root", "" },
		{ "quoted value", "root=\"/dev/sda1\"", "root", "/dev/sda1" },
		{ "quoted word", "\"root=/dev/sda1\"", "root", "/dev/sda1" },
		{ "one quote", "root=\"", "root", "\"" },
		{ "equals in the value", "root=UUID=12", "root", "UUID=12" },
		{ "behind --", "-- root=a", "root", NULL },
		{ "no equals", "root", "root", NULL },
		{ "a longer key", "rootflags=a", "root", NULL },
		{ "TABs", "a\troot=b\tc", "root", "b" },
		{ "nothing", "", "root", NULL },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct slice value;
		bool found = command_line_value(slice_of(rows[i].line), slice_of(rows[i].key), &value);
		expect_true(rows[i].name, found == (rows[i].value != NULL));
		if (found)
			expect_text(rows[i].name, value, rows[i].value);
	}
	assert_true(command_line_has(SLICE("a rootwait b"), SLICE("rootwait")));
	assert_false(command_line_has(SLICE("a rootwait=5 b"), SLICE("rootwait")));
	assert_false(command_line_has(SLICE(""), SLICE("rootwait")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_distribution),
		cmocka_unit_test(test_guest_os),
		cmocka_unit_test(test_firmware),
		cmocka_unit_test(test_release),
		cmocka_unit_test(test_command_line),
		cmocka_unit_test(test_values),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
