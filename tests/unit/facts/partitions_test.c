#include "../facts_of.h"

#include "facts/reader.h"

#define T "[    1.000000] "
#define VERSION "[    0.000000] Linux version 5.10.0\n"
#define LIST VERSION T "Please append a correct \"root=\" boot option; here are the available partitions:\n"
#define END T "Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\n"
#define G1 "611e2d9a-a3da-4ac7-9eb9-8d09cb151a93"

/* "sda1 8:1 8384512 PARTUUID" a device; then driver, role, "scan" when it is not of the list, "other"
 * when it is no hard disk. */
static void write_device(struct buf *out, const struct block_device *device)
{
	static const char *const roles[] = { "", " swap", " extended", " lvm", " md", " fs" };
	buf_printf(out, "%.*s %u:%u %llu", SLICE_ARG(device->name), device->major, device->minor,
		   (unsigned long long)device->size_kib);
	if (device->partuuid.len)
		buf_printf(out, " %.*s", SLICE_ARG(device->partuuid));
	if (device->driver.len)
		buf_printf(out, " driver=%.*s", SLICE_ARG(device->driver));
	if (device->partition)
		buf_printf(out, " %u/%.*s", device->partition, SLICE_ARG(device->disk));
	buf_printf(out, "%s%s%s\n", roles[device->role], device->is_listed ? "" : " scan",
		   device->is_usable ? "" : " other");
}

struct row {
	const char *name, *text, *devices;
};

static void check(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct facts_of of;
		struct buf out = BUF_INIT(64 * KIB);
		const struct facts *facts = facts_of(&of, rows[i].text);
		for (size_t k = 0; k < facts->device_count; k++)
			write_device(&out, &facts->devices[k]);
		expect_text(rows[i].name, buf_slice(&out), rows[i].devices);
		buf_deinit(&out);
		facts_of_free(&of);
	}
}

