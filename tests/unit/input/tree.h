/* Trees of files, made in a folder of their own for each test and removed behind it. */
#ifndef TESTS_INPUT_TREE_H
#define TESTS_INPUT_TREE_H

#include "../expect.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdlib.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
	char path[200];
	int fd;
};

static inline int place_setup(void **state)
{
	const char *parent = getenv("TMPDIR");
	struct place *place = calloc(1, sizeof(*place));
	snprintf(place->path, sizeof(place->path), "%s/vmpanic-test.XXXXXX", parent ? parent : "/tmp");
	if (!mkdtemp(place->path))
		return -1;
	place->fd = open(place->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*state = place;
	return place->fd < 0 ? -1 : 0;
}

static inline int place_teardown(void **state)
{
	struct place *place = *state;
	char *const paths[] = { place->path, NULL };
	FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOSTAT, NULL);
	const FTSENT *entry;
	while ((entry = fts_read(tree)))
		if (entry->fts_info == FTS_DP)
			rmdir(entry->fts_accpath);
		else if (entry->fts_info != FTS_D)
			unlink(entry->fts_accpath);
	fts_close(tree);
	close(place->fd);
	free(place);
	return 0;
}

/* Names are below the place. */
static inline void put_folder(const struct place *place, const char *name)
{
	assert_int_equal(mkdirat(place->fd, name, 0755), 0);
}

static inline void put_text(const struct place *place, const char *name, struct slice text)
{
	int fd = openat(place->fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text.ptr, text.len), text.len);
	close(fd);
}

static inline void put_file(const struct place *place, const char *name)
{
	put_text(place, name, SLICE("x"));
}

/* Folders end in '/'; the others become files. */
static inline void put_all(const struct place *place, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slice_ends(slice_of(names[i]), SLICE("/")))
			put_folder(place, names[i]);
		else
			put_file(place, names[i]);
}

/* `depth` folders, one in the other, each of that name; the descriptor of the innermost. */
static inline int put_chain(const struct place *place, const char *name, unsigned depth)
{
	int fd = fcntl(place->fd, F_DUPFD_CLOEXEC, 0);
	while (depth--) {
		assert_int_equal(mkdirat(fd, name, 0755), 0);
		int next = openat(fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		assert_true(next >= 0);
		close(fd);
		fd = next;
	}
	return fd;
}

static inline void put_file_at(int fd, const char *name)
{
	struct place place = { .fd = fd };
	put_file(&place, name);
}

#endif
