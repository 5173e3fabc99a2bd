/* The YAML of rule files: bounded text to a small tree. The only file that knows libyaml is
 * yaml.c.
 *
 * Refused: anchors, aliases, tags, directives, merge keys, duplicate keys, keys that are not
 * plain text, NUL bytes, several documents, and more bytes, nodes or levels than
 * base/limits.h allows. */
#ifndef RULES_YAML_H
#define RULES_YAML_H

#include "base/arena.h"
#include "base/error.h"

enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAP };

struct yaml_node {
	enum yaml_kind kind;
	unsigned line, column;        /* in the file, counted from 1 */
	struct slice text;            /* of YAML_TEXT; a NUL stands behind it */
	const struct yaml_node *key;  /* of a value in a map: its key */
	struct yaml_node *first;      /* items of a list, values of a map */
	struct yaml_node *next;       /* the next item of the same list or map */
	size_t count;                 /* of items */
};

/* The tree lives in `arena`. Errors read "FILE:LINE:COLUMN: what was found, expected what". */
bool yaml_read(struct arena *arena, struct slice text, const char *file, const struct yaml_node **ret,
	       struct error *err);

/* Sets "FILE:LINE:COLUMN: WHAT" and the place. Always false. */
bool yaml_fail(struct error *err, const char *file, size_t line, size_t column, const char *what);
/* Adds that line of `text`, and a caret below the column, to an error that has a place. */
void yaml_show_place(struct error *err, struct slice text);

/* "a text", "a list", "a mapping". */
const char *yaml_kind_name(enum yaml_kind kind);

#endif
