#include "kmsg/merge.h"

/* Records of `next` looked at before two passes are called different boots. */
#define SAMPLE 256
/* Equal records indexed at the most: a guest that repeats one line must not cost a square. */
#define PROBES_MAX 64
/* Early records have time 0 in every boot; a match there proves nothing. */
#define EARLY_NS UINT64_C(1000)

struct index_entry {
	uint64_t key;
	size_t position; /* in base, plus 1; 0 is an empty slot */
};

struct index {
	struct index_entry *slots;
	size_t mask;
};

/* FNV-1a over time and text. */
static uint64_t record_key(const struct kmsg_record *record)
{
	uint64_t hash = UINT64_C(14695981039346656037) ^ record->time_ns;
	for (size_t i = 0; i < record->text.len; i++)
		hash = (hash ^ (unsigned char)record->text.ptr[i]) * UINT64_C(1099511628211);
	return hash ^ record->text.len;
}

static bool records_equal(const struct kmsg_record *a, const struct kmsg_record *b)
{
	return a->time_ns == b->time_ns && slice_equal(a->text, b->text);
}

static bool index_build(struct index *index, const struct kmsg_record *records, size_t count, struct arena *arena)
{
	size_t size = 16;
	while (size < count * 2)
		size *= 2;
	*index = (struct index){ arena_alloc(arena, size * sizeof *index->slots), size - 1 };
	if (!index->slots)
		return false;
	for (size_t i = 0; i < count; i++) {
		uint64_t key = record_key(&records[i]);
		size_t slot = key & index->mask, probes = 0;
		while (index->slots[slot].position && probes++ < PROBES_MAX)
			slot = (slot + 1) & index->mask;
		if (!index->slots[slot].position)
			index->slots[slot] = (struct index_entry){ key, i + 1 };
	}
	return true;
}

/* The first equal record of base at or behind `from`; SIZE_MAX when there is none. Equal
 * records (a line printed in a loop at one time) are few, and their slots are neighbours. */
static size_t index_find(const struct index *index, const struct kmsg_record *base, const struct kmsg_record *wanted,
			 size_t from)
{
	uint64_t key = record_key(wanted);
	size_t best = SIZE_MAX, probes = 0;
	for (size_t slot = key & index->mask; index->slots[slot].position && probes <= PROBES_MAX;
	     slot = (slot + 1) & index->mask, probes++) {
		size_t position = index->slots[slot].position - 1;
		if (index->slots[slot].key == key && position >= from && position < best &&
		    records_equal(&base[position], wanted))
			best = position;
	}
	return best;
}

bool kmsg_same_boot(const struct kmsg_record *base, size_t base_count, const struct kmsg_record *next,
		    size_t next_count, struct arena *arena)
{
	struct index index;
	size_t looked = 0, shared = 0;
	if (!index_build(&index, base, base_count, arena))
		return false;
	for (size_t i = 0; i < next_count && looked < SAMPLE; i++) {
		if (next[i].time_ns <= EARLY_NS || !next[i].text.len)
			continue;
		looked++;
		shared += index_find(&index, base, &next[i], 0) != SIZE_MAX;
	}
	return shared * 8 >= looked && shared;
}

/* One of two copies of a record, or neither's: a copy that the host cut is a prefix of the other. */
static bool is_cut_copy(const struct kmsg_record *a, const struct kmsg_record *b)
{
	size_t shorter = a->text.len < b->text.len ? a->text.len : b->text.len;
	return a->time_ns == b->time_ns && ((a->flags | b->flags) & KMSG_CUT) &&
	       slice_equal(slice_take(a->text, shorter), slice_take(b->text, shorter));
}

static const struct kmsg_record *longer(const struct kmsg_record *a, const struct kmsg_record *b)
{
	return b->text.len > a->text.len ? b : a;
}

struct kmsg_record *kmsg_merge(const struct kmsg_record *base, size_t base_count, const struct kmsg_record *next,
			       size_t next_count, struct arena *arena, size_t *ret_count)
{
	struct index index;
	struct kmsg_record *merged = arena_alloc(arena, (base_count + next_count) * sizeof *merged);
	if (!merged || !index_build(&index, base, base_count, arena))
		return NULL;
	size_t at = 0, count = 0;
	for (size_t i = 0; i < next_count; i++) {
		size_t found = index_find(&index, base, &next[i], at);
		if (found == SIZE_MAX && at < base_count && is_cut_copy(&base[at], &next[i])) {
			merged[count++] = *longer(&base[at++], &next[i]);
			continue;
		}
		if (found == SIZE_MAX) {
			merged[count++] = next[i];
			continue;
		}
		while (at <= found)
			merged[count++] = base[at++];
	}
	while (at < base_count)
		merged[count++] = base[at++];
	*ret_count = count;
	return merged;
}
