#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	_Alignas(16) char bytes[];
};

void arena_deinit(struct arena *arena)
{
	while (arena->blocks) {
		struct arena_block *next = arena->blocks->next;
		free(arena->blocks);
		arena->blocks = next;
	}
	*arena = ARENA_INIT;
}

static struct arena_block *add_block(struct arena *arena, size_t need)
{
	size_t size = need > ARENA_BLOCK_BYTES ? need : ARENA_BLOCK_BYTES;
	struct arena_block *block = malloc(sizeof *block + size);
	if (!block)
		return NULL;
	block->used = 0;
	block->size = size;
	block->next = arena->blocks;
	arena->blocks = block;
	return block;
}

static void *take(struct arena *arena, size_t size)
{
	struct arena_block *block = NULL;
	/* Rounding up must not wrap; no allocator gives that much. */
	if (size <= PTRDIFF_MAX / 2) {
		size = (size + 15) & ~(size_t)15;
		block = arena->blocks;
		if (!block || block->size - block->used < size)
			block = add_block(arena, size);
	}
	if (!block) {
		arena->failed = true;
		return NULL;
	}
	void *piece = block->bytes + block->used;
	block->used += size;
	arena->used += size;
	return piece;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	void *piece = take(arena, size ? size : 1);
	return piece ? memset(piece, 0, size) : NULL;
}

struct slice arena_copy(struct arena *arena, struct slice text)
{
	char *copy = take(arena, text.len + 1);
	if (!copy)
		return SLICE("");
	if (text.len)
		memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	return (struct slice){ copy, text.len };
}

/* Printed where the next piece will most likely be, before it is taken. */
struct slice arena_printf(struct arena *arena, const char *format, ...)
{
	struct arena_block *block = arena->blocks;
	size_t room = block ? block->size - block->used : 0;
	char *place = room ? block->bytes + block->used : NULL;
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int len = vsnprintf(place, room, format, args);
	va_end(args);
	char *text = len < 0 ? NULL : take(arena, (size_t)len + 1);
	if (text && text != place)
		vsnprintf(text, (size_t)len + 1, format, again);
	va_end(again);
	return text ? (struct slice){ text, (size_t)len } : SLICE("");
}

bool arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t item_size)
{
	if (count < *capacity)
		return true;
	size_t wanted = *capacity ? *capacity * 2 : 8;
	void *grown = arena_alloc(arena, wanted * item_size);
	if (!grown)
		return false;
	void *old;
	memcpy(&old, items, sizeof old);
	if (count)
		memcpy(grown, old, count * item_size);
	memcpy(items, &grown, sizeof grown);
	*capacity = wanted;
	return true;
}
