/* Walks a tree of folders and hands out each folder with its regular files, always in the same order:
 * first what stands in the folder itself, then its sub-folders one after the other, names sorted
 * bytewise.
 *
 * Links are not followed, whatever they point to, except by the path that is given. All below it is
 * opened from the folder that it stands in and never by a path, so that a tree is not left when its
 * folders are moved, or replaced by links, while it is walked; what is moved while the walk is in it is
 * walked on as far as it is held open. FIFOs, sockets and devices are not opened.
 *
 * Memory: one folder's files (FOLDER_BYTES), and the names of folders that wait for their turn
 * (WALK_WAITING_BYTES). */
#ifndef INPUT_WALK_H
#define INPUT_WALK_H

#include "input/folder.h"
#include "input/glob.h"

/* Of all walks with the same struct. */
struct walk_counts {
	uint64_t folders, files;      /* listed; handed out */
	uint64_t links, specials;     /* not followed; FIFOs, sockets and devices: not opened */
	uint64_t vanished;            /* gone between the listing and the look at them */
	uint64_t other_file_systems;  /* folders not entered because of is_one_file_system */
	uint64_t troubles;            /* calls of `trouble` */
};

struct walk {
	/* Paths that match are passed over, and folders of these not entered, even if an include matches,
	 * too. They are matched against the path below the one that is given, which itself is not. */
	const struct glob *excludes;
	size_t exclude_count;
	/* With includes only files that match one are handed out; all folders are entered. */
	const struct glob *includes;
	size_t include_count;
	/* Folders on other file systems than the one that is given are not entered. */
	bool is_one_file_system;
	/* Only what stands in the given folder itself: its sub-folders are listed and not entered. */
	bool is_flat;
	/* Folders without a file are handed out, too. */
	bool takes_empty;

	/* A folder with at least one file, if not told otherwise. All is borrowed until it returns, the descriptor
	 * too: whoever opens the files later, from another thread, needs a dup of it. False ends the walk. */
	bool (*take)(void *user, struct slice path, const struct folder *folder);
	/* A folder that could not be walked, or not all of it, or a file that could not be looked at; `why` reads
	 * on from the path. The walk goes on. What is only counted is not told. */
	void (*trouble)(void *user, struct slice path, const struct error *why);
	void *user;

	struct walk_counts counts;
};

/* Paths are `path` without slashes at its end, and what is below it; any bytes but NUL. True also when
 * `take` ended the walk. False when `path` is not a folder that can be opened, or memory is out; the
 * error does not name it. */
bool walk_tree(struct walk *walk, const char *path, struct error *err);

#endif
