/* What is read of the kernel's own log: util-linux dmesg, /dev/kmsg, netconsole, pstore. */
#include "base/limits.h"
#include "vmxlog/dialect_rows.h"

#define NS_PER_S UINT64_C(1000000000)

/* `   12.345678`: seconds in any number of columns, six digits of microseconds. */
static bool eat_seconds(struct slice *s, uint64_t *ret_ns)
{
	struct slice rest = slice_trim_left(*s);
	uint64_t seconds, micros;
	if (!slice_eat_decimal(&rest, &seconds) || seconds > UINT32_MAX || !slice_eat(&rest, SLICE(".")))
		return false;
	size_t before = rest.len;
	if (!slice_eat_decimal(&rest, &micros) || before - rest.len != 6)
		return false;
	*ret_ns = seconds * NS_PER_S + micros * 1000;
	*s = rest;
	return true;
}

/* `<    0.000000>` of dmesg -d, `<  598.799970*>` and `<    0.000001 >` of short-delta: nothing
 * that the time does not say. */
static bool eat_delta(struct slice *s)
{
	struct slice rest = slice_trim_left(*s);
	uint64_t delta_ns;
	if (!slice_eat(&rest, SLICE("<")) || !eat_seconds(&rest, &delta_ns))
		return false;
	slice_eat(&rest, SLICE(" "));
	slice_eat(&rest, SLICE("*"));
	if (!slice_eat(&rest, SLICE(">")))
		return false;
	*s = rest;
	return true;
}

static bool eat_bracket(struct slice *s)
{
	*s = slice_trim_left(*s);
	return slice_eat(s, SLICE("]"));
}

bool dialect_eat_time(struct slice *s, struct guest_line *ret)
{
	struct slice rest = *s;
	uint64_t time_ns;
	if (!slice_eat(&rest, SLICE("[")) || !eat_seconds(&rest, &time_ns))
		return false;
	eat_delta(&rest);
	if (!eat_bracket(&rest))
		return false;
	ret->time_ns = time_ns;
	ret->has_time = true;
	*s = rest;
	return true;
}

/* ---- dmesg ---- */

static int find_word(struct slice word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slice_is(word, words[i]))
			return (int)i;
	return -1;
}

int dialect_facility(struct slice word)
{
	static const char *const words[] = { "kern", "user", "mail", "daemon", "auth", "syslog",
					     "lpr",  "news", "uucp", "cron",   "authpriv", "ftp" };
	return find_word(word, words, sizeof words / sizeof *words);
}

int dialect_level(struct slice word)
{
	static const char *const words[] = { "emerg", "alert", "crit", "err", "warn", "notice", "info", "debug" };
	return find_word(word, words, sizeof words / sizeof *words);
}

/* `kern  :info  : `, what -x sets before the line. */
static bool eat_decoded(struct slice *s, struct guest_line *ret)
{
	struct slice rest = *s;
	if (!rest.len || !char_is_alpha(rest.ptr[0]))
		return false;
	struct slice facility_word = slice_until(slice_take(rest, 16), ':');
	rest = slice_skip(rest, facility_word.len + 1);
	struct slice level_word = slice_until(slice_take(rest, 16), ':');
	rest = slice_skip(rest, level_word.len);
	int facility = dialect_facility(slice_trim_right(facility_word));
	int level = dialect_level(slice_trim_right(level_word));
	if (facility < 0 || level < 0 || !slice_eat(&rest, SLICE(":")))
		return false;
	slice_eat(&rest, SLICE(" "));
	ret->priority = facility * 8 + level;
	*s = rest;
	return true;
}

/* `Nov21 21:32` of -e: a stamp to the minute. */
static bool eat_minute(struct slice *s, struct stamp *ret)
{
	char text[] = "Nov 21 00:00:00";
	if (s->len < 11)
		return false;
	memcpy(text, s->ptr, 3);
	memcpy(text + 4, s->ptr + 3, 2);
	memcpy(text + 7, s->ptr + 6, 5);
	struct slice whole = slice_of(text);
	if (s->ptr[5] != ' ' || !stamp_eat_month(&whole, ret))
		return false;
	*s = slice_skip(*s, 11);
	return true;
}

