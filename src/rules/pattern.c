#include "rules/pattern.h"

#include <string.h>

#include "base/slice.h"

/* Deeper groups than this are taken for one. */
#define GROUPS_DEEP 32

struct repeat {
	size_t len;        /* 0: none */
	bool is_unbounded;
	bool gives_back;   /* not possessive */
};

bool pattern_starts_open(const char *pattern)
{
	pattern += *pattern == '^';
	while (*pattern == '(')
		pattern += strncmp(pattern, "(?:", 3) == 0 ? 3 : 1;
	return pattern[0] == '.' && (pattern[1] == '*' || pattern[1] == '+');
}

/* {n}, {n,}, {n,m}. */
static struct repeat read_braces(const char *at)
{
	struct slice rest = slice_of(at);
	uint64_t number;
	struct repeat repeat = { .is_unbounded = false };
	if (!slice_eat(&rest, SLICE("{")) || !slice_eat_decimal(&rest, &number))
		return repeat;
	bool has_comma = slice_eat(&rest, SLICE(","));
	repeat.is_unbounded = has_comma && !slice_eat_decimal(&rest, &number);
	if (slice_eat(&rest, SLICE("}")))
		repeat.len = (size_t)(rest.ptr - at);
	return repeat;
}

static struct repeat read_repeat(const char *at)
{
	struct repeat repeat = *at == '{' ? read_braces(at) : (struct repeat){ 0 };
	if (*at == '*' || *at == '+')
		repeat = (struct repeat){ .len = 1, .is_unbounded = true };
	if (*at == '?')
		repeat.len = 1;
	if (repeat.len == 0)
		return (struct repeat){ 0 };
	repeat.gives_back = at[repeat.len] != '+';
	repeat.len += at[repeat.len] == '+' || at[repeat.len] == '?';
	return repeat;
}

/* Behind "[...]"; the first byte in it may be a ']' of its own. */
static const char *skip_class(const char *at)
{
	at++;
	at += *at == '^';
	at += *at == ']';
	while (*at && *at != ']') {
		const char *end = strncmp(at, "[:", 2) == 0 ? strstr(at, ":]") : NULL;
		if (end)
			at = end + 2;
		else
			at += *at == '\\' && at[1] ? 2 : 1;
	}
	return *at ? at + 1 : at;
}

/* Behind one atom that is no group. */
static const char *skip_atom(const char *at)
{
	if (*at == '[')
		return skip_class(at);
	return at + (*at == '\\' && at[1] ? 2 : 1);
}

bool pattern_nests_repeats(const char *pattern)
{
	bool repeats[GROUPS_DEEP] = { false }, is_atomic[GROUPS_DEEP] = { false };
	size_t depth = 0;
	for (const char *at = pattern; *at;) {
		bool closes = *at == ')' && depth, inner = false;
		if (*at == '(' && depth + 1 < GROUPS_DEEP) {
			depth++;
			repeats[depth] = false;
			is_atomic[depth] = strncmp(at, "(?>", 3) == 0;
			at += at[1] == '?' ? 2 : 1;
			continue;
		}
		if (closes) {
			inner = repeats[depth] && !is_atomic[depth];
			depth--;
		}
		at = skip_atom(at);
		struct repeat repeat = read_repeat(at);
		at += repeat.len;
		bool is_open = repeat.is_unbounded && repeat.gives_back;
		if (is_open && inner)
			return true;
		repeats[depth] |= inner || is_open;
	}
	return false;
}
