/* What a regular expression costs, judged by its looks. For lint: the limits of regex.h hold
 * at run time whatever a pattern looks like. */
#ifndef RULES_PATTERN_H
#define RULES_PATTERN_H

#include <stdbool.h>

/* Begins with .* or .+, perhaps behind ^ and opening brackets. */
bool pattern_starts_open(const char *pattern);
/* Holds a group repeated without bound in which something else is: (a+)+. Possessive repeats
 * and atomic groups, which never give back, do not count. */
bool pattern_nests_repeats(const char *pattern);

#endif
