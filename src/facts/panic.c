/* The panic: its text, in which process, called from where. */
#include "facts/reader.h"

/* Records behind the panic line in which its header and call trace stand. */
#define TRACE_RECORDS 60

static void take_panic(struct facts_reader *reader, const struct kmsg_record *record)
{
	struct slice text = slice_skip(record->text, sizeof "Kernel panic - not syncing" - 1);
	slice_eat(&text, SLICE(":"));
	if (fact_is_known(reader, FACT_PANIC_TEXT))
		return;
	fact_set_text(reader, FACT_PANIC_TEXT, slice_trim(text), record->line);
	reader->panic_seen = true;
	reader->records_since_panic = 0;
}

static const struct facts_pattern patterns[] = {
	FACTS_HEAD("Kernel panic - not syncing", take_panic),
};
const struct facts_patterns panic_patterns = { patterns, sizeof patterns / sizeof *patterns };

/* `CPU: 0 PID: 1 Comm: swapper/0 Not tainted ...`, 2.6.32 `Pid: 1, comm: swapper Not tainted ...` */
static void take_header(struct facts_reader *reader, const struct kmsg_record *record)
{
	struct slice rest;
	uint64_t pid;
	if ((slice_after(record->text, SLICE("PID: "), &rest) || slice_after(record->text, SLICE("Pid: "), &rest)) &&
	    slice_eat_decimal(&rest, &pid) && pid < INT32_MAX)
		fact_set_number(reader, FACT_PANIC_PID, (int64_t)pid, record->line);
	if (slice_after(record->text, SLICE("Comm: "), &rest) || slice_after(record->text, SLICE("comm: "), &rest)) {
		size_t end = slice_find(rest, SLICE("ainted"));
		struct slice comm = slice_trim(slice_take(rest, end == SLICE_NOT_FOUND ? rest.len : end));
		if (slice_ends(comm, SLICE(" Not t")))
			comm.len -= sizeof " Not t" - 1;
		else if (slice_ends(comm, SLICE(" T")))
			comm.len -= sizeof " T" - 1;
		fact_set_text(reader, FACT_PANIC_COMM, slice_trim(comm), record->line);
	}
}

/* ` mount_block_root+0x171/0x205 [module]`, 2.6 ` [<ffffffff8151>] ? panic+0xa7/0x16f` */
static bool parse_frame(struct slice text, struct slice *ret_function, struct slice *ret_module)
{
	struct slice rest = slice_trim(text);
	if (slice_starts(rest, SLICE("[<")) && slice_after(rest, SLICE(">] "), &rest))
		rest = slice_trim_left(rest);
	if (slice_starts(rest, SLICE("? ")))
		return false;
	size_t plus = slice_find(rest, SLICE("+0x"));
	if (plus == SLICE_NOT_FOUND || plus == 0 || slice_find_char(slice_take(rest, plus), ' ') != SLICE_NOT_FOUND)
		return false;
	*ret_function = slice_take(rest, plus);
	if (!slice_between(rest, SLICE(" ["), SLICE("]"), ret_module))
		*ret_module = SLICE("");
	return true;
}

/* The function that called panic() is the frame behind it. */
void panic_take_any(struct facts_reader *reader, const struct kmsg_record *record)
{
	struct slice function, module;
	if (!reader->panic_seen || reader->records_since_panic++ > TRACE_RECORDS)
		return;
	if (!fact_is_known(reader, FACT_PANIC_COMM) &&
	    (slice_starts(record->text, SLICE("CPU: ")) || slice_starts(record->text, SLICE("Pid: "))))
		take_header(reader, record);
	if (fact_is_known(reader, FACT_PANIC_ORIGIN) || !parse_frame(record->text, &function, &module))
		return;
	if (reader->panic_function_seen && !slice_is(function, "panic") && !slice_is(function, "vpanic")) {
		fact_set_text(reader, FACT_PANIC_ORIGIN, function, record->line);
		if (module.len)
			fact_set_text(reader, FACT_PANIC_MODULE, slice_word(&module), record->line);
	}
	if (slice_is(function, "panic") || slice_is(function, "vpanic"))
		reader->panic_function_seen = true;
}
