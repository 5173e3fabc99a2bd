/* A pager in front of a terminal. */
#ifndef CLI_PAGER_H
#define CLI_PAGER_H

#include <sys/types.h>

#include "cli/output.h"

struct pager {
	pid_t pid; /* 0: there is none */
};

/* When the output is a terminal, what is written to it from now on goes through $PAGER, or less,
 * or where it went if there is neither. Ask for colours before. */
void pager_begin(struct pager *pager, struct output *output);
/* Waits until the reader has left it. */
void pager_end(struct pager *pager, struct output *output);

#endif
