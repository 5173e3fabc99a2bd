/* FNV-1a, 64 bits: for telling things apart that nobody forges, not for secrets. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/slice.h"

#define HASH_START UINT64_C(14695981039346656037)

static inline uint64_t hash_char(uint64_t hash, char c)
{
	return (hash ^ (unsigned char)c) * UINT64_C(1099511628211);
}

static inline uint64_t hash_slice(uint64_t hash, struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		hash = hash_char(hash, text.ptr[i]);
	return hash;
}

#endif
