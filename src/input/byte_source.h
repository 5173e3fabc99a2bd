/* Bytes that are pulled: what a decoder or an archive is read from. A file is one, and so is what
 * comes out of a decoder or of a member of an archive: each stands on the one below it and extracts
 * nothing to a disk. */
#ifndef INPUT_BYTE_SOURCE_H
#define INPUT_BYTE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* What failed may fail again; a reader stops at the first failure. */
struct byte_source {
	void *user;
	/* Up to `size` bytes; *ret is 0 only at the end. */
	bool (*read)(void *user, char *bytes, size_t size, size_t *ret, struct error *err);
	/* To so many bytes behind the first one, at most to `size`. NULL: it only goes forward. */
	bool (*seek)(void *user, uint64_t offset, struct error *err);
	uint64_t size; /* of one with `seek` */
};

/* Reads from where the descriptor stands; it is borrowed. Forward only. */
struct byte_source byte_source_of_fd(int fd);

static inline bool byte_source_read(struct byte_source *source, char *bytes, size_t size, size_t *ret,
				    struct error *err)
{
	return source->read(source->user, bytes, size, ret, err);
}

#endif
