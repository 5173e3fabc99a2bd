#include "diagnosis/timeline.h"

#define NS_PER_MS INT64_C(1000000)
#define EVENTS_MAX 96
#define DISKS_SHOWN 16
/* A guest that oopses more often is reckoned by its last dumps. */
#define PASSES_MAX 32
/* Shorter pauses are a boot's ordinary pace. */
#define GAP_MIN_MS 1000
/* The host may take so long to write a dump down. */
#define NEAR_MS 1000

/* An event on its way into the order of time. */
struct item {
	struct timeline_event event;
	int64_t key;
};

/* A dump is made at once, of all that the kernel has said: its first line reaches the host when its
 * last record has just been written. Later lines may be held up. */
struct anchor {
	uint64_t time_ns;
	struct stamp host;       /* STAMP_NONE: no such dump */
};

struct maker {
	const struct facts *facts;
	const struct boot *boot;
	struct arena *arena;
	struct timeline *timeline;
	struct item items[EVENTS_MAX];
	size_t count;
	struct anchor anchors[PASSES_MAX];
	unsigned seen;           /* a bit for each mark that was met */
};

const char *timeline_kind_name(enum timeline_kind kind)
{
	static const char *const names[] = {
		"begin", "kernel-start", "initramfs", "driver", "disk", "root-wait", "root-mounted", "root-failed",
		"init", "user-space", "crash", "panic", "host", "reset", "power-off",
	};
	return (unsigned)kind < sizeof names / sizeof *names ? names[kind] : NULL;
}

/* ---- one more event, at its place ---- */

static void insert(struct maker *maker, struct timeline_event event, int64_t key)
{
	if (maker->count >= EVENTS_MAX)
		return;
	size_t at = maker->count++;
	for (; at && maker->items[at - 1].key > key; at--)
		maker->items[at] = maker->items[at - 1];
	maker->items[at] = (struct item){ event, key };
}

static bool is_dump(const struct maker *maker)
{
	return maker->boot->format == LOG_VMWARE;
}

static size_t pass_of(const struct kmsg_record *record)
{
	return record->pass < PASSES_MAX ? record->pass : PASSES_MAX - 1;
}

/* What made the dump happened when it reached the host; what came before is reckoned back from the
 * anchor. An estimate before the VM's start would contradict the host: there the two clocks ran
 * apart. */
static struct stamp host_time(const struct maker *maker, const struct kmsg_record *record, enum timeline_kind kind,
			      int64_t *ret_key)
{
	const struct anchor *anchor = &maker->anchors[pass_of(record)];
	const struct boot *boot = maker->boot;
	struct stamp host = record->host;
	*ret_key = host.time_ms;
	if (anchor->host.kind == STAMP_NONE || !(record->flags & KMSG_HAS_TIME))
		return host;
	int64_t before_ms = ((int64_t)anchor->time_ns - (int64_t)record->time_ns) / NS_PER_MS;
	*ret_key = anchor->host.time_ms - before_ms;
	bool is_reason = kind == TIMELINE_PANIC || kind == TIMELINE_CRASH;
	if (is_reason && host.kind == anchor->host.kind && host.time_ms - *ret_key < NEAR_MS)
		return host;
	host = anchor->host;
	host.time_ms = *ret_key;
	if (boot->started_by_host && boot->started_at.kind == host.kind && host.time_ms < boot->started_at.time_ms)
		host.kind = STAMP_NONE;
	return host;
}

static bool is_estimate(struct stamp host, const struct kmsg_record *record)
{
	return host.kind != STAMP_NONE && !stamp_equal(host, record->host);
}

/* Of a dump the order is that of the host's clock, which its other events have, too; elsewhere
 * that of the records, and a stamp is the record's own. */
static void add_record(struct maker *maker, enum timeline_kind kind, const struct kmsg_record *record,
		       struct slice text)
{
	int64_t key = record - maker->boot->records;
	struct stamp host = is_dump(maker) ? host_time(maker, record, kind, &key) : record->host;
	bool has_time = record->flags & KMSG_HAS_TIME;
	insert(maker, (struct timeline_event){ kind, text, record->line, has_time, record->time_ns, host,
					       is_estimate(host, record) }, key);
}

static const struct kmsg_record *record_at(const struct boot *boot, uint64_t line)
{
	for (size_t i = 0; line && i < boot->record_count; i++)
		if (boot->records[i].line == line)
			return &boot->records[i];
	return NULL;
}

