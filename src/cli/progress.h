/* One line on a terminal that tells how far a scan is: what was done, never what is left. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <time.h>

#include "scan/scan.h"

struct progress {
	bool is_shown;
	bool is_on_line;          /* the line stands there */
	struct timespec begun, shown;
};

/* `is_wanted`: nothing else writes to the terminal meanwhile. */
void progress_begin(struct progress *progress, bool is_wanted);
void progress_show(struct progress *progress, const struct scan_counts *counts);
/* Makes room for something else, or for good. */
void progress_clear(struct progress *progress);
/* What was looked at, in one line; for a terminal, where it stays. */
void progress_end(struct progress *progress, const struct scan_counts *counts);

#endif
