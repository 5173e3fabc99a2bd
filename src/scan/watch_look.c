/* What changed in a folder, and in its logs. */
#include "scan/watch_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/limits.h"
#include "base/path.h"
#include "scan/sources.h"

static struct slice path_of(const struct place *place, const char *name, struct buf *out)
{
	buf_clear(out);
	buf_printf(out, "%s%s%s", place->path, path_joint(slice_of(place->path)), name);
	buf_char(out, '\0');
	return out->failed ? slice_of(place->path) : slice_take(buf_slice(out), out->len - 1);
}

static void say_of(struct watch *watch, const struct place *place, const char *name, const char *what)
{
	struct buf path = BUF_INIT(64 * KIB);
	watch_say(watch, path_of(place, name, &path), "%s", what);
	buf_deinit(&path);
}

/* ---- looks ---- */

static struct unit *unit_of(struct trail *trail)
{
	return trail->is_vms ? &trail->place->vm : &trail->unit;
}

static bool out_of_memory(struct watch *watch)
{
	return error_out_of_memory(&watch->err);
}

static void say_unreadable(struct watch *watch, struct trail *trail, const struct error *why)
{
	if (!trail->is_unreadable)
		say_of(watch, trail->place, trail->name, why->text);
	trail->is_unreadable = true;
}

static bool look(struct watch *watch, struct trail *trail, int folder);

/* A copy of a log is of no interest as long as the log is there. It was cut short, or is gone: what it
 * held and was not judged may be in the copy. */
static bool wake_copies(struct watch *watch, const struct trail *original, const struct trail_state *state,
			const struct place *place, int folder)
{
	bool is_done = true;
	for (size_t i = 0; is_done && i < place->count; i++) {
		struct trail *copy = place->trails[i];
		if (copy->copy_ino != original->ino || copy->copy_dev != original->dev || copy == original)
			continue;
		copy->copy_ino = 0;
		copy->looked = copy->state.judged = state->judged;
		is_done = look(watch, copy, folder);
		if (copy->kind == TRAIL_PACKED)
			watch_schedule(watch, unit_of(copy), false);
	}
	return is_done;
}

static bool take_news(struct watch *watch, struct trail *trail, int folder, const struct trail_news *news)
{
	bool was_back = trail->is_back;
	if (news->has_moved) {
		trail->place->is_dirty = watch->any_dirty = true;
		return true;
	}
	trail->is_live = true;
	trail->is_back = false;
	if (news->was_cut_short) {
		if (trail->kind != TRAIL_OTHER && !was_back)
			say_of(watch, trail->place, trail->name, "was cut short: it is read from its beginning");
		if (!wake_copies(watch, trail, trail->before, trail->place, folder))
			return false;
	}
	if (news->is_news)
		watch_schedule(watch, unit_of(trail), news->is_complete);
	return true;
}

static bool look(struct watch *watch, struct trail *trail, int folder)
{
	struct trail_news news;
	struct error why;
	if (!trail_look(trail, folder, &watch->reader, watch->now_ms, &news, &why)) {
		if (error_is_out_of_memory(&why))
			return out_of_memory(watch);
		say_unreadable(watch, trail, &why);
		return true;
	}
	if (trail->is_unreadable)
		say_of(watch, trail->place, trail->name, "can be read now");
	trail->is_unreadable = false;
	return take_news(watch, trail, folder, &news);
}

/* ---- logs that appear ---- */

/* A search for the log that a file is a copy of: of those that it begins with, the one of which it holds most. */
struct search {
	struct trail *trail;
	int folder;
	const struct trail_reader *reader;
	struct mark head;
	bool may_be_one;               /* of a log of which it does not hold all that is known yet */
	const struct trail_state *best;
	const struct trail *original;  /* that still has it; NULL: none has */
};

static bool is_better(const struct trail_state *known, const struct trail_state *best)
{
	if (!best || known->tail.end != best->tail.end)
		return !best || known->tail.end > best->tail.end;
	return known->judged > best->judged;
}

static void try_state(struct search *search, const struct trail_state *known, const struct trail *original)
{
	switch (trail_compare(search->trail, search->folder, &search->head, known, search->reader)) {
	case LIKENESS_COPY:
		if (!is_better(known, search->best))
			return;
		search->best = known;
		search->original = original;
		return;
	case LIKENESS_MAYBE:
		search->may_be_one = true;
		return;
	case LIKENESS_NONE:
		break;
	}
}

