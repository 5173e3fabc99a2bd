#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/escape.h"
#include "diagnosis/repair.h"
#include "diagnosis/silence.h"

static const char *const names[] = {
	"grub-root-now", "grub-root-lasting", "grub-rootwait-now", "grub-rootwait-lasting", "grub-drop-word-now",
	"grub-add-word-now", "grub-init-now", "grub-previous-kernel", "restore-initramfs", "rebuild-initramfs",
	"add-storage-driver", "change-controller", "attach-disk", "check-host-storage", "snapshot-first",
	"rescue-media",
	"check-filesystem", "repair-filesystem", "restore-disk-size", "make-writable", "verify-boot", "more-memory",
	"update-kernel", "remove-module", "save-crash", "check-host-load", "collect-evidence", "fix-fstab",
};

#define NAME_COUNT (sizeof names / sizeof *names)
#define STEPS_MAX 32

/* A boot whose facts, root advice and rule each test sets by hand. */
struct scene {
	struct arena arena;
	struct boot boot;
	struct facts facts;
	struct block_device devices[3];
	struct root_candidate candidates[2];
	struct rule_step rule_steps[STEPS_MAX];
	struct rule rule;
	struct finding cause;
	struct diagnosis diagnosis;
};

static void set_text(struct scene *scene, enum fact_id id, const char *text)
{
	scene->facts.values[id] = (struct fact){ FACT_KNOWN, slice_of(text), 0, 1 };
}

static void set_number(struct scene *scene, enum fact_id id, int64_t number)
{
	scene->facts.values[id] = (struct fact){ FACT_KNOWN, SLICE("?"), number, 1 };
}

static struct block_device partition(const char *name, unsigned number, const char *partuuid)
{
	return (struct block_device){ .name = slice_of(name), .disk = SLICE("sda"), .partition = number,
		.size_kib = 8384512,
				      .partuuid = slice_of(partuuid), .fstype = SLICE("ext4"), .is_usable = true };
}

static int scene_open(void **state)
{
	struct scene *s = test_calloc(1, sizeof *s);
	s->devices[0] = (struct block_device){ .name = SLICE("sda"), .disk = SLICE("sda") };
	s->devices[1] = partition("sda1", 1, "611e2d9a-a3da-4ac7-9eb9-8d09cb151a93");
	s->devices[2] = partition("sda2", 2, "11111111-2222-3333-4444-555555555555");
	s->candidates[0] = (struct root_candidate){ .device = &s->devices[1], .path = SLICE("/dev/sda1"),
		.value = SLICE("PARTUUID=611e2d9a-a3da-4ac7-9eb9-8d09cb151a93") };
	s->candidates[1] = (struct root_candidate){ .device = &s->devices[2], .path = SLICE("/dev/sda2"),
		.value = SLICE("PARTUUID=11111111-2222-3333-4444-555555555555") };
	s->facts.boot = &s->boot;
	s->facts.devices = s->devices;
	s->facts.device_count = 3;
	s->facts.arena = &s->arena;
	set_text(s, FACT_ROOT_PARAMETER, "/dev/sdc1");
	set_text(s, FACT_ROOT_FORM, "device");
	set_text(s, FACT_KERNEL_RELEASE, "4.4.8-esx");
	set_text(s, FACT_KERNEL_DISTRIBUTION, "photon");
	set_text(s, FACT_KERNEL_DISTRIBUTION_RELEASE, "1.0");
	set_number(s, FACT_DISKS_COUNT, 1);
	s->rule = (struct rule){ .id = "test/rule", .steps = s->rule_steps };
	s->cause.rule = &s->rule;
	s->diagnosis = (struct diagnosis){ .boot = &s->boot, .facts = &s->facts, .verdict = VERDICT_PANIC,
		.root = { .is_present = true, .wanted = SLICE("/dev/sdc1"), .answer = ROOT_ANSWER_ONE,
			  .candidates = s->candidates, .candidate_count = 1 } };
	*state = s;
	return 0;
}

