#include "cli/time_bound.h"

#define NS_PER_SECOND UINT64_C(1000000000)
#define SECONDS_MAX UINT64_C(4294967295)
#define MS_PER_MINUTE INT64_C(60000)

/* Digits behind the point, to the nanosecond; further ones are read and count nothing. */
static uint64_t eat_fraction_ns(struct slice *s)
{
	uint64_t ns = 0, unit = NS_PER_SECOND / 10;
	for (; s->len && char_is_digit(s->ptr[0]); *s = slice_skip(*s, 1), unit /= 10)
		ns += (uint64_t)(s->ptr[0] - '0') * unit;
	return ns;
}

static bool eat_since_boot(struct slice *s, struct time_bound *bound)
{
	struct slice rest = *s;
	uint64_t seconds;
	if (!slice_eat(&rest, SLICE("+")) || !slice_eat_decimal(&rest, &seconds) || seconds > SECONDS_MAX)
		return false;
	bound->kind = TIME_BOUND_BOOT;
	bound->since_boot_ns = seconds * NS_PER_SECOND;
	if (slice_eat(&rest, SLICE(".")))
		bound->since_boot_ns += eat_fraction_ns(&rest);
	*s = rest;
	return true;
}

/* What people leave out is put in - the T, the seconds, the clock, the offset - and the whole
 * read as a stamp. */
static bool read_local(struct slice text, struct time_bound *bound)
{
	static const char *const ends[] = { "Z", ":00Z", "T00:00:00Z" };
	struct buf whole = BUF_INIT(64);
	bool is_read = false;
	for (size_t i = 0; !is_read && i < sizeof(ends) / sizeof(*ends); i++) {
		buf_clear(&whole);
		buf_append(&whole, text);
		buf_text(&whole, ends[i]);
		if (!whole.failed && text.len > 10 && whole.ptr[10] == ' ')
			whole.ptr[10] = 'T';
		struct slice rest = buf_slice(&whole);
		is_read = !whole.failed && stamp_eat_iso(&rest, &bound->stamp) && !rest.len;
	}
	bound->kind = TIME_BOUND_LOCAL;
	buf_deinit(&whole);
	return is_read;
}

bool time_bound_parse(const char *text, struct time_bound *ret, struct error *err)
{
	struct slice rest = slice_of(text);
	*ret = (struct time_bound){ 0 };
	if (eat_since_boot(&rest, ret) && !rest.len)
		return true;
	rest = slice_of(text);
	ret->kind = TIME_BOUND_WALL;
	if ((stamp_eat_iso(&rest, &ret->stamp) || stamp_eat_month(&rest, &ret->stamp)) && !rest.len)
		return true;
	return read_local(slice_of(text), ret) ||
	       error_set(err, "time %s is not understood, expected +SECONDS since boot or YYYY-MM-DDTHH:MM:SS", text);
}

bool time_bound_fits(struct stamp stamp, const struct time_bound *bound)
{
	bool is_dated = stamp.kind == STAMP_ABSOLUTE || stamp.kind == STAMP_LOCAL;
	return bound->kind == TIME_BOUND_LOCAL ? is_dated : stamp.kind == bound->stamp.kind;
}

int time_bound_compare(struct stamp stamp, const struct time_bound *bound)
{
	int64_t shown_ms = stamp.time_ms;
	if (bound->kind == TIME_BOUND_LOCAL)
		shown_ms += stamp.offset_minutes * MS_PER_MINUTE;
	return (shown_ms > bound->stamp.time_ms) - (shown_ms < bound->stamp.time_ms);
}
