#include "../boot_of.h"

#include <time.h>

/* "host 2 [late-start ] a;b;c": begun by a reset that was seen, passes, losses, texts. */
static void write_boot(struct buf *out, const struct boot *boot)
{
	buf_printf(out, "%s %u [", boot->started_by_host ? "host" : "-", boot->pass_count);
	for (unsigned bit = 1; bit <= LOSS_RECORD_CUT; bit <<= 1)
		if (boot->losses & bit)
			buf_printf(out, "%s ", boot_loss_name(bit));
	buf_text(out, "] ");
	for (size_t i = 0; i < boot->record_count; i++) {
		buf_append(out, boot->records[i].text);
		buf_char(out, ';');
	}
	buf_char(out, '\n');
}

static void check_boots(const char *row, enum log_format format, struct slice text, const char *expected)
{
	struct boots boots;
	struct buf out = BUF_INIT(64 * KIB);
	boots_read(&boots, format, text);
	for (size_t i = 0; i < boots.count; i++) {
		write_boot(&out, &boots.items[i]);
		expect_number(row, boots.items[i].number, (int64_t)i + 1);
		expect_true(row, boots.items[i].is_last == (i + 1 == boots.count));
		expect_true(row, boots.items[i].first_line && boots.items[i].first_line <= boots.items[i].last_line);
	}
	expect_text(row, buf_slice(&out), expected);
	buf_deinit(&out);
	boots_free(&boots);
}

/* ---- vmware.log ---- */

/* A host line of the thread, or, without a thread, a dump. */
struct step {
	unsigned ms;
	const char *thread, *text;
};

#define RESET(ms) { ms, "vcpu-0", "CPU reset: hard (mode HV)" }
#define DUMP(ms, records) { ms, NULL, records }
#define STEPS_MAX 12

static void write_steps(struct buf *log, const struct step *steps)
{
	for (size_t i = 0; i < STEPS_MAX && steps[i].text; i++) {
		if (steps[i].thread)
			log_host(log, steps[i].ms, steps[i].thread, steps[i].text);
		else
			log_dump(log, steps[i].ms, steps[i].text);
	}
}

#define START "<5>[    0.000000] Linux\n<6>[    0.500000] a\n"
#define VERSION "<5>[    0.000000] Linux version 6\n"
#define EARLY "<6>[    0.000000] Initializing cgroup subsys cpuset\n<6>[    0.000000] Initializing cgroup subsys cpu\n"
#define OOPS "<1>[    1.000000] BUG: x\n"
#define PANIC "<0>[    2.000000] Kernel panic - not syncing: y\n"

