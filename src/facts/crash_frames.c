/* Stack traces of crash reports: which records belong to one, and which names are in it. */
#include "facts/crash_private.h"

/* Longest report: a stall on a guest of many CPUs prints a stack for each of them. */
#define REPORT_RECORDS 1500

static bool symbol_char(char c)
{
	return char_is_alpha(c) || char_is_digit(c) || c == '_' || c == '.' || c == '$';
}

static struct slice symbol_name(struct slice text)
{
	size_t len = 0;

	while (len < text.len && symbol_char(text.ptr[len]))
		len++;
	return len && !char_is_digit(text.ptr[0]) ? slice_take(text, len) : (struct slice){ 0 };
}

/* The compiler's ".isra.0", ".part.3", ".cold", and LTO's ".llvm.123" differ from build to build. */
static struct slice symbol_trunk(struct slice name)
{
	struct slice trunk = slice_until(name, '.');

	return trunk.len ? trunk : name;
}

/* What stands behind "func": "+0x12/0x34 [module]", also "[module 0123abcd]" and "[module(OE)]". */
static struct slice symbol_module(struct slice rest)
{
	size_t len = 0;

	while (rest.len && !char_is_blank(rest.ptr[0]))
		rest = slice_skip(rest, 1);
	rest = slice_trim_left(rest);
	if (!slice_eat(&rest, SLICE("[")))
		return (struct slice){ 0 };
	while (len < rest.len && (symbol_char(rest.ptr[len]) || rest.ptr[len] == '-'))
		len++;
	rest = slice_take(rest, len);
	return slice_is(rest, "inline") ? (struct slice){ 0 } : rest;
}

/* "func+0x12/0x34" at the front; `len` bytes of it are known. */
static struct slice symbol_place(struct slice text, size_t len)
{
	while (len < text.len && (char_is_hex(text.ptr[len]) || text.ptr[len] == '/' || text.ptr[len] == 'x'))
		len++;
	return slice_take(text, len);
}

/* "func+0x12/0x34 [module]" at the front; "func file.c:12 [inline]" of symbolized text too. */
static bool symbol_parse(struct slice text, struct crash_symbol *ret)
{
	struct slice name = symbol_name(text), rest = slice_skip(text, name.len);

	if (!name.len || (!slice_starts(rest, SLICE("+0x")) && !slice_ends(rest, SLICE(" [inline]"))))
		return false;
	*ret = (struct crash_symbol){ .name = symbol_trunk(name), .module = symbol_module(rest) };
	if (slice_starts(rest, SLICE("+0x")))
		ret->place = symbol_place(text, name.len + 3);
	return true;
}

bool crash_symbol_in(struct slice text, struct crash_symbol *ret)
{
	size_t at;

	while ((at = slice_find(text, SLICE("+0x"))) != SLICE_NOT_FOUND) {
		size_t from = at;

		while (from > 0 && symbol_char(text.ptr[from - 1]))
			from--;
		if (symbol_parse(slice_skip(text, from), ret))
			return true;
		text = slice_skip(text, at + 3);
	}
	return false;
}

/* "[<ffffffff81234567>]", with whatever printk's %p made of it. */
static bool address_eat(struct slice *text)
{
	size_t end;

	if (!slice_starts(*text, SLICE("[<")))
		return false;
	end = slice_find(slice_take(*text, 24), SLICE(">]"));
	if (end == SLICE_NOT_FOUND)
		return false;
	*text = slice_trim_left(slice_skip(*text, end + 2));
	return true;
}

/* "<IRQ>", "</TASK>", "#DF" ... in front of a frame of older kernels. */
static void mark_eat(struct slice *text)
{
	size_t end;

	if (!text->len || text->ptr[0] != '<')
		return;
	end = slice_find_char(*text, '>');
	if (end < 10)
		*text = slice_trim_left(slice_skip(*text, end + 1));
}

/* "(func) from [<c0100000>] (caller+0x12/0x34)" of 32-bit ARM. */
static bool callee_parse(struct slice text, struct crash_symbol *ret)
{
	struct slice name;

	slice_eat(&text, SLICE("("));
	name = symbol_name(text);
	*ret = (struct crash_symbol){ .name = symbol_trunk(name) };
	return name.len && slice_starts(slice_skip(text, name.len), SLICE(") from "));
}

static bool frame_parse(struct slice text, struct crash_frame *ret)
{
	bool has_address;

	if (!text.len || (!char_is_blank(text.ptr[0]) && text.ptr[0] != '[' && text.ptr[0] != '<'))
		return false;
	text = slice_trim(text);
	mark_eat(&text);
	has_address = address_eat(&text);
	*ret = (struct crash_frame){ .is_guess = slice_eat(&text, SLICE("? ")) };
	if (!has_address)
		address_eat(&text);
	if (symbol_parse(text, &ret->symbol))
		return true;
	return has_address && callee_parse(text, &ret->symbol);
}

