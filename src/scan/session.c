#include "scan/session.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "input/input.h"
#include "scan/read_ahead.h"

#define PLACE_BYTES 1024
#define NOTES_MAX (sizeof(((struct report_source *)0)->notes) / sizeof(struct slice))

void session_init_source(struct session *session, const struct source *what)
{
	*session = (struct session){ .arena = ARENA_INIT, .what = what, .limit_reached = what->is_short };
	session->source.path = what->path;
	session->source.label = what->label;
	session->source.is_complete = !what->is_short && !what->is_cut;
	for (size_t i = 0; i < what->note_count; i++)
		session_note(session, "%.*s", SLICE_ARG(what->notes[i]));
}

void session_deinit(struct session *session)
{
	sent_deinit(&session->sent);
	arena_deinit(&session->arena);
}

void session_mark_incomplete(struct session *session)
{
	session->source.is_complete = false;
}

void session_note(struct session *session, const char *format, ...)
{
	struct report_source *source = &session->source;
	char text[256];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (source->note_count < NOTES_MAX)
		source->notes[source->note_count++] = arena_copy(&session->arena, slice_of(text));
}

/* The first error is the one that tells. */
bool session_fail(struct session *session, const struct error *err)
{
	struct report_source *source = &session->source;
	source->is_complete = false;
	if (source->error.len)
		return false;
	source->error = arena_copy(&session->arena, slice_of(err->text));
	if (!source->error.len)
		source->error = SLICE("out of memory");
	return false;
}

/* What the log as a whole says. */

static void note_events(struct session *session, const struct boot *whole)
{
	static const struct {
		enum host_event_kind kind;
		const char *text;
	} notes[] = {
		{ HOST_RESUMED, "the VM was resumed at %.*s: the text of that boot is in an older log" },
		{ HOST_THROTTLED, "the host began to drop text of the guest at %.*s" },
		{ HOST_VMX_PANIC, "the host's own process failed at %.*s, not the guest" },
		{ HOST_FIRMWARE_FAILED, "the firmware found nothing to boot at %.*s" },
		{ HOST_OTHER_OS_CRASH, "a system that is not Linux crashed in the guest at %.*s" },
	};
	for (size_t i = 0; i < sizeof(notes) / sizeof(*notes); i++) {
		const struct host_event *event = boot_event(whole, notes[i].kind);
		if (!event)
			continue;
		struct buf place = BUF_INIT(PLACE_BYTES);
		source_place_print(&place, &session->source.parts, event->line);
		session_note(session, notes[i].text, SLICE_ARG(buf_slice(&place)));
		session->arena.failed |= place.failed;
		buf_deinit(&place);
	}
}

static void note_settings(struct session *session, const struct boot *whole)
{
	static const struct {
		const char *key, *value, *text;
	} notes[] = {
		{ "logging", "FALSE", "the VM's settings switch its log off (logging = \"FALSE\")" },
		{ "isolation.tools.log.disable", "TRUE",
		  "the VM's settings keep the guest's text out of the log (isolation.tools.log.disable = \"TRUE\")" },
	};
	for (size_t i = 0; i < sizeof(notes) / sizeof(*notes); i++) {
		const struct boot_setting *setting = boot_setting(whole, notes[i].key);
		if (setting && slice_equal_nocase(setting->value, slice_of(notes[i].value)))
			session_note(session, "%s", notes[i].text);
	}
}

static struct slice setting_text(struct session *session, const struct boot *whole, const char *key)
{
	const struct boot_setting *setting = boot_setting(whole, key);
	return setting ? arena_copy(&session->arena, setting->value) : (struct slice){ 0 };
}

static void describe_source(struct session *session, struct boot_assembler *assembler,
			    const struct vmxlog_reader *reader)
{
	struct report_source *source = &session->source;
	struct boot whole = boot_assembler_source(assembler);
	source->totals = vmxlog_reader_totals(reader);
	source->boot_count = boot_assembler_count(assembler);
	source->vm_name = session->what->vm_name;
	source->vm_uuid = session->what->vm_uuid;
	if (!source->vm_name.len)
		source->vm_name = setting_text(session, &whole, "displayName");
	if (!source->vm_uuid.len)
		source->vm_uuid = setting_text(session, &whole, "uuid.bios");
	note_events(session, &whole);
	note_settings(session, &whole);
	if (source->totals.any_overlong) {
		session->limit_reached = true;
		session_note(session, "a line was longer than %zu KiB: the rest of it was left out", LINE_MAX_BYTES / KIB);
	}
	if (source->totals.any_overlong || source->totals.ends_without_newline)
		source->is_complete = false;
}