static void test_list(void **state)
{
	static const struct row rows[] = {
		{ "up to 4.8: a row is one record",
		  LIST T "0800         8388608 sda  driver: sd\n" T "  0801         8384512 sda1 " G1 "\n" T "  0802            3055 sda2 8159e59c-b382-40b9-9070-3c5586f3c7d6\n" END,
		  "sda 8:0 8388608 driver=sd\nsda1 8:1 8384512 " G1 " 1/sda\nsda2 8:2 3055 8159e59c-b382-40b9-9070-3c5586f3c7d6 2/sda\n" },
		{ "2.6.32: no PARTUUID", LIST T "0800         8388608 sda driver: sd\n" T "  0801         8384512 sda1\n" END,
		  "sda 8:0 8388608 driver=sd\nsda1 8:1 8384512 1/sda\n" },
		{ "since 4.9: a row is several records",
		  LIST T "0800         8388608 sda \n" T " driver: sd\n" T "  0801         8384512 sda1 " G1 "\n" T "\n" T "0b00         1048575 sr0 \n" T " driver: sr\n" END,
		  "sda 8:0 8388608 driver=sd\nsda1 8:1 8384512 " G1 " 1/sda\nsr0 11:0 1048575 driver=sr other\n" },
		{ "other CPUs speak between",
		  LIST T "0800         8388608 sda \n" T "usb 1-1: new full-speed USB device number 2\n" T " driver: sd\n" T "  0801         8384512 sda1 " G1 "\n" T "usb 1-1: New USB device found\n" T "\n" END,
		  "sda 8:0 8388608 driver=sd\nsda1 8:1 8384512 " G1 " 1/sda\n" },
		{ "a driver behind a partition is the disk's no more",
		  LIST T "0800         8388608 sda \n" T " driver: sd\n" T "0810         1048576 sdb \n" T " driver: other\n" END,
		  "sda 8:0 8388608 driver=sd\nsdb 8:16 1048576 driver=other\n" },
		{ "with callers",
		  "[    0.000000][    T0] Linux version 5.10.0\n[    1.000000][    T1] List of all partitions:\n[    1.000000][    T1] 0800         1048729 sda \n[    1.000000][    T1]  driver: sd\n[    1.000000][    T1] No filesystem could mount root, tried: \n",
		  "sda 8:0 1048729 driver=sd\n" },
		{ "nvme: hexadecimal, no driver",
		  LIST T "103:00000   41943040 nvme0n1 \n" T " (driver?)\n" T "  103:00001       4096 nvme0n1p1 4e7d4f2c-01\n" T "\n" T "  103:0001a       4096 nvme0n1p26 4e7d4f2c-1a\n" T "\n" END,
		  "nvme0n1 259:0 41943040\nnvme0n1p1 259:1 4096 4e7d4f2c-01 1/nvme0n1\nnvme0n1p26 259:26 4096 4e7d4f2c-1a 26/nvme0n1\n" },
		{ "extended", LIST T "0800        20971520 sda  driver: sd\n" T "  0801          487424 sda1 4e7d4f2c-01\n" T "  0802               1 sda2 4e7d4f2c-02\n" T "  0805        20224000 sda5 4e7d4f2c-05\n" END,
		  "sda 8:0 20971520 driver=sd\nsda1 8:1 487424 4e7d4f2c-01 1/sda\nsda2 8:2 1 4e7d4f2c-02 2/sda extended\nsda5 8:5 20224000 4e7d4f2c-05 5/sda\n" },
		{ "no hard disks", LIST T "0100            4096 ram0  (driver?)\n" T "0700          102400 loop0  (driver?)\n" T "0200               4 fd0  driver: floppy\n" T "fd00        18874368 dm-0  (driver?)\n" T "0900        10476544 md0  (driver?)\n" T "1f00             128 mtdblock0  (driver?)\n" END,
		  "ram0 1:0 4096 other\nloop0 7:0 102400 other\nfd0 2:0 4 driver=floppy other\ndm-0 253:0 18874368 other\nmd0 9:0 10476544 other\nmtdblock0 31:0 128 other\n" },
		{ "old array controllers", LIST T "6800        71652960 cciss/c0d0  driver: cciss\n" T "  6801          102400 cciss/c0d0p1\n" END,
		  "cciss/c0d0 104:0 71652960 driver=cciss\ncciss/c0d0p1 104:1 102400 1/cciss/c0d0\n" },
		{ "other disks", LIST T "fe00        20971520 vda  driver: virtio_blk\n" T "ca01         8388608 xvda1\n" T "b301        15558144 mmcblk0p1\n" T "4100             100 sdq\n" END,
		  "vda 254:0 20971520 driver=virtio_blk\nxvda1 202:1 8388608 1/xvda\nmmcblk0p1 179:1 15558144 1/mmcblk0\nsdq 65:0 100\n" },
		{ "rows outside of the list are text", VERSION T "0800         8388608 sda  driver: sd\n" END, "" },
		{ "rows behind its end are text", LIST T "0800         8388608 sda  driver: sd\n" END T "0810         8388608 sdb  driver: sd\n",
		  "sda 8:0 8388608 driver=sd\n" },
		{ "of user space", LIST "<30>" T "0800         8388608 sda  driver: sd\n" END, "" },
		{ "indentation lost", LIST T "0800 8388608 sda driver: sd\n" T "0801 8384512 sda1 " G1 "\n" END,
		  "sda 8:0 8388608 driver=sd\nsda1 8:1 8384512 " G1 " 1/sda\n" },
		{ "no rows: hostile or text",
		  LIST T "0800\n" T "0800 x sda\n" T "0800 12\n" T "08000 12 sda\n" T "08g0 12 sda\n" T "103: 12 sda\n" T "1000:0 12 sda\n" T "0800 99999999999999999999 sda\n" T "0800 12 -sda\n" T "0800 12 s\001da\n" END,
		  "" },
		{ "a PARTUUID of another length is none", LIST T "  0801 8384512 sda1 611e2d9a-a3da\n" T "  0802 12 sda2 611e2d9a-a3da-4ac7-9eb9-8d09cb151a9z\n" END,
		  "sda1 8:1 8384512 1/sda\nsda2 8:2 12 2/sda\n" },
		{ "a row twice is one device", LIST T "0800 12 sda\n" T "0800 13 sda\n" END, "sda 8:0 13\n" },
	};
	(void)state;
	check(rows, ROWS(rows));
}

