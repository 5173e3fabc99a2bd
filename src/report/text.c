/* The report for a person.
 *
 * Boots of a source are held back in groups that ended alike (group.h) and written when the source
 * ends, so that a boot loop is told once and what it came to stands first. The whole of the first
 * source is held until a second one comes: a single boot needs no heading that names its source,
 * several do. */
#include "report/report.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/limits.h"
#include "report/boot_text.h"
#include "report/group.h"
#include "report/history.h"
#include "report/redact.h"

#define NAME_BYTES (64 * KIB)
/* Of a boot's text; more than this is written at once. An ordinary one has 8 KiB. */
#define HELD_BYTES (256 * KIB)

/* What stands in `held`. */
enum held { HELD_NOTHING, HELD_BOOT, HELD_NO_BOOT, HELD_ERROR };

struct report {
	struct report_output output;
	struct redactor *redactor;   /* NULL: nothing is redacted */
	struct page page;
	struct groups groups;        /* of the source that is being read */
	struct history history;
	unsigned counts[VERDICT_PANIC + 1];
	bool has_heading;            /* that source; pieces of it have been written */
	bool any_written;
	enum held held;              /* the first source, while it is all there is and needs no heading */
	struct buf held_path, held_label;
	struct buf held_text;        /* its one boot, or what is said in place of a boot */
	struct buf held_summary;     /* the words behind its path */
	struct buf held_end;         /* notes, rendered */
};

/* Sending. */

static bool report_failed(const struct report *report)
{
	return page_failed(&report->page) || groups_failed(&report->groups) || report->history.failed ||
	       report->history.evidence.failed || report->held_path.failed || report->held_label.failed ||
	       report->held_text.failed || report->held_summary.failed || report->held_end.failed;
}

static bool send(struct report *report, struct slice bytes, struct error *err)
{
	if (report_failed(report))
		return error_out_of_memory(err);
	report->any_written |= bytes.len != 0;
	return report->output.write(report->output.user, bytes) ||
	       error_set(err, "the report could not be written");
}

static bool send_page(struct report *report, struct error *err)
{
	bool is_sent = send(report, buf_slice(&report->page.out), err);
	buf_clear(&report->page.out);
	return is_sent;
}

static struct slice path_words(struct slice path)
{
	return slice_is(path, "-") ? SLICE("standard input") : path;
}

static void put_heading(struct page *page, struct slice path, struct slice label)
{
	page_put(page, STYLE_HEADING, path_words(path));
	if (!label.len)
		return;
	page_put(page, STYLE_PLAIN, SLICE(" ("));
	page_put(page, STYLE_PLAIN, label);
	page_put(page, STYLE_PLAIN, SLICE(")"));
}

static void write_heading(struct report *report, struct slice path, struct slice label)
{
	if (report->any_written)
		page_newline(&report->page);
	put_heading(&report->page, path, label);
	page_newline(&report->page);
}

/* The last lines of a source's report: "vmware.log: VM web, 4120 lines, 512 of them the guest's".
 * Under a heading the path has been said. */
static void write_summary(struct page *page, struct slice path, struct slice label, struct slice summary)
{
	struct buf line = BUF_INIT(4 * NAME_BYTES);
	buf_append(&line, slice_take(path_words(path), NAME_BYTES));
	if (label.len)
		buf_printf(&line, " (%.*s)", SLICE_ARG(label));
	if (path.len)
		buf_text(&line, ": ");
	buf_append(&line, summary);
	page_newline(page);
	page_wrap(page, STYLE_DIM, 2, buf_slice(&line));
	page_newline(page);
	page->out.failed |= line.failed;
	buf_deinit(&line);
}

/* Ends the waiting for a second source: it came (`is_among`), or the report ends. */
static bool release_held(struct report *report, bool is_among, struct error *err)
{
	enum held held = report->held;
	struct slice path = buf_slice(&report->held_path), label = buf_slice(&report->held_label);
	report->held = HELD_NOTHING;
	if (held == HELD_NOTHING)
		return true;
	if (held == HELD_BOOT && is_among) {
		write_heading(report, path, label);
		page_newline(&report->page);
	}
	buf_append(&report->page.out, buf_slice(&report->held_text));
	if (held == HELD_BOOT)
		write_summary(&report->page, is_among ? SLICE("") : path, is_among ? SLICE("") : label,
			      buf_slice(&report->held_summary));
	buf_append(&report->page.out, buf_slice(&report->held_end));
	return send_page(report, err);
}

