/* What a watch keeps an eye on: folders by their paths, logs by their files. */
#ifndef SCAN_GROUND_H
#define SCAN_GROUND_H

#include "scan/trail.h"

/* A folder. */
struct place {
	struct place *next, *next_numbered; /* in their rows */
	char *path;
	int number;            /* of the kernel's notices; -1: there are none */
	struct trail **trails; /* by name */
	size_t count;
	struct unit vm;        /* the logs in it that are a VM's */
	uint64_t listing;      /* hash of what stood in it; 0: not listed yet */
	uint64_t walk;         /* the last walk that came across it */
	bool is_whole;         /* all its files are followed; else those that were named */
	bool is_dirty;         /* to be listed again */
	int64_t not_before_ms; /* no sooner than then */
	uint64_t trouble;      /* hash of what was said last of its logs */
};

struct ground {
	struct trail **trail_rows;
	struct place **place_rows, **number_rows;
	size_t row_count;      /* of each; a power of two */
	size_t trail_count, place_count;
	struct trail *gone;    /* trails without a place, by next_gone */
};

bool ground_init(struct ground *ground, struct error *err);
/* Frees all places and trails. */
void ground_deinit(struct ground *ground);

struct trail *ground_trail(const struct ground *ground, uint64_t dev, uint64_t ino);
/* Takes the trail over. */
void ground_add_trail(struct ground *ground, struct trail *trail);
/* The file is no longer where it was: it may come to light elsewhere for a while. */
void ground_lose_trail(struct ground *ground, struct trail *trail, int64_t now_ms);
/* It did. */
void ground_regain_trail(struct ground *ground, struct trail *trail);
/* Frees those that were lost before `since_ms`. */
void ground_forget_trails(struct ground *ground, int64_t since_ms);

struct place *ground_place(const struct ground *ground, struct slice path);
struct place *ground_numbered(const struct ground *ground, int number);
struct place *ground_add_place(struct ground *ground, struct slice path, struct error *err);
void ground_set_number(struct ground *ground, struct place *place, int number);
/* Its trails are the caller's business before. */
void ground_remove_place(struct ground *ground, struct place *place);
/* The places one after the other, in any order; NULL first, NULL at the end. */
struct place *ground_next(const struct ground *ground, const struct place *place);

/* Of its path. */
uint64_t place_hash(const struct place *place);
/* A log of the place by its name; NULL. */
struct trail *place_trail(const struct place *place, const char *name);

#endif
