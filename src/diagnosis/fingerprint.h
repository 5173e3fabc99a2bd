/* One word for one failure. */
#ifndef DIAGNOSIS_FINGERPRINT_H
#define DIAGNOSIS_FINGERPRINT_H

#include "diagnosis/diagnosis.h"

/* The same failure has the same word, whatever addresses, times, process numbers or framing:
 * "root-device-missing-3fa9c2d1". Empty for a boot that did not fail. */
struct slice fingerprint_make(const struct diagnosis *diagnosis, struct arena *arena);

#endif
