/* Which device is the root file system: candidates with reasons, or an honest "several". */
#ifndef DIAGNOSIS_ROOT_ADVICE_H
#define DIAGNOSIS_ROOT_ADVICE_H

#include "diagnosis/diagnosis.h"

/* Fills diagnosis->root. `mode` is the rule's word on root=: with ROOT_SILENT nothing is
 * proposed, with ROOT_ONE_TIME only when the kernel itself can open disk and file system. */
bool root_advice_make(struct diagnosis *diagnosis, enum rule_root mode, struct arena *arena, struct error *err);

#endif
