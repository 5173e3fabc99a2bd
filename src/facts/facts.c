#include "facts/facts.h"

#include "facts/crash.h"
#include "facts/reader.h"

/* ---- reading the records ---- */

static const struct facts_patterns *const all_patterns[] = {
	&kernel_patterns, &partition_patterns, &filesystem_patterns, &storage_patterns, &init_patterns, &panic_patterns,
	&memory_patterns,
};

#define PATTERN_TABLES (sizeof all_patterns / sizeof *all_patterns)

/* The patterns by the first byte of their heads, each list in the order of the tables: a record is
 * held against a few of them instead of all. */
struct pattern_node {
	const struct facts_pattern *pattern;
	const struct pattern_node *next;
};

struct pattern_index {
	const struct pattern_node *first[256];
};

static bool index_patterns(struct pattern_index *index, struct arena *arena)
{
	*index = (struct pattern_index){ 0 };
	for (size_t t = PATTERN_TABLES; t-- > 0;) {
		size_t count = all_patterns[t]->count;
		struct pattern_node *nodes = arena_alloc(arena, count * sizeof *nodes);
		for (size_t i = count; nodes && i-- > 0;) {
			const struct facts_pattern *pattern = &all_patterns[t]->items[i];
			const struct pattern_node **first = &index->first[(unsigned char)pattern->head.ptr[0]];
			nodes[i] = (struct pattern_node){ pattern, *first };
			*first = &nodes[i];
		}
	}
	return !arena->failed;
}

static void take_record(struct facts_reader *reader, const struct pattern_index *index,
			const struct kmsg_record *record)
{
	bool is_kernel = kmsg_is_kernel(record);
	const struct pattern_node *node = record->text.len ? index->first[(unsigned char)record->text.ptr[0]] : NULL;
	for (; node; node = node->next)
		if ((is_kernel || node->pattern->any_sender) && slice_starts(record->text, node->pattern->head))
			node->pattern->take(reader, record);
	init_take_any(reader, record);
	if (!is_kernel)
		return;
	partitions_take_any(reader, record);
	filesystems_take_any(reader, record);
	storage_take_any(reader, record);
	panic_take_any(reader, record);
}

bool facts_wants(struct slice text)
{
	for (size_t t = 0; t < PATTERN_TABLES; t++)
		for (size_t i = 0; i < all_patterns[t]->count; i++)
			if (slice_starts(text, all_patterns[t]->items[i].head))
				return true;
	return crash_wants(text);
}

/* ---- from unknown to absent ---- */

/* Losses that may hide anything; a late start hides only what is said at the beginning. */
#define LOSSES_ANYWHERE (LOSS_THROTTLED | LOSS_CUT | LOSS_DUMP_STOPPED | LOSS_GAP | LOSS_LET_GO)

/* Facts that are read from the end of a boot, where it fails. */
static bool is_said_at_end(enum fact_id id)
{
	switch (id) {
	case FACT_ROOT_ERROR: case FACT_ROOT_FAILURE: case FACT_ROOT_BLOCK: case FACT_PARTITIONS_LISTED:
	case FACT_PANIC_TEXT: case FACT_PANIC_COMM: case FACT_PANIC_PID: case FACT_PANIC_ORIGIN: case FACT_PANIC_MODULE:
	case FACT_CRASH_KIND: case FACT_CRASH_FUNCTION: case FACT_CRASH_MODULE: case FACT_CRASH_TITLE:
	case FACT_CRASH_COMM: case FACT_CRASH_FATAL_KIND: case FACT_CRASH_FATAL_FUNCTION: case FACT_CRASH_FATAL_MODULE:
	case FACT_CRASH_FATAL_COMM: case FACT_INIT_EXIT_CODE: case FACT_INIT_EXIT_MEANING:
	case FACT_MOUNTED_ROOT: case FACT_MOUNTED_ROOT_TYPE: case FACT_DEVTMPFS_ERROR: case FACT_FILESYSTEMS_TRIED:
		return true;
	default:
		return false;
	}
}

static bool is_of_command_line(enum fact_id id)
{
	switch (id) {
	case FACT_ROOT_PARAMETER: case FACT_ROOT_FSTYPE: case FACT_ROOT_FLAGS: case FACT_ROOT_WAIT:
	case FACT_ROOT_READ_WRITE: case FACT_INIT_PARAMETER: case FACT_RDINIT_PARAMETER: case FACT_BOOT_IMAGE:
		return true;
	default:
		return false;
	}
}

