/* What scans found as a whole, to bytes. One interface, one file for each format: a further format
 * is a file fleet_NAME.c and its row in fleet.c. */
#ifndef REPORT_FLEET_H
#define REPORT_FLEET_H

#include "report/report.h"
#include "store/store.h"

/* What the last scan of a database that remembers changed in it. */
struct fleet_options {
	struct report_options report;
	enum store_grouping grouping;
	struct slice made_at;      /* now, ISO 8601; for the page's head */
};

struct fleet_format {
	const char *name; /* "html" */
	bool (*write)(struct store *store, const struct report_output *output, const struct fleet_options *options,
		      struct error *err);
};

extern const struct fleet_format fleet_html;
/* By name; NULL when there is none. */
const struct fleet_format *fleet_format_find(struct slice name);

#endif
