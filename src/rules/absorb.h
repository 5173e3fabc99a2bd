/* Which finding explains which. */
#ifndef RULES_ABSORB_H
#define RULES_ABSORB_H

#include "rules/engine.h"

/* Sets `absorbed_by` of the first `count` findings, as far as they matched. `first_lines`: of
 * each the earliest line that speaks for it. Of two that explain each other the earlier in
 * the log stays, then the graver, then the earlier in the rule set; chains never close.
 * False when memory is out. */
bool findings_absorb(struct finding *findings, const uint64_t *first_lines, size_t count, struct arena *arena);

#endif
