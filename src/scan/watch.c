#include "scan/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/path.h"
#include "input/walk.h"
#include "scan/sources.h"
#include "scan/watch_private.h"

/* A guest that never falls silent is judged all the same. */
#define PATIENCE_MS 10000
/* Between two looks at what changes all the time. */
#define STEP_MS 50
#define LISTING_MS 100
/* Between two looks at whether what was named is still there. */
#define ROOT_MS 1000
/* For so long a log that is gone may come back, as when a server was away, or under another name. */
#define GONE_MS (24 * 3600 * INT64_C(1000))
/* A look at all that is named takes one part of the time at most, of so many. */
#define WALK_SHARE 5

int64_t watch_clock_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

void watch_say(struct watch *watch, struct slice path, const char *format, ...)
{
	char text[512];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	watch->sink->say(watch->sink->user, path, text);
}

void watch_schedule(struct watch *watch, struct unit *unit, bool is_complete)
{
	int64_t quiet_ms = watch->now_ms + TRAIL_QUIET_MS;
	if (!unit->is_waiting) {
		unit->next = watch->waiting;
		watch->waiting = unit;
		unit->first_ms = watch->now_ms;
	}
	unit->is_waiting = true;
	unit->due_ms = is_complete ? watch->now_ms : quiet_ms;
	if (unit->due_ms > unit->first_ms + PATIENCE_MS)
		unit->due_ms = unit->first_ms + PATIENCE_MS;
	if (unit->due_ms < unit->not_before_ms)
		unit->due_ms = unit->not_before_ms;
}

/* ---- walks ---- */

static bool covers(const struct watch_root *root, struct slice path)
{
	return root->name || root->is_flat ? slice_is(path, root->path) : path_is_within(path, slice_of(root->path));
}

/* Who asked for a folder: rather for all of it than for one file in it. */
static struct watch_root *root_of(struct watch *watch, struct slice path)
{
	struct watch_root *found = NULL;
	for (size_t i = 0; i < watch->options->path_count; i++) {
		struct watch_root *root = &watch->roots[i];
		if (root->path && covers(root, path) && (!found || (found->name && !root->name)))
			found = root;
	}
	return found ? found : watch->roots;
}

static void poll_root(struct watch *watch, struct watch_root *root, const char *why)
{
	if (!root->is_polled && !watch->options->polls)
		watch_say(watch, slice_of(root->operand), "is looked at every %g seconds: %s",
			  watch->options->interval_ms / 1000.0, why);
	root->is_polled = true;
	root->next_ms = watch->now_ms + watch->options->interval_ms;
}

/* What happens from now on is told; what happened since the folder was listed is found by listing it again. */
static void ask_kernel(struct watch *watch, struct place *place, const struct folder *folder)
{
	struct watch_root *root = root_of(watch, slice_of(place->path));
	struct error why;
	if (watch->options->polls || root->is_polled)
		return;
	if (!notify_works_at(folder->fd)) {
		poll_root(watch, root, "the kernel does not tell of all that changes on this kind of file system");
		return;
	}
	int number = notify_add(&watch->notify, place->path, &why);
	struct place *other = number < 0 ? NULL : ground_numbered(&watch->ground, number);
	if (number < 0)
		poll_root(watch, root, why.text);
	if (other && other != place)
		ground_set_number(&watch->ground, other, -1);
	if (other != place)
		ground_set_number(&watch->ground, place, number);
	place->is_dirty = number >= 0;
	watch->any_dirty |= place->is_dirty;
}

static void want_walk(struct watch *watch, struct slice path)
{
	buf_append(&watch->walks, path);
	buf_char(&watch->walks, '\0');
}

