/* What a report remembers of a source's boots: which failures came before, and whether the VM came
 * up again after the last one. Bounded by BOOTS_MAX small entries. */
#ifndef REPORT_HISTORY_H
#define REPORT_HISTORY_H

#include "base/buf.h"
#include "diagnosis/diagnosis.h"

struct history_entry {
	uint64_t hash;        /* of the fingerprint */
	unsigned number;      /* of the first boot that had it */
};

struct history {
	struct history_entry *entries;
	size_t count, capacity;
	unsigned failed_count;
	unsigned last_number;    /* of the last boot that was taken */
	bool failed;             /* memory ran out; sticky */
	bool has_recovered;      /* that boot did not fail, its user space ran, and one before it had failed */
	struct buf evidence;     /* of that, in words */
	uint64_t evidence_line;  /* 0 when no single line tells it */
};

void history_init(struct history *history);
void history_deinit(struct history *history);
/* Another source begins. */
void history_clear(struct history *history);
/* Takes the next boot. Returns the number of the first boot with the same fingerprint, 0 when it is
 * the first itself or did not fail. When memory is out a failure is taken for a new one. */
unsigned history_take(struct history *history, const struct diagnosis *diagnosis);

#endif
