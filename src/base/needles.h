/* A few words looked for in a long text, many bytes at a time, while its newlines are counted: for text of
 * which nearly nothing matters. (Many words: base/literals.h.)
 *
 * A word is told by its first bytes, so that it is fast where these are rare in the text. The processor's
 * wide instructions are used if it has them; what is found does not depend on them. */
#ifndef BASE_NEEDLES_H
#define BASE_NEEDLES_H

#include "base/slice.h"

#define NEEDLES_FRONT_BYTES 4

struct needles;
/* Moves *at on to where a word may begin, told by its front, and counts the newlines up to there. False where
 * the text is too near to its end for a look at many bytes. */
typedef bool needles_find_front(const struct needles *needles, struct slice text, size_t *at, uint64_t *newlines);

/* Of the words' first bytes: a word has the bit of its number, modulo 8, at each of its bytes. Where a
 * word is shorter, any byte has it. */
struct needles {
	const struct slice *words;
	size_t count;
	uint8_t of_byte[NEEDLES_FRONT_BYTES][128];
	uint8_t of_low[NEEDLES_FRONT_BYTES][16], of_high[NEEDLES_FRONT_BYTES][16]; /* by half of the byte */
	needles_find_front *find_front;
};

/* The words are borrowed; they are not empty, and ASCII without newline and NUL. */
void needles_init(struct needles *needles, const struct slice *words, size_t count);

/* The ways that this processor knows, the fastest first, which is the one that is taken; returns how many. They find
 * the same words: this is for the test that shows it. */
#define NEEDLES_WAYS 3
size_t needles_ways(needles_find_front **ret_ways);

/* The place of the first word that begins at `from` or later, or the text's length. Adds the newlines
 * between `from` and that place to *newlines. */
size_t needles_find(const struct needles *needles, struct slice text, size_t from, uint64_t *newlines);

#endif
