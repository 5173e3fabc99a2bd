#include "vmxlog/reader.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "vmxlog/chatter.h"
#include "vmxlog/console.h"
#include "vmxlog/event.h"
#include "vmxlog/frame.h"
#include "vmxlog/guest.h"

#define THREAD_BYTES 64
/* A torn reset and the real one of the same boot are written within this time. */
#define TORN_BOOT_MS 2000

enum product { PRODUCT_UNKNOWN, PRODUCT_ESXI, PRODUCT_HOSTED };

/* What the bytes are made of. */
enum text_units {
	UNITS_UNKNOWN, /* kernel text whose first object of JSON, if it is one, has not ended */
	UNITS_LINES,
	UNITS_OBJECTS, /* of JSON */
};

/* The guest line that may still grow: its follow-ups are known only with the next lines. */
struct pending_line {
	bool is_active;
	struct buf text;
	struct guest_line line;
	char thread[THREAD_BYTES];
	size_t thread_len;
};

struct vmxlog_reader {
	enum log_format format;
	const struct vmxlog_sink *sink;
	struct buf carry;        /* the front of a line that the last block cut */
	uint64_t carry_offset;
	bool carry_is_overlong;
	struct vmxlog_totals totals;
	enum product product;
	bool section_is_ours;    /* the DICT section describes this VM */
	bool is_among_settings;  /* the last line was one */
	struct pending_line pending;
	enum guest_sender last_sender;
	struct console console;  /* LOG_KERNEL: all of its lines */
	struct json_cutter json;
	struct buf head;         /* LOG_KERNEL: what was read until it is clear whether it is JSON */
	enum text_units units;
	struct stamp torn_boot;
	bool boot_since_power_on;
	struct needles filter;   /* as long as the product is unknown it finds what tells it, too */
	struct vmxlog_stamp_memo stamp_memo;
	bool filter_is_off;
	struct passed *passed;   /* of the file that is being read; NULL: nobody wants to know */
	uint64_t file_offset;    /* where that file begins */
};

struct vmxlog_reader *vmxlog_reader_new(enum log_format format, const struct vmxlog_sink *sink, struct error *err)
{
	struct vmxlog_reader *reader = calloc(1, sizeof *reader);
	if (!reader) {
		error_out_of_memory(err);
		return NULL;
	}
	reader->format = format;
	reader->sink = sink;
	reader->section_is_ours = true;
	chatter_init(&reader->filter, true);
	reader->carry = BUF_INIT(LINE_MAX_BYTES);
	reader->pending.text = BUF_INIT(LINE_MAX_BYTES);
	reader->units = format == LOG_KERNEL ? UNITS_UNKNOWN : UNITS_LINES;
	reader->head = BUF_INIT(JSON_OBJECT_BYTES);
	console_init(&reader->console, sink);
	json_cutter_init(&reader->json);
	return reader;
}

void vmxlog_reader_free(struct vmxlog_reader *reader)
{
	if (!reader)
		return;
	buf_deinit(&reader->carry);
	buf_deinit(&reader->pending.text);
	buf_deinit(&reader->head);
	console_deinit(&reader->console);
	json_cutter_deinit(&reader->json);
	free(reader);
}

struct vmxlog_totals vmxlog_reader_totals(const struct vmxlog_reader *reader)
{
	struct vmxlog_totals totals = reader->totals;
	totals.guest_lines += reader->console.line_count;
	return totals;
}

/* ---- guest lines of vmware.log ---- */

static void flush_pending(struct vmxlog_reader *reader)
{
	struct pending_line *pending = &reader->pending;
	if (!pending->is_active)
		return;
	pending->is_active = false;
	struct guest_line *line = &pending->line;
	line->text = buf_slice(&pending->text);
	if (!line->text.len)
		return;
	line->sender = line->is_inner && !guest_is_kernel(line->text) ? reader->last_sender
								      : guest_classify(line->text);
	reader->last_sender = line->sender;
	reader->sink->guest(reader->sink->user, line);
}

