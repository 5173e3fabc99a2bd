#include "scan/ground.h"

#include <stdlib.h>

#include "base/hash.h"

/* Rows are few enough to be no matter for one log, and many enough for WATCH_LOGS_MAX. */
#define ROWS ((size_t)1 << 15)

bool ground_init(struct ground *ground, struct error *err)
{
	*ground = (struct ground){
		.trail_rows = calloc(ROWS, sizeof(struct trail *)), .place_rows = calloc(ROWS, sizeof(struct place *)),
		.number_rows = calloc(ROWS, sizeof(struct place *)), .row_count = ROWS,
	};
	return (ground->trail_rows && ground->place_rows && ground->number_rows) || error_out_of_memory(err);
}

static void free_place(struct place *place)
{
	free(place->trails);
	free(place->path);
	free(place);
}

static void free_trails(struct ground *ground)
{
	for (size_t i = 0; ground->trail_rows && i < ground->row_count; i++)
		while (ground->trail_rows[i]) {
			struct trail *trail = ground->trail_rows[i];
			ground->trail_rows[i] = trail->next;
			trail_free(trail);
		}
}

static void free_places(struct ground *ground)
{
	for (size_t i = 0; ground->place_rows && i < ground->row_count; i++)
		while (ground->place_rows[i]) {
			struct place *place = ground->place_rows[i];
			ground->place_rows[i] = place->next;
			free_place(place);
		}
}

void ground_deinit(struct ground *ground)
{
	free_trails(ground);
	free_places(ground);
	free(ground->trail_rows);
	free(ground->place_rows);
	free(ground->number_rows);
	*ground = (struct ground){ 0 };
}

/* ---- trails ---- */

static struct trail **row_of_file(const struct ground *ground, uint64_t dev, uint64_t ino)
{
	const uint64_t both[2] = { dev, ino };
	return &ground->trail_rows[hash_slice(HASH_START, (struct slice){ (const char *)both, sizeof(both) }) &
				   (ground->row_count - 1)];
}

struct trail *ground_trail(const struct ground *ground, uint64_t dev, uint64_t ino)
{
	struct trail *trail = *row_of_file(ground, dev, ino);
	while (trail && (trail->dev != dev || trail->ino != ino))
		trail = trail->next;
	return trail;
}

void ground_add_trail(struct ground *ground, struct trail *trail)
{
	struct trail **row = row_of_file(ground, trail->dev, trail->ino);
	trail->next = *row;
	*row = trail;
	ground->trail_count++;
}

uint64_t place_hash(const struct place *place)
{
	return hash_slice(HASH_START, slice_of(place->path));
}

void ground_lose_trail(struct ground *ground, struct trail *trail, int64_t now_ms)
{
	trail->was_at = place_hash(trail->place);
	trail->place = trail->unit.place = NULL;
	trail->gone_ms = now_ms;
	trail->next_gone = ground->gone;
	ground->gone = trail;
}

void ground_regain_trail(struct ground *ground, struct trail *trail)
{
	struct trail **at = &ground->gone;
	while (*at && *at != trail)
		at = &(*at)->next_gone;
	if (*at)
		*at = trail->next_gone;
	trail->was_at = 0;
}

static void remove_trail(struct ground *ground, struct trail *trail)
{
	struct trail **at = row_of_file(ground, trail->dev, trail->ino);
	while (*at != trail)
		at = &(*at)->next;
	*at = trail->next;
	trail_free(trail);
	ground->trail_count--;
}

void ground_forget_trails(struct ground *ground, int64_t since_ms)
{
	struct trail **at = &ground->gone;
	while (*at) {
		struct trail *trail = *at;
		if (trail->gone_ms >= since_ms || trail->unit.is_waiting || trail->is_touched) {
			at = &trail->next_gone;
			continue;
		}
		*at = trail->next_gone;
		remove_trail(ground, trail);
	}
}

/* ---- places ---- */

static struct place **row_of_path(const struct ground *ground, struct slice path)
{
	return &ground->place_rows[hash_slice(HASH_START, path) & (ground->row_count - 1)];
}

static struct place **row_of_number(const struct ground *ground, int number)
{
	return &ground->number_rows[(unsigned)number & (ground->row_count - 1)];
}

struct place *ground_place(const struct ground *ground, struct slice path)
{
	struct place *place = *row_of_path(ground, path);
	while (place && !slice_is(path, place->path))
		place = place->next;
	return place;
}

struct place *ground_numbered(const struct ground *ground, int number)
{
	struct place *place = *row_of_number(ground, number);
	while (place && place->number != number)
		place = place->next_numbered;
	return place;
}

struct place *ground_add_place(struct ground *ground, struct slice path, struct error *err)
{
	struct place *place = calloc(1, sizeof(*place)), **row = row_of_path(ground, path);
	char *copy = strndup(path.ptr, path.len);
	if (!place || !copy) {
		free(place);
		free(copy);
		error_out_of_memory(err);
		return NULL;
	}
	*place = (struct place){ .next = *row, .path = copy, .number = -1, .vm.place = place };
	*row = place;
	ground->place_count++;
	return place;
}

void ground_set_number(struct ground *ground, struct place *place, int number)
{
	if (place->number >= 0) {
		struct place **at = row_of_number(ground, place->number);
		while (*at != place)
			at = &(*at)->next_numbered;
		*at = place->next_numbered;
	}
	place->number = number;
	if (number >= 0) {
		struct place **row = row_of_number(ground, number);
		place->next_numbered = *row;
		*row = place;
	}
}

void ground_remove_place(struct ground *ground, struct place *place)
{
	struct place **at = row_of_path(ground, slice_of(place->path));
	ground_set_number(ground, place, -1);
	while (*at != place)
		at = &(*at)->next;
	*at = place->next;
	ground->place_count--;
	free_place(place);
}

struct place *ground_next(const struct ground *ground, const struct place *place)
{
	if (place && place->next)
		return place->next;
	size_t row = place ? (size_t)(row_of_path(ground, slice_of(place->path)) - ground->place_rows) + 1 : 0;
	while (row < ground->row_count && !ground->place_rows[row])
		row++;
	return row < ground->row_count ? ground->place_rows[row] : NULL;
}

static int compare_name(const void *name, const void *trail)
{
	const struct trail *const *other = trail;
	return strcmp(name, (*other)->name);
}

struct trail *place_trail(const struct place *place, const char *name)
{
	struct trail **found = place->count ? bsearch(name, place->trails, place->count, sizeof(*place->trails),
						      compare_name) : NULL;
	return found ? *found : NULL;
}
