/* Guest lines and host events to boots. */
#include <stdlib.h>

#include "base/limits.h"
#include "kmsg/boot.h"
#include "kmsg/loss.h"
#include "kmsg/merge.h"
#include "kmsg/store.h"
#include "vmxlog/guest.h"

/* printk's stamps of two CPUs may cross by milliseconds; a step back of more is the beginning
 * of another pass or another boot. */
#define CLOCK_STEP_NS UINT64_C(100000000)
/* On a console, where nothing is sent twice, a boot is over when the clock falls by this much. */
#define CONSOLE_STEP_NS UINT64_C(1000000000)

struct boot_assembler {
	enum log_format format;
	struct boot_sink sink;
	struct vmxlog_sink input;
	struct arena source_arena;    /* what is kept of the whole source */
	struct arena setting_arena;
	struct boot_setting *settings;
	size_t setting_count, setting_capacity;
	struct arena event_arena;     /* of the boot that is being read */
	struct host_event *events;
	size_t event_count, event_capacity;
	struct record_store passes;   /* all passes of the boot before the one that is being read */
	struct record_store current;  /* the pass that is being read */
	uint16_t pass;
	uint64_t records_read, merge_work; /* of the boot; see BOOT_MERGE_WORK */
	uint64_t last_time_ns;
	bool has_time;
	bool has_version;             /* the pass has its "Linux version" */
	bool started_by_host;
	bool kernel_ended;            /* it said that it restarts or powers off */
	bool has_tools_text;
	struct slice firmware_boot;
	struct stamp started_at;
	uint64_t first_line, last_line;
	unsigned boot_count;
	struct host_event *source_events; /* the first of each kind in the whole source */
	size_t source_event_count;
	bool failed;
};

/* ---- handing out ---- */

static void reset_boot(struct boot_assembler *assembler)
{
	record_store_deinit(&assembler->passes);
	record_store_deinit(&assembler->current);
	arena_deinit(&assembler->event_arena);
	assembler->events = NULL;
	assembler->event_count = assembler->event_capacity = 0;
	assembler->pass = 0;
	assembler->records_read = assembler->merge_work = 0;
	assembler->has_version = assembler->has_time = assembler->started_by_host = assembler->kernel_ended = false;
	assembler->has_tools_text = false;
	assembler->firmware_boot = SLICE("");
	assembler->started_at = (struct stamp){ 0 };
	assembler->first_line = assembler->last_line = 0;
}

static bool stores_failed(const struct boot_assembler *assembler)
{
	return assembler->passes.failed || assembler->current.failed || assembler->event_arena.failed ||
	       assembler->source_arena.failed || assembler->setting_arena.failed;
}

/* True for a record that somebody has told from the text of a console: by a stamp, a level, or
 * because the source's form names the senders. */
static bool is_told(const struct kmsg_record *record)
{
	return (record->flags & (KMSG_HAS_TIME | KMSG_HAS_LEVEL)) || !(record->flags & KMSG_CONSOLE) ||
	       record->host.kind != STAMP_NONE;
}

/* Text of a console without a single time stamp: all of it may be the kernel's. */
static void adopt_console(struct kmsg_record *records, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_told(&records[i]))
			return;
	for (size_t i = 0; i < count; i++)
		records[i].flags &= (uint8_t)~KMSG_CONSOLE;
}

static struct stamp last_dump(const struct kmsg_record *records, size_t count)
{
	return count ? records[count - 1].host : (struct stamp){ 0 };
}

static struct boot describe(const struct boot_assembler *assembler, struct kmsg_record *records, size_t count,
			    bool is_last)
{
	return (struct boot){
		.number = assembler->boot_count,
		.records = records,
		.record_count = count,
		.events = assembler->events,
		.event_count = assembler->event_count,
		.settings = assembler->settings,
		.setting_count = assembler->setting_count,
		.started_at = assembler->started_at,
		.dumped_at = last_dump(records, count),
		.let_go_count = assembler->passes.let_go_count + assembler->current.let_go_count,
		.pass_count = assembler->pass + 1u,
		.format = assembler->format,
		.is_last = is_last,
		.started_by_host = assembler->started_by_host,
		.first_line = assembler->first_line,
		.last_line = assembler->last_line,
		.firmware_boot = assembler->firmware_boot,
		.has_tools_text = assembler->has_tools_text,
	};
}