static const struct {
	const char *name;
	struct step steps[STEPS_MAX];
	const char *boots;
} rows[] = {
	{ "a reset and a dump", { RESET(1), DUMP(50, VERSION PANIC) },
	  "host 1 [] Linux version 6;Kernel panic - not syncing: y;\n" },
	{ "a dump alone", { DUMP(50, VERSION PANIC) }, "- 1 [] Linux version 6;Kernel panic - not syncing: y;\n" },
	{ "nothing", { { 1, "vmx", "chatter" } }, "" },
	{ "a reset without text", { RESET(1) }, "host 1 [] \n" },
	{ "three resets", { RESET(1), RESET(2000), RESET(4000) }, "host 1 [] \nhost 1 [] \nhost 1 [] \n" },
	{ "other CPUs begin no boot",
	  { RESET(1), { 1, "vcpu-1", "CPU reset: hard (mode HV)" }, { 50, "vcpu-1", "CPU reset: soft (mode HV)" },
	    { 51, "vcpu-2", "CPU reset: soft (mode HV)" }, DUMP(90, VERSION PANIC) },
	  "host 1 [] Linux version 6;Kernel panic - not syncing: y;\n" },
	{ "a reboot by INIT", { RESET(1), DUMP(50, VERSION PANIC), { 90, "vcpu-0", "CPU reset: soft (mode 1)" } },
	  "host 1 [] Linux version 6;Kernel panic - not syncing: y;\nhost 1 [] \n" },
	{ "a torn reset beside the real one",
	  { { 1, "vcpu-1", "hread 7796 6608CPU reset: hard (mode 2)" }, RESET(2), DUMP(50, VERSION PANIC) },
	  "host 1 [] Linux version 6;Kernel panic - not syncing: y;\n" },
	{ "two boots", { RESET(1), DUMP(50, VERSION OOPS), RESET(90), DUMP(99, VERSION PANIC) },
	  "host 1 [] Linux version 6;BUG: x;\nhost 1 [] Linux version 6;Kernel panic - not syncing: y;\n" },
	{ "two dumps of one boot", { RESET(1), DUMP(50, VERSION OOPS), DUMP(60, VERSION OOPS PANIC) },
	  "host 2 [] Linux version 6;BUG: x;Kernel panic - not syncing: y;\n" },
	{ "the second dump has lost its beginning", { RESET(1), DUMP(50, VERSION START OOPS), DUMP(60, "<6>[    0.500000] a\n" OOPS PANIC) },
	  "host 2 [] Linux version 6;Linux;a;BUG: x;Kernel panic - not syncing: y;\n" },
	{ "a boot lost between two dumps: the clock tells them apart",
	  { RESET(1), DUMP(50, VERSION OOPS), DUMP(99, VERSION "<0>[    1.700000] Kernel panic - not syncing: y\n") },
	  "host 1 [] Linux version 6;BUG: x;\n- 1 [] Linux version 6;Kernel panic - not syncing: y;\n" },
	{ "the same, and a boot behind them",
	  { DUMP(50, VERSION OOPS), DUMP(99, VERSION "<0>[    1.700000] Kernel panic - not syncing: y\n"), RESET(200), DUMP(250, VERSION PANIC) },
	  "- 1 [] Linux version 6;BUG: x;\n- 1 [] Linux version 6;Kernel panic - not syncing: y;\n"
	  "host 1 [] Linux version 6;Kernel panic - not syncing: y;\n" },
	{ "clocks of two CPUs cross", { RESET(1), DUMP(50, VERSION "<6>[    1.050000] b\n<6>[    1.000000] c\n" PANIC) },
	  "host 1 [] Linux version 6;b;c;Kernel panic - not syncing: y;\n" },
	{ "a user writes an old time", { RESET(1), DUMP(50, VERSION OOPS "<30>[    0.100000] u\n" PANIC) },
	  "host 1 [] Linux version 6;BUG: x;u;Kernel panic - not syncing: y;\n" },
	{ "a user writes a version", { RESET(1), DUMP(50, VERSION OOPS "<14>Linux version 9\n" PANIC) },
	  "host 1 [] Linux version 6;BUG: x;Linux version 9;Kernel panic - not syncing: y;\n" },
	{ "the host dropped text", { RESET(1), DUMP(50, VERSION OOPS), { 50, "vcpu-0", "<<< Guest Log Throttled >>>" } },
	  "host 1 [throttled ] Linux version 6;BUG: x;\n" },
	{ "another boot was throttled", { RESET(1), { 50, "vcpu-0", "<<< Guest Log Throttled >>>" }, RESET(90), DUMP(99, VERSION PANIC) },
	  "host 1 [throttled ] \nhost 1 [] Linux version 6;Kernel panic - not syncing: y;\n" },
	{ "late", { RESET(1), DUMP(50, "<6>[    1.500000] b\n" PANIC) }, "host 1 [late-start ] b;Kernel panic - not syncing: y;\n" },
	{ "stopped", { RESET(1), DUMP(50, VERSION "<6>[    1.500000] b\n") }, "host 1 [dump-stopped ] Linux version 6;b;\n" },
	{ "no time stamps", { RESET(1), DUMP(50, "<5>Linux version 6\n<6>a\n<0>Kernel panic - not syncing: y\n") },
	  "host 1 [] Linux version 6;a;Kernel panic - not syncing: y;\n" },
	{ "other senders are no records",
	  { RESET(1), DUMP(2, "About to do EFI boot: Photon"), DUMP(50, VERSION PANIC), DUMP(60, "toolbox: Version: 1") },
	  "host 1 [] Linux version 6;Kernel panic - not syncing: y;\n" },
	{ "kernels that say a few words before their version",
	  { RESET(1), DUMP(50, EARLY VERSION OOPS), DUMP(60, EARLY VERSION OOPS PANIC) },
	  "host 2 [] Initializing cgroup subsys cpuset;Initializing cgroup subsys cpu;Linux version 6;BUG: x;"
	  "Kernel panic - not syncing: y;\n" },
	{ "the same with two boots",
	  { RESET(1), DUMP(50, EARLY VERSION OOPS), DUMP(60, EARLY VERSION "<0>[    1.700000] Kernel panic - not syncing: y\n") },
	  "host 1 [] Initializing cgroup subsys cpuset;Initializing cgroup subsys cpu;Linux version 6;BUG: x;\n"
	  "- 1 [] Initializing cgroup subsys cpuset;Initializing cgroup subsys cpu;Linux version 6;Kernel panic - not syncing: y;\n" },
	{ "powered off between", { RESET(1), DUMP(50, VERSION PANIC), { 90, "vmx", "VMX exit (0)." } },
	  "host 1 [] Linux version 6;Kernel panic - not syncing: y;\n" },
};

