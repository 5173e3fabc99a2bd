#include "report/dmesg_text.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/escape.h"
#include "kmsg/names.h"

#define NS_PER_SECOND 1000000000
/* `sd 0:0:0:0: [sda] ...`: a name in front of a colon is coloured when it is no longer. */
#define SUBSYSTEM_MAX 48

#define CALLER_COLUMNS 6

#define SGR_TIME "32"
#define SGR_SUBSYSTEM "33"
#define SGR_REMARK "2"

/* By level; the rest is plain. */
static const char *const level_sgr[] = { "7;31", "7;31", "1;31", "31", "1" };

static void begin_color(const struct dmesg_text *text, struct buf *out, const char *sgr)
{
	if (text->style.color && sgr)
		buf_printf(out, "\033[%sm", sgr);
}

static void end_color(const struct dmesg_text *text, struct buf *out, const char *sgr)
{
	if (text->style.color && sgr)
		buf_text(out, "\033[0m");
}

static void put(const struct dmesg_text *text, struct buf *out, const char *sgr, struct slice part)
{
	begin_color(text, out, sgr);
	escape_terminal(out, part);
	end_color(text, out, sgr);
}

/* Times. */

static bool has_time(const struct kmsg_record *record)
{
	return record->flags & KMSG_HAS_TIME;
}

/* Since the record before; clocks of two CPUs may cross, then it is below 0. */
static int64_t delta_ns(const struct dmesg_text *text, const struct kmsg_record *record)
{
	return text->has_time ? (int64_t)(record->time_ns - text->last_ns) : 0;
}

/* `   12.345678` with its sign, at least `width` columns. */
static void put_seconds(struct buf *out, int64_t ns, const char *plus, int width)
{
	uint64_t size = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
	char text[40];
	snprintf(text, sizeof(text), "%s%" PRIu64 ".%06" PRIu64, ns < 0 ? "-" : plus, size / NS_PER_SECOND,
		 size % NS_PER_SECOND / 1000);
	buf_printf(out, "%*s", width, text);
}

static void put_ctime(struct buf *out, struct stamp stamp)
{
	struct stamp_date date = stamp_date(stamp);
	if (date.year)
		buf_printf(out, "%s ", stamp_weekday_name(date.weekday));
	buf_printf(out, "%s %2d %02d:%02d:%02d", stamp_month_name(date.month), date.day, date.hour, date.minute,
		   date.second);
	if (date.year)
		buf_printf(out, " %d", date.year);
}

static void put_iso(struct buf *out, struct stamp stamp, unsigned us)
{
	struct stamp_date date = stamp_date(stamp);
	int offset = stamp.offset_minutes, size = offset < 0 ? -offset : offset;
	if (date.year)
		buf_printf(out, "%04d-", date.year);
	buf_printf(out, "%02d-%02dT%02d:%02d:%02d,%03d%03u", date.month, date.day, date.hour, date.minute, date.second,
		   date.millisecond, us);
	if (stamp.kind == STAMP_ABSOLUTE)
		buf_printf(out, "%c%02d:%02d", offset < 0 ? '-' : '+', size / 60, size % 60);
}

void dmesg_text_wall(const struct kmsg_clock *clock, enum dmesg_time time, struct buf *out,
		     const struct kmsg_record *record)
{
	unsigned us;
	struct stamp stamp = kmsg_clock_tell(clock, record, &us);
	if (stamp.kind == STAMP_NONE)
		return;
	if (time == DMESG_TIME_ISO)
		put_iso(out, stamp, us);
	else
		put_ctime(out, stamp);
}

/* The minute of a record: the wall clock's, or without that the guest's own. */
static int64_t minute_of(struct stamp stamp, const struct kmsg_record *record)
{
	return stamp.kind != STAMP_NONE ? stamp.time_ms / 60000 : (int64_t)(record->time_ns / NS_PER_SECOND / 60);
}

static void put_reltime(struct dmesg_text *text, struct buf *out, const struct kmsg_record *record)
{
	unsigned us;
	struct stamp stamp = kmsg_clock_tell(&text->clock, record, &us);
	int64_t minute = minute_of(stamp, record);
	if (text->has_time && minute == text->minute) {
		put_seconds(out, delta_ns(text, record), "+", 11);
	} else if (stamp.kind == STAMP_NONE) {
		put_seconds(out, (int64_t)record->time_ns, "", 11);
	} else {
		struct stamp_date date = stamp_date(stamp);
		buf_printf(out, "%s%2d %02d:%02d", stamp_month_name(date.month), date.day, date.hour, date.minute);
	}
	text->minute = minute;
}