/* Hands out the boot that was read, if there is one, and forgets it. */
static void emit_boot(struct boot_assembler *assembler, bool is_last, bool source_is_cut)
{
	struct arena arena = ARENA_INIT;
	size_t base_count = 0, count = 0;
	struct kmsg_record *base = record_store_flatten(&assembler->passes, &arena, &base_count);
	struct kmsg_record *records = record_store_flatten(&assembler->current, &arena, &count);
	if (base && records && base_count)
		records = kmsg_merge(base, base_count, records, count, &arena, &count);
	if (!base || !records || stores_failed(assembler))
		assembler->failed = true;
	/* A boot of which a part could not be kept is not judged: it would be another boot. */
	bool is_boot = !assembler->failed && records && (count || assembler->started_by_host);
	assembler->boot_count += is_boot;
	if (is_boot) {
		if (assembler->format == LOG_KERNEL)
			adopt_console(records, count);
		struct boot boot = describe(assembler, records, count, is_last);
		boot.losses = boot_losses(&boot, source_is_cut);
		assembler->sink.boot(assembler->sink.user, &boot);
	}
	arena_deinit(&arena);
	reset_boot(assembler);
}

/* ---- passes ---- */

static void move_records(struct record_store *to, const struct kmsg_record *records, size_t count)
{
	for (size_t i = 0; i < count; i++)
		record_store_append(to, &records[i]);
}

/* The pass that ends is of a boot whose beginning the host did not log: the one before it is
 * handed out, and this one is the first of its own. */
static void begin_unseen_boot(struct boot_assembler *assembler, const struct kmsg_record *records, size_t count)
{
	struct record_store own = assembler->current;
	uint64_t last_line = assembler->last_line;
	record_store_init(&assembler->current, assembler->passes.is_evidence, assembler->passes.user);
	assembler->pass--;
	assembler->last_line = records[0].line - 1;
	emit_boot(assembler, false, false);
	for (size_t i = 0; i < own.block_count; i++)
		for (size_t k = 0; k < own.blocks[i]->count; k++)
			own.blocks[i]->records[k].pass = 0;
	assembler->passes = own;
	assembler->first_line = records[0].line;
	assembler->last_line = last_line;
	assembler->started_at = records[0].host;
	assembler->records_read = count;
}

/* Decides whether the pass that ends is another dump of the boot before it, or a boot of its own
 * whose beginning the host did not log; either way it becomes `passes`. */
static void end_pass(struct boot_assembler *assembler)
{
	struct arena arena = ARENA_INIT;
	size_t base_count = 0, count = 0;
	struct kmsg_record *base = record_store_flatten(&assembler->passes, &arena, &base_count);
	struct kmsg_record *next = record_store_flatten(&assembler->current, &arena, &count);
	if (!base || !next) {
		assembler->failed = true;
	} else if (!base_count) {
		struct record_store empty = assembler->passes;
		assembler->passes = assembler->current;
		assembler->current = empty;
	} else if (kmsg_same_boot(base, base_count, next, count, &arena)) {
		struct kmsg_record *merged = kmsg_merge(base, base_count, next, count, &arena, &count);
		struct record_store both;
		record_store_init(&both, assembler->passes.is_evidence, assembler->passes.user);
		if (merged)
			move_records(&both, merged, count);
		both.failed |= !merged || stores_failed(assembler);
		both.let_go_count += assembler->passes.let_go_count + assembler->current.let_go_count;
		record_store_deinit(&assembler->passes);
		record_store_deinit(&assembler->current);
		assembler->passes = both;
	} else if (arena.failed) {
		assembler->failed = true;
	} else {
		begin_unseen_boot(assembler, next, count);
	}
	arena_deinit(&arena);
}

