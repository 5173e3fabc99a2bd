/* Logs in which something came, judged as a scan would, and what of it is told. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/limits.h"
#include "base/path.h"
#include "scan/sources.h"
#include "scan/watch_private.h"

/* Judging the same logs again and again takes one part of the time at most, of so many. */
#define JUDGE_SHARE 10

/* A source of the moment: its files as the watch knows them, and how far each is read. */
struct view {
	struct source source;
	struct slice *files;
	uint64_t *limits;
	struct trail **trails;
	struct known_file *known; /* what stood before is the trails' */
	struct known_files known_files;
	size_t count, capacity;
};

/* What is to be remembered when all went well. */
struct memory {
	struct trail *trail;
	struct told told;
};

/* Handed on: of the boots of one view those that are news. */
struct report {
	struct watch *watch;
	struct judge *judge;
	const struct view *view;
	bool is_before;           /* nothing is told: it is about what was known already */
	struct report *text, *lines; /* of the formats; NULL: not wanted, or not begun */
	struct report_output text_output, lines_output;
	struct buf text_bytes, line_bytes;
	bool is_over;             /* there is more than WATCH_TOLD_BYTES of either */
	bool *is_told;            /* of each boot so far */
	size_t boot_count, boot_capacity, line; /* the line that is being written */
	struct memory *memories;
	size_t memory_count, memory_capacity;
	struct arena arena;       /* owns the two lists */
};

/* ---- which boots are news ---- */

static struct trail *trail_of_file(const struct view *view, struct slice name)
{
	for (size_t i = 0; i < view->count; i++)
		if (!name.len || slice_equal(view->files[i], name))
			return view->trails[i];
	return NULL;
}

static bool is_text_news(const struct report *report, const struct boot *boot, uint64_t line, uint64_t offset)
{
	struct source_place place = source_place(&boot->parts, line, offset);
	const struct trail *trail = trail_of_file(report->view, place.file);
	return trail && place.offset >= trail->state.judged;
}

/* Any of its text: what was written to a log before it was renamed may come to light behind what was written
 * to the next one. */
static bool is_news(const struct report *report, const struct boot *boot)
{
	bool is_news = false;
	for (size_t i = boot->record_count; i-- > 0 && !is_news;)
		is_news = is_text_news(report, boot, boot->records[i].line, boot->records[i].offset);
	for (size_t i = boot->event_count; i-- > 0 && !is_news;)
		is_news = is_text_news(report, boot, boot->events[i].line, boot->events[i].offset);
	return is_news;
}

static struct told told_of(const struct diagnosis *diagnosis, uint64_t line)
{
	return (struct told){
		.line = line, .cause = hash_slice(HASH_START, diagnosis->cause),
		.fingerprint = hash_slice(HASH_START, diagnosis->fingerprint), .verdict = (uint8_t)diagnosis->verdict,
		.is_complete = diagnosis->is_complete,
	};
}

static bool says_more(const struct told *now, const struct told *before)
{
	return now->line != before->line || now->verdict != before->verdict || now->cause != before->cause ||
	       now->fingerprint != before->fingerprint || (now->is_complete && !before->is_complete);
}

/* Remembers the boot, and says whether it is to be told. */
static bool weigh(struct report *report, const struct diagnosis *diagnosis)
{
	const struct boot *boot = diagnosis->boot;
	struct source_place begin = source_place(&boot->parts, boot->first_line, 0);
	struct trail *trail = trail_of_file(report->view, begin.file);
	bool is_new = is_news(report, boot);
	if (!trail || (!is_new && !report->is_before))
		return false;
	struct told now = told_of(diagnosis, begin.line);
	if (arena_grow(&report->arena, &report->memories, report->memory_count, &report->memory_capacity,
		       sizeof(*report->memories)))
		report->memories[report->memory_count++] = (struct memory){ trail, now };
	return is_new && !report->is_before && says_more(&now, &trail->state.told) &&
	       (verdict_is_failure(diagnosis->verdict) || report->watch->options->tells_all);
}

