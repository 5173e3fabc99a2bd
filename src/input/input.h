/* Where bytes come from: a file, standard input, or a member of an archive; plain, or compressed, which
 * its first bytes tell. Logs are read, not mapped: they shrink and grow while a VM runs.
 *
 * Who reads archives (input/archive.h) says so before the first read, which then tells whether it is
 * one and gives its first bytes:
 *
 *	input.takes_archives = true;
 *	if (input_read(&input, block, size, &len, err) && input.archive) {
 *		struct budget budget = budget_of_archive();
 *		struct byte_source source = input_carry_archive(&input, &budget);
 *		reader = archive_reader_new(source, (struct slice){ block, len }, &budget, err);
 *		... and each member of it is opened as an input of its own: input_open_member */
#ifndef INPUT_INPUT_H
#define INPUT_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "input/budget.h"
#include "input/byte_source.h"
#include "input/folder.h"

struct decoder;

/* Stays where it is from the first read on. */
struct input {
	int fd;                    /* -1 for a member, and for one in memory */
	struct byte_source member; /* all zero for a file */
	const struct held_file *held; /* what is read of one in memory */
	size_t held_at;
	struct budget *budget;     /* of the archive that it is or is in; borrowed; or NULL */
	bool is_stdin;
	bool takes_archives;     /* set by who reads them */
	bool is_begun;           /* the first bytes were read and looked at */
	bool is_refused;         /* reading failed because of what they are: an archive, or compressed twice */
	const char *archive;     /* "tar": it is one, maybe compressed; NULL for any other */
	struct decoder *decoder; /* NULL: what is read is what is meant */
	uint64_t stored_bytes;   /* read so far, as they are stored */
	uint64_t start;          /* of a regular file: where in it the first byte stood */
};

/* Opens `path`; "-" is standard input. Errors say what is wrong with it and do not name it. */
bool input_open(struct input *input, const char *path, struct error *err);
/* Opens a file of a folder that is open as `folder`: a regular file only, never through a link. */
bool input_open_at(struct input *input, int folder, const char *name, struct error *err);
/* A file of a folder, which may be held in memory: then it is borrowed as long as the input is open, and the
 * input stays where it is. */
bool input_open_in(struct input *input, const struct folder *folder, const char *name, struct error *err);
/* A member of an archive that is open. `source` and `budget` are those of its reader. */
void input_open_member(struct input *input, struct byte_source source, struct budget *budget);
/* Up to `size` bytes; *ret is 0 only at the end. Of a compressed input the plain bytes. The first
 * read of an input needs room for INPUT_HEAD_BYTES, and refuses an archive if that was not asked for. */
bool input_read(struct input *input, char *bytes, size_t size, size_t *ret, struct error *err);
/* Reads until `size` bytes or the end have come. What came before a failure is in *ret, too. */
bool input_read_full(struct input *input, char *bytes, size_t size, size_t *ret, struct error *err);
/* What the input holds, as an archive's reader wants it, right after the first read. `budget` is
 * that of the archive, or of the outermost one around it; from now on it is used up. A plain file can
 * be read here and there, anything else goes forward only. */
struct byte_source input_carry_archive(struct input *input, struct budget *budget);
/* True for a plain regular file: how far it was read, and how much more of it there is. */
bool input_measure(const struct input *input, uint64_t *ret_offset, uint64_t *ret_rest);
/* Somebody else has read it up to there. */
bool input_go_on(struct input *input, uint64_t offset, struct error *err);
/* Standard input stays open. */
void input_close(struct input *input);

#endif
