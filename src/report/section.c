#include "report/section.h"

#include <inttypes.h>

#include "diagnosis/explain.h"
#include "diagnosis/timeline.h"

/* Columns that "  1234.567890" and a clock need. */
#define GUEST_WIDTH 12
#define CLOCK_WIDTH 13
#define GAP_LINES 2

void section_heading(struct page *page, const char *title)
{
	page_newline(page);
	page_put(page, STYLE_HEADING, slice_of(title));
	page_newline(page);
}

void section_paragraph(struct page *page, const char *title, enum style style, struct slice text)
{
	if (!text.len)
		return;
	section_heading(page, title);
	page_column(page, SECTION_COLUMN);
	page_wrap(page, style, SECTION_COLUMN, text);
	page_newline(page);
}

/* ---- places ---- */

static int digits(uint64_t number)
{
	int count = 1;
	for (; number >= 10; number /= 10)
		count++;
	return count;
}

void section_measure_place(struct place_widths *widths, const struct diagnosis *diagnosis, uint64_t line)
{
	struct source_place place = source_place(&diagnosis->boot->parts, line, 0);
	if ((int)place.file.len > widths->file)
		widths->file = (int)place.file.len;
	if (digits(place.line) > widths->line)
		widths->line = digits(place.line);
}

void section_put_place(struct page *page, const struct diagnosis *diagnosis, uint64_t line, struct place_widths widths)
{
	struct source_place place = source_place(&diagnosis->boot->parts, line, 0);
	unsigned column = page->column + (unsigned)widths.file + (widths.file ? 1 : 0);
	if (!line) {
		page_column(page, column + (unsigned)widths.line + 7);
		return;
	}
	page_put(page, STYLE_DIM, place.file);
	if (place.file.len)
		page_column(page, column);
	page_printf(page, STYLE_DIM, "line %*" PRIu64 "  ", widths.line, place.line);
}

/* ---- the time line ---- */

/* "2024-02-24T02:07:22.350Z" is the day 2024-02-24 and the clock 02:07:22.350. */
struct wall {
	struct buf text;
	struct slice day, clock;
};

static void read_wall(struct wall *wall, struct stamp stamp)
{
	buf_clear(&wall->text);
	stamp_print(&wall->text, stamp);
	struct slice whole = buf_slice(&wall->text);
	size_t at = slice_find(whole, SLICE(":"));
	bool is_known = at != SLICE_NOT_FOUND && at >= 3;
	wall->day = is_known ? slice_take(whole, at - 3) : whole;
	wall->clock = is_known ? slice_take(slice_skip(whole, at - 2), 12) : SLICE("");
}

static void put_seconds(struct page *page, const struct timeline_event *event)
{
	if (event->has_time)
		page_printf(page, STYLE_PLAIN, "%5" PRIu64 ".%06" PRIu64, event->time_ns / 1000000000,
			    event->time_ns / 1000 % 1000000);
}

static void put_clock(struct page *page, const struct timeline_event *event, struct wall *wall)
{
	if (event->host.kind == STAMP_NONE)
		return;
	read_wall(wall, event->host);
	page_put(page, STYLE_DIM, event->is_estimated ? SLICE("~") : SLICE(" "));
	page_put(page, STYLE_DIM, wall->clock);
}

static enum style event_style(enum timeline_kind kind)
{
	switch (kind) {
	case TIMELINE_PANIC:
		return STYLE_PANIC;
	case TIMELINE_CRASH:
	case TIMELINE_ROOT_FAILED:
		return STYLE_FAILURE;
	default:
		return STYLE_PLAIN;
	}
}

static bool has_host_times(const struct timeline *timeline)
{
	for (size_t i = 0; i < timeline->count; i++)
		if (timeline->events[i].host.kind != STAMP_NONE)
			return true;
	return false;
}

static void put_event(struct page *page, const struct diagnosis *diagnosis, const struct timeline_event *event,
		      struct place_widths widths, struct wall *wall)
{
	unsigned column = SECTION_COLUMN;
	page_column(page, column);
	put_seconds(page, event);
	column += GUEST_WIDTH + 1;
	if (has_host_times(diagnosis->timeline)) {
		page_column(page, column);
		put_clock(page, event, wall);
		column += CLOCK_WIDTH + 1;
	}
	page_column(page, column + 1);
	section_put_place(page, diagnosis, event->line, widths);
	page_wrap_lines(page, event_style(event->kind), page->column, 3, event->text);
	page_newline(page);
}