/* Once a line. */
static void add_line(struct maker *maker, enum timeline_kind kind, uint64_t line, struct slice text)
{
	const struct kmsg_record *record = record_at(maker->boot, line);
	for (size_t i = 0; record && i < maker->count; i++)
		if (maker->items[i].event.line == line)
			record = NULL;
	if (record)
		add_record(maker, kind, record, text);
}

/* ---- what records say by their heads ---- */

struct mark {
	struct slice head;
	enum timeline_kind kind;
	const char *words;      /* NULL: the record's own */
};

#define MARK(literal, kind, words) { { literal, sizeof(literal) - 1 }, kind, words }

/* Each is told once, but for the programs that are run as init. */
static const struct mark marks[] = {
	MARK("Unpacking initramfs...", TIMELINE_INITRAMFS, "the initramfs is unpacked"),
	MARK("Trying to unpack rootfs image as initramfs", TIMELINE_INITRAMFS, "the initramfs is unpacked"),
	MARK("Initramfs unpacking failed: ", TIMELINE_INITRAMFS, NULL),
	MARK("rootfs image is not initramfs", TIMELINE_INITRAMFS, NULL),
	MARK("Waiting for root device ", TIMELINE_ROOT_WAIT, NULL),
	MARK("Waiting ", TIMELINE_ROOT_WAIT, NULL),
	MARK("VFS: Mounted root (", TIMELINE_ROOT_MOUNTED, NULL),
	MARK("VFS: Cannot open root device ", TIMELINE_ROOT_FAILED, NULL),
	MARK("VFS: Unable to mount root fs via ", TIMELINE_ROOT_FAILED, NULL),
	MARK("No filesystem could mount root", TIMELINE_ROOT_FAILED, "no file system could mount the root device"),
	MARK("Run /", TIMELINE_INIT, NULL),
	MARK("reboot: Restarting system", TIMELINE_RESET, "the kernel restarts the machine"),
	MARK("Restarting system", TIMELINE_RESET, "the kernel restarts the machine"),
	MARK("reboot: Power down", TIMELINE_POWER_OFF, "the kernel powers the machine off"),
	MARK("Power down", TIMELINE_POWER_OFF, "the kernel powers the machine off"),
	MARK("reboot: System halted", TIMELINE_POWER_OFF, "the kernel halts"),
};

#define MARK_COUNT (sizeof marks / sizeof *marks)

/* `Waiting 5 sec before mounting root device...` and `Run /init as init process` share their heads
 * with other words. */
static bool is_meant(const struct mark *mark, struct slice text)
{
	if (mark->kind == TIMELINE_INIT)
		return slice_contains(text, SLICE(" as init process"));
	return mark->kind != TIMELINE_ROOT_WAIT || slice_contains(text, SLICE("root device"));
}

static void take_mark(struct maker *maker, const struct kmsg_record *record)
{
	for (size_t i = 0; i < MARK_COUNT; i++) {
		const struct mark *mark = &marks[i];
		if (record->text.ptr[0] != mark->head.ptr[0] || !slice_starts(record->text, mark->head) ||
		    !is_meant(mark, record->text))
			continue;
		bool is_new = !(maker->seen & 1u << i) || mark->kind == TIMELINE_INIT;
		maker->seen |= 1u << i;
		if (is_new)
			add_record(maker, mark->kind, record, mark->words ? slice_of(mark->words) : record->text);
		return;
	}
}

static void take_records(struct maker *maker)
{
	const struct boot *boot = maker->boot;
	for (size_t i = 0; i < boot->record_count; i++)
		if (boot->records[i].text.len && kmsg_is_kernel(&boot->records[i]))
			take_mark(maker, &boot->records[i]);
}

static void add_start(struct maker *maker)
{
	const struct boot *boot = maker->boot;
	struct slice release = facts_text(maker->facts, FACT_KERNEL_RELEASE);
	size_t i = 0;
	while (i < boot->record_count && !(kmsg_is_kernel(&boot->records[i]) && boot->records[i].text.len))
		i++;
	if (i == boot->record_count)
		return;
	if (boot->losses & LOSS_LATE_START)
		add_record(maker, TIMELINE_KERNEL, &boot->records[i], SLICE("the kernel's text begins here"));
	else
		add_record(maker, TIMELINE_KERNEL, &boot->records[i],
			   arena_printf(maker->arena, "kernel %.*s starts", SLICE_ARG(release)));
}

/* ---- what the facts know ---- */

static void add_drivers(struct maker *maker)
{
	const struct facts *facts = maker->facts;
	for (size_t i = 0; i < facts->controller_count; i++) {
		const struct controller *controller = &facts->controllers[i];
		bool is_told = false;
		for (size_t k = 0; k < i; k++)
			is_told |= facts->controllers[k].driven_line == controller->driven_line;
		if (controller->driven_line && !is_told)
			add_line(maker, TIMELINE_DRIVER, controller->driven_line,
				 arena_printf(maker->arena, "storage driver %s speaks",
					      controller->driver ? controller->driver : "of a PCI controller"));
	}
}

