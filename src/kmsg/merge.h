/* Overlapping dump passes of one boot, merged into one log. */
#ifndef KMSG_MERGE_H
#define KMSG_MERGE_H

#include "base/arena.h"
#include "kmsg/record.h"

/* The dumper sends the whole ring buffer each time: an oops and a later panic give the same
 * records twice. Merges `next` into `base`, each in the kernel's order; a record that only one
 * of them holds stays at its place; of two copies the longer one wins. The result is in `arena`;
 * NULL when memory is out. */
struct kmsg_record *kmsg_merge(const struct kmsg_record *base, size_t base_count, const struct kmsg_record *next,
			       size_t next_count, struct arena *arena, size_t *ret_count);

/* True when two passes are of one boot: they share records with the same time to the
 * microsecond and the same text, which two boots do not. Without memory (arena->failed) it is not known. */
bool kmsg_same_boot(const struct kmsg_record *base, size_t base_count, const struct kmsg_record *next,
		    size_t next_count, struct arena *arena);

#endif
