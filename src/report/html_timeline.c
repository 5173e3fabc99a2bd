#include "report/html_timeline.h"

#include <inttypes.h>

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)
/* 1970 began on a Thursday, weeks begin on Mondays. */
#define ORIGIN_MS (-3 * DAY_MS)
/* No VM wrote a log then; a clock that was never set shows 1970. */
#define YEAR_MIN 1980
#define YEAR_MAX 2400
/* The drawing, in pixels: it is as wide as the page, a few bars are not. */
#define CHART_HEIGHT 120
#define CHART_TOP 22
#define SEGMENT_MIN 3
#define BAR_WIDTH_MAX 44
/* A chart of fewer bars is narrower than the page. */
#define BARS_WIDE 22
/* Below so many the labels of the first and the last would meet; empty places make room for one. */
#define BARS_LABELLED 6
#define PLACES_EMPTY 4

struct span {
	int64_t ms;
	const char *name;
};

/* Each a multiple of the one before; with the last one the bars reach from the first year to the last. */
static const struct span spans[] = {
	{ HOUR_MS, "hour" }, { 6 * HOUR_MS, "6 hours" }, { DAY_MS, "day" }, { 7 * DAY_MS, "week" },
	{ 28 * DAY_MS, "4 weeks" }, { 364 * DAY_MS, "52 weeks" }, { 3640 * DAY_MS, "520 weeks" },
};

const char *const html_timeline_verdicts[HTML_TIMELINE_VERDICTS] = { "panic", "reset", "hang", "oops" };

static int64_t floor_divide(int64_t value, int64_t divisor)
{
	return value / divisor - (value % divisor < 0);
}

/* Makes the bars wider; the numbers of several are then the same. */
static void widen(struct html_timeline *timeline)
{
	struct html_timeline wider = {
		.span = timeline->span + 1, .timed = timeline->timed, .untimed = timeline->untimed,
	};
	int64_t ratio = spans[wider.span].ms / spans[timeline->span].ms;
	wider.first = floor_divide(timeline->first, ratio);
	for (size_t i = 0; i < timeline->count; i++) {
		size_t at = (size_t)(floor_divide(timeline->first + (int64_t)i, ratio) - wider.first);
		for (size_t k = 0; k < HTML_TIMELINE_VERDICTS; k++)
			wider.bars[at].counts[k] += timeline->bars[i].counts[k];
		wider.count = at + 1;
	}
	*timeline = wider;
}

/* Makes room for the bar of that number; false when there are too many up to it. */
static bool reach(struct html_timeline *timeline, int64_t number)
{
	if (!timeline->count)
		timeline->first = number;
	int64_t first = number < timeline->first ? number : timeline->first;
	int64_t last = timeline->first + (int64_t)timeline->count - 1;
	if (number > last)
		last = number;
	if (last - first >= HTML_TIMELINE_BARS)
		return false;
	size_t shift = (size_t)(timeline->first - first);
	memmove(timeline->bars + shift, timeline->bars, timeline->count * sizeof(*timeline->bars));
	memset(timeline->bars, 0, shift * sizeof(*timeline->bars));
	timeline->first = first;
	timeline->count = (size_t)(last - first + 1);
	return true;
}

void html_timeline_take(struct html_timeline *timeline, struct slice verdict, struct slice stamp)
{
	struct stamp parsed;
	size_t row = 0;
	while (row < HTML_TIMELINE_VERDICTS && !slice_is(verdict, html_timeline_verdicts[row]))
		row++;
	bool has_time = html_read_stamp(stamp, &parsed);
	int year = has_time ? stamp_date(parsed).year : 0;
	if (row == HTML_TIMELINE_VERDICTS || year < YEAR_MIN || year > YEAR_MAX) {
		timeline->untimed++;
		return;
	}
	int64_t number = floor_divide(parsed.time_ms - ORIGIN_MS, spans[timeline->span].ms);
	while (!reach(timeline, number)) {
		widen(timeline);
		number = floor_divide(parsed.time_ms - ORIGIN_MS, spans[timeline->span].ms);
	}
	timeline->bars[number - timeline->first].counts[row]++;
	timeline->timed++;
}