/* A folder may have come between the listing and the kernel's first word. */
static void want_new_folders(struct watch *watch, const struct place *place, const struct folder *folder)
{
	for (size_t i = 0; i < folder->folder_count; i++) {
		size_t before = watch->walks.len;
		buf_printf(&watch->walks, "%s%s%s", place->path, path_joint(slice_of(place->path)),
			   folder->folders[i].ptr);
		buf_char(&watch->walks, '\0');
		struct slice path = { watch->walks.ptr + before, watch->walks.len - before - 1 };
		if (!watch->walks.failed && ground_place(&watch->ground, path))
			watch->walks.len = before;
	}
}

struct visit {
	struct watch *watch;
	bool is_flat;
};

static struct place *add_place(struct watch *watch, struct slice path)
{
	if (watch->ground.place_count < WATCH_FOLDERS_MAX)
		return ground_add_place(&watch->ground, path, &watch->err);
	if (!watch->is_full)
		watch_say(watch, path, "and what comes after it is not followed: %d folders are",
			  WATCH_FOLDERS_MAX);
	watch->is_full = true;
	return NULL;
}

static bool take_folder(void *user, struct slice path, const struct folder *folder)
{
	struct visit *visit = user;
	struct watch *watch = visit->watch;
	struct place *place = ground_place(&watch->ground, path);
	if (!place)
		place = add_place(watch, path);
	if (!place)
		return !*watch->err.text;
	place->walk = watch->walk;
	/* Other files of it count from now on. */
	if (!place->is_whole && !watch->root->name)
		place->listing = 0;
	place->is_whole |= !watch->root->name;
	place->not_before_ms = watch->now_ms + LISTING_MS;
	if (!watch_take_folder(watch, place, folder))
		return false;
	if (place->number < 0)
		ask_kernel(watch, place, folder);
	else if (visit->is_flat && place->is_whole && !watch->root->is_flat)
		want_new_folders(watch, place, folder);
	return !watch->walks.failed || error_out_of_memory(&watch->err);
}

/* What stays as it is was said before. */
static void take_trouble(void *user, struct slice path, const struct error *why)
{
	const struct visit *visit = user;
	if (visit->watch->is_beginning)
		watch_say(visit->watch, path, "%s", why->text);
}

static void lose_places(struct watch *watch, const char *path, bool only_unseen)
{
	bool is_said = strcmp(root_of(watch, slice_of(path))->path, path) == 0 && !only_unseen;
	struct place *place = ground_next(&watch->ground, NULL);
	while (place) {
		struct place *next = ground_next(&watch->ground, place);
		if (path_is_within(slice_of(place->path), slice_of(path)) &&
		    !(only_unseen && place->walk == watch->walk))
			watch_lose_place(watch, place, is_said);
		place = next;
	}
}

/* False when the folder is not there, or memory is out (watch->err). */
static bool walk(struct watch *watch, const char *path, bool is_flat, struct error *why)
{
	struct visit visit = { watch, is_flat };
	struct walk walk = {
		.is_flat = is_flat, .takes_empty = true, .take = take_folder, .trouble = take_trouble, .user = &visit,
	};
	watch->walk++;
	bool is_there = walk_tree(&walk, path, why);
	if (*watch->err.text)
		return false;
	if (!is_there)
		lose_places(watch, path, false);
	else if (!is_flat)
		lose_places(watch, path, true);
	return is_there;
}

static bool walk_below(struct watch *watch, const char *path, bool is_flat)
{
	struct error why;
	watch->root = root_of(watch, slice_of(path));
	walk(watch, path, is_flat || watch->root->is_flat, &why);
	return !*watch->err.text;
}