static int scene_close(void **state)
{
	struct scene *s = *state;
	arena_deinit(&s->arena);
	test_free(s);
	return 0;
}

static void use(struct scene *s, const char *name)
{
	s->rule_steps[s->rule.step_count++] = (struct rule_step){ .use = name };
}

static void make(struct scene *s)
{
	struct error err;
	assert_true(repair_make(&s->diagnosis, &s->cause, &s->arena, &err));
}

static const struct repair_step *step(struct scene *s, const char *id)
{
	for (size_t i = 0; i < s->diagnosis.step_count; i++)
		if (slice_is(s->diagnosis.steps[i].id, id))
			return &s->diagnosis.steps[i];
	return NULL;
}

static void assert_says(const struct repair_step *made, const char *words)
{
	assert_non_null(made);
	if (!slice_contains(made->text, slice_of(words)))
		fail_msg("\"%s\" is not in \"%.*s\"", words, SLICE_ARG(made->text));
}

static void assert_silent_about(const struct repair_step *made, const char *words)
{
	assert_non_null(made);
	if (slice_contains(made->text, slice_of(words)))
		fail_msg("\"%s\" is in \"%.*s\"", words, SLICE_ARG(made->text));
}

static void assert_command(const struct repair_step *made, const char *command)
{
	assert_non_null(made);
	for (size_t i = 0; i < made->command_count; i++)
		if (slice_is(made->commands[i], command))
			return;
	fail_msg("no command: %s", command);
}

static void distribution(struct scene *s, const char *id, const char *release)
{
	set_text(s, FACT_KERNEL_DISTRIBUTION, id);
	set_text(s, FACT_KERNEL_DISTRIBUTION_RELEASE, release);
}

static void photon_is_told_the_exact_change(void **state)
{
	struct scene *s = *state;
	use(s, "grub-root-lasting");
	use(s, "grub-root-now");
	make(s);
	assert_true(slice_is(s->diagnosis.steps[0].id, "grub-root-now"));
	const struct repair_step *now = step(s, "grub-root-now"), *lasting = step(s, "grub-root-lasting");
	assert_says(now, "Change `root=$rootpartition` (it stands for `root=/dev/sdc1`) to "
			 "`root=PARTUUID=611e2d9a-a3da-4ac7-9eb9-8d09cb151a93` (/dev/sda1, 8.0 GiB)");
	assert_says(now, "bios.bootDelay = \"5000\"");
	assert_says(now, "Ctrl-x or F10");
	assert_int_equal(now->risk, RISK_REVERSIBLE);
	assert_false(now->is_lasting);
	assert_says(lasting, "In /boot/grub2/grub.cfg change `set rootpartition=/dev/sdc1` to `set rootpartition="
			     "PARTUUID=611e2d9a-a3da-4ac7-9eb9-8d09cb151a93`");
	assert_says(lasting, "Never run grub2-mkconfig");
	assert_says(lasting, "set_rootpartition");
	assert_int_equal(lasting->command_count, 1);
	assert_true(slice_contains(lasting->commands[0], SLICE("sed -i.bak")));
	assert_int_equal(lasting->risk, RISK_WRITES_BOOT);
}