/* `sd 2:0:0:0: [sda] 16777216 512-byte logical blocks`, ` nvme0n1: p1 p2` */
static bool names_disk(struct slice text, struct slice name)
{
	struct slice rest = text, bracketed;
	if (slice_eat(&rest, SLICE(" ")))
		return slice_eat(&rest, name) && slice_starts(rest, SLICE(":"));
	return slice_starts(text, SLICE("sd ")) && slice_between(text, SLICE("["), SLICE("]"), &bracketed) &&
	       slice_equal(bracketed, name);
}

static void add_disk(struct maker *maker, struct slice name)
{
	const struct boot *boot = maker->boot;
	for (size_t i = 0; i < boot->record_count; i++) {
		const struct kmsg_record *record = &boot->records[i];
		if (!kmsg_is_kernel(record) || !names_disk(record->text, name))
			continue;
		add_record(maker, TIMELINE_DISK, record,
			   arena_printf(maker->arena, "disk %.*s is there", SLICE_ARG(slice_take(name, 64))));
		return;
	}
}

static void add_disks(struct maker *maker)
{
	size_t shown = 0;
	for (size_t i = 0; i < maker->facts->device_count && shown < DISKS_SHOWN; i++) {
		const struct block_device *device = &maker->facts->devices[i];
		if (device->partition || !device->is_usable)
			continue;
		add_disk(maker, device->name);
		shown++;
	}
}

static void add_crash(struct maker *maker, const struct crash *crash)
{
	if (crash->kind.len)
		add_line(maker, TIMELINE_CRASH, crash->line, crash->title.len ? crash->title : crash->kind);
}

static void add_facts(struct maker *maker)
{
	const struct facts *facts = maker->facts;
	add_drivers(maker);
	add_disks(maker);
	add_line(maker, TIMELINE_INIT, facts_get(facts, FACT_INITRD_RAN)->line, SLICE("the initramfs's programs speak"));
	add_line(maker, TIMELINE_USER_SPACE, facts_get(facts, FACT_USERSPACE_RAN)->line,
		 SLICE("the user space of the root file system runs"));
	/* The report of a panic's own crash may begin with the panic's line. */
	add_line(maker, TIMELINE_PANIC, facts_get(facts, FACT_PANIC_TEXT)->line,
		 arena_printf(maker->arena, "panic: %.*s", SLICE_ARG(facts_text(facts, FACT_PANIC_TEXT))));
	add_crash(maker, &facts->first_crash);
	add_crash(maker, &facts->fatal_crash);
}

/* ---- what the host saw ---- */

struct host_words {
	enum timeline_kind kind;
	const char *words; /* NULL: not told */
};

static const struct host_words host_words[HOST_EVENT_COUNT] = {
	[HOST_BOOT] = { TIMELINE_BEGIN, "the VM's CPU starts" },
	[HOST_TRIPLE_FAULT] = { TIMELINE_RESET, "triple fault: the virtual CPU gives up" },
	[HOST_GUEST_RESET] = { TIMELINE_RESET, "the guest asks for a reset" },
	[HOST_GUEST_POWER_OFF] = { TIMELINE_POWER_OFF, "the guest asks to be powered off" },
	[HOST_OPERATOR_RESET] = { TIMELINE_RESET, "an operator or HA resets the VM" },
	[HOST_OPERATOR_POWER_OFF] = { TIMELINE_POWER_OFF, "an operator or HA powers the VM off" },
	[HOST_CPU_DISABLED] = { TIMELINE_HOST, "the guest halts its CPU for good" },
	[HOST_HEARTBEAT_LOST] = { TIMELINE_HOST, "the heartbeat of VMware Tools is lost" },
	[HOST_THROTTLED] = { TIMELINE_HOST, "the host begins to drop the guest's text" },
	[HOST_RESUMED] = { TIMELINE_BEGIN, "the VM is resumed" },
	[HOST_SUSPENDED] = { TIMELINE_HOST, "the VM is suspended" },
	[HOST_VMX_PANIC] = { TIMELINE_HOST, "the VM's process on the host fails" },
	[HOST_FIRMWARE_FAILED] = { TIMELINE_HOST, "the firmware boots nothing" },
	[HOST_DISK_ERROR] = { TIMELINE_HOST, "the host cannot read or write a disk" },
	[HOST_POWERED_OFF] = { TIMELINE_POWER_OFF, "the VM's process on the host ends" },
	[HOST_OTHER_OS_CRASH] = { TIMELINE_HOST, "another operating system crashes" },
};

