#include "kmsg/record.h"

#define FACILITY_SHIFT 3
#define LEVEL_MASK 7
/* printk sets a caller to six columns, dmesg to as many as the largest PID needs. */
#define CALLER_COLUMNS 6

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

/* `[    T1] ` or `[   C0] ` of CONFIG_PRINTK_CALLER. */
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
	caller = slice_take(caller, caller.len - rest.len);
	if (!slice_eat(&rest, SLICE("]")))
		return false;
	record->caller = caller;
	*s = rest;
	return true;
}

/* Behind the time; dmesg sets a blank between the two. With -t it leaves the time out, and then
 * only the columns that a caller is set to tell it from other words in brackets. */
static void eat_prefix_end(struct slice *s, bool has_time, struct kmsg_record *record)
{
	bool has_caller = (has_time || slice_find_char(slice_take(*s, CALLER_COLUMNS + 1), ']') == SLICE_NOT_FOUND) &&
			  eat_caller(s, record);
	if (has_time || has_caller)
		slice_eat(s, SLICE(" "));
	if (has_time && !has_caller && eat_caller(s, record))
		slice_eat(s, SLICE(" "));
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
	bool has_time = eat_time(&rest, record);
	eat_prefix_end(&rest, has_time, record);
	found |= has_time;
	record->text = rest;
	return found;
}