static void other_boot_loaders_have_their_own_words(void **state)
{
	struct scene *s = *state;
	use(s, "grub-root-now");
	use(s, "grub-root-lasting");
	distribution(s, "rhel", "7.9");
	make(s);
	assert_says(step(s, "grub-root-now"), "`linux16` (`linuxefi` under EFI)");
	set_text(s, FACT_VM_FIRMWARE, "efi");
	make(s);
	assert_says(step(s, "grub-root-now"), "begins with `linuxefi`");
	distribution(s, "rhel", "6");
	s->candidates[0].value = SLICE("/dev/sda1");
	make(s);
	assert_says(step(s, "grub-root-now"), "begins with `kernel`");
	assert_says(step(s, "grub-root-now"), "Change `root=/dev/sdc1` to `root=/dev/sda1`");
	assert_says(step(s, "grub-root-now"), "Enter and then b");
	assert_command(step(s, "grub-root-lasting"), "grubby --update-kernel=ALL --args=root=/dev/sda1");
	distribution(s, "debian", "12");
	make(s);
	assert_command(step(s, "grub-root-lasting"), "update-grub");
	assert_says(step(s, "grub-root-lasting"), "root=UUID=");
	distribution(s, "alpine", "3");
	make(s);
	assert_says(step(s, "grub-root-lasting"), "/etc/update-extlinux.conf");
}

static void several_candidates_are_named_and_not_chosen(void **state)
{
	struct scene *s = *state;
	s->diagnosis.root.answer = ROOT_ANSWER_SEVERAL;
	s->diagnosis.root.candidate_count = 2;
	s->diagnosis.root.check = SLICE("Compare with `blkid` from rescue media");
	use(s, "grub-root-now");
	use(s, "grub-root-lasting");
	use(s, "fix-fstab");
	make(s);
	const struct repair_step *now = step(s, "grub-root-now");
	assert_says(now, "1. `root=PARTUUID=611e2d9a-a3da-4ac7-9eb9-8d09cb151a93` (/dev/sda1, 8.0 GiB), in GRUB "
		    "(hd0,gpt1);");
	assert_says(now, "2. `root=PARTUUID=11111111-2222-3333-4444-555555555555` (/dev/sda2, 8.0 GiB), in GRUB "
		    "(hd0,gpt2).");
	assert_says(now, "Compare with `blkid` from rescue media.");
	assert_says(now, "etc/ and sbin/");
	assert_int_equal(step(s, "grub-root-lasting")->command_count, 0);
	assert_says(step(s, "grub-root-lasting"), "set rootpartition=VALUE");
	assert_silent_about(step(s, "grub-root-lasting"), "611e2d9a");
	assert_silent_about(step(s, "fix-fstab"), "611e2d9a");
}

static void nothing_is_proposed_without_a_candidate(void **state)
{
	struct scene *s = *state;
	s->diagnosis.root.answer = ROOT_ANSWER_NONE;
	s->diagnosis.root.candidate_count = 0;
	s->diagnosis.root.check = SLICE("The log holds no partition.");
	use(s, "grub-root-now");
	use(s, "grub-root-lasting");
	make(s);
	assert_says(step(s, "grub-root-now"), "No root= can be named from this log. The log holds no partition.");
	assert_null(step(s, "grub-root-lasting"));
	s->diagnosis.root.is_present = false;
	make(s);
	assert_int_equal(s->diagnosis.step_count, 0);
}

static void a_way_in_is_not_made_to_last(void **state)
{
	struct scene *s = *state;
	s->diagnosis.root.is_one_time = true;
	use(s, "grub-root-now");
	use(s, "grub-root-lasting");
	make(s);
	assert_says(step(s, "grub-root-now"), "This is a way in, once");
	assert_null(step(s, "grub-root-lasting"));
}

static void assert_ordered(const struct diagnosis *d)
{
	for (size_t i = 1; i < d->step_count; i++) {
		bool is_last_look = i + 1 == d->step_count && slice_is(d->steps[i].id, "verify-boot");
		assert_true(is_last_look || d->steps[i].risk >= d->steps[i - 1].risk);
		assert_true(d->steps[i].is_lasting >= d->steps[i - 1].is_lasting);
	}
}

