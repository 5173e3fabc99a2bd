#include "input/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"

/* Of a listing, at a time: what readdir() takes. */
#define LIST_BYTES (32 * KIB)

/* What an entry is. */

static enum folder_kind kind_of(unsigned char type)
{
	switch (type) {
	case DT_REG:
		return FOLDER_FILE;
	case DT_DIR:
		return FOLDER_FOLDER;
	case DT_LNK:
		return FOLDER_LINK;
	default:
		return FOLDER_SPECIAL;
	}
}

static enum folder_kind look_at(const struct folder *folder, const char *name, struct stat *ret, struct error *why)
{
	if (fstatat(folder->fd, name, ret, AT_SYMLINK_NOFOLLOW) == 0)
		return kind_of(IFTODT(ret->st_mode));
	if (errno == ENOENT)
		return FOLDER_VANISHED;
	error_set(why, "cannot be looked at: %s", strerror(errno));
	return FOLDER_UNREADABLE;
}

const struct folder_file *folder_find(const struct folder *folder, const char *name)
{
	for (size_t i = 0; i < folder->count; i++)
		if (slice_is(folder->files[i]->name, name))
			return folder->files[i];
	return NULL;
}

bool folder_has(const struct folder *folder, const char *name, uint64_t *ret_bytes)
{
	struct stat st;
	if (look_at(folder, name, &st, NULL) != FOLDER_FILE)
		return false;
	*ret_bytes = (uint64_t)st.st_size;
	return true;
}

/* What is kept. */

int64_t folder_nanoseconds(struct timespec time)
{
	int64_t ns;
	if (__builtin_mul_overflow(time.tv_sec, 1000000000, &ns) || __builtin_add_overflow(ns, time.tv_nsec, &ns))
		return time.tv_sec < 0 ? INT64_MIN : INT64_MAX;
	return ns;
}

/* One piece for both, the name behind the rest: folders hold many files. */
static struct folder_file *make_file(struct arena *arena, struct slice name, const struct stat *st)
{
	struct folder_file *file = arena_alloc(arena, sizeof(*file) + name.len + 1);
	if (!file)
		return NULL;
	*file = (struct folder_file){
		.name = { memcpy(file + 1, name.ptr, name.len), name.len },
		.dev = st->st_dev, .ino = st->st_ino, .size = (uint64_t)st->st_size,
		.mtime_ns = folder_nanoseconds(st->st_mtim), .ctime_ns = folder_nanoseconds(st->st_ctim),
	};
	return file;
}

static void add_file(struct folder *folder, struct slice name, const struct stat *st, size_t limit)
{
	struct arena *arena = &folder->arena;
	if (folder->count >= limit || arena->used >= FOLDER_BYTES)
		folder->left_out++;
	else if (arena_grow(arena, &folder->files, folder->count, &folder->capacity, sizeof(*folder->files)) &&
		 (folder->files[folder->count] = make_file(arena, name, st)))
		folder->count++;
}

static void add_folder(struct folder *folder, struct slice name)
{
	struct arena *arena = &folder->arena;
	if (arena->used >= FOLDER_BYTES)
		folder->left_out++;
	else if (arena_grow(arena, &folder->folders, folder->folder_count, &folder->folder_capacity,
			    sizeof(*folder->folders)))
		folder->folders[folder->folder_count++] = arena_copy(arena, name);
}

/* Where the name's entry says what it is, only files that are wanted need be looked at. */
static void add_entry(struct folder *folder, const struct dirent64 *entry, const struct folder_filter *filter)
{
	struct slice name = slice_of(entry->d_name);
	bool is_known = entry->d_type != DT_UNKNOWN;
	enum folder_kind kind = kind_of(entry->d_type), listed = kind;
	bool is_wanted = is_known && filter->wants(filter->user, name, kind, NULL);
	struct error why;
	struct stat st;
	if (!is_known || (is_wanted && kind == FOLDER_FILE))
		kind = look_at(folder, name.ptr, &st, &why);
	if (!is_known || kind != listed)
		is_wanted = filter->wants(filter->user, name, kind, kind == FOLDER_UNREADABLE ? &why : NULL);
	if (is_wanted && kind == FOLDER_FILE)
		add_file(folder, name, &st, filter->limit);
	else if (is_wanted && kind == FOLDER_FOLDER)
		add_folder(folder, name);
}

/* The list. */

static bool is_self_or_parent(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Some entries as they come from the kernel, `len` bytes of them. */
static bool add_entries(struct folder *folder, const char *entries, size_t len, const struct folder_filter *filter)
{
	for (size_t at = 0; at < len && !folder->arena.failed;) {
		const struct dirent64 *entry = (const struct dirent64 *)(entries + at);
		if (!is_self_or_parent(entry->d_name))
			add_entry(folder, entry, filter);
		at += entry->d_reclen;
	}
	return !folder->arena.failed;
}

/* As readdir() does, which would want a descriptor of its own and five system calls more. */
static bool list(struct folder *folder, const struct folder_filter *filter, struct error *err)
{
	_Alignas(struct dirent64) char entries[LIST_BYTES];
	ssize_t len;
	/* Network and FUSE file systems let a signal end the call; it goes on where it was. */
	while ((len = getdents64(folder->fd, entries, sizeof(entries))) > 0 || (len < 0 && errno == EINTR))
		if (len > 0 && !add_entries(folder, entries, (size_t)len, filter))
			return error_out_of_memory(err);
	/* A folder that was deleted while it is open has come to its end. */
	return !len || errno == ENOENT || error_set(err, "cannot be read: %s", strerror(errno));
}

static int compare_files(const void *a, const void *b)
{
	const struct folder_file *const *x = a, *const *y = b;
	return strcmp((*x)->name.ptr, (*y)->name.ptr);
}

static int compare_names(const void *a, const void *b)
{
	const struct slice *x = a, *y = b;
	return strcmp(x->ptr, y->ptr);
}

void folder_sort(struct folder *folder)
{
	if (folder->count)
		qsort(folder->files, folder->count, sizeof(*folder->files), compare_files);
	if (folder->folder_count)
		qsort(folder->folders, folder->folder_count, sizeof(*folder->folders), compare_names);
}

bool folder_list(struct folder *folder, const struct folder_filter *filter, struct error *err)
{
	bool is_listed = list(folder, filter, err);
	folder_sort(folder);
	return is_listed;
}

/* A folder by its path. */

struct by_name {
	bool (*wants)(struct slice name);
};

static bool wants_file(void *user, struct slice name, enum folder_kind kind, const struct error *why)
{
	const struct by_name *by_name = user;
	(void)why;
	return kind == FOLDER_FILE && by_name->wants(name);
}

bool folder_open(struct folder *folder, const char *path, bool (*wants)(struct slice name), size_t limit,
		 struct error *err)
{
	struct by_name by_name = { wants };
	struct folder_filter filter = { wants_file, &by_name, limit };
	*folder = (struct folder){ .fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), .arena = ARENA_INIT };
	if (folder->fd < 0)
		return error_set(err, "cannot be opened: %s", strerror(errno));
	bool is_listed = folder_list(folder, &filter, err);
	if (!is_listed)
		folder_close(folder);
	return is_listed;
}

void folder_close(struct folder *folder)
{
	if (folder->fd >= 0)
		close(folder->fd);
	arena_deinit(&folder->arena);
	*folder = (struct folder){ .fd = -1, .arena = ARENA_INIT };
}
