/* What changes in folders, as the kernel tells it (inotify). It tells only of what this machine does
 * to its own file systems: notify_works_at says where that is enough, elsewhere folders have to be looked
 * at again and again. */
#ifndef INPUT_NOTIFY_H
#define INPUT_NOTIFY_H

#include <stdbool.h>

#include "base/error.h"

enum notify_kind {
	NOTIFY_FILE,     /* a file of the folder was written to, or its mode changed */
	NOTIFY_NAME,     /* a name in the folder came, went, or means another file now */
	NOTIFY_FOLDER,   /* the same of a sub-folder */
	NOTIFY_GONE,     /* the folder itself was moved or removed: its number is no longer valid */
	NOTIFY_LOST,     /* more happened than could be told: anything may have changed, anywhere */
};

struct notify_event {
	enum notify_kind kind;
	int folder;       /* its number; -1 for NOTIFY_LOST */
	const char *name; /* in the folder; empty for the last two */
};

struct notify {
	int fd; /* readable when something happened; -1: the kernel does not offer it */
};

/* False when the kernel does not offer it; closing is right all the same. */
bool notify_open(struct notify *notify, struct error *err);
void notify_close(struct notify *notify);

/* Whether the kernel tells of all that happens to the files of a folder. */
bool notify_works_at(int folder);
/* The number of the folder at `path`, the same for each name of the same folder; -1 when it cannot be
 * watched. */
int notify_add(struct notify *notify, const char *path, struct error *err);
void notify_remove(struct notify *notify, int folder);
/* What happened since the last call, much of it at a time; never waits. */
void notify_read(struct notify *notify, void (*take)(void *user, const struct notify_event *event), void *user);

#endif
