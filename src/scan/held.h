/* The files of one VM in an archive, held in memory until all of its folder have come: so its logs are one
 * time line, in their order, and its settings name it, as in a folder of a disk. */
#ifndef SCAN_HELD_H
#define SCAN_HELD_H

#include "input/archive.h"
#include "input/folder.h"

struct held {
	struct slice place;     /* the folder's path in the archive; empty: its top */
	struct folder folder;   /* owns all of it */
	uint64_t bytes;
	struct budget *budget;  /* counts them */
};

/* `budget` is borrowed. */
void held_init(struct held *held, struct budget *budget);
/* Whether the member is a file of a VM in another folder than what is held. */
bool held_is_of_other(const struct held *held, const struct archive_member *member);
/* Whether the member, of that folder, is a file of a VM, and there is room for it. */
bool held_wants(const struct held *held, const struct archive_member *member);
/* Reads it. What of it is damaged is known by the file itself. False when memory is out. */
bool held_add(struct held *held, struct archive_reader *reader, const struct archive_member *member,
	      struct error *err);
/* Hands the folder over, sorted by name. Its bytes count until held_end. */
struct folder held_take(struct held *held);
/* What was handed over is not in memory any more. */
void held_end(struct held *held);

#endif