/* The line that holds the instruction pointer, whatever the kernel and machine call it. */
static bool pointer_line(struct slice *text)
{
	static const struct slice names[] = {
		SLICE("RIP: 0010:"), SLICE("RIP: e030:"), SLICE("EIP: 0060:"), SLICE("RIP: "), SLICE("IP: "),
		SLICE("EIP: "), SLICE("EIP is at "), SLICE("pc : "), SLICE("PC is at "), SLICE("epc : "),
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (slice_eat(text, names[i]))
			return true;
	return false;
}

static bool pointer_parse(struct slice text, struct crash_frame *ret)
{
	char first = text.len ? text.ptr[0] : 0;

	if (first != 'R' && first != 'I' && first != 'E' && first != 'p' && first != 'P' && first != 'e')
		return false;
	if (!pointer_line(&text))
		return false;
	text = slice_trim_left(text);
	while (address_eat(&text))
		continue;
	*ret = (struct crash_frame){ .is_pointer = true };
	return symbol_parse(text, &ret->symbol);
}

/* Stacks inside a report that are not of the crash: of an allocation, of another lock ... */
static bool is_aside(struct slice text)
{
	static const struct slice marks[] = {
		SLICE("Allocated by task"), SLICE("Freed by task"), SLICE("Allocated:"), SLICE("Freed:"),
		SLICE("Last potentially related"), SLICE("Second to last potentially"), SLICE("Uninit was "),
		SLICE("Last call_rcu"), SLICE("Second to last call_rcu"), SLICE("-> #"),
		SLICE("the existing dependency"), SLICE("the dependencies between"), SLICE("page last "),
		SLICE("page_owner tracks"), SLICE("hardirqs last"), SLICE("softirqs last"),
		SLICE("Showing all locks"), SLICE("allocated by task"), SLICE("freed by task"),
		SLICE("INFO: Allocated in"), SLICE("INFO: Freed in"), SLICE("Preemption disabled at"),
		SLICE("Local variable "), SLICE("Chain of addresses"), SLICE("Memory state around"),
	};

	if (!text.len)
		return false;
	if (text.ptr[0] == '{' || slice_ends(text, SLICE("registered at:")))
		return true;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (marks[i].ptr[0] == text.ptr[0] && slice_starts(text, marks[i]))
			return true;
	return false;
}

static bool is_resumed(struct slice text)
{
	static const struct slice marks[] = {
		SLICE("Call Trace:"), SLICE("Call trace:"), SLICE("stack backtrace:"), SLICE("Backtrace:"),
		SLICE("CPU: "), SLICE("Pid: "),
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (slice_starts(text, marks[i]))
			return true;
	return false;
}

bool crash_is_body(struct slice text)
{
	struct crash_frame frame;

	return is_resumed(text) || pointer_parse(text, &frame) || frame_parse(text, &frame);
}

/* With CONFIG_PRINTK_CALLER the text of others that falls into a report can be told. A stuck
 * CPU is the exception: another one prints its stack. */
static bool is_of_site(const struct crash_site *site, const struct kmsg_record *record)
{
	struct slice caller = site->boot->records[site->index].caller;

	if (!kmsg_is_kernel(record))
		return false;
	if (site->header->place == PLACE_WORK || !caller.len || !record->caller.len)
		return true;
	return slice_equal(caller, record->caller);
}

/* A record that begins a report of its own. */
static bool ends_site(const struct kmsg_record *record)
{
	const struct crash_header *header = crash_header_find(record->text);

	return header && !(header->flags & (HEADER_TAIL | HEADER_REFINES));
}

bool crash_site_next(const struct crash_site *site, size_t *index)
{
	size_t end = site->index + REPORT_RECORDS;

	while (++*index < site->boot->record_count && *index < end) {
		const struct kmsg_record *record = &site->boot->records[*index];

		if (!is_of_site(site, record))
			continue;
		return !ends_site(record);
	}
	return false;
}

/* A stack begins: but for the line that stands between the registers and their frames. */
static bool begins_stack(struct slice text, const struct crash_trace *trace)
{
	static const struct slice marks[] = {
		SLICE("CPU: "), SLICE("Pid: "), SLICE("NMI backtrace"), SLICE("Task dump"), SLICE("task:"),
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (slice_starts(text, marks[i]))
			return true;
	return slice_starts(text, SLICE("Call Trace:")) && trace->count && !trace->frames[trace->count - 1].is_pointer;
}

static void trace_read(const struct crash_site *site, bool with_asides, struct crash_trace *trace)
{
	/* The text of others may stand between a warning and its stack. */
	bool is_asleep = site->header->kind == CRASH_WARNING && !with_asides, is_first = true;
	size_t index = site->index;

	trace->count = 0;
	trace->is_sure = false;
	while (trace->count < TRACE_FRAMES && crash_site_next(site, &index)) {
		struct slice text = site->boot->records[index].text;
		struct crash_frame *frame = &trace->frames[trace->count];

		is_asleep = (is_aside(text) && !with_asides) || (is_asleep && !is_resumed(text));
		is_first = is_first || begins_stack(text, trace);
		if (slice_starts(text, SLICE("---[ end trace")) && trace->count)
			return;
		if (is_asleep || !(pointer_parse(text, frame) || frame_parse(text, frame)))
			continue;
		if (frame->is_guess && trace->is_sure)
			continue;
		frame->is_first = is_first;
		is_first = false;
		trace->is_sure = trace->is_sure || !(frame->is_guess || frame->is_pointer);
		trace->count++;
	}
}

static bool is_of_use(const struct crash_symbol *symbol)
{
	return symbol->name.len && !crash_is_helper(symbol->name);
}

static struct crash_symbol first_use(const struct crash_trace *trace, bool with_guesses, bool with_dispatchers)
{
	for (size_t i = 0; i < trace->count; i++) {
		const struct crash_frame *frame = &trace->frames[i];

		if (frame->is_guess == with_guesses && is_of_use(&frame->symbol) &&
		    (with_dispatchers || !crash_is_dispatcher(frame->symbol.name)))
			return frame->symbol;
	}
	return (struct crash_symbol){ 0 };
}

/* Of a report that was cut any stack is better than none; a lock that belongs to a queue of work
 * is named by those who took it before. */
void crash_trace_read(const struct crash_site *site, struct crash_trace *trace)
{
	trace_read(site, false, trace);
	if (!trace->count || (site->header->place == PLACE_HINT && !first_use(trace, false, false).name.len))
		trace_read(site, true, trace);
}

/* Where a stuck CPU was caught differs from time to time; what it was told to do does not. So
 * the function is the one just inside the first hand-over to somebody's code. */
static struct crash_symbol first_work(const struct crash_trace *trace)
{
	struct crash_symbol inner = { 0 };

	for (size_t i = 0; i < trace->count; i++) {
		const struct crash_frame *frame = &trace->frames[i];

		if (frame->is_first)
			inner = (struct crash_symbol){ 0 };
		if (frame->is_guess)
			continue;
		if (slice_starts(frame->symbol.name, SLICE("smp_call_function")))
			return frame->symbol;
		if (crash_is_dispatcher(frame->symbol.name)) {
			if (inner.name.len)
				return inner;
		} else if (is_of_use(&frame->symbol)) {
			inner = frame->symbol;
		}
	}
	return (struct crash_symbol){ 0 };
}

/* The lines behind a header that name the function: of a wanted or held lock, of a caller. */
static bool hint_parse(struct slice text, struct crash_symbol *ret)
{
	struct slice rest;

	if (slice_after(text, SLICE(" at: "), &rest) || slice_after(text, SLICE("caller is "), &rest))
		return crash_symbol_in(rest, ret);
	if (!slice_after(text, SLICE("last function: "), &rest))
		return false;
	*ret = (struct crash_symbol){ .name = symbol_trunk(symbol_name(rest)) };
	return true;
}

static struct crash_symbol hinted(const struct crash_site *site)
{
	struct crash_symbol symbol = { 0 };
	size_t index = site->index;

	for (int lines = 0; lines < 16 && crash_site_next(site, &index); lines++)
		if (hint_parse(site->boot->records[index].text, &symbol) && is_of_use(&symbol) &&
		    !crash_is_dispatcher(symbol.name))
			return symbol;
	return symbol;
}

/* The function that the header names: with its offset, or bare behind " in ". */
static struct crash_symbol header_symbol(struct slice text)
{
	struct crash_symbol symbol = { 0 };
	struct slice rest;

	if (!crash_symbol_in(text, &symbol) && slice_after(text, SLICE(" in "), &rest))
		symbol.name = symbol_trunk(symbol_name(rest));
	return symbol;
}

static struct crash_symbol place_symbol(const struct crash_site *site, const struct crash_trace *trace)
{
	switch (site->header->place) {
	case PLACE_HEADER:
		return header_symbol(site->boot->records[site->index].text);
	case PLACE_HINT:
		return hinted(site);
	case PLACE_WORK:
		return first_work(trace);
	case PLACE_SLEEP:
	case PLACE_FAULT:
		break;
	}
	return (struct crash_symbol){ 0 };
}

/* The best of what there is: a name of use from the place that this kind has it in, from the
 * frames, from what may be frames; else any name. */
struct crash_symbol crash_trace_choose(const struct crash_site *site, const struct crash_trace *trace)
{
	struct crash_symbol placed = place_symbol(site, trace), symbol;
	bool is_lock = site->header->place == PLACE_HINT;

	if (is_of_use(&placed) && !(is_lock && crash_is_dispatcher(placed.name)))
		return placed;
	symbol = first_use(trace, false, !is_lock);
	if (!symbol.name.len)
		symbol = first_use(trace, true, !is_lock);
	if (!symbol.name.len)
		symbol = placed;
	if (!symbol.name.len && trace->count)
		symbol = trace->frames[0].symbol;
	return symbol;
}
