#include "rules/absorb.h"

#include <stdlib.h>

struct ranked {
	struct finding *finding;
	uint64_t first_line;
};

static int compare_ranks(const void *a, const void *b)
{
	const struct ranked *left = a, *right = b;
	if (left->first_line != right->first_line)
		return left->first_line < right->first_line ? -1 : 1;
	enum rule_severity left_severity = left->finding->rule->severity;
	enum rule_severity right_severity = right->finding->rule->severity;
	if (left_severity != right_severity)
		return left_severity > right_severity ? -1 : 1;
	return left->finding < right->finding ? -1 : left->finding > right->finding;
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

static void absorb_into(struct finding *cause, const struct ranked *all, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct finding *other = all[i].finding;
		if (!other->absorbed_by && explains(cause, other) && !stands_above(other, cause))
			other->absorbed_by = cause;
	}
}

bool findings_absorb(struct finding *findings, const uint64_t *first_lines, size_t count, struct arena *arena)
{
	struct ranked *ranked = arena_alloc(arena, count * sizeof *ranked);
	size_t matched = 0;
	if (!ranked)
		return false;
	for (size_t i = 0; i < count; i++)
		if (findings[i].outcome == OUTCOME_MATCHED)
			ranked[matched++] = (struct ranked){ &findings[i], first_lines[i] };
	if (matched)
		qsort(ranked, matched, sizeof *ranked, compare_ranks);
	for (size_t i = 0; i < matched; i++)
		absorb_into(ranked[i].finding, ranked, matched);
	return true;
}
