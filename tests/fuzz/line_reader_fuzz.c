/* Any bytes as a log: detection, lines, boots. However the bytes are cut into blocks, and with the
 * filter for chatter or without it, the sink is told the same.
 *
 * The first byte says how the rest is cut and which format it is read as when none is detected. */
#include <stdlib.h>

#include "../grown.h"

#include "kmsg/boot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A hash of every call, in their order. */
struct trace {
	uint64_t hash;
	const struct vmxlog_sink *next; /* is told, too; NULL: nobody */
};

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void add(struct trace *trace, const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	for (size_t i = 0; i < len; i++)
		trace->hash = (trace->hash ^ p[i]) * UINT64_C(1099511628211);
	trace->hash = (trace->hash ^ len) * UINT64_C(1099511628211);
}

static void add_number(struct trace *trace, uint64_t number)
{
	add(trace, &number, sizeof number);
}

static void take_guest(void *user, const struct guest_line *line)
{
	struct trace *trace = user;
	add(trace, line->text.ptr, line->text.len);
	add_number(trace, line->line);
	add_number(trace, line->offset);
	add_number(trace, (uint64_t)line->host.time_ms);
	add_number(trace, (uint64_t)line->sender << 2 | (uint64_t)line->is_cut << 1 | line->is_inner);
	check(line->line > 0);
	if (trace->next)
		trace->next->guest(trace->next->user, line);
}

static void take_event(void *user, const struct host_event *event)
{
	struct trace *trace = user;
	add(trace, event->text.ptr, event->text.len);
	add_number(trace, event->line);
	add_number(trace, event->offset);
	add_number(trace, event->kind);
	check(host_event_name(event->kind) != NULL);
	if (trace->next)
		trace->next->event(trace->next->user, event);
}

static void take_setting(void *user, const struct vm_setting *setting)
{
	struct trace *trace = user;
	add(trace, setting->key.ptr, setting->key.len);
	add(trace, setting->value.ptr, setting->value.len);
	add_number(trace, setting->line);
	if (trace->next)
		trace->next->setting(trace->next->user, setting);
}

/* Each block is a copy of its own size, so that a read past its end is seen. */
static void feed(struct vmxlog_reader *reader, struct slice block)
{
	char *copy = malloc(block.len + 1);
	check(copy != NULL);
	memcpy(copy, block.ptr, block.len);
	char *exact = realloc(copy, block.len);
	check(exact && vmxlog_reader_feed(reader, (struct slice){ exact, block.len }, NULL));
	free(exact);
}

static uint64_t end(struct vmxlog_reader *reader, struct trace *trace)
{
	vmxlog_reader_finish(reader);
	struct vmxlog_totals totals = vmxlog_reader_totals(reader);
	add_number(trace, totals.lines);
	add_number(trace, totals.guest_lines);
	add_number(trace, totals.unframed_lines);
	add_number(trace, totals.bytes);
	add_number(trace, (uint64_t)totals.ends_without_newline << 1 | totals.any_overlong);
	vmxlog_reader_free(reader);
	return trace->hash;
}

static uint64_t read_all(enum log_format format, struct slice text, size_t cut, bool filter,
			 const struct vmxlog_sink *next)
{
	struct trace trace = { .next = next };
	struct vmxlog_sink sink = { &trace, take_guest, take_event, take_setting };
	struct vmxlog_reader *reader = vmxlog_reader_new(format, &sink, NULL);
	check(reader != NULL);
	vmxlog_reader_set_filter(reader, filter);
	for (; text.len; text = slice_skip(text, cut))
		feed(reader, slice_take(text, cut));
	return end(reader, &trace);
}

/* Read when it was `len` bytes long, and again around what was passed over then. */
static uint64_t read_grown(enum log_format format, struct slice text, size_t len)
{
	struct trace trace = { 0 };
	struct vmxlog_sink sink = { &trace, take_guest, take_event, take_setting };
	struct vmxlog_reader *reader = vmxlog_reader_new(format, &sink, NULL);
	struct passed passed;
	check(reader && grown_begin(format, slice_take(text, len), &passed, feed));
	grown_feed_rest(reader, text, &passed, feed);
	passed_deinit(&passed);
	return end(reader, &trace);
}

static void take_boot(void *user, const struct boot *boot)
{
	unsigned *count = user;
	check(boot->number == ++*count);
	for (size_t i = 0; i < boot->record_count; i++)
		check(boot->records[i].line > 0);
	for (unsigned bit = 1; bit && bit <= boot->losses; bit <<= 1)
		check(!(boot->losses & bit) || boot_loss_name(bit));
}

/* The same through the assembler. */
static uint64_t assemble(enum log_format format, struct slice text)
{
	unsigned count = 0;
	struct boot_sink sink = { &count, take_boot, NULL };
	struct boot_assembler *assembler = boot_assembler_new(format, &sink, NULL);
	check(assembler != NULL);
	uint64_t hash = read_all(format, text, SIZE_MAX, true, boot_assembler_input(assembler));
	check(boot_assembler_finish(assembler, false, NULL));
	check(boot_assembler_count(assembler) == count);
	boot_assembler_free(assembler);
	return hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	struct slice text = { (const char *)data + 1, size - 1 };
	size_t cut = 1 + (size_t)data[0] % 127;
	enum log_format format = vmxlog_detect(text, true);
	if (format != LOG_VMWARE && format != LOG_KERNEL)
		format = data[0] & 0x80 ? LOG_VMWARE : LOG_KERNEL;
	uint64_t whole = assemble(format, text);
	check(whole == read_all(format, text, cut, true, NULL));
	check(whole == read_all(format, text, cut, false, NULL));
	check(whole == read_all(format, text, SIZE_MAX, false, NULL));
	check(whole == read_grown(format, text, text.len * data[0] / 256));
	return 0;
}
