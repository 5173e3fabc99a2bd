#include "base/needles.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

/* Places that are looked at together, a bit each; each look reads on into the bytes behind them. */
#define STEP 64
#define BITS 8
#define LOOK_BYTES (STEP + NEEDLES_FRONT_BYTES - 1)

struct marks {
	uint64_t newlines, fronts;
};

typedef struct marks look(const struct needles *needles, const char *p);

/* ---- a look at STEP places ---- */

/* Of the words that may begin here. */
static unsigned bits_at(const struct needles *needles, const char *p)
{
	unsigned bits = needles->of_byte[0][p[0] & 0x7f] & needles->of_byte[1][p[1] & 0x7f];
	return bits ? bits & needles->of_byte[2][p[2] & 0x7f] & needles->of_byte[3][p[3] & 0x7f] : 0;
}

static struct marks look_plain(const struct needles *needles, const char *p)
{
	struct marks marks = { 0 };
	for (unsigned i = 0; i < STEP; i++) {
		marks.newlines |= (uint64_t)(p[i] == '\n') << i;
		if (bits_at(needles, p + i))
			marks.fronts |= UINT64_C(1) << i;
	}
	return marks;
}

#ifdef __x86_64__

#define AVX2 __attribute__((target("avx2,bmi,popcnt")))
#define AVX512 __attribute__((target("avx512bw,avx512vbmi,bmi,popcnt")))

AVX2 static inline __m256i twice(const uint8_t *table)
{
	return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table));
}

/* The bits of 32 bytes, each the i-th of a front. */
AVX2 static inline __m256i bits_of_32(const struct needles *needles, unsigned i, const char *p)
{
	__m256i bytes = _mm256_loadu_si256((const __m256i *)(p + i)), half = _mm256_set1_epi8(0x0f);
	__m256i low = _mm256_and_si256(bytes, half), high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half);
	return _mm256_and_si256(_mm256_shuffle_epi8(twice(needles->of_low[i]), low),
				_mm256_shuffle_epi8(twice(needles->of_high[i]), high));
}

AVX2 static inline struct marks look_32(const struct needles *needles, const char *p)
{
	__m256i newlines = _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)p), _mm256_set1_epi8('\n'));
	__m256i fronts = _mm256_and_si256(
		_mm256_and_si256(bits_of_32(needles, 0, p), bits_of_32(needles, 1, p)),
		_mm256_and_si256(bits_of_32(needles, 2, p), bits_of_32(needles, 3, p)));
	__m256i none = _mm256_cmpeq_epi8(fronts, _mm256_setzero_si256());
	return (struct marks){ (uint32_t)_mm256_movemask_epi8(newlines), (uint32_t)~_mm256_movemask_epi8(none) };
}

AVX2 static inline struct marks look_avx2(const struct needles *needles, const char *p)
{
	struct marks low = look_32(needles, p), high = look_32(needles, p + 32);
	return (struct marks){ low.newlines | high.newlines << 32, low.fronts | high.fronts << 32 };
}

/* The bits of 64 bytes, each the i-th of a front. */
AVX512 static inline __m512i bits_of_64(const struct needles *needles, unsigned i, const char *p)
{
	const uint8_t *table = needles->of_byte[i];
	return _mm512_permutex2var_epi8(_mm512_loadu_si512(table), _mm512_loadu_si512(p + i),
					_mm512_loadu_si512(table + 64));
}

AVX512 static inline struct marks look_avx512(const struct needles *needles, const char *p)
{
	struct marks marks = { .newlines = _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(p), _mm512_set1_epi8('\n')) };
	__m512i front = _mm512_and_si512(bits_of_64(needles, 0, p), bits_of_64(needles, 1, p));
	__m512i back = _mm512_and_si512(bits_of_64(needles, 2, p), bits_of_64(needles, 3, p));
	marks.fronts = _mm512_test_epi8_mask(front, back);
	return marks;
}

#endif

/* ---- fronts ---- */

/* Written out for each way to look. What it counts is kept in variables of its own: for a store to memory all
 * tables would have to be loaded again. */
