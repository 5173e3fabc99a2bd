#include "base/newlines.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Bytes that one mask tells about, a bit each. */
#define STEP 64

#ifdef __SSE2__

static uint64_t mask_of_16(const char *p)
{
	__m128i bytes = _mm_loadu_si128((const __m128i *)p);
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')));
}

static uint64_t newline_mask(const char *p)
{
	return mask_of_16(p) | mask_of_16(p + 16) << 16 | (mask_of_16(p + 32) | mask_of_16(p + 48) << 16) << 32;
}

#else

static uint64_t newline_mask(const char *p)
{
	uint64_t mask = 0;
	for (unsigned i = 0; i < STEP; i++)
		mask |= (uint64_t)(p[i] == '\n') << i;
	return mask;
}

#endif

/* Whether a line ends in these bytes is as good as random, and a branch on it is foretold wrongly
 * at every second line: the place is written in any case, and counted if there is one. */
static size_t add_places(uint64_t mask, size_t at, size_t *places, size_t count)
{
	const uint64_t top = UINT64_C(1) << (STEP - 1);
	places[count] = at + (size_t)__builtin_ctzll(mask | top);
	count += (mask | (0 - mask)) >> (STEP - 1);
	for (mask &= mask - 1; mask; mask &= mask - 1)
		places[count++] = at + (size_t)__builtin_ctzll(mask);
	return count;
}

size_t newlines_find(struct slice text, size_t *ret_places)
{
	char last[STEP] = { 0 };
	size_t count = 0;
	for (size_t at = 0; at < text.len && count <= NEWLINES_MAX - STEP; at += STEP) {
		const char *bytes = text.ptr + at;
		if (text.len - at < STEP)
			bytes = memcpy(last, bytes, text.len - at);
		count = add_places(newline_mask(bytes), at, ret_places, count);
	}
	return count;
}