static void start_pending(struct vmxlog_reader *reader, struct slice text, const struct source_line *at,
			  struct stamp host, bool is_inner)
{
	struct pending_line *pending = &reader->pending;
	pending->is_active = true;
	buf_clear(&pending->text);
	buf_append(&pending->text, text);
	pending->line = (struct guest_line){ .line = at->number, .offset = at->offset, .host = host,
					     .is_cut = at->is_cut, .is_inner = is_inner, .priority = -1 };
}

static bool is_follow_up(const struct vmxlog_reader *reader, const struct vmxlog_frame *frame)
{
	const struct pending_line *pending = &reader->pending;
	if (!pending->is_active || !stamp_equal(pending->line.host, frame->stamp) ||
	    !slice_equal(frame->thread, (struct slice){ pending->thread, pending->thread_len }) ||
	    slice_starts(frame->body, SLICE("<<< ")))
		return false;
	if (frame->continuation)
		return true;
	/* Families without a `+`, and Workstation 12.5, which writes the empty line with a colon. */
	return frame->family <= VMXLOG_F2 && (!frame->body.len || guest_is_kernel(frame->body));
}

static void take_follow_up(struct vmxlog_reader *reader, const struct vmxlog_frame *frame,
			   const struct source_line *at)
{
	if (!frame->body.len)
		return;
	reader->totals.guest_lines++;
	flush_pending(reader);
	start_pending(reader, frame->body, at, frame->stamp, true);
}

static void take_guest(struct vmxlog_reader *reader, const struct vmxlog_frame *frame, struct slice text,
		       const struct source_line *at)
{
	struct pending_line *pending = &reader->pending;
	reader->totals.guest_lines++;
	start_pending(reader, text, at, frame->stamp, false);
	pending->thread_len = frame->thread.len < THREAD_BYTES ? frame->thread.len : THREAD_BYTES;
	memcpy(pending->thread, frame->thread.ptr, pending->thread_len);
}

/* What is beyond LINE_MAX_BYTES is dropped, as of one long line. */
static void join_pending(struct vmxlog_reader *reader, struct slice text, bool is_cut)
{
	struct pending_line *pending = &reader->pending;
	size_t room = LINE_MAX_BYTES - pending->text.len;
	if (text.len > room)
		is_cut = reader->totals.any_overlong = true;
	buf_append(&pending->text, slice_take(text, room));
	pending->line.is_cut |= is_cut;
}

/* A line whose frame the end of the source has cut. */
static bool begins_frame(struct slice text)
{
	struct stamp stamp;
	return stamp_eat_iso(&text, &stamp) || stamp_eat_month(&text, &stamp);
}

/* A line without a frame. Behind guest text it is what a copy by hand made of one line: the
 * public Photon guide breaks its lines and indents the rest with a TAB. */
static void take_unframed(struct vmxlog_reader *reader, const struct source_line *at)
{
	struct pending_line *pending = &reader->pending;
	struct slice text = at->text;
	while (text.len && text.ptr[0] == '\t')
		text = slice_skip(text, 1);
	if (!text.len)
		return;
	if (!pending->is_active || (at->is_cut && begins_frame(text)))
		return;
	reader->totals.unframed_lines++;
	struct slice before = buf_slice(&pending->text);
	bool joins = !before.len || (char_is_blank(before.ptr[before.len - 1]) && !guest_is_kernel(text));
	if (joins) {
		join_pending(reader, text, at->is_cut);
		return;
	}
	struct stamp host = pending->line.host;
	flush_pending(reader);
	start_pending(reader, text, at, host, true);
}

/* ---- host lines of vmware.log ---- */

static void emit_setting(struct vmxlog_reader *reader, const char *key, struct slice value, uint64_t line)
{
	struct vm_setting setting = { slice_of(key), value, line };
	reader->sink->setting(reader->sink->user, &setting);
}

static void set_product(struct vmxlog_reader *reader, enum product product)
{
	if (reader->product == PRODUCT_UNKNOWN)
		chatter_init(&reader->filter, false);
	reader->product = product;
}

