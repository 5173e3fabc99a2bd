/* Pieces of text in their order: in memory as long as they are few, else in a spill. Never used by
 * two threads at a time; the spill may be shared. */
#ifndef BASE_SHEAF_H
#define BASE_SHEAF_H

#include "base/buf.h"
#include "base/spill.h"

struct sheaf {
	struct spill *spill;          /* borrowed */
	struct buf recent;            /* behind what was spilled */
	struct spill_extent *extents; /* each of whole pieces */
	size_t extent_count, extent_capacity;
};

void sheaf_init(struct sheaf *sheaf, struct spill *spill);
void sheaf_deinit(struct sheaf *sheaf);
/* Pieces of one call stay together. */
bool sheaf_add(struct sheaf *sheaf, struct slice pieces, struct error *err);
/* Nothing of it stays in memory but where it is. */
bool sheaf_spill(struct sheaf *sheaf, struct error *err);
static inline bool sheaf_is_empty(const struct sheaf *sheaf)
{
	return !sheaf->recent.len && !sheaf->extent_count;
}
/* All that was added, in runs of whole pieces, then forgotten. False from `take` ends it; why is in
 * *err then. */
bool sheaf_drain(struct sheaf *sheaf, bool (*take)(void *user, struct slice pieces, struct error *err), void *user,
		 struct error *err);
/* Forgets all. */
void sheaf_clear(struct sheaf *sheaf);

#endif
