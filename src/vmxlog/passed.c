#include "vmxlog/passed.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/limits.h"

/* ---- while a file is read ---- */

static bool grow(struct passed *passed)
{
	if (passed->count < passed->capacity)
		return true;
	size_t wanted = passed->capacity ? passed->capacity * 2 : 16;
	struct passed_run *grown = realloc(passed->runs, wanted * sizeof(*grown));
	if (!grown)
		return false;
	passed->runs = grown;
	passed->capacity = wanted;
	return true;
}

static void drop_short(struct passed *passed)
{
	size_t kept = 0;
	for (size_t i = 0; i < passed->count; i++)
		if (passed->runs[i].len >= passed->min_len)
			passed->runs[kept++] = passed->runs[i];
	passed->count = kept;
}

/* Of many runs the longest are worth the most. */
static void make_room(struct passed *passed)
{
	while (passed->count == PASSED_RUNS_MAX) {
		passed->min_len *= 2;
		drop_short(passed);
	}
}

void passed_add(struct passed *passed, struct passed_run run)
{
	struct passed_run *last = passed->count ? &passed->runs[passed->count - 1] : NULL;
	if (last && last->from + last->len == run.from) {
		last->len += run.len;
		last->lines += run.lines;
		return;
	}
	if (!passed->min_len)
		passed->min_len = PASSED_RUN_MIN_BYTES;
	if (last && last->len < passed->min_len)
		passed->count--;
	make_room(passed);
	if (grow(passed))
		passed->runs[passed->count++] = run;
}

void passed_end(struct passed *passed, uint64_t size)
{
	drop_short(passed);
	while (passed->count && passed->runs[passed->count - 1].from + passed->runs[passed->count - 1].len > size)
		passed->count--;
}

void passed_deinit(struct passed *passed)
{
	free(passed->runs);
	*passed = (struct passed){ 0 };
}

/* ---- as text ---- */

void passed_print(const struct passed *passed, struct buf *out)
{
	for (size_t i = 0; i < passed->count; i++) {
		const struct passed_run *run = &passed->runs[i];
		buf_printf(out, "%s%" PRIu64 "+%" PRIu64 "=%" PRIu64, i ? " " : "", run->from, run->len, run->lines);
	}
}

static bool parse_run(struct slice *text, struct passed_run *ret)
{
	return slice_eat_decimal(text, &ret->from) && slice_eat(text, SLICE("+")) &&
	       slice_eat_decimal(text, &ret->len) && slice_eat(text, SLICE("=")) &&
	       slice_eat_decimal(text, &ret->lines) && (slice_eat(text, SLICE(" ")) || !text->len);
}

/* Runs stand behind each other, and each line has a byte at least. */
static bool fits(const struct passed *passed, const struct passed_run *run)
{
	const struct passed_run *last = passed->count ? &passed->runs[passed->count - 1] : NULL;
	return run->lines && run->lines <= run->len && run->from <= INT64_MAX && run->len <= INT64_MAX - run->from &&
	       (!last || run->from > last->from + last->len);
}

void passed_parse(struct slice text, struct passed *ret)
{
	struct passed_run run;
	*ret = (struct passed){ 0 };
	while (text.len) {
		bool is_run = parse_run(&text, &run) && fits(ret, &run) && ret->count < PASSED_RUNS_MAX;
		if (!is_run || !grow(ret)) {
			passed_deinit(ret);
			return;
		}
		ret->runs[ret->count++] = run;
	}
}