static void test_vmware(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf log = BUF_INIT(64 * KIB);
		write_steps(&log, rows[i].steps);
		check_boots(rows[i].name, LOG_VMWARE, buf_slice(&log), rows[i].boots);
		buf_deinit(&log);
	}
}

/* The end of the source cuts a record, a frame, or nothing. */
static void test_cut_end(void **state)
{
	static const struct {
		const char *name;
		size_t missing;
		const char *boots;
	} cuts[] = {
		{ "nothing", 0, "host 1 [] Linux version 6;Kernel panic - not syncing: y;\n" },
		{ "the last newline", 1, "host 1 [cut ] Linux version 6;Kernel panic - not syncing: y;\n" },
		{ "the empty line's frame", 8, "host 1 [cut ] Linux version 6;Kernel panic - not syncing: y;\n" },
		{ "all of the empty line", 41, "host 1 [] Linux version 6;Kernel panic - not syncing: y;\n" },
		{ "the newline of the panic", 42, "host 1 [cut ] Linux version 6;Kernel panic - not syncing: y;\n" },
		{ "the panic's text", 45, "host 1 [cut ] Linux version 6;Kernel panic - not syncing;\n" },
		{ "the word panic", 65, "host 1 [cut dump-stopped ] Linux version 6;Kernel;\n" },
	};
	struct buf log = BUF_INIT(64 * KIB);
	(void)state;
	log_host(&log, 1, "vcpu-0", "CPU reset: hard");
	log_dump(&log, 50, VERSION PANIC);
	for (size_t i = 0; i < ROWS(cuts); i++)
		check_boots(cuts[i].name, LOG_VMWARE, slice_take(buf_slice(&log), log.len - cuts[i].missing),
			    cuts[i].boots);
	buf_deinit(&log);
}

/* However often the ring is sent, the boot says the same. */
static void test_many_dumps_say_what_one_does(void **state)
{
	(void)state;
	for (unsigned dumps = 1; dumps <= 8; dumps++) {
		struct boots boots;
		struct buf log = BUF_INIT(64 * KIB), out = BUF_INIT(4096);
		log_host(&log, 1, "vcpu-0", "CPU reset: hard");
		for (unsigned i = 0; i < dumps; i++)
			log_dump(&log, 1000 * (i + 1), VERSION START OOPS PANIC);
		boots_read(&boots, LOG_VMWARE, buf_slice(&log));
		assert_int_equal(boots.count, 1);
		assert_int_equal(boots.items[0].pass_count, dumps);
		boots.items[0].pass_count = 1;
		write_boot(&out, &boots.items[0]);
		expect_text("dumps", buf_slice(&out), "host 1 [] Linux version 6;Linux;a;BUG: x;Kernel panic - not syncing: y;\n");
		buf_deinit(&log);
		buf_deinit(&out);
		boots_free(&boots);
	}
}

/* Any boots of the table around one another: each says what it says alone. */
static void test_neighbours_change_nothing(void **state)
{
	static const struct step end[STEPS_MAX] = { { 59000, "vmx", "VMX exit (0)." } };
	static const char *const begun[] = { "a reset and a dump", "two dumps of one boot", "late", "stopped",
					     "the host dropped text", "no time stamps", "a reset without text" };
	struct buf alone[ROWS(begun)], log[ROWS(begun)];
	(void)state;
	for (size_t b = 0; b < ROWS(begun); b++) {
		size_t i = 0;
		while (strcmp(rows[i].name, begun[b]) != 0)
			i++;
		alone[b] = BUF_INIT(4096);
		log[b] = BUF_INIT(16 * KIB);
		buf_text(&alone[b], rows[i].boots);
		write_steps(&log[b], rows[i].steps);
		write_steps(&log[b], end);
	}
	for (size_t a = 0; a < ROWS(begun); a++) {
		for (size_t b = 0; b < ROWS(begun); b++) {
			struct buf both = BUF_INIT(32 * KIB), expected = BUF_INIT(8192);
			buf_append(&both, buf_slice(&log[a]));
			buf_append(&both, buf_slice(&log[b]));
			buf_append(&expected, buf_slice(&alone[a]));
			buf_append(&expected, buf_slice(&alone[b]));
			buf_char(&expected, '\0');
			check_boots(begun[a], LOG_VMWARE, buf_slice(&both), expected.ptr);
			buf_deinit(&both);
			buf_deinit(&expected);
		}
	}
	for (size_t b = 0; b < ROWS(begun); b++) {
		buf_deinit(&alone[b]);
		buf_deinit(&log[b]);
	}
}

