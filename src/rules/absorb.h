/* Which finding explains which. */
#ifndef RULES_ABSORB_H
#define RULES_ABSORB_H

#include "rules/engine.h"

/* Sets `absorbed_by` of the findings that matched. Of two that explain each other the earlier in
 * the log stays, then the graver, then the earlier in the rule set; chains never close.
 * False when memory is out. */
bool findings_absorb(struct finding *findings, size_t count, struct arena *arena);

#endif