/* Links are followed where they were named, not below. */
static bool is_folder(const char *path)
{
	struct stat st;
	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool do_wanted_walks(struct watch *watch)
{
	struct buf walks = watch->walks;
	bool is_done = !walks.failed || error_out_of_memory(&watch->err);
	watch->walks = BUF_INIT(FOLDER_BYTES);
	for (size_t at = 0; is_done && at < walks.len; at += strlen(walks.ptr + at) + 1) {
		const char *path = walks.ptr + at;
		if (is_folder(path) || strcmp(root_of(watch, slice_of(path))->path, path) == 0)
			is_done = walk_below(watch, path, false);
		else
			lose_places(watch, path, false);
	}
	buf_deinit(&walks);
	return is_done;
}

/* A listing may show that places are gone: those that wait for one are gathered first. */
static bool list_dirty_places(struct watch *watch)
{
	struct buf paths = BUF_INIT(SIZE_MAX);
	watch->any_dirty = false;
	struct place *place = NULL;
	while ((place = ground_next(&watch->ground, place))) {
		if (!place->is_dirty)
			continue;
		place->is_dirty = place->not_before_ms > watch->now_ms;
		watch->any_dirty |= place->is_dirty;
		if (!place->is_dirty)
			buf_append(&paths, (struct slice){ place->path, strlen(place->path) + 1 });
	}
	bool is_done = !paths.failed || error_out_of_memory(&watch->err);
	for (size_t at = 0; is_done && at < paths.len; at += strlen(paths.ptr + at) + 1)
		if (ground_place(&watch->ground, slice_of(paths.ptr + at)))
			is_done = walk_below(watch, paths.ptr + at, true);
	buf_deinit(&paths);
	return is_done;
}

/* ---- what the kernel tells ---- */

static void touch(struct watch *watch, struct trail *trail)
{
	if (trail->is_touched)
		return;
	trail->is_touched = true;
	trail->next_touched = watch->touched;
	watch->touched = trail;
}

static void take_event_of(struct watch *watch, struct place *place, const struct notify_event *event)
{
	struct trail *trail = event->kind == NOTIFY_FILE ? place_trail(place, event->name) : NULL;
	if (trail) {
		touch(watch, trail);
	} else if (event->kind == NOTIFY_FOLDER) {
		if (!place->is_whole)
			return;
		buf_printf(&watch->walks, "%s%s%s", place->path, path_joint(slice_of(place->path)),
			   event->name);
		buf_char(&watch->walks, '\0');
	} else if (event->kind == NOTIFY_GONE) {
		ground_set_number(&watch->ground, place, -1);
		want_walk(watch, slice_of(place->path));
	} else if (event->kind == NOTIFY_NAME) {
		place->is_dirty = watch->any_dirty = true;
	}
}

static void take_event(void *user, const struct notify_event *event)
{
	struct watch *watch = user;
	struct place *place = event->folder < 0 ? NULL : ground_numbered(&watch->ground, event->folder);
	if (place)
		take_event_of(watch, place, event);
	for (size_t i = 0; event->kind == NOTIFY_LOST && i < watch->options->path_count; i++)
		want_walk(watch, slice_of(watch->roots[i].path));
}

/* ---- what was named ---- */

static bool split_path(struct watch_root *root, struct slice path, bool has_name)
{
	size_t folder_len = has_name ? path_folder_len(path) : path.len;
	struct slice folder = folder_len ? path_trim(slice_take(path, folder_len)) : SLICE(".");
	root->path = strndup(folder.ptr, folder.len);
	root->name = has_name ? strdup(path.ptr + folder_len) : NULL;
	return root->path && (root->name || !has_name);
}

/* A file is watched in the folder where it stands, which for a link is that of what it names. */
static bool init_root(struct watch_root *root, const char *operand, struct error *err)
{
	struct stat st;
	root->operand = operand;
	if (slice_is(slice_of(operand), "-"))
		return error_set(err, "standard input is no log to be watched: see vmpanic dmesg --follow");
	if (stat(operand, &st) != 0)
		return error_set(err, "cannot be opened: %s", strerror(errno));
	if (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode))
		return error_set(err, "is neither a file nor a folder");
	bool is_link = S_ISREG(st.st_mode) && lstat(operand, &st) == 0 && S_ISLNK(st.st_mode);
	char *real = is_link ? realpath(operand, NULL) : NULL;
	bool is_split = split_path(root, slice_of(real ? real : operand), !S_ISDIR(st.st_mode));
	if (is_split && root->name && sources_is_vmx_name(slice_of(root->name))) {
		free(root->name);
		root->name = NULL;
		root->is_flat = true;
	}
	free(real);
	return is_split || error_out_of_memory(err);
}

