#include "../boot_of.h"

#include "kmsg/loss.h"

static void test_setting(void **state)
{
	static const struct boot_setting settings[] = {
		{ BYTES("guestOS"), BYTES("other"), 1 },
		{ BYTES("firmware"), BYTES("bios"), 2 },
		{ BYTES("GUESTOS"), BYTES("debian10-64"), 9 },
	};
	static const struct {
		const char *name, *key, *value;
	} rows[] = {
		{ "the last one, in any case", "guestos", "debian10-64" },
		{ "the only one", "firmware", "bios" },
		{ "none", "memSize", NULL },
		{ "no part of a key", "guest", NULL },
	};
	const struct boot boot = { .settings = settings, .setting_count = ROWS(settings) };
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct boot_setting *setting = boot_setting(&boot, rows[i].key);
		expect_true(rows[i].name, (setting != NULL) == (rows[i].value != NULL));
		if (setting)
			expect_text(rows[i].name, setting->value, rows[i].value);
	}
}

static void test_event(void **state)
{
	const struct host_event events[] = { { .kind = HOST_BOOT, .line = 3 }, { .kind = HOST_DISK_OPENED, .line = 4 },
					     { .kind = HOST_DISK_OPENED, .line = 5 } };
	const struct boot boot = { .events = events, .event_count = 3 };
	(void)state;
	assert_int_equal(boot_event(&boot, HOST_BOOT)->line, 3);
	assert_int_equal(boot_event(&boot, HOST_DISK_OPENED)->line, 4);
	assert_null(boot_event(&boot, HOST_TRIPLE_FAULT));
}

static void test_loss_names(void **state)
{
	(void)state;
	for (unsigned bit = 1; bit <= LOSS_RECORD_CUT; bit <<= 1)
		assert_non_null(boot_loss_name(bit));
	assert_null(boot_loss_name(LOSS_RECORD_CUT << 1));
	assert_null(boot_loss_name(0));
	assert_null(boot_loss_name(LOSS_CUT | LOSS_GAP));
}

static void write_losses(struct buf *out, unsigned losses)
{
	for (unsigned bit = 1; bit <= LOSS_RECORD_CUT; bit <<= 1)
		if (losses & bit)
			buf_printf(out, "%s ", boot_loss_name(bit));
}

#define START "[    0.000000] Linux version 6.1.0\n"
#define PANIC "[    2.000000] Kernel panic - not syncing: x\n"

/* What is missing of a dmesg, and of the same text as a dump in vmware.log. */
static void test_losses(void **state)
{
	static const struct {
		const char *name, *text, *kernel, *vmware;
	} rows[] = {
		{ "a panic", START PANIC, "", "" },
		{ "no reason for a dump", START "[    1.000000] a\n", "", "dump-stopped " },
		{ "an oops", START "[    1.000000] BUG: unable to handle page fault for address: 1\n", "", "" },
		{ "an oops of 4.4", START "[    1.000000] Oops: 0002 [#1] SMP\n", "", "" },
		{ "an oops of ARM", START "[    1.000000] Internal error: Oops: 96000004 [#1] SMP\n", "", "" },
		{ "a panic that does not come", START "[    1.000000] VFS: Cannot open root device \"sdc1\" or x\n",
		  "dump-stopped ", "dump-stopped " },
		{ "nor behind the list", START "[    1.000000] List of all partitions:\n[    1.000001] 0800 1 sda\n",
		  "dump-stopped ", "dump-stopped " },
		{ "it comes", START "[    1.000000] List of all partitions:\n" PANIC, "", "" },
		{ "a user's words of it", START "<14>[    1.000000] List of all partitions:\n", "", "dump-stopped " },
		{ "late", "[    1.500000] a\n" PANIC, "late-start ", "late-start " },
		{ "a gap at the beginning", "[    0.000000] a\n" PANIC, "gap ", "gap " },
		{ "the version is not the first", "[    0.000000] Initializing cgroup subsys cpu\n" START PANIC, "", "" },
		{ "a version that a user writes", "<14>Linux version 9\n" PANIC, "late-start ", "late-start " },
		{ "only text of a user", "<30>[    3.000000] systemd[1]: a\n", "late-start ", "late-start " },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct boots boots;
		struct buf out = BUF_INIT(256), log = BUF_INIT(64 * KIB);
		write_losses(&out, boot_of(&boots, rows[i].text)->losses);
		expect_text(rows[i].name, buf_slice(&out), rows[i].kernel);
		boots_free(&boots);
		buf_clear(&out);
		log_dump(&log, 0, rows[i].text);
		boots_read(&boots, LOG_VMWARE, buf_slice(&log));
		write_losses(&out, boots.items[0].losses);
		expect_text(rows[i].name, buf_slice(&out), rows[i].vmware);
		boots_free(&boots);
		buf_deinit(&out);
		buf_deinit(&log);
	}
}

