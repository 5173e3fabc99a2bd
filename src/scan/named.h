/* What was named to be scanned, each thing once. */
#ifndef SCAN_NAMED_H
#define SCAN_NAMED_H

#include "base/arena.h"
#include "base/error.h"

/* Of `paths` those that are to be scanned, in their order: without what another one is by another name, and,
 * if `reaches_all`, what stands below a folder that is another one, links resolved; of the same the first stays.
 * What is no file and no folder stays whatever it is. The array is the arena's, the paths are borrowed. False
 * when memory is out. */
bool named_once(struct arena *arena, char *const *paths, size_t count, bool reaches_all, char *const **ret,
		size_t *ret_count, struct error *err);

#endif