static void remember_root(struct watch_root *root)
{
	struct stat st;
	if (stat(root->path, &st) != 0)
		return;
	root->dev = st.st_dev;
	root->ino = st.st_ino;
}

static bool walk_root(struct watch *watch, struct watch_root *root, struct error *why)
{
	remember_root(root);
	watch->root = root;
	return walk(watch, root->path, root->is_flat || root->name, why);
}

static bool begin_root(struct watch *watch, struct watch_root *root, const char *operand, struct error *err)
{
	struct error why = { 0 };
	root->is_polled = watch->options->polls;
	if (init_root(root, operand, &why) && walk_root(watch, root, &why)) {
		root->next_ms = watch_clock_ms() + (root->is_polled ? watch->options->interval_ms : ROOT_MS);
		return true;
	}
	return error_set(err, "%s: %s", operand, *watch->err.text ? watch->err.text : why.text);
}

static bool is_as_it_was(const struct watch_root *root)
{
	struct stat st;
	return !root->is_gone && stat(root->path, &st) == 0 && st.st_dev == root->dev && st.st_ino == root->ino;
}

/* No notice tells that the folder at the top was moved, or another one mounted over it. */
static bool look_at_root(struct watch *watch, struct watch_root *root)
{
	int64_t begin_ms = watch_clock_ms(), period_ms = root->is_polled ? watch->options->interval_ms : ROOT_MS;
	bool was_gone = root->is_gone;
	struct error why;
	if (root->is_polled || !is_as_it_was(root)) {
		root->is_gone = !walk_root(watch, root, &why);
		if (*watch->err.text)
			return false;
		if (root->is_gone && !was_gone)
			watch_say(watch, slice_of(root->path), "%s: waiting for it to come back", why.text);
		if (!root->is_gone && was_gone)
			watch_say(watch, slice_of(root->path), "is there again");
	}
	int64_t end_ms = watch_clock_ms(), rest_ms = (end_ms - begin_ms) * WALK_SHARE;
	root->next_ms = end_ms + (rest_ms > period_ms ? rest_ms : period_ms);
	return true;
}

static bool look_at_roots(struct watch *watch)
{
	for (size_t i = 0; i < watch->options->path_count; i++)
		if (watch->roots[i].next_ms <= watch->now_ms && !look_at_root(watch, &watch->roots[i]))
			return false;
	return true;
}

/* ---- steps ---- */

/* Takes out the one that has waited for its turn the longest. */
static struct unit *next_due(struct watch *watch)
{
	struct unit **first = NULL;
	for (struct unit **at = &watch->waiting; *at; at = &(*at)->next)
		if ((*at)->due_ms <= watch->now_ms && (!first || (*at)->due_ms < (*first)->due_ms))
			first = at;
	struct unit *unit = first ? *first : NULL;
	if (unit) {
		*first = unit->next;
		unit->is_waiting = false;
	}
	return unit;
}

/* As long as it is not clear what a new file is, its VM's time line has a gap. */
static const struct trail *find_young(const struct unit *unit)
{
	for (size_t i = 0; !unit->trail && i < unit->place->count; i++) {
		const struct trail *trail = unit->place->trails[i];
		if (trail->is_vms && trail->is_young && trail->unit.is_waiting)
			return trail;
	}
	return NULL;
}

static bool judge_next(struct watch *watch, struct error *err)
{
	struct unit *unit = next_due(watch);
	const struct trail *young = unit && unit->place ? find_young(unit) : NULL;
	if (!unit || !unit->place)
		return true;
	if (young) {
		watch_schedule(watch, unit, false);
		unit->due_ms = young->unit.due_ms + 1;
		return true;
	}
	if (unit->trail && unit->trail->is_young) {
		if (watch_end_youth(watch, unit->trail))
			return true;
		*err = watch->err;
		return false;
	}
	return watch_judge(watch, unit, err);
}