static void test_losses_of_hand_made_boots(void **state)
{
	static char long_text[1019];
	const struct kmsg_record version = { .text = SLICE("Linux version 6.1.0") };
	const struct kmsg_record panic = { .text = SLICE("Kernel panic - not syncing: x") };
	const struct kmsg_record cut = { .text = SLICE("Kernel pa"), .flags = KMSG_CUT };
	const struct kmsg_record whole[] = { version, panic }, last_cut[] = { version, panic, cut };
	const struct kmsg_record other = { .text = SLICE("a") };
	const struct kmsg_record late_version[] = { other, other, other, other, other, other, other,
						    other, other, other, other, other, version, panic };
	const struct kmsg_record middle_cut[] = { version, cut, panic };
	const struct kmsg_record too_long[] = { version, { .text = { long_text, 1019 } }, panic };
	const struct host_event throttled = { .kind = HOST_THROTTLED };
	const struct {
		const char *name;
		struct boot boot;
		bool source_is_cut;
		const char *losses;
	} rows[] = {
		{ "whole", { .records = whole, .record_count = 2, .is_last = true }, false, "" },
		{ "the source is cut", { .records = whole, .record_count = 2, .is_last = true }, true, "cut " },
		{ "cut, and another boot follows", { .records = whole, .record_count = 2 }, true, "" },
		{ "cut, and nothing was there", { .is_last = true }, true, "" },
		{ "the last record is cut", { .records = last_cut, .record_count = 3, .is_last = true }, false, "cut " },
		{ "the same of a boot that others follow", { .records = last_cut, .record_count = 3 }, false, "record-cut " },
		{ "one in the middle is cut", { .records = middle_cut, .record_count = 3, .is_last = true }, false, "record-cut " },
		{ "longer than the dumper sends", { .records = too_long, .record_count = 3 }, false, "record-cut " },
		{ "as long on a console", { .records = too_long, .record_count = 3, .format = LOG_KERNEL }, false, "" },
		{ "the version comes too late", { .records = late_version, .record_count = 14 }, false, "late-start " },
		{ "it comes in time", { .records = late_version + 1, .record_count = 13 }, false, "" },
		{ "let go", { .records = whole, .record_count = 2, .let_go_count = 5 }, false, "let-go " },
		{ "throttled", { .records = whole, .record_count = 2, .events = &throttled, .event_count = 1 }, false, "throttled " },
	};
	(void)state;
	memset(long_text, 'x', sizeof long_text);
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf out = BUF_INIT(256);
		struct boot boot = rows[i].boot;
		boot.format = boot.format ? boot.format : LOG_VMWARE;
		write_losses(&out, boot_losses(&boot, rows[i].source_is_cut));
		expect_text(rows[i].name, buf_slice(&out), rows[i].losses);
		buf_deinit(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_setting),
		cmocka_unit_test(test_event),
		cmocka_unit_test(test_loss_names),
		cmocka_unit_test(test_losses),
		cmocka_unit_test(test_losses_of_hand_made_boots),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
