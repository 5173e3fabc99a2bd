/* A tree of jansson as compact text, byte for byte as jansson's own writer has it (JSON_COMPACT,
 * JSON_ENCODE_ANY, JSON_REAL_PRECISION(15)). That one looks for loops in the tree, for which it prints
 * and stores the address of each object, and checks each character of UTF-8 again: a fifth of the
 * instructions of a scan of dumps. Our trees have no loops, and their strings are escaped before they are made. */
#ifndef REPORT_JSON_WRITE_H
#define REPORT_JSON_WRITE_H

#include <jansson.h>

#include "base/buf.h"

/* NULL, which stands for a tree that could not be made, fails the buffer. */
void json_write(struct buf *out, json_t *value);

#endif