static bool look(struct watch *watch)
{
	notify_read(&watch->notify, take_event, watch);
	watch->next_step_ms = watch->now_ms + STEP_MS;
	ground_forget_trails(&watch->ground, watch->now_ms - GONE_MS);
	return do_wanted_walks(watch) && watch_look_at_touched(watch) &&
	       (!watch->any_dirty || list_dirty_places(watch)) && look_at_roots(watch);
}

/* One judgement at a time, so that who runs the watch can do other things between. */
bool watch_step(struct watch *watch, struct error *err)
{
	watch->now_ms = watch_clock_ms();
	if (watch->now_ms >= watch->next_step_ms && !look(watch)) {
		*err = watch->err;
		return false;
	}
	watch->now_ms = watch_clock_ms();
	return judge_next(watch, err);
}

int watch_fd(const struct watch *watch)
{
	return watch_clock_ms() < watch->next_step_ms ? -1 : watch->notify.fd;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int watch_wait_ms(const struct watch *watch)
{
	int64_t now_ms = watch_clock_ms(), next_ms = now_ms + ROOT_MS;
	for (size_t i = 0; i < watch->options->path_count; i++)
		next_ms = earlier(next_ms, watch->roots[i].next_ms);
	for (const struct unit *unit = watch->waiting; unit; unit = unit->next)
		next_ms = earlier(next_ms, unit->due_ms);
	if (now_ms < watch->next_step_ms || watch->any_dirty || watch->walks.len)
		next_ms = earlier(next_ms, watch->next_step_ms + (watch->any_dirty ? STEP_MS : 0));
	return next_ms > now_ms ? (int)(next_ms - now_ms) : 0;
}

struct watch_counts watch_counts(const struct watch *watch)
{
	return (struct watch_counts){ watch->ground.trail_count, watch->ground.place_count };
}

/* ---- life ---- */

static bool prepare(struct watch *watch, struct error *err)
{
	const struct watch_options *options = watch->options;
	if (!options->polls)
		notify_open(&watch->notify, NULL);
	watch->reader.block = malloc(INPUT_BLOCK_BYTES);
	watch->roots = calloc(options->path_count, sizeof(*watch->roots));
	if (!watch->reader.block || !watch->roots)
		return error_out_of_memory(err);
	watch->reader.engine = watch->engine = rule_engine_new(options->rules, err);
	return watch->engine && ground_init(&watch->ground, err);
}

struct watch *watch_new(const struct watch_options *options, const struct watch_sink *sink, struct error *err)
{
	struct watch *watch = calloc(1, sizeof(*watch));
	if (!watch) {
		error_out_of_memory(err);
		return NULL;
	}
	*watch = (struct watch){
		.options = options, .sink = sink, .notify.fd = -1, .walks = BUF_INIT(FOLDER_BYTES),
		.is_beginning = true, .now_ms = watch_clock_ms(),
	};
	bool is_done = prepare(watch, err);
	for (size_t i = 0; is_done && i < options->path_count; i++)
		is_done = begin_root(watch, &watch->roots[i], options->paths[i], err);
	watch->is_beginning = false;
	if (is_done)
		return watch;
	watch_free(watch);
	return NULL;
}

void watch_free(struct watch *watch)
{
	if (!watch)
		return;
	for (size_t i = 0; watch->roots && i < watch->options->path_count; i++) {
		free(watch->roots[i].path);
		free(watch->roots[i].name);
	}
	free(watch->roots);
	ground_deinit(&watch->ground);
	notify_close(&watch->notify);
	rule_engine_free(watch->engine);
	buf_deinit(&watch->walks);
	free(watch->reader.block);
	free(watch);
}
