#include "kmsg/record.h"

#define FACILITY_SHIFT 3
#define LEVEL_MASK 7

/* `<N>`: N is facility * 8 + level. */
static bool eat_priority(struct slice *s, struct kmsg_record *record)
{
	struct slice rest = *s;
	uint64_t priority;
	if (!slice_eat(&rest, SLICE("<")) || !slice_eat_decimal(&rest, &priority) || !slice_eat(&rest, SLICE(">")) ||
	    priority > 9999)
		return false;
	record->facility = (uint16_t)(priority >> FACILITY_SHIFT);
	record->level = (uint8_t)(priority & LEVEL_MASK);
	record->flags |= KMSG_HAS_LEVEL;
	*s = rest;
	return true;
}

/* `[    1.125782] `: seconds in five columns or more, six digits of microseconds. */
static bool eat_time(struct slice *s, struct kmsg_record *record)
{
	struct slice rest = *s;
	uint64_t seconds, micros;
	if (!slice_eat(&rest, SLICE("[")))
		return false;
	rest = slice_trim_left(rest);
	if (!slice_eat_decimal(&rest, &seconds) || seconds > UINT32_MAX || !slice_eat(&rest, SLICE(".")))
		return false;
	size_t before = rest.len;
	if (!slice_eat_decimal(&rest, &micros) || before - rest.len != 6 || !slice_eat(&rest, SLICE("]")))
		return false;
	record->time_ns = seconds * UINT64_C(1000000000) + micros * 1000;
	record->flags |= KMSG_HAS_TIME;
	*s = rest;
	return true;
}

/* `[    T1] ` or `[   C0] ` of CONFIG_PRINTK_CALLER, right behind the time. */
static bool eat_caller(struct slice *s, struct kmsg_record *record)
{
	struct slice rest = *s, caller;
	uint64_t number;
	if (!slice_eat(&rest, SLICE("[")))
		return false;
	rest = slice_trim_left(rest);
	caller = rest;
	if (!slice_eat(&rest, SLICE("T")) && !slice_eat(&rest, SLICE("C")))
		return false;
	if (!slice_eat_decimal(&rest, &number))
		return false;
	record->caller = slice_take(caller, caller.len - rest.len);
	if (!slice_eat(&rest, SLICE("]")))
		return false;
	*s = rest;
	return true;
}

bool kmsg_parse(struct slice line, struct kmsg_record *record)
{
	struct slice rest = line;
	record->level = KMSG_LEVEL_UNKNOWN;
	record->facility = 0;
	record->time_ns = 0;
	record->caller = SLICE("");
	record->flags &= (uint8_t)~(KMSG_HAS_TIME | KMSG_HAS_LEVEL);
	bool found = eat_priority(&rest, record);
	if (eat_time(&rest, record)) {
		found = true;
		eat_caller(&rest, record);
		slice_eat(&rest, SLICE(" "));
	}
	record->text = rest;
	return found;
}
