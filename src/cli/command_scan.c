#include "cli/command.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/path.h"
#include "cli/fleet_output.h"
#include "cli/progress.h"
#include "cli/ruleset.h"
#include "rules/compile.h"
#include "scan/named.h"

/* Rules as text. */
#define JUDGE_BYTES (64 * MIB)

struct scanner {
	const struct options *options;
	struct arena arena;
	struct scan_options how;
	struct scan_counts counts;
	struct scan_result result;
	struct store *store;
	struct store_changes changes;
	struct output output;
	struct progress progress;
	bool streams;            /* ndjson: lines are written as they come */
	bool any_trouble;
	struct error err;
};

/* ---- what comes ---- */

static bool take_lines(void *user, struct slice lines, struct error *err)
{
	struct scanner *scanner = user;
	if (output_write(&scanner->output, lines))
		return true;
	*err = scanner->output.trouble;
	return false;
}

static void take_trouble(void *user, struct slice path, const char *why)
{
	struct scanner *scanner = user;
	progress_clear(&scanner->progress);
	complain(path.ptr, why);
}

static void tick(void *user, const struct scan_counts *counts)
{
	struct scanner *scanner = user;
	progress_show(&scanner->progress, counts);
}

/* ---- what to scan, and with what ---- */

static bool make_globs(struct scanner *scanner, const char *option, const struct pattern_list *list,
		       const struct glob **ret, size_t *ret_count)
{
	struct glob *globs = arena_alloc(&scanner->arena, (list->count + 1) * sizeof(*globs));
	struct error why;
	if (!globs)
		return error_out_of_memory(&scanner->err);
	for (size_t i = 0; i < list->count; i++)
		if (!glob_make(&scanner->arena, slice_of(list->items[i]), &globs[i], &why))
			return error_set(&scanner->err, "%s %s: %s", option, list->items[i], why.text);
	*ret = globs;
	*ret_count = list->count;
	return true;
}

/* The settings beside a log name its VM, whatever logs were asked for. */
static bool include_settings(struct scanner *scanner)
{
	struct scan_options *how = &scanner->how;
	struct glob *globs = arena_alloc(&scanner->arena, (how->include_count + 1) * sizeof(*globs));
	if (!how->include_count)
		return true;
	if (!globs)
		return error_out_of_memory(&scanner->err);
	memcpy(globs, how->includes, how->include_count * sizeof(*globs));
	how->includes = globs;
	return glob_make(&scanner->arena, SLICE("*.vmx"), &globs[how->include_count++], &scanner->err);
}

static unsigned core_count(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);
	return count < 1 ? 1 : count > SCAN_THREADS_MAX ? SCAN_THREADS_MAX : (unsigned)count;
}

static bool prepare(struct scanner *scanner)
{
	const struct options *options = scanner->options;
	struct scan_options *how = &scanner->how;
	how->threads = options->threads ? options->threads : core_count();
	how->report = fleet_report_options(options, &scanner->output);
	how->names_from = options->names_from;
	how->is_one_file_system = options->is_one_file_system;
	how->shard = options->shard;
	how->remembers = options->database != NULL;
	/* What is kept from the walk of a folder may be named beside it. */
	bool reaches_all = !options->includes.count && !options->excludes.count && !options->is_one_file_system;
	return named_once(&scanner->arena, options->operands, options->operand_count, reaches_all, &how->paths,
			  &how->path_count, &scanner->err) &&
	       make_globs(scanner, "--include", &options->includes, &how->includes, &how->include_count) &&
	       include_settings(scanner) &&
	       make_globs(scanner, "--exclude", &options->excludes, &how->excludes, &how->exclude_count) &&
	       ruleset_with(&scanner->arena, options->rules, &how->rules, &scanner->err);
}

/* ---- the database ---- */

static uint64_t hash_of_program(void)
{
	char block[16 * KIB];
	uint64_t hash = HASH_START;
	FILE *program = fopen("/proc/self/exe", "re");
	for (size_t len; program && (len = fread(block, 1, sizeof(block), program));)
		hash = hash_block(hash, (struct slice){ block, len });
	if (program)
		fclose(program);
	return hash;
}

/* Another program, whose rules are inside it, or other rules beside those may judge otherwise. */
static struct slice name_of_judge(struct scanner *scanner)
{
	struct buf text = BUF_INIT(JUDGE_BYTES);
	uint64_t hash = hash_of_program();
	if (scanner->options->rules)
		rules_compile(scanner->how.rules, &scanner->arena, &text);
	hash = hash_slice(hash, buf_slice(&text));
	bool failed = text.failed;
	buf_deinit(&text);
	return failed ? SLICE("") : arena_printf(&scanner->arena, "vmpanic " VMPANIC_VERSION " %016" PRIx64, hash);
}

