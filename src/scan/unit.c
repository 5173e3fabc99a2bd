#include "scan/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct unit_folder *unit_folder_new(int fd, struct error *err)
{
	struct unit_folder *folder = malloc(sizeof(*folder));
	if (!folder) {
		error_out_of_memory(err);
		return NULL;
	}
	*folder = (struct unit_folder){ .fd = fd, .users = 1 };
	return folder;
}

bool unit_folder_own(struct unit_folder *folder, struct error *err)
{
	if (folder->is_own)
		return true;
	int fd = fcntl(folder->fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return error_set(err, "cannot be opened: %s", strerror(errno));
	folder->fd = fd;
	folder->is_own = true;
	return true;
}

void unit_folder_drop(struct unit_folder *folder)
{
	if (!folder || --folder->users)
		return;
	if (folder->is_own)
		close(folder->fd);
	free(folder);
}

static size_t text_bytes(struct slice path, const struct store_file *files, size_t file_count)
{
	size_t bytes = path.len + 1;
	for (size_t i = 0; i < file_count; i++)
		bytes += files[i].name.len + 1;
	return bytes;
}

static struct slice put_text(char **at, struct slice text)
{
	char *copy = *at;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = 0;
	*at += text.len + 1;
	return (struct slice){ copy, text.len };
}

/* One piece of memory: there may be many units at a time. */
struct unit *unit_new(enum unit_kind kind, struct slice path, struct unit_folder *folder,
		      const struct store_file *files, size_t file_count, struct error *err)
{
	size_t head = sizeof(struct unit) + file_count * sizeof(*files);
	struct unit *unit = malloc(head + text_bytes(path, files, file_count));
	if (!unit) {
		error_out_of_memory(err);
		return NULL;
	}
	char *text = (char *)unit + head;
	*unit = (struct unit){
		.kind = kind, .path = put_text(&text, path), .folder = folder,
		.files = (struct store_file *)(unit + 1), .file_count = file_count, .parts_left = 1,
	};
	for (size_t i = 0; i < file_count; i++) {
		unit->files[i] = files[i];
		unit->files[i].name = put_text(&text, files[i].name);
	}
	if (folder)
		folder->users++;
	return unit;
}

/* As a listing of the folder: what is read are the files that the unit is known by. */
static bool list_files(const struct unit *unit, struct folder *ret, struct error *err)
{
	*ret = (struct folder){ .fd = fcntl(unit->folder->fd, F_DUPFD_CLOEXEC, 0), .arena = ARENA_INIT };
	if (ret->fd < 0)
		return error_set(err, "cannot be opened: %s", strerror(errno));
	struct folder_file *files = arena_alloc(&ret->arena, unit->file_count * sizeof(*files));
	ret->files = arena_alloc(&ret->arena, unit->file_count * sizeof(*ret->files));
	for (; files && ret->files && ret->count < unit->file_count; ret->count++) {
		files[ret->count].name = unit->files[ret->count].name;
		files[ret->count].size = unit->files[ret->count].size;
		ret->files[ret->count] = &files[ret->count];
	}
	return !ret->arena.failed || error_out_of_memory(err);
}

bool unit_find_sources(struct unit *unit, struct error *err)
{
	struct folder folder;
	unit->sources = calloc(1, sizeof(*unit->sources));
	if (!unit->sources)
		return error_out_of_memory(err);
	if (!list_files(unit, &folder, err)) {
		folder_close(&folder);
		free(unit->sources);
		unit->sources = NULL;
		return false;
	}
	bool is_done = sources_of_files(unit->sources, &folder, unit->path, err);
	for (size_t i = 0; i < unit->sources->count; i++)
		unit->sources->items[i].known = &unit->known;
	return is_done;
}

void unit_close(struct unit *unit)
{
	if (unit->sources)
		sources_close(unit->sources);
	free(unit->sources);
	unit->sources = NULL;
	unit_folder_drop(unit->folder);
	unit->folder = NULL;
}

void unit_free(struct unit *unit)
{
	if (!unit)
		return;
	unit_close(unit);
	for (size_t i = 0; i < unit->known.count; i++) {
		passed_deinit(&unit->known.items[i].before);
		passed_deinit(&unit->known.items[i].now);
	}
	free(unit->known.items);
	buf_deinit(&unit->known_text);
	free(unit);
}

struct store_unit unit_for_store(const struct unit *unit)
{
	return (struct store_unit){ unit->path, unit->files, unit->file_count };
}

/* ---- what is known of its files ---- */

static bool hash_at(int fd, uint64_t offset, uint64_t size, uint64_t *ret)
{
	char block[STORE_HASH_BYTES];
	size_t len = size - offset < sizeof(block) ? (size_t)(size - offset) : sizeof(block);
	ssize_t count = pread(fd, block, len, (off_t)offset);
	*ret = count >= 0 ? store_hash((struct slice){ block, (size_t)count }) : 0;
	return count >= 0;
}

/* Of a file as it was with that size. */
static bool hash_file(const struct unit *unit, struct store_file *file)
{
	int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	int fd = unit->folder ? openat(unit->folder->fd, file->name.ptr, flags | O_NOFOLLOW)
			      : open(unit->path.ptr, flags);
	if (fd < 0)
		return false;
	uint64_t tail = file->size > STORE_HASH_BYTES ? file->size - STORE_HASH_BYTES : 0;
	bool is_read = hash_at(fd, 0, file->size, &file->head_hash) &&
		       hash_at(fd, tail, file->size, &file->tail_hash);
	close(fd);
	return is_read;
}

bool unit_remember(struct unit *unit)
{
	unit->known.items = calloc(unit->file_count + 1, sizeof(*unit->known.items));
	if (!unit->known.items)
		return false;
	unit->known.count = unit->file_count;
	for (size_t i = 0; i < unit->file_count; i++)
		unit->known.items[i].name = unit->files[i].name;
	return true;
}

static size_t index_of(const struct unit *unit, struct slice name)
{
	size_t at = 0;
	while (at < unit->file_count && !slice_equal(unit->files[at].name, name))
		at++;
	return at;
}

bool unit_recognise(struct unit *unit, const struct store_file *before)
{
	size_t at = index_of(unit, before->name);
	struct store_file now = *before;
	if (at == unit->file_count)
		return false;
	now.name = unit->files[at].name;
	if (!hash_file(unit, &now) || now.head_hash != before->head_hash || now.tail_hash != before->tail_hash)
		return false;
	unit->known.items[at].has_grown = unit->files[at].size != before->size;
	passed_parse(before->passed, &unit->known.items[at].before);
	return true;
}

void unit_forget(struct unit *unit)
{
	for (size_t i = 0; i < unit->known.count; i++)
		passed_deinit(&unit->known.items[i].before);
}

static void print_known(struct unit *unit)
{
	struct buf *text = &unit->known_text;
	*text = BUF_INIT(SIZE_MAX);
	for (size_t i = 0; i < unit->known.count; i++) {
		passed_end(&unit->known.items[i].now, unit->files[i].size);
		passed_print(&unit->known.items[i].now, text);
		buf_char(text, 0);
	}
	struct slice rest = buf_slice(text);
	for (size_t i = 0; i < unit->known.count && !text->failed; i++) {
		unit->files[i].passed = slice_until(rest, 0);
		rest = slice_skip(rest, unit->files[i].passed.len + 1);
	}
}

bool unit_describe(struct unit *unit)
{
	print_known(unit);
	for (size_t i = 0; i < unit->file_count; i++)
		if (!hash_file(unit, &unit->files[i]))
			return false;
	return true;
}