/* All advice at once, in every distribution: known, worded, in order, and with safe commands. */
static void all_advice_is_worded_and_ordered(void **state)
{
	struct scene *s = *state;
	size_t count;
	const struct distribution *table = distribution_table(&count);
	for (size_t i = NAME_COUNT; i-- > 0;) {
		assert_true(repair_advice_is_known(slice_of(names[i])));
		use(s, names[i]);
	}
	set_text(s, FACT_CRASH_MODULE, "falcon_lsm");
	s->facts.controllers[0] = (struct controller){ .vendor = 0x15ad, .device = 0x7c0, .name = "pvscsi",
		.driver = "vmw_pvscsi" };
	s->facts.controller_count = 1;
	for (size_t i = 0; i < count; i++) {
		s->diagnosis.distribution = &table[i];
		make(s);
		assert_int_equal(s->diagnosis.step_count, NAME_COUNT);
		assert_ordered(&s->diagnosis);
		assert_true(slice_is(s->diagnosis.steps[NAME_COUNT - 1].id, "verify-boot"));
		for (size_t k = 0; k < NAME_COUNT; k++) {
			assert_silent_about(&s->diagnosis.steps[k], "{{");
			assert_silent_about(&s->diagnosis.steps[k], "left out");
			assert_silent_about(&s->diagnosis.steps[k], "(null)");
			assert_silent_about(&s->diagnosis.steps[k], "  ");
		}
	}
	assert_false(repair_advice_is_known(SLICE("")));
	assert_false(repair_advice_is_known(SLICE("reboot")));
}

static bool commands_hold(const struct diagnosis *d, const char *words)
{
	for (size_t i = 0; i < d->step_count; i++)
		for (size_t k = 0; k < d->steps[i].command_count; k++)
			if (slice_contains(d->steps[i].commands[k], slice_of(words)))
				return true;
	return false;
}

static void a_hostile_guest_writes_no_command(void **state)
{
	struct scene *s = *state;
	for (size_t i = 0; i < NAME_COUNT; i++)
		use(s, names[i]);
	set_text(s, FACT_ROOT_PARAMETER, "$(evil)");
	set_text(s, FACT_ROOT_FSTYPE, "`evil`");
	set_text(s, FACT_KERNEL_RELEASE, "6.1;evil");
	set_text(s, FACT_CRASH_MODULE, "../evil");
	set_text(s, FACT_INIT_PARAMETER, "-evil");
	s->diagnosis.root.wanted = SLICE("|evil");
	s->candidates[0].value = SLICE("/dev/evil'");
	s->devices[1].name = SLICE("evil&");
	make(s);
	assert_false(commands_hold(&s->diagnosis, "evil"));
	assert_says(step(s, "rebuild-initramfs"), "left out");
	assert_says(step(s, "grub-root-now"), "Change the word that begins with `root=`");
	assert_null(step(s, "remove-module"));
}

static void a_rule_has_steps_of_its_own(void **state)
{
	struct scene *s = *state;
	static const char *const commands[] = { "ls {{root.parameter}}", "uname -r", "echo {{command_line}}" };
	set_text(s, FACT_COMMAND_LINE, "quiet; reboot");
	s->rule_steps[0] = (struct rule_step){ .id = "own", .risk = RISK_WRITES_BOOT,
		.text = "Look at {{root.parameter}}.",
					       .commands = commands, .command_count = 3 };
	s->rule.step_count = 1;
	use(s, "no-such-advice");
	make(s);
	const struct repair_step *own = step(s, "own");
	assert_says(own, "Look at /dev/sdc1. A command is left out");
	assert_int_equal(own->command_count, 2);
	assert_command(own, "ls /dev/sdc1");
	assert_true(own->is_lasting);
	assert_says(step(s, "no-such-advice"), "test/rule");
	assert_ordered(&s->diagnosis);
}