/* The first of each kind: the second line of a reset says the same again. */
static void add_host_events(struct maker *maker)
{
	const struct boot *boot = maker->boot;
	for (size_t i = 0; i < boot->event_count; i++) {
		const struct host_event *event = &boot->events[i];
		struct host_words words = host_words[event->kind];
		if (!words.words || boot_event(boot, event->kind) != event)
			continue;
		insert(maker, (struct timeline_event){ .kind = words.kind, .text = slice_of(words.words),
						       .line = event->line, .host = event->host },
		       event->kind == HOST_BOOT ? INT64_MIN : event->host.time_ms);
	}
}

static void find_anchors(struct maker *maker)
{
	for (size_t i = 0; i < maker->boot->record_count; i++) {
		const struct kmsg_record *record = &maker->boot->records[i];
		struct anchor *anchor = &maker->anchors[pass_of(record)];
		if (!(record->flags & KMSG_HAS_TIME) || !kmsg_is_kernel(record) || record->host.kind == STAMP_NONE)
			continue;
		if (anchor->host.kind == STAMP_NONE || record->host.time_ms < anchor->host.time_ms)
			anchor->host = record->host;
		if (record->time_ns > anchor->time_ns)
			anchor->time_ns = record->time_ns;
	}
}

/* ---- gaps ---- */

static void take_gap(struct timeline *timeline, struct timeline_gap gap)
{
	size_t at = timeline->gap_count;
	while (at && timeline->gaps[at - 1].length_ms < gap.length_ms)
		at--;
	if (gap.length_ms < GAP_MIN_MS || at == TIMELINE_GAPS_MAX)
		return;
	if (timeline->gap_count < TIMELINE_GAPS_MAX)
		timeline->gap_count++;
	for (size_t i = timeline->gap_count - 1; i > at; i--)
		timeline->gaps[i] = timeline->gaps[i - 1];
	timeline->gaps[at] = gap;
}

static void find_guest_gaps(struct timeline *timeline, const struct boot *boot)
{
	const struct kmsg_record *last = NULL;
	timeline->is_broken = boot->losses & (LOSS_THROTTLED | LOSS_GAP | LOSS_LET_GO);
	for (size_t i = 0; i < boot->record_count && !timeline->is_broken; i++) {
		const struct kmsg_record *record = &boot->records[i];
		if (!(record->flags & KMSG_HAS_TIME) || !record->text.len)
			continue;
		uint64_t length_ns = last && record->time_ns > last->time_ns ? record->time_ns - last->time_ns : 0;
		uint64_t length_ms = length_ns / NS_PER_MS;
		if (length_ms)
			take_gap(timeline, (struct timeline_gap){ length_ms, last->text, record->text, last->line,
								  record->line });
		last = record;
	}
}

/* Only where the host's own clock stands on one side: the rest is the guest's to tell. */
static void find_host_gaps(struct timeline *timeline)
{
	for (size_t i = 1; i < timeline->count; i++) {
		const struct timeline_event *a = &timeline->events[i - 1], *b = &timeline->events[i];
		if ((a->has_time && b->has_time) || a->host.kind == STAMP_NONE || a->host.kind != b->host.kind ||
		    b->host.time_ms < a->host.time_ms)
			continue;
		uint64_t length_ms = (uint64_t)(b->host.time_ms - a->host.time_ms);
		take_gap(timeline, (struct timeline_gap){ length_ms, a->text, b->text, a->line, b->line });
	}
}

/* ---- all together ---- */

static bool hand_over(struct maker *maker)
{
	struct timeline *timeline = maker->timeline;
	timeline->events = arena_alloc(maker->arena, (maker->count + 1) * sizeof *timeline->events);
	if (!timeline->events)
		return false;
	for (size_t i = 0; i < maker->count; i++)
		timeline->events[timeline->count++] = maker->items[i].event;
	return true;
}

bool timeline_make(struct timeline *timeline, const struct facts *facts, struct arena *arena, struct error *err)
{
	struct maker maker = { .facts = facts, .boot = facts->boot, .arena = arena, .timeline = timeline };
	*timeline = (struct timeline){ 0 };
	find_anchors(&maker);
	add_start(&maker);
	take_records(&maker);
	add_facts(&maker);
	add_host_events(&maker);
	if (!hand_over(&maker) || arena->failed)
		return error_out_of_memory(err);
	find_guest_gaps(timeline, facts->boot);
	find_host_gaps(timeline);
	return true;
}
