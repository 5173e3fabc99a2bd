#include "vmxlog/parts.h"

#include <stdlib.h>

#include "base/limits.h"

bool dump_parts_accepts(const struct dump_parts *parts, struct slice dump, uint64_t number)
{
	if (!slice_equal(parts->dump, dump) || parts->part_count >= PSTORE_PARTS_MAX)
		return false;
	for (size_t i = 0; i < parts->part_count; i++)
		if (parts->parts[i].number == number)
			return false;
	return true;
}

void dump_parts_begin(struct dump_parts *parts, struct slice dump, uint64_t number)
{
	if (!dump_parts_is_holding(parts))
		parts->dump = arena_copy(&parts->arena, dump);
	if (!arena_grow(&parts->arena, &parts->parts, parts->part_count, &parts->part_capacity, sizeof *parts->parts))
		return;
	parts->parts[parts->part_count++] = (struct dump_part){ number, parts->line_count, 0 };
}

bool dump_parts_hold(struct dump_parts *parts, const struct source_line *line)
{
	if (parts->arena.used + line->text.len > PSTORE_DUMP_BYTES)
		return false;
	if (!arena_grow(&parts->arena, &parts->lines, parts->line_count, &parts->line_capacity, sizeof *parts->lines))
		return true;
	struct source_line *held = &parts->lines[parts->line_count++];
	*held = *line;
	held->text = arena_copy(&parts->arena, line->text);
	parts->parts[parts->part_count - 1].count++;
	return true;
}

static int compare_parts(const void *a, const void *b)
{
	uint64_t left = ((const struct dump_part *)a)->number, right = ((const struct dump_part *)b)->number;
	return left < right ? 1 : left > right ? -1 : 0;
}

void dump_parts_sort(struct dump_parts *parts)
{
	struct source_line *sorted = arena_alloc(&parts->arena, (parts->line_count + 1) * sizeof *sorted);
	size_t count = 0;
	if (!sorted)
		return;
	qsort(parts->parts, parts->part_count, sizeof *parts->parts, compare_parts);
	for (size_t i = 0; i < parts->part_count; i++) {
		const struct dump_part *part = &parts->parts[i];
		if (part->count)
			memcpy(sorted + count, parts->lines + part->first, part->count * sizeof *sorted);
		count += part->count;
	}
	parts->lines = sorted;
}

void dump_parts_clear(struct dump_parts *parts)
{
	bool failed = parts->arena.failed;
	arena_deinit(&parts->arena);
	*parts = (struct dump_parts){ .arena.failed = failed };
}
