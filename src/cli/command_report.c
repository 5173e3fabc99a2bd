#include "cli/command.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "cli/fleet_output.h"
#include "input/input.h"

#define BAD_LINES_SHOWN 3

struct merger {
	const struct options *options;
	struct store *store;
	struct output output;
	const char *path;          /* that is being read */
	uint64_t line;             /* in it, from 1; of those that are not empty */
	uint64_t bad_lines;        /* in it */
	bool is_overlong;          /* the line that is being read */
	bool found_something, any_trouble;
	struct error err;          /* why it cannot go on */
};

static bool trouble(struct merger *merger, const char *why)
{
	complain(merger->path, why);
	return !(merger->any_trouble = true);
}

/* A file that is something else is told in a few lines. */
static void line_trouble(struct merger *merger, const char *fault, const char *why)
{
	char text[320];
	merger->any_trouble = true;
	if (merger->bad_lines++ >= BAD_LINES_SHOWN)
		return;
	snprintf(text, sizeof(text), "line %" PRIu64 " %s%s", merger->line, fault, why);
	trouble(merger, text);
}

static void tell_bad_lines(struct merger *merger)
{
	char text[64];
	if (merger->bad_lines > BAD_LINES_SHOWN) {
		snprintf(text, sizeof(text), "%" PRIu64 " more such lines", merger->bad_lines - BAD_LINES_SHOWN);
		trouble(merger, text);
	}
	merger->bad_lines = 0;
}

/* ---- lines ---- */

static bool find_verdict(const char *word, enum verdict *ret)
{
	for (enum verdict verdict = 0; word && verdict_name(verdict); verdict++) {
		*ret = verdict;
		if (strcmp(word, verdict_name(verdict)) == 0)
			return true;
	}
	return false;
}

/* What the store and the reports take for granted. */
static const char *fault_of(const json_t *line)
{
	const char *schema = json_string_value(json_object_get(line, "schema"));
	const json_t *word = json_object_get(line, "verdict");
	enum verdict verdict;
	if (!json_is_object(line) || !schema)
		return "is no line that a scan wrote with --format ndjson";
	if (strcmp(schema, "vmpanic/1") != 0)
		return "is of another schema than vmpanic/1";
	if (!json_is_object(json_object_get(line, "source")) || !json_is_string(json_object_get(line, "vm_id")))
		return "names no source or no VM";
	if (!json_is_null(word) && !find_verdict(json_string_value(word), &verdict))
		return "has a verdict that is not known";
	return NULL;
}

static void note_findings(struct merger *merger, const json_t *line)
{
	enum verdict verdict;
	bool is_boot = find_verdict(json_string_value(json_object_get(line, "verdict")), &verdict);
	merger->found_something |= (is_boot && verdict_is_failure(verdict)) ||
				   json_array_size(json_object_get(line, "warnings"));
	merger->any_trouble |= json_is_string(json_object_get(json_object_get(line, "source"), "error"));
}

/* A line that is none is told and left out; the others stand. */
static bool take_line(struct merger *merger, struct slice text)
{
	json_error_t why;
	if (!slice_trim(text).len)
		return true;
	merger->line++;
	json_t *line = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, &why);
	const char *fault = line ? fault_of(line) : NULL;
	if (!line)
		line_trouble(merger, "is no JSON: ", why.text);
	else if (fault)
		line_trouble(merger, fault, "");
	bool is_ours = line && !fault;
	if (is_ours)
		note_findings(merger, line);
	json_decref(line);
	return !is_ours || store_add_lines(merger->store, text, &merger->err);
}

/* Of a line that is too long nothing is kept. */
static void append_rest(struct merger *merger, struct buf *rest, struct slice piece)
{
	if (merger->is_overlong)
		return;
	buf_append(rest, piece);
	merger->is_overlong = rest->failed;
	if (rest->failed)
		buf_deinit(rest);
}

static bool end_line(struct merger *merger, struct buf *rest)
{
	bool is_overlong = merger->is_overlong;
	merger->is_overlong = false;
	if (is_overlong) {
		merger->line++;
		line_trouble(merger, "is too long: more than 16 MiB", "");
		return true;
	}
	bool is_taken = take_line(merger, buf_slice(rest));
	buf_clear(rest);
	return is_taken;
}

/* Whole lines of a block; what is left of it waits in `rest`. */
static bool take_block(struct merger *merger, struct buf *rest, struct slice block)
{
	size_t newline;
	while ((newline = slice_find_char(block, '\n')) != SLICE_NOT_FOUND) {
		append_rest(merger, rest, slice_take(block, newline));
		if (!end_line(merger, rest))
			return false;
		block = slice_skip(block, newline + 1);
	}
	append_rest(merger, rest, block);
	return true;
}

