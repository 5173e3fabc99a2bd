#include "cli/session.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "input/input.h"

#define NOTES_MAX (sizeof(((struct report_source *)0)->notes) / sizeof(struct slice))

void session_init(struct session *session, const char *path)
{
	*session = (struct session){ .arena = ARENA_INIT };
	session->source.path = slice_of(path);
	session->source.is_complete = true;
}

void session_deinit(struct session *session)
{
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
static bool fail(struct session *session, const struct error *err)
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
		{ HOST_RESUMED, "the VM was resumed at line %" PRIu64 ": the text of that boot is in an older log" },
		{ HOST_THROTTLED, "the host began to drop text of the guest at line %" PRIu64 },
		{ HOST_VMX_PANIC, "the host's own process failed at line %" PRIu64 ", not the guest" },
		{ HOST_FIRMWARE_FAILED, "the firmware found nothing to boot at line %" PRIu64 },
		{ HOST_OTHER_OS_CRASH, "a system that is not Linux crashed in the guest at line %" PRIu64 },
	};
	for (size_t i = 0; i < sizeof(notes) / sizeof(*notes); i++) {
		const struct host_event *event = boot_event(whole, notes[i].kind);
		if (!event)
			continue;
		struct slice text = arena_printf(&session->arena, notes[i].text, event->line);
		session_note(session, "%.*s", SLICE_ARG(text));
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
	source->vm_name = setting_text(session, &whole, "displayName");
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
	struct input input;
	char *block;
	size_t len; /* of what is in the block */
};

static bool detect(struct session *session, const struct stream *stream, struct error *err)
{
	size_t head = stream->len < DETECT_BYTES ? stream->len : DETECT_BYTES;
	session->source.format = vmxlog_detect((struct slice){ stream->block, head }, stream->len <= DETECT_BYTES);
	if (session->source.format == LOG_EMPTY)
		return error_set(err, "is empty, expected a vmware.log or kernel text");
	if (session->source.format == LOG_UNKNOWN)
		return error_set(err, "is neither a vmware.log nor kernel text");
	return true;
}

static bool feed(struct stream *stream, struct vmxlog_reader *reader, struct error *err)
{
	while (stream->len) {
		if (!vmxlog_reader_feed(reader, (struct slice){ stream->block, stream->len }, err) ||
		    !input_read(&stream->input, stream->block, INPUT_BLOCK_BYTES, &stream->len, err))
			return false;
	}
	return true;
}

static bool run(struct session *session, struct stream *stream, struct boot_assembler *assembler, struct error *err)
{
	struct vmxlog_reader *reader = vmxlog_reader_new(session->source.format, boot_assembler_input(assembler), err);
	if (!reader)
		return false;
	/* What came before a read error is judged all the same. */
	bool is_read = feed(stream, reader, err);
	vmxlog_reader_finish(reader);
	struct error end;
	bool is_cut = !is_read || vmxlog_reader_totals(reader).ends_without_newline;
	bool is_ended = boot_assembler_finish(assembler, is_cut, &end);
	if (is_read && !is_ended)
		*err = end;
	describe_source(session, assembler, reader);
	vmxlog_reader_free(reader);
	return is_read && is_ended;
}

static bool assemble(struct session *session, struct stream *stream, const struct boot_sink *sink, struct error *err)
{
	if (!input_read_full(&stream->input, stream->block, INPUT_BLOCK_BYTES, &stream->len, err) ||
	    !detect(session, stream, err))
		return false;
	struct boot_assembler *assembler = boot_assembler_new(session->source.format, sink, err);
	bool is_done = assembler && run(session, stream, assembler, err);
	boot_assembler_free(assembler);
	return is_done;
}

bool session_read(struct session *session, const struct boot_sink *sink)
{
	struct error err = { 0 };
	struct slice path = session->source.path;
	struct stream stream = { .block = malloc(INPUT_BLOCK_BYTES) };
	bool is_done = stream.block ? input_open(&stream.input, path.ptr, &err) : error_out_of_memory(&err);
	if (is_done) {
		is_done = assemble(session, &stream, sink, &err);
		input_close(&stream.input);
	}
	free(stream.block);
	if (session->arena.failed)
		is_done = error_out_of_memory(&err);
	return is_done || fail(session, &err);
}
