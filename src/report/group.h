/* Boots of one source that ended in the same way, told once: as the last of them ended. */
#ifndef REPORT_GROUP_H
#define REPORT_GROUP_H

#include "diagnosis/diagnosis.h"
#include "report/page.h"

/* Different endings that are held back at a time. A VM has one or two; with more of them the
 * longest unseen one is told first and may be told again. */
#define GROUPS_MAX 8
#define GROUP_RANGES_MAX 6

struct boot_range {
	unsigned first, last;
};

struct group {
	enum verdict verdict;
	bool is_complete;
	unsigned count, last;           /* boots; the number of the last one */
	struct boot_range ranges[GROUP_RANGES_MAX];
	size_t range_count;
	bool has_more_ranges;
	struct stamp first_stamp, last_stamp;
	struct buf key;                 /* what boots have to have in common */
	struct buf title, items, lines; /* of the last one: boot_text.h; "lines 1-812" where no stamp is known */
	struct buf body;                /* rendered */
	struct buf silence;
};

struct groups {
	struct group items[GROUPS_MAX];
	size_t count;
	struct buf explained;           /* why a boot was silent, as it was told last: once a source is enough */
	struct buf key;                 /* of the boot that is being taken */
};

void groups_init(struct groups *groups);
void groups_deinit(struct groups *groups);
/* Another source begins. */
void groups_clear(struct groups *groups);
bool groups_failed(const struct groups *groups);

/* Whether the boot, rendered as `body`, would need a group of its own and all are taken. */
bool groups_are_full_for(struct groups *groups, const struct diagnosis *diagnosis, struct slice body);
void groups_take(struct groups *groups, const struct diagnosis *diagnosis, struct slice body);
/* Writes the group whose last boot came first, and removes it. `boot_count`: of the source, 0 when
 * it is not known yet. */
void groups_write_first(struct groups *groups, struct page *page, unsigned boot_count);

#endif