/* `Log for VMware ESX pid=81861 version=6.5.0 build=build-5969303 option=Release` */
static void take_header(struct vmxlog_reader *reader, struct slice body, uint64_t line)
{
	struct slice product = slice_word(&body), version;
	set_product(reader, slice_is(product, "ESX") ? PRODUCT_ESXI : PRODUCT_HOSTED);
	emit_setting(reader, "header.product", product, line);
	if (slice_after(body, SLICE("version="), &version))
		emit_setting(reader, "header.version", slice_word(&version), line);
}

/* Only these sections of DICT describe the VM; the others are the user's and the host's. */
static bool section_describes_vm(struct slice name)
{
	return slice_starts(name, SLICE("CONFIGURATION")) || slice_starts(name, SLICE("COMMAND LINE"));
}

static void take_setting(struct vmxlog_reader *reader, struct slice text, uint64_t line)
{
	struct vm_setting setting;
	if (!reader->section_is_ours || !setting_parse(text, &setting))
		return;
	setting.line = line;
	reader->sink->setting(reader->sink->user, &setting);
}

/* True when a CPU reset line begins a boot: each vCPU logs its own, and only vcpu-0's counts.
 * The thread of a torn line cannot be trusted: it counts where no boot was seen since the VM
 * was powered on. */
static bool is_boot(struct vmxlog_reader *reader, const struct vmxlog_frame *frame, struct slice body, bool is_torn)
{
	if (is_torn) {
		bool counts = !reader->boot_since_power_on && slice_starts(body, SLICE("CPU reset: hard"));
		if (counts)
			reader->torn_boot = frame->stamp;
		return counts;
	}
	if (!slice_is(frame->thread, "vcpu-0"))
		return false;
	bool is_same = reader->torn_boot.kind != STAMP_NONE &&
		       frame->stamp.time_ms - reader->torn_boot.time_ms < TORN_BOOT_MS;
	reader->torn_boot = (struct stamp){ 0 };
	return !is_same;
}

static void take_event(struct vmxlog_reader *reader, const struct vmxlog_frame *frame, const struct source_line *at)
{
	enum host_event_kind kind;
	struct slice body;
	bool is_torn;
	if (!event_recognise(frame, &kind, &body, &is_torn))
		return;
	if (kind == HOST_BOOT && !is_boot(reader, frame, body, is_torn))
		return;
	if (kind == HOST_BOOT)
		reader->boot_since_power_on = true;
	if (kind == HOST_POWERED_OFF)
		reader->boot_since_power_on = false;
	struct host_event event = { kind, body, at->number, at->offset, frame->stamp };
	reader->sink->event(reader->sink->user, &event);
}

/* False for a message that is none of these. */
static bool take_setting_line(struct vmxlog_reader *reader, struct slice body, uint64_t line)
{
	if (slice_eat(&body, SLICE("DICT "))) {
		body = slice_trim_left(body);
		if (slice_eat(&body, SLICE("--- ")))
			reader->section_is_ours = section_describes_vm(body);
		else
			take_setting(reader, body, line);
		return true;
	}
	if (!slice_eat(&body, SLICE("ConfigDB: Setting ")))
		return false;
	reader->section_is_ours = true;
	take_setting(reader, body, line);
	return true;
}

static void take_host(struct vmxlog_reader *reader, const struct vmxlog_frame *frame, const struct source_line *at)
{
	struct slice body = frame->body;
	reader->is_among_settings = take_setting_line(reader, body, at->number);
	if (reader->is_among_settings)
		return;
	if (slice_eat(&body, SLICE("Log for VMware ")))
		take_header(reader, body, at->number);
	else
		take_event(reader, frame, at);
}

/* F3 of ESXi has one word more than F3 of hosted products. The header says which it is; a
 * rotated file may have none, and then the lone `-` in that place does; not of a further line,
 * which a guest may have written. */
