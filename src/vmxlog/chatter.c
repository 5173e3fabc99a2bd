#include "vmxlog/chatter.h"

#include "base/limits.h"
#include "base/newlines.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define HEAD_BYTES 4
#define WORD_BYTES 8
#define WORD_REACH 32
#define CLOCK_BYTES 8 /* hh:mm:ss */
#define LEVEL_BYTES 7 /* "In(05) " */
#define THREAD_MAX 64

/* ---- heads ---- */

void chatter_init(struct chatter *chatter)
{
	*chatter = (struct chatter){ 0 };
	/* Of a place without heads: what no text holds. */
	for (size_t i = 0; i < CHATTER_PLACES; i++)
		chatter->places[i] = (struct chatter_place){ .common = UINT64_MAX, .mask = UINT64_MAX };
}

/* Fibonacci hashing of the first four bytes; the top bits are the place. */
static unsigned head_place(const char *p)
{
	uint32_t word;
	memcpy(&word, p, sizeof word);
	return (word * UINT32_C(2654435761)) >> 24;
}

static size_t common_len(const struct chatter *chatter, const struct chatter_place *place)
{
	struct slice first = chatter->heads[place->first_head - 1].text;
	size_t len = first.len < WORD_REACH ? first.len : WORD_REACH;
	for (uint32_t head = place->first_head; head; head = chatter->heads[head - 1].next) {
		struct slice text = chatter->heads[head - 1].text;
		size_t same = 0;
		while (same < len && same < text.len && text.ptr[same] == first.ptr[same])
			same++;
		len = same;
	}
	return len;
}

static void set_common(const struct chatter *chatter, struct chatter_place *place)
{
	size_t len = common_len(chatter, place);
	char common[WORD_BYTES] = { 0 }, mask[WORD_BYTES] = { 0 };
	place->at = len > WORD_BYTES ? (uint32_t)(len - WORD_BYTES) : 0;
	memcpy(common, chatter->heads[place->first_head - 1].text.ptr + place->at, len - place->at);
	memset(mask, 0xff, len - place->at);
	memcpy(&place->common, common, sizeof common);
	memcpy(&place->mask, mask, sizeof mask);
}

void chatter_add_head(struct chatter *chatter, struct slice head)
{
	struct chatter_place *place = &chatter->places[head_place(head.ptr)];
	if (chatter->head_count == CHATTER_HEADS_MAX) {
		chatter->has_too_many_heads = true;
		memset(chatter->places, 0, sizeof chatter->places);
		return;
	}
	chatter->heads[chatter->head_count++] = (struct chatter_head){ head, place->first_head };
	place->first_head = (uint32_t)chatter->head_count;
	set_common(chatter, place);
}

/* False for most messages, told by a few of the first WORD_REACH bytes; these must be readable,
 * whatever the message's length. */
static bool may_begin_with_head(const struct chatter *chatter, const char *body)
{
	const struct chatter_place *place = &chatter->places[head_place(body)];
	uint64_t word;
	memcpy(&word, body + place->at, sizeof word);
	return !((word ^ place->common) & place->mask);
}

static bool begins_with_head(const struct chatter *chatter, struct slice body)
{
	if (chatter->has_too_many_heads)
		return true;
	uint32_t head = chatter->places[head_place(body.ptr)].first_head;
	while (head && !slice_starts(body, chatter->heads[head - 1].text))
		head = chatter->heads[head - 1].next;
	return head != 0;
}

/* ---- what is learned of a line ---- */

/* The length of ".217", 0 when there is none; six digits at the most, as the parser keeps it. */
static unsigned fraction_len(struct slice s)
{
	unsigned len = 0;
	if (s.len < 2 || (s.ptr[0] != '.' && s.ptr[0] != ',') || !char_is_digit(s.ptr[1]))
		return 0;
	for (len = 1; len < s.len && char_is_digit(s.ptr[len]); len++)
		;
	return len <= 7 ? len : 0;
}

static bool is_family_3(enum vmxlog_family family)
{
	return family == VMXLOG_F3H || family == VMXLOG_F3E;
}

