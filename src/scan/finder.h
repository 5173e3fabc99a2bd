/* Finds the units of a scan and lines them up. */
#ifndef SCAN_FINDER_H
#define SCAN_FINDER_H

#include "scan/lineup.h"
#include "scan/scan.h"

struct finder {
	const struct scan_options *options;
	struct scan_counts *counts;
	struct lineup *lineup;
	struct spill *spill;
	bool is_over;          /* the scan was cancelled, or memory is out */
	struct error err;      /* why; empty text: it was cancelled */
};

/* All that was named. False, and finder->err, when it could not go on. */
bool finder_run(struct finder *finder);

#endif
