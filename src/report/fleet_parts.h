/* What several formats of a scan have in common: lines as trees, what is counted, and writing. */
#ifndef REPORT_FLEET_PARTS_H
#define REPORT_FLEET_PARTS_H

#include <jansson.h>

#include "report/fleet.h"

/* ---- lines ---- */

/* Hands on each line as an object, which lives until `take` returns; false from it ends the reading
 * without an error. */
bool fleet_each_line(struct store *store, enum store_choice choice, bool (*take)(void *user, const json_t *line),
		     void *user, struct error *err);
/* What stands at a path of keys and places in arrays: "root.candidates.0.value"; NULL for nothing. */
const json_t *fleet_at(const json_t *line, const char *path);
/* The same of a text; empty when there is none. */
struct slice fleet_text_at(const json_t *line, const char *path);
/* Of a number; 0 when there is none, or a negative one. */
uint64_t fleet_number_at(const json_t *line, const char *path);

/* ---- what is counted ---- */

#define FLEET_VERDICTS 6

struct fleet_count {
	const char *word;
	uint64_t count;
};

/* Boots by verdict, in the order of the contract. */
void fleet_verdicts(const struct store_totals *totals, struct fleet_count ret[FLEET_VERDICTS]);
/* "cause", as --group-by has it; NULL past the last. */
const char *fleet_grouping_name(enum store_grouping grouping);
/* The groupings that were asked for, or the two that a report has when none was. Returns how many. */
size_t fleet_groupings(const struct fleet_options *options, enum store_grouping ret[2]);

/* ---- writing ---- */

/* Text that goes out piece by piece. What went wrong is in *err once, and nothing more is written. */
struct fleet_writer {
	const struct report_output *output;
	struct buf text;
	struct error *err;
	bool is_broken;
};

void fleet_writer_init(struct fleet_writer *writer, const struct report_output *output, struct error *err);
/* Writes what has been put into `text`. False once something went wrong. */
bool fleet_flush(struct fleet_writer *writer);
/* Writes the rest and frees it; `is_made` false: something else went wrong before, and nothing is written. */
bool fleet_writer_end(struct fleet_writer *writer, bool is_made);

#endif
