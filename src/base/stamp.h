/* The host's time stamps, as vmware.log writes them. No locale, no time zone data.
 *
 * Two kinds: absolute (ISO 8601 with an offset, since ESXi 4.1 and Workstation 8) and
 * without a year (`May 14 10:26:36.043`, local time, before). */
#ifndef BASE_STAMP_H
#define BASE_STAMP_H

#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

enum stamp_kind { STAMP_NONE, STAMP_ABSOLUTE, STAMP_NO_YEAR };

struct stamp {
	int64_t time_ms;        /* absolute: since 1970 in UTC; no year: since 1 January, local */
	int16_t offset_minutes; /* of the writer's clock from UTC; 0 without a year */
	uint8_t kind;           /* enum stamp_kind */
};

/* Eat a stamp off the front of *s; false and no change when there is none. */
bool stamp_eat_iso(struct slice *s, struct stamp *ret);
bool stamp_eat_month(struct slice *s, struct stamp *ret);

/* In the writer's own form: `2016-08-30T16:02:43.217-07:00`, `May 14 10:26:36.043`. */
void stamp_print(struct buf *out, struct stamp stamp);

/* Both known and of one kind, and equal to the millisecond. */
bool stamp_equal(struct stamp a, struct stamp b);

#endif