/* A day of its own stands in front of the first of its events. */
static void write_events(struct page *page, const struct diagnosis *diagnosis, struct wall *wall)
{
	const struct timeline *timeline = diagnosis->timeline;
	struct place_widths widths = PLACE_WIDTHS_INIT;
	struct buf day = BUF_INIT(64);
	for (size_t i = 0; i < timeline->count; i++)
		section_measure_place(&widths, diagnosis, timeline->events[i].line);
	for (size_t i = 0; i < timeline->count; i++) {
		if (timeline->events[i].host.kind != STAMP_NONE) {
			read_wall(wall, timeline->events[i].host);
			if (!slice_equal(wall->day, buf_slice(&day))) {
				buf_clear(&day);
				buf_append(&day, wall->day);
				page_column(page, SECTION_COLUMN + GUEST_WIDTH + 2);
				page_put(page, STYLE_DIM, wall->day);
				page_newline(page);
			}
		}
		put_event(page, diagnosis, &timeline->events[i], widths, wall);
	}
	page->out.failed |= day.failed;
	buf_deinit(&day);
}

static void put_gap_end(struct page *page, const struct diagnosis *diagnosis, const char *word, uint64_t line,
			struct slice text, struct place_widths widths)
{
	page_column(page, SECTION_COLUMN + GUEST_WIDTH);
	page_printf(page, STYLE_DIM, "%-7s  ", word);
	section_put_place(page, diagnosis, line, widths);
	page_wrap_lines(page, STYLE_PLAIN, page->column, GAP_LINES, text);
	page_newline(page);
}

static void write_gaps(struct page *page, const struct diagnosis *diagnosis)
{
	const struct timeline *timeline = diagnosis->timeline;
	struct place_widths widths = PLACE_WIDTHS_INIT;
	if (timeline->is_broken)
		section_paragraph(page, "Longest gaps", STYLE_DIM,
				  SLICE("Records are missing in the middle of this boot: a gap in its text is not one in its time."));
	else if (timeline->gap_count)
		section_heading(page, "Longest gaps");
	for (size_t i = 0; i < timeline->gap_count; i++) {
		section_measure_place(&widths, diagnosis, timeline->gaps[i].from_line);
		section_measure_place(&widths, diagnosis, timeline->gaps[i].to_line);
	}
	for (size_t i = 0; i < timeline->gap_count; i++) {
		const struct timeline_gap *gap = &timeline->gaps[i];
		page_printf(page, STYLE_PLAIN, "%8" PRIu64 ".%" PRIu64 " s", gap->length_ms / 1000,
			    gap->length_ms / 100 % 10);
		put_gap_end(page, diagnosis, "between", gap->from_line, gap->from, widths);
		put_gap_end(page, diagnosis, "and", gap->to_line, gap->to, widths);
	}
}

static void write_legend(struct page *page, const struct timeline *timeline)
{
	bool any_estimated = false;
	for (size_t i = 0; i < timeline->count; i++)
		any_estimated |= timeline->events[i].is_estimated;
	page_column(page, SECTION_COLUMN);
	page_wrap(page, STYLE_DIM, SECTION_COLUMN,
		  any_estimated ? SLICE("Seconds of the guest's kernel, then the host's clock; ~ is worked out from the moment at "
					"which the host got the text.")
		  : has_host_times(timeline) ? SLICE("Seconds of the guest's kernel, then the host's clock.")
					     : SLICE("Seconds of the guest's kernel."));
	page_newline(page);
}

void section_timeline(struct page *page, const struct diagnosis *diagnosis)
{
	struct wall wall = { .text = BUF_INIT(64) };
	if (!diagnosis->timeline || !diagnosis->timeline->count)
		return;
	section_heading(page, "Time line");
	write_legend(page, diagnosis->timeline);
	write_events(page, diagnosis, &wall);
	write_gaps(page, diagnosis);
	page->out.failed |= wall.text.failed;
	buf_deinit(&wall.text);
}

/* ---- the kernel's side, and what else it might have been ---- */

static void write_rejections(struct page *page, const struct explanation *explanation)
{
	if (explanation->rejection_count)
		section_heading(page, "Why nothing else");
	for (size_t i = 0; i < explanation->rejection_count; i++) {
		page_column(page, SECTION_COLUMN);
		page_put(page, STYLE_DIM, SLICE("- "));
		page_put(page, STYLE_PLAIN, explanation->rejections[i].what);
		page_put(page, STYLE_PLAIN, SLICE(": "));
		page_wrap(page, STYLE_PLAIN, SECTION_COLUMN + 2, explanation->rejections[i].reason);
		page_newline(page);
	}
}

void section_explanation(struct page *page, const struct diagnosis *diagnosis)
{
	const struct explanation *explanation = diagnosis->explanation;
	if (!explanation)
		return;
	if (explanation->path) {
		section_paragraph(page, "What the kernel did", STYLE_PLAIN, slice_of(explanation->path->text));
		page_column(page, SECTION_COLUMN);
		page_wrap(page, STYLE_DIM, SECTION_COLUMN, slice_of(explanation->path->source));
		page_newline(page);
	}
	write_rejections(page, explanation);
	section_paragraph(page, "Rules", STYLE_PLAIN, explanation->asked);
	section_paragraph(page, "Left open", STYLE_PLAIN, explanation->not_judged);
}
