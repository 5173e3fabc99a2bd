/* Where bytes go: standard output, or a file that appears whole or not at all. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>

#include "base/error.h"
#include "base/slice.h"
#include "cli/options.h"

struct output {
	int fd;
	bool is_gone;        /* the reader of a pipe has gone: no error, nothing more is written */
	struct error trouble; /* the first write that failed; empty text: none */
	char *target, *temporary; /* the file that is to appear and what is written meanwhile; NULL: neither */
};

/* `path` NULL: standard output. */
bool output_open(struct output *output, const char *path, struct error *err);
/* False once a write has failed; its signature is that of report_output. */
bool output_write(void *output, struct slice bytes);
/* Ends it: the file appears, or, when `keep` is false or a write failed, it does not. */
bool output_close(struct output *output, bool keep, struct error *err);

/* Whether to colour what goes to `output`. */
bool output_wants_color(const struct output *output, enum color_choice choice);
bool output_is_terminal(const struct output *output);
/* Columns to write: of the terminal, at most 100. */
unsigned output_width(const struct output *output);

/* $TMPDIR, or /tmp. */
const char *output_temporary_directory(void);

/* One line on standard error: "vmpanic: SUBJECT: TEXT"; SUBJECT may be NULL. Both are escaped. */
void complain(const char *subject, const char *text);
/* The same of an error, and the lines that show its place. */
void complain_error(const char *subject, const struct error *err);

#endif