static void test_scan(void **state)
{
	static const struct row rows[] = {
		{ "plain", VERSION T " sda: sda1 sda2\n", "sda 0:0 0 scan\nsda1 0:0 0 1/sda scan\nsda2 0:0 0 2/sda scan\n" },
		{ "logical ones", VERSION T " sda: sda1 sda2 < sda5 sda6 >\n",
		  "sda 0:0 0 scan\nsda1 0:0 0 1/sda scan\nsda2 0:0 0 2/sda extended scan\nsda5 0:0 0 5/sda scan\nsda6 0:0 0 6/sda scan\n" },
		{ "nvme", VERSION T " nvme0n1: p1 p2\n", "nvme0n1 0:0 0 scan\nnvme0n1p1 0:0 0 1/nvme0n1 scan\nnvme0n1p2 0:0 0 2/nvme0n1 scan\n" },
		{ "an empty table", VERSION T " sda:\n", "sda 0:0 0 scan\n" },
		{ "no table", VERSION T " sda: unknown partition table\n", "sda 0:0 0 scan\n" },
		{ "with a size", VERSION T "sd 0:0:0:0: [sda] 16777216 512-byte logical blocks: (8.59 GB/8.00 GiB)\n" T " sda: sda1\n",
		  "sda 0:0 8388608 scan\nsda1 0:0 0 1/sda scan\n" },
		{ "4 KiB blocks", VERSION T "sd 0:0:0:0: [sda] 2097152 4096-byte logical blocks: (8.59 GB/8.00 GiB)\n", "sda 0:0 8388608 scan\n" },
		{ "2.6.18", VERSION T "SCSI device sda: 16777216 512-byte hdwr sectors (8590 MB)\n", "sda 0:0 8388608 scan\n" },
		{ "the list says more", LIST T "0800         8388608 sda  driver: sd\n" END, "sda 8:0 8388608 driver=sd\n" },
		{ "both", VERSION T " sda: sda1\n" T "List of all partitions:\n" T "0800 12 sda  driver: sd\n" T "  0801 11 sda1 4e7d4f2c-01\n" END,
		  "sda 8:0 12 driver=sd\nsda1 8:1 11 4e7d4f2c-01 1/sda\n" },
		{ "text that looks alike", VERSION T " foo: bar\n" T " driver: sd\n" T " eth0: link up\n" T " sda1\n" T " sd: x\n" T " sda:x\n", "" },
		{ "a long name", VERSION T " sdaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: x\n", "" },
		{ "control bytes in the name", VERSION T " sda\001: sda1\n", "" },
		{ "partitions of another disk", VERSION T " sda: sdb1 sda1\n", "sda 0:0 0 scan\nsda1 0:0 0 1/sda scan\n" },
		{ "a size out of bounds", VERSION T "sd 0:0:0:0: [sda] 18446744073709551615 4096-byte logical blocks\n", "sda 0:0 0 scan\n" },
	};
	(void)state;
	check(rows, ROWS(rows));
}

static void test_counts(void **state)
{
	static const struct facts_row rows[] = {
		{ "a whole list", LIST T "0800 8388608 sda \n" T " driver: sd\n" T "  0801 8384512 sda1 " G1 "\n" T "\n" T "0810 12 sdb \n" T " driver: sd\n" END,
		  "disks.count=2\npartitions.count=1\ndisks.blank=1\npartitions.listed=yes\npartitions.whole=yes" },
		{ "an empty list", LIST END, "disks.count=0\npartitions.count=0\npartitions.listed=yes\npartitions.whole=yes" },
		{ "no list in a whole log", VERSION T "a\n", "disks.count=0\npartitions.listed=-\npartitions.whole=-" },
		{ "no list in a log that begins late", T "a\n", "disks.count=?\npartitions.count=?" },
		{ "a late log with a list", T "List of all partitions:\n" T "0800 12 sda  driver: sd\n" END, "disks.count=1\npartitions.whole=yes" },
		{ "cut in the list", LIST T "0800 12 sda  driver: sd\n" T "  0801 11 sd", "disks.count=1\npartitions.listed=yes\npartitions.whole=no" },
		{ "cut before the first row", LIST T "0800", "disks.count=?\npartitions.whole=no" },
		{ "a driver's record is missing", LIST T "0800 12 sda \n" T " driver: sd\n" T "0810 12 sdb \n" END, "partitions.whole=no" },
		{ "an empty record is missing", LIST T "0800 12 sda \n" T " driver: sd\n" T "  0801 5 sda1 \n" T "\n" T "  0802 6 sda2 \n" END, "partitions.whole=no" },
		{ "a row is missing", LIST T "0800 12 sda \n" T " driver: sd\n" T "  0801 5 sda1 \n" T "\n" T "\n" END, "partitions.whole=no" },
		{ "only a CD", LIST T "0b00 1048575 sr0  driver: sr\n" END, "disks.count=0\npartitions.count=0" },
		{ "a scan alone", VERSION T " sda: sda1 sda2\n", "disks.count=1\npartitions.count=2\npartitions.listed=-" },
	};
	(void)state;
	expect_rows(rows, ROWS(rows));
}