/* ---- the reports ---- */

/* What does not fit is left out, which is said. */
static void put_bytes(struct report *report, struct buf *out, struct slice bytes)
{
	if (bytes.len > out->limit - out->len)
		report->is_over = true;
	if (!report->is_over)
		buf_append(out, bytes);
}

static bool write_text(void *user, struct slice bytes)
{
	struct report *report = user;
	put_bytes(report, &report->text_bytes, bytes);
	return !report->text_bytes.failed;
}

/* Lines come in pieces, in the order of the boots. */
static bool write_lines(void *user, struct slice bytes)
{
	struct report *report = user;
	while (bytes.len && report->line < report->boot_count) {
		struct slice piece = slice_until(bytes, '\n');
		bool is_end = piece.len < bytes.len;
		piece.len += is_end;
		if (report->is_told[report->line])
			put_bytes(report, &report->line_bytes, piece);
		bytes = slice_skip(bytes, piece.len);
		report->line += is_end;
	}
	return !report->line_bytes.failed;
}

static bool begin_text(struct report *report, const struct report_source *source, struct error *err)
{
	if (report->text)
		return true;
	report->text = report_text.open(&report->text_output, &report->watch->options->report, err);
	return report->text && report_text.source_begin(report->text, source, err);
}

static bool begin_source(struct report *report, const struct report_source *source, struct error *err)
{
	return !report->lines || report_ndjson.source_begin(report->lines, source, err);
}

/* Every boot goes into the lines, which tell of those before, too. */
static bool take_boot(struct report *report, const struct report_source *source, const struct diagnosis *diagnosis,
		      struct error *err)
{
	if (!arena_grow(&report->arena, &report->is_told, report->boot_count, &report->boot_capacity,
			sizeof(*report->is_told)))
		return error_out_of_memory(err);
	bool is_told = weigh(report, diagnosis);
	report->is_told[report->boot_count++] = is_told;
	if (report->arena.failed)
		return error_out_of_memory(err);
	if (is_told && report->watch->options->wants_text &&
	    !(begin_text(report, source, err) && report_text.boot(report->text, source, diagnosis, err)))
		return false;
	return !report->lines || report_ndjson.boot(report->lines, source, diagnosis, err);
}

static bool end_source(struct report *report, const struct report_source *source, struct error *err)
{
	bool is_done = !report->text || report_text.source_end(report->text, source, err);
	is_done = is_done && (!report->lines || report_ndjson.source_end(report->lines, source, err));
	if (report->text)
		is_done = report_text.close(report->text, is_done ? err : &(struct error){ 0 }) && is_done;
	report->text = NULL;
	return is_done;
}

/* What the guest sent through its log is of its past. */
static bool passes_over(const struct report *report)
{
	return report->judge->session->what->is_sent;
}

static bool format_source_begin(struct report *report, const struct report_source *source, struct error *err)
{
	return passes_over(report) || begin_source(report, source, err);
}

static bool format_boot(struct report *report, const struct report_source *source, const struct diagnosis *diagnosis,
			struct error *err)
{
	return passes_over(report) || take_boot(report, source, diagnosis, err);
}

static bool format_source_end(struct report *report, const struct report_source *source, struct error *err)
{
	return passes_over(report) || end_source(report, source, err);
}

static const struct report_format format = {
	.name = "news", .source_begin = format_source_begin, .boot = format_boot, .source_end = format_source_end,
};

/* ---- views ---- */

/* What was passed over in a reading that came to nothing. */
static void view_forget(struct view *view)
{
	for (size_t i = 0; view->known && i < view->capacity; i++)
		passed_deinit(&view->known[i].now);
}

static void view_deinit(struct view *view)
{
	view_forget(view);
	free(view->known);
	free(view->files);
	free(view->limits);
	free(view->trails);
}

