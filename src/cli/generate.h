/* What is made of the table of options for installation: the man page and the completions. */
#ifndef CLI_GENERATE_H
#define CLI_GENERATE_H

#include <stdbool.h>

#include "base/buf.h"

/* "man", "bash", "zsh", "fish". */
bool generate_knows(const char *what);
void generate(const char *what, struct buf *out);

/* The parts of it. */
void generate_man(struct buf *out);
void generate_bash(struct buf *out);
void generate_zsh(struct buf *out);
void generate_fish(struct buf *out);

#endif