/* Bytes. */

struct stream {
	const struct source *what;
	size_t next;       /* file of `what` */
	struct input input;
	bool is_open;
	char *block;
	size_t len;        /* of what is in the block */
	uint64_t left;     /* of the file, behind the block: what may still be read of it */
	char last_byte;    /* of what was fed */
	bool any_grown;    /* of the files read before the present one */
	bool has_shrunk;   /* a file of it ended before its limit */
	struct error err;  /* why the stream ended before its end; empty text: it did not */
};

/* In a folder, an error names the file that it is about. */
static void stream_fail(struct stream *stream, const struct error *why)
{
	const struct source *what = stream->what;
	if (what->folder && what->is_joined)
		error_set(&stream->err, "%.*s: %s", SLICE_ARG(what->files[stream->next - 1]), why->text);
	else
		stream->err = *why;
}

static uint64_t limit_of(const struct source *what, size_t at)
{
	return what->limits ? what->limits[at] : UINT64_MAX;
}

static void stream_close(struct stream *stream)
{
	if (!stream->is_open)
		return;
	input_close(&stream->input);
	stream->is_open = false;
	bool is_limited = limit_of(stream->what, stream->next - 1) != UINT64_MAX;
	stream->has_shrunk |= is_limited && stream->left && !*stream->err.text;
}

static bool open_input(const struct source *what, size_t at, struct input *ret, struct error *err)
{
	if (what->member) {
		input_open_member(ret, *what->member, what->budget);
		return true;
	}
	if (what->is_sent)
		return sent_open(what, ret, err);
	return what->folder ? input_open_in(ret, what->folder, what->files[at].ptr, err)
			    : input_open(ret, what->path.ptr, err);
}

/* What is behind the file's limit is as good as not there. */
static void stay_within(struct stream *stream)
{
	if (stream->len > stream->left)
		stream->len = (size_t)stream->left;
	stream->left -= stream->len;
}

/* Fills the first block; of an archive only its head is taken. */
static bool read_first_block(struct stream *stream, struct error *why)
{
	size_t more = 0;
	if (!input_read(&stream->input, stream->block, INPUT_BLOCK_BYTES, &stream->len, why))
		return false;
	if (!stream->len || stream->input.archive)
		return true;
	bool is_read = input_read_full(&stream->input, stream->block + stream->len, INPUT_BLOCK_BYTES - stream->len,
				       &more, why);
	stream->len += more;
	return is_read;
}

/* Opens the next file. */
static bool stream_open(struct stream *stream, bool takes_archives)
{
	const struct source *what = stream->what;
	struct error why;
	stream->len = 0;
	stream->left = limit_of(what, stream->next);
	stream->is_open = open_input(what, stream->next++, &stream->input, &why);
	stream->input.takes_archives = takes_archives;
	bool is_read = stream->is_open && read_first_block(stream, &why);
	stay_within(stream);
	if (is_read)
		return true;
	stream_fail(stream, &why);
	/* What came before a read error is judged all the same. */
	return stream->len != 0;
}

/* The next block, of so many bytes at most. */
static void stream_read(struct stream *stream, uint64_t max)
{
	struct error why;
	size_t size = max < INPUT_BLOCK_BYTES ? (size_t)max : INPUT_BLOCK_BYTES;
	if (!input_read(&stream->input, stream->block, size, &stream->len, &why))
		stream_fail(stream, &why);
	stay_within(stream);
}

static bool stream_has_more(const struct stream *stream)
{
	return !*stream->err.text && stream->next < stream->what->file_count;
}

/* What PowerShell's `>` writes. */
static bool is_utf16(struct slice head)
{
	return slice_starts(head, SLICE("\xff\xfe")) || slice_starts(head, SLICE("\xfe\xff"));
}

