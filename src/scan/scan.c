#include "scan/scan.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/limits.h"
#include "scan/finder.h"
#include "scan/worker.h"

#define TICK_MS 100

struct scan {
	const struct scan_options *options;
	const struct scan_sink *sink;
	struct scan_counts *counts;
	struct scan_result *result;
	struct spill *spill;
	struct lineup *lineup;
	struct finder finder;
	struct worker *workers;
	pthread_t *threads;          /* of the workers */
	unsigned worker_count, thread_count;
	pthread_t finder_thread;
	bool has_finder;
	bool unit_trouble, unit_found; /* of the parts of a unit that were taken so far */
	struct buf known_lines;        /* of units that were kept, to be written many at a time */
};

/* ---- what is taken out of the line ---- */

static bool take_lines(void *user, struct slice lines, struct error *err)
{
	struct scan *scan = user;
	const struct scan_options *options = scan->options;
	return (!options->store || store_add_lines(options->store, lines, err)) &&
	       (!scan->sink->lines || scan->sink->lines(scan->sink->user, lines, err));
}

static bool write_known_lines(struct scan *scan, struct error *err)
{
	struct buf *lines = &scan->known_lines;
	bool is_written = !lines->len || scan->sink->lines(scan->sink->user, buf_slice(lines), err);
	buf_clear(lines);
	return is_written;
}

static bool take_known_line(void *user, struct slice line, struct error *err)
{
	struct scan *scan = user;
	struct buf *lines = &scan->known_lines;
	buf_append(lines, line);
	buf_char(lines, '\n');
	if (lines->failed)
		return error_out_of_memory(err);
	return lines->len < SCAN_LINES_BYTES || write_known_lines(scan, err);
}

static bool take_kept(struct scan *scan, const struct slot *slot, struct error *err)
{
	struct store *store = scan->options->store;
	const struct store_unit unit = unit_for_store(slot->unit);
	scan->result->found_something |= slot->known.found_something;
	return store_keep(store, &slot->known, slot->has_moved ? &unit : NULL, err) &&
	       (!scan->sink->lines || store_each_line_of_unit(store, &slot->known, take_known_line, scan, err));
}

static bool take_read(struct scan *scan, struct slot *slot, struct error *err)
{
	struct store *store = scan->options->store;
	const struct store_unit unit = unit_for_store(slot->unit);
	bool is_first = !slot->part, is_last = slot->part + 1 >= slot->part_count;
	if (is_first)
		scan->unit_trouble = scan->unit_found = false;
	scan->unit_trouble |= slot->any_trouble || slot->is_passing;
	scan->unit_found |= slot->found_something;
	return (!store || !is_first || store_begin_unit(store, &unit, err)) &&
	       sheaf_drain(&slot->lines, take_lines, scan, err) &&
	       (!store || !is_last || store_end_unit(store, &unit, scan->unit_trouble, scan->unit_found, err));
}

static void tell_troubles(struct scan *scan, const struct slot *slot)
{
	struct slice rest = buf_slice(&slot->troubles);
	while (rest.len) {
		struct slice path = slice_until(rest, 0);
		rest = slice_skip(rest, path.len + 1);
		struct slice why = slice_until(rest, 0);
		rest = slice_skip(rest, why.len + 1);
		scan->sink->trouble(scan->sink->user, path, why.ptr);
	}
}

static bool take_slot(struct scan *scan, struct slot *slot, struct error *err)
{
	scan->result->any_trouble |= slot->any_trouble;
	scan->result->found_something |= slot->found_something;
	if (slot->is_kept)
		return take_kept(scan, slot, err);
	bool is_written = write_known_lines(scan, err);
	tell_troubles(scan, slot);
	return is_written && (!slot->unit || take_read(scan, slot, err));
}

