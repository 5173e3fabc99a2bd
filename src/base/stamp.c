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

/* Two digits; below 0 when they are none. */
static int two_digits(const char *p)
{
	unsigned tens = (unsigned char)p[0] - '0', ones = (unsigned char)p[1] - '0';
	return tens < 10 && ones < 10 ? (int)(tens * 10 + ones) : -1;
}

/* `.217` or `,217`: one to nine digits, kept to the millisecond. Absent counts as 0. */
static int eat_fraction_ms(struct slice *s)
{
	if (s->len < 2 || (s->ptr[0] != '.' && s->ptr[0] != ',') || !char_is_digit(s->ptr[1]))
		return 0;
	int ms = 0;
	size_t len = 1;
	for (; len < s->len && len <= 9 && char_is_digit(s->ptr[len]); len++)
		if (len <= 3)
			ms = ms * 10 + (s->ptr[len] - '0');
	for (size_t digits = len - 1; digits < 3; digits++)
		ms *= 10;
	*s = slice_skip(*s, len);
	return ms;
}

static bool eat_clock(struct slice *s, int64_t *ret_ms)
{
	const char *p = s->ptr;
	if (s->len < 8 || p[2] != ':' || p[5] != ':')
		return false;
	int hour = two_digits(p), minute = two_digits(p + 3), second = two_digits(p + 6);
	if ((hour | minute | second) < 0 || hour > 23 || minute > 59 || second > 60)
		return false;
	*s = slice_skip(*s, 8);
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

/* `2016-08-30`, as days since 1970. */
static bool eat_date(struct slice *s, int64_t *ret_days)
{
	const char *p = s->ptr;
	if (s->len < 10 || p[4] != '-' || p[7] != '-')
		return false;
	int century = two_digits(p), year = two_digits(p + 2), month = two_digits(p + 5), day = two_digits(p + 8);
	if ((century | year | month | day) < 0 || century + year < 1 || month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	*s = slice_skip(*s, 10);
	*ret_days = days_from_civil(century * 100 + year, month, day);
	return true;
}

bool stamp_eat_iso(struct slice *s, struct stamp *ret)
{
	struct slice rest = *s;
	int64_t days, clock_ms;
	int16_t offset;
	if (!eat_date(&rest, &days) || !eat_char(&rest, 'T') || !eat_clock(&rest, &clock_ms) ||
	    !eat_offset(&rest, &offset))
		return false;
	*ret = (struct stamp){ days * MS_PER_DAY + clock_ms - offset * INT64_C(60000), offset, STAMP_ABSOLUTE };
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

/* The name of a zone says where UTC is only when it is UTC's own. */
static struct stamp zoned(int64_t time_ms, struct slice zone)
{
	bool is_utc = slice_is(zone, "UTC") || slice_is(zone, "GMT");
	return (struct stamp){ time_ms, 0, is_utc ? STAMP_ABSOLUTE : STAMP_LOCAL };
}

/* `Sat `: any three letters, as only the date counts. */
static bool eat_weekday(struct slice *s)
{
	if (s->len < 4 || !char_is_alpha(s->ptr[0]) || !char_is_alpha(s->ptr[1]) || !char_is_alpha(s->ptr[2]) ||
	    s->ptr[3] != ' ')
		return false;
	*s = slice_skip(*s, 4);
	return true;
}

/* `UTC`, `CEST`, `+03`. */
static bool eat_zone(struct slice *s, struct slice *ret)
{
	size_t len = 0;
	while (len < s->len && len < 6 && (char_is_alpha(s->ptr[len]) || s->ptr[len] == '+' || s->ptr[len] == '-' ||
					   (len && char_is_digit(s->ptr[len]))))
		len++;
	*ret = slice_take(*s, len);
	*s = slice_skip(*s, len);
	return len > 0;
}

bool stamp_eat_ctime(struct slice *s, struct stamp *ret)
{
	struct slice rest = *s, zone = SLICE("");
	struct stamp in_year;
	int year;
	if (!eat_weekday(&rest) || !stamp_eat_month(&rest, &in_year) || !eat_char(&rest, ' '))
		return false;
	if (eat_zone(&rest, &zone) && !eat_char(&rest, ' '))
		return false;
	if (!eat_digits(&rest, 4, &year) || year < 1)
		return false;
	int month, day, leap_year;
	civil_from_days(in_year.time_ms / MS_PER_DAY + days_from_civil(2000, 1, 1), &leap_year, &month, &day);
	*ret = zoned(days_from_civil(year, month, day) * MS_PER_DAY + in_year.time_ms % MS_PER_DAY, zone);
	*s = rest;
	return true;
}

bool stamp_eat_weekday(struct slice *s, struct stamp *ret)
{
	struct slice rest = *s, zone;
	int64_t days, clock_ms;
	if (!eat_weekday(&rest) || !eat_date(&rest, &days) || !eat_char(&rest, ' ') || !eat_clock(&rest, &clock_ms) ||
	    !eat_char(&rest, ' ') || !eat_zone(&rest, &zone))
		return false;
	*ret = zoned(days * MS_PER_DAY + clock_ms, zone);
	*s = rest;
	return true;
}

struct stamp stamp_from_unix_us(uint64_t time_us)
{
	return (struct stamp){ (int64_t)(time_us / 1000), 0, STAMP_ABSOLUTE };
}

static void print_clock(struct buf *out, int64_t ms)
{
	buf_printf(out, "%02d:%02d:%02d.%03d", (int)(ms / 3600000), (int)(ms / 60000 % 60), (int)(ms / 1000 % 60),
		   (int)(ms % 1000));
}

static void print_date(struct buf *out, struct stamp stamp)
{
	int64_t local = stamp.time_ms + stamp.offset_minutes * INT64_C(60000);
	int64_t days = local / MS_PER_DAY - (local % MS_PER_DAY < 0);
	int year, month, day;
	civil_from_days(days, &year, &month, &day);
	buf_printf(out, "%04d-%02d-%02dT", year, month, day);
	print_clock(out, local - days * MS_PER_DAY);
	int offset = stamp.offset_minutes;
	if (stamp.kind == STAMP_LOCAL)
		return;
	if (offset == 0)
		buf_char(out, 'Z');
	else
		buf_printf(out, "%c%02d:%02d", offset < 0 ? '-' : '+', (offset < 0 ? -offset : offset) / 60,
			   (offset < 0 ? -offset : offset) % 60);
}

void stamp_print(struct buf *out, struct stamp stamp)
{
	if (stamp.kind == STAMP_ABSOLUTE || stamp.kind == STAMP_LOCAL) {
		print_date(out, stamp);
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

/* Rounded down, also below 0. */
static int64_t floor_divide(int64_t value, int64_t divisor)
{
	return value / divisor - (value % divisor < 0);
}

struct stamp_date stamp_date(struct stamp stamp)
{
	bool has_year = stamp.kind != STAMP_NO_YEAR;
	struct stamp_date date = { .weekday = -1 };
	int64_t local_ms = stamp.time_ms + stamp.offset_minutes * INT64_C(60000);
	int64_t days = floor_divide(local_ms, MS_PER_DAY), ms = local_ms - days * MS_PER_DAY;
	/* A year has no beginning without its number: what is before it is at the end of the last. */
	if (!has_year)
		days = days_from_civil(2000, 1, 1) + (days % 366 + 366) % 366;
	civil_from_days(days, &date.year, &date.month, &date.day);
	/* 1970 began with a Thursday. */
	if (has_year)
		date.weekday = (int)(((days + 4) % 7 + 7) % 7);
	else
		date.year = 0;
	date.hour = (int)(ms / 3600000);
	date.minute = (int)(ms / 60000 % 60);
	date.second = (int)(ms / 1000 % 60);
	date.millisecond = (int)(ms % 1000);
	return date;
}

const char *stamp_month_name(int month)
{
	return month_names[month - 1];
}

const char *stamp_weekday_name(int weekday)
{
	static const char names[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	return names[weekday];
}
