#include "base/sheaf.h"

#include <stdlib.h>

#include "base/limits.h"

void sheaf_init(struct sheaf *sheaf, struct spill *spill)
{
	*sheaf = (struct sheaf){ .spill = spill, .recent = BUF_INIT(SHEAF_BYTES + REPORT_BYTES) };
}

void sheaf_clear(struct sheaf *sheaf)
{
	for (size_t i = 0; i < sheaf->extent_count; i++)
		spill_drop(sheaf->spill);
	sheaf->extent_count = 0;
	buf_clear(&sheaf->recent);
}

void sheaf_deinit(struct sheaf *sheaf)
{
	sheaf_clear(sheaf);
	free(sheaf->extents);
	buf_deinit(&sheaf->recent);
}

static bool reserve_extent(struct sheaf *sheaf, struct error *err)
{
	if (sheaf->extent_count < sheaf->extent_capacity)
		return true;
	size_t capacity = sheaf->extent_capacity ? 2 * sheaf->extent_capacity : 4;
	struct spill_extent *extents = realloc(sheaf->extents, capacity * sizeof(*extents));
	if (!extents)
		return error_out_of_memory(err);
	sheaf->extents = extents;
	sheaf->extent_capacity = capacity;
	return true;
}

bool sheaf_spill(struct sheaf *sheaf, struct error *err)
{
	if (!sheaf->recent.len)
		return true;
	struct spill_extent *extent;
	if (!reserve_extent(sheaf, err))
		return false;
	extent = &sheaf->extents[sheaf->extent_count];
	if (!spill_put(sheaf->spill, buf_slice(&sheaf->recent), extent, err))
		return false;
	sheaf->extent_count++;
	buf_deinit(&sheaf->recent);
	return true;
}

bool sheaf_add(struct sheaf *sheaf, struct slice pieces, struct error *err)
{
	buf_append(&sheaf->recent, pieces);
	if (sheaf->recent.failed) {
		/* What was there is there. */
		sheaf->recent.failed = false;
		return error_out_of_memory(err);
	}
	return sheaf->recent.len < SHEAF_BYTES || sheaf_spill(sheaf, err);
}

static bool take_extent(struct sheaf *sheaf, const struct spill_extent *extent,
			bool (*take)(void *user, struct slice pieces, struct error *err), void *user, struct error *err)
{
	char *bytes = malloc(extent->len);
	if (!bytes)
		return error_out_of_memory(err);
	bool is_taken = spill_get(sheaf->spill, extent, bytes, err) &&
			take(user, (struct slice){ bytes, extent->len }, err);
	free(bytes);
	return is_taken;
}

bool sheaf_drain(struct sheaf *sheaf, bool (*take)(void *user, struct slice pieces, struct error *err), void *user,
		 struct error *err)
{
	bool is_taken = true;
	for (size_t i = 0; is_taken && i < sheaf->extent_count; i++)
		is_taken = take_extent(sheaf, &sheaf->extents[i], take, user, err);
	if (is_taken && sheaf->recent.len)
		is_taken = take(user, buf_slice(&sheaf->recent), err);
	sheaf_clear(sheaf);
	return is_taken;
}
