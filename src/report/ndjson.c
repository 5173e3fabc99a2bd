/* A line a boot, each of which stands for itself: the boot's members as in the JSON document, and
 * beside them its source and its VM.
 *
 * What is said of a source (complete, notes, error) is known only when it has been read: until then
 * its boots wait. A source without a boot is a line whose number and verdict are null, so that
 * nothing that was looked at is lost in a stream of boots. */
#include <stdlib.h>

#include "base/limits.h"
#include "base/path.h"
#include "base/sheaf.h"
#include "report/json_tree.h"
#include "report/json_write.h"

#define LINE_HEAD "{\"schema\":\"vmpanic/1\","

struct report {
	struct report_output output;
	struct json_maker maker;
	struct spill *spill;
	struct sheaf boots;  /* of the source, each without its closing brace, and a newline */
	struct buf piece, tail;
	bool any_boot;
};

static void put_value(struct buf *out, json_t *value)
{
	json_write(out, value);
	json_decref(value);
}

static bool has_failed(const struct report *report)
{
	return report->piece.failed || report->tail.failed || json_maker_failed(&report->maker);
}

/* What could not be made for want of memory is left out, and the lines go on. */
static bool give_up(struct report *report, struct error *err)
{
	json_maker_forgive(&report->maker);
	buf_deinit(&report->piece);
	buf_deinit(&report->tail);
	return error_out_of_memory(err);
}

static bool ndjson_close(struct report *report, struct error *err)
{
	(void)err;
	if (!report)
		return true;
	json_maker_deinit(&report->maker);
	sheaf_deinit(&report->boots);
	spill_free(report->spill);
	buf_deinit(&report->piece);
	buf_deinit(&report->tail);
	free(report);
	return true;
}

static struct report *ndjson_open(const struct report_output *output, const struct report_options *options,
				  struct error *err)
{
	struct report *report = calloc(1, sizeof(*report));
	if (!report) {
		error_out_of_memory(err);
		return NULL;
	}
	report->output = *output;
	report->piece = report->tail = BUF_INIT(REPORT_BYTES);
	report->spill = spill_new(options->temporary, err);
	sheaf_init(&report->boots, report->spill);
	if (report->spill && json_maker_init(&report->maker, options, err))
		return report;
	ndjson_close(report, NULL);
	return NULL;
}

static bool ndjson_source_begin(struct report *report, const struct report_source *source, struct error *err)
{
	(void)err;
	json_maker_begin(&report->maker, source);
	sheaf_clear(&report->boots);
	report->any_boot = false;
	return true;
}

static bool ndjson_boot(struct report *report, const struct report_source *source, const struct diagnosis *diagnosis,
			struct error *err)
{
	(void)source;
	struct buf *piece = &report->piece;
	buf_clear(piece);
	put_value(piece, json_maker_boot(&report->maker, diagnosis));
	if (has_failed(report))
		return give_up(report, err);
	piece->ptr[piece->len - 1] = '\n';
	report->any_boot = true;
	return sheaf_add(&report->boots, buf_slice(piece), err);
}

/* Where the VM's logs are: of one of them its folder; anything else stands for itself. */
static struct slice place_of_vm(const struct report_source *source)
{
	struct slice path = path_trim(source->path);
	size_t folder_len = path_folder_len(path);
	bool is_log = slice_starts(slice_skip(path, folder_len), SLICE("vmware")) && slice_contains(path, SLICE(".log"));
	return is_log && folder_len > 1 ? slice_take(path, folder_len - 1) : path;
}

/* The VM as a person calls it: by the name in its settings, else by where its logs are. */
static struct slice name_of_vm(const struct report_source *source)
{
	struct slice place = place_of_vm(source);
	if (source->vm_name.len)
		return source->vm_name;
	size_t folder_len = path_folder_len(place);
	return folder_len < place.len ? slice_skip(place, folder_len) : place;
}

/* What stands behind the members of each boot. A VM without a UUID is known by where its log is. */
static void make_tail(struct report *report, const struct report_source *source)
{
	struct json_maker *maker = &report->maker;
	buf_clear(&report->tail);
	json_t *object = json_maker_source(maker, source);
	buf_text(&report->tail, ",\"vm_id\":");
	struct slice id = source->vm_uuid.len ? source->vm_uuid : place_of_vm(source);
	put_value(&report->tail, json_maker_text(maker, id));
	buf_text(&report->tail, ",\"vm_name\":");
	put_value(&report->tail, json_maker_text(maker, name_of_vm(source)));
	buf_text(&report->tail, ",\"source\":");
	put_value(&report->tail, object);
	buf_text(&report->tail, "}\n");
}

/* A line is written in one piece. What made the boots' pieces is free by then. */
static bool write_line(struct report *report, struct slice piece, struct error *err)
{
	struct buf *line = &report->piece;
	buf_clear(line);
	buf_text(line, LINE_HEAD);
	buf_append(line, slice_skip(piece, 1));
	buf_append(line, buf_slice(&report->tail));
	if (line->failed)
		return give_up(report, err);
	return report->output.write(report->output.user, buf_slice(line)) ||
	       error_set(err, "the report could not be written");
}

/* A piece is `{` and the members of a boot. */
static bool write_lines(void *user, struct slice pieces, struct error *err)
{
	while (pieces.len) {
		struct slice piece = slice_until(pieces, '\n');
		pieces = slice_skip(pieces, piece.len + 1);
		if (!write_line(user, piece, err))
			return false;
	}
	return true;
}

static bool ndjson_source_end(struct report *report, const struct report_source *source, struct error *err)
{
	make_tail(report, source);
	if (has_failed(report))
		return give_up(report, err);
	if (report->any_boot)
		return sheaf_drain(&report->boots, write_lines, report, err);
	return write_lines(report, SLICE("{\"number\":null,\"verdict\":null\n"), err);
}

const struct report_format report_ndjson = {
	.name = "ndjson",
	.open = ndjson_open,
	.source_begin = ndjson_source_begin,
	.boot = ndjson_boot,
	.source_end = ndjson_source_end,
	.close = ndjson_close,
};