static bool read_lines(struct merger *merger, struct input *input, char *block, struct buf *rest)
{
	struct error why;
	size_t len;
	do {
		if (!input_read(input, block, INPUT_BLOCK_BYTES, &len, &why))
			return !trouble(merger, why.text);
		if (!take_block(merger, rest, (struct slice){ block, len }))
			return false;
	} while (len);
	return end_line(merger, rest);
}

static bool take_lines(struct merger *merger)
{
	struct input input;
	struct error why;
	struct buf rest = BUF_INIT(REPORT_BYTES);
	if (!input_open(&input, merger->path, &why))
		return !trouble(merger, why.text);
	char *block = malloc(INPUT_BLOCK_BYTES);
	bool is_taken = block ? read_lines(merger, &input, block, &rest) : error_out_of_memory(&merger->err);
	free(block);
	buf_deinit(&rest);
	input_close(&input);
	return is_taken;
}

/* ---- databases ---- */

static bool take_known_line(void *user, struct slice line)
{
	struct merger *merger = user;
	return take_line(merger, line);
}

static bool take_database(struct merger *merger)
{
	struct error why;
	struct store *store = store_open(merger->path, &why);
	if (!store)
		return !trouble(merger, why.text);
	if (!store_each_line(store, STORE_EVERYTHING, UINT64_MAX, take_known_line, merger, &why))
		trouble(merger, why.text);
	store_close(store, NULL);
	return !*merger->err.text;
}

static bool is_database(const char *path)
{
	char head[16] = { 0 };
	FILE *file = strcmp(path, "-") == 0 ? NULL : fopen(path, "re");
	bool is_read = file && fread(head, 1, sizeof(head), file) == sizeof(head);
	if (file)
		fclose(file);
	return is_read && memcmp(head, "SQLite format 3", sizeof(head)) == 0;
}

/* ---- the whole ---- */

static bool take_operand(struct merger *merger, const char *path)
{
	merger->path = path;
	merger->line = 0;
	merger->is_overlong = false;
	bool is_taken = is_database(path) ? take_database(merger) : take_lines(merger);
	tell_bad_lines(merger);
	return is_taken;
}

/* A boot counts once, however often it was given. */
static bool drop_repeats(struct merger *merger)
{
	char text[96];
	uint64_t count;
	if (!store_drop_repeats(merger->store, &count, &merger->err))
		return false;
	snprintf(text, sizeof(text), "lines about boots that later lines tell, too, left out: %" PRIu64, count);
	if (count)
		complain(NULL, text);
	return true;
}

/* All that was given is one unit. */
static bool take_all(struct merger *merger)
{
	char now[MOMENT_BYTES];
	const struct store_unit all = { .path = SLICE("") };
	const struct options *options = merger->options;
	moment_now(now);
	bool is_done = store_begin_scan(merger->store, slice_of(now), SLICE("report"), &merger->err) &&
		       store_begin_unit(merger->store, &all, &merger->err);
	for (size_t i = 0; is_done && i < options->operand_count; i++)
		is_done = take_operand(merger, options->operands[i]);
	return is_done && store_end_unit(merger->store, &all, false, false, &merger->err) && drop_repeats(merger);
}

static bool merge(struct merger *merger)
{
	merger->store = store_open(NULL, &merger->err);
	bool is_done = merger->store && take_all(merger) &&
		       fleet_write(merger->store, merger->options, &merger->output, NULL, &merger->err);
	if (!is_done)
		complain_error(NULL, &merger->err);
	store_close(merger->store, NULL);
	return is_done;
}

enum exit_status command_report(const struct options *options)
{
	struct merger merger = { .options = options };
	const char *name = options->output ? options->output : "standard output";
	if (!options->operand_count) {
		complain(NULL, "give what scans wrote with --format ndjson; see vmpanic report --help");
		return EXIT_TROUBLE;
	}
	if (!output_open(&merger.output, options->output, &merger.err)) {
		complain(name, merger.err.text);
		return EXIT_TROUBLE;
	}
	bool is_done = merge(&merger);
	if (!output_close(&merger.output, is_done, &merger.err)) {
		complain(name, merger.err.text);
		is_done = false;
	}
	if (!is_done || merger.any_trouble)
		return EXIT_TROUBLE;
	return merger.found_something ? EXIT_FOUND : EXIT_WELL;
}
