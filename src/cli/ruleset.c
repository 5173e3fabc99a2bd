#include "cli/ruleset.h"

#include <string.h>
#include <sys/stat.h>

#include "rules/load.h"

struct collection {
	const struct rule **rules;
	size_t count, capacity;
};

static bool add(struct arena *arena, struct collection *all, const struct rule *rule, struct error *err)
{
	if (!arena_grow(arena, &all->rules, all->count, &all->capacity, sizeof(*all->rules)))
		return error_out_of_memory(err);
	all->rules[all->count++] = rule;
	return true;
}

static bool add_set(struct arena *arena, struct collection *all, struct rule_set set, struct error *err)
{
	for (size_t i = 0; i < set.count; i++)
		if (!add(arena, all, set.rules[i], err))
			return false;
	return true;
}

static const struct rule *override_rule(struct arena *arena, const struct rule *base, const struct rule *changes)
{
	struct rule *rule = ARENA_NEW(arena, struct rule);
	if (!rule)
		return NULL;
	*rule = *base;
	if (changes->overrides & OVERRIDE_SEVERITY)
		rule->severity = changes->severity;
	if (changes->overrides & OVERRIDE_STATUS)
		rule->status = changes->status;
	if (changes->step_count) {
		rule->steps = changes->steps;
		rule->step_count = changes->step_count;
	}
	return rule;
}

static bool replace_or_add(struct arena *arena, struct collection *all, const struct rule *rule, struct error *err)
{
	for (size_t i = 0; i < all->count; i++) {
		if (strcmp(all->rules[i]->id, rule->id) != 0)
			continue;
		all->rules[i] = rule->overrides ? override_rule(arena, all->rules[i], rule) : rule;
		return all->rules[i] || error_out_of_memory(err);
	}
	if (rule->overrides)
		return error_set(err, "%s: overrides %s, expected the id of a rule", rule->file, rule->id);
	return add(arena, all, rule, err);
}

/* A rule that its author or the site has given up is not asked. */
static void drop_unsupported(struct collection *all)
{
	size_t count = 0;
	for (size_t i = 0; i < all->count; i++)
		if (all->rules[i]->status != STATUS_UNSUPPORTED)
			all->rules[count++] = all->rules[i];
	all->count = count;
}

bool ruleset_merge(struct arena *arena, struct rule_set base, struct rule_set over, struct rule_set *ret,
		   struct error *err)
{
	struct collection all = { 0 };
	if (!add_set(arena, &all, base, err))
		return false;
	for (size_t i = 0; i < over.count; i++)
		if (!replace_or_add(arena, &all, over.rules[i], err))
			return false;
	drop_unsupported(&all);
	*ret = (struct rule_set){ all.rules, all.count };
	return true;
}

bool ruleset_with(struct arena *arena, const char *directory, struct rule_set *ret, struct error *err)
{
	struct rule_set own;
	*ret = rules_builtin();
	return !directory ||
	       (rules_load_directory(arena, directory, &own, err) && ruleset_merge(arena, *ret, own, ret, err));
}

static bool add_path(struct arena *arena, struct collection *all, const char *path, struct error *err)
{
	struct stat st;
	struct rule_set set;
	const struct rule *rule;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return rules_load_directory(arena, path, &set, err) && add_set(arena, all, set, err);
	return rule_load_file(arena, path, &rule, err) && add(arena, all, rule, err);
}

bool ruleset_of_paths(struct arena *arena, char *const *paths, size_t count, struct rule_set *ret, struct error *err)
{
	struct collection all = { 0 };
	for (size_t i = 0; i < count; i++)
		if (!add_path(arena, &all, paths[i], err))
			return false;
	*ret = (struct rule_set){ all.rules, all.count };
	return true;
}

const struct rule *ruleset_find(struct rule_set set, const char *id)
{
	for (size_t i = 0; i < set.count; i++)
		if (strcmp(set.rules[i]->id, id) == 0)
			return set.rules[i];
	return NULL;
}
