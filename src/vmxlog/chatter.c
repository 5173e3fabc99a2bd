#include "vmxlog/chatter.h"

#include "base/limits.h"

#define WORD(literal) { literal, sizeof(literal) - 1 }

/* Of each message that the reader acts on, and of each head in event.c, one of these is a part. They begin where
 * a message differs from what the host says all day, such as "Chipset: ", "Tools: ", "VMX: " and "Guest". In a
 * column there are words alike: needles.h tells them by what a column has at each place. */
static const struct slice filter_words[] = {
	WORD("rd powerOff"), WORD("nPanic: "), WORD("XRequestReset"), WORD("PANIC: "),
	WORD("t timeout"), WORD("M reset requested"), WORD("est:"), WORD("[msg."),

	WORD("OPEN "), WORD("AIOGNRC: Failed to open"), WORD("_Reset"), WORD("Throttled >>>"),
	WORD("t has requested that the virtual machine be "), WORD("U reset: "), WORD("Issuing power-off request"),
	WORD("xec state change requested to state poweredOff with"),

	WORD("BSOD: "), WORD("_InitiatePowerOff"), WORD("hread "), WORD("Triple fault."),
	WORD("t.halt"), WORD("r VMware "), WORD("gDB: Setting "), WORD("Restoring checkpoint"),

	WORD("LS soft reset detected"), WORD("DICT "), WORD("X exit ("), WORD("SUSPEND: Start"),
	WORD("- "), /* the last: ESXi's frame */
};

void chatter_init(struct needles *words, bool tells_product)
{
	size_t count = sizeof filter_words / sizeof *filter_words;
	needles_init(words, filter_words, tells_product ? count : count - 1);
}

/* The length of the text up to its last newline. */
static size_t whole_lines_len(struct slice text)
{
	const char *last = text.len ? memrchr(text.ptr, '\n', text.len) : NULL;
	return last ? (size_t)(last - text.ptr) + 1 : 0;
}

/* Where a newline follows within the bound, no line up to it can be longer. */
size_t chatter_reach(struct slice text)
{
	size_t reach = 0, len;
	while ((len = whole_lines_len(slice_take(slice_skip(text, reach), LINE_MAX_BYTES + 1))) > 0)
		reach += len;
	return reach;
}

size_t chatter_skip(const struct needles *words, struct slice text, uint64_t *lines)
{
	size_t found = needles_find(words, text, 0, lines);
	return whole_lines_len(slice_take(text, found));
}

bool chatter_is_noise(const struct needles *words, struct slice line)
{
	uint64_t newlines = 0;
	return needles_find(words, line, 0, &newlines) == line.len;
}

/* ---- runs ---- */

/* Shorter ones are passed over as fast without being known. */
#define RUN_LINES_MIN 8

/* The length of the first line, newline included; of a line without one it is the text's. */
static size_t line_len(struct slice text)
{
	size_t end = slice_find_char(text, '\n');
	return end == SLICE_NOT_FOUND ? text.len : end + 1;
}

size_t chatter_find_runs(const struct needles *words, struct slice block, struct chatter_run *runs, size_t max)
{
	size_t count = 0, at = line_len(block), reach = at;
	while (at < block.len && count < max) {
		if (at >= reach)
			reach = at + chatter_reach(slice_skip(block, at));
		struct chatter_run run = { .from = at };
		run.len = chatter_skip(words, slice_skip(slice_take(block, reach), at), &run.lines);
		if (run.lines >= RUN_LINES_MIN)
			runs[count++] = run;
		at += run.len;
		at += line_len(slice_skip(block, at));
	}
	return count;
}
