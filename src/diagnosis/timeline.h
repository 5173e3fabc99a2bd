/* A boot in the order of time: what happened when, and where it stood still.
 *
 * Guest seconds are the kernel's own. A dump reaches the host in one burst, so the host's stamp of
 * such a line is the dump's: the host time of what happened before is worked out from the dump's
 * last record and marked as estimated. A console has no host time at all. */
#ifndef DIAGNOSIS_TIMELINE_H
#define DIAGNOSIS_TIMELINE_H

#include "base/arena.h"
#include "base/error.h"
#include "facts/facts.h"

enum timeline_kind {
	TIMELINE_BEGIN,         /* the VM's CPU was reset, or the VM resumed */
	TIMELINE_KERNEL,        /* the kernel's first record */
	TIMELINE_INITRAMFS,     /* unpacked, or refused */
	TIMELINE_DRIVER,        /* a storage driver spoke first */
	TIMELINE_DISK,          /* a hard disk appeared */
	TIMELINE_ROOT_WAIT,     /* rootwait or rootdelay= */
	TIMELINE_ROOT_MOUNTED,
	TIMELINE_ROOT_FAILED,
	TIMELINE_INIT,          /* a program was run as PID 1 */
	TIMELINE_USER_SPACE,    /* of the real root */
	TIMELINE_CRASH,
	TIMELINE_PANIC,
	TIMELINE_HOST,          /* what else the host saw: heartbeat lost, text throttled ... */
	TIMELINE_RESET,
	TIMELINE_POWER_OFF,
};
/* "begin", "kernel-start" ... as JSON writes it. */
const char *timeline_kind_name(enum timeline_kind kind);

struct timeline_event {
	enum timeline_kind kind;
	struct slice text;       /* "disk sda", may hold guest text */
	uint64_t line;           /* 0 when no line tells it */
	bool has_time;
	uint64_t time_ns;        /* since the kernel started */
	struct stamp host;       /* STAMP_NONE when it is not known */
	bool is_estimated;       /* the host's time */
};

/* Between two records of the kernel, or between two events of the host. */
struct timeline_gap {
	uint64_t length_ms;
	struct slice from, to;
	uint64_t from_line, to_line;
};

#define TIMELINE_GAPS_MAX 3

struct timeline {
	struct timeline_event *events; /* in the order of time */
	size_t count;
	struct timeline_gap gaps[TIMELINE_GAPS_MAX]; /* the longest first, each a second or more */
	size_t gap_count;
	bool is_broken;          /* records are missing in the middle: their gaps would be false, none is told */
};

/* Text is borrowed from the boot or lives in `arena`. False only when memory is out. */
bool timeline_make(struct timeline *timeline, const struct facts *facts, struct arena *arena, struct error *err);

#endif
