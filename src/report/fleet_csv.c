/* A table for spreadsheets (RFC 4180), a row a line of what was found: a boot, or a source without one,
 * such as one that could not be read. Texts are always in quotes, numbers and words of ours as they are. */
#include <inttypes.h>

#include "base/escape.h"
#include "report/fleet_parts.h"

struct column {
	const char *name;
	const char *path;       /* of its value in a line (fleet_at) */
	const char *of_source;  /* the same where there is no boot; NULL: empty */
};

static const struct column columns[] = {
	{ .name = "vm_name", .path = "vm_name" },
	{ .name = "vm_id", .path = "vm_id" },
	{ .name = "path", .path = "source.path" },
	{ .name = "label", .path = "source.label" },
	{ .name = "boot", .path = "number" },
	{ .name = "started_at", .path = "started_at" },
	{ .name = "dumped_at", .path = "dumped_at" },
	{ .name = "verdict", .path = "verdict" },
	{ .name = "complete", .path = "complete", .of_source = "source.complete" },
	{ .name = "cause", .path = "cause" },
	{ .name = "confidence", .path = "confidence" },
	{ .name = "title", .path = "title" },
	{ .name = "fingerprint", .path = "fingerprint" },
	{ .name = "kernel", .path = "kernel.release" },
	{ .name = "distribution", .path = "kernel.distribution" },
	{ .name = "panic", .path = "panic" },
	{ .name = "crash_function", .path = "crash.function" },
	{ .name = "root_wanted", .path = "root.wanted" },
	{ .name = "root_answer", .path = "root.answer" },
	{ .name = "root_candidate", .path = "root.candidates.0.value" },
	{ .name = "file", .path = "evidence.0.file" },
	{ .name = "line", .path = "evidence.0.line" },
	{ .name = "error", .path = "source.error" },
};

#define COLUMN_COUNT (sizeof(columns) / sizeof(*columns))
#define ROW_END "\r\n"

static void put_cell(struct buf *out, const json_t *value)
{
	if (json_is_string(value))
		escape_csv(out, (struct slice){ json_string_value(value), json_string_length(value) });
	else if (json_is_integer(value))
		buf_printf(out, "%" PRIi64, (int64_t)json_integer_value(value));
	else if (json_is_boolean(value))
		buf_text(out, json_is_true(value) ? "true" : "false");
}

static bool take_line(void *user, const json_t *line)
{
	struct fleet_writer *writer = user;
	bool is_boot = !json_is_null(json_object_get(line, "verdict"));
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		bool is_other = !is_boot && columns[i].of_source;
		buf_text(&writer->text, i ? "," : "");
		put_cell(&writer->text, fleet_at(line, is_other ? columns[i].of_source : columns[i].path));
	}
	buf_text(&writer->text, ROW_END);
	return fleet_flush(writer);
}

static bool write_csv(struct store *store, const struct report_output *output, const struct fleet_options *options,
		      struct error *err)
{
	struct fleet_writer writer;
	(void)options;
	fleet_writer_init(&writer, output, err);
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		buf_printf(&writer.text, "%s%s", i ? "," : "", columns[i].name);
	buf_text(&writer.text, ROW_END);
	return fleet_writer_end(&writer, fleet_each_line(store, STORE_ALL_LINES, take_line, &writer, err));
}

const struct fleet_format fleet_csv = { "csv", write_csv };
