#include "report/json_document.h"

#include "base/limits.h"

#define SCAN_INDENT 4
#define ITEM_INDENT 6
#define SOURCE_INDENT 6
#define BOOT_INDENT 8
/* Microseconds of a year are 14 digits; with 16 or more, 0.1 would not look like it. */
#define DUMP_FLAGS (JSON_INDENT(2) | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15))

static bool has_failed(const struct json_document *document)
{
	return document->failed || document->text.failed;
}

static bool flush(struct json_document *document, struct error *err)
{
	if (has_failed(document))
		return error_out_of_memory(err);
	bool is_written = document->output.write(document->output.user, buf_slice(&document->text));
	buf_clear(&document->text);
	return is_written || error_set(err, "the report could not be written");
}

/* Back to before what could not be made. */
static bool take_back(struct json_document *document, size_t len, struct error *err)
{
	document->text.len = len;
	document->failed = document->text.failed = false;
	return error_out_of_memory(err);
}

/* ---- values ---- */

struct indenter {
	struct buf *out;
	int indent;
};

/* A newline in what jansson writes is layout: inside strings it is escaped. */
static int put_indented(const char *bytes, size_t len, void *user)
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

static void put_value(struct json_document *document, const json_t *value, int indent)
{
	struct indenter indenter = { &document->text, indent };
	if (!value || json_dump_callback(value, put_indented, &indenter, DUMP_FLAGS) != 0)
		document->failed = true;
}

static void put_taken(struct json_document *document, json_t *value, int indent)
{
	put_value(document, value, indent);
	json_decref(value);
}

/* A key may come from a line that another program wrote. */
static void put_key(struct json_document *document, const char *key, int indent, bool *any)
{
	buf_text(&document->text, *any ? ",\n" : "");
	buf_repeat(&document->text, ' ', indent);
	put_taken(document, json_string(key), 0);
	buf_text(&document->text, ": ");
	*any = true;
}

/* The members of an object without its braces. */
static void put_members(struct json_document *document, json_t *object, int indent, bool *any)
{
	const char *key;
	json_t *value;
	document->failed |= object == NULL;
	json_object_foreach(object, key, value) {
		put_key(document, key, indent, any);
		put_value(document, value, indent);
	}
	json_decref(object);
}

/* ---- the document ---- */

void json_document_begin(struct json_document *document, const struct report_output *output)
{
	*document = (struct json_document){ .output = *output, .text = BUF_INIT(REPORT_BYTES) };
	buf_text(&document->text, "{\n  \"schema\": \"vmpanic/1\",\n");
}

void json_document_member(struct json_document *document, const char *key, json_t *value)
{
	size_t before = document->text.len;
	bool had_failed = has_failed(document);
	buf_printf(&document->text, "  \"%s\": ", key);
	put_taken(document, value, 2);
	buf_text(&document->text, ",\n");
	if (!had_failed && has_failed(document))
		document->is_short = !take_back(document, before, NULL);
}

void json_document_sources(struct json_document *document)
{
	buf_text(&document->text, "  \"sources\": [");
}

/* What could not be begun cannot be gone on with. */
static bool is_begun(struct json_document *document, json_t *tree, struct error *err)
{
	if (!has_failed(document))
		return true;
	json_decref(tree);
	return error_out_of_memory(err);
}

bool json_document_source_begin(struct json_document *document, json_t *path, struct error *err)
{
	size_t before = document->text.len;
	if (!is_begun(document, path, err))
		return false;
	buf_text(&document->text, document->any_source ? ",\n    {\n" : "\n    {\n");
	buf_text(&document->text, "      \"path\": ");
	put_taken(document, path, SOURCE_INDENT);
	buf_text(&document->text, ",\n      \"boots\": [");
	if (has_failed(document))
		return take_back(document, before, err);
	document->any_source = true;
	document->any_boot = false;
	return flush(document, err);
}

bool json_document_boot(struct json_document *document, json_t *boot, struct error *err)
{
	size_t before = document->text.len;
	buf_text(&document->text, document->any_boot ? ",\n        " : "\n        ");
	put_taken(document, boot, BOOT_INDENT);
	if (has_failed(document))
		return take_back(document, before, err);
	document->any_boot = true;
	return flush(document, err);
}

/* What stands for a source that could not be told of: every member that readers count on. */
static const char lost_source[] =
	"      \"format\": null,\n      \"complete\": false,\n      \"notes\": [],\n      \"error\": \"out of memory\",\n"
	"      \"recovered\": null,\n      \"vm\": {\n        \"name\": null,\n        \"uuid\": null\n      },\n"
	"      \"lines\": {\n        \"total\": null,\n        \"guest\": null,\n        \"unframed\": null\n      }";

bool json_document_source_end(struct json_document *document, json_t *source, struct error *err)
{
	bool any = false;
	buf_text(&document->text, document->any_boot ? "\n      ],\n" : "],\n");
	size_t before = document->text.len;
	json_object_del(source, "path");
	put_members(document, source, SOURCE_INDENT, &any);
	bool is_whole = !has_failed(document) || take_back(document, before, err);
	if (!is_whole)
		buf_text(&document->text, lost_source);
	buf_text(&document->text, "\n    }");
	return flush(document, err) && is_whole;
}

bool json_document_end(struct json_document *document, struct error *err)
{
	buf_text(&document->text, document->any_source ? "\n  ]\n}\n" : "]\n}\n");
	return flush(document, err) && (!document->is_short || error_out_of_memory(err));
}

void json_document_deinit(struct json_document *document)
{
	buf_deinit(&document->text);
}

/* ---- an object among its members ---- */

void json_document_open(struct json_document *document, const char *key)
{
	buf_printf(&document->text, "  \"%s\": {\n", key);
	document->any_member = false;
}

void json_document_members(struct json_document *document, json_t *object)
{
	size_t before = document->text.len;
	bool had_failed = has_failed(document), had_member = document->any_member;
	put_members(document, object, SCAN_INDENT, &document->any_member);
	if (had_failed || !has_failed(document))
		return;
	document->is_short = !take_back(document, before, NULL);
	document->any_member = had_member;
}

void json_document_open_array(struct json_document *document, const char *key)
{
	buf_text(&document->text, document->any_member ? ",\n" : "");
	buf_printf(&document->text, "    \"%s\": [", key);
	document->any_member = true;
	document->any_item = false;
}

bool json_document_item(struct json_document *document, json_t *item, struct error *err)
{
	size_t before = document->text.len;
	if (!is_begun(document, item, err))
		return false;
	buf_text(&document->text, document->any_item ? ",\n" : "\n");
	buf_repeat(&document->text, ' ', ITEM_INDENT);
	put_taken(document, item, ITEM_INDENT);
	if (has_failed(document))
		return take_back(document, before, err);
	document->any_item = true;
	return flush(document, err);
}

void json_document_close_array(struct json_document *document)
{
	buf_text(&document->text, document->any_item ? "\n    ]" : "]");
}

void json_document_close(struct json_document *document)
{
	buf_text(&document->text, "\n  },\n");
}