static bool parse_frame(struct vmxlog_reader *reader, struct slice text, struct vmxlog_frame *frame)
{
	if (!vmxlog_frame_parse_next(&reader->stamp_memo, text, reader->product == PRODUCT_ESXI, frame))
		return false;
	/* Behind a log of a hosted product somebody joined one of ESXi. */
	bool is_other = reader->product == PRODUCT_HOSTED && slice_starts(frame->body, SLICE("- Log for VMware "));
	bool is_unknown = reader->product == PRODUCT_UNKNOWN && slice_starts(frame->body, SLICE("- "));
	if ((is_other || is_unknown) && frame->family == VMXLOG_F3H && !frame->continuation) {
		set_product(reader, PRODUCT_ESXI);
		return vmxlog_frame_parse(text, true, frame);
	}
	return true;
}

static void take_vmware_line(struct vmxlog_reader *reader, const struct source_line *at)
{
	struct vmxlog_frame frame;
	reader->is_among_settings = false;
	if (!parse_frame(reader, at->text, &frame)) {
		take_unframed(reader, at);
		return;
	}
	if (is_follow_up(reader, &frame)) {
		take_follow_up(reader, &frame, at);
		return;
	}
	flush_pending(reader);
	struct slice text = frame.body;
	if (slice_eat(&text, SLICE("Guest: ")) || slice_is(text, "Guest:")) {
		take_event(reader, &frame, at);
		take_guest(reader, &frame, slice_is(text, "Guest:") ? SLICE("") : text, at);
	} else {
		take_host(reader, &frame, at);
	}
}

/* ---- bytes to lines ---- */

static struct slice trim_line_end(struct slice text)
{
	while (text.len && (text.ptr[text.len - 1] == '\r' || text.ptr[text.len - 1] == '\n'))
		text.len--;
	return text;
}

static void take_line(struct vmxlog_reader *reader, struct slice text, uint64_t offset, bool is_cut)
{
	struct source_line at = { trim_line_end(text), ++reader->totals.lines, offset, is_cut };
	if (reader->format == LOG_VMWARE)
		take_vmware_line(reader, &at);
	else
		console_take_line(&reader->console, &at);
}

/* What is beyond LINE_MAX_BYTES is dropped, and the line is known to be cut. */
static void carry_on(struct vmxlog_reader *reader, struct slice piece)
{
	size_t room = LINE_MAX_BYTES - reader->carry.len;
	if (piece.len > room)
		reader->carry_is_overlong = reader->totals.any_overlong = true;
	buf_append(&reader->carry, slice_take(piece, room));
}

static void note_passed(struct vmxlog_reader *reader, uint64_t offset, uint64_t len, uint64_t lines)
{
	if (reader->passed && lines)
		passed_add(reader->passed, (struct passed_run){ offset - reader->file_offset, len, lines });
}

/* No line is passed over that may belong to the one before. Behind a setting there is no need to try:
 * they come by the hundred, and the filter would stop at each. */
static bool may_filter(const struct vmxlog_reader *reader)
{
	return reader->format == LOG_VMWARE && !reader->filter_is_off && !reader->pending.is_active &&
	       !reader->is_among_settings;
}

static bool may_skip(const struct vmxlog_reader *reader)
{
	return may_filter(reader) && !reader->carry.len;
}

static void end_carry(struct vmxlog_reader *reader, bool is_cut)
{
	bool overlong = reader->carry_is_overlong;
	struct slice line = buf_slice(&reader->carry);
	reader->carry_is_overlong = false;
	if (!is_cut && !overlong && may_filter(reader) && chatter_is_noise(&reader->filter, line)) {
		note_passed(reader, reader->carry_offset, line.len + 1, 1);
		reader->totals.lines++;
	} else {
		take_line(reader, line, reader->carry_offset, is_cut || overlong);
	}
	buf_clear(&reader->carry);
}

static void take_whole_line(struct vmxlog_reader *reader, struct slice line, uint64_t offset)
{
	if (!reader->carry.len && line.len <= LINE_MAX_BYTES) {
		take_line(reader, line, offset, false);
		return;
	}
	if (!reader->carry.len)
		reader->carry_offset = offset;
	carry_on(reader, line);
	end_carry(reader, false);
}

