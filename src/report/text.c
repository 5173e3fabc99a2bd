/* The report for a person. Boots are written as they come; three things are held back:
 *
 *   - the first piece of all, until a second one comes: a single boot needs no heading that
 *     names its source, several do;
 *   - silent boots in a row, which become one piece;
 *   - of boots that failed the same way one after the other, all but the first are one line. */
#include "report/report.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/limits.h"
#include "report/boot_text.h"

#define REMEMBERED_BYTES (64 * KIB)

/* Silent boots in a row about which the same is to be said. */
struct silent_run {
	unsigned first, last; /* 0: no run */
	bool is_complete;
};

/* Copies of what ends with the boot or the source that it was said of. */
enum memo {
	MEMO_HELD_PATH,
	MEMO_RUN_TITLE,
	MEMO_RUN_SILENCE,
	MEMO_EXPLAINED,       /* why a boot was silent, as this source's report said last */
	MEMO_FINGERPRINT,     /* of the last failure that was told */
	MEMO_TITLE,
	MEMO_COUNT
};

/* How a piece stands apart from the one before: one-line pieces in a row stand together. */
enum shape { SHAPE_BLOCK, SHAPE_LINE };

enum held { HELD_NOTHING, HELD_BOOT, HELD_NO_BOOT, HELD_ERROR };

struct report {
	struct report_output output;
	struct page page;
	enum held held;              /* what the first piece is, while it is all there is */
	struct buf held_text;
	bool any_written;
	bool has_heading;            /* the source that is being read */
	enum shape shape;            /* of the piece that is being written, and of the last one */
	enum shape last_shape;
	struct silent_run run;
	unsigned told_number;        /* of the boot whose failure was told last; 0: none of this source */
	struct buf memos[MEMO_COUNT];
	unsigned counts[VERDICT_PANIC + 1];
};

/* Pieces. */

static void remember(struct report *report, enum memo memo, struct slice text)
{
	buf_clear(&report->memos[memo]);
	buf_append(&report->memos[memo], slice_take(text, REMEMBERED_BYTES));
}

static struct slice recall(const struct report *report, enum memo memo)
{
	return buf_slice(&report->memos[memo]);
}

static bool report_failed(const struct report *report)
{
	bool failed = page_failed(&report->page) || report->held_text.failed;
	for (size_t i = 0; i < MEMO_COUNT; i++)
		failed |= report->memos[i].failed;
	return failed;
}

static struct slice path_words(struct slice path)
{
	return slice_is(path, "-") ? SLICE("standard input") : path;
}

static bool send(struct report *report, struct slice bytes, struct error *err)
{
	if (report_failed(report))
		return error_out_of_memory(err);
	report->any_written |= bytes.len != 0;
	if (report->output.write(report->output.user, bytes))
		return true;
	return error_set(err, "the report could not be written");
}

static bool send_heading(struct report *report, struct slice path, struct error *err)
{
	struct page line;
	page_init(&line, report->page.width, report->page.color);
	if (report->any_written)
		page_newline(&line);
	page_put(&line, STYLE_HEADING, path_words(path));
	page_newline(&line);
	bool is_sent = page_failed(&line) ? error_out_of_memory(err) : send(report, buf_slice(&line.out), err);
	page_deinit(&line);
	return is_sent;
}

static bool release_held(struct report *report, struct error *err)
{
	enum held held = report->held;
	report->held = HELD_NOTHING;
	if (held == HELD_NOTHING)
		return true;
	if (held == HELD_BOOT &&
	    !(send_heading(report, recall(report, MEMO_HELD_PATH), err) && send(report, SLICE("\n"), err)))
		return false;
	return send(report, buf_slice(&report->held_text), err);
}

static bool send_gap(struct report *report, struct error *err)
{
	bool is_close = report->shape == SHAPE_LINE && report->last_shape == SHAPE_LINE;
	return is_close || send(report, SLICE("\n"), err);
}

/* Takes what stands on the page as a new piece of the report. */
static bool end_piece(struct report *report, const struct report_source *source, enum held kind, struct error *err)
{
	bool is_first = !report->any_written && report->held == HELD_NOTHING;
	if (is_first) {
		report->held = kind;
		remember(report, MEMO_HELD_PATH, source->path);
		buf_append(&report->held_text, buf_slice(&report->page.out));
	} else if (!release_held(report, err) ||
		   (kind == HELD_BOOT && !report->has_heading && !send_heading(report, source->path, err)) ||
		   !send_gap(report, err) || !send(report, buf_slice(&report->page.out), err)) {
		return false;
	}
	report->last_shape = report->shape;
	report->shape = SHAPE_BLOCK;
	report->has_heading |= kind == HELD_BOOT;
	buf_clear(&report->page.out);
	return !report_failed(report) || error_out_of_memory(err);
}