static void try_trail(struct search *search, const struct trail *other)
{
	if (other == search->trail || other->is_young)
		return;
	try_state(search, &other->state, other->place ? other : NULL);
	if (other->before)
		try_state(search, other->before, NULL);
}

/* Of all logs that stand, or stood until now, in the same folder. */
static enum trail_likeness search_original(const struct watch *watch, struct trail *trail, int folder)
{
	const struct place *place = trail->place;
	uint64_t was_at = place_hash(place);
	struct search search = { .trail = trail, .folder = folder, .reader = &watch->reader };
	search.head = trail_head(trail, folder, &watch->reader);
	for (size_t i = 0; i < place->count; i++)
		try_trail(&search, place->trails[i]);
	for (const struct trail *gone = watch->ground.gone; gone; gone = gone->next_gone)
		if (gone->was_at == was_at)
			try_trail(&search, gone);
	if (!search.best)
		return search.may_be_one ? LIKENESS_MAYBE : LIKENESS_NONE;
	trail->state = *search.best;
	trail->looked = search.best->judged;
	if (search.original) {
		trail->copy_dev = search.original->dev;
		trail->copy_ino = search.original->ino;
	}
	return LIKENESS_COPY;
}

/* As long as it may turn out to be a copy it is not looked through; for no longer than it grows. */
static bool look_at_young(struct watch *watch, struct trail *trail, int folder)
{
	if (!trail_has_grown(trail, folder) && trail->unit.is_waiting)
		return true;
	enum trail_likeness likeness = search_original(watch, trail, folder);
	if (likeness == LIKENESS_MAYBE) {
		watch_schedule(watch, &trail->unit, false);
		return true;
	}
	trail->is_young = false;
	return trail->copy_ino || look(watch, trail, folder);
}

static bool begin_old(struct watch *watch, struct trail *trail, int folder)
{
	struct error why;
	bool is_under_way;
	trail->is_unbegun = !trail_begin(trail, folder, &watch->reader, &is_under_way, &why);
	if (trail->is_unbegun && error_is_out_of_memory(&why))
		return out_of_memory(watch);
	if (trail->is_unbegun)
		say_unreadable(watch, trail, &why);
	else if (is_under_way)
		watch_schedule(watch, unit_of(trail), false);
	return true;
}

static bool look_at_new(struct watch *watch, struct trail *trail, int folder)
{
	if (watch->is_beginning && !watch->options->tells_present)
		return begin_old(watch, trail, folder);
	trail->state.is_accounted = true;
	trail->is_young = !watch->is_beginning;
	return trail->is_young ? look_at_young(watch, trail, folder) : look(watch, trail, folder);
}

/* The log may be a copy that is still being made. */
static bool is_asleep(const struct watch *watch, const struct trail *trail)
{
	if (!trail->copy_ino)
		return false;
	const struct trail *original = ground_trail(&watch->ground, trail->copy_dev, trail->copy_ino);
	return original && original->place && trail->size <= original->size;
}

static bool look_again(struct watch *watch, struct trail *trail, int folder)
{
	if (trail->is_unbegun)
		return begin_old(watch, trail, folder);
	if (trail->is_young)
		return look_at_young(watch, trail, folder);
	return is_asleep(watch, trail) || look(watch, trail, folder);
}

