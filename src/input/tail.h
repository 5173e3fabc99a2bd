/* A log that is still being written: what comes, in blocks, and what happens to the file under
 * its name. For a pipe or a terminal, what comes until its end. */
#ifndef INPUT_TAIL_H
#define INPUT_TAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum tail_news {
	TAIL_BYTES,      /* there were some */
	TAIL_QUIET,      /* nothing has come since the last call */
	TAIL_TRUNCATED,  /* the file became shorter: reading goes on at its beginning */
	TAIL_REPLACED,   /* another file has the name now: reading goes on at that one's beginning */
	TAIL_ENDED,      /* of a pipe: nothing more will come */
};

struct tail {
	const char *path;
	int fd;
	bool is_file;
	uint64_t offset;
};

/* "-" is standard input. `path` is borrowed. Errors do not name it. */
bool tail_open(struct tail *tail, const char *path, struct error *err);
/* Never waits. *ret_len is 0 but for TAIL_BYTES. */
bool tail_read(struct tail *tail, char *bytes, size_t size, size_t *ret_len, enum tail_news *ret, struct error *err);
void tail_close(struct tail *tail);

#endif