static bool view_init(struct view *view, const struct source *source)
{
	*view = (struct view){
		.source = *source, .capacity = source->file_count,
		.files = calloc(source->file_count + 1, sizeof(*view->files)),
		.limits = calloc(source->file_count + 1, sizeof(*view->limits)),
		.trails = calloc(source->file_count + 1, sizeof(*view->trails)),
		.known = calloc(source->file_count + 1, sizeof(*view->known)),
	};
	return view->files && view->limits && view->trails && view->known;
}

/* The logs before the one at `at`, and how much is read of them. */
static uint64_t hash_before(const struct view *view, size_t at)
{
	uint64_t hash = HASH_START;
	for (size_t i = 0; i < at; i++) {
		const uint64_t facts[3] = { view->trails[i]->dev, view->trails[i]->ino, view->limits[i] };
		hash = hash_slice(hash, (struct slice){ (const char *)facts, sizeof(facts) });
	}
	return hash;
}

static void view_remember(struct view *view)
{
	view_forget(view);
	for (size_t i = 0; i < view->count; i++) {
		const struct trail *trail = view->trails[i];
		view->known[i] = (struct known_file){ .name = view->files[i] };
		if (trail->passed_behind == hash_before(view, i))
			view->known[i].before = trail->passed;
	}
	view->known_files = (struct known_files){ view->known, view->count };
	view->source.known = &view->known_files;
}

/* False when a file is not the one that the watch knows under its name: then the folder is listed anew. */
static bool is_known(const struct trail *trail, int folder, const char *name)
{
	struct stat st;
	return trail && fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_dev == trail->dev &&
	       st.st_ino == trail->ino;
}

static bool view_is_valid(const struct view *view)
{
	for (size_t i = 0; i < view->count; i++)
		if (!is_known(view->trails[i], view->source.folder->fd, view->files[i].ptr))
			return false;
	return true;
}

/* Up to what was judged, or up to what is there now. Files of which nothing is read are left out, and those
 * that are still not known when the folder was listed again: such as have another name in another place. */
static bool view_fill(struct view *view, const struct source *source, const struct unit *unit, bool is_before,
		      int64_t now_ms)
{
	view->count = 0;
	for (size_t i = 0; i < source->file_count; i++) {
		struct trail *trail = place_trail(unit->place, source->files[i].ptr);
		if (!trail && unit->was_moved)
			continue;
		if (!is_known(trail, source->folder->fd, source->files[i].ptr))
			return false;
		uint64_t limit = is_before ? trail->state.judged : trail_limit(trail, now_ms);
		if (!limit)
			continue;
		view->files[view->count] = source->files[i];
		view->trails[view->count] = trail;
		view->limits[view->count++] = limit;
	}
	view->source.files = view->files;
	view->source.limits = view->limits;
	view->source.file_count = view->count;
	view_remember(view);
	return true;
}

/* Runs that ended long ago are not read again. */
static bool view_has_news(const struct view *view)
{
	for (size_t i = 0; i < view->count; i++)
		if (view->limits[i] > view->trails[i]->state.judged)
			return true;
	return false;
}

/* What was there when the watch began is judged once, so that more of it is known for what it is. */
static bool view_needs_before(const struct view *view)
{
	bool is_accounted = true;
	for (size_t i = 0; i < view->count; i++) {
		const struct trail_state *state = &view->trails[i]->state;
		is_accounted &= state->is_accounted || !state->judged;
		if (state->is_accounted && state->judged)
			return false;
	}
	return !is_accounted;
}

/* ---- judging ---- */

static void take_trouble(void *user, struct slice path, const char *why)
{
	const struct report *report = user;
	struct place *place = report->view->trails[0]->place;
	uint64_t trouble = hash_slice(hash_slice(HASH_START, path), slice_of(why));
	if (place->trouble != trouble && report->view->trails[0]->kind != TRAIL_PACKED)
		watch_say(report->watch, path, "%s", why);
	place->trouble = trouble;
}

