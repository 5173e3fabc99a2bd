/* Compressed bytes to plain ones, as a stream: gzip, xz, zstd and bzip2, also several of one
 * kind behind each other.
 *
 * Everything in front of a cut, of damage or of a bound of limits.h comes out first; then the
 * read fails, and fails again if it is repeated. */
#ifndef INPUT_DECOMPRESS_H
#define INPUT_DECOMPRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/slice.h"
#include "input/budget.h"
#include "input/byte_source.h"

struct decoder;

/* True for the first bytes of a compressed file; DECODER_MAGIC_BYTES are enough. */
bool decoder_knows(struct slice head);
/* Decodes what `source` gives; `head` are the bytes that were read from it already, some of its
 * compressed ones. What the source's `user` points at is borrowed, and so is `budget`: that of the
 * archive around it, to which what comes out is added, too. NULL: there is none around it. */
struct decoder *decoder_new(struct byte_source source, struct slice head, struct budget *budget, struct error *err);
/* What comes out turned out to be an archive: from now on only that one's budget bounds it. */
void decoder_carry_archive(struct decoder *decoder, struct budget *budget);
/* "gzip". */
const char *decoder_name(const struct decoder *decoder);
/* Up to `size` bytes; *ret is 0 only at the end. */
bool decoder_read(struct decoder *decoder, char *bytes, size_t size, size_t *ret, struct error *err);
/* `decoder` may be NULL. */
void decoder_free(struct decoder *decoder);

#endif