/* Takes what stands on the page as more of the last piece. */
static bool continue_piece(struct report *report, struct error *err)
{
	bool is_done = true;
	if (report->held != HELD_NOTHING)
		buf_append(&report->held_text, buf_slice(&report->page.out));
	else
		is_done = send(report, buf_slice(&report->page.out), err);
	buf_clear(&report->page.out);
	return is_done;
}

/* Silent boots. */

/* The same explanation once a source is enough. */
static void explain_silence(struct report *report)
{
	struct slice silence = recall(report, MEMO_RUN_SILENCE);
	if (!silence.len || slice_equal(silence, recall(report, MEMO_EXPLAINED)))
		return;
	page_newline(&report->page);
	page_column(&report->page, 2);
	page_wrap(&report->page, STYLE_PLAIN, 2, silence);
	page_newline(&report->page);
	remember(report, MEMO_EXPLAINED, silence);
}

static bool end_run(struct report *report, const struct report_source *source, struct error *err)
{
	struct silent_run *run = &report->run;
	struct page *page = &report->page;
	if (!run->first)
		return true;
	unsigned indent = boot_text_verdict(page, VERDICT_SILENT, run->is_complete);
	if (run->first == run->last)
		page_printf(page, STYLE_PLAIN, "boot %u: ", run->first);
	else
		page_printf(page, STYLE_PLAIN, "boots %u-%u: ", run->first, run->last);
	page_wrap(page, STYLE_PLAIN, indent, recall(report, MEMO_RUN_TITLE));
	page_newline(page);
	explain_silence(report);
	run->first = 0;
	return end_piece(report, source, HELD_BOOT, err);
}

static bool run_goes_on(const struct report *report, const struct diagnosis *diagnosis)
{
	const struct silent_run *run = &report->run;
	return run->first && diagnosis->boot->number == run->last + 1 && run->is_complete == diagnosis->is_complete &&
	       slice_equal(boot_text_title(diagnosis), recall(report, MEMO_RUN_TITLE)) &&
	       slice_equal(diagnosis->silence, recall(report, MEMO_RUN_SILENCE));
}

static bool silent_boot(struct report *report, const struct report_source *source, const struct diagnosis *diagnosis,
			struct error *err)
{
	struct silent_run *run = &report->run;
	if (!run_goes_on(report, diagnosis)) {
		if (!end_run(report, source, err))
			return false;
		run->first = diagnosis->boot->number;
		run->is_complete = diagnosis->is_complete;
		remember(report, MEMO_RUN_TITLE, boot_text_title(diagnosis));
		remember(report, MEMO_RUN_SILENCE, diagnosis->silence);
	}
	run->last = diagnosis->boot->number;
	return true;
}

/* Boots with a story. */

static bool is_same_failure(const struct report *report, const struct diagnosis *diagnosis)
{
	return report->told_number && diagnosis->fingerprint.len &&
	       slice_equal(diagnosis->fingerprint, recall(report, MEMO_FINGERPRINT)) &&
	       slice_equal(boot_text_title(diagnosis), recall(report, MEMO_TITLE));
}

static void write_same_failure(struct page *page, const struct diagnosis *diagnosis, unsigned number)
{
	boot_text_verdict(page, diagnosis->verdict, diagnosis->is_complete);
	page_printf(page, STYLE_PLAIN, "boot %u", diagnosis->boot->number);
	if (boot_text_stamp(diagnosis->boot).kind != STAMP_NONE) {
		struct buf stamp = BUF_INIT(64);
		stamp_print(&stamp, boot_text_stamp(diagnosis->boot));
		page_put(page, STYLE_PLAIN, SLICE(" at "));
		page_put(page, STYLE_PLAIN, buf_slice(&stamp));
		page->out.failed |= stamp.failed;
		buf_deinit(&stamp);
	}
	page_printf(page, STYLE_PLAIN, ": the same failure as boot %u", number);
	page_newline(page);
}

static void write_boot(struct report *report, const struct diagnosis *diagnosis)
{
	if (is_same_failure(report, diagnosis)) {
		write_same_failure(&report->page, diagnosis, report->told_number);
		report->shape = SHAPE_LINE;
		return;
	}
	boot_text_write(&report->page, diagnosis);
	report->told_number = diagnosis->boot->number;
	remember(report, MEMO_FINGERPRINT, diagnosis->fingerprint);
	remember(report, MEMO_TITLE, boot_text_title(diagnosis));
}

/* What is said of a whole source. */

