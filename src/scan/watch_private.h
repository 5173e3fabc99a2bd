/* What the files of a watch share. */
#ifndef SCAN_WATCH_PRIVATE_H
#define SCAN_WATCH_PRIVATE_H

#include "input/notify.h"
#include "scan/ground.h"
#include "scan/judge.h"
#include "scan/watch.h"

/* What was named. */
struct watch_root {
	const char *operand;
	char *path;          /* the folder */
	char *name;          /* of the one file that is meant in it; NULL: all */
	bool is_flat;        /* of a .vmx: only its folder */
	bool is_gone;
	bool is_polled;      /* the kernel does not tell of all that changes below it */
	uint64_t dev, ino;   /* of the folder */
	int64_t next_ms;     /* of the next look at it */
};

struct watch {
	const struct watch_options *options;
	const struct watch_sink *sink;
	struct rule_engine *engine;
	struct trail_reader reader;
	struct notify notify;
	struct ground ground;
	struct watch_root *roots;
	struct unit *waiting;        /* to be judged */
	struct trail *touched;       /* to be looked at */
	struct buf walks;            /* folders to be walked, a NUL behind each */
	const struct watch_root *root; /* whose folders are being walked */
	uint64_t walk;               /* counts the walks */
	bool is_beginning;
	bool any_dirty;
	bool is_full;                /* more logs or folders than are followed: that was said */
	int64_t now_ms;
	int64_t next_step_ms;        /* what changes all the time is looked at now and then */
	struct error err;            /* memory is out */
};

__attribute__((format(printf, 3, 4)))
void watch_say(struct watch *watch, struct slice path, const char *format, ...);
/* Something of it is to be judged. */
void watch_schedule(struct watch *watch, struct unit *unit, bool is_complete);
int64_t watch_clock_ms(void);

/* watch_look.c */

/* A walk came to this folder. False when memory is out: watch->err says so. */
bool watch_take_folder(struct watch *watch, struct place *place, const struct folder *folder);
/* Reads what came to logs of which the kernel told. */
bool watch_look_at_touched(struct watch *watch);
/* The folder is not there any more, which `is_said` or not. */
void watch_lose_place(struct watch *watch, struct place *place, bool is_said);
/* It may become clear that a file is not the copy of another. */
bool watch_end_youth(struct watch *watch, struct trail *trail);

/* watch_judge.c */

/* Judges what waits and is due. */
bool watch_judge(struct watch *watch, struct unit *unit, struct error *err);

#endif
