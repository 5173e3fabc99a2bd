/* Where in a file lines were passed over as host chatter: long runs of them, which change nothing that is
 * known of the log. Who reads the same file again, when it has grown, need not read them at all. */
#ifndef VMXLOG_PASSED_H
#define VMXLOG_PASSED_H

#include "base/buf.h"

/* From the beginning of a line to behind a newline. */
struct passed_run {
	uint64_t from, len; /* bytes of the file */
	uint64_t lines;
};

/* All zero: none. In the order of the file. */
struct passed {
	struct passed_run *runs;
	size_t count, capacity;
	uint64_t min_len;    /* shorter ones are read as fast as they are stepped over */
};

/* What follows the last run at once goes on with it. Without memory nothing more is remembered, and all
 * of that is read again. */
void passed_add(struct passed *passed, struct passed_run run);
/* Nothing follows any more, and what ends behind `size` does not count. */
void passed_end(struct passed *passed, uint64_t size);
void passed_deinit(struct passed *passed);

/* "0+1048576=9804 2097152+524288=4901": from, length, lines. */
void passed_print(const struct passed *passed, struct buf *out);
/* Takes nothing from a text that is none of passed_print's. */
void passed_parse(struct slice text, struct passed *ret);

#endif