static void report_init(struct report *report, struct judge *judge, struct watch *watch)
{
	*report = (struct report){
		.watch = watch, .judge = judge, .arena = ARENA_INIT,
		.text_output = { report, write_text }, .lines_output = { report, write_lines },
		.text_bytes = BUF_INIT(WATCH_TOLD_BYTES), .line_bytes = BUF_INIT(WATCH_TOLD_BYTES),
	};
	*judge = (struct judge){
		.engine = watch->engine, .format = &format, .report = report, .user = report, .trouble = take_trouble,
		.passes_over_others = true, .counts_all_boots = true,
	};
}

static void report_deinit(struct report *report)
{
	if (report->lines)
		report_ndjson.close(report->lines, NULL);
	buf_deinit(&report->text_bytes);
	buf_deinit(&report->line_bytes);
	arena_deinit(&report->arena);
}

static void report_remember(const struct report *report)
{
	for (size_t i = 0; i < report->memory_count; i++)
		report->memories[i].trail->state.told = report->memories[i].told;
}

static bool read_view(struct watch *watch, const struct view *view, bool is_before, struct report *report,
		      struct judge *judge)
{
	report_init(report, judge, watch);
	report->view = view;
	report->is_before = is_before;
	if (watch->options->wants_lines && !is_before)
		report->lines = report_ndjson.open(&report->lines_output, &watch->options->report, &judge->err);
	return (report->lines || !watch->options->wants_lines || is_before) && judge_source(judge, &view->source);
}

/* The next judgement steps over what this one passed over. */
static void keep_passed(struct view *view)
{
	for (size_t i = 0; i < view->count; i++) {
		struct trail *trail = view->trails[i];
		passed_deinit(&trail->passed);
		trail->passed = view->known[i].now;
		trail->passed_behind = hash_before(view, i);
		view->known[i].now = (struct passed){ 0 };
		passed_end(&trail->passed, view->limits[i]);
	}
}

static bool judge_before(struct watch *watch, struct view *view, struct error *err)
{
	struct report report;
	struct judge judge;
	bool is_read = !view->count || read_view(watch, view, true, &report, &judge);
	if (!view->count)
		return true;
	if (is_read && !judge.any_shrunk && view_is_valid(view)) {
		report_remember(&report);
		keep_passed(view);
	}
	if (!is_read)
		*err = judge.err;
	report_deinit(&report);
	return is_read;
}

/* Pieces of the buffer, one for each line. */
static bool tell_lines(struct watch *watch, const struct report *report, struct error *err)
{
	struct watch_told told = { .text = buf_slice(&report->text_bytes) };
	struct slice rest = buf_slice(&report->line_bytes);
	struct slice *lines = calloc(report->boot_count + 1, sizeof(*lines));
	if (!lines)
		return error_out_of_memory(err);
	while (rest.len) {
		size_t len = slice_until(rest, '\n').len + 1;
		lines[told.line_count++] = slice_take(rest, len);
		rest = slice_skip(rest, len);
	}
	told.lines = lines;
	bool any = told.text.len || told.line_count;
	bool is_told = !any || watch->sink->tell(watch->sink->user, &told, err);
	free(lines);
	return is_told;
}

/* What was read is judged; a line that may still grow is judged again when it has. */
static void settle(struct view *view)
{
	keep_passed(view);
	for (size_t i = 0; i < view->count; i++) {
		struct trail *trail = view->trails[i];
		uint64_t limit = view->limits[i];
		if (trail->kind != TRAIL_PACKED && limit > trail->looked)
			limit = trail->looked;
		trail->state.judged = limit;
		trail->state.is_accounted = true;
	}
}

/* MOVED: the files are no longer those that the watch knows, or as long, and nothing came of it.
 * FAILED: *err says why. */
enum judging { JUDGING_DONE, JUDGING_MOVED, JUDGING_FAILED };

