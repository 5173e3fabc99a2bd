/* What the parts of the rule loader share: errors with a place, keys, and values of each type.
 * All of them return false with *loader->err set when the file is not as it should be. */
#ifndef RULES_LOADER_H
#define RULES_LOADER_H

#include "rules/rule.h"
#include "rules/yaml.h"

struct loader {
	struct arena *arena;
	const char *file;
	struct error *err;
	unsigned negations;      /* depth of `none` around the condition that is being read */
	struct slice *captures;  /* named groups of the regexes that can take something */
	size_t capture_count, capture_capacity;
};

/* "FILE:LINE:COLUMN: ..." */
__attribute__((format(printf, 3, 4)))
bool loader_fail(struct loader *loader, const struct yaml_node *node, const char *format, ...);
/* `text` for an error: short, and harmless on a terminal. */
const char *loader_show(struct loader *loader, struct slice text);
/* The word of the list that is nearest to `text`; NULL when none is near. */
const char *loader_nearest(struct slice text, const char *const *words);

/* The value of each key of `keys` (ended by NULL) into `values`, NULL where it is not there. */
bool loader_fields(struct loader *loader, const struct yaml_node *map, const char *const *keys,
		   const struct yaml_node **values);
const struct yaml_node *loader_field(const struct yaml_node *map, const char *key);

/* The readers of values leave *ret alone when `node` is NULL, a key that is not there. */

/* Text in one line, not empty. */
bool loader_line(struct loader *loader, const struct yaml_node *node, const char **ret);
/* Text in any number of lines, not empty; blanks at its end are dropped. */
bool loader_text(struct loader *loader, const struct yaml_node *node, const char **ret);
bool loader_number(struct loader *loader, const struct yaml_node *node, unsigned *ret);
/* The index of a word in `words`, which NULL ends. */
bool loader_word(struct loader *loader, const struct yaml_node *node, const char *const *words, unsigned *ret);
bool loader_lines(struct loader *loader, const struct yaml_node *list, const char *const **ret, size_t *count);
/* Zeroed room for the items of a list that is not empty; NULL on failure. */
void *loader_items(struct loader *loader, const struct yaml_node *list, size_t item_size);
bool loader_expect(struct loader *loader, const struct yaml_node *node, enum yaml_kind kind);
/* A list with something in it. */
bool loader_expect_items(struct loader *loader, const struct yaml_node *list);

/* condition.c: `match` and everything in it. */
bool condition_load(struct loader *loader, const struct yaml_node *match, struct rule_condition *ret);

#endif
