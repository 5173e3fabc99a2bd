#include "rules/absorb.h"

#include <stdlib.h>

static int compare_ranks(const void *a, const void *b)
{
	const struct finding *left = *(struct finding *const *)a, *right = *(struct finding *const *)b;
	if (left->first_line != right->first_line)
		return left->first_line < right->first_line ? -1 : 1;
	if (left->rule->severity != right->rule->severity)
		return left->rule->severity > right->rule->severity ? -1 : 1;
	return left < right ? -1 : left > right;
}

static bool pattern_covers(const char *pattern, const char *id)
{
	size_t len = strlen(pattern);
	if (len == 0 || pattern[len - 1] != '*')
		return strcmp(pattern, id) == 0;
	return strncmp(pattern, id, len - 1) == 0;
}

static bool explains(const struct finding *cause, const struct finding *consequence)
{
	for (size_t i = 0; i < cause->rule->explains_count; i++)
		if (pattern_covers(cause->rule->explains[i], consequence->rule->id))
			return true;
	return false;
}

/* True when `finding` already is what explains `cause`, over any number of steps. */
static bool stands_above(const struct finding *finding, const struct finding *cause)
{
	while (cause && cause != finding)
		cause = cause->absorbed_by;
	return cause == finding;
}

static void absorb_into(struct finding *cause, struct finding *const *all, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!all[i]->absorbed_by && explains(cause, all[i]) && !stands_above(all[i], cause))
			all[i]->absorbed_by = cause;
}

bool findings_absorb(struct finding *findings, size_t count, struct arena *arena)
{
	struct finding **ranked = arena_alloc(arena, count * sizeof *ranked);
	size_t matched = 0;
	if (!ranked)
		return false;
	for (size_t i = 0; i < count; i++)
		if (findings[i].outcome == OUTCOME_MATCHED)
			ranked[matched++] = &findings[i];
	if (matched)
		qsort(ranked, matched, sizeof *ranked, compare_ranks);
	for (size_t i = 0; i < matched; i++)
		absorb_into(ranked[i], ranked, matched);
	return true;
}
