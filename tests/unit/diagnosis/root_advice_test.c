#include "../facts_of.h"

#include "diagnosis/root_advice.h"

#define T "[    1.000000] "
#define G1 "611e2d9a-a3da-4ac7-9eb9-8d09cb151a93"
#define G2 "8159e59c-b382-40b9-9070-3c5586f3c7d6"
#define GA "aaaaaaaa-1111-4222-8333-444444444444"
#define GB "bbbbbbbb-1111-4222-8333-444444444444"
#define GC "cccccccc-1111-4222-8333-444444444444"
#define DEAD "dead2d9a-a3da-4ac7-9eb9-8d09cb151a99"

#define KERNEL(release, command_line) \
	"[    0.000000] Linux version " release "\n[    0.000000] Command line: " command_line "\n"
#define PHOTON1(command_line) KERNEL("4.4.8-esx (root@photon) x", command_line)
#define PHOTON3(command_line) KERNEL("4.19.290-3.ph3 (root@photon) x", command_line)
#define OPEN(name, block) T "VFS: Cannot open root device \"" name "\" or unknown-block(" block "): error -6\n"
#define APPEND T "Please append a correct \"root=\" boot option; here are the available partitions:\n"
#define LIST T "List of all partitions:\n"
#define PANIC(block) T "Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(" block ")\n"
#define ROW(number, size, name) T number " " size " " name "\n"
#define DISK(number, size, name) T number " " size " " name "  driver: sd\n"
/* Up to 4.8 a row is one record; since then a disk's driver and an empty record follow. */
#define SPLIT_DISK(number, size, name) T number " " size " " name " \n" T " driver: sd\n"
#define SPLIT_ROW(number, size, name) T number " " size " " name "\n" T "\n"
#define RAM ROW("0100", "4096", "ram0  (driver?)") ROW("010f", "4096", "ram15  (driver?)")
#define SEED_LIST \
	RAM DISK("0800", "8388608", "sda") ROW("  0801", "8384512", "sda1 " G1) ROW("  0802", "3055", "sda2 " G2)

#define TRIED T "No filesystem could mount root, tried:  ext3 ext4\n"

/* What is expected of ROOT_PROPOSE. `answer` may name several that are right, "one several"; "one"
 * alone is to be more than possible. `first` and `second` are the best candidates in their order,
 * "" where it does not matter; `never` names devices that are no candidate. */
struct row {
	const char *name, *text;
	const char *answer, *first, *second, *value, *never;
};

static bool is_candidate(const struct root_advice *advice, struct slice name)
{
	for (size_t i = 0; i < advice->candidate_count; i++)
		if (slice_equal(advice->candidates[i].device->name, name))
			return true;
	return false;
}

static bool has_word(const char *words, const char *word)
{
	struct slice rest = slice_of(words);
	for (struct slice one = slice_word(&rest); one.len; one = slice_word(&rest))
		if (slice_is(one, word))
			return true;
	return false;
}

static void write_candidates(struct buf *out, const struct root_advice *advice)
{
	buf_printf(out, "%s", root_answer_name(advice->answer));
	for (size_t i = 0; i < advice->candidate_count; i++)
		buf_printf(out, " %.*s:%d", SLICE_ARG(advice->candidates[i].device->name), advice->candidates[i].score);
}

static void check_device(const struct row *row, const struct root_advice *advice, size_t at, const char *name,
			 const char *shown)
{
	if (!name || !name[0])
		return;
	if (at >= advice->candidate_count || !slice_is(advice->candidates[at].device->name, name))
		fail_msg("%s: candidate %zu is not %s in: %s", row->name, at + 1, name, shown);
}

