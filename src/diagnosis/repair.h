/* What to type: the repair steps of a diagnosis.
 *
 * A rule's step either brings its own text and commands, or names advice (`use:`) that is
 * worded here for the guest's distribution, facts and root= candidates. A `use` step of
 * grub-add-word-now may carry, as its text, the word to add. */
#ifndef DIAGNOSIS_REPAIR_H
#define DIAGNOSIS_REPAIR_H

#include "diagnosis/diagnosis.h"

/* Makes diagnosis->steps for the finding that is the cause (NULL: none; then only evidence is
 * kept). Needs facts, boot, cause, root and distribution of the diagnosis. Order: what helps
 * now before what lasts, and never a risky step before a safe one; `verify-boot`, which only
 * looks, is the very last. A step that writes to a disk never stands without `snapshot-first`.
 * Advice that has nothing to say for this boot is left out. False only when memory is out. */
bool repair_make(struct diagnosis *diagnosis, const struct finding *cause, struct arena *arena, struct error *err);

/* True when `use: name` in a rule would find its advice. */
bool repair_advice_is_known(struct slice name);

#endif