static uint64_t bar_total(const struct html_bar *bar)
{
	uint64_t total = 0;
	for (size_t k = 0; k < HTML_TIMELINE_VERDICTS; k++)
		total += bar->counts[k];
	return total;
}

static uint64_t highest(const struct html_timeline *timeline)
{
	uint64_t most = 1;
	for (size_t i = 0; i < timeline->count; i++)
		if (bar_total(&timeline->bars[i]) > most)
			most = bar_total(&timeline->bars[i]);
	return most;
}

/* When bar `i` begins: "2025-02-18 06:00", "2025-02-18". */
static void put_start(struct html *html, const struct html_timeline *timeline, size_t i)
{
	int64_t ms = spans[timeline->span].ms;
	struct stamp stamp = { .time_ms = ORIGIN_MS + (timeline->first + (int64_t)i) * ms, .kind = STAMP_ABSOLUTE };
	struct stamp_date date = stamp_date(stamp);
	html_printf(html, "%04d-%02d-%02d", date.year, date.month, date.day);
	if (ms < DAY_MS)
		html_printf(html, " %02d:%02d", date.hour, date.minute);
}

static void put_verdicts(struct html *html, const struct html_bar *bar)
{
	const char *separator = "";
	for (size_t k = 0; k < HTML_TIMELINE_VERDICTS; k++) {
		if (!bar->counts[k])
			continue;
		html_printf(html, "%s%s ", separator, html_timeline_verdicts[k]);
		html_count(html, bar->counts[k]);
		separator = ", ";
	}
}

/* Bars and empty places behind them. */
static size_t place_count(const struct html_timeline *timeline)
{
	return timeline->count + (timeline->count < BARS_LABELLED ? PLACES_EMPTY : 0);
}

/* From the foot up, the worst at the foot. */
static void draw_bar(struct html *html, const struct html_timeline *timeline, size_t i, uint64_t most)
{
	const struct html_bar *bar = &timeline->bars[i];
	double step = 100.0 / (double)place_count(timeline);
	double foot = CHART_TOP + CHART_HEIGHT;
	html_raw(html, "<g><title>");
	put_start(html, timeline, i);
	html_raw(html, ": ");
	put_verdicts(html, bar);
	html_raw(html, "</title>\n");
	for (size_t k = 0; k < HTML_TIMELINE_VERDICTS; k++) {
		if (!bar->counts[k])
			continue;
		double height = (double)bar->counts[k] / (double)most * CHART_HEIGHT;
		height = height < SEGMENT_MIN ? SEGMENT_MIN : height;
		foot -= height;
		html_printf(html, "<rect class=\"%s\" x=\"%.3f%%\" y=\"%.1f\" width=\"%.3f%%\" height=\"%.1f\"/>\n",
			    html_timeline_verdicts[k], step * ((double)i + 0.1), foot, step * 0.8, height);
	}
	html_raw(html, "</g>\n");
}

static void draw_label(struct html *html, const struct html_timeline *timeline, size_t i, const char *x,
		       const char *anchor)
{
	html_printf(html, "<text x=\"%s\" y=\"%d\" text-anchor=\"%s\">", x, CHART_TOP + CHART_HEIGHT + 18, anchor);
	put_start(html, timeline, i);
	html_raw(html, "</text>\n");
}

/* One of the hatchings that tell the verdicts apart without their colours. */
static void define_hatching(struct html *html, const char *verdict, const char *lines)
{
	html_printf(html, "<pattern id=\"hatch-%s\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
			  "<rect class=\"ground\" width=\"6\" height=\"6\"/><path d=\"%s\"/></pattern>\n", verdict, lines);
}

