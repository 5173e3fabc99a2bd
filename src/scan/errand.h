/* Small works that a thread hands to others that have nothing to do. Nobody may come: then whoever
 * offered them takes them back and does them. */
#ifndef SCAN_ERRAND_H
#define SCAN_ERRAND_H

#include <stdbool.h>

struct errand {
	struct errand *next;             /* of who keeps them */
	void (*run)(struct errand *errand);
};

/* Who keeps errands until somebody runs them. */
struct errands {
	void *user;
	void (*offer)(void *user, struct errand *errand);
	/* False when somebody runs it, or has. */
	bool (*take_back)(void *user, struct errand *errand);
};

#endif
