/* Paths as text: any bytes, slashes between names. Nothing here looks at a file system. */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include "base/slice.h"

/* Without slashes at its end; "/" stays. */
static inline struct slice path_trim(struct slice path)
{
	while (path.len > 1 && path.ptr[path.len - 1] == '/')
		path.len--;
	return path;
}

/* What stands in front of the last name, with its slash: "a/b" has 2, "b" has 0. */
static inline size_t path_folder_len(struct slice path)
{
	while (path.len && path.ptr[path.len - 1] != '/')
		path.len--;
	return path.len;
}

/* What to write between a folder and a name in it. */
static inline const char *path_joint(struct slice folder)
{
	return slice_ends(folder, SLICE("/")) ? "" : "/";
}

/* The folder itself, or anything in it. */
static inline bool path_is_within(struct slice path, struct slice folder)
{
	return slice_eat(&path, folder) && (!path.len || path.ptr[0] == '/' || !*path_joint(folder));
}

#endif
