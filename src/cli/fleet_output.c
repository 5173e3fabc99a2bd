#include "cli/fleet_output.h"

#include <stdio.h>
#include <time.h>

void moment_now(char text[MOMENT_BYTES])
{
	struct tm parts;
	time_t now = time(NULL);
	gmtime_r(&now, &parts);
	strftime(text, MOMENT_BYTES, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

const struct fleet_format *fleet_format_of(const struct options *options)
{
	return fleet_format_find(slice_of(options->format ? options->format : "text"));
}

struct report_options fleet_report_options(const struct options *options, const struct output *output)
{
	return (struct report_options){
		.color = output_wants_color(output, options->color), .width = output_width(output),
		.temporary = output_temporary_directory(),
	};
}

bool fleet_write(struct store *store, const struct options *options, struct output *output,
		 const struct store_changes *changes, struct error *err)
{
	char now[MOMENT_BYTES];
	struct report_output bytes = { output, output_write };
	moment_now(now);
	struct fleet_options how = {
		.report = fleet_report_options(options, output), .is_grouped = options->is_grouped,
		.grouping = options->grouping, .made_at = slice_of(now), .changes = changes,
	};
	return fleet_format_of(options)->write(store, &bytes, &how, err);
}
