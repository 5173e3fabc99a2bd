#include "base/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct spill {
	char *directory;
	pthread_mutex_t lock; /* over what follows */
	int fd;
	uint64_t end;
	uint64_t extent_count;
};

struct spill *spill_new(const char *directory, struct error *err)
{
	struct spill *spill = calloc(1, sizeof(*spill));
	if (spill && (spill->directory = strdup(directory))) {
		pthread_mutex_init(&spill->lock, NULL);
		spill->fd = -1;
		return spill;
	}
	free(spill);
	error_out_of_memory(err);
	return NULL;
}

void spill_free(struct spill *spill)
{
	if (!spill)
		return;
	if (spill->fd >= 0)
		close(spill->fd);
	pthread_mutex_destroy(&spill->lock);
	free(spill->directory);
	free(spill);
}

static bool fail(const struct spill *spill, struct error *err)
{
	return error_set(err, "a temporary file in %s cannot be used: %s", spill->directory, strerror(errno));
}

/* Not every file system has files without a name. */
static int open_nameless(const char *directory)
{
	int fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	char *name = NULL;
	if (fd >= 0 || asprintf(&name, "%s/vmpanic.XXXXXX", directory) < 0)
		return fd;
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	free(name);
	return fd;
}

/* Takes its place in the file; the bytes are written without the lock. */
static int reserve(struct spill *spill, size_t len, uint64_t *ret_offset)
{
	pthread_mutex_lock(&spill->lock);
	if (spill->fd < 0)
		spill->fd = open_nameless(spill->directory);
	int fd = spill->fd;
	*ret_offset = spill->end;
	if (fd >= 0) {
		spill->end += len;
		spill->extent_count++;
	}
	pthread_mutex_unlock(&spill->lock);
	return fd;
}

bool spill_put(struct spill *spill, struct slice bytes, struct spill_extent *ret, struct error *err)
{
	ret->len = bytes.len;
	int fd = reserve(spill, bytes.len, &ret->offset);
	uint64_t offset = ret->offset;
	while (fd >= 0 && bytes.len) {
		ssize_t count = pwrite(fd, bytes.ptr, bytes.len, (off_t)offset);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return fail(spill, err);
		offset += (uint64_t)count;
		bytes = slice_skip(bytes, (size_t)count);
	}
	return fd >= 0 || fail(spill, err);
}

bool spill_get(struct spill *spill, const struct spill_extent *extent, char *bytes, struct error *err)
{
	for (size_t done = 0; done < extent->len;) {
		ssize_t count = pread(spill->fd, bytes + done, extent->len - done, (off_t)(extent->offset + done));
		if (count < 0 && errno == EINTR)
			continue;
		if (count == 0)
			errno = EIO;
		if (count <= 0)
			return fail(spill, err);
		done += (size_t)count;
	}
	return true;
}

void spill_drop(struct spill *spill)
{
	pthread_mutex_lock(&spill->lock);
	/* What cannot be shortened is written over all the same. */
	if (--spill->extent_count == 0 && ftruncate(spill->fd, 0) == 0)
		spill->end = 0;
	pthread_mutex_unlock(&spill->lock);
}
