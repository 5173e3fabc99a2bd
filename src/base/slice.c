#include "base/slice.h"

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool slice_equal_nocase(struct slice a, struct slice b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.ptr[i]) != lower(b.ptr[i]))
			return false;
	return true;
}

/* Places at which only the first byte fits, before memmem is asked. */
#define FIND_TRIES 8

/* Before it looks at the text memmem fills a table, which takes longer than most texts of ours do; but its
 * time does not depend on what stands in the text. */
size_t slice_find(struct slice s, struct slice needle)
{
	struct slice rest = s;
	if (needle.len == 0)
		return 0;
	for (unsigned tries = 0; rest.len >= needle.len; tries++) {
		const char *hit = tries < FIND_TRIES ? memchr(rest.ptr, needle.ptr[0], rest.len - needle.len + 1) :
						       memmem(rest.ptr, rest.len, needle.ptr, needle.len);
		if (!hit)
			break;
		if (memcmp(hit, needle.ptr, needle.len) == 0)
			return (size_t)(hit - s.ptr);
		rest = slice_skip(s, (size_t)(hit - s.ptr) + 1);
	}
	return SLICE_NOT_FOUND;
}

size_t slice_find_char(struct slice s, char c)
{
	const char *hit = s.len ? memchr(s.ptr, c, s.len) : NULL;
	return hit ? (size_t)(hit - s.ptr) : SLICE_NOT_FOUND;
}

struct slice slice_until(struct slice s, char c)
{
	return slice_take(s, slice_find_char(s, c));
}

bool slice_after(struct slice s, struct slice needle, struct slice *ret)
{
	size_t at = slice_find(s, needle);
	if (at == SLICE_NOT_FOUND)
		return false;
	*ret = slice_skip(s, at + needle.len);
	return true;
}

bool slice_between(struct slice s, struct slice open, struct slice close, struct slice *ret)
{
	struct slice rest;
	if (!slice_after(s, open, &rest))
		return false;
	size_t end = slice_find(rest, close);
	if (end == SLICE_NOT_FOUND)
		return false;
	*ret = slice_take(rest, end);
	return true;
}

struct slice slice_trim_left(struct slice s)
{
	while (s.len && char_is_blank(s.ptr[0]))
		s = slice_skip(s, 1);
	return s;
}

struct slice slice_trim_right(struct slice s)
{
	while (s.len && char_is_blank(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

struct slice slice_trim(struct slice s)
{
	return slice_trim_right(slice_trim_left(s));
}

struct slice slice_word(struct slice *s)
{
	*s = slice_trim_left(*s);
	size_t len = 0;
	while (len < s->len && !char_is_blank(s->ptr[len]))
		len++;
	struct slice word = slice_take(*s, len);
	*s = slice_skip(*s, len);
	return word;
}

/* Of a hexadecimal digit. */
static int digit_value(char c)
{
	if (char_is_digit(c))
		return c - '0';
	return lower(c) - 'a' + 10;
}

/* Digits that fit in 64 bits whatever they are. */
#define DECIMAL_DIGITS_SAFE 19

bool slice_eat_decimal(struct slice *s, uint64_t *ret)
{
	uint64_t value = 0;
	size_t used = 0;
	for (; used < s->len && char_is_digit(s->ptr[used]); used++) {
		unsigned digit = (unsigned)(s->ptr[used] - '0');
		if (used < DECIMAL_DIGITS_SAFE)
			value = value * 10 + digit;
		else if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, digit, &value))
			return false;
	}
	if (used == 0)
		return false;
	*s = slice_skip(*s, used);
	*ret = value;
	return true;
}

bool slice_eat_hex(struct slice *s, uint64_t *ret)
{
	uint64_t value = 0;
	size_t used = 0;
	for (; used < s->len && char_is_hex(s->ptr[used]); used++) {
		if (value >> 60)
			return false;
		value = value << 4 | (unsigned)digit_value(s->ptr[used]);
	}
	if (used == 0)
		return false;
	*s = slice_skip(*s, used);
	*ret = value;
	return true;
}

bool slice_to_decimal(struct slice s, uint64_t *ret)
{
	uint64_t value;
	if (!slice_eat_decimal(&s, &value) || s.len)
		return false;
	*ret = value;
	return true;
}

bool slice_to_signed(struct slice s, int64_t *ret)
{
	bool negative = slice_eat(&s, SLICE("-"));
	uint64_t value;
	if (!slice_to_decimal(s, &value) || value > INT64_MAX)
		return false;
	*ret = negative ? -(int64_t)value : (int64_t)value;
	return true;
}
