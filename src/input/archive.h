/* The members of an archive, one after the other, as streams: tar, zip and 7z. Nothing is extracted,
 * and a member's name is text that is never used to open anything.
 *
 * The only file that knows libarchive is archive.c. It is given the formats above and no filter:
 * what is compressed around an archive is decoded in front of it (input/input.h), so that there is one
 * set of bounds. An archive in an archive, and a compressed member, are inputs over the member's bytes.
 *
 * What can be read of a damaged archive comes first, then one error. A member whose data are damaged
 * fails alone where the format lets us find the next one. Damage is found only in what is read: a
 * member that is passed over is not looked into, but a tar file that is compressed is read to its end,
 * where the compression's check sum stands.
 *
 * zip in a stream (a pipe, a member) is read without its directory, which stands at its end: a
 * symbolic link is then not known from a file that holds its target. 7z in a stream is refused.
 * Memory is bounded but for the dictionaries of 7z and of LZMA, XZ and PPMd in zip, for which libarchive
 * takes no bound: they are as large as the archive says, though filled only by what comes out. */
#ifndef INPUT_ARCHIVE_H
#define INPUT_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"
#include "input/budget.h"
#include "input/byte_source.h"

/* "tar", "zip", "7z" or "rar" for an archive's first bytes, of which INPUT_HEAD_BYTES are enough;
 * else NULL. */
const char *archive_name_of(struct slice head);
/* Says that an archive of that name is not read here; returns false. */
bool archive_refuse(const char *name, struct error *err);

struct archive_member {
	struct slice name;  /* its path inside: any bytes but NUL, which stands behind it; "member-N", counted
			     * from 1, for one without a name or with one that is said to be UTF-8 and is not */
	uint64_t size;
	bool is_size_known; /* not of a zip file that was written to a pipe */
	bool is_encrypted;  /* reading it fails */
};

struct archive_counts {
	uint64_t files;     /* handed out, the encrypted ones, too */
	uint64_t encrypted;
	uint64_t folders, links, hard_links, others; /* passed over; others are devices and the like */
	uint64_t damaged;   /* headers, or what stood in the place of one, passed over */
};

struct archive_reader;

/* Reads the archive that `source` gives; `head` are the bytes that were read from it already. What the
 * source's `user` points at and `budget` are borrowed. Fails for rar, for 7z in a stream, and where
 * ARCHIVE_DEPTH_MAX archives are open around it. */
struct archive_reader *archive_reader_new(struct byte_source source, struct slice head, struct budget *budget,
					  struct error *err);
/* "tar". */
const char *archive_reader_name(const struct archive_reader *reader);
/* The next regular file; *ret is NULL at the end, and valid until the next call. Fails once nothing
 * more can be read of a damaged archive or one over its budget, and at the end of one that had damaged
 * headers; then it fails again. */
bool archive_reader_next(struct archive_reader *reader, const struct archive_member **ret, struct error *err);
/* Of that file, up to `size` bytes; *ret is 0 only at its end. What comes in front of damage is given
 * first; then the read fails, and fails again. Need not be read to the end. */
bool archive_reader_read(struct archive_reader *reader, char *bytes, size_t size, size_t *ret, struct error *err);
/* The same as a source, for input_open_member. */
struct byte_source archive_reader_source(struct archive_reader *reader);
const struct archive_counts *archive_reader_counts(const struct archive_reader *reader);
/* `reader` may be NULL. */
void archive_reader_free(struct archive_reader *reader);

#endif
