#include "scan/worker.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "scan/sources.h"

/* ---- what comes of a unit ---- */

static bool write_lines(void *user, struct slice bytes)
{
	struct worker *worker = user;
	return sheaf_add(&worker->slot->lines, bytes, &worker->err);
}

static void take_trouble(void *user, struct slice path, const char *why)
{
	struct worker *worker = user;
	worker->counts->troubles++;
	if (!slot_add_trouble(worker->slot, path, why))
		error_out_of_memory(&worker->err);
}

/* A bound that was reached is no error of the source, and still a reason for the exit status. */
static void source_read(void *user, struct session *session)
{
	const struct report_source *source = &session->source;
	char why[320];
	if (!session->limit_reached || source->error.len)
		return;
	struct slice note = source->note_count ? source->notes[source->note_count - 1] : SLICE("a bound was reached");
	snprintf(why, sizeof(why), "is incomplete: %.*s", SLICE_ARG(note));
	take_trouble(user, source->path, why);
}

/* ---- units ---- */

static bool read_sources(struct worker *worker, const struct sources *sources)
{
	bool is_read = true;
	for (size_t i = 0; is_read && i < sources->count; i++)
		is_read = judge_source(&worker->judge, &sources->items[i]);
	return is_read;
}

static bool read_path(struct worker *worker, struct unit *unit)
{
	struct sources sources;
	bool is_found = sources_find(&sources, unit->path.ptr, true, &worker->judge.err);
	if (is_found)
		sources.items[0].known = &unit->known;
	bool is_read = is_found && read_sources(worker, &sources);
	sources_close(&sources);
	return is_read;
}

/* The runs of a VM do not depend on each other: each is a part that any worker may read. */
static bool read_vm(struct worker *worker, struct unit *unit)
{
	struct slot *slot = worker->slot;
	if (!unit->sources && !unit_find_sources(unit, &worker->judge.err))
		return false;
	const struct sources *sources = unit->sources;
	if (!slot->part_count && sources->count > 1 &&
	    !lineup_split(worker->lineup, slot, sources->count, &worker->judge.err))
		return false;
	return slot->part >= sources->count || judge_source(&worker->judge, &sources->items[slot->part]);
}

static bool read_file(struct worker *worker, struct unit *unit)
{
	const struct folder folder = { .fd = unit->folder->fd };
	const struct source source = {
		.path = unit->path, .folder = &folder, .files = &unit->files[0].name, .file_count = 1,
		.known = &unit->known,
	};
	return judge_source(&worker->judge, &source);
}

static bool read_unit(struct worker *worker, struct unit *unit)
{
	switch (unit->kind) {
	case UNIT_VM:
		return read_vm(worker, unit);
	case UNIT_FILE:
		return read_file(worker, unit);
	case UNIT_PATH:
		break;
	}
	return read_path(worker, unit);
}

static void count(struct worker *worker, const struct unit *unit)
{
	struct judge *judge = &worker->judge;
	worker->slot->found_something = judge->found_something;
	worker->slot->any_trouble |= judge->any_trouble;
	if (!worker->slot->part)
		worker->counts->files += unit->file_count ? unit->file_count : 1;
	worker->counts->failed_boots += judge->failed_boots;
	worker->counts->others += judge->other_files;
	judge->found_something = judge->any_trouble = false;
	judge->failed_boots = judge->other_files = 0;
}

/* All parts of it have been read. */
static void end_unit(struct worker *worker, struct slot *slot)
{
	slot->is_passing = worker->options->remembers && !unit_describe(slot->unit);
	unit_close(slot->unit);
}

/* What it takes to judge, made in the worker's own thread and not before there is something to judge. */
static bool prepare(struct worker *worker)
{
	const struct scan_options *options = worker->options;
	const struct report_output output = { worker, write_lines };
	struct judge *judge = &worker->judge;
	if (judge->report)
		return true;
	judge->engine = rule_engine_new(options->rules, &judge->err);
	judge->block = aligned_alloc(INPUT_BLOCK_ALIGNMENT, INPUT_BLOCK_BYTES);
	if (!judge->block)
		return error_out_of_memory(&judge->err);
	if (judge->engine)
		judge->report = judge->format->open(&output, &options->report, &judge->err);
	return judge->report;
}

static bool read_slot(struct worker *worker, struct slot *slot)
{
	worker->slot = slot;
	if (!prepare(worker) || !read_unit(worker, slot->unit)) {
		if (!*worker->err.text)
			worker->err = worker->judge.err;
		return false;
	}
	count(worker, slot->unit);
	if (--slot->unit->parts_left == 0)
		end_unit(worker, slot);
	return !*worker->err.text;
}

void worker_run(struct worker *worker)
{
	struct slot *slot;
	while ((slot = lineup_next(worker->lineup))) {
		bool is_read = read_slot(worker, slot);
		if (!lineup_done(worker->lineup, slot, &worker->err) || !is_read) {
			lineup_cancel(worker->lineup);
			return;
		}
	}
}

/* ---- life ---- */

void worker_init(struct worker *worker, const struct scan_options *options, struct scan_counts *counts,
		 struct lineup *lineup)
{
	*worker = (struct worker){ .options = options, .counts = counts, .lineup = lineup };
	worker->errands = lineup_errands(lineup);
	worker->judge = (struct judge){
		.user = worker, .trouble = take_trouble, .source_read = source_read,
		.format = &report_ndjson, .passes_over_others = true, .takes_archives = true,
		.counts_all_boots = true, .bytes = &counts->bytes,
		.errands = options->threads > 1 ? &worker->errands : NULL,
	};
}

void worker_deinit(struct worker *worker)
{
	if (worker->judge.report)
		worker->judge.format->close(worker->judge.report, NULL);
	rule_engine_free(worker->judge.engine);
	free(worker->judge.block);
}
