/* Crash reports in a boot's log: oopses, BUGs, warnings, lockups, stalls ... */
#ifndef FACTS_CRASH_H
#define FACTS_CRASH_H

#include "facts/facts.h"

/* Finds the crash reports of a boot. `first`: the first one that is more than a note (a
 * warning counts only when nothing graver follows it). `fatal`: the one that the panic
 * followed from, kind empty when none did. Text is borrowed from the boot or lives in `arena`. */
void crash_scan(const struct boot *boot, struct arena *arena, struct crash *first, struct crash *fatal);

/* True for text that a crash is read from (kept of a huge boot). */
bool crash_wants(struct slice text);

#endif
