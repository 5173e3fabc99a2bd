#include "rules/yaml.h"

#include <stdio.h>

#include <yaml.h>

#include "base/limits.h"

/* A number of limits.h as text. */
#define DIGITS_OF(number) DIGITS(number)
#define DIGITS(number) #number

/* Of a line that an error shows. */
#define SHOWN_BYTES 96

struct reader {
	struct arena *arena;
	const char *file;
	struct error *err;
	yaml_parser_t parser;
	yaml_event_t event;  /* the current one; owned */
	bool has_event;
	size_t node_count;
};

const char *yaml_kind_name(enum yaml_kind kind)
{
	return kind == YAML_TEXT ? "a text" : kind == YAML_LIST ? "a list" : "a mapping";
}

bool yaml_fail(struct error *err, const char *file, size_t line, size_t column, const char *what)
{
	error_set(err, "%s:%zu:%zu: %s", file, line, column, what);
	if (err) {
		err->line = (unsigned)line;
		err->column = (unsigned)column;
	}
	return false;
}

void yaml_show_place(struct error *err, struct slice text)
{
	for (unsigned line = 1; line < err->line && text.len; line++)
		text = slice_skip(text, slice_until(text, '\n').len + 1);
	struct slice shown = slice_take(slice_until(text, '\n'), SHOWN_BYTES);
	if (!err->line || !err->column || err->column > shown.len + 1)
		return;
	snprintf(err->excerpt, sizeof err->excerpt, "%5u | %.*s\n      | %*s", err->line, SLICE_ARG(shown),
		 (int)err->column, "^");
	for (char *p = err->excerpt; *p; p++)
		*p = *p == '\t' ? ' ' : *p;
}

static bool fail_at(struct reader *reader, yaml_mark_t mark, const char *what)
{
	return yaml_fail(reader->err, reader->file, mark.line + 1, mark.column + 1, what);
}

/* The current event is one that this subset of YAML does not have. */
static bool fail_here(struct reader *reader, const char *what)
{
	return fail_at(reader, reader->event.start_mark, what);
}

/* libyaml speaks of syntax errors in pieces, of undecodable bytes only by their offset. */
static bool fail_syntax(struct reader *reader)
{
	const yaml_parser_t *parser = &reader->parser;
	const char *problem = parser->problem ? parser->problem : "not readable";
	if (parser->error == YAML_MEMORY_ERROR)
		return error_out_of_memory(reader->err);
	if (parser->error == YAML_READER_ERROR)
		return error_set(reader->err, "%s: byte %zu: %s, expected UTF-8 text", reader->file,
				 parser->problem_offset, problem);
	const char *context = parser->context ? parser->context : "while reading YAML";
	char what[256];
	snprintf(what, sizeof what, "%s %s, expected YAML", problem, context);
	return fail_at(reader, parser->problem_mark, what);
}

static void drop_event(struct reader *reader)
{
	if (reader->has_event)
		yaml_event_delete(&reader->event);
	reader->has_event = false;
}

static bool next_event(struct reader *reader)
{
	drop_event(reader);
	if (!yaml_parser_parse(&reader->parser, &reader->event))
		return fail_syntax(reader);
	reader->has_event = true;
	return true;
}

static bool check_properties(struct reader *reader, const void *anchor, const void *tag)
{
	if (anchor)
		return fail_here(reader, "an anchor, expected none: rule files have no anchors and aliases");
	if (tag)
		return fail_here(reader, "a tag, expected none: rule files have no tags");
	return true;
}

static struct yaml_node *new_node(struct reader *reader, enum yaml_kind kind)
{
	if (++reader->node_count > RULE_NODES_MAX) {
		fail_here(reader, "too many values, expected at most " DIGITS_OF(RULE_NODES_MAX));
		return NULL;
	}
	struct yaml_node *node = ARENA_NEW(reader->arena, struct yaml_node);
	if (!node) {
		error_out_of_memory(reader->err);
		return NULL;
	}
	node->kind = kind;
	node->line = (unsigned)reader->event.start_mark.line + 1;
	node->column = (unsigned)reader->event.start_mark.column + 1;
	return node;
}

/* The current event is a scalar. */
static struct yaml_node *read_text(struct reader *reader)
{
	if (!check_properties(reader, reader->event.data.scalar.anchor, reader->event.data.scalar.tag))
		return NULL;
	struct slice text = { (const char *)reader->event.data.scalar.value, reader->event.data.scalar.length };
	if (slice_find_char(text, '\0') != SLICE_NOT_FOUND) {
		fail_here(reader, "a NUL byte, expected text without");
		return NULL;
	}
	struct yaml_node *node = new_node(reader, YAML_TEXT);
	if (!node)
		return NULL;
	node->text = arena_copy(reader->arena, text);
	if (!reader->arena->failed)
		return node;
	error_out_of_memory(reader->err);
	return NULL;
}

static struct yaml_node *read_node(struct reader *reader, unsigned depth);

static void add_item(struct yaml_node *parent, struct yaml_node **last, struct yaml_node *item)
{
	if (*last)
		(*last)->next = item;
	else
		parent->first = item;
	*last = item;
	parent->count++;
}

