/* What scans found as a whole, to bytes. One interface, one file for each format: a further format
 * is a file fleet_NAME.c and its row in fleet.c. */
#ifndef REPORT_FLEET_H
#define REPORT_FLEET_H

#include "report/report.h"
#include "store/store.h"

struct fleet_options {
	struct report_options report;
	bool is_grouped;           /* `grouping` was asked for; else each format has groups of its own */
	enum store_grouping grouping;
	struct slice made_at;      /* now, ISO 8601 */
	const struct store_changes *changes; /* of a scan that remembers; NULL: not known */
};

struct fleet_format {
	const char *name; /* "html" */
	bool (*write)(struct store *store, const struct report_output *output, const struct fleet_options *options,
		      struct error *err);
};

extern const struct fleet_format fleet_text, fleet_ndjson, fleet_json, fleet_csv, fleet_html, fleet_markdown,
	fleet_prometheus;
/* By name; NULL when there is none. */
const struct fleet_format *fleet_format_find(struct slice name);

#endif
