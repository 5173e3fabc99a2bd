/* A borrowed run of bytes. It owns nothing, need not end in NUL and may hold any byte;
 * it is valid for as long as the memory it was cut from. */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
	const char *ptr;
	size_t len;
};

#define SLICE(literal) ((struct slice){ literal, sizeof(literal) - 1 })
#define SLICE_NOT_FOUND SIZE_MAX

/* For printf: ("%.*s", SLICE_ARG(text)). */
#define SLICE_ARG(s) (int)(s).len, (s).ptr

static inline struct slice slice_of(const char *cstring)
{
	return (struct slice){ cstring, cstring ? strlen(cstring) : 0 };
}

static inline bool slice_equal(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool slice_is(struct slice a, const char *cstring)
{
	return slice_equal(a, slice_of(cstring));
}

static inline struct slice slice_take(struct slice s, size_t count)
{
	return (struct slice){ s.ptr, count < s.len ? count : s.len };
}

static inline struct slice slice_skip(struct slice s, size_t count)
{
	if (count > s.len)
		count = s.len;
	return (struct slice){ s.ptr + count, s.len - count };
}

/* The last byte goes first: with a table of prefixes that alone tells nearly all of them. */
static inline bool slice_starts(struct slice s, struct slice prefix)
{
	return !prefix.len || (s.len >= prefix.len && s.ptr[prefix.len - 1] == prefix.ptr[prefix.len - 1] &&
			       memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

static inline bool slice_ends(struct slice s, struct slice suffix)
{
	return s.len >= suffix.len && slice_equal(slice_skip(s, s.len - suffix.len), suffix);
}

/* Takes `prefix` off the front of *s; false and no change when it is not there. */
static inline bool slice_eat(struct slice *s, struct slice prefix)
{
	if (!slice_starts(*s, prefix))
		return false;
	*s = slice_skip(*s, prefix.len);
	return true;
}

bool slice_equal_nocase(struct slice a, struct slice b);

/* The place of `needle` in `s`, counted in bytes, or SLICE_NOT_FOUND. */
size_t slice_find(struct slice s, struct slice needle);
size_t slice_find_char(struct slice s, char c);
static inline bool slice_contains(struct slice s, struct slice needle)
{
	return slice_find(s, needle) != SLICE_NOT_FOUND;
}

/* What stands before `c` (all of it when `c` is not there). */
struct slice slice_until(struct slice s, char c);
/* What stands behind the first `needle`, up to the end; false when it is not there. */
bool slice_after(struct slice s, struct slice needle, struct slice *ret);
/* What stands between the first `open` and the next `close`. */
bool slice_between(struct slice s, struct slice open, struct slice close, struct slice *ret);

/* Blanks are space and TAB. */
struct slice slice_trim(struct slice s);
struct slice slice_trim_left(struct slice s);
struct slice slice_trim_right(struct slice s);
/* Cuts the next word (a run of non-blanks) off the front of *s; empty at the end. */
struct slice slice_word(struct slice *s);

/* Eat a number off the front of *s. False and no change when there is no digit or it
 * does not fit in 64 bits. */
bool slice_eat_decimal(struct slice *s, uint64_t *ret);
bool slice_eat_hex(struct slice *s, uint64_t *ret);
/* The whole slice is one number (a leading '-' is allowed for the signed one). */
bool slice_to_decimal(struct slice s, uint64_t *ret);
bool slice_to_signed(struct slice s, int64_t *ret);

static inline bool char_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool char_is_hex(char c)
{
	return char_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static inline bool char_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static inline bool char_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

#endif