static bool read_items(struct reader *reader, struct yaml_node *list, unsigned depth)
{
	struct yaml_node *last = NULL;
	for (;;) {
		if (!next_event(reader))
			return false;
		if (reader->event.type == YAML_SEQUENCE_END_EVENT)
			return true;
		struct yaml_node *item = read_node(reader, depth + 1);
		if (!item)
			return false;
		add_item(list, &last, item);
	}
}

static bool fail_again(struct reader *reader, const struct yaml_node *key, unsigned first_line)
{
	char what[64];
	snprintf(what, sizeof what, "the key of line %u again, expected it once", first_line);
	return yaml_fail(reader->err, reader->file, key->line, key->column, what);
}

static bool check_key(struct reader *reader, const struct yaml_node *map, const struct yaml_node *key)
{
	if (slice_is(key->text, "<<"))
		return fail_here(reader, "a merge key, expected none: rule files have no merge keys");
	for (const struct yaml_node *value = map->first; value; value = value->next)
		if (slice_equal(value->key->text, key->text))
			return fail_again(reader, key, value->key->line);
	return true;
}

static struct yaml_node *read_key(struct reader *reader, const struct yaml_node *map)
{
	if (reader->event.type == YAML_ALIAS_EVENT) {
		fail_here(reader, "an alias, expected a key: rule files have no anchors and aliases");
		return NULL;
	}
	if (reader->event.type != YAML_SCALAR_EVENT) {
		fail_here(reader, "a list or a mapping as a key, expected a word");
		return NULL;
	}
	struct yaml_node *key = read_text(reader);
	return key && check_key(reader, map, key) ? key : NULL;
}

static bool read_pairs(struct reader *reader, struct yaml_node *map, unsigned depth)
{
	struct yaml_node *last = NULL;
	for (;;) {
		if (!next_event(reader))
			return false;
		if (reader->event.type == YAML_MAPPING_END_EVENT)
			return true;
		struct yaml_node *key = read_key(reader, map);
		if (!key || !next_event(reader))
			return false;
		struct yaml_node *value = read_node(reader, depth + 1);
		if (!value)
			return false;
		value->key = key;
		add_item(map, &last, value);
	}
}

static struct yaml_node *read_list(struct reader *reader, unsigned depth)
{
	if (!check_properties(reader, reader->event.data.sequence_start.anchor,
			      reader->event.data.sequence_start.tag))
		return NULL;
	struct yaml_node *list = new_node(reader, YAML_LIST);
	return list && read_items(reader, list, depth) ? list : NULL;
}

static struct yaml_node *read_map(struct reader *reader, unsigned depth)
{
	if (!check_properties(reader, reader->event.data.mapping_start.anchor,
			      reader->event.data.mapping_start.tag))
		return NULL;
	struct yaml_node *map = new_node(reader, YAML_MAP);
	return map && read_pairs(reader, map, depth) ? map : NULL;
}

/* The node that the current event begins. */
static struct yaml_node *read_node(struct reader *reader, unsigned depth)
{
	if (depth > RULE_DEPTH_MAX) {
		fail_here(reader, "nested too deep, expected at most " DIGITS_OF(RULE_DEPTH_MAX) " levels");
		return NULL;
	}
	switch (reader->event.type) {
	case YAML_SCALAR_EVENT:
		return read_text(reader);
	case YAML_SEQUENCE_START_EVENT:
		return read_list(reader, depth);
	case YAML_MAPPING_START_EVENT:
		return read_map(reader, depth);
	default:
		fail_here(reader, "an alias, expected a value: rule files have no anchors and aliases");
		return NULL;
	}
}

static bool begin_document(struct reader *reader)
{
	if (!next_event(reader) || !next_event(reader)) /* the stream's start, then the document's */
		return false;
	if (reader->event.type != YAML_DOCUMENT_START_EVENT)
		return fail_here(reader, "nothing, expected a rule");
	if (reader->event.data.document_start.version_directive ||
	    reader->event.data.document_start.tag_directives.start !=
	    reader->event.data.document_start.tag_directives.end)
		return fail_here(reader, "a YAML directive, expected none");
	return next_event(reader);
}

static bool end_document(struct reader *reader)
{
	if (!next_event(reader) || !next_event(reader)) /* the document's end, then the stream's */
		return false;
	if (reader->event.type != YAML_STREAM_END_EVENT)
		return fail_here(reader, "a second document, expected one rule a file");
	return true;
}

static const struct yaml_node *read_document(struct reader *reader)
{
	if (!begin_document(reader))
		return NULL;
	const struct yaml_node *root = read_node(reader, 1);
	return root && end_document(reader) ? root : NULL;
}

bool yaml_read(struct arena *arena, struct slice text, const char *file, const struct yaml_node **ret,
	       struct error *err)
{
	struct reader reader = { .arena = arena, .file = file, .err = err };
	if (text.len > RULE_FILE_BYTES)
		return error_set(err, "%s: %zu bytes, expected a rule file of at most %zu", file, text.len,
				 RULE_FILE_BYTES);
	if (!yaml_parser_initialize(&reader.parser))
		return error_out_of_memory(err);
	yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&reader.parser, (const unsigned char *)(text.len ? text.ptr : ""), text.len);
	*ret = read_document(&reader);
	drop_event(&reader);
	yaml_parser_delete(&reader.parser);
	return *ret != NULL;
}