/* Takes the line in front of the text, or what there is of it; returns its length, newline included. */
static size_t take_front(struct vmxlog_reader *reader, struct slice text)
{
	size_t end = slice_find_char(text, '\n');
	if (end == SLICE_NOT_FOUND) {
		if (!reader->carry.len)
			reader->carry_offset = reader->totals.bytes;
		carry_on(reader, text);
		reader->totals.bytes += text.len;
		return text.len;
	}
	take_whole_line(reader, slice_take(text, end), reader->totals.bytes);
	reader->totals.bytes += end + 1;
	return end + 1;
}

static void pass_over(struct vmxlog_reader *reader, uint64_t len, uint64_t lines)
{
	note_passed(reader, reader->totals.bytes, len, lines);
	reader->totals.lines += lines;
	reader->totals.bytes += len;
}

/* Passes over the chatter in front of whole lines; returns its length. */
static size_t skip_chatter(struct vmxlog_reader *reader, struct slice text)
{
	uint64_t lines = 0;
	if (!may_skip(reader))
		return 0;
	size_t len = chatter_skip(&reader->filter, text, &lines);
	pass_over(reader, len, lines);
	return len;
}

static void feed_lines(struct vmxlog_reader *reader, struct slice block)
{
	size_t at = 0, reach = 0;
	while (at < block.len) {
		if (at >= reach)
			reach = at + chatter_reach(slice_skip(block, at));
		at += skip_chatter(reader, slice_skip(slice_take(block, reach), at));
		at += take_front(reader, slice_skip(block, at));
	}
}

/* ---- hints ---- */

/* The words only get fewer: what is chatter now will be. */
void vmxlog_reader_begin_hints(const struct vmxlog_reader *reader, struct vmxlog_hints *hints)
{
	hints->words = reader->filter;
	hints->run_count = 0;
}

void vmxlog_find_hints(struct vmxlog_hints *hints, struct slice block)
{
	hints->run_count = chatter_find_runs(&hints->words, block, hints->runs, VMXLOG_RUNS_MAX);
}

/* The first line of a run ends what keeps the reader from passing over it: a guest line that waits for what may
 * follow, or a section of settings. */
static struct chatter_run feed_first_line(struct vmxlog_reader *reader, struct slice block, struct chatter_run run)
{
	size_t len = slice_find_char(slice_skip(block, run.from), '\n') + 1;
	feed_lines(reader, slice_take(slice_skip(block, run.from), len));
	return (struct chatter_run){ run.from + len, run.len - len, run.lines - 1 };
}

/* Returns where the block goes on. */
static size_t pass_run(struct vmxlog_reader *reader, struct slice block, struct chatter_run run)
{
	if (!may_skip(reader))
		run = feed_first_line(reader, block, run);
	if (!may_skip(reader))
		return run.from;
	pass_over(reader, run.len, run.lines);
	return run.from + run.len;
}

static void feed_around_runs(struct vmxlog_reader *reader, struct slice block, const struct vmxlog_hints *hints)
{
	size_t at = 0;
	for (size_t i = 0; i < hints->run_count; i++) {
		feed_lines(reader, slice_take(slice_skip(block, at), hints->runs[i].from - at));
		at = pass_run(reader, block, hints->runs[i]);
	}
	feed_lines(reader, slice_skip(block, at));
}

/* ---- what was read before ---- */

void vmxlog_reader_begin_file(struct vmxlog_reader *reader, struct passed *passed)
{
	reader->passed = passed;
	reader->file_offset = reader->totals.bytes;
}

bool vmxlog_reader_pass(struct vmxlog_reader *reader, const struct passed_run *run)
{
	if (!may_skip(reader))
		return false;
	pass_over(reader, run->len, run->lines);
	return true;
}

/* ---- bytes to objects ---- */

static void drop_head(struct vmxlog_reader *reader)
{
	bool failed = reader->head.failed;
	buf_deinit(&reader->head);
	reader->head.failed = failed;
}

/* It is not JSON after all: the bytes that went by are the front of its lines. */
static void begin_lines(struct vmxlog_reader *reader)
{
	reader->units = UNITS_LINES;
	reader->json.is_torn = false;
	feed_lines(reader, buf_slice(&reader->head));
	drop_head(reader);
}

