#include "../boot_of.h"

#include "diagnosis/timeline.h"

struct made {
	struct boots boots;
	struct arena arena;
	struct facts facts;
	struct timeline timeline;
};

static void make(struct made *made, const struct boot *boot)
{
	made->arena = ARENA_INIT;
	assert_true(facts_read(&made->facts, boot, &made->arena, NULL));
	assert_true(timeline_make(&made->timeline, &made->facts, &made->arena, NULL));
}

static void done(struct made *made)
{
	arena_deinit(&made->arena);
	boots_free(&made->boots);
}

/* "begin kernel-start ...": the kinds in their order. */
static void expect_kinds(const struct made *made, const char *expected)
{
	struct buf kinds = BUF_INIT(KIB);
	char text[KIB];
	for (size_t i = 0; i < made->timeline.count; i++)
		buf_printf(&kinds, "%s%s", i ? " " : "", timeline_kind_name(made->timeline.events[i].kind));
	memcpy(text, kinds.ptr, kinds.len);
	struct slice got = { text, kinds.len };
	buf_deinit(&kinds);
	expect_text("kinds", got, expected);
}

static const struct timeline_event *find(const struct made *made, enum timeline_kind kind)
{
	for (size_t i = 0; i < made->timeline.count; i++)
		if (made->timeline.events[i].kind == kind)
			return &made->timeline.events[i];
	fail_msg("no %s", timeline_kind_name(kind));
	return NULL;
}

/* The clock of the log is 7 o'clock and so many milliseconds. */
static int64_t clock_ms(const struct timeline_event *event)
{
	assert_int_equal(event->host.kind, STAMP_ABSOLUTE);
	return event->host.time_ms % 86400000 - 7 * 3600000;
}

#define KERNEL                                                                                                        \
	"<5>[    0.000000] Linux version 6.1.75-1.ph5 (root@photon) #1-photon SMP\n"                                  \
	"<6>[    0.000000] Command line: root=/dev/sda2 ro\n"                                                         \
	"<6>[    0.300000] pci 0000:03:00.0: [15ad:07c0] type 00 class 0x010700\n"                                    \
	"<6>[    0.600000] Trying to unpack rootfs image as initramfs...\n"                                           \
	"<6>[    1.000000] VMware PVSCSI driver - version 1.0.7.0-k\n"                                                \
	"<5>[    1.200000] sd 0:0:0:0: [sda] 16777216 512-byte logical blocks: (8.59 GB/8.00 GiB)\n"                  \
	"<6>[    1.210000]  sda: sda1 sda2\n"

#define NO_ROOT                                                                                                       \
	KERNEL "<4>[    4.500000] VFS: Cannot open root device \"sda3\" or unknown-block(8,3): error -6\n"            \
	       "<0>[    4.510000] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(8,3)\n"

static void read_log(struct made *made, struct buf *log)
{
	boots_read(&made->boots, LOG_VMWARE, buf_slice(log));
	buf_deinit(log);
	assert_int_equal(made->boots.count, 1);
	make(made, &made->boots.items[0]);
}

static void test_dump(void **state)
{
	(void)state;
	struct made made;
	struct buf log = BUF_INIT(MIB);
	log_host(&log, 1000, "vcpu-0", "CPU reset: hard (mode Emulation)");
	log_dump(&log, 9000, NO_ROOT);
	log_host(&log, 69000, "vmx", "Chipset: The guest has requested that the virtual machine be hard reset.");
	read_log(&made, &log);
	expect_kinds(&made, "begin kernel-start initramfs driver disk root-failed panic reset");
	const struct timeline_event *disk = find(&made, TIMELINE_DISK), *panic = find(&made, TIMELINE_PANIC);
	expect_text("disk", disk->text, "disk sda is there");
	assert_int_equal(disk->time_ns, 1200000000);
	assert_true(disk->is_estimated);
	assert_int_equal(clock_ms(disk), 9000 - (4510 - 1200));
	assert_false(panic->is_estimated);
	assert_int_equal(clock_ms(panic), 9000);
	assert_int_equal(clock_ms(find(&made, TIMELINE_BEGIN)), 1000);
	assert_false(find(&made, TIMELINE_RESET)->has_time);
	expect_text("driver", find(&made, TIMELINE_DRIVER)->text, "storage driver vmw_pvscsi speaks");
	done(&made);
}

static void test_gaps(void **state)
{
	(void)state;
	struct made made;
	struct buf log = BUF_INIT(MIB);
	log_host(&log, 1000, "vcpu-0", "CPU reset: hard (mode Emulation)");
	log_dump(&log, 9000, NO_ROOT);
	log_host(&log, 69000, "vmx", "Chipset: The guest has requested that the virtual machine be hard reset.");
	read_log(&made, &log);
	const struct timeline_gap *gaps = made.timeline.gaps;
	assert_int_equal(made.timeline.gap_count, 3);
	assert_int_equal(gaps[0].length_ms, 60000);
	expect_text("from", gaps[0].from, "panic: VFS: Unable to mount root fs on unknown-block(8,3)");
	expect_text("to", gaps[0].to, "the guest asks for a reset");
	assert_int_equal(gaps[1].length_ms, 3490);
	expect_text("from", gaps[1].from, "the VM's CPU starts");
	assert_int_equal(gaps[2].length_ms, 3290);
	expect_text("from", gaps[2].from, " sda: sda1 sda2");
	assert_true(gaps[2].from_line && gaps[2].from_line < gaps[2].to_line);
	done(&made);
}