static bool is_of_settings(enum fact_id id)
{
	return id >= FACT_VM_GUEST_OS && id <= FACT_VM_GUEST_LOG_DISABLED;
}

static bool can_be_absent(const struct facts_reader *reader, enum fact_id id)
{
	unsigned losses = reader->boot->losses;
	if (is_of_settings(id))
		return reader->boot->setting_count > 0;
	if (!reader->boot->record_count)
		return false;
	if (is_of_command_line(id))
		return fact_is_known(reader, FACT_COMMAND_LINE);
	if (is_said_at_end(id))
		return !(losses & LOSSES_ANYWHERE);
	return !(losses & (LOSSES_ANYWHERE | LOSS_LATE_START));
}

static void settle_absent(struct facts_reader *reader)
{
	for (int id = 0; id < FACT_COUNT; id++) {
		struct fact *fact = &reader->facts->values[id];
		if (fact->state == FACT_UNKNOWN && can_be_absent(reader, (enum fact_id)id))
			fact->state = FACT_ABSENT;
	}
}

/* ---- the log itself and the crash ---- */

static void conclude_log(struct facts_reader *reader)
{
	const struct boot *boot = reader->boot;
	fact_set_flag(reader, FACT_LOG_COMPLETE, boot->losses == 0, 0);
	fact_set_flag(reader, FACT_LOG_FROM_START,
		      boot->record_count && !(boot->losses & (LOSS_LATE_START | LOSS_GAP)), 0);
	fact_set_text(reader, FACT_LOG_FORMAT, boot->format == LOG_VMWARE ? SLICE("vmware-log") : SLICE("kernel-log"), 0);
	bool has_console = false;
	for (size_t i = 0; i < boot->record_count && !has_console; i++)
		has_console = boot->records[i].flags & KMSG_CONSOLE;
	fact_set_flag(reader, FACT_LOG_HAS_CONSOLE, has_console, 0);
	for (size_t i = boot->record_count; i-- > 0;) {
		if (!boot->records[i].text.len)
			continue;
		fact_set_text(reader, FACT_LOG_LAST_TEXT, boot->records[i].text, boot->records[i].line);
		break;
	}
}

static void set_when_known(struct facts_reader *reader, enum fact_id id, struct slice text, uint64_t line)
{
	if (text.len)
		fact_set_text(reader, id, text, line);
}

static void conclude_crash(struct facts_reader *reader)
{
	struct facts *facts = reader->facts;
	crash_scan(reader->boot, reader->arena, &facts->first_crash, &facts->fatal_crash);
	const struct crash *first = &facts->first_crash, *fatal = &facts->fatal_crash;
	set_when_known(reader, FACT_CRASH_KIND, first->kind, first->line);
	set_when_known(reader, FACT_CRASH_FUNCTION, first->function, first->line);
	set_when_known(reader, FACT_CRASH_MODULE, first->module, first->line);
	set_when_known(reader, FACT_CRASH_TITLE, first->title, first->line);
	set_when_known(reader, FACT_CRASH_COMM, first->comm, first->line);
	set_when_known(reader, FACT_CRASH_FATAL_KIND, fatal->kind, fatal->line);
	set_when_known(reader, FACT_CRASH_FATAL_FUNCTION, fatal->function, fatal->line);
	set_when_known(reader, FACT_CRASH_FATAL_MODULE, fatal->module, fatal->line);
	set_when_known(reader, FACT_CRASH_FATAL_COMM, fatal->comm, fatal->line);
}

bool facts_read(struct facts *facts, const struct boot *boot, struct arena *arena, struct error *err)
{
	memset(facts, 0, sizeof *facts);
	facts->boot = boot;
	facts->arena = arena;
	struct facts_reader reader = { .facts = facts, .boot = boot, .arena = arena, .last_row = SIZE_MAX };
	struct pattern_index index;
	if (!index_patterns(&index, arena))
		return error_out_of_memory(err);
	for (size_t i = 0; i < boot->record_count; i++)
		take_record(&reader, &index, &boot->records[i]);
	conclude_log(&reader);
	conclude_crash(&reader);
	kernel_conclude(&reader);
	vm_conclude(&reader);
	partitions_conclude(&reader);
	storage_conclude(&reader);
	filesystems_conclude(&reader);
	init_conclude(&reader);
	root_conclude(&reader);
	settle_absent(&reader);
	return !(arena->failed || reader.failed) || error_out_of_memory(err);
}
