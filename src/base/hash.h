/* FNV-1a, 64 bits: for telling things apart that nobody forges, not for secrets. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <string.h>

#include "base/slice.h"

#define HASH_START UINT64_C(14695981039346656037)
#define HASH_PRIME UINT64_C(1099511628211)

static inline uint64_t hash_char(uint64_t hash, char c)
{
	return (hash ^ (unsigned char)c) * HASH_PRIME;
}

static inline uint64_t hash_slice(uint64_t hash, struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		hash = hash_char(hash, text.ptr[i]);
	return hash;
}

/* Of a large text, several times faster: eight bytes at a time, in the order of the machine. Another hash than
 * hash_slice's, and one that depends on how the text was divided. */
static inline uint64_t hash_block(uint64_t hash, struct slice block)
{
	uint64_t word;
	for (; block.len >= sizeof(word); block = slice_skip(block, sizeof(word))) {
		memcpy(&word, block.ptr, sizeof(word));
		hash = (hash ^ word) * HASH_PRIME;
		/* A product knows nothing of the bits above it. */
		hash ^= hash >> 32;
	}
	return hash_slice(hash, block);
}

#endif
