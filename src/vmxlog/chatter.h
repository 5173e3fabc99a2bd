/* The filter in front of the reader: most lines of most logs are host chatter that says nothing
 * about the guest.
 *
 * A line can matter to the reader only if one of a few words stands in it. These are looked for anywhere in
 * the text, many bytes at a time; the lines without any of them are counted and never looked at one by one. */
#ifndef VMXLOG_CHATTER_H
#define VMXLOG_CHATTER_H

#include "base/needles.h"

/* The words; `tells_product`: those by which a line shows that ESXi wrote it, too. */
void chatter_init(struct needles *words, bool tells_product);
/* How much of the text, from a line's beginning, is whole lines of at most LINE_MAX_BYTES. */
size_t chatter_reach(struct slice text);
/* Passes over the lines in front that hold none of the words; returns their length, newlines included, and
 * adds their number to *lines. The text is whole lines. */
size_t chatter_skip(const struct needles *words, struct slice text, uint64_t *lines);
/* True of a line, at most LINE_MAX_BYTES long, that holds none of the words. */
bool chatter_is_noise(const struct needles *words, struct slice line);

/* Lines that follow each other, all of which can be passed over. */
struct chatter_run {
	size_t from, len;   /* in the block, newlines included */
	uint64_t lines;
};

/* The longer runs of a block, at most `max`. What stands in front of the first newline is left aside:
 * it may be a part of a line. */
size_t chatter_find_runs(const struct needles *words, struct slice block, struct chatter_run *runs, size_t max);

#endif