static void test_what_else_is_known(void **state)
{
	struct boots boots;
	struct buf log = BUF_INIT(64 * KIB);
	(void)state;
	log_host(&log, 1, "vmx", "DICT --- CONFIGURATION a.vmx");
	log_host(&log, 1, "vmx", "DICT guestOS = \"other\"");
	log_host(&log, 2, "vmx", "DISK: OPEN scsi0:0 'a.vmdk' persistent R[]");
	log_host(&log, 5, "vcpu-0", "CPU reset: hard");
	log_dump(&log, 20, "About to do EFI boot: CD-ROM\nAbout to do EFI boot: Photon");
	log_dump(&log, 1000, VERSION PANIC);
	log_host(&log, 5000, "vmx", "Chipset: The guest has requested that the virtual machine be hard reset.");
	log_host(&log, 5001, "vmx", "ConfigDB: Setting guestOS = \"debian10-64\"");
	log_host(&log, 6000, "vcpu-0", "CPU reset: hard");
	log_dump(&log, 9000, "vmwgfx: Module Version: 2.20.0");
	boots_read(&boots, LOG_VMWARE, buf_slice(&log));
	assert_int_equal(boots.count, 2);
	const struct boot *first = &boots.items[0], *second = &boots.items[1];
	expect_text("the last boot entry", first->firmware_boot, "Photon");
	expect_text("none", second->firmware_boot, "");
	assert_false(first->has_tools_text);
	assert_true(second->has_tools_text);
	assert_int_equal(first->dumped_at.time_ms - first->started_at.time_ms, 995);
	assert_int_equal(second->dumped_at.kind, STAMP_NONE);
	/* Disks are opened before the first reset. */
	assert_non_null(boot_event(first, HOST_DISK_OPENED));
	assert_int_equal(first->events[first->event_count - 1].kind, HOST_GUEST_RESET);
	assert_int_equal(second->events[0].kind, HOST_BOOT);
	assert_int_equal(second->event_count, 1);
	expect_text("as set when it ended", boot_setting(first, "guestOS")->value, "debian10-64");
	assert_int_equal(first->first_line, 4);
	assert_int_equal(first->last_line, 13);
	assert_int_equal(second->first_line, 15);
	boots_free(&boots);
	buf_deinit(&log);
}

static void test_source(void **state)
{
	struct boots boots = { .arena = ARENA_INIT };
	struct boot_sink sink = { &boots, boots_take, NULL };
	struct boot_assembler *assembler = boot_assembler_new(LOG_VMWARE, &sink, NULL);
	const struct vmxlog_sink *input = boot_assembler_input(assembler);
	const struct host_event resumed = { HOST_RESUMED, SLICE("DUMPER: x"), 7, 700, { 0 } };
	const struct vm_setting setting = { SLICE("logging"), SLICE("FALSE"), 3 };
	(void)state;
	input->event(input->user, &resumed);
	input->event(input->user, &resumed);
	input->setting(input->user, &setting);
	assert_true(boot_assembler_finish(assembler, false, NULL));
	struct boot source = boot_assembler_source(assembler);
	assert_int_equal(boot_assembler_count(assembler), 0);
	assert_int_equal(source.event_count, 1);
	assert_int_equal(boot_event(&source, HOST_RESUMED)->line, 7);
	expect_text("setting", boot_setting(&source, "LOGGING")->value, "FALSE");
	boot_assembler_free(assembler);
	boots_free(&boots);
}