static void check_advice(const struct row *row, const struct root_advice *advice)
{
	struct buf shown = BUF_INIT(4096);
	write_candidates(&shown, advice);
	buf_char(&shown, '\0');
	if (!has_word(row->answer, root_answer_name(advice->answer)))
		fail_msg("%s: expected %s, got: %s", row->name, row->answer, shown.ptr);
	if (strcmp(row->answer, "one") == 0 && advice->candidates[0].confidence == CONFIDENCE_POSSIBLE)
		fail_msg("%s: only possible: %s", row->name, shown.ptr);
	check_device(row, advice, 0, row->first, shown.ptr);
	check_device(row, advice, 1, row->second, shown.ptr);
	if (row->value)
		expect_text(row->name, advice->candidates[0].value, row->value);
	struct slice never = slice_of(row->never ? row->never : "");
	for (struct slice one = slice_word(&never); one.len; one = slice_word(&never))
		if (is_candidate(advice, one))
			fail_msg("%s: %.*s is a candidate in: %s", row->name, SLICE_ARG(one), shown.ptr);
	expect_true(row->name, (advice->answer == ROOT_ANSWER_NONE) == (advice->candidate_count == 0));
	expect_true(row->name, advice->answer == ROOT_ANSWER_ONE || advice->check.len);
	for (size_t i = 0; i < advice->candidate_count; i++)
		expect_true(row->name, advice->candidates[i].path.len && advice->candidates[i].value.len);
	buf_deinit(&shown);
}

static void check(const struct row *row, enum log_format format)
{
	struct facts_of of;
	struct diagnosis diagnosis = { .facts = facts_of_log(&of, format, slice_of(row->text)) };
	diagnosis.boot = of.facts.boot;
	assert_true(root_advice_make(&diagnosis, ROOT_PROPOSE, &of.arena, NULL));
	expect_true(row->name, diagnosis.root.is_present && !diagnosis.root.is_one_time);
	expect_number(row->name, (int64_t)diagnosis.root.row_count, (int64_t)of.facts.device_count);
	check_advice(row, &diagnosis.root);
	facts_of_free(&of);
}