static void take_object(struct vmxlog_reader *reader)
{
	struct json_cutter *json = &reader->json;
	struct source_line object = { buf_slice(&json->object), json->line, json->offset, false };
	if (json->is_overlong)
		reader->totals.any_overlong = true;
	else if (console_take_object(&reader->console, &object))
		reader->units = UNITS_OBJECTS;
}

/* Text that begins like JSON, up to the end of its first object. */
static void probe(struct vmxlog_reader *reader, struct slice *block)
{
	struct slice before = *block;
	enum json_cut cut = json_cutter_next(&reader->json, block);
	struct slice taken = slice_take(before, before.len - block->len);
	bool fits = reader->head.len + taken.len <= JSON_OBJECT_BYTES;
	if (fits)
		buf_append(&reader->head, taken);
	if (fits && cut == JSON_CUT_OBJECT)
		take_object(reader);
	if (!fits)
		*block = before;
	if (!fits || (cut != JSON_CUT_MORE && reader->units == UNITS_UNKNOWN))
		begin_lines(reader);
	else if (reader->units == UNITS_OBJECTS)
		drop_head(reader);
}

/* What follows a document need not be JSON: from there on it is lines. */
static void feed_objects(struct vmxlog_reader *reader, struct slice *block)
{
	enum json_cut cut = json_cutter_next(&reader->json, block);
	if (cut == JSON_CUT_OBJECT)
		take_object(reader);
	reader->totals.lines = reader->json.lines;
	reader->totals.bytes = reader->json.bytes;
	if (cut == JSON_CUT_FOREIGN)
		reader->units = UNITS_LINES;
}

bool vmxlog_reader_feed(struct vmxlog_reader *reader, struct slice block, struct error *err)
{
	return vmxlog_reader_feed_hinted(reader, block, NULL, err);
}

bool vmxlog_reader_feed_hinted(struct vmxlog_reader *reader, struct slice block, const struct vmxlog_hints *hints,
			       struct error *err)
{
	/* Only vmware.log has hints, and that is lines from its first byte on. */
	while (block.len && reader->units != UNITS_LINES) {
		if (reader->units == UNITS_UNKNOWN)
			probe(reader, &block);
		else
			feed_objects(reader, &block);
	}
	if (hints)
		feed_around_runs(reader, block, hints);
	else
		feed_lines(reader, block);
	bool failed = reader->carry.failed || reader->pending.text.failed || reader->head.failed ||
		      reader->json.object.failed || console_failed(&reader->console);
	return !failed || error_out_of_memory(err);
}

void vmxlog_reader_set_filter(struct vmxlog_reader *reader, bool on)
{
	reader->filter_is_off = !on;
}

void vmxlog_reader_flush(struct vmxlog_reader *reader)
{
	struct pending_line *pending = &reader->pending;
	bool may_grow = pending->is_active;
	flush_pending(reader);
	pending->is_active = may_grow;
	pending->line.is_inner = true;
	buf_clear(&pending->text);
}

/* The last line of JSON needs no end; a document, or an object, does. */
static void finish_objects(struct vmxlog_reader *reader)
{
	const struct json_cutter *json = &reader->json;
	if (json->ends_in_line)
		reader->totals.lines++;
	reader->totals.ends_without_newline |= json->depth > 0;
}

static bool waits_at_prompt(struct vmxlog_reader *reader)
{
	struct slice line = guest_strip_colour(&reader->console.plain, buf_slice(&reader->carry));
	return reader->format == LOG_KERNEL && guest_is_prompt(line);
}

void vmxlog_reader_finish(struct vmxlog_reader *reader)
{
	if (reader->units == UNITS_UNKNOWN)
		begin_lines(reader);
	if (reader->units == UNITS_OBJECTS)
		finish_objects(reader);
	if (reader->carry.len) {
		reader->totals.ends_without_newline = !waits_at_prompt(reader);
		end_carry(reader, reader->totals.ends_without_newline);
	}
	reader->totals.ends_without_newline |= reader->json.is_torn;
	flush_pending(reader);
	console_finish(&reader->console);
}