/* Boots. */

/* A gap and the group, under the heading that several boots need. */
static bool send_group(struct report *report, const struct report_source *source, struct error *err)
{
	if (!release_held(report, true, err))
		return false;
	if (!report->has_heading)
		write_heading(report, source->path, source->label);
	report->has_heading = true;
	page_newline(&report->page);
	groups_write_first(&report->groups, &report->page, source->boot_count);
	return send_page(report, err);
}

static void say_recovery(struct report *report, const struct report_source *source)
{
	const struct history *history = &report->history;
	struct page *page = &report->page;
	struct buf text = BUF_INIT(NAME_BYTES);
	if (!history->has_recovered || history->last_number != source->boot_count)
		return;
	buf_text(&text, "repaired since, or not yet failed. ");
	buf_append(&text, buf_slice(&history->evidence));
	page_newline(page);
	page_printf(page, STYLE_GOOD, "The last boot (%u of %u) shows no failure: ", history->last_number,
		    source->boot_count);
	page_wrap(page, STYLE_PLAIN, 2, buf_slice(&text));
	page_newline(page);
	page->out.failed |= text.failed;
	buf_deinit(&text);
}

static bool take_boot(struct report *report, const struct report_source *source, const struct diagnosis *diagnosis,
		      struct slice body, struct error *err)
{
	struct groups *groups = &report->groups;
	struct buf kept = BUF_INIT(REPORT_BYTES);
	bool is_done = true;
	buf_append(&kept, body);
	buf_clear(&report->page.out);
	if (groups_are_full_for(groups, diagnosis, buf_slice(&kept)))
		is_done = send_group(report, source, err);
	groups_take(groups, diagnosis, buf_slice(&kept));
	while (is_done && kept.len > HELD_BYTES && groups->count)
		is_done = send_group(report, source, err);
	report->page.out.failed |= kept.failed;
	buf_deinit(&kept);
	return is_done;
}

/* What is said of a whole source. */

static void put_counts(struct buf *line, const struct report *report, unsigned boot_count)
{
	unsigned told = 0;
	for (unsigned verdict = 0; verdict <= VERDICT_PANIC; verdict++)
		told += report->counts[verdict];
	buf_printf(line, "; %u boots", boot_count);
	if (told < boot_count)
		buf_printf(line, ", %u of them here", told);
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
	const struct vmxlog_totals *totals = &source->totals;
	if (source->vm_name.len) {
		buf_text(line, "VM ");
		buf_append(line, source->vm_name);
		buf_text(line, ", ");
	}
	if (totals->guest_lines < totals->lines)
		buf_printf(line, "%" PRIu64 " lines, %" PRIu64 " of them the guest's", totals->lines, totals->guest_lines);
	else
		buf_printf(line, "%" PRIu64 " lines, all of them the guest's", totals->lines);
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

static void write_source_end(struct page *page, const struct report_source *source)
{
	write_notes(page, source);
	if (!source->error.len)
		return;
	page_put(page, STYLE_DANGER, SLICE("reading stopped: "));
	page_wrap(page, STYLE_PLAIN, 2, source->error);
	page_newline(page);
}

static void write_bare_source(struct page *page, const struct report_source *source)
{
	struct slice otherwise = source->boot_count ? SLICE("none of its boots was asked for")
						    : SLICE("no boot in this log");
	put_heading(page, source->path, source->label);
	page_put(page, STYLE_PLAIN, SLICE(": "));
	page_wrap(page, STYLE_PLAIN, 2, source->error.len ? source->error : otherwise);
	page_newline(page);
	write_notes(page, source);
}

/* Moves what stands on the page. */
static void hold(struct buf *held, struct page *page)
{
	buf_append(held, buf_slice(&page->out));
	buf_clear(&page->out);
}

static void hold_source(struct report *report, const struct report_source *source, enum held kind)
{
	report->held = kind;
	buf_append(&report->held_path, source->path);
	buf_append(&report->held_label, source->label);
	if (kind != HELD_BOOT) {
		write_bare_source(&report->page, source);
		hold(&report->held_text, &report->page);
		return;
	}
	groups_write_first(&report->groups, &report->page, source->boot_count);
	hold(&report->held_text, &report->page);
	put_summary(&report->held_summary, report, source);
	write_source_end(&report->page, source);
	hold(&report->held_end, &report->page);
}

static bool end_bare_source(struct report *report, const struct report_source *source, struct error *err)
{
	if (!release_held(report, true, err))
		return false;
	page_newline(&report->page);
	write_bare_source(&report->page, source);
	return send_page(report, err);
}

static bool end_source(struct report *report, const struct report_source *source, struct error *err)
{
	if (!release_held(report, true, err))
		return false;
	if (!report->has_heading)
		write_heading(report, source->path, source->label);
	report->has_heading = true;
	say_recovery(report, source);
	while (report->groups.count)
		if (!send_group(report, source, err))
			return false;
	struct buf summary = BUF_INIT(2 * NAME_BYTES);
	put_summary(&summary, report, source);
	write_summary(&report->page, SLICE(""), SLICE(""), buf_slice(&summary));
	write_source_end(&report->page, source);
	report->page.out.failed |= summary.failed;
	buf_deinit(&summary);
	return send_page(report, err);
}

/* The interface. */

static void text_free(struct report *report)
{
	struct buf *bufs[] = { &report->held_path, &report->held_label, &report->held_text, &report->held_summary,
			       &report->held_end };
	for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++)
		buf_deinit(bufs[i]);
	page_deinit(&report->page);
	groups_deinit(&report->groups);
	history_deinit(&report->history);
	redactor_free(report->redactor);
	free(report);
}

