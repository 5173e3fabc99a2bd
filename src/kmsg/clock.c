#include "kmsg/clock.h"

#define US_PER_MS 1000
#define NS_PER_US 1000

static size_t count_passes(const struct boot *boot)
{
	size_t count = 0;
	for (size_t i = 0; i < boot->record_count; i++)
		if (boot->records[i].pass >= count)
			count = boot->records[i].pass + 1u;
	return count;
}

static bool has_own_stamps(const struct boot *boot)
{
	for (size_t i = 0; i < boot->record_count; i++)
		if (boot->records[i].host.kind != STAMP_NONE)
			return true;
	return false;
}

static void find_boots(struct kmsg_clock *clock, const struct boot *boot, int64_t *boots_us)
{
	for (size_t i = 0; i < clock->pass_count; i++)
		boots_us[i] = INT64_MAX;
	for (size_t i = 0; i < boot->record_count; i++) {
		const struct kmsg_record *record = &boot->records[i];
		if (!(record->flags & KMSG_HAS_TIME) || record->host.kind == STAMP_NONE)
			continue;
		boots_us[record->pass] = record->host.time_ms * US_PER_MS - (int64_t)(record->time_ns / NS_PER_US);
		clock->dump = record->host;
		clock->is_known = true;
	}
	/* A pass whose last record is lost puts the boot too late; no later pass can put it earlier. */
	for (size_t i = clock->pass_count; i-- > 1;)
		if (boots_us[i] < boots_us[i - 1])
			boots_us[i - 1] = boots_us[i];
	for (size_t i = 1; i < clock->pass_count; i++)
		if (boots_us[i] == INT64_MAX)
			boots_us[i] = boots_us[i - 1];
}

bool kmsg_clock_init(struct kmsg_clock *clock, const struct boot *boot, struct arena *arena, struct error *err)
{
	*clock = (struct kmsg_clock){ .is_of_dump = boot->format == LOG_VMWARE };
	if (!clock->is_of_dump) {
		clock->is_known = has_own_stamps(boot);
		return true;
	}
	clock->pass_count = count_passes(boot);
	int64_t *boots_us = arena_alloc(arena, (clock->pass_count + 1) * sizeof(*boots_us));
	if (!boots_us)
		return error_out_of_memory(err);
	find_boots(clock, boot, boots_us);
	clock->boots_us = boots_us;
	return true;
}

struct stamp kmsg_clock_tell(const struct kmsg_clock *clock, const struct kmsg_record *record, unsigned *ret_us)
{
	*ret_us = 0;
	if (!clock->is_of_dump)
		return record->host;
	if (!clock->is_known || !(record->flags & KMSG_HAS_TIME) || record->pass >= clock->pass_count)
		return (struct stamp){ 0 };
	int64_t us = clock->boots_us[record->pass] + (int64_t)(record->time_ns / NS_PER_US);
	struct stamp stamp = clock->dump;
	stamp.time_ms = us / US_PER_MS - (us % US_PER_MS < 0);
	*ret_us = (unsigned)(us - stamp.time_ms * US_PER_MS);
	return stamp;
}