static void nothing_writes_a_disk_without_a_snapshot(void **state)
{
	struct scene *s = *state;
	use(s, "repair-filesystem");
	use(s, "repair-filesystem");
	use(s, "check-filesystem");
	make(s);
	assert_int_equal(s->diagnosis.step_count, 3);
	assert_ordered(&s->diagnosis);
	assert_non_null(step(s, "snapshot-first"));
	assert_command(step(s, "check-filesystem"), "fsck.ext4 -n /dev/sda1");
	assert_command(step(s, "repair-filesystem"), "fsck.ext4 -f -y /dev/sda1");
	s->devices[1].fstype = SLICE("xfs");
	make(s);
	assert_command(step(s, "check-filesystem"), "xfs_repair -n /dev/sda1");
	s->diagnosis.root.answer = ROOT_ANSWER_SEVERAL;
	set_text(s, FACT_ROOT_FSTYPE, "btrfs");
	make(s);
	assert_command(step(s, "check-filesystem"), "btrfs check --readonly DEVICE");
	assert_int_equal(step(s, "repair-filesystem")->command_count, 0);
}

static void commands_fit_the_host(void **state)
{
	struct scene *s = *state;
	struct boot_setting product = { SLICE("header.product"), SLICE("ESX"), 1 };
	s->boot.settings = &product;
	s->boot.setting_count = 1;
	use(s, "snapshot-first");
	make(s);
	assert_command(step(s, "snapshot-first"), "vim-cmd vmsvc/getallvms");
	assert_int_equal(step(s, "snapshot-first")->command_count, 2);
	product.value = SLICE("Workstation");
	make(s);
	assert_int_equal(step(s, "snapshot-first")->command_count, 1);
	assert_command(step(s, "snapshot-first"), "vmrun snapshot VM.vmx before-repair");
	assert_silent_about(step(s, "snapshot-first"), "getallvms");
}

static void a_driver_that_the_boot_needs_is_not_removed(void **state)
{
	struct scene *s = *state;
	use(s, "remove-module");
	set_text(s, FACT_CRASH_MODULE, "vmw_pvscsi");
	make(s);
	assert_says(step(s, "remove-module"), "Do not blacklist vmw_pvscsi");
	assert_int_equal(step(s, "remove-module")->command_count, 0);
	set_text(s, FACT_CRASH_MODULE, "");
	set_text(s, FACT_TAINT_MODULES, "nvidia(PO) other(O)");
	make(s);
	assert_command(step(s, "remove-module"), "echo blacklist nvidia >> /etc/modprobe.d/blacklist-local.conf");
}

static void words_of_the_command_line_are_dropped_by_name(void **state)
{
	struct scene *s = *state;
	use(s, "grub-drop-word-now");
	use(s, "grub-init-now");
	set_text(s, FACT_ROOT_FSTYPE, "xfs");
	set_text(s, FACT_INIT_PARAMETER, "/sbin/inti");
	s->diagnosis.cause = SLICE("init-requested-failed");
	make(s);
	assert_says(step(s, "grub-drop-word-now"), "Delete `rootfstype=xfs`.");
	assert_silent_about(step(s, "grub-drop-word-now"), "rootflags");
	assert_says(step(s, "grub-init-now"), "Delete `init=/sbin/inti`");
	set_text(s, FACT_ROOT_FLAGS, "subvol=@,nope");
	s->diagnosis.cause = SLICE("root-fs-bad-options");
	make(s);
	assert_says(step(s, "grub-drop-word-now"), "Delete `rootflags=subvol=@,nope`.");
	assert_says(step(s, "grub-drop-word-now"), "Keep its subvol= part");
	assert_says(step(s, "grub-init-now"), "init=/bin/sh");
}

static void evidence_is_kept_when_nothing_is_known(void **state)
{
	struct scene *s = *state;
	struct error err;
	assert_true(repair_make(&s->diagnosis, NULL, &s->arena, &err));
	assert_int_equal(s->diagnosis.step_count, 1);
	assert_says(step(s, "collect-evidence"), "vmware.log");
	s->diagnosis.verdict = VERDICT_CLEAN;
	assert_true(repair_make(&s->diagnosis, NULL, &s->arena, &err));
	assert_int_equal(s->diagnosis.step_count, 0);
}

