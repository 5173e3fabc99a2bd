/* How installers and image builders lay out disks: which partition is the root. */
#ifndef DIAGNOSIS_LAYOUT_H
#define DIAGNOSIS_LAYOUT_H

#include "facts/facts.h"

struct layout_slot {
	unsigned partition;         /* number; 0 ends the list */
	uint64_t min_kib, max_kib;  /* as the kernel prints sizes */
	const char *role;           /* "BIOS boot partition", "/boot" ... */
	bool optional;
};

struct layout {
	const char *distribution;   /* os-release ID; NULL: common to several */
	const char *name;
	unsigned root_partition;
	struct layout_slot slots[4]; /* the partitions beside the root */
};

/* The layout that the partitions of `disk` have, NULL when none fits. A layout of the guest's
 * own distribution is preferred. */
const struct layout *layout_match(const struct facts *facts, struct slice disk);
/* What a partition is in that layout; NULL for the root's and for one without a slot. */
const char *layout_role(const struct layout *layout, unsigned partition);

#endif
