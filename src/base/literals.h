/* Many literals searched in one pass over the text (Aho-Corasick over byte classes). */
#ifndef BASE_LITERALS_H
#define BASE_LITERALS_H

#include "base/error.h"
#include "base/slice.h"

struct literals;

/* `needles` are borrowed only during the call; none may be empty. Ids are their indexes. */
struct literals *literals_new(const struct slice *needles, size_t count, struct error *err);
void literals_free(struct literals *literals);

/* Calls `hit` for every needle that ends at every place of the text. Stops when it returns false. */
void literals_find(const struct literals *literals, struct slice text, bool (*hit)(void *user, size_t needle),
		   void *user);
/* True when any needle stands in the text. */
bool literals_any(const struct literals *literals, struct slice text);
/* True when any needle stands in one of the two texts. Each byte waits for what the one before it led to:
 * two texts side by side take little more time than the longer one. */
bool literals_any_of_two(const struct literals *literals, struct slice a, struct slice b);

#endif