static bool open_store(struct scanner *scanner)
{
	char now[MOMENT_BYTES];
	if (scanner->streams && !scanner->options->database)
		return true;
	struct slice judge = scanner->options->database ? name_of_judge(scanner) : SLICE("none");
	moment_now(now);
	scanner->store = scanner->how.store = store_open(scanner->options->database, &scanner->err);
	return scanner->store && store_begin_scan(scanner->store, slice_of(now), judge, &scanner->err);
}

/* What a scan did not come across, and what is not there any more. A folder that is there and in which no log
 * was found is gone, too, and so is a log that is now read with its folder, if nothing kept the scan from them. */
static bool is_gone(void *user, struct slice path)
{
	const struct scanner *scanner = user;
	const struct scan_options *how = &scanner->how;
	struct stat st;
	char *name = strndup(path.ptr, path.len);
	int result = name ? lstat(name, &st) : -1;
	bool is_missing = name && result != 0 && (errno == ENOENT || errno == ENOTDIR);
	free(name);
	if (result != 0 || !(S_ISDIR(st.st_mode) || S_ISREG(st.st_mode)))
		return is_missing;
	return !scanner->result.any_trouble && !how->include_count && !how->exclude_count && !how->is_one_file_system &&
	       !how->shard.count;
}

/* Of what was named alone can be said that something is gone. */
static bool was_walked(const struct scanner *scanner, struct slice path)
{
	for (size_t i = 0; i < scanner->options->operand_count; i++) {
		struct slice operand = path_trim(slice_of(scanner->options->operands[i]));
		if (path_is_within(path, operand))
			return true;
	}
	return false;
}

static bool judge_unseen(void *user, struct slice path)
{
	return was_walked(user, path) && is_gone(user, path);
}

static bool end_store(struct scanner *scanner)
{
	char now[MOMENT_BYTES];
	moment_now(now);
	return !scanner->store ||
	       store_end_scan(scanner->store, slice_of(now), judge_unseen, scanner, &scanner->changes, &scanner->err);
}

/* ---- the whole ---- */

static bool run(struct scanner *scanner)
{
	const struct scan_sink sink = { scanner, scanner->streams ? take_lines : NULL, take_trouble, tick };
	bool is_done = scan_run(&scanner->how, &sink, &scanner->counts, &scanner->result, &scanner->err) &&
		       end_store(scanner);
	progress_end(&scanner->progress, &scanner->counts);
	if (!is_done || scanner->streams)
		return is_done;
	return fleet_write(scanner->store, scanner->options, &scanner->output,
			   scanner->how.remembers ? &scanner->changes : NULL, &scanner->err);
}

static bool scan(struct scanner *scanner)
{
	const char *database = scanner->options->database;
	bool has_prepared = prepare(scanner), is_done = has_prepared && open_store(scanner);
	/* Lines on a terminal and a line that is written over do not go together. */
	progress_begin(&scanner->progress, !(scanner->streams && output_is_terminal(&scanner->output)));
	is_done = is_done && run(scanner);
	/* What could not be written is told when the output is closed. */
	if (!is_done && !*scanner->output.trouble.text)
		complain_error(has_prepared && !store_is_well(scanner->store) ? database : NULL, &scanner->err);
	if (!store_close(scanner->store, &scanner->err) && is_done) {
		complain_error(database, &scanner->err);
		is_done = false;
	}
	return is_done;
}

/* A report in the database's place would end what it remembers. */
static bool is_same_file(const char *path, const char *other)
{
	struct stat st, other_st;
	if (strcmp(path, other) == 0)
		return true;
	return stat(path, &st) == 0 && stat(other, &other_st) == 0 && st.st_dev == other_st.st_dev &&
	       st.st_ino == other_st.st_ino;
}

enum exit_status command_scan(const struct options *options)
{
	struct scanner scanner = { .options = options, .arena = ARENA_INIT };
	const char *name = options->output ? options->output : "standard output";
	if (!options->operand_count && !options->names_from) {
		complain(NULL, "give a folder, or logs, to scan; see vmpanic scan --help");
		return EXIT_TROUBLE;
	}
	if (options->database && options->output && is_same_file(options->database, options->output)) {
		complain(options->output, "is given for --db and for --output");
		return EXIT_TROUBLE;
	}
	if (!output_open(&scanner.output, options->output, &scanner.err)) {
		complain(name, scanner.err.text);
		return EXIT_TROUBLE;
	}
	scanner.streams = fleet_format_of(options) == &fleet_ndjson;
	bool is_done = scan(&scanner);
	if (!output_close(&scanner.output, is_done, &scanner.err)) {
		complain(name, scanner.err.text);
		is_done = false;
	}
	arena_deinit(&scanner.arena);
	if (!is_done || scanner.result.any_trouble)
		return EXIT_TROUBLE;
	return scanner.result.found_something ? EXIT_FOUND : EXIT_WELL;
}