/* `[Sat Nov 21 21:32:05 2026]` of -T, with -d and a delta behind it; `[  +0.734567]` and
 * `[Nov21 21:32]` of -e; `[<    0.734567>]` of -d alone. A delta to the record before says
 * nothing of the time since boot: dmesg leaves some out. */
static bool eat_human_time(struct slice *s, struct guest_line *ret)
{
	struct slice rest = *s;
	uint64_t delta_ns;
	if (!slice_eat(&rest, SLICE("[")))
		return false;
	bool is_ctime = stamp_eat_ctime(&rest, &ret->host), has_delta = eat_delta(&rest);
	if (!is_ctime && !has_delta && !eat_minute(&rest, &ret->host)) {
		rest = slice_trim_left(rest);
		if (!slice_eat(&rest, SLICE("+")) || !eat_seconds(&rest, &delta_ns))
			return false;
	}
	if (!slice_eat(&rest, SLICE("]")))
		return false;
	*s = rest;
	return true;
}

/* `2026-11-21T21:32:05,000000+00:00` of --time-format iso. Nobody else has a comma there. */
static bool eat_comma_time(struct slice *s, struct guest_line *ret)
{
	return s->len > 19 && s->ptr[19] == ',' && stamp_eat_iso(s, &ret->host);
}

/* True for a time that only dmesg writes; the plain one is eaten, too. */
static bool eat_dmesg_time(struct slice *s, struct guest_line *ret)
{
	struct slice rest = *s;
	if (dialect_eat_time(&rest, ret)) {
		bool has_delta = slice_contains(slice_take(*s, s->len - rest.len), SLICE("<"));
		slice_eat(&rest, SLICE(" "));
		*s = rest;
		return has_delta;
	}
	bool is_dmesg = eat_human_time(s, ret) || eat_comma_time(s, ret);
	if (is_dmesg)
		slice_eat(s, SLICE(" "));
	return is_dmesg;
}

/* --time-format can be given several times: the times stand one behind the other. */
static bool eat_dmesg_times(struct slice *s, struct guest_line *ret)
{
	bool is_dmesg = false;
	size_t before;
	do {
		before = s->len;
		is_dmesg |= eat_dmesg_time(s, ret);
	} while (s->len < before);
	return is_dmesg;
}

/* `[    1.234567] text`: the common line, told at a glance. */
static bool is_plain(struct slice line)
{
	size_t at = 1;
	while (at < line.len && (line.ptr[at] == ' ' || line.ptr[at] == '.' || char_is_digit(line.ptr[at])))
		at++;
	return at + 2 < line.len && line.ptr[0] == '[' && line.ptr[at] == ']' && line.ptr[at + 2] != '[';
}

/* `dmesg` with any of -x, -d, -e, -T and --time-format. */
enum dialect_answer dialect_dmesg(struct dialect_state *state, struct slice line, struct guest_line *ret)
{
	struct slice rest = line;
	if (is_plain(line))
		return DIALECT_OTHER;
	bool is_decoded = eat_decoded(&rest, ret), is_dmesg = eat_dmesg_times(&rest, ret);
	if (!is_decoded && !is_dmesg)
		return DIALECT_OTHER;
	ret->sender = GUEST_KERNEL;
	ret->text = rest;
	state->indent = line.len - rest.len;
	return DIALECT_LINE;
}

/* ---- /dev/kmsg, extended netconsole ---- */

static bool eat_field(struct slice *s, uint64_t *ret)
{
	return slice_eat_decimal(s, ret) && slice_eat(s, SLICE(","));
}

