/* A large file in blocks, in their order, which other threads have read and looked through before
 * their turn comes: so one log keeps more than one core busy. */
#ifndef SCAN_READ_AHEAD_H
#define SCAN_READ_AHEAD_H

#include "base/error.h"
#include "scan/errand.h"
#include "vmxlog/reader.h"

struct read_ahead;

/* From `offset` of a regular file on; the descriptor and `errands` are borrowed. NULL when memory is out. */
struct read_ahead *read_ahead_new(int fd, uint64_t offset, const struct errands *errands);
/* The next block, until the next call; empty at the end, which a file that grows may have moved on from.
 * What the reader has learned by now is used for blocks that are still to be read. */
bool read_ahead_next(struct read_ahead *ahead, const struct vmxlog_reader *reader, struct slice *ret,
		     const struct vmxlog_hints **ret_hints, struct error *err);
/* Where the file was read up to. */
uint64_t read_ahead_offset(const struct read_ahead *ahead);
/* `ahead` may be NULL. */
void read_ahead_free(struct read_ahead *ahead);

#endif