/* The last pass of a boot: when it is a boot of its own, both are handed out. */
static void end_boot(struct boot_assembler *assembler, bool is_last, bool source_is_cut)
{
	if (record_store_count(&assembler->passes) && record_store_count(&assembler->current))
		end_pass(assembler);
	emit_boot(assembler, is_last, source_is_cut);
}

static bool begins_kernel(const struct kmsg_record *record)
{
	return slice_starts(record->text, SLICE("Linux version ")) && kmsg_is_kernel(record);
}

static bool clock_fell(const struct boot_assembler *assembler, const struct kmsg_record *record, uint64_t step_ns)
{
	return (record->flags & KMSG_HAS_TIME) && assembler->has_time && kmsg_is_kernel(record) &&
	       record->time_ns + step_ns < assembler->last_time_ns;
}

/* Two kernels begin in one pass. Some print a few lines before their version (2.6.32 - 4.4 the
 * cgroup subsystems, arm64 the CPU), all at time zero: those are of the kernel that begins. */
static bool begins_again(const struct boot_assembler *assembler, const struct kmsg_record *record)
{
	bool has_run = assembler->has_time && assembler->last_time_ns > 0;
	return begins_kernel(record) && (has_run || assembler->has_version || assembler->kernel_ended);
}

/* A clock that falls with every other record would have each of them merged into all before. */
static bool may_merge(struct boot_assembler *assembler)
{
	uint64_t work = record_store_count(&assembler->passes) + record_store_count(&assembler->current);
	if (assembler->merge_work + work > BOOT_MERGE_WORK * (assembler->records_read + BOOT_MERGE_WORK))
		return false;
	assembler->merge_work += work;
	return true;
}

static void begin_pass(struct boot_assembler *assembler)
{
	end_pass(assembler);
	assembler->pass++;
	assembler->has_time = assembler->has_version = false;
}

/* A console's text behind the last words of a kernel is the next boot's firmware and loader. */
static void end_console_boot(struct boot_assembler *assembler)
{
	struct arena arena = ARENA_INIT;
	size_t count = 0, kept;
	struct kmsg_record *all = record_store_flatten(&assembler->current, &arena, &count);
	kept = count;
	while (all && assembler->kernel_ended && kept && (all[kept - 1].flags & KMSG_CONSOLE))
		kept--;
	struct record_store preamble;
	uint64_t preamble_line = 0;
	record_store_init(&preamble, assembler->current.is_evidence, assembler->current.user);
	if (all && kept && kept < count) {
		move_records(&preamble, all + kept, count - kept);
		record_store_drop_last(&assembler->current, count - kept);
		assembler->last_line = all[kept - 1].line;
		preamble_line = all[kept].line;
	}
	arena_deinit(&arena);
	emit_boot(assembler, false, false);
	assembler->current = preamble;
	assembler->first_line = preamble_line;
}

static void split_at(struct boot_assembler *assembler, const struct kmsg_record *record, enum guest_begins begins)
{
	bool again = begins_again(assembler, record);
	if (begins == GUEST_BEGINS_BOOT) {
		end_boot(assembler, false, false);
	} else if (begins == GUEST_BEGINS_DUMP) {
		if (record_store_count(&assembler->current) && may_merge(assembler))
			begin_pass(assembler);
	} else if (assembler->format == LOG_VMWARE) {
		if ((again || clock_fell(assembler, record, CLOCK_STEP_NS)) && may_merge(assembler))
			begin_pass(assembler);
	} else if (again || clock_fell(assembler, record, CONSOLE_STEP_NS)) {
		end_console_boot(assembler);
	}
}

/* Last words: kernel/reboot.c since 3.11 says "reboot: ...". */
static bool says_goodbye(const struct kmsg_record *record)
{
	struct slice text = record->text;
	return slice_starts(text, SLICE("reboot: ")) || slice_starts(text, SLICE("Restarting system")) ||
	       slice_starts(text, SLICE("Rebooting in ")) || slice_starts(text, SLICE("Power down")) ||
	       slice_starts(text, SLICE("---[ end Kernel panic"));
}