static bool detect(struct session *session, const struct stream *stream, struct error *err)
{
	size_t head = stream->len < DETECT_BYTES ? stream->len : DETECT_BYTES;
	session->source.format = vmxlog_detect((struct slice){ stream->block, head }, stream->len <= DETECT_BYTES);
	/* A member that the end of its archive cut is that one's trouble. */
	bool is_known = session->source.format != LOG_EMPTY && session->source.format != LOG_UNKNOWN;
	session->is_other = !is_known && (!*stream->err.text || (session->what->member && stream->len));
	if (session->source.format == LOG_EMPTY)
		return error_set(err, "is empty, expected a vmware.log or kernel text");
	if (session->source.format == LOG_UNKNOWN && is_utf16((struct slice){ stream->block, head }))
		return error_set(err, "is UTF-16 text: convert it first (iconv -f UTF-16 -t UTF-8)");
	if (session->source.format == LOG_UNKNOWN)
		return error_set(err, "is neither a vmware.log nor kernel text");
	return true;
}

/* A large vmware.log is looked through by several threads; of kernel text every line counts. */
static struct read_ahead *begin_read_ahead(const struct session *session, const struct stream *stream)
{
	uint64_t offset, rest;
	bool is_large = session->errands && session->source.format == LOG_VMWARE && !*stream->err.text &&
			input_measure(&stream->input, &offset, &rest) && rest >= READ_AHEAD_MIN_BYTES;
	/* Without memory for it the file is read all the same. */
	return is_large ? read_ahead_new(stream->input.fd, offset, session->errands) : NULL;
}

static bool feed_block(struct session *session, struct stream *stream, struct vmxlog_reader *reader, struct slice block,
		       const struct vmxlog_hints *hints, struct error *err)
{
	if (session->bytes)
		*session->bytes += block.len;
	stream->last_byte = block.ptr[block.len - 1];
	return vmxlog_reader_feed_hinted(reader, block, hints, err);
}

/* Feeds what stands in front of `end`, of which *at bytes were fed. False only when memory is out. */
static bool feed_up_to(struct session *session, struct stream *stream, struct vmxlog_reader *reader, uint64_t end,
		       uint64_t *at, struct error *err)
{
	while (*at < end && stream->len) {
		size_t len = stream->len < end - *at ? stream->len : (size_t)(end - *at);
		if (!feed_block(session, stream, reader, (struct slice){ stream->block, len }, NULL, err))
			return false;
		*at += len;
		stream->len = 0;
		if (*at < end && !*stream->err.text)
			stream_read(stream, end - *at);
	}
	return true;
}

/* Goes on there, with a block of so many bytes at most. */
static void stream_go_on(struct stream *stream, uint64_t at, uint64_t max)
{
	struct error why;
	stream->len = 0;
	stream->left = limit_of(stream->what, stream->next - 1) - at;
	if (input_go_on(&stream->input, at, &why))
		stream_read(stream, max);
	else
		stream_fail(stream, &why);
}

/* Reads around what an earlier scan passed over. False only when memory is out. */
static bool feed_around(struct session *session, struct stream *stream, struct vmxlog_reader *reader,
			const struct passed *known, struct error *err)
{
	uint64_t at = 0;
	for (size_t i = 0; i < known->count && !*stream->err.text; i++) {
		const struct passed_run *run = &known->runs[i];
		if (!feed_up_to(session, stream, reader, run->from, &at, err))
			return false;
		if (at == run->from && vmxlog_reader_pass(reader, run)) {
			at += run->len;
			stream->last_byte = '\n';
		}
		stream_go_on(stream, at, i + 1 < known->count ? known->runs[i + 1].from - at : UINT64_MAX);
	}
	return true;
}

static struct known_file *known_file(const struct stream *stream)
{
	const struct source *what = stream->what;
	struct slice name = what->folder ? what->files[stream->next - 1] : SLICE("");
	for (size_t i = 0; what->known && i < what->known->count; i++)
		if (slice_equal(what->known->items[i].name, name))
			return &what->known->items[i];
	return NULL;
}

