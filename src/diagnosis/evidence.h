/* The lines that a diagnosis rests on. */
#ifndef DIAGNOSIS_EVIDENCE_H
#define DIAGNOSIS_EVIDENCE_H

#include "diagnosis/diagnosis.h"

/* Fills diagnosis->evidence, in the order of the log: records that the cause's rule matched,
 * those its facts were read from, the proposed device's row, the panic. `cause` may be NULL. */
bool evidence_collect(struct diagnosis *diagnosis, const struct finding *cause, struct arena *arena, struct error *err);

/* The first line that a finding rests on; 0 when no line does. */
uint64_t evidence_first_line(const struct finding *finding, const struct facts *facts);

#endif
