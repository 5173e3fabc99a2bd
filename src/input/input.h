/* Where bytes come from: a file, or standard input; plain, or compressed, which its first bytes
 * tell. Logs are read, not mapped: they shrink and grow while a VM runs. */
#ifndef INPUT_INPUT_H
#define INPUT_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct decoder;

struct input {
	int fd;
	bool is_stdin;
	bool is_begun;           /* the first bytes were read and looked at */
	bool is_refused;         /* reading failed because of what they are: an archive, or compressed twice */
	struct decoder *decoder; /* NULL: what is read is what is meant */
};

/* Opens `path`; "-" is standard input. Errors say what is wrong with it and do not name it. */
bool input_open(struct input *input, const char *path, struct error *err);
/* Opens a file of a folder that is open as `folder`: a regular file only, never through a link. */
bool input_open_at(struct input *input, int folder, const char *name, struct error *err);
/* Up to `size` bytes; *ret is 0 only at the end. Of a compressed input the plain bytes. The first
 * read of an input needs room for INPUT_HEAD_BYTES, and refuses an archive. */
bool input_read(struct input *input, char *bytes, size_t size, size_t *ret, struct error *err);
/* Reads until `size` bytes or the end have come. What came before a failure is in *ret, too. */
bool input_read_full(struct input *input, char *bytes, size_t size, size_t *ret, struct error *err);
/* Standard input stays open. */
void input_close(struct input *input);

#endif
