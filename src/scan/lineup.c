#include "scan/lineup.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/limits.h"

struct lineup {
	struct spill *spill;
	pthread_mutex_t lock;           /* over all that follows */
	pthread_cond_t has_room, has_waiting, first_is_done;
	struct slot *first, *last;      /* all, in their order */
	struct slot *waiting, *last_waiting;
	size_t count, waiting_count, done_count;
	size_t reading_count;           /* slots that are being read: errands may come of them */
	struct errand *errands;
	size_t resident_bytes;          /* of lines that are done and in memory */
	bool is_closed, is_cancelled;
};

/* ---- slots ---- */

struct slot *slot_new(struct spill *spill, struct unit *unit, struct error *err)
{
	struct slot *slot = calloc(1, sizeof(*slot));
	if (!slot) {
		error_out_of_memory(err);
		return NULL;
	}
	slot->unit = unit;
	slot->troubles = BUF_INIT(SCAN_TROUBLE_BYTES);
	sheaf_init(&slot->lines, spill);
	return slot;
}

void slot_free(struct slot *slot)
{
	if (!slot)
		return;
	if (slot->part + 1 >= slot->part_count)
		unit_free(slot->unit);
	sheaf_deinit(&slot->lines);
	buf_deinit(&slot->troubles);
	free(slot);
}

bool slot_add_trouble(struct slot *slot, struct slice path, const char *why)
{
	slot->any_trouble = true;
	buf_append(&slot->troubles, path);
	buf_char(&slot->troubles, 0);
	buf_text(&slot->troubles, why);
	buf_char(&slot->troubles, 0);
	return !slot->troubles.failed;
}

/* ---- life ---- */

