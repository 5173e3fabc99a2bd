/* A first draft of a rule, from the log lines that it is to match. */
#ifndef RULES_DRAFT_H
#define RULES_DRAFT_H

#include "base/buf.h"
#include "kmsg/boot.h"

/* Writes the text of a rule file for `id`: a regex with the changing parts of the boot's first
 * record taken out, its needle, the lines as a test, and a near miss. It loads, and its tests pass;
 * what it means is for a person to say. False when the boot has no record with enough text. */
bool rule_draft(struct slice id, const struct boot *boot, struct buf *out);

#endif
