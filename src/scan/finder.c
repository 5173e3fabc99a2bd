#include "scan/finder.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "base/limits.h"
#include "base/path.h"
#include "input/name_list.h"
#include "input/walk.h"
#include "scan/sources.h"

static bool give_up(struct finder *finder)
{
	finder->is_over = true;
	return false;
}

/* ---- units on their way into the line ---- */

static bool line_up(struct finder *finder, struct slot *slot)
{
	if (!slot)
		return give_up(finder);
	if (lineup_append(finder->lineup, slot))
		return true;
	slot_free(slot);
	return give_up(finder);
}

static void add_trouble(struct finder *finder, struct slice path, const char *why)
{
	struct slot *slot = slot_new(finder->spill, NULL, &finder->err);
	if (slot) {
		slot->state = SLOT_DONE;
		slot_add_trouble(slot, path, why);
	}
	finder->counts->troubles++;
	line_up(finder, slot);
}

static bool is_of_shard(const struct finder *finder, struct slice path)
{
	const struct scan_shard *shard = &finder->options->shard;
	return !shard->count || hash_slice(HASH_START, path) % shard->count == shard->index - 1;
}

/* All of its files are what they were, as far as they were there. */
struct recognition {
	struct unit *unit;
	bool is_failed;
};

static bool recognise(void *user, const struct store_file *before)
{
	struct recognition *recognition = user;
	recognition->is_failed = !unit_recognise(recognition->unit, before);
	return !recognition->is_failed;
}

/* By their bytes: one was moved to a device of another number, or has grown. */
static bool compare_bytes(struct finder *finder, struct unit *unit, bool *ret_is_it)
{
	struct recognition recognition = { .unit = unit };
	const struct store_unit known = unit_for_store(unit);
	if (!store_each_file(finder->options->store, &known, recognise, &recognition, &finder->err))
		return false;
	*ret_is_it = !recognition.is_failed;
	if (recognition.is_failed)
		unit_forget(unit);
	return true;
}

/* What the store knows as it is need not be read again; what has grown, not all of it. */
static bool look_up(struct finder *finder, struct slot *slot)
{
	enum store_match match;
	const struct store_unit unit = unit_for_store(slot->unit);
	if (!finder->options->remembers)
		return true;
	if (!store_find(finder->options->store, &unit, &match, &slot->known, &finder->err))
		return false;
	bool is_it = match == STORE_SAME;
	if (!is_it && !unit_remember(slot->unit))
		return error_out_of_memory(&finder->err);
	if ((match == STORE_MOVED || match == STORE_GROWN) && !compare_bytes(finder, slot->unit, &is_it))
		return false;
	slot->has_moved = match == STORE_MOVED;
	slot->is_kept = is_it && match != STORE_GROWN;
	if (!slot->is_kept)
		return true;
	finder->counts->kept++;
	finder->counts->files += slot->unit->file_count;
	slot->state = SLOT_DONE;
	unit_close(slot->unit);
	return true;
}

/* What is to be read is read when the walk has gone on. */
static bool keep_folder(struct finder *finder, const struct slot *slot)
{
	struct unit_folder *folder = slot->unit->folder;
	return !folder || slot->is_kept || unit_folder_own(folder, &finder->err);
}

/* Takes the unit over. */
static bool add_unit(struct finder *finder, struct unit *unit)
{
	struct slot *slot = unit ? slot_new(finder->spill, unit, &finder->err) : NULL;
	if (!slot)
		unit_free(unit);
	if (slot && (!look_up(finder, slot) || !keep_folder(finder, slot))) {
		slot_free(slot);
		slot = NULL;
	}
	return line_up(finder, slot);
}

/* ---- folders ---- */

static struct store_file file_of(const struct folder_file *file)
{
	return (struct store_file){
		.name = file->name, .device = file->dev, .inode = file->ino, .size = file->size,
		.mtime_ns = file->mtime_ns, .ctime_ns = file->ctime_ns,
	};
}

struct folder_units {
	struct finder *finder;
	struct slice path;
	const struct folder *folder;
	struct unit_folder *open;
	struct vm_files vm;    /* which of the files are one VM's */
};

static bool add_file(struct folder_units *units, const struct folder_file *file)
{
	struct finder *finder = units->finder;
	struct store_file known = file_of(file);
	char *path;
	if (asprintf(&path, "%.*s%s%.*s", SLICE_ARG(units->path), path_joint(units->path), SLICE_ARG(file->name)) < 0) {
		error_out_of_memory(&finder->err);
		return give_up(finder);
	}
	struct slice whole = slice_of(path);
	bool is_added = !is_of_shard(finder, whole) ||
			add_unit(finder, unit_new(UNIT_FILE, whole, units->open, &known, 1, &finder->err));
	free(path);
	return is_added;
}