/* The VMX drops guest text between two rows. */
static void test_throttled_inside(void **state)
{
	static const struct {
		const char *name, *before, *between, *after, *whole;
	} rows[] = {
		{ "inside", LIST T "0800 12 sda  driver: sd", "", T "  0801 11 sda1\n" END, "partitions.whole=no" },
		{ "before", VERSION T "a", "", T "List of all partitions:\n" T "0800 12 sda  driver: sd\n" END, "partitions.whole=yes" },
		{ "behind", LIST T "0800 12 sda  driver: sd\n" END, "", T "a", "partitions.whole=yes" },
		{ "before and inside", VERSION, T "List of all partitions:\n" T "0800 12 sda  driver: sd\n", T "  0801 11 sda1\n" END, "partitions.whole=no" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct facts_of of;
		struct buf log = BUF_INIT(64 * KIB);
		log_dump(&log, 5, rows[i].before);
		log_host(&log, 5, "vcpu-0", "<<< Guest Log Throttled >>>");
		log_dump(&log, 7, rows[i].between);
		log_host(&log, 7, "vcpu-0", "<<< Guest Log Throttled >>>");
		log_dump(&log, 9, rows[i].after);
		expect_facts(rows[i].name, facts_of_log(&of, LOG_VMWARE, buf_slice(&log)), rows[i].whole);
		facts_of_free(&of);
		buf_deinit(&log);
	}
}

static void test_names(void **state)
{
	static const struct {
		const char *name, *disk;
		unsigned partition;
		bool usable;
	} rows[] = {
		{ "sda", "sda", 0, true },
		{ "sda1", "sda", 1, true },
		{ "sdaa15", "sdaa", 15, true },
		{ "hda1", "hda", 1, true },
		{ "vdb2", "vdb", 2, true },
		{ "xvda1", "xvda", 1, true },
		{ "nvme0n1", "nvme0n1", 0, true },
		{ "nvme0n1p15", "nvme0n1", 15, true },
		{ "nvme10n2p1", "nvme10n2", 1, true },
		{ "mmcblk0", "mmcblk0", 0, true },
		{ "mmcblk0p1", "mmcblk0", 1, true },
		{ "cciss/c0d0", "cciss/c0d0", 0, true },
		{ "cciss/c0d0p1", "cciss/c0d0", 1, true },
		{ "pmem0", "pmem0", 0, true },
		{ "md0", "md0", 0, false },
		{ "md0p1", "md0", 1, false },
		{ "md127", "md127", 0, false },
		{ "dm-0", "dm-0", 0, false },
		{ "loop0p1", "loop0", 1, false },
		{ "sr0", "sr0", 0, false },
		{ "fd0", "fd0", 0, false },
		{ "ram15", "ram15", 0, false },
		{ "zram0", "zram0", 0, false },
		{ "nbd0p1", "nbd0", 1, false },
		{ "mtdblock3", "mtdblock3", 0, false },
		{ "sd", "sd", 0, false },
		{ "12", "12", 0, false },
		{ "", "", 0, false },
		{ "sda99999", "sda99999", 0, true },
		{ "sda00000000000000000000000000000000000000001", "sda", 1, true },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct slice disk;
		unsigned partition;
		device_split(slice_of(rows[i].name), &disk, &partition);
		expect_text(rows[i].name, disk, rows[i].disk);
		expect_number(rows[i].name, partition, rows[i].partition);
		expect_true(rows[i].name, device_is_usable(slice_of(rows[i].name)) == rows[i].usable);
	}
}

static void test_bound(void **state)
{
	struct buf text = BUF_INIT(8 * MIB);
	struct facts_of of;
	(void)state;
	buf_text(&text, LIST);
	for (unsigned i = 0; i < 2 * PARTITIONS_MAX; i++)
		buf_printf(&text, T "103:%05x 100 nvme0n1p%u\n", i, i + 1);
	buf_text(&text, END);
	assert_int_equal(facts_of_log(&of, LOG_KERNEL, buf_slice(&text))->device_count, PARTITIONS_MAX);
	facts_of_free(&of);
	buf_deinit(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_scan),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_throttled_inside),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_bound),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