static void draw(struct html *html, const struct html_timeline *timeline)
{
	uint64_t most = highest(timeline);
	html_raw(html, "<svg class=\"chart\" role=\"img\" aria-labelledby=\"timeline-caption\" height=\"166\"");
	if (timeline->count < BARS_WIDE)
		html_printf(html, " width=\"%zu\"", place_count(timeline) * BAR_WIDTH_MAX);
	else
		html_raw(html, " width=\"100%\"");
	html_raw(html, ">\n<defs>\n");
	define_hatching(html, "reset", "M0 3H6");
	define_hatching(html, "hang", "M3 0V6");
	define_hatching(html, "oops", "M-1 7L7 -1M-1 1L1 -1M5 7L7 5");
	html_raw(html, "</defs>\n");
	html_printf(html, "<line class=\"grid\" x1=\"0\" x2=\"100%%\" y1=\"%d\" y2=\"%d\"/>\n", CHART_TOP, CHART_TOP);
	html_printf(html, "<text x=\"0\" y=\"%d\">", CHART_TOP - 6);
	html_counted(html, most, "boot");
	html_printf(html, " per %s</text>\n", spans[timeline->span].name);
	for (size_t i = 0; i < timeline->count; i++)
		if (bar_total(&timeline->bars[i]))
			draw_bar(html, timeline, i, most);
	html_printf(html, "<line class=\"axis\" x1=\"0\" x2=\"100%%\" y1=\"%d\" y2=\"%d\"/>\n", CHART_TOP + CHART_HEIGHT,
		    CHART_TOP + CHART_HEIGHT);
	draw_label(html, timeline, 0, "0", "start");
	if (timeline->count >= BARS_LABELLED)
		draw_label(html, timeline, timeline->count - 1, "100%", "end");
	html_raw(html, "</svg>\n");
}

static void write_legend(struct html *html, const struct html_timeline *timeline)
{
	html_raw(html, "<ul class=\"legend\" aria-hidden=\"true\">\n");
	for (size_t k = 0; k < HTML_TIMELINE_VERDICTS; k++) {
		uint64_t total = 0;
		for (size_t i = 0; i < timeline->count; i++)
			total += timeline->bars[i].counts[k];
		if (total)
			html_printf(html, "<li><svg width=\"14\" height=\"14\"><rect class=\"%s\" width=\"14\" height=\"14\"/></svg> %s</li>\n",
				    html_timeline_verdicts[k], html_timeline_verdicts[k]);
	}
	html_raw(html, "</ul>\n");
}

static void write_table(struct html *html, const struct html_timeline *timeline)
{
	html_raw(html, "<details class=\"fold\"><summary>The same as a table</summary>\n"
		 "<div class=\"scroll\"><table class=\"plain\"><thead><tr>");
	html_printf(html, "<th scope=\"col\">%s from, UTC</th>", spans[timeline->span].name);
	for (size_t k = 0; k < HTML_TIMELINE_VERDICTS; k++)
		html_printf(html, "<th scope=\"col\" class=\"number\">%s</th>", html_timeline_verdicts[k]);
	html_raw(html, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < timeline->count; i++) {
		if (!bar_total(&timeline->bars[i]))
			continue;
		html_raw(html, "<tr><th scope=\"row\">");
		put_start(html, timeline, i);
		html_raw(html, "</th>");
		for (size_t k = 0; k < HTML_TIMELINE_VERDICTS; k++) {
			html_raw(html, "<td class=\"number\">");
			html_count(html, timeline->bars[i].counts[k]);
			html_raw(html, "</td>");
		}
		html_raw(html, "</tr>\n");
	}
	html_raw(html, "</tbody></table></div></details>\n");
}

void html_timeline_write(struct html *html, const struct html_timeline *timeline)
{
	html_raw(html, "<figure>\n");
	if (timeline->count)
		draw(html, timeline);
	html_raw(html, "<figcaption id=\"timeline-caption\">");
	if (timeline->count) {
		html_printf(html, "Failed boots by verdict, a bar per %s from ", spans[timeline->span].name);
		put_start(html, timeline, 0);
		html_raw(html, " to ");
		put_start(html, timeline, timeline->count - 1);
		html_raw(html, " (UTC). ");
	}
	if (timeline->untimed) {
		html_counted(html, timeline->untimed, "boot");
		html_raw(html, " left out: the log gives no time, or one without a year.");
	}
	html_raw(html, "</figcaption>\n");
	if (timeline->count) {
		write_legend(html, timeline);
		write_table(html, timeline);
	}
	html_raw(html, "</figure>\n");
}
