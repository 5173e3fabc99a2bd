/* Regular expressions over bytes, bounded. The only file that knows PCRE2 is regex.c.
 *
 * A pattern sees bytes, not UTF-8. A match that runs over the limits of base/limits.h is
 * neither a match nor none: it says so. */
#ifndef RULES_REGEX_H
#define RULES_REGEX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/slice.h"

enum regex_outcome { REGEX_NO_MATCH, REGEX_MATCH, REGEX_LIMIT, REGEX_NO_MEMORY };

struct regex;

/* NULL with PCRE2's words in *err for a bad pattern; `error_at` (may be NULL) then tells the
 * place in the pattern. */
struct regex *regex_new(const char *pattern, size_t *error_at, struct error *err);
void regex_free(struct regex *regex);

/* Named groups, numbered from 0 in the order of their names. The name lives as long as the
 * regex. */
size_t regex_name_count(const struct regex *regex);
struct slice regex_name(const struct regex *regex, size_t index);

/* Scratch memory for matches, one a thread; holds the groups of the last match. */
struct regex_scratch;

struct regex_scratch *regex_scratch_new(struct error *err);
void regex_scratch_free(struct regex_scratch *scratch);

enum regex_outcome regex_match(const struct regex *regex, struct regex_scratch *scratch, struct slice text);
/* What a named group took in the last match of `regex` on `text`; false when it took no part. */
bool regex_group(const struct regex *regex, const struct regex_scratch *scratch, size_t index, struct slice text,
		 struct slice *ret);

#endif
