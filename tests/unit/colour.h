/* What tests and fuzzers of terminal output have in common. */
#ifndef TESTS_COLOUR_H
#define TESTS_COLOUR_H

#include "base/slice.h"

/* `ESC [ 1;31 m`: colours are the only sequence that we send ourselves. Its length, 0 when there is none. */
static inline size_t colour_len(struct slice text)
{
	size_t len = 2;
	if (!slice_starts(text, SLICE("\033[")))
		return 0;
	while (len < text.len && (char_is_digit(text.ptr[len]) || text.ptr[len] == ';'))
		len++;
	return len < text.len && text.ptr[len] == 'm' ? len + 1 : 0;
}

#endif