static void put_time_and_delta(struct dmesg_text *text, struct buf *out, const struct kmsg_record *record)
{
	enum dmesg_time time = text->style.time;
	bool is_only_delta = time == DMESG_TIME_DELTA || time == DMESG_TIME_NONE;
	if (time == DMESG_TIME_CTIME)
		dmesg_text_wall(&text->clock, time, out, record);
	else if (!is_only_delta)
		put_seconds(out, (int64_t)record->time_ns, "", 12);
	if (text->style.shows_delta || is_only_delta) {
		buf_text(out, is_only_delta ? "<" : " <");
		put_seconds(out, delta_ns(text, record), "", 12);
		buf_char(out, '>');
	}
}

/* A record that has a wall-clock stamp of its own and no time since boot. */
static bool is_wall_only(const struct dmesg_text *text, const struct kmsg_record *record)
{
	bool wants_wall = text->style.time == DMESG_TIME_CTIME || text->style.time == DMESG_TIME_ISO;
	unsigned us;
	return wants_wall && kmsg_clock_tell(&text->clock, record, &us).kind != STAMP_NONE;
}

static bool shows_time(const struct dmesg_text *text, const struct kmsg_record *record)
{
	if (text->style.time == DMESG_TIME_NONE && !text->style.shows_delta)
		return false;
	return has_time(record) || is_wall_only(text, record);
}

static void put_time(struct dmesg_text *text, struct buf *out, const struct kmsg_record *record)
{
	enum dmesg_time time = text->style.time;
	begin_color(text, out, SGR_TIME);
	if (time != DMESG_TIME_ISO)
		buf_char(out, '[');
	if (time == DMESG_TIME_ISO)
		dmesg_text_wall(&text->clock, time, out, record);
	else if (time == DMESG_TIME_RELTIME)
		put_reltime(text, out, record);
	else if (has_time(record))
		put_time_and_delta(text, out, record);
	else
		dmesg_text_wall(&text->clock, time, out, record);
	if (time != DMESG_TIME_ISO)
		buf_char(out, ']');
	end_color(text, out, SGR_TIME);
}

/* Levels. */

static void put_level(const struct dmesg_text *text, struct buf *out, const struct kmsg_record *record)
{
	if (!(record->flags & KMSG_HAS_LEVEL))
		return;
	if (text->style.raw)
		buf_printf(out, "<%u>", record->facility * 8u + record->level);
	if (!text->style.decode)
		return;
	const char *facility = kmsg_facility_name(record->facility), *level = kmsg_level_name(record->level);
	if (facility)
		buf_printf(out, "%-6s:", facility);
	else
		buf_printf(out, "%-6u:", record->facility);
	buf_printf(out, "%-6s: ", level ? level : "");
}

static void put_words(const struct dmesg_text *text, struct buf *out, const struct kmsg_record *record)
{
	struct slice rest = record->text;
	bool is_marked = (record->flags & KMSG_HAS_LEVEL) && record->level < sizeof(level_sgr) / sizeof(*level_sgr);
	size_t colon = slice_find(slice_take(rest, SUBSYSTEM_MAX), SLICE(": "));
	if (text->style.color && !is_marked && colon != SLICE_NOT_FOUND && !(record->flags & KMSG_CONSOLE)) {
		put(text, out, SGR_SUBSYSTEM, slice_take(rest, colon + 1));
		rest = slice_skip(rest, colon + 1);
	}
	put(text, out, is_marked ? level_sgr[record->level] : NULL, rest);
}

/* Records. */

static void put_caller(struct buf *out, struct slice caller)
{
	buf_char(out, '[');
	buf_repeat(out, ' ', caller.len < CALLER_COLUMNS ? CALLER_COLUMNS - (int)caller.len : 0);
	escape_terminal(out, caller);
	buf_char(out, ']');
}

void dmesg_text_begin(struct dmesg_text *text, const struct kmsg_clock *clock)
{
	*text = (struct dmesg_text){ .style = text->style, .clock = *clock };
}

void dmesg_text_record(struct dmesg_text *text, struct buf *out, const struct kmsg_record *record)
{
	struct slice caller = record->caller;
	bool is_timed = shows_time(text, record);
	put_level(text, out, record);
	if (is_timed)
		put_time(text, out, record);
	if (caller.len)
		put_caller(out, caller);
	if (is_timed || caller.len)
		buf_char(out, ' ');
	put_words(text, out, record);
	buf_char(out, '\n');
	if (!has_time(record))
		return;
	text->has_time = true;
	text->last_ns = record->time_ns;
}

void dmesg_text_remark(const struct dmesg_text *text, struct buf *out, struct slice remark)
{
	begin_color(text, out, SGR_REMARK);
	buf_text(out, "# ");
	escape_terminal(out, remark);
	end_color(text, out, SGR_REMARK);
	buf_char(out, '\n');
}
