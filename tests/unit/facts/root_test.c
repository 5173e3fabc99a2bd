#include "../facts_of.h"

#define T "[    1.000000] "
#define BOOT(release, command_line) "[    0.000000] Linux version " release "\n[    0.000000] Kernel command line: " command_line "\n"
#define OPEN(name, block, error) T "VFS: Cannot open root device \"" name "\" or unknown-block(" block "): error -" error "\n"
#define LIST T "Please append a correct \"root=\" boot option; here are the available partitions:\n"
#define SDA T "0800 8388608 sda  driver: sd\n" T "  0801 8384512 sda1 " G1 "\n" T "  0802 3055 sda2 " G2 "\n"
#define PANIC(block) T "Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(" block ")\n"
#define G1 "611e2d9a-a3da-4ac7-9eb9-8d09cb151a93"
#define G2 "8159e59c-b382-40b9-9070-3c5586f3c7d6"

/* root= as it stands on the command line. */
static void test_forms(void **state)
{
	static const struct {
		const char *root, *form, *disk, *partition;
	} rows[] = {
		{ "/dev/sdc1", "device", "sdc", "1" },
		{ "/dev/sda", "device", "sda", "0" },
		{ "/dev/nvme0n1p2", "device", "nvme0n1", "2" },
		{ "/dev/cciss/c0d0p1", "device", "cciss/c0d0", "1" },
		{ "/dev/xvda1", "device", "xvda", "1" },
		{ "sda1", "bare", "sda", "1" },
		{ "801", "number", "sda", "1" },
		{ "8:17", "number", "sdb", "1" },
		{ "8:0:0", "number", "sda", "0" },
		{ "65:1", "number", "sdq", "1" },
		{ "135:255", "number", "sdiv", "15" },
		{ "0842", "number", "sde", "2" },
		{ "fda", "number", "?", "?" },
		{ "8:1048575", "number", "?", "?" },
		{ "8:256", "number", "?", "?" },
		{ "259:1", "number", "?", "?" },
		{ "PARTUUID=" G1, "partuuid", "?", "?" },
		{ "PARTUUID=4e7d4f2c-01", "partuuid", "?", "?" },
		{ "PARTUUID=", "partuuid", "?", "?" },
		{ "PARTLABEL=root", "partlabel", "?", "?" },
		{ "UUID=2b6a0a4e-0f37-4e4c-9a3e-0a7b7a4a1f11", "uuid", "?", "?" },
		{ "LABEL=/", "label", "?", "?" },
		{ "/dev/disk/by-uuid/2b6a", "path", "?", "?" },
		{ "/dev/mapper/rhel-root", "mapper", "?", "?" },
		{ "/dev/rhel/root", "mapper", "?", "?" },
		{ "/dev/dm-0", "mapper", "?", "?" },
		{ "/dev/md0", "mapper", "?", "?" },
		{ "/dev/nfs", "nfs", "?", "?" },
		{ "nfs:1.2.3.4:/srv", "nfs", "?", "?" },
		{ "/dev/ram0", "ram", "?", "?" },
		{ "ZFS=rpool/ROOT", "other", "?", "?" },
		{ "ubi0:rootfs", "other", "?", "?" },
		{ "live:CDLABEL=x", "other", "?", "?" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct facts_of of;
		struct buf text = BUF_INIT(4096), expected = BUF_INIT(4096);
		buf_printf(&text, "[    0.000000] Linux version 5.10.0\n[    0.000000] Command line: quiet root=%s ro\n", rows[i].root);
		buf_printf(&expected, "root.parameter=%s\nroot.wanted=%s\nroot.form=%s\n", rows[i].root, rows[i].root, rows[i].form);
		buf_printf(&expected, "root.disk=%s\nroot.partition=%s", rows[i].disk[0] == '?' ? "-" : rows[i].disk,
			   rows[i].partition[0] == '?' ? "-" : rows[i].partition);
		buf_char(&expected, '\0');
		const struct facts *facts = facts_of_log(&of, LOG_KERNEL, buf_slice(&text));
		expect_facts(rows[i].root, facts, expected.ptr);
		facts_of_free(&of);
		buf_deinit(&text);
		buf_deinit(&expected);
	}
}

static void test_messages(void **state)
{
	static const struct facts_row rows[] = {
		{ "2.6.18: no error, no list", BOOT("2.6.18-8.el5", "ro root=/dev/hda1") T "VFS: Cannot open root device \"hda1\" or unknown-block(0,0)\n" PANIC("0,0"),
		  "root.wanted=/dev/hda1\nroot.block=0,0\nroot.error=-\nroot.failure=cannot-open" },
		{ "since 3.8 the error", BOOT("4.4.8-esx", "root=/dev/sdc1") OPEN("sdc1", "0,0", "6") LIST SDA PANIC("0,0"),
		  "root.block=0,0\nroot.error=6\nroot.failure=cannot-open" },
		{ "without a command line, up to 6.4", "[    0.000000] Linux version 4.4.8\n" OPEN("sdc1", "0,0", "6") PANIC("0,0"),
		  "root.parameter=?\nroot.wanted=/dev/sdc1\nroot.form=device" },
		{ "without a command line, since 6.5", "[    0.000000] Linux version 6.6.0\n" OPEN("/dev/sdc1", "0,0", "6") PANIC("0,0"),
		  "root.wanted=/dev/sdc1\nroot.form=device" },
		{ "a UUID in the message", "[    0.000000] Linux version 4.4.8\n" OPEN("UUID=12-34", "0,0", "6") PANIC("0,0"),
		  "root.wanted=UUID=12-34\nroot.form=uuid" },
		{ "a path in the message", "[    0.000000] Linux version 4.4.8\n" OPEN("disk/by-uuid/12-34", "0,0", "6") PANIC("0,0"),
		  "root.wanted=/dev/disk/by-uuid/12-34\nroot.form=path" },
		{ "a number in the message", "[    0.000000] Linux version 4.4.8\n" OPEN("802", "8,2", "6") PANIC("8,2"),
		  "root.wanted=802\nroot.form=number\nroot.disk=sda\nroot.partition=2\nroot.block=8,2" },
		{ "the command line is the truth", BOOT("4.4.8", "root=/dev/sdc1") OPEN("sdd1", "0,0", "6") PANIC("0,0"), "root.wanted=/dev/sdc1" },
		{ "no root=, up to 6.4", BOOT("4.4.8", "ro quiet") OPEN("(null)", "0,0", "6") PANIC("0,0"), "root.parameter=-\nroot.wanted=-\nroot.form=missing" },
		{ "no root=, since 6.5", BOOT("6.6.0", "ro quiet") OPEN("", "0,0", "6") PANIC("0,0"), "root.parameter=-\nroot.wanted=-\nroot.form=missing" },
		{ "no root=, the image's own number", BOOT("2.6.38", "ro") T "VFS: Cannot open root device \"(null)\" or unknown-block(8,1)\n" PANIC("8,1"), "root.form=missing\nroot.block=8,1" },
		{ "the last root= counts", BOOT("4.4.8", "root=/dev/sda1 root=/dev/sdb1") OPEN("sdb1", "0,0", "6") PANIC("0,0"), "root.wanted=/dev/sdb1" },
		{ "quotes", BOOT("5.10.0", "root=\"/dev/sda1\" ro") T "a\n", "root.parameter=/dev/sda1" },
		{ "behind --", BOOT("5.10.0", "root=/dev/sda1 -- root=/dev/sdb1") T "a\n", "root.parameter=/dev/sda1" },
		{ "no file system, up to 6.6", BOOT("5.10.0", "root=/dev/sda2") T "List of all partitions:\n" SDA T "No filesystem could mount root, tried: \n" T " ext3\n" T " ext4\n" T "\n" PANIC("8,2"),
		  "root.failure=no-filesystem\nroot.block=8,2\nroot.error=-\nfilesystems.tried=ext3 ext4" },
		{ "no file system, since 6.7 with a name", "[    0.000000] Linux version 6.7.0\n" T "Kernel panic - not syncing: VFS: Unable to mount root fs on \"/dev/sda2\" or unknown-block(8,2)\n",
		  "root.failure=no-filesystem\nroot.wanted=/dev/sda2\nroot.block=8,2" },
		{ "waiting", BOOT("5.10.0", "root=/dev/sdc1 rootwait") T "Waiting for root device /dev/sdc1...\n", "root.failure=waiting\nroot.wanted=/dev/sdc1\nroot.wait=yes" },
		{ "waited for, and come", BOOT("5.10.0", "root=/dev/sda1 rootwait") T "Waiting for root device /dev/sda1...\n" T "VFS: Mounted root (ext4 filesystem) readonly on device 8:1.\n", "root.failure=mounted\nmount.root=8:1\nmount.root_type=ext4" },
		{ "NFS", BOOT("5.4.0", "root=/dev/nfs") T "VFS: Unable to mount root fs via NFS, trying floppy.\n" OPEN("nfs", "2,0", "6") PANIC("2,0"), "root.failure=nfs\nroot.form=nfs" },
		{ "nothing of it", BOOT("5.10.0", "root=/dev/sda1") T "a\n", "root.failure=-\nroot.block=-\nroot.error=-" },
		{ "nothing of it, and the log is cut", BOOT("5.10.0", "root=/dev/sda1") T "a", "root.failure=?\nroot.block=?\nroot.error=?" },
		{ "delays and modes", BOOT("5.10.0", "root=/dev/sda1 rootdelay=5 rw rootfstype=ext4 rootflags=subvol=@"), "root.wait=yes\nroot.read_write=yes\nroot.fstype=ext4\nroot.flags=subvol=@" },
		{ "none of them", BOOT("5.10.0", "root=/dev/sda1 ro"), "root.wait=no\nroot.read_write=no\nroot.fstype=-\nroot.flags=-" },
		{ "said by a program", BOOT("5.10.0", "root=/dev/sda1") "<30>" OPEN("x", "0,0", "6") "<30>" PANIC("0,0"), "root.failure=-\nroot.error=-\npanic.text=-" },
		{ "an error out of bounds", BOOT("5.10.0", "root=/dev/sda1") OPEN("sda1", "0,0", "99999") PANIC("0,0"), "root.error=-" },
	};
	(void)state;
	expect_rows(rows, ROWS(rows));
}

static void test_against_devices(void **state)
{
	static const struct facts_row rows[] = {
		{ "the disk is not there", BOOT("4.4.8", "root=/dev/sdc1") OPEN("sdc1", "0,0", "6") LIST SDA PANIC("0,0"),
		  "root.disk=sdc\nroot.disk_listed=no\nroot.row_listed=no\nroot.row=-\nroot.disk_partitions=0\nroot.other_candidates=1" },
		{ "the partition is not there", BOOT("4.4.8", "root=/dev/sda5") OPEN("sda5", "8,5", "6") LIST SDA PANIC("8,5"),
		  "root.disk=sda\nroot.disk_listed=yes\nroot.row_listed=no\nroot.disk_partitions=2" },
		{ "it is there", BOOT("4.4.8", "root=/dev/sda1") OPEN("sda1", "8,1", "6") LIST SDA PANIC("8,1"),
		  "root.row_listed=yes\nroot.row=sda1\nroot.row_kib=8384512\nroot.row_role=unknown\nroot.other_candidates=0" },
		{ "a BIOS boot partition", BOOT("4.4.8", "root=/dev/sda2") T "List of all partitions:\n" SDA PANIC("8,2"),
		  "root.row=sda2\nroot.row_role=bios-boot\nroot.other_candidates=1" },
		{ "a whole disk", BOOT("4.4.8", "root=/dev/sda") T "List of all partitions:\n" SDA PANIC("8,0"), "root.row=sda\nroot.row_role=whole-disk\nroot.partition=0" },
		{ "a PARTUUID, any case", BOOT("4.4.8", "root=PARTUUID=611E2D9A-a3da-4ac7-9eb9-8d09cb151a93") T "List of all partitions:\n" SDA PANIC("0,0"), "root.row=sda1\nroot.row_listed=yes" },
		{ "a PARTUUID that is not there", BOOT("4.4.8", "root=PARTUUID=dead2d9a-a3da-4ac7-9eb9-8d09cb151a93") T "List of all partitions:\n" SDA PANIC("0,0"), "root.row=-\nroot.row_listed=no" },
		{ "an offset from a PARTUUID", BOOT("4.4.8", "root=PARTUUID=" G1 "/PARTNROFF=1") T "List of all partitions:\n" SDA PANIC("8,2"), "root.row=sda2\nroot.row_listed=yes" },
		{ "an offset to nothing", BOOT("4.4.8", "root=PARTUUID=" G1 "/PARTNROFF=2") T "List of all partitions:\n" SDA PANIC("0,0"), "root.row=-\nroot.row_listed=no" },
		{ "a negative offset", BOOT("4.4.8", "root=PARTUUID=" G2 "/PARTNROFF=-1") T "List of all partitions:\n" SDA PANIC("8,1"), "root.row=sda1" },
		{ "an offset that is none", BOOT("4.4.8", "root=PARTUUID=" G1 "/PARTNROFF=x") T "List of all partitions:\n" SDA PANIC("0,0"), "root.row=-\nroot.row_listed=no" },
		{ "something else behind a PARTUUID", BOOT("4.4.8", "root=PARTUUID=" G1 "/x") T "List of all partitions:\n" SDA PANIC("0,0"), "root.row=-\nroot.row_listed=no" },
		{ "an empty PARTUUID", BOOT("4.4.8", "root=PARTUUID=") T "List of all partitions:\n" SDA PANIC("0,0"), "root.row=-\nroot.row_listed=no" },
		{ "a number", BOOT("4.4.8", "root=802") T "List of all partitions:\n" SDA PANIC("8,2"), "root.row=sda2" },
		{ "a number of nvme", BOOT("4.4.8", "root=259:1") T "List of all partitions:\n" T "103:00000 4096 nvme0n1  (driver?)\n" T "  103:00001 2048 nvme0n1p1 " G1 "\n" PANIC("259,1"), "root.row=nvme0n1p1" },
		{ "a UUID that was mounted", BOOT("6.6.0", "root=UUID=2b6a0a4e-0f37-4e4c-9a3e-0a7b7a4a1f11") T " sda: sda1\n" T "EXT4-fs (sda1): mounted filesystem 2b6a0a4e-0f37-4e4c-9a3e-0a7b7a4a1f11 ro with ordered data mode. Quota mode: none.\n",
		  "root.row=sda1\nroot.row_role=file-system\nmount.filesystems=sda1" },
		{ "the kernel mounted another", BOOT("5.10.0", "root=/dev/sda2") T " sda: sda1 sda2\n" T "VFS: Mounted root (ext4 filesystem) readonly on device 8:1.\n", "root.row=sda1\nroot.row_role=file-system" },
		{ "swap", BOOT("5.10.0", "root=/dev/sda2 resume=/dev/sda2") T "List of all partitions:\n" SDA PANIC("8,2"), "root.row_role=swap" },
		{ "swap by its PARTUUID", BOOT("5.10.0", "root=/dev/sda2 resume=PARTUUID=" G2) T "List of all partitions:\n" SDA PANIC("8,2"), "root.row_role=swap" },
		{ "swap that was used", BOOT("5.10.0", "root=/dev/sda2") T " sda: sda1 sda2\n" T "Adding 999420k swap on /dev/sda2.  Priority:-2 extents:1\n" T "a\n", "root.row_role=swap" },
		{ "the log begins late", T "VFS: Mounted root (ext4 filesystem) on device 8:1.\n", "root.row_listed=?\nroot.form=?" },
		{ "a list that was cut", BOOT("4.4.8", "root=/dev/sdc1") OPEN("sdc1", "0,0", "6") LIST T "0800", "root.disk_listed=?\nroot.row_listed=?" },
	};
	(void)state;
	expect_rows(rows, ROWS(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_against_devices),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
