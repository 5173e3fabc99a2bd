/* The entries of one folder: its regular files with what is known of them, and the names of its
 * sub-folders, both sorted bytewise. Links are not followed. */
#ifndef INPUT_FOLDER_H
#define INPUT_FOLDER_H

#include <time.h>

#include "base/arena.h"
#include "base/error.h"

/* A file's bytes in memory, as they are stored. */
struct held_file {
	struct slice bytes;
	struct error why;          /* they are not all, and why; empty text: they are */
};

struct folder_file {
	struct slice name;         /* any bytes but '/' and NUL; a NUL stands behind it */
	uint64_t dev, ino, size;   /* size in bytes */
	int64_t mtime_ns, ctime_ns; /* folder_nanoseconds */
	const struct held_file *held; /* NULL: it stands in the folder's directory */
};

/* Since 1970; what does not fit is the nearest that does. */
int64_t folder_nanoseconds(struct timespec time);

struct folder {
	int fd;                      /* -1 for one that is held in memory */
	struct arena arena;          /* owns what follows */
	struct folder_file **files;
	size_t count, capacity;      /* of files */
	struct slice *folders;       /* a NUL stands behind each */
	size_t folder_count, folder_capacity;
	size_t left_out;             /* entries that were wanted and did not fit */
};

enum folder_kind {
	FOLDER_FILE,
	FOLDER_FOLDER,
	FOLDER_LINK,
	FOLDER_SPECIAL,    /* FIFO, socket, device */
	FOLDER_VANISHED,   /* gone since its name was read */
	FOLDER_UNREADABLE, /* the file system does not tell what it is: `why` */
};

/* Which entries are kept. */
struct folder_filter {
	/* Asked of each entry but "." and "..", and true for a file or a folder to be kept. A file
	 * that is kept may turn out to be something else by then, and is told of again as that.
	 * `why` is NULL but for FOLDER_UNREADABLE. */
	bool (*wants)(void *user, struct slice name, enum folder_kind kind, const struct error *why);
	void *user;
	size_t limit; /* of files; beside it all together take at most FOLDER_BYTES */
};

/* Lists what stands in folder->fd, which stays the caller's. After a failure in the middle (false)
 * what came before it is there, sorted. */
bool folder_list(struct folder *folder, const struct folder_filter *filter, struct error *err);

/* Opens a folder and lists the files whose name `wants`. Errors do not name the folder. */
bool folder_open(struct folder *folder, const char *path, bool (*wants)(struct slice name), size_t limit,
		 struct error *err);
/* The file of that name; NULL when it was not listed. */
const struct folder_file *folder_find(const struct folder *folder, const char *name);
/* True when a regular file of that name is in it; *ret_bytes is its size. */
bool folder_has(const struct folder *folder, const char *name, uint64_t *ret_bytes);
/* As folder_list leaves it. */
void folder_sort(struct folder *folder);
void folder_close(struct folder *folder);

#endif