/* Sets the ranges of bytes that may be any from `low` to `high`; returns the place behind them. */
static size_t set_range(uint8_t *lows, uint8_t *spans, size_t at, const char *low, const char *high, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		lows[at + i] = (uint8_t)low[i];
		spans[at + i] = (uint8_t)(high[i] - low[i]);
	}
	return at + len;
}

static void learn_stamp(struct chatter_shape *shape, const struct chatter *chatter)
{
	uint8_t *low = shape->stamp_low, *span = shape->stamp_span;
	size_t at = set_range(low, span, 0, chatter->date, chatter->date, chatter->date_len);
	at = set_range(low, span, at, "00:00:00", "29:59:59", CLOCK_BYTES);
	at = set_range(low, span, at, ".000000", ".999999", chatter->fraction_len);
	at = set_range(low, span, at, chatter->tail, chatter->tail, chatter->tail_len);
	if (is_family_3(chatter->family))
		set_range(low, span, at, "Aa(00) ", "Zz(99) ", LEVEL_BYTES);
}

static void learn_mark(struct chatter_shape *shape, enum vmxlog_family family)
{
	static const struct {
		const char *low, *high;
	} marks[] = {
		[VMXLOG_F1] = { "| ", "| " },
		[VMXLOG_F2] = { "| A000: ", "| Z999: " },
		[VMXLOG_F3H] = { " ", " " },
		[VMXLOG_F3E] = { " - ", " - " },
	};
	shape->mark_len = strlen(marks[family].low);
	memset(shape->thread_end, marks[family].low[0], sizeof shape->thread_end);
	set_range(shape->mark_low, shape->mark_span, 0, marks[family].low, marks[family].high, shape->mark_len);
}

static void learn_shape(struct chatter *chatter)
{
	struct chatter_shape *shape = &chatter->shape;
	size_t stamp_len = chatter->date_len + CLOCK_BYTES + chatter->fraction_len + chatter->tail_len +
			   (is_family_3(chatter->family) ? LEVEL_BYTES : 0);
	*shape = (struct chatter_shape){ 0 };
	if (stamp_len > CHATTER_STAMP_BYTES)
		return;
	/* Bytes behind stamp and mark may be any. */
	memset(shape->stamp_span, 0xff, sizeof shape->stamp_span);
	memset(shape->mark_span, 0xff, sizeof shape->mark_span);
	learn_stamp(shape, chatter);
	learn_mark(shape, chatter->family);
	shape->stamp_len = stamp_len;
}

/* Only the families of today's products: their lines are worth the trouble. */
void chatter_learn(struct chatter *chatter, struct slice line, const struct vmxlog_frame *frame)
{
	bool is_f3 = is_family_3(frame->family);
	chatter->is_ready = false;
	if (!is_f3 && frame->family != VMXLOG_F2 && frame->family != VMXLOG_F1)
		return;
	chatter->family = frame->family;
	chatter->date_len = frame->family == VMXLOG_F1 ? 7 : 11;
	struct slice rest = slice_skip(line, chatter->date_len + CLOCK_BYTES);
	chatter->fraction_len = fraction_len(rest);
	const char *tail = rest.ptr + chatter->fraction_len;
	const char *end = is_f3 ? frame->level.ptr : frame->thread.ptr;
	if (end < tail || (size_t)(end - tail) > sizeof chatter->tail)
		return;
	chatter->tail_len = (unsigned)(end - tail);
	memcpy(chatter->date, line.ptr, chatter->date_len);
	memcpy(chatter->tail, tail, chatter->tail_len);
	learn_shape(chatter);
	chatter->is_ready = true;
}

/* ---- the exact look at a line ---- */

static bool all_digits(const char *p, size_t count)
{
	bool digits = true;
	for (size_t i = 0; i < count; i++)
		digits &= (unsigned char)(p[i] - '0') < 10;
	return digits;
}

/* As the parser has it: 00:00:00 to 23:59:60. */
static bool is_clock(const char *p)
{
	return p[2] == ':' && p[5] == ':' && all_digits(p, 2) && all_digits(p + 3, 2) && all_digits(p + 6, 2) &&
	       (p[0] < '2' || (p[0] == '2' && p[1] < '4')) && p[3] < '6' &&
	       (p[6] < '6' || (p[6] == '6' && p[7] == '0'));
}

