#include "kmsg/loss.h"

/* Records of a kernel's beginning in which "Linux version" must stand (2.6.32 - 4.4 initialise
 * the cgroup subsystems first, arm64 says which CPU it boots on). */
#define BEGINNING_RECORDS 12
/* The dumper sends records of at most 1,020 bytes with prefix (Photon's patch: char line[1024]
 * less "log "); one that long has most likely lost its end. */
#define DUMPER_RECORD_BYTES 1018

static const struct kmsg_record *first_kernel_record(const struct boot *boot)
{
	for (size_t i = 0; i < boot->record_count; i++)
		if (kmsg_is_kernel(&boot->records[i]))
			return &boot->records[i];
	return NULL;
}

static bool says_version(const struct boot *boot)
{
	size_t seen = 0;
	for (size_t i = 0; i < boot->record_count && seen < BEGINNING_RECORDS; i++) {
		bool is_kernel = kmsg_is_kernel(&boot->records[i]);
		seen += is_kernel;
		if (is_kernel && slice_starts(boot->records[i].text, SLICE("Linux version ")))
			return true;
	}
	return false;
}

static unsigned start_loss(const struct boot *boot)
{
	const struct kmsg_record *first = first_kernel_record(boot);
	if (!boot->record_count || says_version(boot))
		return 0;
	/* Nothing but text of user space: the kernel's own is somewhere else. */
	if (!first)
		return LOSS_LATE_START;
	return (first->flags & KMSG_HAS_TIME) && first->time_ns == 0 ? LOSS_GAP : LOSS_LATE_START;
}

/* The text for which a dump is made: kmsg_dump fires on an oops and on a panic. */
static bool is_dump_reason(struct slice text)
{
	static const struct slice heads[] = {
		{ "Kernel panic - not syncing", 26 }, { "Oops", 4 },          { "BUG: ", 5 },
		{ "kernel BUG at ", 14 },             { "invalid opcode", 14 }, { "general protection fault", 24 },
		{ "divide error", 12 },               { "Internal error: ", 16 }, { "stack segment", 13 },
		{ "Unable to handle kernel", 23 },    { "PANIC: ", 7 },
	};
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		if (slice_starts(text, heads[i]))
			return true;
	return false;
}

/* Only the dumper writes kernel text into vmware.log, and always from the oldest record to the
 * newest: text without a reason means that the dump stopped before it. */
static unsigned dump_loss(const struct boot *boot)
{
	if (boot->format != LOG_VMWARE || !first_kernel_record(boot))
		return 0;
	for (size_t i = boot->record_count; i-- > 0;)
		if (kmsg_is_kernel(&boot->records[i]) && is_dump_reason(boot->records[i].text))
			return 0;
	return LOSS_DUMP_STOPPED;
}

/* What the kernel says only on its way into a panic: it cannot mount the root file system. */
static bool announces_panic(struct slice text)
{
	return slice_starts(text, SLICE("VFS: Cannot open root device ")) ||
	       slice_starts(text, SLICE("Please append a correct \"root=\" boot option")) ||
	       slice_starts(text, SLICE("List of all partitions:")) ||
	       slice_starts(text, SLICE("No filesystem could mount root, tried: "));
}

/* Other forms of the log need not hold a reason; but a panic that was announced comes. */
static unsigned announced_loss(const struct boot *boot)
{
	bool is_awaited = false;
	if (boot->format == LOG_VMWARE)
		return 0;
	for (size_t i = 0; i < boot->record_count; i++) {
		struct slice text = boot->records[i].text;
		if (kmsg_is_kernel(&boot->records[i]))
			is_awaited = announces_panic(text) ||
				     (is_awaited && !slice_starts(text, SLICE("Kernel panic - not syncing")));
	}
	return is_awaited ? LOSS_DUMP_STOPPED : 0;
}

static unsigned record_loss(const struct boot *boot)
{
	unsigned losses = 0;
	for (size_t i = 0; i < boot->record_count; i++) {
		const struct kmsg_record *record = &boot->records[i];
		if (record->flags & KMSG_CUT)
			losses |= i + 1 == boot->record_count && boot->is_last ? LOSS_CUT : LOSS_RECORD_CUT;
		else if (boot->format == LOG_VMWARE && record->text.len + 20 >= DUMPER_RECORD_BYTES)
			losses |= LOSS_RECORD_CUT;
	}
	return losses;
}

unsigned boot_losses(const struct boot *boot, bool source_is_cut)
{
	unsigned losses = start_loss(boot) | dump_loss(boot) | announced_loss(boot) | record_loss(boot);
	if (boot_event(boot, HOST_THROTTLED))
		losses |= LOSS_THROTTLED;
	if (source_is_cut && boot->is_last && boot->record_count)
		losses |= LOSS_CUT;
	if (boot->let_go_count)
		losses |= LOSS_LET_GO;
	return losses;
}