static bool take_all(struct scan *scan, struct error *err)
{
	struct slot *slot;
	bool is_done = true;
	while (is_done) {
		enum lineup_answer answer = lineup_take(scan->lineup, TICK_MS, &slot);
		scan->sink->tick(scan->sink->user, scan->counts);
		if (answer == LINEUP_ENDED)
			break;
		if (answer == LINEUP_NOT_YET) {
			is_done = write_known_lines(scan, err);
			continue;
		}
		is_done = take_slot(scan, slot, err);
		slot_free(slot);
	}
	return is_done && write_known_lines(scan, err);
}

/* ---- threads ---- */

static void *run_worker(void *worker)
{
	worker_run(worker);
	return NULL;
}

static void *run_finder(void *finder)
{
	finder_run(finder);
	return NULL;
}

static bool make_workers(struct scan *scan, struct error *err)
{
	unsigned count = scan->options->threads;
	scan->workers = calloc(count, sizeof(*scan->workers));
	scan->threads = calloc(count, sizeof(*scan->threads));
	if (!scan->workers || !scan->threads)
		return error_out_of_memory(err);
	for (; scan->worker_count < count; scan->worker_count++)
		worker_init(&scan->workers[scan->worker_count], scan->options, scan->counts, scan->lineup);
	return true;
}

static bool start_thread(pthread_t *thread, void *(*run)(void *user), void *user, struct error *err)
{
	int why = pthread_create(thread, NULL, run, user);
	return !why || error_set(err, "a thread cannot be started: %s", strerror(why));
}

/* Fewer workers than were asked for do the same. */
static bool start_threads(struct scan *scan, struct error *err)
{
	while (scan->thread_count < scan->worker_count &&
	       start_thread(&scan->threads[scan->thread_count], run_worker, &scan->workers[scan->thread_count], err))
		scan->thread_count++;
	scan->has_finder = scan->thread_count && start_thread(&scan->finder_thread, run_finder, &scan->finder, err);
	return scan->has_finder;
}

/* Why the scan ended early, in the order of what ended first. */
static bool is_whole(const struct scan *scan, struct error *err)
{
	for (unsigned i = 0; i < scan->worker_count; i++) {
		if (!*scan->workers[i].err.text)
			continue;
		*err = scan->workers[i].err;
		return false;
	}
	if (*scan->finder.err.text)
		*err = scan->finder.err;
	return !*scan->finder.err.text;
}

static void join_threads(struct scan *scan)
{
	for (unsigned i = 0; i < scan->thread_count; i++)
		pthread_join(scan->threads[i], NULL);
	if (scan->has_finder)
		pthread_join(scan->finder_thread, NULL);
}

static bool run(struct scan *scan, struct error *err)
{
	scan->finder = (struct finder){
		.options = scan->options, .counts = scan->counts, .lineup = scan->lineup, .spill = scan->spill,
	};
	bool is_done = make_workers(scan, err) && start_threads(scan, err) && take_all(scan, err);
	if (!is_done)
		lineup_cancel(scan->lineup);
	join_threads(scan);
	return is_done && is_whole(scan, err);
}

bool scan_run(const struct scan_options *options, const struct scan_sink *sink, struct scan_counts *counts,
	      struct scan_result *ret, struct error *err)
{
	struct scan scan = {
		.options = options, .sink = sink, .counts = counts, .result = ret,
		.known_lines = BUF_INIT(SIZE_MAX), /* SQLite bounds a line */
	};
	*ret = (struct scan_result){ 0 };
	scan.spill = spill_new(options->report.temporary, err);
	scan.lineup = scan.spill ? lineup_new(scan.spill, err) : NULL;
	bool is_done = scan.lineup && run(&scan, err);
	for (unsigned i = 0; i < scan.worker_count; i++)
		worker_deinit(&scan.workers[i]);
	free(scan.workers);
	free(scan.threads);
	buf_deinit(&scan.known_lines);
	lineup_free(scan.lineup);
	spill_free(scan.spill);
	return is_done;
}