/* Steps over stamp and tail; NULL when they are not like the line's before. */
static const char *skip_stamp(const struct chatter *chatter, const char *p, const char *end)
{
	size_t need = chatter->date_len + CLOCK_BYTES + chatter->fraction_len + chatter->tail_len;
	if ((size_t)(end - p) < need + 1 || memcmp(p, chatter->date, chatter->date_len) != 0)
		return NULL;
	p += chatter->date_len;
	if (!is_clock(p))
		return NULL;
	p += CLOCK_BYTES;
	if (chatter->fraction_len && (p[0] != '.' || !all_digits(p + 1, chatter->fraction_len - 1)))
		return NULL;
	p += chatter->fraction_len;
	return memcmp(p, chatter->tail, chatter->tail_len) == 0 ? p + chatter->tail_len : NULL;
}

/* `In(05) vmx ` of F3, and ESXi's `- ` behind it. */
static const char *skip_f3(const struct chatter *chatter, const char *p, const char *end)
{
	if (end - p < 8 || p[0] < 'A' || p[0] > 'Z' || p[1] < 'a' || p[1] > 'z' || p[2] != '(' ||
	    !all_digits(p + 3, 2) || p[5] != ')' || p[6] != ' ')
		return NULL;
	p += 7;
	const char *limit = end - p > THREAD_MAX ? p + THREAD_MAX : end, *start = p;
	while (p < limit && *p != ' ')
		p++;
	if (p >= limit || p == start)
		return NULL;
	p++;
	if (chatter->family == VMXLOG_F3H)
		return p;
	return end - p >= 2 && p[0] == '-' && p[1] == ' ' ? p + 2 : NULL;
}

/* `vmx| I125: ` of F2, `vmx| ` of F1. */
static const char *skip_thread(const struct chatter *chatter, const char *p, const char *end)
{
	const char *limit = end - p > THREAD_MAX ? p + THREAD_MAX : end, *start = p;
	while (p < limit && *p != '|')
		p++;
	if (p >= limit || p == start || end - p < 2 || p[1] != ' ')
		return NULL;
	p += 2;
	if (chatter->family == VMXLOG_F1)
		return p;
	if (end - p < 6 || p[0] < 'A' || p[0] > 'Z' || !all_digits(p + 1, 3) || p[4] != ':' || p[5] != ' ')
		return NULL;
	return p + 6;
}

/* The message of a line whose frame is the learned one; empty when it is not, and when the message
 * is too short to be told. */
static struct slice exact_body(const struct chatter *chatter, struct slice line)
{
	const char *end = line.ptr + line.len;
	const char *p = skip_stamp(chatter, line.ptr, end);
	if (p)
		p = is_family_3(chatter->family) ? skip_f3(chatter, p, end) : skip_thread(chatter, p, end);
	bool is_told = p && end - p >= HEAD_BYTES && line.len <= LINE_MAX_BYTES;
	return is_told ? (struct slice){ p, (size_t)(end - p) } : SLICE("");
}

bool chatter_is_noise(const struct chatter *chatter, struct slice line)
{
	struct slice body = exact_body(chatter, line);
	return body.len && !begins_with_head(chatter, body);
}

/* ---- the quick look ---- */

/* So many bytes behind a line's beginning a quick look may read, whatever the line's length. */
#define QUICK_BYTES (CHATTER_STAMP_BYTES + CHATTER_THREAD_BYTES + CHATTER_MARK_BYTES + WORD_REACH)

#ifdef __SSE2__

static __m128i load_16(const void *p)
{
	return _mm_loadu_si128(p);
}

/* Zero where the bytes are in their ranges. */
static __m128i outside(const char *p, const uint8_t *low, const uint8_t *span)
{
	return _mm_subs_epu8(_mm_sub_epi8(load_16(p), load_16(low)), load_16(span));
}

static bool is_zero(__m128i bytes)
{
	return _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_setzero_si128())) == 0xffff;
}

/* As exact_body says it, of a line with QUICK_BYTES behind its beginning; or empty when that takes
 * the exact look. */
