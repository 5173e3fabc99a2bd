/* Holds JSON against a JSON Schema (draft 2020-12), as far as the schemas of doc/ use it: a keyword that is
 * not known here is a failure, so that none of them stands there without being looked at. */
#ifndef TESTS_JSON_SCHEMA_H
#define TESTS_JSON_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All schemas; a $ref may lead from one into another by its $id. */
struct schemas {
	json_t *files[4];
	size_t count;
};

/* Why and where; of an anyOf that does not hold, that none does. */
struct schema_fault {
	char text[400];
	char path[400];
};

static inline bool schema_fault_set(struct schema_fault *fault, const char *path, const char *what, const char *which)
{
	snprintf(fault->path, sizeof(fault->path), "%s", path);
	snprintf(fault->text, sizeof(fault->text), "%s %s", what, which);
	return false;
}

static inline bool schemas_load(struct schemas *schemas, const char *path)
{
	json_error_t error;
	json_t *file = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	if (!file)
		fprintf(stderr, "%s:%d: %s\n", path, error.line, error.text);
	else
		schemas->files[schemas->count++] = file;
	return file != NULL;
}

static inline void schemas_free(struct schemas *schemas)
{
	while (schemas->count)
		json_decref(schemas->files[--schemas->count]);
}

/* "#/$defs/boot" in its own file, or "FILE#/$defs/boot"; NULL when it leads nowhere. *file becomes the file. */
static inline const json_t *schema_find(const struct schemas *schemas, const json_t **file, const char *reference)
{
	const char *hash = strchr(reference, '#');
	size_t len = hash ? (size_t)(hash - reference) : strlen(reference);
	for (size_t i = 0; len && i < schemas->count; i++) {
		const char *id = json_string_value(json_object_get(schemas->files[i], "$id"));
		if (id && strlen(id) == len && strncmp(id, reference, len) == 0)
			*file = schemas->files[i];
	}
	const json_t *found = *file;
	for (const char *step = hash ? hash + 1 : ""; found && *step == '/';) {
		size_t step_len = strcspn(++step, "/");
		found = json_object_getn(found, step, step_len);
		step += step_len;
	}
	return found;
}

static inline bool schema_type_is(const json_t *value, const char *type)
{
	return (strcmp(type, "null") == 0 && json_is_null(value)) ||
	       (strcmp(type, "boolean") == 0 && json_is_boolean(value)) ||
	       (strcmp(type, "integer") == 0 && json_is_integer(value)) ||
	       (strcmp(type, "number") == 0 && json_is_number(value)) ||
	       (strcmp(type, "string") == 0 && json_is_string(value)) ||
	       (strcmp(type, "array") == 0 && json_is_array(value)) ||
	       (strcmp(type, "object") == 0 && json_is_object(value));
}

static inline bool schema_holds(const struct schemas *schemas, const json_t *file, const json_t *schema,
				const json_t *value, const char *path, struct schema_fault *fault);

/* ---- keywords ---- */

struct schema_place {
	const struct schemas *schemas;
	const json_t *file, *value;
	const char *path;
};

static inline bool schema_keyword_type(const struct schema_place *at, const json_t *wanted, struct schema_fault *fault)
{
	size_t i;
	const json_t *type;
	if (json_is_string(wanted))
		return schema_type_is(at->value, json_string_value(wanted)) ||
		       schema_fault_set(fault, at->path, "is not of type", json_string_value(wanted));
	json_array_foreach(wanted, i, type)
		if (schema_type_is(at->value, json_string_value(type)))
			return true;
	return schema_fault_set(fault, at->path, "is of none of its types", "");
}

static inline bool schema_keyword_enum(const struct schema_place *at, const json_t *wanted, struct schema_fault *fault)
{
	size_t i;
	const json_t *item;
	json_array_foreach(wanted, i, item)
		if (json_equal(at->value, item))
			return true;
	return schema_fault_set(fault, at->path, "is none of the words that it may be", "");
}

static inline bool schema_keyword_const(const struct schema_place *at, const json_t *wanted,
					struct schema_fault *fault)
{
	return json_equal(at->value, wanted) || schema_fault_set(fault, at->path, "is not what it must be", "");
}

static inline bool schema_keyword_minimum(const struct schema_place *at, const json_t *wanted,
					  struct schema_fault *fault)
{
	return !json_is_number(at->value) || json_number_value(at->value) >= json_number_value(wanted) ||
	       schema_fault_set(fault, at->path, "is too small", "");
}

