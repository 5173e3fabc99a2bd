#include "report/fleet_parts.h"

#include "base/json.h"
#include "base/limits.h"

/* ---- lines ---- */

struct reader {
	bool (*take)(void *user, const json_t *line);
	void *user;
	struct error *err;
	bool is_broken;
};

/* A line that memory is out for is left out, and the others go on. */
static bool read_line(void *user, struct slice text)
{
	struct reader *reader = user;
	json_error_t why;
	bool is_out_of_memory;
	json_t *line = json_read(text, 0, &why, &is_out_of_memory);
	if (line) {
		bool goes_on = reader->take(reader->user, line);
		json_decref(line);
		return goes_on;
	}
	reader->is_broken = true;
	if (is_out_of_memory)
		return !error_out_of_memory(reader->err);
	return error_set(reader->err, "a line of what was found is no JSON: %s", why.text);
}

bool fleet_each_line(struct store *store, enum store_choice choice, bool (*take)(void *user, const json_t *line),
		     void *user, struct error *err)
{
	struct reader reader = { take, user, err, false };
	return store_each_line(store, choice, UINT64_MAX, read_line, &reader, err) && !reader.is_broken;
}

const json_t *fleet_at(const json_t *line, const char *path)
{
	const json_t *value = line;
	for (struct slice rest = slice_of(path); rest.len && value;) {
		struct slice step = slice_until(rest, '.');
		uint64_t place = 0;
		if (json_is_array(value))
			value = slice_to_decimal(step, &place) ? json_array_get(value, place) : NULL;
		else
			value = json_object_getn(value, step.ptr, step.len);
		rest = slice_skip(rest, step.len + 1);
	}
	return value;
}

struct slice fleet_text_at(const json_t *line, const char *path)
{
	const json_t *value = fleet_at(line, path);
	return (struct slice){ json_string_value(value), json_string_length(value) };
}

uint64_t fleet_number_at(const json_t *line, const char *path)
{
	json_int_t number = json_integer_value(fleet_at(line, path));
	return number > 0 ? (uint64_t)number : 0;
}

/* ---- what is counted ---- */

void fleet_verdicts(const struct store_totals *totals, struct fleet_count ret[FLEET_VERDICTS])
{
	const struct fleet_count counts[FLEET_VERDICTS] = {
		{ "panic", totals->panics }, { "oops", totals->oopses }, { "hang", totals->hangs },
		{ "reset", totals->resets }, { "clean", totals->cleans }, { "silent", totals->silents },
	};
	memcpy(ret, counts, sizeof(counts));
}

const char *fleet_grouping_name(enum store_grouping grouping)
{
	static const char *const names[] = {
		[STORE_BY_CAUSE] = "cause", [STORE_BY_FINGERPRINT] = "fingerprint", [STORE_BY_KERNEL] = "kernel",
		[STORE_BY_VM] = "vm",
	};
	return (size_t)grouping < sizeof(names) / sizeof(*names) ? names[grouping] : NULL;
}

size_t fleet_groupings(const struct fleet_options *options, enum store_grouping ret[2])
{
	ret[0] = options->is_grouped ? options->grouping : STORE_BY_CAUSE;
	ret[1] = STORE_BY_FINGERPRINT;
	return options->is_grouped ? 1 : 2;
}

/* ---- writing ---- */

void fleet_writer_init(struct fleet_writer *writer, const struct report_output *output, struct error *err)
{
	*writer = (struct fleet_writer){ .output = output, .text = BUF_INIT(REPORT_BYTES), .err = err };
}

bool fleet_flush(struct fleet_writer *writer)
{
	if (writer->is_broken)
		return false;
	if (writer->text.failed)
		writer->is_broken = !error_out_of_memory(writer->err);
	else if (!writer->output->write(writer->output->user, buf_slice(&writer->text)))
		writer->is_broken = !error_set(writer->err, "the report could not be written");
	buf_clear(&writer->text);
	return !writer->is_broken;
}

bool fleet_writer_end(struct fleet_writer *writer, bool is_made)
{
	is_made = is_made && fleet_flush(writer);
	buf_deinit(&writer->text);
	return is_made;
}