static void every_shipped_rule_names_known_advice(void **state)
{
	(void)state;
	struct rule_set set = rules_builtin();
	for (size_t i = 0; i < set.count; i++)
		for (size_t k = 0; k < set.rules[i]->step_count; k++) {
			const char *name = set.rules[i]->steps[k].use;
			if (name && !repair_advice_is_known(slice_of(name)))
				fail_msg("%s: use: %s", set.rules[i]->id, name);
		}
}

static void assert_silence(struct scene *s, const char *words, bool has_serial)
{
	struct slice text = silence_explain(&s->facts, &s->boot, &s->arena);
	if (!slice_contains(text, slice_of(words)))
		fail_msg("\"%s\" is not in \"%.*s\"", words, SLICE_ARG(text));
	assert_int_equal(slice_contains(text, SLICE("serial0.fileType = \"file\"")), has_serial);
}

static void silence_is_explained(void **state)
{
	struct scene *s = *state;
	struct host_event event = { .kind = HOST_GUEST_RESET, .line = 7 };
	assert_silence(s, "No kernel text came from this boot", true);
	s->boot.events = &event;
	s->boot.event_count = 1;
	assert_silence(s, "The guest reset itself", true);
	event.kind = HOST_RESUMED;
	assert_silence(s, "resumed, not booted", true);
	event.kind = HOST_TRIPLE_FAULT;
	assert_silence(s, "triple fault", true);
	event.kind = HOST_FIRMWARE_FAILED;
	assert_silence(s, "(line 7)", false);
	event.kind = HOST_OTHER_OS_CRASH;
	assert_silence(s, "another operating system", false);
	s->boot.event_count = 0;
	s->boot.losses = LOSS_THROTTLED;
	assert_silence(s, "log.guestThrottleBytesPerSec", true);
	set_text(s, FACT_VM_GUEST_LOG_DISABLED, "yes");
	assert_silence(s, "isolation.tools.log.disable", false);
	set_text(s, FACT_VM_GUEST_OS, "Windows2019srv-64");
	assert_silence(s, "not a Linux", false);
	set_text(s, FACT_VM_GUEST_OS, "other5xlinux-64");
	assert_silence(s, "isolation.tools.log.disable", false);
}

static void a_serial_port_that_is_there_is_named(void **state)
{
	struct scene *s = *state;
	const struct boot_setting settings[] = { { SLICE("serial0.present"), SLICE("TRUE"), 1 },
						 { SLICE("serial0.fileType"), SLICE("file"), 2 },
						 { SLICE("serial0.fileName"), SLICE("console.txt"), 3 } };
	s->boot.settings = settings;
	s->boot.setting_count = 3;
	assert_silence(s, "writes to \"console.txt\"", false);
}

#define SCENE_TEST(f) cmocka_unit_test_setup_teardown(f, scene_open, scene_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(photon_is_told_the_exact_change),
		SCENE_TEST(other_boot_loaders_have_their_own_words),
		SCENE_TEST(several_candidates_are_named_and_not_chosen),
		SCENE_TEST(nothing_is_proposed_without_a_candidate),
		SCENE_TEST(a_way_in_is_not_made_to_last),
		SCENE_TEST(all_advice_is_worded_and_ordered),
		SCENE_TEST(a_hostile_guest_writes_no_command),
		SCENE_TEST(a_rule_has_steps_of_its_own),
		SCENE_TEST(nothing_writes_a_disk_without_a_snapshot),
		SCENE_TEST(commands_fit_the_host),
		SCENE_TEST(a_driver_that_the_boot_needs_is_not_removed),
		SCENE_TEST(words_of_the_command_line_are_dropped_by_name),
		SCENE_TEST(evidence_is_kept_when_nothing_is_known),
		SCENE_TEST(every_shipped_rule_names_known_advice),
		SCENE_TEST(silence_is_explained),
		SCENE_TEST(a_serial_port_that_is_there_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
