/* A moment as somebody types it: for --since and --until. */
#ifndef CLI_TIME_BOUND_H
#define CLI_TIME_BOUND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/stamp.h"

enum time_bound_kind {
	TIME_BOUND_NONE,
	TIME_BOUND_BOOT,   /* so long after the boot: +12.5 */
	TIME_BOUND_WALL,   /* a moment: 2026-02-21T18:13:03Z; May 14 10:26:36 for logs without a year */
	TIME_BOUND_LOCAL,  /* a moment on the clock of the log's writer: 2026-02-21 18:13 */
};

struct time_bound {
	enum time_bound_kind kind;
	uint64_t since_boot_ns;  /* of TIME_BOUND_BOOT */
	struct stamp stamp;      /* else; of TIME_BOUND_LOCAL as if the writer's clock showed UTC */
};

bool time_bound_parse(const char *text, struct time_bound *ret, struct error *err);

/* Negative, 0 or positive: the stamp is before, at or after the bound, which is a moment of the
 * stamp's kind (time_bound_fits). */
int time_bound_compare(struct stamp stamp, const struct time_bound *bound);
/* False for a bound with a year and a stamp without, the other way round, and for a bound with an
 * offset from UTC where the stamp has none. */
bool time_bound_fits(struct stamp stamp, const struct time_bound *bound);

#endif
