/* Where bytes come from: a file, or standard input. Logs are read, not mapped: they shrink and
 * grow while a VM runs. */
#ifndef INPUT_INPUT_H
#define INPUT_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct input {
	int fd;
	bool is_stdin;
};

/* Opens `path`; "-" is standard input. Errors say what is wrong with it and do not name it. */
bool input_open(struct input *input, const char *path, struct error *err);
/* Up to `size` bytes; *ret is 0 only at the end. */
bool input_read(struct input *input, char *bytes, size_t size, size_t *ret, struct error *err);
/* Reads until `size` bytes or the end have come. */
bool input_read_full(struct input *input, char *bytes, size_t size, size_t *ret, struct error *err);
/* Standard input stays open. */
void input_close(struct input *input);

#endif
