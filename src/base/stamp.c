#include "base/stamp.h"

#define MS_PER_DAY INT64_C(86400000)

static const char month_names[12][4] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
};

/* Days since 1970-01-01 of a civil date. Years start in March, so that the leap day is the
 * last of its year. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
	year -= month <= 2;
	int64_t era = year / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void civil_from_days(int64_t days, int *year, int *month, int *day)
{
	days += 719468;
	int64_t era = days / 146097;
	int64_t day_of_era = days - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t shifted = (5 * day_of_year + 2) / 153;
	*day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
	*month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
	*year = (int)(year_of_era + era * 400 + (*month <= 2));
}

static bool eat_digits(struct slice *s, unsigned count, int *ret)
{
	if (s->len < count)
		return false;
	int value = 0;
	for (unsigned i = 0; i < count; i++) {
		if (!char_is_digit(s->ptr[i]))
			return false;
		value = value * 10 + (s->ptr[i] - '0');
	}
	*s = slice_skip(*s, count);
	*ret = value;
	return true;
}

static bool eat_char(struct slice *s, char c)
{
	if (!s->len || s->ptr[0] != c)
		return false;
	*s = slice_skip(*s, 1);
	return true;
}

/* `.217` or `,217`: one to six digits, kept to the millisecond. Absent counts as 0. */
static int eat_fraction_ms(struct slice *s)
{
	if (s->len < 2 || (s->ptr[0] != '.' && s->ptr[0] != ',') || !char_is_digit(s->ptr[1]))
		return 0;
	*s = slice_skip(*s, 1);
	int ms = 0, digits = 0;
	for (; s->len && char_is_digit(s->ptr[0]) && digits < 9; digits++, *s = slice_skip(*s, 1))
		if (digits < 3)
			ms = ms * 10 + (s->ptr[0] - '0');
	for (; digits < 3; digits++)
		ms *= 10;
	return ms;
}

static bool eat_clock(struct slice *s, int64_t *ret_ms)
{
	int hour, minute, second;
	if (!eat_digits(s, 2, &hour) || !eat_char(s, ':') || !eat_digits(s, 2, &minute) ||
	    !eat_char(s, ':') || !eat_digits(s, 2, &second))
		return false;
	if (hour > 23 || minute > 59 || second > 60)
		return false;
	*ret_ms = ((hour * INT64_C(60) + minute) * 60 + second) * 1000 + eat_fraction_ms(s);
	return true;
}

static bool eat_offset(struct slice *s, int16_t *ret_minutes)
{
	if (eat_char(s, 'Z')) {
		*ret_minutes = 0;
		return true;
	}
	int sign = eat_char(s, '+') ? 1 : eat_char(s, '-') ? -1 : 0;
	int hours, minutes;
	if (!sign || !eat_digits(s, 2, &hours))
		return false;
	eat_char(s, ':');
	if (!eat_digits(s, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*ret_minutes = (int16_t)(sign * (hours * 60 + minutes));
	return true;
}

bool stamp_eat_iso(struct slice *s, struct stamp *ret)
{
	struct slice rest = *s;
	int year, month, day;
	int64_t clock_ms;
	int16_t offset;
	if (!eat_digits(&rest, 4, &year) || !eat_char(&rest, '-') || !eat_digits(&rest, 2, &month) ||
	    !eat_char(&rest, '-') || !eat_digits(&rest, 2, &day) || !eat_char(&rest, 'T'))
		return false;
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31 || !eat_clock(&rest, &clock_ms) ||
	    !eat_offset(&rest, &offset))
		return false;
	*ret = (struct stamp){ days_from_civil(year, month, day) * MS_PER_DAY + clock_ms - offset * INT64_C(60000),
			       offset, STAMP_ABSOLUTE };
	*s = rest;
	return true;
}

/* Month days are counted in a leap year, so that 29 February keeps its place. */
bool stamp_eat_month(struct slice *s, struct stamp *ret)
{
	struct slice rest = *s;
	int month = 0, day;
	while (month < 12 && !slice_starts(rest, slice_of(month_names[month])))
		month++;
	if (month == 12)
		return false;
	rest = slice_skip(rest, 3);
	if (!eat_char(&rest, ' '))
		return false;
	if (!(eat_char(&rest, ' ') ? eat_digits(&rest, 1, &day) : eat_digits(&rest, 2, &day)) || day < 1 || day > 31)
		return false;
	int64_t clock_ms;
	if (!eat_char(&rest, ' ') || !eat_clock(&rest, &clock_ms))
		return false;
	int64_t days = days_from_civil(2000, month + 1, day) - days_from_civil(2000, 1, 1);
	*ret = (struct stamp){ days * MS_PER_DAY + clock_ms, 0, STAMP_NO_YEAR };
	*s = rest;
	return true;
}

static void print_clock(struct buf *out, int64_t ms)
{
	buf_printf(out, "%02d:%02d:%02d.%03d", (int)(ms / 3600000), (int)(ms / 60000 % 60), (int)(ms / 1000 % 60),
		   (int)(ms % 1000));
}

static void print_absolute(struct buf *out, struct stamp stamp)
{
	int64_t local = stamp.time_ms + stamp.offset_minutes * INT64_C(60000);
	int64_t days = local / MS_PER_DAY - (local % MS_PER_DAY < 0);
	int year, month, day;
	civil_from_days(days, &year, &month, &day);
	buf_printf(out, "%04d-%02d-%02dT", year, month, day);
	print_clock(out, local - days * MS_PER_DAY);
	int offset = stamp.offset_minutes;
	if (offset == 0)
		buf_char(out, 'Z');
	else
		buf_printf(out, "%c%02d:%02d", offset < 0 ? '-' : '+', (offset < 0 ? -offset : offset) / 60,
			   (offset < 0 ? -offset : offset) % 60);
}

void stamp_print(struct buf *out, struct stamp stamp)
{
	if (stamp.kind == STAMP_ABSOLUTE) {
		print_absolute(out, stamp);
	} else if (stamp.kind == STAMP_NO_YEAR) {
		int year, month, day;
		civil_from_days(stamp.time_ms / MS_PER_DAY + days_from_civil(2000, 1, 1), &year, &month, &day);
		buf_printf(out, "%s %02d ", month_names[month - 1], day);
		print_clock(out, stamp.time_ms % MS_PER_DAY);
	}
}

bool stamp_equal(struct stamp a, struct stamp b)
{
	return a.kind != STAMP_NONE && a.kind == b.kind && a.time_ms == b.time_ms;
}
