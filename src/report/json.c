/* The contract for programs: one document, `schema` vmpanic/1.
 *
 * The outer braces and arrays are written by hand as sources and boots come, so that only one
 * boot is in memory; each boot is a jansson tree. What is known of a source only at its end
 * stands behind its boots: the order of members means nothing in JSON. */
#include <stdlib.h>

#include "base/limits.h"
#include "report/json_tree.h"

#define BOOT_INDENT 8
#define SOURCE_INDENT 6
/* Microseconds of a year are 14 digits; with 16 or more, 0.1 would not look like it. */
#define DUMP_FLAGS (JSON_INDENT(2) | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15))

struct report {
	struct report_output output;
	struct buf text;     /* the piece of the document that is being made */
	struct json_maker maker;
	bool any_source, any_boot;
};

static bool has_failed(const struct report *report)
{
	return report->text.failed || json_maker_failed(&report->maker);
}

static bool report_flush(struct report *report, struct error *err)
{
	if (has_failed(report))
		return error_out_of_memory(err);
	bool is_written = report->output.write(report->output.user, buf_slice(&report->text));
	buf_clear(&report->text);
	return is_written || error_set(err, "the report could not be written");
}

struct indenter {
	struct buf *out;
	int indent;
};

/* A newline in what jansson writes is layout: inside strings it is escaped. */
static int write_indented(const char *bytes, size_t len, void *user)
{
	const struct indenter *indenter = user;
	struct slice rest = { bytes, len };
	for (size_t at; (at = slice_find_char(rest, '\n')) != SLICE_NOT_FOUND; rest = slice_skip(rest, at + 1)) {
		buf_append(indenter->out, slice_take(rest, at + 1));
		buf_repeat(indenter->out, ' ', indenter->indent);
	}
	buf_append(indenter->out, rest);
	return indenter->out->failed ? -1 : 0;
}

static void write_value(struct report *report, const json_t *value, int indent)
{
	struct indenter indenter = { &report->text, indent };
	if (!value || json_dump_callback(value, write_indented, &indenter, DUMP_FLAGS) != 0)
		report->maker.failed = true;
}

/* The members of an object without its braces. */
static void write_members(struct report *report, json_t *object, int indent)
{
	const char *key;
	json_t *value;
	bool is_first = true;
	json_object_foreach(object, key, value) {
		buf_text(&report->text, is_first ? "" : ",\n");
		buf_repeat(&report->text, ' ', indent);
		buf_printf(&report->text, "\"%s\": ", key);
		write_value(report, value, indent);
		is_first = false;
	}
	report->maker.failed |= object == NULL;
}

static struct report *json_open(const struct report_output *output, const struct report_options *options,
				struct error *err)
{
	struct report *report = calloc(1, sizeof(*report));
	if (!report || !json_maker_init(&report->maker, options, err)) {
		free(report);
		error_out_of_memory(err);
		return NULL;
	}
	report->output = *output;
	report->text = BUF_INIT(REPORT_BYTES);
	buf_text(&report->text, "{\n  \"schema\": \"vmpanic/1\",\n");
	buf_printf(&report->text, "  \"redacted\": %s,\n  \"sources\": [", options->redact ? "true" : "false");
	return report;
}

/* A source or boot for which memory ran out is left out, so that the document can still be ended. */
static bool take_back(struct report *report, size_t len, struct error *err)
{
	report->text.len = len;
	report->text.failed = false;
	json_maker_forgive(&report->maker);
	return error_out_of_memory(err);
}

static bool json_source_begin(struct report *report, const struct report_source *source, struct error *err)
{
	size_t before = report->text.len;
	if (has_failed(report)) /* the document could not be begun */
		return error_out_of_memory(err);
	buf_text(&report->text, report->any_source ? ",\n    {\n" : "\n    {\n");
	report->any_boot = false;
	json_maker_begin(&report->maker, source);
	buf_text(&report->text, "      \"path\": ");
	json_t *path = json_maker_text(&report->maker, source->path);
	write_value(report, path, 0);
	json_decref(path);
	buf_text(&report->text, ",\n      \"boots\": [");
	if (has_failed(report))
		return take_back(report, before, err);
	report->any_source = true;
	return report_flush(report, err);
}

static bool json_boot(struct report *report, const struct report_source *source, const struct diagnosis *diagnosis,
		      struct error *err)
{
	(void)source;
	size_t before = report->text.len;
	buf_text(&report->text, report->any_boot ? ",\n        " : "\n        ");
	json_t *boot = json_maker_boot(&report->maker, diagnosis);
	write_value(report, boot, BOOT_INDENT);
	json_decref(boot);
	if (has_failed(report))
		return take_back(report, before, err);
	report->any_boot = true;
	return report_flush(report, err);
}

static bool json_source_end(struct report *report, const struct report_source *source, struct error *err)
{
	buf_text(&report->text, report->any_boot ? "\n      ],\n" : "],\n");
	size_t before = report->text.len;
	json_t *object = json_maker_source(&report->maker, source);
	/* It stands before the boots. */
	json_object_del(object, "path");
	write_members(report, object, SOURCE_INDENT);
	json_decref(object);
	bool is_whole = !has_failed(report) || take_back(report, before, err);
	if (!is_whole)
		buf_text(&report->text, "      \"complete\": false,\n      \"error\": \"out of memory\"");
	buf_text(&report->text, "\n    }");
	return report_flush(report, err) && is_whole;
}

static bool json_close(struct report *report, struct error *err)
{
	if (!report)
		return true;
	buf_text(&report->text, report->any_source ? "\n  ]\n}\n" : "]\n}\n");
	bool is_done = report_flush(report, err);
	buf_deinit(&report->text);
	json_maker_deinit(&report->maker);
	free(report);
	return is_done;
}

const struct report_format report_json = {
	.name = "json",
	.open = json_open,
	.source_begin = json_source_begin,
	.boot = json_boot,
	.source_end = json_source_end,
	.close = json_close,
};
