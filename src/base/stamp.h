/* Wall-clock stamps, as vmware.log and the logs of a guest write them. No locale, no time zone
 * data.
 *
 * Three kinds: absolute (ISO 8601 with an offset, since ESXi 4.1 and Workstation 8; UTC),
 * without a year (`May 14 10:26:36.043`, local time, before; syslog) and local with a year
 * (`Sat Nov 21 21:32:05 2026` of dmesg -T: nothing tells the offset from UTC). */
#ifndef BASE_STAMP_H
#define BASE_STAMP_H

#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

enum stamp_kind { STAMP_NONE, STAMP_ABSOLUTE, STAMP_NO_YEAR, STAMP_LOCAL };

struct stamp {
	int64_t time_ms;        /* absolute: since 1970 in UTC; no year: since 1 January; local: since 1970 */
	int16_t offset_minutes; /* of the writer's clock from UTC; 0 where it is not known */
	uint8_t kind;           /* enum stamp_kind */
};

/* Eat a stamp off the front of *s; false and no change when there is none. */
bool stamp_eat_iso(struct slice *s, struct stamp *ret);
bool stamp_eat_month(struct slice *s, struct stamp *ret);
/* `Sat Nov 21 21:32:05 2026`; a zone's name may stand before the year. */
bool stamp_eat_ctime(struct slice *s, struct stamp *ret);
/* `Sat 2026-11-21 12:00:00.123456 UTC`: a zone's name stands behind the clock. */
bool stamp_eat_weekday(struct slice *s, struct stamp *ret);
/* Of microseconds since 1970, UTC. */
struct stamp stamp_from_unix_us(uint64_t time_us);

/* A stamp as a calendar and a clock show it, on the writer's clock. */
struct stamp_date {
	int year;           /* 0 without one */
	int month, day;     /* from 1 */
	int weekday;        /* from 0, a Sunday; -1 without a year */
	int hour, minute, second, millisecond;
};
struct stamp_date stamp_date(struct stamp stamp);
/* "Jan" ... of 1 to 12; "Sun" ... of 0 to 6. */
const char *stamp_month_name(int month);
const char *stamp_weekday_name(int weekday);

/* In the writer's own form: `2016-08-30T16:02:43.217-07:00`, `May 14 10:26:36.043`; local as
 * `2026-11-21T21:32:05.000`. */
void stamp_print(struct buf *out, struct stamp stamp);

/* Both known and of one kind, and equal to the millisecond. */
bool stamp_equal(struct stamp a, struct stamp b);

#endif
