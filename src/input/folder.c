#include "input/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int compare_names(const void *a, const void *b)
{
	const struct slice *x = a, *y = b;
	return strcmp(x->ptr, y->ptr);
}

bool folder_has(const struct folder *folder, const char *name, uint64_t *ret_bytes)
{
	struct stat st;
	if (fstatat(folder->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
		return false;
	*ret_bytes = (uint64_t)st.st_size;
	return true;
}

static bool add_name(struct folder *folder, const char *name, struct error *err)
{
	if (!arena_grow(&folder->arena, &folder->names, folder->count, &folder->capacity, sizeof(*folder->names)))
		return error_out_of_memory(err);
	folder->names[folder->count++] = arena_copy(&folder->arena, slice_of(name));
	return !folder->arena.failed || error_out_of_memory(err);
}

static bool list(struct folder *folder, DIR *directory, bool (*wants)(struct slice name), size_t limit,
		 struct error *err)
{
	const struct dirent *entry;
	uint64_t bytes;
	errno = 0;
	while ((entry = readdir(directory))) {
		if (wants(slice_of(entry->d_name)) && folder_has(folder, entry->d_name, &bytes)) {
			folder->is_cut = folder->count >= limit;
			if (folder->is_cut)
				break;
			if (!add_name(folder, entry->d_name, err))
				return false;
		}
		errno = 0;
	}
	return entry || !errno || error_set(err, "cannot be read: %s", strerror(errno));
}

bool folder_open(struct folder *folder, const char *path, bool (*wants)(struct slice name), size_t limit,
		 struct error *err)
{
	*folder = (struct folder){ .fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), .arena = ARENA_INIT };
	/* closedir() closes the descriptor that it was given. */
	int own = folder->fd < 0 ? -1 : fcntl(folder->fd, F_DUPFD_CLOEXEC, 0);
	DIR *directory = own < 0 ? NULL : fdopendir(own);
	if (!directory) {
		error_set(err, "cannot be opened: %s", strerror(errno));
		if (own >= 0)
			close(own);
		folder_close(folder);
		return false;
	}
	bool is_listed = list(folder, directory, wants, limit, err);
	closedir(directory);
	if (!is_listed)
		folder_close(folder);
	else if (folder->count)
		qsort(folder->names, folder->count, sizeof(*folder->names), compare_names);
	return is_listed;
}

void folder_close(struct folder *folder)
{
	if (folder->fd >= 0)
		close(folder->fd);
	folder->fd = -1;
	arena_deinit(&folder->arena);
	folder->names = NULL;
	folder->count = folder->capacity = 0;
}
