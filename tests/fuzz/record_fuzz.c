/* Any bytes as lines: a record of the kernel, a guest's text, a line of each dialect. What a parser
 * takes out of a line lies inside it, and what it says is one of its words. */
#include <stdlib.h>

#include "base/limits.h"
#include "kmsg/record.h"
#include "vmxlog/dialect.h"
#include "vmxlog/guest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static bool is_inside(struct slice part, struct slice whole)
{
	return !part.len || (part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len);
}

static void check_record(struct slice line)
{
	struct kmsg_record record = { 0 };
	bool has_prefix = kmsg_parse(line, &record);
	check(is_inside(record.text, line) && is_inside(record.caller, line));
	check(slice_ends(line, record.text));
	check(has_prefix || !(record.flags & (KMSG_HAS_TIME | KMSG_HAS_LEVEL)));
	check((record.flags & KMSG_HAS_TIME) || !record.time_ns);
	check(record.level <= 7 || (record.level == KMSG_LEVEL_UNKNOWN && !(record.flags & KMSG_HAS_LEVEL)));
}

static void check_guest(struct slice line)
{
	struct buf plain = BUF_INIT(LINE_MAX_BYTES * 2), again = BUF_INIT(LINE_MAX_BYTES * 2);
	enum guest_sender sender = guest_classify(line);
	check(sender <= GUEST_CONSOLE && (!guest_is_kernel(line) || sender == GUEST_KERNEL));
	size_t at = guest_find_embedded(line);
	check(at == SLICE_NOT_FOUND || (at < line.len && line.ptr[at] == '['));
	struct slice text = guest_strip_colour(&plain, line);
	check(text.len <= line.len && !plain.failed);
	guest_strip_colour(&again, text);
	buf_deinit(&again);
	buf_deinit(&plain);
}

static void check_told(const struct dialect_state *state, enum dialect_answer answer, const struct guest_line *line)
{
	check(answer <= DIALECT_PART);
	check(!state->scratch.failed);
	if (answer == DIALECT_OTHER)
		return;
	check(answer == DIALECT_NOTHING || dialect_name(state) != NULL); /* a mark between lines is of none */
	check(line->sender <= GUEST_CONSOLE && line->begins <= GUEST_BEGINS_BOOT && line->priority >= -1);
	/* Every byte of it can be read. */
	unsigned char sum = 0;
	for (size_t i = 0; i < line->text.len; i++)
		sum ^= (unsigned char)line->text.ptr[i];
	check(sum || !sum);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = { (const char *)data, size };
	struct dialect_state state;
	struct guest_line told = GUEST_LINE_INIT;
	dialect_init(&state);
	check_told(&state, dialect_take_object(&state, rest, &told), &told);
	while (rest.len) {
		struct slice line = slice_until(rest, '\n');
		rest = slice_skip(rest, line.len + 1);
		if (line.len > LINE_MAX_BYTES)
			line.len = LINE_MAX_BYTES;
		check_record(line);
		check_guest(line);
		told = GUEST_LINE_INIT;
		check_told(&state, dialect_take(&state, line, &told), &told);
	}
	dialect_deinit(&state);
	return 0;
}