static const struct row situations[] = {
	{ "T01 the disk has another letter",
	  PHOTON1("root=/dev/sdc1") OPEN("sdc1", "0,0") APPEND SEED_LIST PANIC("0,0"),
	  "one", "sda1", "", "PARTUUID=" G1, "ram0 sda2 sda" },
	{ "T03 the list of 4.9 and later",
	  PHOTON3("root=/dev/sdc1") OPEN("sdc1", "0,0") APPEND SPLIT_DISK("0800", "8388608", "sda")
	  SPLIT_ROW("  0801", "8384512", "sda1 " G1) SPLIT_ROW("  0802", "3055", "sda2 " G2) PANIC("0,0"),
	  "one", "sda1", "", "PARTUUID=" G1, "sda2" },
	{ "T04 the list of 6.6 and later",
	  KERNEL("6.6.1 (a@b) x", "root=/dev/sdc1") T "/dev/root: Can't open blockdev\n"
	  OPEN("/dev/sdc1", "0,0") APPEND SPLIT_DISK("0800", "8388608", "sda")
	  SPLIT_ROW("  0801", "8384512", "sda1 " G1) SPLIT_ROW("  0802", "3055", "sda2 " G2)
	  T "List of all bdev filesystems:\n" T " ext3\n" T " ext4\n" T "\n" PANIC("0,0"),
	  "one", "sda1", "", "PARTUUID=" G1, "sda2" },
	{ "T05 another partition number",
	  PHOTON3("root=/dev/sda5") OPEN("sda5", "8,5") APPEND SPLIT_DISK("0800", "20971520", "sda")
	  SPLIT_ROW("  0801", "4096", "sda1 " GA) SPLIT_ROW("  0802", "20966383", "sda2 " GB) PANIC("8,5"),
	  "one", "sda2", "", "PARTUUID=" GB, "sda1" },
	{ "T06 another number, and two to choose from",
	  KERNEL("5.10.0 (a@b) x", "root=/dev/sda3") OPEN("sda3", "8,3") APPEND
	  SPLIT_DISK("0800", "22020096", "sda") SPLIT_ROW("  0801", "1048576", "sda1 " GA)
	  SPLIT_ROW("  0802", "10485760", "sda2 " GB) SPLIT_ROW("  0804", "10485760", "sda4 " GC) PANIC("8,3"),
	  "several", "sda2", "sda4", NULL, NULL },
	{ "T07 from SCSI to NVMe",
	  PHOTON3("root=/dev/sda2") OPEN("sda2", "0,0") APPEND T "103:00000 41943040 nvme0n1 \n"
	  T " (driver?)\n" SPLIT_ROW("  103:00001", "4096", "nvme0n1p1 " GA)
	  SPLIT_ROW("  103:00002", "41937903", "nvme0n1p2 " GB) PANIC("0,0"),
	  "one", "nvme0n1p2", "", "PARTUUID=" GB, "nvme0n1p1" },
	{ "T08 from Xen",
	  KERNEL("4.14.0 (a@b) x", "root=/dev/xvda1") OPEN("xvda1", "0,0") APPEND
	  SPLIT_DISK("0800", "10485760", "sda") SPLIT_ROW("  0801", "10484719", "sda1 4e7d4f2c-01")
	  PANIC("0,0"),
	  "one", "sda1", "", "PARTUUID=4e7d4f2c-01", NULL },
	{ "T09 from KVM: the same number is /boot, the layout's root is another",
	  KERNEL("5.14.0-362.el9.x86_64 (a@b) x", "root=/dev/vda3") OPEN("vda3", "0,0") APPEND
	  SPLIT_DISK("0800", "10485760", "sda") SPLIT_ROW("  0801", "1024", "sda1 " G1)
	  SPLIT_ROW("  0802", "204800", "sda2 " GA) SPLIT_ROW("  0803", "1048576", "sda3 " GB)
	  SPLIT_ROW("  0804", "8912896", "sda4 " GC) PANIC("0,0"),
	  "several one", "sda4", "", NULL, "sda1 sda2" },
	{ "T10 2.6.18: from IDE, and no list",
	  KERNEL("2.6.18-398.el5 (a@b) x", "ro root=/dev/hda1") T " sda: sda1 sda2\n"
	  T "VFS: Cannot open root device \"hda1\" or unknown-block(0,0)\n"
	  T "Please append a correct \"root=\" boot option\n" PANIC("0,0"),
	  "several one", "sda1", "", "/dev/sda1", "sda" },
	{ "T11 no /dev/",
	  PHOTON1("root=sda1") OPEN("sda1", "0,0") APPEND SEED_LIST PANIC("0,0"),
	  "one", "sda1", "", "PARTUUID=" G1, "sda2" },
	{ "T12 by-uuid",
	  PHOTON1("root=/dev/disk/by-uuid/2b6a0a4e") OPEN("disk/by-uuid/2b6a0a4e", "0,0") APPEND SEED_LIST
	  PANIC("0,0"),
	  "one", "sda1", "", "PARTUUID=" G1, "sda2" },
	{ "T13 a UUID and no initramfs: Ubuntu's cloud image",
	  KERNEL("5.15.0-91-generic (buildd@a) x", "root=UUID=2b6a0a4e-0f37-4e4c-9a3e-0a7b7a4a1f11")
	  OPEN("UUID=2b6a0a4e-0f37-4e4c-9a3e-0a7b7a4a1f11", "0,0") APPEND SPLIT_DISK("0800", "10485760", "sda")
	  SPLIT_ROW("  0801", "10370027", "sda1 " GA) SPLIT_ROW("  080e", "4096", "sda14 " GB)
	  SPLIT_ROW("  080f", "108544", "sda15 " GC) PANIC("0,0"),
	  "one", "sda1", "", "PARTUUID=" GA, "sda14 sda15" },
	{ "T14 the same with a broken initramfs",
	  KERNEL("5.15.0-91-generic (buildd@a) x", "root=UUID=2b6a0a4e-0f37-4e4c-9a3e-0a7b7a4a1f11")
	  T "Initramfs unpacking failed: write error\n" OPEN("UUID=2b6a0a4e-0f37-4e4c-9a3e-0a7b7a4a1f11", "0,0")
	  APPEND SPLIT_DISK("0800", "10485760", "sda") SPLIT_ROW("  0801", "10370027", "sda1 " GA)
	  SPLIT_ROW("  080e", "4096", "sda14 " GB) SPLIT_ROW("  080f", "108544", "sda15 " GC) PANIC("0,0"),
	  "one", "sda1", "", "PARTUUID=" GA, "sda14 sda15" },
	{ "T15 a label",
	  PHOTON1("root=LABEL=/") OPEN("LABEL=/", "0,0") APPEND SEED_LIST PANIC("0,0"),
	  "one", "sda1", "", "PARTUUID=" G1, "sda2" },
	{ "T16 nothing but a CD drive",
	  KERNEL("6.11.0 (a@b) x", "root=UUID=2b6a0a4e-0f37-4e4c-9a3e-0a7b7a4a1f11")
	  OPEN("UUID=2b6a0a4e-0f37-4e4c-9a3e-0a7b7a4a1f11", "0,0") APPEND T "0b00 1048575 sr0 \n"
	  T " driver: sr\n" PANIC("0,0"),
	  "none", NULL, NULL, NULL, "sr0" },
	{ "T17 no root=, up to 6.4",
	  PHOTON1("ro quiet") OPEN("(null)", "0,0") APPEND SEED_LIST PANIC("0,0"),
	  "one", "sda1", "", "PARTUUID=" G1, "sda2" },
	{ "T18 no root=, since 6.5",
	  KERNEL("6.6.1 (a@b) x", "ro quiet") OPEN("", "0,0") APPEND SPLIT_DISK("0800", "8388608", "sda")
	  SPLIT_ROW("  0801", "8384512", "sda1 " G1) SPLIT_ROW("  0802", "3055", "sda2 " G2) PANIC("0,0"),
	  "one", "sda1", "", "PARTUUID=" G1, "sda2" },
	{ "T19 no root=, and the image's own number",
	  KERNEL("2.6.38-8-generic (buildd@a) x", "ro quiet")
	  T "VFS: Cannot open root device \"(null)\" or unknown-block(8,1)\n" APPEND
	  DISK("0800", "8388608", "sda") ROW("  0801", "8384512", "sda1") PANIC("8,1"),
	  "one", "sda1", "", "/dev/sda1", NULL },
	{ "T20 an unknown PARTUUID, one candidate",
	  PHOTON3("root=PARTUUID=" DEAD) OPEN("PARTUUID=" DEAD, "0,0") APPEND
	  SPLIT_DISK("0800", "10485760", "sda") SPLIT_ROW("  0801", "10240", "sda1 " GA)
	  SPLIT_ROW("  0802", "10474479", "sda2 " G1) PANIC("0,0"),
	  "one", "sda2", "", "PARTUUID=" G1, "sda1" },
	{ "T21 an unknown PARTUUID, two disks alike",
	  PHOTON3("root=PARTUUID=" DEAD) OPEN("PARTUUID=" DEAD, "0,0") APPEND
	  SPLIT_DISK("0800", "10485760", "sda") SPLIT_ROW("  0801", "4096", "sda1 " GA)
	  SPLIT_ROW("  0802", "10480640", "sda2 " G1) SPLIT_DISK("0810", "10485760", "sdb")
	  SPLIT_ROW("  0811", "4096", "sdb1 " GB) SPLIT_ROW("  0812", "10480640", "sdb2 " G2) PANIC("0,0"),
	  "several", "sda2", "sdb2", NULL, "sda1 sdb1" },
	{ "T22 another disk signature",
	  KERNEL("4.18.0-477.el8.x86_64 (a@b) x", "root=PARTUUID=4e7d4f2c-02")
	  OPEN("PARTUUID=4e7d4f2c-02", "0,0") APPEND SPLIT_DISK("0800", "20971520", "sda")
	  SPLIT_ROW("  0801", "512000", "sda1 9a1b2c3d-01") SPLIT_ROW("  0802", "20459520", "sda2 9a1b2c3d-02")
	  PANIC("0,0"),
	  "one", "sda2", "", "PARTUUID=9a1b2c3d-02", NULL },
	{ "T23 2.6.32 knows no PARTUUID: it is not proposed",
	  KERNEL("2.6.32-754.el6.x86_64 (a@b) x", "root=PARTUUID=4e7d4f2c-02")
	  OPEN("PARTUUID=4e7d4f2c-02", "0,0") APPEND DISK("0800", "20971520", "sda")
	  ROW("  0801", "512000", "sda1") ROW("  0802", "20459520", "sda2") PANIC("0,0"),
	  "one several", "sda2", "", "/dev/sda2", NULL },
	{ "T24 an empty PARTUUID",
	  PHOTON1("root=PARTUUID=") OPEN("PARTUUID=", "0,0") APPEND SEED_LIST PANIC("0,0"),
	  "one", "sda1", "", "PARTUUID=" G1, "sda2" },
	{ "T25 an offset from a PARTUUID: what it means is there",
	  KERNEL("5.10.0 (a@b) x", "root=PARTUUID=" G1 "/PARTNROFF=1")
	  OPEN("PARTUUID=" G1 "/PARTNROFF=1", "8,2") APPEND SPLIT_DISK("0800", "20971520", "sda")
	  SPLIT_ROW("  0801", "512000", "sda1 " G1) SPLIT_ROW("  0802", "20459520", "sda2 " G2) PANIC("8,2"),
	  "one several", "sda2", "", "PARTUUID=" G2, NULL },
	{ "T26 a PARTLABEL that 4.19 does not know",
	  PHOTON3("root=PARTLABEL=root") OPEN("PARTLABEL=root", "0,0") APPEND
	  SPLIT_DISK("0800", "8388608", "sda") SPLIT_ROW("  0801", "4096", "sda1 " G2)
	  SPLIT_ROW("  0802", "8382464", "sda2 " G1) PANIC("0,0"),
	  "one", "sda2", "", "PARTUUID=" G1, "sda1" },
	{ "T27 three disks, no table, and they fail",
	  KERNEL("5.18.0 (a@b) x", "root=802")
	  T "sd 0:0:0:0: Device offlined - not ready after error recovery\n" OPEN("802", "8,2") APPEND
	  SPLIT_DISK("0800", "8388608", "sda") SPLIT_DISK("0810", "8388608", "sdb")
	  SPLIT_DISK("0830", "8388608", "sdd") PANIC("8,2"),
	  "several none", NULL, NULL, NULL, NULL },
	{ "T28 no table",
	  KERNEL("3.10.0 (a@b) x", "root=/dev/sda2") T " sda: unknown partition table\n" OPEN("sda2", "8,2")
	  APPEND DISK("0800", "8388608", "sda") PANIC("8,2"),
	  "several none", NULL, NULL, NULL, NULL },
	{ "T29 the partition lies beyond the disk's end",
	  KERNEL("5.10.0 (a@b) x", "root=/dev/sda3") T "sda: p3 start 6293504 is beyond EOD, truncated\n"
	  T " sda: sda1 sda2\n" OPEN("sda3", "8,3") APPEND SPLIT_DISK("0800", "3145728", "sda")
	  SPLIT_ROW("  0801", "1048576", "sda1 " GA) SPLIT_ROW("  0802", "2097152", "sda2 " GB) PANIC("8,3"),
	  "several none", NULL, NULL, NULL, NULL },
	{ "T30 a data disk is larger",
	  PHOTON3("root=/dev/sdc2") OPEN("sdc2", "0,0") APPEND SPLIT_DISK("0800", "16777216", "sda")
	  SPLIT_ROW("  0801", "4096", "sda1 " GA) SPLIT_ROW("  0802", "16771072", "sda2 " G1)
	  SPLIT_DISK("0810", "524288000", "sdb") SPLIT_ROW("  0811", "524286976", "sdb1 " GB) PANIC("0,0"),
	  "one", "sda2", "", "PARTUUID=" G1, "sda1" },
	{ "T31 a file system on the whole disk",
	  KERNEL("5.10.0 (a@b) x", "root=/dev/sda1")
	  T "EXT4-fs (sda): mounted filesystem with ordered data mode\n" OPEN("sda1", "8,1") APPEND
	  SPLIT_DISK("0800", "8388608", "sda") PANIC("8,1"),
	  "several", "sda", "", "/dev/sda", NULL },
	{ "T42 nothing but RAM disks",
	  PHOTON1("root=/dev/sda1") OPEN("sda1", "0,0") APPEND RAM PANIC("0,0"),
	  "none", NULL, NULL, NULL, "ram0" },
	{ "T45 root= is the BIOS boot partition",
	  PHOTON1("root=/dev/sda2") LIST SEED_LIST T "No filesystem could mount root, tried:  ext3 ext2 ext4\n"
	  PANIC("8,2"),
	  "one", "sda1", "", "PARTUUID=" G1, "sda2" },
	{ "T48 root= is swap",
	  KERNEL("5.10.0 (a@b) x", "root=/dev/sda3 resume=/dev/sda3") LIST
	  SPLIT_DISK("0800", "20971520", "sda") SPLIT_ROW("  0801", "8192", "sda1 " GA)
	  SPLIT_ROW("  0802", "18864128", "sda2 " GB) SPLIT_ROW("  0803", "2097152", "sda3 " GC)
	  T "No filesystem could mount root, tried: \n" T " ext4\n" T "\n" PANIC("8,3"),
	  "one", "sda2", "", "PARTUUID=" GB, "sda3 sda1" },
	{ "T50 a logical volume: no partition is proposed",
	  KERNEL("4.18.0-477.el8.x86_64 (a@b) x", "root=/dev/mapper/rhel-root") OPEN("mapper/rhel-root", "0,0")
	  APPEND SPLIT_DISK("0800", "20971520", "sda") SPLIT_ROW("  0801", "1048576", "sda1 4e7d4f2c-01")
	  SPLIT_ROW("  0802", "19921920", "sda2 4e7d4f2c-02") PANIC("0,0"),
	  "none", NULL, NULL, NULL, "sda1 sda2" },
	{ "T94 the disk has grown",
	  PHOTON1("root=/dev/sdc1") T "GPT:Primary header thinks Alt. header is not at the end of the disk.\n"
	  OPEN("sdc1", "0,0") APPEND SEED_LIST PANIC("0,0"),
	  "one", "sda1", "", "PARTUUID=" G1, "sda2" },
	{ "T95 two slots of one size",
	  PHOTON3("root=PARTUUID=" DEAD) OPEN("PARTUUID=" DEAD, "0,0") APPEND
	  SPLIT_DISK("0800", "20971520", "sda") SPLIT_ROW("  0801", "4096", "sda1 " GA)
	  SPLIT_ROW("  0802", "10480640", "sda2 " GB) SPLIT_ROW("  0803", "10480640", "sda3 " GC) PANIC("0,0"),
	  "several", "sda2", "sda3", NULL, "sda1" },
	{ "T96 GRUB found the kernel at the top of a partition: it is /boot",
	  KERNEL("5.14.0-362.el9.x86_64 (a@b) x", "BOOT_IMAGE=(hd0,gpt3)/vmlinuz-5.14.0 root=/dev/sdb4")
	  OPEN("sdb4", "0,0") APPEND SPLIT_DISK("0800", "20971520", "sda")
	  SPLIT_ROW("  0801", "1024", "sda1 " GA) SPLIT_ROW("  0802", "204800", "sda2 " GB)
	  SPLIT_ROW("  0803", "1048576", "sda3 " GC) SPLIT_ROW("  0804", "19715072", "sda4 " G1) PANIC("0,0"),
	  "one", "sda4", "", "PARTUUID=" G1, "sda1 sda2" },
	{ "T97 Photon's image",
	  PHOTON3("root=/dev/sdb3") OPEN("sdb3", "0,0") APPEND SPLIT_DISK("0800", "16777216", "sda")
	  SPLIT_ROW("  0801", "4096", "sda1 " GA) SPLIT_ROW("  0802", "10240", "sda2 " GB)
	  SPLIT_ROW("  0803", "16762863", "sda3 " G1) PANIC("0,0"),
	  "one", "sda3", "", "PARTUUID=" G1, "sda1 sda2" },
	{ "T98 Amazon Linux 2023",
	  KERNEL("6.1.61-85.141.amzn2023.x86_64 (a@b) x", "root=/dev/xvda1") OPEN("xvda1", "0,0") APPEND
	  T "103:00000 8388608 nvme0n1 \n" T " (driver?)\n" SPLIT_ROW("  103:00001", "8376303", "nvme0n1p1 " G1)
	  SPLIT_ROW("  103:00002", "1024", "nvme0n1p127 " GA)
	  SPLIT_ROW("  103:00003", "10240", "nvme0n1p128 " GB) PANIC("0,0"),
	  "one", "nvme0n1p1", "", "PARTUUID=" G1, "nvme0n1p127 nvme0n1p128" },
	{ "T99 a logical partition",
	  KERNEL("3.16.0 (a@b) x", "root=/dev/sdb5") OPEN("sdb5", "0,0") APPEND DISK("0800", "20971520", "sda")
	  ROW("  0801", "487424", "sda1 4e7d4f2c-01") ROW("  0802", "1", "sda2 4e7d4f2c-02")
	  ROW("  0805", "20224000", "sda5 4e7d4f2c-05") PANIC("0,0"),
	  "one several", "sda5", "", "PARTUUID=4e7d4f2c-05", "sda2" },
	{ "T100 the number says one thing, the size another",
	  KERNEL("4.18.0 (a@b) x", "root=/dev/sdb2") OPEN("sdb2", "0,0") APPEND
	  SPLIT_DISK("0800", "20971520", "sda") SPLIT_ROW("  0801", "19921920", "sda1 4e7d4f2c-01")
	  SPLIT_ROW("  0802", "1048576", "sda2 4e7d4f2c-02") PANIC("0,0"),
	  "several", "sda1", "sda2", NULL, NULL },
};

