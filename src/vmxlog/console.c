#include "vmxlog/console.h"

#include "base/limits.h"
#include "vmxlog/guest.h"

void console_init(struct console *console, const struct vmxlog_sink *sink)
{
	*console = (struct console){ .sink = sink, .plain = BUF_INIT(LINE_MAX_BYTES) };
	dialect_init(&console->dialect);
}

void console_deinit(struct console *console)
{
	dialect_deinit(&console->dialect);
	dump_parts_clear(&console->parts);
	buf_deinit(&console->plain);
}

bool console_failed(const struct console *console)
{
	return console->dialect.scratch.failed || console->parts.arena.failed || console->plain.failed;
}

static void emit(struct console *console, struct guest_line *line, const struct source_line *at)
{
	line->line = at->number;
	line->offset = at->offset;
	line->is_cut = at->is_cut;
	if (console->dump_begins)
		line->begins = GUEST_BEGINS_DUMP;
	console->dump_begins = false;
	console->line_count++;
	console->sink->guest(console->sink->user, line);
}

/* ---- plain text ---- */

static void emit_plain(struct console *console, struct slice text, const struct source_line *at,
		       enum guest_sender sender)
{
	struct guest_line line = GUEST_LINE_INIT;
	line.text = text;
	line.sender = sender;
	emit(console, &line, at);
}

static void take_plain(struct console *console, const struct source_line *at)
{
	struct slice text = at->text, trimmed = slice_trim_left(text);
	if (guest_is_kernel(trimmed)) {
		emit_plain(console, trimmed, at, GUEST_KERNEL);
		return;
	}
	size_t embedded = guest_find_embedded(text);
	struct slice before = slice_take(text, embedded);
	if (slice_trim(before).len)
		emit_plain(console, guest_strip_colour(&console->plain, before), at, GUEST_CONSOLE);
	if (embedded != SLICE_NOT_FOUND)
		emit_plain(console, slice_skip(text, embedded), at, GUEST_KERNEL);
}

/* ---- dialects ---- */

/* A record of several lines: they stand under one another in the source, or in one string. */
static void emit_told(struct console *console, struct guest_line *line, const struct source_line *at)
{
	struct slice rest = line->text;
	do {
		line->text = slice_until(rest, '\n');
		rest = slice_skip(rest, line->text.len + 1);
		while (line->text.len && line->text.ptr[line->text.len - 1] == '\r')
			line->text.len--;
		if (line->is_inner && !slice_trim(line->text).len)
			continue;
		emit(console, line, at);
		*line = (struct guest_line){ .sender = line->sender, .host = line->host, .is_inner = true,
					     .priority = -1 };
	} while (rest.len);
}

static void release_parts(struct console *console)
{
	dump_parts_sort(&console->parts);
	console->dump_begins = true;
	for (size_t i = 0; i < console->parts.line_count; i++)
		take_plain(console, &console->parts.lines[i]);
	console->dump_begins = false;
	dump_parts_clear(&console->parts);
}

/* What is larger than any pstore is no dump of it; its order is that of the source. */
static void take_other(struct console *console, const struct source_line *at)
{
	if (!dump_parts_is_holding(&console->parts)) {
		take_plain(console, at);
	} else if (!dump_parts_hold(&console->parts, at)) {
		release_parts(console);
		take_plain(console, at);
	}
}

static void begin_part(struct console *console)
{
	const struct dialect_state *dialect = &console->dialect;
	if (dump_parts_is_holding(&console->parts) &&
	    !dump_parts_accepts(&console->parts, dialect->dump, dialect->part))
		release_parts(console);
	dump_parts_begin(&console->parts, dialect->dump, dialect->part);
}

static enum dialect_answer take_told(struct console *console, const struct source_line *at)
{
	struct guest_line line;
	enum dialect_answer answer = dialect_take(&console->dialect, at->text, &line);
	if (answer == DIALECT_PART)
		begin_part(console);
	if (answer != DIALECT_LINE)
		return answer;
	if (dump_parts_is_holding(&console->parts))
		release_parts(console);
	emit_told(console, &line, at);
	return answer;
}

/* Colours stand between the parts of what dmesg and journalctl write to a terminal. */
void console_take_line(struct console *console, const struct source_line *at)
{
	struct source_line bare = *at;
	bare.text = guest_strip_colour(&console->plain, at->text);
	if (take_told(console, &bare) != DIALECT_OTHER)
		return;
	bool is_coloured = bare.text.ptr != at->text.ptr && guest_is_kernel(slice_trim_left(bare.text));
	take_other(console, is_coloured ? &bare : at);
}

bool console_take_object(struct console *console, const struct source_line *object)
{
	struct guest_line line;
	enum dialect_answer answer = dialect_take_object(&console->dialect, object->text, &line);
	if (answer == DIALECT_LINE)
		emit_told(console, &line, object);
	return answer != DIALECT_OTHER;
}

void console_finish(struct console *console)
{
	if (dump_parts_is_holding(&console->parts))
		release_parts(console);
}
