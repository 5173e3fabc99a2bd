/* Why an operation could not be done: one line that says what, where, and what was
 * expected. The caller owns it (usually on its stack); nothing is allocated, so
 * "out of memory" can always be reported.
 *
 * Every function that can fail returns bool and takes a struct error * last:
 *
 *	if (!input_open(&input, path, err))
 *		return false;
 *
 * Malformed data is never an error: it is a flag on the record that holds it. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

struct error {
	char text[480];
	/* Of a place in a text: where, and when its lines are at hand that line with a caret below. */
	unsigned line, column; /* from 1; 0: of no place */
	char excerpt[240];     /* lines; empty for none */
};

/* Fills *err (which may be NULL), without a place, and returns false, so that `return error_set(...)`
 * reads well. */
__attribute__((format(printf, 2, 3)))
bool error_set(struct error *err, const char *format, ...);

bool error_out_of_memory(struct error *err);
bool error_is_out_of_memory(const struct error *err);

#endif