static void test_event_bounds(void **state)
{
	struct boots boots;
	struct buf log = BUF_INIT(4 * MIB);
	(void)state;
	log_host(&log, 1, "vcpu-0", "CPU reset: hard");
	for (unsigned i = 0; i < 1000; i++)
		log_host(&log, 2, "vmx", "DISK: OPEN scsi0:0 'a.vmdk'");
	for (unsigned i = 0; i < 100; i++)
		log_host(&log, 3, "vmx", "Tools heartbeat timeout.");
	log_host(&log, 4, "vmx", "Triple fault.");
	boots_read(&boots, LOG_VMWARE, buf_slice(&log));
	assert_int_equal(boots.count, 1);
	assert_in_range(boots.items[0].event_count, 200, BOOT_EVENTS_MAX);
	assert_non_null(boot_event(&boots.items[0], HOST_TRIPLE_FAULT));
	boots_free(&boots);
	buf_deinit(&log);
}

/* ---- consoles ---- */

static void test_console(void **state)
{
	static const struct {
		const char *name, *text, *boots;
	} consoles[] = {
		{ "one boot", "[    0.000000] Linux version 6\n[    1.000000] a\n", "- 1 [] Linux version 6;a;\n" },
		{ "two versions", "[    0.000000] Linux version 6\n[    9.000000] a\n[    0.000000] Linux version 6\n[    1.000000] b\n",
		  "- 1 [] Linux version 6;a;\n- 1 [] Linux version 6;b;\n" },
		{ "the loader's text is of the next boot",
		  "[    0.000000] Linux version 6\n[    9.000000] reboot: Restarting system\nGRUB\nloading\n[    0.000000] Linux version 6\n",
		  "- 1 [] Linux version 6;reboot: Restarting system;\n- 1 [] GRUB;loading;Linux version 6;\n" },
		{ "the loader's text is of the first boot", "GRUB\n[    0.000000] Linux version 6\n[    1.000000] a\n",
		  "- 1 [] GRUB;Linux version 6;a;\n" },
		{ "a program's text is of the boot it ran in", "[    0.000000] Linux version 6\n[  OK  ] x\n[    0.000000] Linux version 6\n",
		  "- 1 [] Linux version 6;[  OK  ] x;\n- 1 [] Linux version 6;\n" },
		{ "the clock falls", "[   50.000000] a\n[    0.500000] b\n", "- 1 [late-start ] a;\n- 1 [late-start ] b;\n" },
		{ "clocks of CPUs cross", "[    0.000000] Linux version 6\n[   50.000100] a\n[   49.900000] b\n", "- 1 [] Linux version 6;a;b;\n" },
		{ "a user writes an old time", "[    0.000000] Linux version 6\n<6>[   50.000100] a\n<30>[    1.000000] u\n<6>[   50.000200] b\n",
		  "- 1 [] Linux version 6;a;u;b;\n" },
		{ "a few words before the version",
		  "[    0.000000] Initializing cgroup subsys cpu\n[    0.000000] Linux version 3\n[    2.000000] a\n"
		  "[    0.000000] Initializing cgroup subsys cpu\n[    0.000000] Linux version 3\n[    2.000000] b\n",
		  "- 1 [] Initializing cgroup subsys cpu;Linux version 3;a;\n- 1 [] Initializing cgroup subsys cpu;Linux version 3;b;\n" },
		{ "no time stamps at all: it is all the kernel's", "Linux version 2.6.18\nKernel panic - not syncing: VFS\n",
		  "- 1 [] Linux version 2.6.18;Kernel panic - not syncing: VFS;\n" },
		{ "behind a prompt", "[    0.000000] Linux version 6\nhost login: [   12.000000] a\n", "- 1 [] Linux version 6;host login: ;a;\n" },
		{ "late", "[   12.000000] a\n", "- 1 [late-start ] a;\n" },
		{ "cut", "[    0.000000] Linux version 6\n[   12.000000] a", "- 1 [cut ] Linux version 6;a;\n" },
		{ "nothing", "\n\n", "" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(consoles); i++)
		check_boots(consoles[i].name, LOG_KERNEL, slice_of(consoles[i].text), consoles[i].boots);
}

static void test_flags(void **state)
{
	static const struct {
		const char *name, *text;
		unsigned flags[3];
	} consoles[] = {
		{ "a program's text between the kernel's", "[    0.000000] Linux version 6\nx\n[    1.000000] a\n",
		  { KMSG_HAS_TIME, KMSG_CONSOLE, KMSG_HAS_TIME } },
		{ "no stamp at all", "Linux version 6\nx\ny\n", { 0, 0, 0 } },
		{ "levels are enough", "<5>Linux version 6\nx\n<4>y\n", { KMSG_HAS_LEVEL, KMSG_CONSOLE, KMSG_HAS_LEVEL } },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(consoles); i++) {
		struct boots boots;
		const struct boot *boot = boot_of(&boots, consoles[i].text);
		expect_number(consoles[i].name, (int64_t)boot->record_count, 3);
		for (size_t k = 0; k < 3; k++)
			expect_number(consoles[i].name, boot->records[k].flags, consoles[i].flags[k]);
		boots_free(&boots);
	}
}

/* An inner line without a prefix has the time and level of its record. */
static void test_inner_lines(void **state)
{
	static const char log[] = "2024-05-06T07:08:09.010Z In(05) vcpu-0 Guest: <3>[    1.500000] VFS: PARTUUID= is invalid.\n"
				  "2024-05-06T07:08:09.010Z In(05)+ vcpu-0 Expected PARTUUID=<valid-uuid-id>\n";
	struct boots boots;
	(void)state;
	boots_read(&boots, LOG_VMWARE, slice_of(log));
	assert_int_equal(boots.count, 1);
	const struct kmsg_record *inner = &boots.items[0].records[1];
	expect_text("text", inner->text, "Expected PARTUUID=<valid-uuid-id>");
	assert_int_equal(inner->flags, KMSG_INNER | KMSG_HAS_TIME | KMSG_HAS_LEVEL);
	assert_int_equal(inner->level, 3);
	assert_int_equal(inner->time_ns, 1500000000);
	assert_int_equal(inner->line, 2);
	boots_free(&boots);
}

/* ---- hostile ---- */

static void forget(void *user, const struct boot *boot)
{
	*(size_t *)user += boot->record_count;
}

/* A guest whose clock falls with every second record, each pass sharing a record with the ones
 * before: each looks like another dump of a boot that grows. */
static void test_endless_passes(void **state)
{
	size_t records = 0;
	struct boot_sink sink = { &records, forget, NULL };
	struct boot_assembler *assembler = boot_assembler_new(LOG_VMWARE, &sink, NULL);
	const struct vmxlog_sink *input = boot_assembler_input(assembler);
	clock_t start = clock();
	(void)state;
	for (unsigned i = 0; i < 40000; i++) {
		struct buf text = BUF_INIT(128);
		buf_printf(&text, "<4>[  900.%06u] %u", i, i);
		struct guest_line shared = { .text = SLICE("<4>[    1.000000] shared"), .line = 2 * i + 1 };
		struct guest_line own = { .text = buf_slice(&text), .line = 2 * i + 2 };
		input->guest(input->user, &shared);
		input->guest(input->user, &own);
		buf_deinit(&text);
	}
	assert_true(boot_assembler_finish(assembler, false, NULL));
	assert_true(records >= 40000);
	assert_true((clock() - start) / CLOCKS_PER_SEC < 10);
	boot_assembler_free(assembler);
}

/* However many they are: what to report of them is for others to say. */
static void test_many_boots(void **state)
{
	size_t records = 0;
	struct boot_sink sink = { &records, forget, NULL };
	struct boot_assembler *assembler = boot_assembler_new(LOG_VMWARE, &sink, NULL);
	const struct vmxlog_sink *input = boot_assembler_input(assembler);
	(void)state;
	for (unsigned i = 1; i <= BOOTS_MAX + 5; i++) {
		struct host_event reset = { .kind = HOST_BOOT, .text = SLICE("CPU reset: hard"), .line = 2 * i };
		struct guest_line line = { .text = SLICE("<4>[    1.000000] a"), .line = 2 * i + 1 };
		input->event(input->user, &reset);
		input->guest(input->user, &line);
	}
	assert_true(boot_assembler_finish(assembler, false, NULL));
	assert_int_equal(boot_assembler_count(assembler), BOOTS_MAX + 5);
	assert_int_equal(records, BOOTS_MAX + 5);
	boot_assembler_free(assembler);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vmware),
		cmocka_unit_test(test_cut_end),
		cmocka_unit_test(test_many_dumps_say_what_one_does),
		cmocka_unit_test(test_neighbours_change_nothing),
		cmocka_unit_test(test_what_else_is_known),
		cmocka_unit_test(test_source),
		cmocka_unit_test(test_event_bounds),
		cmocka_unit_test(test_console),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_inner_lines),
		cmocka_unit_test(test_endless_passes),
		cmocka_unit_test(test_many_boots),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