/* What was passed over depends on what stands before it. And a file of so many bytes may have been cut short
 * just now. */
static bool may_step_over(const struct stream *stream, const struct passed *known, uint64_t size)
{
	const struct passed_run *last = known->count ? &known->runs[known->count - 1] : NULL;
	uint64_t end = last ? last->from + last->len : 0;
	return last && !stream->any_grown && !*stream->err.text && end <= limit_of(stream->what, stream->next - 1) &&
	       end <= size;
}

/* The part of a file that is known. False only when memory is out. */
static bool feed_known(struct session *session, struct stream *stream, struct vmxlog_reader *reader, struct error *err)
{
	struct known_file *file = known_file(stream);
	uint64_t offset, rest;
	bool is_plain = file && input_measure(&stream->input, &offset, &rest);
	vmxlog_reader_begin_file(reader, is_plain ? &file->now : NULL);
	bool is_fed = !is_plain || !may_step_over(stream, &file->before, offset + rest) ||
		      feed_around(session, stream, reader, &file->before, err);
	stream->any_grown |= file && file->has_grown;
	return is_fed;
}

/* What is at hand, and what others have read behind it; if the file has grown meanwhile, the rest is read as of
 * any file. False only when memory is out. */
static bool feed_ahead(struct session *session, struct stream *stream, struct vmxlog_reader *reader,
		       struct read_ahead *ahead, struct error *err)
{
	struct slice block = { stream->block, stream->len };
	const struct vmxlog_hints *hints = NULL;
	struct error why;
	stream->len = 0;
	while (block.len) {
		if (!feed_block(session, stream, reader, block, hints, err))
			return false;
		block.len = 0;
		if (!*stream->err.text && !read_ahead_next(ahead, reader, &block, &hints, &why))
			stream_fail(stream, &why);
	}
	if (!*stream->err.text)
		stream_go_on(stream, read_ahead_offset(ahead), UINT64_MAX);
	return true;
}

/* One file, to its end. False only when memory is out. */
static bool feed_file(struct session *session, struct stream *stream, struct vmxlog_reader *reader, struct error *err)
{
	uint64_t at = 0;
	if (!feed_known(session, stream, reader, err))
		return false;
	struct read_ahead *ahead = begin_read_ahead(session, stream);
	bool is_fed = !ahead || feed_ahead(session, stream, reader, ahead, err);
	read_ahead_free(ahead);
	return is_fed && feed_up_to(session, stream, reader, UINT64_MAX, &at, err);
}

static void begin_part(struct session *session, const struct stream *stream, const struct vmxlog_reader *reader)
{
	struct vmxlog_totals totals = vmxlog_reader_totals(reader);
	struct source_parts *parts = &session->source.parts;
	session->parts[parts->count++] = (struct source_part){
		stream->what->files[stream->next - 1], totals.lines + 1, totals.bytes,
	};
}

/* A line that the end of its file cut must not run into the first one of the next. */
static bool end_line(struct session *session, const struct stream *stream, struct vmxlog_reader *reader,
		     struct error *err)
{
	if (!stream->last_byte || stream->last_byte == '\n')
		return true;
	session_mark_incomplete(session);
	return vmxlog_reader_feed(reader, SLICE("\n"), err);
}

/* All files, one behind the other. False only when memory is out. */
static bool feed(struct session *session, struct stream *stream, struct vmxlog_reader *reader, struct error *err)
{
	bool is_open = true;
	while (is_open) {
		if (stream->what->is_joined)
			begin_part(session, stream, reader);
		if (!feed_file(session, stream, reader, err))
			return false;
		stream_close(stream);
		is_open = stream_has_more(stream);
		if (is_open && !end_line(session, stream, reader, err))
			return false;
		is_open = is_open && stream_open(stream, false);
	}
	return true;
}

static bool prepare(struct session *session, const struct vmxlog_sink *sink, struct error *err)
{
	const struct source *what = session->what;
	for (size_t i = 0; i < what->setting_count; i++)
		sink->setting(sink->user, &what->settings[i]);
	if (!what->is_joined)
		return true;
	session->parts = arena_alloc(&session->arena, what->file_count * sizeof(*session->parts));
	session->source.parts.items = session->parts;
	return session->parts || error_out_of_memory(err);
}

