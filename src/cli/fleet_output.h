/* What scan and report have in common: the report of a store, to where it was asked for. */
#ifndef CLI_FLEET_OUTPUT_H
#define CLI_FLEET_OUTPUT_H

#include "cli/command.h"
#include "cli/output.h"
#include "report/fleet.h"

/* What a clock on the wall shows, in UTC: "2026-02-21T18:13:03Z". */
#define MOMENT_BYTES 32
void moment_now(char text[MOMENT_BYTES]);

const struct fleet_format *fleet_format_of(const struct options *options);
struct report_options fleet_report_options(const struct options *options, const struct output *output);
/* `changes` NULL: not known. */
bool fleet_write(struct store *store, const struct options *options, struct output *output,
		 const struct store_changes *changes, struct error *err);

#endif