static void put_counts(struct buf *line, const struct report *report, unsigned boot_count)
{
	buf_printf(line, "; %u boots", boot_count);
	const char *separator = ": ";
	for (unsigned verdict = VERDICT_PANIC + 1; verdict-- > 0;) {
		if (!report->counts[verdict])
			continue;
		buf_printf(line, "%s%u %s", separator, report->counts[verdict], verdict_name(verdict));
		separator = ", ";
	}
}

static void put_summary(struct buf *line, const struct report *report, const struct report_source *source)
{
	/* Under a heading the path has been said. */
	if (report->held != HELD_NOTHING) {
		buf_append(line, path_words(source->path));
		buf_text(line, ": ");
	}
	if (source->vm_name.len) {
		buf_text(line, "VM ");
		buf_append(line, source->vm_name);
		buf_text(line, ", ");
	}
	buf_printf(line, "%" PRIu64 " lines, %" PRIu64 " of them the guest's", source->totals.lines,
		   source->totals.guest_lines);
	if (source->boot_count > 1)
		put_counts(line, report, source->boot_count);
}

static void write_notes(struct page *page, const struct report_source *source)
{
	for (size_t i = 0; i < source->note_count; i++) {
		page_put(page, STYLE_DIM, SLICE("note: "));
		page_wrap(page, STYLE_DIM, 6, source->notes[i]);
		page_newline(page);
	}
}

/* The last lines of a source's report: "vmware.log: VM web, 4120 lines, 512 of them the guest's". */
static void write_summary(struct report *report, const struct report_source *source)
{
	struct page *page = &report->page;
	struct buf line = BUF_INIT(REMEMBERED_BYTES);
	put_summary(&line, report, source);
	page_newline(page);
	page_wrap(page, STYLE_DIM, 2, buf_slice(&line));
	page_newline(page);
	page->out.failed |= line.failed;
	buf_deinit(&line);
	write_notes(page, source);
	if (source->error.len) {
		page_put(page, STYLE_DANGER, SLICE("reading stopped: "));
		page_wrap(page, STYLE_PLAIN, 2, source->error);
		page_newline(page);
	}
}

static void write_bare_source(struct page *page, const struct report_source *source)
{
	page_put(page, STYLE_HEADING, path_words(source->path));
	page_put(page, STYLE_PLAIN, SLICE(": "));
	page_wrap(page, STYLE_PLAIN, 2, source->error.len ? source->error : SLICE("no boot in this log"));
	page_newline(page);
	write_notes(page, source);
}

/* The interface. */

static struct report *text_open(const struct report_output *output, const struct report_options *options,
				struct error *err)
{
	struct report *report = calloc(1, sizeof(*report));
	if (!report) {
		error_out_of_memory(err);
		return NULL;
	}
	report->output = *output;
	page_init(&report->page, options->width, options->color);
	report->held_text = BUF_INIT(REPORT_BYTES);
	for (size_t i = 0; i < MEMO_COUNT; i++)
		report->memos[i] = BUF_INIT(REMEMBERED_BYTES);
	return report;
}

static bool text_source_begin(struct report *report, const struct report_source *source, struct error *err)
{
	(void)source, (void)err;
	report->has_heading = false;
	report->told_number = 0;
	buf_clear(&report->memos[MEMO_EXPLAINED]);
	memset(report->counts, 0, sizeof(report->counts));
	return true;
}

static bool text_boot(struct report *report, const struct report_source *source, const struct diagnosis *diagnosis,
		      struct error *err)
{
	report->counts[diagnosis->verdict]++;
	if (diagnosis->verdict == VERDICT_SILENT)
		return silent_boot(report, source, diagnosis, err);
	if (!end_run(report, source, err))
		return false;
	write_boot(report, diagnosis);
	return end_piece(report, source, HELD_BOOT, err);
}

static bool text_source_end(struct report *report, const struct report_source *source, struct error *err)
{
	if (!end_run(report, source, err))
		return false;
	if (report->has_heading) {
		write_summary(report, source);
		return continue_piece(report, err);
	}
	write_bare_source(&report->page, source);
	return end_piece(report, source, source->error.len ? HELD_ERROR : HELD_NO_BOOT, err);
}

/* An input that could not be read, and nothing else, is the caller's to report. */
static bool text_close(struct report *report, struct error *err)
{
	if (!report)
		return true;
	bool is_done = report->held == HELD_NOTHING || report->held == HELD_ERROR ||
		       send(report, buf_slice(&report->held_text), err);
	page_deinit(&report->page);
	buf_deinit(&report->held_text);
	for (size_t i = 0; i < MEMO_COUNT; i++)
		buf_deinit(&report->memos[i]);
	free(report);
	return is_done;
}

const struct report_format report_text = {
	.name = "text",
	.open = text_open,
	.source_begin = text_source_begin,
	.boot = text_boot,
	.source_end = text_source_end,
	.close = text_close,
};
