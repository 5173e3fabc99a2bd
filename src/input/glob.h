/* Shell patterns for paths below a folder, as git, ripgrep and rsync read them:
 *
 *   *.log          the name, in any folder
 *   old/           the name, of folders only
 *   a/vm*.log, /a  the whole path, since there is a '/' in front of or between names; neither "*"
 *                  nor "?" stands for a '/'
 *   **             as a whole name: any number of folders; at the end: all that is in the folder
 *
 * One name is matched as fnmatch(3) does it without flags, byte by byte as long as the program keeps
 * the C locale: "*" also stands for a dot in front. Empty names and "." count for nothing: "./a//b"
 * is "/a/b". */
#ifndef INPUT_GLOB_H
#define INPUT_GLOB_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

struct glob {
	struct slice names; /* a NUL behind each instead of '/'; owned by the arena */
	bool is_of_folders;
};

/* Fails for a pattern without a name, and without memory. */
bool glob_make(struct arena *arena, struct slice text, struct glob *ret, struct error *err);
/* `names` is a path with a NUL behind each of its names instead of a '/' in front. */
bool glob_matches(const struct glob *glob, struct slice names, bool is_folder);

#endif
