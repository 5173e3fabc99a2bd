/* A log that has grown, read around what was passed over when it was shorter. */
#ifndef GROWN_H
#define GROWN_H

#include "vmxlog/reader.h"

typedef void grown_feed(struct vmxlog_reader *reader, struct slice block);

static inline void grown_note_guest(void *user, const struct guest_line *line)
{
	(void)user, (void)line;
}

static inline void grown_note_event(void *user, const struct host_event *event)
{
	(void)user, (void)event;
}

static inline void grown_note_setting(void *user, const struct vm_setting *setting)
{
	(void)user, (void)setting;
}

/* What a scan of the first bytes remembers of them, runs of any length. False when memory is out. */
static inline bool grown_begin(enum log_format format, struct slice front, struct passed *ret, grown_feed *feed)
{
	const struct vmxlog_sink sink = { NULL, grown_note_guest, grown_note_event, grown_note_setting };
	struct vmxlog_reader *reader = vmxlog_reader_new(format, &sink, NULL);
	*ret = (struct passed){ .min_len = 1 };
	if (!reader)
		return false;
	vmxlog_reader_begin_file(reader, ret);
	if (front.len)
		feed(reader, front);
	vmxlog_reader_finish(reader);
	vmxlog_reader_free(reader);
	passed_end(ret, front.len);
	return true;
}

/* Feeds all of the text but what can be stepped over. */
static inline void grown_feed_rest(struct vmxlog_reader *reader, struct slice text, const struct passed *passed,
				   grown_feed *feed)
{
	uint64_t at = 0;
	for (size_t i = 0; i < passed->count; i++) {
		const struct passed_run *run = &passed->runs[i];
		if (run->from > at)
			feed(reader, slice_take(slice_skip(text, at), run->from - at));
		at = run->from;
		if (vmxlog_reader_pass(reader, run))
			at += run->len;
	}
	if (at < text.len)
		feed(reader, slice_skip(text, at));
}

#endif