static enum judging judge_now(struct watch *watch, struct view *view, struct error *err)
{
	struct report report;
	struct judge judge;
	enum judging judging = JUDGING_FAILED;
	if (!read_view(watch, view, false, &report, &judge)) {
		*err = judge.err;
	} else if (judge.any_shrunk || !view_is_valid(view)) {
		judging = JUDGING_MOVED;
	} else {
		report_remember(&report);
		settle(view);
		if (report.is_over)
			watch_say(watch, view->source.path, "has more to tell at once than fits: vmpanic scan tells all of it");
		judging = tell_lines(watch, &report, err) ? JUDGING_DONE : JUDGING_FAILED;
	}
	report_deinit(&report);
	return judging;
}

static enum judging judge_view(struct watch *watch, struct view *view, const struct source *source,
			       const struct unit *unit, struct error *err)
{
	if (!view_init(view, source)) {
		error_out_of_memory(err);
		return JUDGING_FAILED;
	}
	if (!view_fill(view, source, unit, false, watch->now_ms))
		return JUDGING_MOVED;
	if (!view_has_news(view))
		return JUDGING_DONE;
	if (view_needs_before(view)) {
		if (!view_fill(view, source, unit, true, 0))
			return JUDGING_MOVED;
		if (!judge_before(watch, view, err))
			return JUDGING_FAILED;
		if (!view_fill(view, source, unit, false, watch->now_ms))
			return JUDGING_MOVED;
	}
	return judge_now(watch, view, err);
}

static enum judging judge_sources(struct watch *watch, const struct source *sources, size_t count,
				  const struct unit *unit, struct error *err)
{
	enum judging judging = JUDGING_DONE;
	for (size_t i = 0; judging == JUDGING_DONE && i < count; i++) {
		struct view view;
		if (!sources[i].folder || !sources[i].file_count)
			continue;
		judging = judge_view(watch, &view, &sources[i], unit, err);
		view_deinit(&view);
	}
	return judging;
}

static enum judging judge_vm(struct watch *watch, const struct unit *unit, int folder, struct error *err)
{
	struct sources sources;
	enum judging judging = JUDGING_FAILED;
	if (sources_of_folder(&sources, folder, slice_of(unit->place->path), err))
		judging = judge_sources(watch, sources.items, sources.count, unit, err);
	sources_close(&sources);
	return judging;
}

static enum judging judge_file(struct watch *watch, const struct unit *unit, int folder, struct error *err)
{
	const struct trail *trail = unit->trail;
	const struct folder open_folder = { .fd = folder };
	const struct slice name = slice_of(trail->name);
	struct buf path = BUF_INIT(64 * KIB);
	buf_printf(&path, "%s%s%s", trail->place->path, path_joint(slice_of(trail->place->path)), trail->name);
	buf_char(&path, '\0');
	const struct source source = {
		.path = { path.ptr, path.len - !path.failed }, .folder = &open_folder, .files = &name, .file_count = 1,
	};
	enum judging judging = JUDGING_FAILED;
	if (path.failed)
		error_out_of_memory(err);
	else
		judging = judge_sources(watch, &source, 1, unit, err);
	buf_deinit(&path);
	return judging;
}

bool watch_judge(struct watch *watch, struct unit *unit, struct error *err)
{
	struct place *place = unit->place;
	int folder = open(place->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum judging judging = JUDGING_MOVED;
	int64_t begin_ms = watch_clock_ms();
	if (folder >= 0) {
		judging = unit->trail ? judge_file(watch, unit, folder, err) : judge_vm(watch, unit, folder, err);
		close(folder);
	}
	int64_t end_ms = watch_clock_ms();
	unit->not_before_ms = end_ms + (end_ms - begin_ms) * (JUDGE_SHARE - 1);
	unit->was_moved = judging == JUDGING_MOVED;
	if (!unit->was_moved)
		return judging == JUDGING_DONE;
	place->is_dirty = watch->any_dirty = true;
	watch_schedule(watch, unit, false);
	return true;
}
