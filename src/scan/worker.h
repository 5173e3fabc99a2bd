/* Reads units: each worker is a thread with rules and memory of its own. */
#ifndef SCAN_WORKER_H
#define SCAN_WORKER_H

#include "scan/judge.h"
#include "scan/lineup.h"
#include "scan/scan.h"

struct worker {
	const struct scan_options *options;
	struct scan_counts *counts;
	struct lineup *lineup;
	struct errands errands;
	struct judge judge;
	struct slot *slot;     /* that is being read */
	struct error err;      /* why it could not go on; empty text: it could */
};

void worker_init(struct worker *worker, const struct scan_options *options, struct scan_counts *counts,
		 struct lineup *lineup);
void worker_deinit(struct worker *worker);
/* Reads until nothing is left. When it cannot go on it cancels the scan, and worker->err says why. */
void worker_run(struct worker *worker);

#endif
