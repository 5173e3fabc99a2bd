/* Units in the order of the scan: one thread appends them, several read them in any order, and one
 * takes them out as they were put in. What waits for its turn is bounded in number, and in memory
 * by a spill. */
#ifndef SCAN_LINEUP_H
#define SCAN_LINEUP_H

#include "base/sheaf.h"
#include "scan/errand.h"
#include "scan/unit.h"

enum slot_state { SLOT_WAITS, SLOT_IS_READ, SLOT_DONE };

struct slot {
	struct slot *next, *next_waiting;  /* of the lineup */
	enum slot_state state;
	struct unit *unit;       /* NULL: nothing but trouble; that of the parts of a unit is the same */
	size_t part, part_count; /* of a unit that was split; else 0 and 0 */
	bool is_kept;            /* the store knows it as it is: `known` */
	struct store_known known;
	bool has_moved;          /* to a device of another number */
	struct sheaf lines;      /* what came of it */
	struct buf troubles;     /* each a path and why, with a NUL behind both */
	bool any_trouble, found_something;
	bool is_passing;         /* it changed while it was read: the next scan looks at it again */
};

struct lineup;

/* `spill` is borrowed. */
struct lineup *lineup_new(struct spill *spill, struct error *err);
/* No thread may use it any more. */
void lineup_free(struct lineup *lineup);

/* A slot for one unit, which it owns from then on (of its parts the last does). NULL when memory
 * is out: the unit is then still the caller's. */
struct slot *slot_new(struct spill *spill, struct unit *unit, struct error *err);
void slot_free(struct slot *slot);
bool slot_add_trouble(struct slot *slot, struct slice path, const char *why);

/* Appends a slot, one that is done or one that is to be read. Waits when too many wait. False when the
 * scan was cancelled: the slot is then still the caller's. */
bool lineup_append(struct lineup *lineup, struct slot *slot);
/* Nothing more will be appended. */
void lineup_close(struct lineup *lineup);

/* The next slot to be read; NULL when there is none and will be none. Who waits for one runs the errands
 * of those that read. */
struct slot *lineup_next(struct lineup *lineup);
struct errands lineup_errands(struct lineup *lineup);
/* Its unit has so many parts: the slot is the first of them from now on, and the others stand behind it,
 * to be read before anything else. */
bool lineup_split(struct lineup *lineup, struct slot *slot, size_t count, struct error *err);
/* It has been read. False when it could not be set aside. */
bool lineup_done(struct lineup *lineup, struct slot *slot, struct error *err);

enum lineup_answer { LINEUP_SLOT, LINEUP_NOT_YET, LINEUP_ENDED };
/* Takes out the first slot when it is done, or waits for that so many milliseconds at most. The slot is
 * the caller's from then on. */
enum lineup_answer lineup_take(struct lineup *lineup, unsigned wait_ms, struct slot **ret);

/* Everybody who waits goes home. */
void lineup_cancel(struct lineup *lineup);

#endif
