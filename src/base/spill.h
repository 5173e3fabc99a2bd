/* Bytes that wait for their turn, in a file without a name: memory stays bounded however many wait.
 * May be used by several threads. */
#ifndef BASE_SPILL_H
#define BASE_SPILL_H

#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

struct spill;

struct spill_extent {
	uint64_t offset;
	size_t len;
};

/* The file is made in `directory`, and only when something is put into it. Errors do not name it. */
struct spill *spill_new(const char *directory, struct error *err);
void spill_free(struct spill *spill);

bool spill_put(struct spill *spill, struct slice bytes, struct spill_extent *ret, struct error *err);
/* `bytes` has room for the whole extent. */
bool spill_get(struct spill *spill, const struct spill_extent *extent, char *bytes, struct error *err);
/* An extent is no longer needed. When none is, the file is emptied. */
void spill_drop(struct spill *spill);

#endif