/* ---- the sink ---- */

static void note_place(struct boot_assembler *assembler, uint64_t line, struct stamp host)
{
	if (!assembler->first_line)
		assembler->first_line = line;
	assembler->last_line = line;
	if (assembler->started_at.kind == STAMP_NONE)
		assembler->started_at = host;
}

static void note_other_sender(struct boot_assembler *assembler, const struct guest_line *line)
{
	struct slice text = line->text;
	if (line->sender == GUEST_TOOLS)
		assembler->has_tools_text = true;
	if (line->sender == GUEST_FIRMWARE && slice_eat(&text, SLICE("About to do EFI boot: ")))
		assembler->firmware_boot = arena_copy(&assembler->event_arena, text);
}

/* What the line's form says beside its text. */
static void take_told(struct kmsg_record *record, const struct guest_line *line)
{
	if (line->priority >= 0 && !(record->flags & KMSG_HAS_LEVEL)) {
		record->facility = (uint16_t)(line->priority / 8);
		record->level = (uint8_t)(line->priority % 8);
		record->flags |= KMSG_HAS_LEVEL;
	}
	if (line->has_time && !(record->flags & KMSG_HAS_TIME)) {
		record->time_ns = line->time_ns;
		record->flags |= KMSG_HAS_TIME;
	}
}

static struct kmsg_record record_of(const struct boot_assembler *assembler, const struct guest_line *line)
{
	struct kmsg_record record = { 0 };
	bool has_prefix = kmsg_parse(line->text, &record);
	take_told(&record, line);
	record.line = line->line;
	record.offset = line->offset;
	record.host = line->host;
	record.pass = assembler->pass;
	if (line->is_cut)
		record.flags |= KMSG_CUT;
	if (line->is_inner)
		record.flags |= KMSG_INNER;
	if (line->sender == GUEST_CONSOLE)
		record.flags |= KMSG_CONSOLE;
	struct kmsg_record *last = line->is_inner && !has_prefix ? record_store_last(&assembler->current) : NULL;
	if (last) {
		record.time_ns = last->time_ns;
		record.facility = last->facility;
		record.level = last->level;
		record.host = record.host.kind == STAMP_NONE ? last->host : record.host;
		record.flags |= last->flags & (KMSG_HAS_TIME | KMSG_HAS_LEVEL);
	}
	return record;
}

static void take_guest(void *user, const struct guest_line *line)
{
	struct boot_assembler *assembler = user;
	if (line->sender != GUEST_KERNEL && line->sender != GUEST_CONSOLE) {
		note_other_sender(assembler, line);
		return;
	}
	struct kmsg_record record = record_of(assembler, line);
	if (!(record.flags & KMSG_INNER))
		split_at(assembler, &record, line->begins);
	note_place(assembler, line->line, line->host);
	record.pass = assembler->pass;
	record_store_append(&assembler->current, &record);
	assembler->records_read++;
	if (record.flags & KMSG_CONSOLE)
		return;
	assembler->kernel_ended = says_goodbye(&record);
	assembler->has_version |= begins_kernel(&record);
	if ((record.flags & KMSG_HAS_TIME) && record.facility == 0) {
		assembler->last_time_ns = record.time_ns;
		assembler->has_time = true;
	}
}

/* Disks opened are many and only a hint: they go first when events are too many. */
static bool has_room(const struct boot_assembler *assembler, enum host_event_kind kind)
{
	size_t limit = kind == HOST_DISK_OPENED || kind == HOST_DISK_ERROR ? BOOT_EVENTS_MAX / 2 : BOOT_EVENTS_MAX;
	return assembler->event_count < limit;
}

