/* Which rules a command works with. */
#ifndef CLI_RULESET_H
#define CLI_RULESET_H

#include "base/arena.h"
#include "base/error.h"
#include "rules/rule.h"

/* The built-in rules, and those of `directory` (NULL: none); the same id replaces. Lives in
 * `arena`. */
bool ruleset_with(struct arena *arena, const char *directory, struct rule_set *ret, struct error *err);

/* `base` with the rules of `over`: the same id replaces, an override changes. Without those of status
 * unsupported. */
bool ruleset_merge(struct arena *arena, struct rule_set base, struct rule_set over, struct rule_set *ret,
		   struct error *err);

/* Those of files, and of directories of such. */
bool ruleset_of_paths(struct arena *arena, char *const *paths, size_t count, struct rule_set *ret, struct error *err);

/* By id; NULL when there is none. */
const struct rule *ruleset_find(struct rule_set set, const char *id);

#endif