static struct report *text_open(const struct report_output *output, const struct report_options *options,
				struct error *err)
{
	struct report *report = calloc(1, sizeof(*report));
	if (!report || (options->redact && !(report->redactor = redactor_new(err)))) {
		free(report);
		error_out_of_memory(err);
		return NULL;
	}
	report->output = *output;
	page_init(&report->page, options->width, options->color);
	report->page.redactor = report->redactor;
	groups_init(&report->groups);
	history_init(&report->history);
	report->held_path = report->held_label = report->held_summary = BUF_INIT(2 * NAME_BYTES);
	report->held_text = report->held_end = BUF_INIT(REPORT_BYTES);
	return report;
}

static bool text_source_begin(struct report *report, const struct report_source *source, struct error *err)
{
	(void)err;
	report->has_heading = false;
	groups_clear(&report->groups);
	history_clear(&report->history);
	memset(report->counts, 0, sizeof(report->counts));
	redactor_learn_source(report->redactor, source);
	return true;
}

static bool text_boot(struct report *report, const struct report_source *source, const struct diagnosis *diagnosis,
		      struct error *err)
{
	report->counts[diagnosis->verdict]++;
	history_take(&report->history, diagnosis);
	redactor_learn_boot(report->redactor, diagnosis->boot);
	boot_text_body(&report->page, diagnosis);
	return take_boot(report, source, diagnosis, buf_slice(&report->page.out), err);
}

static bool text_source_end(struct report *report, const struct report_source *source, struct error *err)
{
	bool is_first = !report->any_written && report->held == HELD_NOTHING;
	bool has_boot = report->groups.count || report->has_heading;
	redactor_learn_source(report->redactor, source);
	if (is_first && report->groups.count <= 1) {
		hold_source(report, source, has_boot ? HELD_BOOT : source->error.len ? HELD_ERROR : HELD_NO_BOOT);
		return !report_failed(report) || error_out_of_memory(err);
	}
	return has_boot ? end_source(report, source, err) : end_bare_source(report, source, err);
}

static void write_redactions(struct report *report)
{
	struct buf counts = BUF_INIT(NAME_BYTES);
	redactor_print_counts(report->redactor, &counts);
	page_put(&report->page, STYLE_DIM, SLICE("redacted: "));
	page_wrap(&report->page, STYLE_DIM, 2, counts.len ? buf_slice(&counts) : SLICE("nothing that was known for a name"));
	page_wrap(&report->page, STYLE_DIM, 2, counts.len ? SLICE("; put the values back before you use a command") : SLICE(""));
	page_newline(&report->page);
	report->page.out.failed |= counts.failed;
	buf_deinit(&counts);
}

/* An input that could not be read, and nothing else, is the caller's to report. */
static bool text_close(struct report *report, struct error *err)
{
	if (!report)
		return true;
	bool is_done = report->held == HELD_ERROR || release_held(report, false, err);
	if (is_done && report->redactor && report->any_written) {
		write_redactions(report);
		is_done = send_page(report, err);
	}
	text_free(report);
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