static bool add_vm(struct folder_units *units)
{
	struct finder *finder = units->finder;
	const struct vm_files *vm = &units->vm;
	if (!vm->count || !is_of_shard(finder, units->path))
		return true;
	struct store_file *files = calloc(vm->count, sizeof(*files));
	if (!files) {
		error_out_of_memory(&finder->err);
		return give_up(finder);
	}
	for (size_t i = 0; i < vm->count; i++)
		files[i] = file_of(units->folder->files[vm->indexes[i]]);
	struct unit *unit = unit_new(UNIT_VM, units->path, units->open, files, vm->count, &finder->err);
	free(files);
	return add_unit(finder, unit);
}

/* The VM's files first, then the others, as far as they are none of the VM's. */
static bool add_units(struct folder_units *units)
{
	size_t next = 0;
	bool is_added = add_vm(units);
	for (size_t i = 0; is_added && i < units->folder->count; i++) {
		bool is_vm = next < units->vm.count && units->vm.indexes[next] == i;
		next += is_vm;
		is_added = is_vm || add_file(units, units->folder->files[i]);
	}
	return is_added;
}

static bool take_folder(void *user, struct slice path, const struct folder *folder)
{
	struct finder *finder = user;
	struct folder_units units = { .finder = finder, .path = path, .folder = folder };
	units.open = unit_folder_new(folder->fd, &finder->err);
	if (!units.open)
		return give_up(finder);
	bool is_added = sources_vm_files(folder, &units.vm, &finder->err) ? add_units(&units) : give_up(finder);
	vm_files_free(&units.vm);
	unit_folder_drop(units.open);
	return is_added;
}

static void take_trouble(void *user, struct slice path, const struct error *why)
{
	add_trouble(user, path, why->text);
}

static void add_counts(struct scan_counts *counts, const struct walk_counts *walked)
{
	counts->links += walked->links;
	counts->specials += walked->specials;
	counts->vanished += walked->vanished;
	counts->other_file_systems += walked->other_file_systems;
}

static void walk(struct finder *finder, const char *path)
{
	const struct scan_options *options = finder->options;
	struct error why;
	struct walk walk = {
		.excludes = options->excludes, .exclude_count = options->exclude_count,
		.includes = options->includes, .include_count = options->include_count,
		.is_one_file_system = options->is_one_file_system,
		.take = take_folder, .trouble = take_trouble, .user = finder,
	};
	if (!walk_tree(&walk, path, &why))
		add_trouble(finder, slice_of(path), why.text);
	add_counts(finder->counts, &walk.counts);
}

/* ---- what was named ---- */

/* A regular file can be known again; of a .vmx the whole folder would have to be. */
static size_t describe_path(const char *path, const struct stat *st, struct store_file *ret)
{
	*ret = (struct store_file){
		.name = SLICE(""), .device = st->st_dev, .inode = st->st_ino, .size = (uint64_t)st->st_size,
		.mtime_ns = folder_nanoseconds(st->st_mtim),
		.ctime_ns = folder_nanoseconds(st->st_ctim),
	};
	return S_ISREG(st->st_mode) && !sources_is_vmx_name(slice_of(path));
}

static void find(struct finder *finder, const char *path)
{
	struct stat st = { 0 };
	struct store_file file;
	bool is_there = !slice_is(slice_of(path), "-") && stat(path, &st) == 0;
	if (is_there && S_ISDIR(st.st_mode)) {
		walk(finder, path);
		return;
	}
	size_t count = describe_path(path, &st, &file);
	if (is_of_shard(finder, slice_of(path)))
		add_unit(finder, unit_new(UNIT_PATH, slice_of(path), NULL, &file, count, &finder->err));
}

static void find_listed(struct finder *finder, const char *names_from)
{
	struct slice source = slice_of(names_from), name;
	enum name_list_news news = NAME_LIST_NAME;
	struct name_list list;
	struct error why;
	if (!name_list_open(&list, names_from, &why)) {
		add_trouble(finder, source, why.text);
		return;
	}
	while (news != NAME_LIST_ENDED && !finder->is_over) {
		bool is_read = name_list_next(&list, &news, &name, &why);
		if (!is_read || news == NAME_LIST_REFUSED)
			add_trouble(finder, source, why.text);
		else if (news == NAME_LIST_NAME)
			find(finder, name.ptr);
		if (!is_read)
			break;
	}
	name_list_close(&list);
}

bool finder_run(struct finder *finder)
{
	const struct scan_options *options = finder->options;
	for (size_t i = 0; i < options->path_count && !finder->is_over; i++)
		find(finder, options->paths[i]);
	if (options->names_from && !finder->is_over)
		find_listed(finder, options->names_from);
	lineup_close(finder->lineup);
	return !*finder->err.text;
}
