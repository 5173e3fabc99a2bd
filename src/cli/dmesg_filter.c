#include "cli/dmesg.h"

static bool has_wall_bound(const struct time_bound *bound)
{
	return bound->kind == TIME_BOUND_WALL || bound->kind == TIME_BOUND_LOCAL;
}

/* Does the log tell what is asked for? */

static bool any_flag(const struct boot *boot, unsigned flag)
{
	for (size_t i = 0; i < boot->record_count; i++)
		if (boot->records[i].flags & flag)
			return true;
	return false;
}

/* Stamps of one log are of one kind: the first is as good as any. */
static struct stamp any_stamp(const struct boot *boot, const struct kmsg_clock *clock)
{
	struct stamp stamp = { 0 };
	unsigned us;
	for (size_t i = 0; i < boot->record_count && stamp.kind == STAMP_NONE; i++)
		stamp = kmsg_clock_tell(clock, &boot->records[i], &us);
	return stamp;
}

static bool bound_fits(const char *name, const struct time_bound *bound, const struct boot *boot,
		       const struct kmsg_clock *clock, struct error *err)
{
	if (bound->kind == TIME_BOUND_BOOT && !any_flag(boot, KMSG_HAS_TIME))
		return error_set(err, "has no times since boot for --%s to choose by", name);
	if (!has_wall_bound(bound))
		return true;
	if (!clock->is_known)
		return error_set(err, "has no wall-clock stamps for --%s to choose by; +SECONDS count from the boot", name);
	struct stamp stamp = any_stamp(boot, clock);
	if (time_bound_fits(stamp, bound))
		return true;
	return error_set(err, stamp.kind == STAMP_NO_YEAR
				      ? "has stamps without a year: give --%s a time such as `May 14 10:26:36`"
			      : stamp.kind == STAMP_LOCAL
				      ? "has stamps without an offset from UTC: give --%s YYYY-MM-DDTHH:MM:SS"
				      : "has stamps with a year: give --%s YYYY-MM-DDTHH:MM:SS", name);
}

static bool wants_wall(const struct options *options)
{
	return options->time_choice == TIME_CHOICE_CTIME || options->time_choice == TIME_CHOICE_ISO;
}

bool dmesg_filter_fits(const struct options *options, const struct boot *boot, const struct kmsg_clock *clock,
		       struct error *err)
{
	if (!boot->record_count)
		return true;
	if ((options->levels || options->facilities) && !any_flag(boot, KMSG_HAS_LEVEL))
		return error_set(err, "has no levels, as a console's log: --%s cannot choose among its records",
				 options->levels ? "level" : "facility");
	if (wants_wall(options) && !clock->is_known)
		return error_set(err, "has no wall-clock stamps, as a console's log: only times since boot can be shown");
	return bound_fits("since", &options->since, boot, clock, err) &&
	       bound_fits("until", &options->until, boot, clock, err);
}

/* Choosing. */

void dmesg_filter_begin(struct dmesg_filter *filter, const struct options *options, const struct kmsg_clock *clock)
{
	*filter = (struct dmesg_filter){ .options = options, .clock = clock };
}

/* What a program wrote to a console has neither level nor facility. */
static bool is_of_sender(const struct options *options, const struct kmsg_record *record)
{
	bool has_level = record->flags & KMSG_HAS_LEVEL;
	if ((options->kernel && !kmsg_is_kernel(record)) || (options->userspace && kmsg_is_kernel(record)))
		return false;
	if (options->levels && !(has_level && (options->levels >> record->level & 1)))
		return false;
	return !options->facilities ||
	       (has_level && record->facility < 32 && (options->facilities >> record->facility & 1));
}

/* Negative, 0 or positive: the record is before, at or after the bound. */
static int place(const struct dmesg_filter *filter, const struct time_bound *bound)
{
	unsigned us;
	if (bound->kind == TIME_BOUND_BOOT)
		return (filter->timed.time_ns > bound->since_boot_ns) - (filter->timed.time_ns < bound->since_boot_ns);
	return time_bound_compare(kmsg_clock_tell(filter->clock, &filter->timed, &us), bound);
}

static bool is_in_time(const struct dmesg_filter *filter)
{
	const struct time_bound *since = &filter->options->since, *until = &filter->options->until;
	if (since->kind != TIME_BOUND_NONE && (!filter->has_timed || place(filter, since) < 0))
		return false;
	return until->kind == TIME_BOUND_NONE || !filter->has_timed || place(filter, until) <= 0;
}

static bool tells_time(const struct dmesg_filter *filter, const struct kmsg_record *record)
{
	unsigned us;
	return (record->flags & KMSG_HAS_TIME) ||
	       (!filter->clock->is_of_dump && kmsg_clock_tell(filter->clock, record, &us).kind != STAMP_NONE);
}

bool dmesg_filter_keeps(struct dmesg_filter *filter, const struct kmsg_record *record)
{
	if ((record->flags & KMSG_INNER) && !(record->flags & KMSG_HAS_TIME))
		return filter->kept_last;
	if (tells_time(filter, record)) {
		filter->timed = *record;
		filter->has_timed = true;
	}
	filter->kept_last = is_of_sender(filter->options, record) && is_in_time(filter);
	return filter->kept_last;
}
