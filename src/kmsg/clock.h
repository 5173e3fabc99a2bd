/* The wall clock of a boot's records.
 *
 * A record has the time since the boot only. What the host wrote into vmware.log came in a burst,
 * the whole ring at once: its stamp belongs to the last record of that dump. The boot's moment is
 * that stamp less the time of that record, and drifts from the truth as the guest's clock does,
 * and by as long as the VM was suspended. In other logs a record has a stamp of its own, or none. */
#ifndef KMSG_CLOCK_H
#define KMSG_CLOCK_H

#include "base/arena.h"
#include "base/error.h"
#include "kmsg/boot.h"

struct kmsg_clock {
	bool is_of_dump;          /* times are reckoned from dumps */
	bool is_known;            /* of one record at least */
	const int64_t *boots_us;  /* by pass: the boot's moment, as the stamps count; INT64_MAX: not known */
	size_t pass_count;
	struct stamp dump;        /* of the last pass that is stamped */
};

/* What it points at lives in `arena`. False only when memory is out. */
bool kmsg_clock_init(struct kmsg_clock *clock, const struct boot *boot, struct arena *arena, struct error *err);
/* STAMP_NONE when it is not known. *ret_us: the microseconds behind its milliseconds. */
struct stamp kmsg_clock_tell(const struct kmsg_clock *clock, const struct kmsg_record *record, unsigned *ret_us);

#endif