/* A test each: where one gives another answer, the others are still of interest. */
static void test_situation(void **state)
{
	check(*state, LOG_KERNEL);
}

/* The public guide's sample, as it was broken by hand and shortened. */
static void test_wrapped_copy(void **state)
{
	static const char frame[] = "2016-08-30T16:02:43.218-07:00| vcpu-0| I125: Guest: ";
	static const char *const lines[] = {
		"\n\t<4>[    1.125782] VFS: Cannot open root device \"sdc1\" or unknown-block(0,0): error -6\n",
		"\n\t<4>[    1.125783] Please append a correct \"root=\" boot option; \n\there are the available partitions:\n",
		"\n\t<4>[    1.125785] 0100 4096 ram0  (driver?)\n...\n",
		"<4>[    1.125802] 0800         8388608 sda  driver: sd\n",
		"<4>[1.125804]   0801         8384512 sda1 \n\t611e2d9a-a3da-4ac7-9eb9-8d09cb151a93\n",
		"<4>[    1.125806]   0802            3055 sda2 8159e59c-b382-40b9-9070-3c5586f3c7d6\n",
		"<0>[    1.125814] Kernel panic - not syncing: VFS: Unable to mount root fs \n\ton unknown-block(0,0)\n",
	};
	struct buf log = BUF_INIT(4096);
	(void)state;
	for (size_t i = 0; i < ROWS(lines); i++)
		buf_printf(&log, "%s%s", frame, lines[i]);
	buf_char(&log, '\0');
	const struct row row = { "T02 the seed, wrapped", log.ptr, "one", "sda1", "", "PARTUUID=" G1, "ram0 sda2" };
	check(&row, LOG_VMWARE);
	buf_deinit(&log);
}

