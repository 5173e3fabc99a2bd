/* jansson's reader, and whether memory sufficed.
 *
 * jansson 2.14 does not look whether the buffer of the token that it reads could grow: without memory it drops a
 * byte and goes on (strbuffer_append_byte in lex_save). What comes of that is a shorter string, a fault of the text
 * that is none, or, of an escape, a failed assertion. So there is a reserve to end the read with, whose result is
 * then thrown away. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "base/slice.h"

/* As json_loadb; `why` may be NULL. NULL, too, when memory was out, and then says so. */
json_t *json_read(struct slice text, size_t flags, json_error_t *why, bool *ret_out_of_memory);

#endif