static struct slice quick_body(const struct chatter *chatter, struct slice line)
{
	const struct chatter_shape *shape = &chatter->shape;
	const char *hour = line.ptr + chatter->date_len, *thread = line.ptr + shape->stamp_len;
	__m128i front = outside(line.ptr, shape->stamp_low, shape->stamp_span);
	__m128i back = outside(line.ptr + 16, shape->stamp_low + 16, shape->stamp_span + 16);
	if (!shape->stamp_len || !is_zero(_mm_or_si128(front, back)) || (hour[0] == '2' && hour[1] > '3'))
		return SLICE("");
	unsigned ends = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(load_16(thread), load_16(shape->thread_end)));
	if (!ends || (ends & 1))
		return SLICE("");
	const char *mark = thread + __builtin_ctz(ends);
	size_t at = (size_t)(mark - line.ptr) + shape->mark_len;
	if (!is_zero(outside(mark, shape->mark_low, shape->mark_span)) || at + HEAD_BYTES > line.len ||
	    line.len > LINE_MAX_BYTES)
		return SLICE("");
	return slice_skip(line, at);
}

#else

static struct slice quick_body(const struct chatter *chatter, struct slice line)
{
	(void)chatter, (void)line;
	return SLICE("");
}

#endif

size_t chatter_skip(const struct chatter *chatter, struct slice text, size_t start, const size_t *ends, size_t count,
		    struct slice *ret_body)
{
	struct slice body = SLICE("");
	size_t passed = 0;
	for (; passed < count; passed++) {
		struct slice line = { text.ptr + start, ends[passed] - start };
		body = text.len - start < QUICK_BYTES ? SLICE("") : quick_body(chatter, line);
		bool is_quick = body.len && !may_begin_with_head(chatter, body.ptr);
		if (!is_quick && !body.len)
			body = exact_body(chatter, line);
		if (!is_quick && (!body.len || begins_with_head(chatter, body)))
			break;
		start = ends[passed] + 1;
	}
	*ret_body = passed < count ? body : SLICE("");
	return passed;
}

/* ---- runs ---- */

/* Shorter ones are passed over as fast without being known. */
#define RUN_LINES_MIN 8

struct run_finder {
	struct chatter_run *runs;
	size_t count, max;
	struct chatter_run open; /* that may go on with the next line; without lines: there is none */
};

static bool end_run(struct run_finder *finder)
{
	if (finder->open.lines >= RUN_LINES_MIN)
		finder->runs[finder->count++] = finder->open;
	finder->open.lines = 0;
	return finder->count < finder->max;
}

/* Lines from `start` on, whose newlines are at `ends`. False when there is no room for more runs. */
static bool find_among(struct run_finder *finder, const struct chatter *chatter, struct slice block, size_t start,
		       const size_t *ends, size_t count)
{
	for (size_t i = 0; i < count;) {
		struct slice body;
		size_t passed = chatter_skip(chatter, block, start, ends + i, count - i, &body);
		if (passed && !finder->open.lines)
			finder->open.from = start;
		i += passed;
		start = passed ? ends[i - 1] + 1 : start;
		finder->open.lines += passed;
		finder->open.len = start - finder->open.from;
		if (i == count)
			break;
		if (!end_run(finder))
			return false;
		start = ends[i++] + 1;
	}
	return true;
}

size_t chatter_find_runs(const struct chatter *chatter, struct slice block, struct chatter_run *runs, size_t max)
{
	struct run_finder finder = { .runs = runs, .max = max };
	size_t ends[NEWLINES_MAX], first = slice_find_char(block, '\n'), count;
	size_t start = first == SLICE_NOT_FOUND ? block.len : first + 1;
	bool goes_on = chatter->is_ready && max;
	while (goes_on && (count = newlines_find(slice_skip(block, start), ends)) > 0) {
		for (size_t i = 0; i < count; i++)
			ends[i] += start;
		goes_on = find_among(&finder, chatter, block, start, ends, count);
		start = ends[count - 1] + 1;
	}
	if (goes_on)
		end_run(&finder);
	return finder.count;
}

bool chatter_agrees(const struct chatter *a, const struct chatter *b)
{
	return a->is_ready && b->is_ready && a->family == b->family && a->fraction_len == b->fraction_len &&
	       a->date_len == b->date_len && a->tail_len == b->tail_len &&
	       memcmp(a->date, b->date, a->date_len) == 0 && memcmp(a->tail, b->tail, a->tail_len) == 0;
}
