#include "cli/command.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/limits.h"
#include "cli/fleet_output.h"
#include "input/input.h"

#define BAD_LINES_SHOWN 3
#define EXPECTED ", expected lines of scan --format ndjson, or a database of scan --db"

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
	char text[160];
	if (merger->bad_lines > BAD_LINES_SHOWN) {
		snprintf(text, sizeof(text), "%" PRIu64 " more such lines" EXPECTED, merger->bad_lines - BAD_LINES_SHOWN);
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
	if (json_is_array(json_object_get(line, "sources")))
		return "is a document of --format json" EXPECTED;
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
	bool is_out_of_memory;
	if (!slice_trim(text).len)
		return true;
	merger->line++;
	json_t *line = json_read(text, JSON_REJECT_DUPLICATES, &why, &is_out_of_memory);
	if (is_out_of_memory)
		return error_out_of_memory(&merger->err);
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

/* `len` bytes are in the block. */
static bool take_lines(struct merger *merger, struct input *input, char *block, size_t len, struct buf *rest)
{
	struct error why;
	do {
		if (!take_block(merger, rest, (struct slice){ block, len }))
			return false;
		if (!input_read(input, block, INPUT_BLOCK_BYTES, &len, &why))
			return !trouble(merger, why.text);
	} while (len);
	return end_line(merger, rest);
}

/* ---- databases ---- */

static bool take_known_line(void *user, struct slice line)
{
	struct merger *merger = user;
	return take_line(merger, line);
}

static bool take_database(struct merger *merger, const struct input *input)
{
	struct error why;
	uint64_t offset, rest;
	if (input->is_stdin || !input_measure(input, &offset, &rest))
		return !trouble(merger, "is a database, which cannot be read as a stream: give its file's name");
	struct store *store = store_open(merger->path, &why);
	if (!store)
		return !trouble(merger, why.text);
	if (!store_each_line(store, STORE_EVERYTHING, UINT64_MAX, take_known_line, merger, &why))
		trouble(merger, why.text);
	store_close(store, NULL);
	return !*merger->err.text;
}

/* ---- the whole ---- */

/* What it is, its first bytes tell: a pipe has them only once. */
static bool take_input(struct merger *merger, struct input *input, char *block)
{
	static const char database[] = "SQLite format 3";
	struct buf rest = BUF_INIT(REPORT_BYTES);
	struct error why;
	size_t len;
	if (!input_read(input, block, INPUT_BLOCK_BYTES, &len, &why))
		return !trouble(merger, why.text);
	if (len >= sizeof(database) && memcmp(block, database, sizeof(database)) == 0)
		return take_database(merger, input);
	if (slice_starts((struct slice){ block, len }, SLICE("{\n")))
		return !trouble(merger, "is a document of --format json" EXPECTED);
	bool is_taken = take_lines(merger, input, block, len, &rest);
	buf_deinit(&rest);
	return is_taken;
}

static bool is_folder(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool take_operand(struct merger *merger, const char *path)
{
	struct input input;
	struct error why;
	merger->path = path;
	merger->line = 0;
	merger->is_overlong = false;
	if (!input_open(&input, path, &why))
		return !trouble(merger, is_folder(path) ? "is a folder" EXPECTED : why.text);
	char *block = malloc(INPUT_BLOCK_BYTES);
	bool is_taken = block ? take_input(merger, &input, block) : error_out_of_memory(&merger->err);
	free(block);
	input_close(&input);
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
	/* What could not be written is told when the output is closed. */
	if (!is_done && !*merger->output.trouble.text)
		complain_error(NULL, &merger->err);
	store_close(merger->store, NULL);
	return is_done;
}

enum exit_status command_report(const struct options *options)
{
	struct merger merger = { .options = options };
	const char *name = options->output ? options->output : "standard output";
	if (!options->operand_count) {
		complain(NULL, "give what scans wrote with --format ndjson, or their databases; see vmpanic report --help");
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
