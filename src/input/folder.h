/* The files of one folder: regular ones, sorted by name. Links are not followed, and what is no
 * regular file is passed over. */
#ifndef INPUT_FOLDER_H
#define INPUT_FOLDER_H

#include "base/arena.h"
#include "base/error.h"

struct folder {
	int fd;               /* for input_open_at */
	struct arena arena;   /* owns the names; a NUL stands behind each */
	struct slice *names;
	size_t count, capacity;
	bool is_cut;          /* there were more than `limit` */
};

/* Lists the files that `wants`. Errors do not name the folder. */
bool folder_open(struct folder *folder, const char *path, bool (*wants)(struct slice name), size_t limit,
		 struct error *err);
/* True when a regular file of that name is in it; *ret_bytes is its size. */
bool folder_has(const struct folder *folder, const char *name, uint64_t *ret_bytes);
void folder_close(struct folder *folder);

#endif