/* `6,339,5140900,-,caller=T1;`: priority, number, microseconds, flags, and more fields. */
static bool eat_kmsg_head(struct slice *s, struct slice *ret_fields, struct guest_line *ret)
{
	struct slice rest = *s;
	uint64_t priority, number, time_us;
	if (!eat_field(&rest, &priority) || priority > UINT16_MAX || !eat_field(&rest, &number) ||
	    !eat_field(&rest, &time_us) || time_us > UINT64_MAX / 1000)
		return false;
	*ret_fields = slice_until(rest, ';');
	if (!rest.len || !strchr("-c+", rest.ptr[0]) || ret_fields->len == rest.len ||
	    (ret_fields->len > 1 && rest.ptr[1] != ','))
		return false;
	ret->priority = (int)priority;
	ret->time_ns = time_us * 1000;
	ret->has_time = true;
	*s = slice_skip(rest, ret_fields->len + 1);
	return true;
}

static int hex_value(char c)
{
	return char_is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* `\x0a`: what is not printable, and the backslash itself. */
static void append_unescaped(struct buf *out, struct slice text)
{
	while (text.len) {
		struct slice before = slice_until(text, '\\');
		buf_append(out, before);
		text = slice_skip(text, before.len);
		if (text.len >= 4 && text.ptr[1] == 'x' && char_is_hex(text.ptr[2]) && char_is_hex(text.ptr[3])) {
			buf_char(out, (char)(hex_value(text.ptr[2]) * 16 + hex_value(text.ptr[3])));
			text = slice_skip(text, 4);
		} else if (text.len) {
			buf_char(out, '\\');
			text = slice_skip(text, 1);
		}
	}
}

/* `ncfrag=1000/1400`: netconsole cuts what does not fit a packet. */
static bool is_further_fragment(struct slice fields)
{
	struct slice fragment;
	return slice_after(fields, SLICE(",ncfrag="), &fragment) && !slice_starts(fragment, SLICE("0/"));
}

/* `6,339,5140900,-;text`; since 6.4 netconsole can set the kernel's release before it. Lines
 * that begin with a blank are the record's dictionary (` SUBSYSTEM=pci`). */
enum dialect_answer dialect_kmsg(struct dialect_state *state, struct slice line, struct guest_line *ret)
{
	struct slice rest = line, fields, caller;
	if (!eat_kmsg_head(&rest, &fields, ret)) {
		struct slice release = slice_until(rest, ',');
		rest = slice_skip(rest, release.len + 1);
		if (slice_find_char(release, '.') == SLICE_NOT_FOUND || !eat_kmsg_head(&rest, &fields, ret))
			return DIALECT_OTHER;
	}
	buf_clear(&state->scratch);
	if (slice_after(fields, SLICE(",caller="), &caller))
		buf_printf(&state->scratch, "[%6.*s] ", SLICE_ARG(slice_until(slice_take(caller, 16), ',')));
	append_unescaped(&state->scratch, rest);
	ret->sender = GUEST_KERNEL;
	ret->is_inner = fields.ptr[0] == '+' || is_further_fragment(fields);
	ret->text = buf_slice(&state->scratch);
	state->indent = 1;
	state->follow_ups_are_data = true;
	return DIALECT_LINE;
}

/* ---- pstore ---- */

/* `Panic#1 Part1`, the first line of every file of a dump. */
enum dialect_answer dialect_pstore(struct dialect_state *state, struct slice line, struct guest_line *ret)
{
	static const char *const reasons[] = { "Panic", "Oops", "Emergency", "Shutdown", "Restart",
					       "Halt",  "Poweroff", "Unknown" };
	struct slice rest = line, reason = slice_until(slice_take(line, 16), '#');
	uint64_t count, part;
	(void)ret;
	if (find_word(reason, reasons, sizeof reasons / sizeof *reasons) < 0)
		return DIALECT_OTHER;
	rest = slice_skip(rest, reason.len + 1);
	if (!slice_eat_decimal(&rest, &count))
		return DIALECT_OTHER;
	struct slice dump = slice_take(line, line.len - rest.len);
	if (!slice_eat(&rest, SLICE(" Part")) || !slice_to_decimal(slice_trim_right(rest), &part))
		return DIALECT_OTHER;
	state->dump = dump;
	state->part = part;
	return DIALECT_PART;
}
