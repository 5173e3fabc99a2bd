#include "kmsg/store.h"

#include <stdlib.h>

#include "base/limits.h"

#define HEAD_BLOCKS (BOOT_HEAD_BYTES / BOOT_BLOCK_BYTES)
#define TAIL_BLOCKS (BOOT_TAIL_BYTES / BOOT_BLOCK_BYTES)

void record_store_init(struct record_store *store, bool (*is_evidence)(void *, struct slice), void *user)
{
	*store = (struct record_store){ .evidence_index = SIZE_MAX, .is_evidence = is_evidence, .user = user };
}

static void block_free(struct record_block *block)
{
	arena_deinit(&block->arena);
	free(block->records);
	free(block);
}

void record_store_deinit(struct record_store *store)
{
	for (size_t i = 0; i < store->block_count; i++)
		block_free(store->blocks[i]);
	free(store->blocks);
	record_store_init(store, store->is_evidence, store->user);
}

/* Not in the arena, which would keep every array that was outgrown. */
static bool block_grow(struct record_block *block)
{
	if (block->count < block->capacity)
		return true;
	size_t wanted = block->capacity ? block->capacity + block->capacity / 2 : 32;
	void *grown = realloc(block->records, wanted * sizeof *block->records);
	if (!grown)
		return false;
	block->records = grown;
	block->capacity = wanted;
	return true;
}

static bool block_append(struct record_block *block, const struct kmsg_record *record)
{
	if (!block_grow(block))
		return false;
	struct kmsg_record *copy = &block->records[block->count];
	*copy = *record;
	copy->text = arena_copy(&block->arena, record->text);
	if (record->caller.len)
		copy->caller = arena_copy(&block->arena, record->caller);
	block->count++;
	block->bytes += sizeof *record + record->text.len + record->caller.len;
	return !block->arena.failed;
}

static struct record_block *insert_block(struct record_store *store, size_t at)
{
	if (store->block_count == store->block_capacity) {
		size_t wanted = store->block_capacity ? store->block_capacity * 2 : 16;
		void *grown = realloc(store->blocks, wanted * sizeof *store->blocks);
		if (!grown)
			return NULL;
		store->blocks = grown;
		store->block_capacity = wanted;
	}
	struct record_block *block = calloc(1, sizeof *block);
	if (!block)
		return NULL;
	memmove(store->blocks + at + 1, store->blocks + at, (store->block_count - at) * sizeof *store->blocks);
	store->blocks[at] = block;
	store->block_count++;
	return block;
}

static void remove_block(struct record_store *store, size_t at)
{
	block_free(store->blocks[at]);
	store->block_count--;
	memmove(store->blocks + at, store->blocks + at + 1, (store->block_count - at) * sizeof *store->blocks);
}

/* The oldest block behind the head goes; what is evidence in it moves to the evidence block. */
static void let_go(struct record_store *store)
{
	if (store->evidence_index == SIZE_MAX) {
		if (!insert_block(store, HEAD_BLOCKS)) {
			store->failed = true;
			return;
		}
		store->evidence_index = HEAD_BLOCKS;
	}
	struct record_block *evidence = store->blocks[store->evidence_index];
	const struct record_block *victim = store->blocks[store->evidence_index + 1];
	for (size_t i = 0; i < victim->count; i++) {
		const struct kmsg_record *record = &victim->records[i];
		bool keep = store->is_evidence && evidence->bytes < BOOT_EVIDENCE_BYTES &&
			    store->is_evidence(store->user, record->text);
		if (!keep)
			store->let_go_count++;
		else if (!block_append(evidence, record))
			store->failed = true;
	}
	remove_block(store, store->evidence_index + 1);
}

void record_store_append(struct record_store *store, const struct kmsg_record *record)
{
	size_t count = store->block_count;
	struct record_block *last = count ? store->blocks[count - 1] : NULL;
	if (!last || last->bytes >= BOOT_BLOCK_BYTES || count - 1 == store->evidence_index)
		last = insert_block(store, count);
	if (!last || !block_append(last, record))
		store->failed = true;
	if (store->block_count > HEAD_BLOCKS + TAIL_BLOCKS + (store->evidence_index != SIZE_MAX))
		let_go(store);
}

size_t record_store_count(const struct record_store *store)
{
	size_t count = 0;
	for (size_t i = 0; i < store->block_count; i++)
		count += store->blocks[i]->count;
	return count;
}

struct kmsg_record *record_store_flatten(const struct record_store *store, struct arena *arena, size_t *ret_count)
{
	if (store->block_count == 1 && store->blocks[0]->count) {
		*ret_count = store->blocks[0]->count;
		return store->blocks[0]->records;
	}
	struct kmsg_record *all = arena_alloc(arena, record_store_count(store) * sizeof *all);
	size_t count = 0;
	for (size_t i = 0; all && i < store->block_count; i++) {
		const struct record_block *block = store->blocks[i];
		if (block->count)
			memcpy(all + count, block->records, block->count * sizeof *all);
		count += block->count;
	}
	*ret_count = count;
	return all;
}

struct kmsg_record *record_store_last(const struct record_store *store)
{
	for (size_t i = store->block_count; i-- > 0;)
		if (store->blocks[i]->count)
			return &store->blocks[i]->records[store->blocks[i]->count - 1];
	return NULL;
}

void record_store_drop_last(struct record_store *store, size_t count)
{
	for (size_t i = store->block_count; count && i-- > 0;) {
		struct record_block *block = store->blocks[i];
		size_t here = count < block->count ? count : block->count;
		block->count -= here;
		count -= here;
	}
}
