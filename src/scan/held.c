#include "scan/held.h"

#include "base/limits.h"
#include "base/path.h"
#include "scan/sources.h"

void held_init(struct held *held, struct budget *budget)
{
	*held = (struct held){ .folder = { .fd = -1, .arena = ARENA_INIT }, .budget = budget };
}

static struct slice base_name(const struct archive_member *member)
{
	return slice_skip(member->name, path_folder_len(member->name));
}

static struct slice place_of(const struct archive_member *member)
{
	return path_trim(slice_take(member->name, path_folder_len(member->name)));
}

bool held_is_of_other(const struct held *held, const struct archive_member *member)
{
	return held->folder.count && sources_is_vm_file(base_name(member)) &&
	       !slice_equal(held->place, place_of(member));
}

bool held_wants(const struct held *held, const struct archive_member *member)
{
	struct slice name = base_name(member);
	return sources_is_vm_file(name) && member->is_size_known &&
	       member->size <= ARCHIVE_HELD_BYTES - held->budget->held_bytes &&
	       held->folder.count < FOLDER_LOGS_MAX && !folder_find(&held->folder, name.ptr);
}

/* As many bytes as the archive says that it has. */
static void read_bytes(struct archive_reader *reader, char *bytes, size_t size, struct held_file *ret)
{
	size_t count = 1;
	char more;
	ret->bytes = (struct slice){ bytes, 0 };
	while (ret->bytes.len < size && count) {
		if (!archive_reader_read(reader, bytes + ret->bytes.len, size - ret->bytes.len, &count, &ret->why))
			return;
		ret->bytes.len += count;
	}
	if (archive_reader_read(reader, &more, 1, &count, &ret->why) && count)
		error_set(&ret->why, "is longer than its archive says");
}

static bool add_file(struct folder *folder, struct folder_file *file)
{
	if (!arena_grow(&folder->arena, &folder->files, folder->count, &folder->capacity, sizeof(*folder->files)))
		return false;
	folder->files[folder->count++] = file;
	return true;
}

bool held_add(struct held *held, struct archive_reader *reader, const struct archive_member *member,
	      struct error *err)
{
	struct arena *arena = &held->folder.arena;
	if (!held->folder.count)
		held->place = arena_copy(arena, place_of(member));
	struct folder_file *file = ARENA_NEW(arena, struct folder_file);
	struct held_file *kept = ARENA_NEW(arena, struct held_file);
	char *bytes = arena_alloc(arena, member->size);
	if (!file || !kept || !bytes)
		return error_out_of_memory(err);
	held->bytes += member->size;
	held->budget->held_bytes += member->size;
	file->name = arena_copy(arena, base_name(member));
	read_bytes(reader, bytes, member->size, kept);
	file->size = kept->bytes.len;
	file->held = kept;
	return (!arena->failed && add_file(&held->folder, file)) || error_out_of_memory(err);
}

struct folder held_take(struct held *held)
{
	struct folder folder = held->folder;
	folder_sort(&folder);
	held->place = SLICE("");
	held->folder = (struct folder){ .fd = -1, .arena = ARENA_INIT };
	return folder;
}

void held_end(struct held *held)
{
	held->budget->held_bytes -= held->bytes;
	held->bytes = 0;
}
