#include "vmxlog/chatter.h"

#define HEAD_BYTES 4
#define CLOCK_BYTES 8 /* hh:mm:ss */
#define THREAD_MAX 64

void chatter_init(struct chatter *chatter)
{
	*chatter = (struct chatter){ 0 };
}

/* Fibonacci hashing of the first four bytes; the top ten bits are the place. */
static unsigned head_place(const char *p)
{
	uint32_t word;
	memcpy(&word, p, sizeof word);
	return (word * UINT32_C(2654435761)) >> 22;
}

void chatter_add_head(struct chatter *chatter, struct slice head)
{
	unsigned place = head_place(head.ptr);
	chatter->places[place / 64] |= UINT64_C(1) << (place % 64);
	if (chatter->head_count < CHATTER_HEADS_MAX)
		chatter->heads[chatter->head_count++] = head;
	else
		memset(chatter->places, 0xff, sizeof chatter->places);
}

/* Behind the first four bytes, the whole head decides. */
static bool begins_with_head(const struct chatter *chatter, struct slice body)
{
	if (chatter->head_count == CHATTER_HEADS_MAX)
		return true;
	for (size_t i = 0; i < chatter->head_count; i++)
		if (memcmp(body.ptr, chatter->heads[i].ptr, HEAD_BYTES) == 0 && slice_starts(body, chatter->heads[i]))
			return true;
	return false;
}

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

/* Only the families of today's products: their lines are worth the trouble. */
void chatter_learn(struct chatter *chatter, struct slice line, const struct vmxlog_frame *frame)
{
	bool is_f3 = frame->family == VMXLOG_F3H || frame->family == VMXLOG_F3E;
	chatter->is_ready = false;
	if (!is_f3 && frame->family != VMXLOG_F2 && frame->family != VMXLOG_F1)
		return;
	chatter->family = frame->family;
	chatter->esxi = frame->family == VMXLOG_F3E;
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
	chatter->is_ready = true;
}

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
	if (!chatter->esxi)
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

bool chatter_is_noise(const struct chatter *chatter, struct slice line)
{
	const char *end = line.ptr + line.len;
	const char *p = skip_stamp(chatter, line.ptr, end);
	if (!p)
		return false;
	p = chatter->family == VMXLOG_F3H || chatter->family == VMXLOG_F3E ? skip_f3(chatter, p, end)
									    : skip_thread(chatter, p, end);
	if (!p || end - p < HEAD_BYTES)
		return false;
	unsigned place = head_place(p);
	return !(chatter->places[place / 64] >> (place % 64) & 1) ||
	       !begins_with_head(chatter, (struct slice){ p, (size_t)(end - p) });
}