static inline bool schema_keyword_required(const struct schema_place *at, const json_t *wanted,
					   struct schema_fault *fault)
{
	size_t i;
	const json_t *name;
	json_array_foreach(wanted, i, name)
		if (json_is_object(at->value) && !json_object_get(at->value, json_string_value(name)))
			return schema_fault_set(fault, at->path, "lacks", json_string_value(name));
	return true;
}

static inline bool schema_keyword_properties(const struct schema_place *at, const json_t *wanted,
					     struct schema_fault *fault)
{
	const char *name;
	json_t *schema;
	json_object_foreach((json_t *)wanted, name, schema) {
		char path[400];
		const json_t *member = json_object_get(at->value, name);
		snprintf(path, sizeof(path), "%s.%s", at->path, name);
		if (member && !schema_holds(at->schemas, at->file, schema, member, path, fault))
			return false;
	}
	return true;
}

static inline bool schema_keyword_items(const struct schema_place *at, const json_t *wanted, struct schema_fault *fault)
{
	size_t i;
	const json_t *item;
	json_array_foreach(at->value, i, item) {
		char path[400];
		snprintf(path, sizeof(path), "%s.%zu", at->path, i);
		if (!schema_holds(at->schemas, at->file, wanted, item, path, fault))
			return false;
	}
	return true;
}

static inline bool schema_keyword_all_of(const struct schema_place *at, const json_t *wanted,
					 struct schema_fault *fault)
{
	size_t i;
	const json_t *schema;
	json_array_foreach(wanted, i, schema)
		if (!schema_holds(at->schemas, at->file, schema, at->value, at->path, fault))
			return false;
	return true;
}

/* The fault of the last of them is told: null stands first. */
static inline bool schema_keyword_any_of(const struct schema_place *at, const json_t *wanted,
					 struct schema_fault *fault)
{
	size_t i;
	const json_t *schema;
	json_array_foreach(wanted, i, schema)
		if (schema_holds(at->schemas, at->file, schema, at->value, at->path, fault))
			return true;
	return false;
}

static inline bool schema_keyword_ref(const struct schema_place *at, const json_t *wanted, struct schema_fault *fault)
{
	const json_t *file = at->file;
	const json_t *schema = schema_find(at->schemas, &file, json_string_value(wanted));
	if (!schema)
		return schema_fault_set(fault, at->path, "is told by a $ref that leads nowhere:", json_string_value(wanted));
	return schema_holds(at->schemas, file, schema, at->value, at->path, fault);
}

static inline bool schema_keyword_for_readers(const struct schema_place *at, const json_t *wanted,
					      struct schema_fault *fault)
{
	(void)at, (void)wanted, (void)fault;
	return true;
}

struct schema_keyword {
	const char *name;
	bool (*holds)(const struct schema_place *at, const json_t *wanted, struct schema_fault *fault);
};

static inline const struct schema_keyword *schema_keyword_find(const char *name)
{
	static const struct schema_keyword keywords[] = {
		{ "type", schema_keyword_type }, { "enum", schema_keyword_enum }, { "const", schema_keyword_const },
		{ "minimum", schema_keyword_minimum }, { "required", schema_keyword_required },
		{ "properties", schema_keyword_properties }, { "items", schema_keyword_items },
		{ "allOf", schema_keyword_all_of }, { "anyOf", schema_keyword_any_of }, { "$ref", schema_keyword_ref },
		{ "$schema", schema_keyword_for_readers }, { "$id", schema_keyword_for_readers },
		{ "$defs", schema_keyword_for_readers }, { "title", schema_keyword_for_readers },
		{ "description", schema_keyword_for_readers },
	};
	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++)
		if (strcmp(name, keywords[i].name) == 0)
			return &keywords[i];
	return NULL;
}

static inline bool schema_holds(const struct schemas *schemas, const json_t *file, const json_t *schema,
				const json_t *value, const char *path, struct schema_fault *fault)
{
	const struct schema_place at = { schemas, file, value, path };
	const char *name;
	json_t *wanted;
	json_object_foreach((json_t *)schema, name, wanted) {
		const struct schema_keyword *keyword = schema_keyword_find(name);
		if (!keyword)
			return schema_fault_set(fault, path, "is told by an unknown keyword:", name);
		if (!keyword->holds(&at, wanted, fault))
			return false;
	}
	return true;
}

/* Against the file at that place in the order of loading. */
static inline bool schemas_hold(const struct schemas *schemas, size_t index, const json_t *value,
				struct schema_fault *fault)
{
	const json_t *file = schemas->files[index];
	return schema_holds(schemas, file, file, value, "", fault);
}

#endif