static void note_files(struct session *session)
{
	const struct source_parts *parts = &session->source.parts;
	if (parts->count > 1)
		session_note(session, "read %.*s to %.*s, %zu logs of one run", SLICE_ARG(parts->items[0].path),
			     SLICE_ARG(parts->items[parts->count - 1].path), parts->count);
}

static bool run(struct session *session, struct stream *stream, struct boot_assembler *assembler, struct error *err)
{
	bool is_vmware = session->source.format == LOG_VMWARE;
	const struct vmxlog_sink *input = boot_assembler_input(assembler);
	if (is_vmware)
		input = sent_begin(&session->sent, session, input);
	struct vmxlog_reader *reader = vmxlog_reader_new(session->source.format, input, err);
	if (!reader)
		return false;
	bool is_fed = prepare(session, input, err) && feed(session, stream, reader, err);
	vmxlog_reader_finish(reader);
	if (is_vmware && !sent_end(&session->sent))
		is_fed = error_out_of_memory(err);
	struct error end;
	bool is_short = *stream->err.text != 0;
	bool is_cut = is_short || session->what->is_cut || vmxlog_reader_totals(reader).ends_without_newline;
	/* A reader that ran out of memory lost lines: the boot that was being read is not judged. */
	bool is_ended = is_fed && boot_assembler_finish(assembler, is_cut, &end);
	describe_source(session, assembler, reader);
	note_files(session);
	vmxlog_reader_free(reader);
	if (is_fed && (is_short || !is_ended))
		*err = is_short ? stream->err : end;
	return is_fed && is_ended && !is_short;
}

/* Boots on their way out learn which files they were read from. */
struct hand_over {
	const struct session *session;
	const struct boot_sink *sink;
};

static void hand_over_boot(void *user, const struct boot *boot)
{
	const struct hand_over *over = user;
	struct boot placed = *boot;
	placed.parts = over->session->source.parts;
	over->sink->boot(over->sink->user, &placed);
}

static bool hand_over_question(void *user, struct slice text)
{
	const struct hand_over *over = user;
	return over->sink->is_evidence(over->sink->user, text);
}

static bool assemble(struct session *session, struct stream *stream, const struct boot_sink *sink, struct error *err)
{
	struct hand_over over = { session, sink };
	const struct boot_sink own = { &over, hand_over_boot, sink->is_evidence ? hand_over_question : NULL };
	if (!stream_open(stream, session->take_archive != NULL)) {
		*err = stream->err;
		return false;
	}
	if (stream->input.archive) {
		session->is_other = session->is_archive = true;
		return session->take_archive(session->user, &stream->input,
					     (struct slice){ stream->block, stream->len }, err);
	}
	if (!detect(session, stream, err)) {
		if (*stream->err.text)
			*err = stream->err;
		return false;
	}
	struct boot_assembler *assembler = boot_assembler_new(session->source.format, &own, err);
	bool is_done = assembler && run(session, stream, assembler, err);
	boot_assembler_free(assembler);
	return is_done;
}

static bool read_stream(struct session *session, const struct boot_sink *sink, struct error *err)
{
	char *own = session->block ? NULL : aligned_alloc(INPUT_BLOCK_ALIGNMENT, INPUT_BLOCK_BYTES);
	struct stream stream = { .what = session->what, .block = own ? own : session->block };
	if (session->what->error.len)
		error_set(err, "%.*s", SLICE_ARG(session->what->error));
	else if (!stream.block)
		error_out_of_memory(err);
	bool is_done = !*err->text && assemble(session, &stream, sink, err);
	stream_close(&stream);
	session->has_shrunk = stream.has_shrunk;
	free(own);
	return is_done;
}

bool session_read(struct session *session, const struct boot_sink *sink)
{
	struct error err = { 0 };
	bool is_done = read_stream(session, sink, &err);
	if (is_done && session->what->unread.len)
		is_done = error_set(&err, "%.*s", SLICE_ARG(session->what->unread));
	if (session->arena.failed)
		is_done = error_out_of_memory(&err);
	return is_done || session_fail(session, &err);
}
