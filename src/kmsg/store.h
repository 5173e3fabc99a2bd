/* The records of one boot while it is read. Of a huge boot the head, the tail and the evidence
 * stay; the rest is let go in blocks and counted. */
#ifndef KMSG_STORE_H
#define KMSG_STORE_H

#include "base/arena.h"
#include "kmsg/record.h"

struct record_block {
	struct arena arena;            /* text of the records */
	struct kmsg_record *records;
	size_t count, capacity, bytes;
};

struct record_store {
	struct record_block **blocks; /* head blocks, then (if any were let go) one of evidence, then the tail */
	size_t block_count, block_capacity;
	size_t bytes;
	size_t evidence_index;        /* of the block of evidence; SIZE_MAX when nothing was let go */
	uint64_t let_go_count;
	bool failed;
	void *user;
	bool (*is_evidence)(void *user, struct slice text);
};

void record_store_init(struct record_store *store, bool (*is_evidence)(void *, struct slice), void *user);
void record_store_deinit(struct record_store *store);
/* Keeps a deep copy. */
void record_store_append(struct record_store *store, const struct kmsg_record *record);
size_t record_store_count(const struct record_store *store);
/* All kept records as one array: in `arena`, or the store's own where they stand in one block. The text
 * stays in the store. NULL when memory is out. */
struct kmsg_record *record_store_flatten(const struct record_store *store, struct arena *arena, size_t *ret_count);
/* The newest record, NULL when there is none. */
struct kmsg_record *record_store_last(const struct record_store *store);
/* Removes the newest `count` records (their memory goes with their block). */
void record_store_drop_last(struct record_store *store, size_t count);

#endif