/* Kept for what is said of the whole source, where no boot was seen. */
static void note_source_event(struct boot_assembler *assembler, const struct host_event *event)
{
	struct arena *arena = &assembler->source_arena;
	if (!assembler->source_events)
		assembler->source_events = arena_alloc(arena, HOST_EVENT_COUNT * sizeof *assembler->source_events);
	if (!assembler->source_events)
		return;
	for (size_t i = 0; i < assembler->source_event_count; i++)
		if (assembler->source_events[i].kind == event->kind)
			return;
	struct host_event *kept = &assembler->source_events[assembler->source_event_count++];
	*kept = *event;
	kept->text = arena_copy(arena, event->text);
}

static void take_event(void *user, const struct host_event *event)
{
	struct boot_assembler *assembler = user;
	if (event->kind == HOST_BOOT) {
		/* Host lines before the first reset belong to the first boot: the disks are opened there. */
		if (assembler->started_by_host || record_store_count(&assembler->current) ||
		    record_store_count(&assembler->passes))
			end_boot(assembler, false, false);
		assembler->started_by_host = true;
		assembler->started_at = event->host;
		assembler->first_line = event->line;
	}
	note_source_event(assembler, event);
	assembler->last_line = event->line;
	if (!has_room(assembler, event->kind) ||
	    !arena_grow(&assembler->event_arena, &assembler->events, assembler->event_count,
			&assembler->event_capacity, sizeof *event))
		return;
	assembler->events[assembler->event_count] = *event;
	assembler->events[assembler->event_count++].text = arena_copy(&assembler->event_arena, event->text);
}

/* Another log begins in this one: files that somebody joined. */
static void forget_settings(struct boot_assembler *assembler)
{
	arena_deinit(&assembler->setting_arena);
	assembler->settings = NULL;
	assembler->setting_count = assembler->setting_capacity = 0;
}

static void take_setting(void *user, const struct vm_setting *setting)
{
	struct boot_assembler *assembler = user;
	if (slice_is(setting->key, "header.product"))
		forget_settings(assembler);
	if (assembler->setting_count >= SETTINGS_MAX ||
	    !arena_grow(&assembler->setting_arena, &assembler->settings, assembler->setting_count,
			&assembler->setting_capacity, sizeof *assembler->settings))
		return;
	assembler->settings[assembler->setting_count++] = (struct boot_setting){
		arena_copy(&assembler->setting_arena, setting->key),
		arena_copy(&assembler->setting_arena, setting->value),
		setting->line,
	};
}

/* ---- life ---- */

struct boot_assembler *boot_assembler_new(enum log_format format, const struct boot_sink *sink, struct error *err)
{
	struct boot_assembler *assembler = calloc(1, sizeof *assembler);
	if (!assembler) {
		error_out_of_memory(err);
		return NULL;
	}
	assembler->format = format;
	assembler->sink = *sink;
	assembler->input = (struct vmxlog_sink){ assembler, take_guest, take_event, take_setting };
	record_store_init(&assembler->passes, sink->is_evidence, sink->user);
	record_store_init(&assembler->current, sink->is_evidence, sink->user);
	return assembler;
}

const struct vmxlog_sink *boot_assembler_input(struct boot_assembler *assembler)
{
	return &assembler->input;
}

bool boot_assembler_finish(struct boot_assembler *assembler, bool source_is_cut, struct error *err)
{
	end_boot(assembler, true, source_is_cut);
	return !assembler->failed || error_out_of_memory(err);
}

unsigned boot_assembler_count(const struct boot_assembler *assembler)
{
	return assembler->boot_count;
}

struct boot boot_assembler_source(struct boot_assembler *assembler)
{
	struct boot source = describe(assembler, NULL, 0, true);
	source.events = assembler->source_events;
	source.event_count = assembler->source_event_count;
	return source;
}

void boot_assembler_free(struct boot_assembler *assembler)
{
	if (!assembler)
		return;
	reset_boot(assembler);
	arena_deinit(&assembler->source_arena);
	arena_deinit(&assembler->setting_arena);
	free(assembler);
}
