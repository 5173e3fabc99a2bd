/* Memory with one life: many small pieces, freed together.
 *
 * A failed allocation is remembered in `failed` (sticky): callers in hot paths may drop
 * what they wanted to store and go on; whoever owns the arena checks `failed` once before
 * it hands out a result. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

struct arena_block;

struct arena {
	struct arena_block *blocks; /* newest first */
	size_t used;                /* bytes handed out, all blocks */
	bool failed;
};

/* All zero is a valid empty arena. */
#define ARENA_INIT ((struct arena){ 0 })
void arena_deinit(struct arena *arena);

/* Zeroed and aligned for any type; NULL (and `failed`) when memory is out. */
void *arena_alloc(struct arena *arena, size_t size);
/* A copy that lives as long as the arena. A NUL stands behind it. Empty on failure. */
struct slice arena_copy(struct arena *arena, struct slice text);
__attribute__((format(printf, 2, 3)))
struct slice arena_printf(struct arena *arena, const char *format, ...);

/* Room for one more item in an array that grows: `items` points at the array pointer.
 * The old array stays in the arena, so pointers into it stay valid (and stale). */
bool arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t item_size);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))

#endif
