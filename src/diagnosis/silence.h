/* A boot without kernel text: why, and how to have the text next time. */
#ifndef DIAGNOSIS_SILENCE_H
#define DIAGNOSIS_SILENCE_H

#include "facts/facts.h"

/* Two to six sentences for a person, in `arena`. Empty when memory is out. */
struct slice silence_explain(const struct facts *facts, const struct boot *boot, struct arena *arena);

#endif
