/* Rule files: YAML to checked rules. A bad file gives one line: file, line, column, what was
 * found and what was expected. Nothing is skipped in silence. */
#ifndef RULES_LOAD_H
#define RULES_LOAD_H

#include "base/arena.h"
#include "base/error.h"
#include "rules/rule.h"

/* Loads one rule from the text of a file. `id` is what the rule's id must be (its path without
 * ".yaml"); empty: any. `file` names it in errors and is copied. The rule lives in `arena`. */
bool rule_load(struct arena *arena, struct slice text, const char *file, struct slice id,
	       const struct rule **ret, struct error *err);

/* Loads every DIR/<family>/<slug>.yaml, sorted by id; DIR may be the folder of one family. False on
 * the first bad file, and when there is none. */
bool rules_load_directory(struct arena *arena, const char *directory, struct rule_set *ret, struct error *err);

/* Loads one file; its id must end in <parent folder>/<file name>. */
bool rule_load_file(struct arena *arena, const char *path, const struct rule **ret, struct error *err);

#endif