bool watch_end_youth(struct watch *watch, struct trail *trail)
{
	int folder = open(trail->place->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return true;
	trail->is_young = false;
	bool is_done = look(watch, trail, folder);
	close(folder);
	return is_done;
}

bool watch_look_at_touched(struct watch *watch)
{
	bool is_done = true;
	while (watch->touched && is_done) {
		struct trail *trail = watch->touched;
		watch->touched = trail->next_touched;
		trail->is_touched = false;
		int folder = trail->place ? open(trail->place->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
		if (folder < 0)
			continue;
		is_done = look_again(watch, trail, folder);
		close(folder);
	}
	return is_done;
}

/* ---- a folder's listing ---- */

static uint64_t hash_listing(const struct folder *folder)
{
	uint64_t hash = HASH_START;
	for (size_t i = 0; i < folder->count; i++) {
		const struct folder_file *file = folder->files[i];
		int64_t facts[3] = { (int64_t)file->dev, (int64_t)file->ino, 0 };
		/* What the settings name may change without a new name. */
		if (sources_is_vmx_name(file->name))
			facts[2] = file->mtime_ns;
		hash = hash_slice(hash, (struct slice){ file->name.ptr, file->name.len + 1 });
		hash = hash_slice(hash, (struct slice){ (const char *)facts, sizeof(facts) });
	}
	return hash ? hash : 1;
}

static bool is_named(const struct watch *watch, const struct place *place, struct slice name)
{
	for (size_t i = 0; i < watch->options->path_count; i++) {
		const struct watch_root *root = &watch->roots[i];
		if (root->name && slice_is(name, root->name) && strcmp(root->path, place->path) == 0)
			return true;
	}
	return false;
}

/* It is listed here, and stood elsewhere: it was moved, unless it has two names. */
static bool has_moved(const struct trail *trail)
{
	struct buf path = BUF_INIT(64 * KIB);
	struct stat st;
	bool is_there = trail->place && lstat(path_of(trail->place, trail->name, &path).ptr, &st) == 0 &&
			st.st_dev == trail->dev && st.st_ino == trail->ino;
	buf_deinit(&path);
	return !is_there;
}

static void leave_place(struct watch *watch, struct trail *trail)
{
	struct place *place = trail->place;
	if (!place) {
		trail->is_back = true;
		ground_regain_trail(&watch->ground, trail);
		return;
	}
	size_t kept = 0;
	for (size_t i = 0; i < place->count; i++)
		if (place->trails[i] != trail)
			place->trails[kept++] = place->trails[i];
	place->count = kept;
}

static bool rename_trail(struct watch *watch, struct trail *trail, struct slice name)
{
	if (slice_is(name, trail->name))
		return true;
	char *copy = strdup(name.ptr);
	if (!copy)
		return out_of_memory(watch);
	free(trail->name);
	trail->name = copy;
	trail->is_live = false;
	return true;
}

static struct trail *add_trail(struct watch *watch, const struct folder_file *file)
{
	struct error why;
	if (watch->ground.trail_count >= WATCH_LOGS_MAX) {
		if (!watch->is_full)
			watch_say(watch, file->name, "and what comes after it is not followed: %d files are", WATCH_LOGS_MAX);
		watch->is_full = true;
		return NULL;
	}
	struct trail *trail = trail_new(file, &why);
	if (trail)
		ground_add_trail(&watch->ground, trail);
	else
		out_of_memory(watch);
	return trail;
}

/* The log of a file in the listing; NULL when it is not followed here, or memory is out. */
static struct trail *trail_of(struct watch *watch, struct place *place, const struct folder_file *file,
			      bool *ret_is_new)
{
	struct trail *trail = ground_trail(&watch->ground, file->dev, file->ino);
	bool is_wanted = place->is_whole || is_named(watch, place, file->name);
	*ret_is_new = !trail && is_wanted;
	if (*ret_is_new)
		return add_trail(watch, file);
	if (!trail || trail->is_seen || (trail->place == place ? 0 : !is_wanted || !has_moved(trail)))
		return NULL;
	if (trail->place != place)
		leave_place(watch, trail);
	return rename_trail(watch, trail, file->name) ? trail : NULL;
}

/* What stood here and does not any more. Its names were those before the listing. */
struct changes {
	struct place *place;
	struct trail **trails; /* as they were, and their names */
	char **names;
	bool *were_live;
	size_t count;
	size_t new_count;      /* of the place's trails now: those that are new */
	struct trail **news;
};

static void changes_deinit(struct changes *changes)
{
	for (size_t i = 0; i < changes->count; i++)
		free(changes->names[i]);
	free(changes->names);
	free(changes->were_live);
	free(changes->trails);
	free(changes->news);
}

static bool changes_init(struct changes *changes, struct place *place, const struct folder *folder)
{
	size_t count = place->count;
	*changes = (struct changes){
		.place = place, .trails = place->trails,
		.names = calloc(count + 1, sizeof(char *)), .were_live = calloc(count + 1, sizeof(bool)),
		.news = calloc(folder->count + 1, sizeof(struct trail *)),
	};
	place->trails = calloc(folder->count + 1, sizeof(struct trail *));
	place->count = 0;
	bool is_done = changes->names && changes->were_live && changes->news && place->trails;
	for (size_t i = 0; is_done && i < count; i++, changes->count++) {
		changes->names[i] = strdup(changes->trails[i]->name);
		changes->were_live[i] = changes->trails[i]->is_live;
		changes->trails[i]->is_seen = false;
		is_done = changes->names[i];
	}
	return is_done;
}

static bool take_files(struct watch *watch, struct changes *changes, const struct folder *folder)
{
	struct place *place = changes->place;
	for (size_t i = 0; i < folder->count; i++) {
		bool is_new;
		struct trail *trail = trail_of(watch, place, folder->files[i], &is_new);
		if (*watch->err.text)
			return false;
		if (!trail)
			continue;
		trail->place = trail->unit.place = place;
		trail->is_seen = true;
		place->trails[place->count++] = trail;
		if (is_new)
			changes->news[changes->new_count++] = trail;
	}
	return true;
}

/* Those of a VM are judged together. */
static bool sort_out_vm(struct watch *watch, struct place *place, const struct folder *folder)
{
	struct vm_files vm;
	if (!place->is_whole)
		return true;
	if (!sources_vm_files(folder, &vm, &watch->err))
		return false;
	for (size_t i = 0; i < place->count; i++)
		place->trails[i]->is_vms = false;
	for (size_t i = 0; i < vm.count; i++) {
		struct trail *trail = place_trail(place, folder->files[vm.indexes[i]]->name.ptr);
		if (trail)
			trail->is_vms = true;
	}
	vm_files_free(&vm);
	return true;
}

/* Who watches a log that grew wants to know that it goes on in another file, or not at all. */
static bool take_leave(struct watch *watch, const struct changes *changes, int folder)
{
	struct place *place = changes->place;
	for (size_t i = 0; i < changes->count; i++) {
		struct trail *trail = changes->trails[i];
		const struct trail *successor = place_trail(place, changes->names[i]);
		bool is_gone = trail->place == place && !trail->is_seen;
		if (successor != trail && changes->were_live[i] && trail->kind != TRAIL_OTHER)
			say_of(watch, place, changes->names[i],
			       successor ? "is a new file now, which is read from its beginning"
			       : is_gone ? "is gone" : "was renamed, and is followed under its new name");
		if (!is_gone)
			continue;
		ground_lose_trail(&watch->ground, trail, watch->now_ms);
		if (!wake_copies(watch, trail, &trail->state, place, folder))
			return false;
	}
	return true;
}

static bool take_new_listing(struct watch *watch, struct place *place, const struct folder *folder)
{
	struct changes changes;
	bool is_done = changes_init(&changes, place, folder) || out_of_memory(watch);
	is_done = is_done && take_files(watch, &changes, folder) && sort_out_vm(watch, place, folder) &&
		  take_leave(watch, &changes, folder->fd);
	/* Copies before what they are copies of is read anew. */
	for (size_t i = 0; is_done && i < changes.new_count; i++)
		is_done = look_at_new(watch, changes.news[i], folder->fd);
	for (size_t i = 0; place->trails && i < place->count; i++)
		place->trails[i]->is_seen = false;
	changes_deinit(&changes);
	return is_done;
}

static bool has_changed(const struct trail *trail, const struct folder_file *file)
{
	return trail->size != file->size || trail->mtime_ns != file->mtime_ns || trail->is_unreadable ||
	       trail->is_unbegun;
}

static bool look_at_changed(struct watch *watch, struct place *place, const struct folder *folder)
{
	bool is_done = true;
	for (size_t i = 0; is_done && i < folder->count; i++) {
		const struct folder_file *file = folder->files[i];
		struct trail *trail = place_trail(place, file->name.ptr);
		bool is_it = trail && trail->ino == file->ino && trail->dev == file->dev;
		if (is_it && has_changed(trail, file))
			is_done = look_again(watch, trail, folder->fd);
	}
	return is_done;
}

bool watch_take_folder(struct watch *watch, struct place *place, const struct folder *folder)
{
	uint64_t listing = hash_listing(folder);
	place->is_dirty = false;
	if (listing != place->listing && !take_new_listing(watch, place, folder))
		return false;
	place->listing = listing;
	return look_at_changed(watch, place, folder);
}

void watch_lose_place(struct watch *watch, struct place *place, bool is_said)
{
	bool any_live = false;
	for (size_t i = 0; i < place->count; i++) {
		any_live |= place->trails[i]->is_live;
		ground_lose_trail(&watch->ground, place->trails[i], watch->now_ms);
	}
	if (any_live && !is_said)
		watch_say(watch, slice_of(place->path), "is gone, and the logs in it");
	place->count = 0;
	for (struct unit **at = &watch->waiting; *at;) {
		bool is_of_place = *at == &place->vm;
		if (is_of_place)
			*at = (*at)->next;
		else
			at = &(*at)->next;
	}
	notify_remove(&watch->notify, place->number);
	ground_remove_place(&watch->ground, place);
}