struct lineup *lineup_new(struct spill *spill, struct error *err)
{
	struct lineup *lineup = calloc(1, sizeof(*lineup));
	if (!lineup) {
		error_out_of_memory(err);
		return NULL;
	}
	pthread_condattr_t monotonic;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	lineup->spill = spill;
	pthread_mutex_init(&lineup->lock, NULL);
	pthread_cond_init(&lineup->has_room, NULL);
	pthread_cond_init(&lineup->has_waiting, NULL);
	pthread_cond_init(&lineup->first_is_done, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return lineup;
}

void lineup_free(struct lineup *lineup)
{
	if (!lineup)
		return;
	for (struct slot *slot = lineup->first, *next; slot; slot = next) {
		next = slot->next;
		slot_free(slot);
	}
	pthread_cond_destroy(&lineup->has_room);
	pthread_cond_destroy(&lineup->has_waiting);
	pthread_cond_destroy(&lineup->first_is_done);
	pthread_mutex_destroy(&lineup->lock);
	free(lineup);
}

void lineup_cancel(struct lineup *lineup)
{
	pthread_mutex_lock(&lineup->lock);
	lineup->is_cancelled = true;
	pthread_cond_broadcast(&lineup->has_room);
	pthread_cond_broadcast(&lineup->has_waiting);
	pthread_cond_broadcast(&lineup->first_is_done);
	pthread_mutex_unlock(&lineup->lock);
}

/* ---- who appends ---- */

static void append_waiting(struct lineup *lineup, struct slot *slot)
{
	if (lineup->last_waiting)
		lineup->last_waiting->next_waiting = slot;
	else
		lineup->waiting = slot;
	lineup->last_waiting = slot;
	lineup->waiting_count++;
	pthread_cond_signal(&lineup->has_waiting);
}

/* Who takes looks by itself some ten times a second; sooner for many at a time, and for the last. */
static bool is_worth_waking(const struct lineup *lineup)
{
	bool is_last = lineup->is_closed && !lineup->waiting && !lineup->reading_count;
	return lineup->first && lineup->first->state == SLOT_DONE && (lineup->done_count >= SCAN_BATCH || is_last);
}

static void append(struct lineup *lineup, struct slot *slot)
{
	if (lineup->last)
		lineup->last->next = slot;
	else
		lineup->first = slot;
	lineup->last = slot;
	lineup->count++;
	if (slot->state == SLOT_WAITS)
		append_waiting(lineup, slot);
	else
		lineup->done_count++;
	if (is_worth_waking(lineup))
		pthread_cond_signal(&lineup->first_is_done);
}

static bool is_full(const struct lineup *lineup)
{
	return lineup->count >= SCAN_SLOTS_MAX || lineup->waiting_count >= SCAN_WAITING_MAX;
}

bool lineup_append(struct lineup *lineup, struct slot *slot)
{
	pthread_mutex_lock(&lineup->lock);
	while (is_full(lineup) && !lineup->is_cancelled)
		pthread_cond_wait(&lineup->has_room, &lineup->lock);
	bool goes_on = !lineup->is_cancelled;
	if (goes_on)
		append(lineup, slot);
	pthread_mutex_unlock(&lineup->lock);
	return goes_on;
}

void lineup_close(struct lineup *lineup)
{
	pthread_mutex_lock(&lineup->lock);
	lineup->is_closed = true;
	pthread_cond_broadcast(&lineup->has_waiting);
	pthread_cond_signal(&lineup->first_is_done);
	pthread_mutex_unlock(&lineup->lock);
}

/* ---- who reads ---- */

static struct slot *begin_reading(struct lineup *lineup)
{
	struct slot *slot = lineup->waiting;
	lineup->waiting = slot->next_waiting;
	if (!lineup->waiting)
		lineup->last_waiting = NULL;
	lineup->waiting_count--;
	lineup->reading_count++;
	slot->state = SLOT_IS_READ;
	/* Who appends is woken for many at a time. */
	if (lineup->waiting_count <= SCAN_WAITING_MAX / 2)
		pthread_cond_signal(&lineup->has_room);
	return slot;
}

static void run_errand(struct lineup *lineup)
{
	struct errand *errand = lineup->errands;
	lineup->errands = errand->next;
	pthread_mutex_unlock(&lineup->lock);
	errand->run(errand);
	pthread_mutex_lock(&lineup->lock);
}

static bool may_get_work(const struct lineup *lineup)
{
	return !lineup->is_cancelled && (!lineup->is_closed || lineup->reading_count);
}

struct slot *lineup_next(struct lineup *lineup)
{
	pthread_mutex_lock(&lineup->lock);
	while (!lineup->waiting && may_get_work(lineup)) {
		if (lineup->errands)
			run_errand(lineup);
		else
			pthread_cond_wait(&lineup->has_waiting, &lineup->lock);
	}
	struct slot *slot = lineup->is_cancelled || !lineup->waiting ? NULL : begin_reading(lineup);
	pthread_mutex_unlock(&lineup->lock);
	return slot;
}

/* The oldest is wanted first. */
static void offer(void *user, struct errand *errand)
{
	struct lineup *lineup = user;
	errand->next = NULL;
	pthread_mutex_lock(&lineup->lock);
	struct errand **last = &lineup->errands;
	while (*last)
		last = &(*last)->next;
	*last = errand;
	pthread_cond_signal(&lineup->has_waiting);
	pthread_mutex_unlock(&lineup->lock);
}

static bool take_back(void *user, struct errand *errand)
{
	struct lineup *lineup = user;
	pthread_mutex_lock(&lineup->lock);
	struct errand **at = &lineup->errands;
	while (*at && *at != errand)
		at = &(*at)->next;
	bool is_there = *at != NULL;
	if (is_there)
		*at = errand->next;
	pthread_mutex_unlock(&lineup->lock);
	return is_there;
}

struct errands lineup_errands(struct lineup *lineup)
{
	return (struct errands){ lineup, offer, take_back };
}

/* Behind `slot`, in the order of `parts`. */
static void insert_parts(struct lineup *lineup, struct slot *slot, struct slot *parts, struct slot *last, size_t count)
{
	last->next = slot->next;
	slot->next = parts;
	if (lineup->last == slot)
		lineup->last = last;
	last->next_waiting = lineup->waiting;
	lineup->waiting = parts;
	if (!lineup->last_waiting)
		lineup->last_waiting = last;
	lineup->count += count;
	lineup->waiting_count += count;
	pthread_cond_broadcast(&lineup->has_waiting);
}

static void free_parts(struct slot *parts)
{
	for (struct slot *next; parts; parts = next) {
		next = parts->next;
		parts->part_count = SIZE_MAX; /* the unit is not theirs */
		slot_free(parts);
	}
}

bool lineup_split(struct lineup *lineup, struct slot *slot, size_t count, struct error *err)
{
	struct slot *first = NULL, *last = NULL;
	for (size_t part = 1; part < count; part++) {
		struct slot *made = slot_new(lineup->spill, slot->unit, err);
		if (!made) {
			free_parts(first);
			return false;
		}
		made->part = part;
		made->part_count = count;
		if (last)
			last->next = last->next_waiting = made;
		else
			first = made;
		last = made;
	}
	if (!last)
		return true;
	slot->part_count = count;
	slot->unit->parts_left = count;
	pthread_mutex_lock(&lineup->lock);
	insert_parts(lineup, slot, first, last, count - 1);
	pthread_mutex_unlock(&lineup->lock);
	return true;
}

/* Lines that others wait for, when there are many, wait in a file. */
static bool set_aside(struct lineup *lineup, struct slot *slot, struct error *err)
{
	pthread_mutex_lock(&lineup->lock);
	bool is_many = slot != lineup->first && lineup->resident_bytes + slot->lines.recent.len > SCAN_RESIDENT_BYTES;
	pthread_mutex_unlock(&lineup->lock);
	return !is_many || sheaf_spill(&slot->lines, err);
}

bool lineup_done(struct lineup *lineup, struct slot *slot, struct error *err)
{
	bool is_set_aside = set_aside(lineup, slot, err);
	pthread_mutex_lock(&lineup->lock);
	slot->state = SLOT_DONE;
	if (--lineup->reading_count == 0)
		pthread_cond_broadcast(&lineup->has_waiting);
	lineup->resident_bytes += slot->lines.recent.len;
	lineup->done_count++;
	if (is_worth_waking(lineup))
		pthread_cond_signal(&lineup->first_is_done);
	pthread_mutex_unlock(&lineup->lock);
	return is_set_aside;
}

/* ---- who takes ---- */

static struct timespec moment_in(unsigned ms)
{
	struct timespec moment;
	clock_gettime(CLOCK_MONOTONIC, &moment);
	moment.tv_nsec += (long)(ms % 1000) * 1000000;
	moment.tv_sec += ms / 1000 + moment.tv_nsec / 1000000000;
	moment.tv_nsec %= 1000000000;
	return moment;
}

static bool has_to_wait(const struct lineup *lineup)
{
	if (lineup->is_cancelled)
		return false;
	return lineup->first ? lineup->first->state != SLOT_DONE : !lineup->is_closed;
}

static struct slot *take_first(struct lineup *lineup)
{
	struct slot *slot = lineup->first;
	lineup->first = slot->next;
	if (!lineup->first)
		lineup->last = NULL;
	lineup->count--;
	lineup->done_count--;
	lineup->resident_bytes -= slot->lines.recent.len;
	pthread_cond_signal(&lineup->has_room);
	return slot;
}

enum lineup_answer lineup_take(struct lineup *lineup, unsigned wait_ms, struct slot **ret)
{
	struct timespec until = moment_in(wait_ms);
	enum lineup_answer answer = LINEUP_SLOT;
	int waited = 0;
	pthread_mutex_lock(&lineup->lock);
	while (has_to_wait(lineup) && !waited)
		waited = pthread_cond_timedwait(&lineup->first_is_done, &lineup->lock, &until);
	if (has_to_wait(lineup))
		answer = LINEUP_NOT_YET;
	else if (lineup->is_cancelled || !lineup->first)
		answer = LINEUP_ENDED;
	else
		*ret = take_first(lineup);
	pthread_mutex_unlock(&lineup->lock);
	return answer;
}
