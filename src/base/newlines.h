/* The newlines of a text, many at a time: looking for each of them by itself costs more than all
 * that is done with most lines. */
#ifndef BASE_NEWLINES_H
#define BASE_NEWLINES_H

#include "base/slice.h"

#define NEWLINES_MAX 256

/* The places of the first newlines of `text`, at most NEWLINES_MAX of them. Returns how many; 0 only
 * when there is none in all of it. */
size_t newlines_find(struct slice text, size_t *ret_places);

#endif
