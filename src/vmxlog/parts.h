/* The parts of a dump in pstore, put into order.
 *
 * The store's records are small, so that a dump comes in parts, each a file. The newest is the
 * first: Part1 ends with the panic, Part2 ends where Part1 begins. A listing joins them in that
 * order, systemd-pstore in the kernel's. */
#ifndef VMXLOG_PARTS_H
#define VMXLOG_PARTS_H

#include "base/arena.h"

/* One physical line, without its end. */
struct source_line {
	struct slice text;
	uint64_t number, offset;
	bool is_cut;
};

struct dump_part {
	uint64_t number;
	size_t first, count; /* of its lines */
};

/* All zero is valid: nothing is held. */
struct dump_parts {
	struct arena arena;
	struct slice dump; /* "Panic#1" */
	struct source_line *lines;
	size_t line_count, line_capacity;
	struct dump_part *parts;
	size_t part_count, part_capacity;
};

static inline bool dump_parts_is_holding(const struct dump_parts *parts)
{
	return parts->part_count != 0;
}

/* True when a part of that name and number goes with those that are held. */
bool dump_parts_accepts(const struct dump_parts *parts, struct slice dump, uint64_t number);
/* The lines from here on are of this part. */
void dump_parts_begin(struct dump_parts *parts, struct slice dump, uint64_t number);
/* Keeps a copy. False, and nothing done, when PSTORE_DUMP_BYTES are held. */
bool dump_parts_hold(struct dump_parts *parts, const struct source_line *line);
/* Sets the parts into the kernel's order: their lines are from then on lines[0] ... in it. */
void dump_parts_sort(struct dump_parts *parts);
/* Forgets all; parts->arena.failed stays. */
void dump_parts_clear(struct dump_parts *parts);

#endif