static inline __attribute__((always_inline)) bool
find_front(const struct needles *needles, struct slice text, size_t *at, uint64_t *newlines, look *look_at)
{
	struct marks marks = { 0 };
	uint64_t count = 0;
	size_t place = *at;
	for (; text.len - place >= LOOK_BYTES; place += STEP) {
		marks = look_at(needles, text.ptr + place);
		if (marks.fronts)
			break;
		count += (unsigned)__builtin_popcountll(marks.newlines);
	}
	if (marks.fronts) {
		unsigned more = (unsigned)__builtin_ctzll(marks.fronts);
		count += (unsigned)__builtin_popcountll(marks.newlines & ((UINT64_C(1) << more) - 1));
		place += more;
	}
	*newlines += count;
	*at = place;
	return marks.fronts != 0;
}

static bool find_plain(const struct needles *needles, struct slice text, size_t *at, uint64_t *newlines)
{
	return find_front(needles, text, at, newlines, look_plain);
}

#ifdef __x86_64__

AVX2 static bool find_avx2(const struct needles *needles, struct slice text, size_t *at, uint64_t *newlines)
{
	return find_front(needles, text, at, newlines, look_avx2);
}

AVX512 static bool find_avx512(const struct needles *needles, struct slice text, size_t *at, uint64_t *newlines)
{
	return find_front(needles, text, at, newlines, look_avx512);
}

#endif

size_t needles_ways(needles_find_front **ret_ways)
{
	size_t count = 0;
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512bw"))
		ret_ways[count++] = find_avx512;
	if (__builtin_cpu_supports("avx2"))
		ret_ways[count++] = find_avx2;
#endif
	ret_ways[count++] = find_plain;
	return count;
}

static void add_byte(struct needles *needles, size_t at, unsigned byte, uint8_t bit)
{
	needles->of_byte[at][byte & 0x7f] |= bit;
	needles->of_low[at][byte & 15] |= bit;
	needles->of_high[at][byte >> 4] |= bit;
}

static void add_front(struct needles *needles, struct slice word, uint8_t bit)
{
	for (size_t at = 0; at < NEEDLES_FRONT_BYTES && at < word.len; at++)
		add_byte(needles, at, (unsigned char)word.ptr[at], bit);
	for (size_t at = word.len; at < NEEDLES_FRONT_BYTES; at++)
		for (unsigned byte = 0; byte < 256; byte++)
			add_byte(needles, at, byte, bit);
}

void needles_init(struct needles *needles, const struct slice *words, size_t count)
{
	needles_find_front *ways[NEEDLES_WAYS];
	needles_ways(ways);
	*needles = (struct needles){ .words = words, .count = count, .find_front = ways[0] };
	for (size_t i = 0; i < count; i++)
		add_front(needles, words[i], (uint8_t)(1u << i % BITS));
}

/* ---- words ---- */

static bool begins_word(const struct needles *needles, struct slice text)
{
	for (unsigned bits = bits_at(needles, text.ptr); bits; bits &= bits - 1)
		for (size_t i = (size_t)__builtin_ctz(bits); i < needles->count; i += BITS)
			if (slice_starts(text, needles->words[i]))
				return true;
	return false;
}

/* As needles_find_front. */
static bool find_word(const struct needles *needles, struct slice text, size_t *at, uint64_t *newlines)
{
	for (; needles->find_front(needles, text, at, newlines); ++*at)
		if (begins_word(needles, slice_skip(text, *at)))
			return true;
	return false;
}

size_t needles_find(const struct needles *needles, struct slice text, size_t from, uint64_t *newlines)
{
	char last[LOOK_BYTES + STEP + LOOK_BYTES] = { 0 }; /* what is left, with room for a look at its last byte */
	size_t at = from, at_last = 0;
	if (find_word(needles, text, &at, newlines))
		return at;
	struct slice rest = slice_skip(text, at);
	if (rest.len)
		memcpy(last, rest.ptr, rest.len);
	return find_word(needles, (struct slice){ last, sizeof last }, &at_last, newlines) ? at + at_last : text.len;
}
