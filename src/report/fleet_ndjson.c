/* The lines as they are. */
#include "report/fleet.h"

struct writer {
	const struct report_output *output;
	bool is_written;
};

static bool write_line(void *user, struct slice line)
{
	struct writer *writer = user;
	writer->is_written = writer->output->write(writer->output->user, line) &&
			     writer->output->write(writer->output->user, SLICE("\n"));
	return writer->is_written;
}

static bool write_lines(struct store *store, const struct report_output *output, const struct fleet_options *options,
			struct error *err)
{
	struct writer writer = { output, true };
	(void)options;
	return store_each_line(store, STORE_ALL_LINES, UINT64_MAX, write_line, &writer, err) &&
	       (writer.is_written || error_set(err, "the report could not be written"));
}

const struct fleet_format fleet_ndjson = { "ndjson", write_lines };
