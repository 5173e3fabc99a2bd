/* What a scan reads and remembers as one: a VM's folder with its logs, or a file. */
#ifndef SCAN_UNIT_H
#define SCAN_UNIT_H

#include "base/error.h"
#include "scan/sources.h"
#include "store/store.h"

/* A folder that stays open as long as a unit of it has to be read. */
struct unit_folder {
	int fd;
	bool is_own;           /* `fd` is closed with the last user */
	_Atomic unsigned users;
};

enum unit_kind {
	UNIT_PATH,   /* what was named: a file, a pipe, "-", a .vmx; read by its path */
	UNIT_FILE,   /* a file that the walk came across */
	UNIT_VM,     /* the logs and settings of a folder */
};

struct unit {
	enum unit_kind kind;
	struct slice path;           /* a NUL stands behind it */
	struct unit_folder *folder;  /* NULL for UNIT_PATH */
	struct store_file *files;    /* as they were when the walk looked at them; a NUL behind each name */
	size_t file_count;           /* 0: nothing that could be known again, as a pipe */
	struct known_files known;    /* in the same order; none when nobody remembers */
	struct buf known_text;       /* of files[].passed */
	struct sources *sources;     /* of UNIT_VM, while it is read; NULL before and after */
	_Atomic size_t parts_left;   /* to be read */
};

/* `fd` is the folder's, and borrowed. With one user, the caller. */
struct unit_folder *unit_folder_new(int fd, struct error *err);
/* From now on it has a descriptor of its own: for units that are read when the caller's may be closed. */
bool unit_folder_own(struct unit_folder *folder, struct error *err);
/* `folder` may be NULL. */
void unit_folder_drop(struct unit_folder *folder);

/* Copies what it is given; `folder` gets one user more. */
struct unit *unit_new(enum unit_kind kind, struct slice path, struct unit_folder *folder,
		      const struct store_file *files, size_t file_count, struct error *err);
void unit_free(struct unit *unit);
/* Of UNIT_VM: finds what is to be read. False when memory is out. */
bool unit_find_sources(struct unit *unit, struct error *err);
/* It has been read: folder and sources are no longer needed. */
void unit_close(struct unit *unit);

/* As the store knows it. */
struct store_unit unit_for_store(const struct unit *unit);
/* Makes room for what will be known of its files. False when memory is out. */
bool unit_remember(struct unit *unit);
/* Whether a file still begins and ends, at the size that it had, with the same bytes. If so, what was known of
 * it is known. */
bool unit_recognise(struct unit *unit, const struct store_file *before);
/* Of what was recognised nothing holds any more: all of it is to be read. */
void unit_forget(struct unit *unit);
/* Fills in the hashes of its files, and what is known of them now. False when one cannot be read as it was. */
bool unit_describe(struct unit *unit);

#endif