/* What a rule may allow, and what the advice then says. */
static void test_modes(void **state)
{
	static const char seed[] = PHOTON1("root=UUID=12") OPEN("UUID=12", "0,0") APPEND SEED_LIST PANIC("0,0");
	static const char tried[] = PHOTON1("root=UUID=12") LIST SEED_LIST TRIED PANIC("8,2");
	static const char volume[] = PHOTON1("root=/dev/vg/lv") LIST SEED_LIST TRIED PANIC("8,2");
	static const struct {
		const char *name, *text;
		enum rule_root mode;
		bool is_present, is_one_time;
		size_t candidates;
	} rows[] = {
		{ "silent", seed, ROOT_SILENT, false, false, 0 },
		{ "propose", seed, ROOT_PROPOSE, true, false, 1 },
		{ "one time, and nothing proves the file system's driver", seed, ROOT_ONE_TIME, false, false, 0 },
		{ "one time, both drivers are built in", tried, ROOT_ONE_TIME, true, true, 1 },
		{ "one time, of a logical volume", volume, ROOT_ONE_TIME, false, false, 0 },
		{ "propose for a logical volume", volume, ROOT_PROPOSE, true, false, 0 },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct facts_of of;
		struct diagnosis diagnosis = { .facts = facts_of(&of, rows[i].text) };
		diagnosis.boot = of.facts.boot;
		assert_true(root_advice_make(&diagnosis, rows[i].mode, &of.arena, NULL));
		expect_true(rows[i].name, diagnosis.root.is_present == rows[i].is_present);
		expect_true(rows[i].name, diagnosis.root.is_one_time == rows[i].is_one_time);
		expect_number(rows[i].name, (int64_t)diagnosis.root.candidate_count, (int64_t)rows[i].candidates);
		facts_of_free(&of);
	}
}

int main(void)
{
	struct CMUnitTest tests[ROWS(situations) + 2] = {
		cmocka_unit_test(test_wrapped_copy),
		cmocka_unit_test(test_modes),
	};
	for (size_t i = 0; i < ROWS(situations); i++)
		tests[i + 2] = (struct CMUnitTest){ .name = situations[i].name, .test_func = test_situation,
						    .initial_state = (void *)&situations[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