/* Where records were dropped, time between two lines says nothing. */
static void test_no_gap_where_records_are_missing(void **state)
{
	(void)state;
	struct made made;
	struct buf log = BUF_INIT(MIB);
	log_host(&log, 100, "vcpu-0", "CPU reset: hard (mode Emulation)");
	log_dump(&log, 5000, KERNEL);
	log_host(&log, 5001, "vcpu-0", "<<< Guest Log Throttled >>>");
	log_dump(&log, 65000, "<4>[    4.500000] VFS: Cannot open root device \"sda3\" or unknown-block(8,3): error -6\n"
			      "<0>[    4.510000] Kernel panic - not syncing: VFS: Unable to mount root fs\n");
	read_log(&made, &log);
	assert_true(made.timeline.is_broken);
	for (size_t i = 0; i < made.timeline.gap_count; i++)
		assert_false(slice_starts(made.timeline.gaps[i].to, SLICE("VFS:")));
	/* The dump began at the first of its lines, whenever the last one came. */
	assert_int_equal(clock_ms(find(&made, TIMELINE_KERNEL)), 5000 - 4510);
	done(&made);
}

/* Each dump is reckoned by its own moment. */
static void test_two_dumps(void **state)
{
	(void)state;
	struct made made;
	struct buf log = BUF_INIT(MIB);
	const char *oops = KERNEL
		"<1>[    3.000000] BUG: kernel NULL pointer dereference, address: 0000000000000008\n"
		"<4>[    3.000001] Oops: 0000 [#1] SMP\n"
		"<4>[    3.000002] CPU: 1 PID: 77 Comm: probe Not tainted 6.1.75-1.ph5 #1-photon\n"
		"<4>[    3.000003] RIP: 0010:demo_read+0x12/0x40\n";
	struct buf both = BUF_INIT(MIB);
	buf_printf(&both, "%s<0>[   63.000000] Kernel panic - not syncing: hung_task: blocked tasks\n", oops);
	buf_char(&both, '\0');
	log_host(&log, 1000, "vcpu-0", "CPU reset: hard (mode Emulation)");
	log_dump(&log, 5000, oops);
	/* The guest's clock is slow: 60 seconds of it take 61. */
	log_dump(&log, 66000, both.ptr);
	buf_deinit(&both);
	read_log(&made, &log);
	assert_int_equal(clock_ms(find(&made, TIMELINE_CRASH)), 5000);
	assert_int_equal(clock_ms(find(&made, TIMELINE_PANIC)), 66000);
	assert_int_equal(clock_ms(find(&made, TIMELINE_DISK)), 5000 - 1800);
	done(&made);
}

/* An estimate that contradicts the host is not shown. */
static void test_clocks_that_ran_apart(void **state)
{
	(void)state;
	struct made made;
	struct buf log = BUF_INIT(MIB);
	log_host(&log, 1000, "vcpu-0", "CPU reset: hard (mode Emulation)");
	log_dump(&log, 3000, NO_ROOT);
	read_log(&made, &log);
	expect_kinds(&made, "begin kernel-start initramfs driver disk root-failed panic");
	assert_int_equal(find(&made, TIMELINE_KERNEL)->host.kind, STAMP_NONE);
	assert_int_equal(clock_ms(find(&made, TIMELINE_ROOT_FAILED)), 2990);
	done(&made);
}

static void test_console(void **state)
{
	(void)state;
	struct made made;
	const struct boot *boot = boot_of(&made.boots,
		"[    0.000000] Linux version 6.1.0-26-amd64 (debian-kernel@lists.debian.org)\n"
		"[    1.000000] Run /init as init process\n"
		"Begin: Loading essential drivers ... done.\n"
		"[    2.000000]  sda: sda1\n"
		"[    3.000000] EXT4-fs (sda1): mounted filesystem with ordered data mode\n"
		"[   25.000000] systemd[1]: Reached target multi-user.target - Multi-User System.\n"
		"[   99.000000] reboot: Restarting system\n");
	make(&made, boot);
	expect_kinds(&made, "kernel-start init init disk user-space reset");
	for (size_t i = 0; i < made.timeline.count; i++)
		assert_int_equal(made.timeline.events[i].host.kind, STAMP_NONE);
	assert_int_equal(made.timeline.gaps[0].length_ms, 74000);
	assert_int_equal(made.timeline.gaps[1].length_ms, 22000);
	done(&made);
}

static void test_nothing(void **state)
{
	(void)state;
	struct made made = { 0 };
	const struct boot boot = { .number = 1, .format = LOG_VMWARE };
	make(&made, &boot);
	assert_int_equal(made.timeline.count, 0);
	assert_int_equal(made.timeline.gap_count, 0);
	done(&made);
	for (int kind = TIMELINE_BEGIN; kind <= TIMELINE_POWER_OFF; kind++)
		assert_non_null(timeline_kind_name((enum timeline_kind)kind));
	assert_null(timeline_kind_name((enum timeline_kind)(TIMELINE_POWER_OFF + 1)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dump),
		cmocka_unit_test(test_gaps),
		cmocka_unit_test(test_no_gap_where_records_are_missing),
		cmocka_unit_test(test_two_dumps),
		cmocka_unit_test(test_clocks_that_ran_apart),
		cmocka_unit_test(test_console),
		cmocka_unit_test(test_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
