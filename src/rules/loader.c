#include "rules/loader.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/escape.h"

/* Of a value in an error: enough to find it. */
#define SHOWN_BYTES 60
/* Room for a list of words in an error. */
#define LIST_BYTES 320
/* Words longer than this have no near word. */
#define NEAR_BYTES 63

bool loader_fail(struct loader *loader, const struct yaml_node *node, const char *format, ...)
{
	char what[sizeof loader->err->text];
	va_list args;
	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	return yaml_fail(loader->err, loader->file, node->line, node->column, what);
}

const char *loader_show(struct loader *loader, struct slice text)
{
	struct buf shown = BUF_INIT(SHOWN_BYTES * 16);
	escape_terminal(&shown, slice_take(text, SHOWN_BYTES));
	if (text.len > SHOWN_BYTES)
		buf_text(&shown, "...");
	const char *copy = arena_copy(loader->arena, buf_slice(&shown)).ptr;
	buf_deinit(&shown);
	return copy;
}

static size_t smallest(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;
	return least < c ? least : c;
}

/* Edits (insert, delete, replace) between two words. */
static size_t edit_distance(struct slice a, struct slice b)
{
	size_t row[NEAR_BYTES + 1];
	if (a.len > NEAR_BYTES || b.len > NEAR_BYTES)
		return SIZE_MAX;
	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t replaced = diagonal + (a.ptr[i - 1] != b.ptr[j - 1]);
			diagonal = row[j];
			row[j] = smallest(row[j] + 1, row[j - 1] + 1, replaced);
		}
	}
	return row[b.len];
}

const char *loader_nearest(struct slice text, const char *const *words)
{
	const char *nearest = NULL;
	size_t bound = text.len / 3 + 1, best = bound + 1;
	for (; *words; words++) {
		size_t distance = edit_distance(text, slice_of(*words));
		if (distance < best) {
			best = distance;
			nearest = *words;
		}
	}
	return nearest;
}

/* "a, b, c", as much of it as an error can hold. */
static const char *list_words(struct loader *loader, const char *const *words)
{
	struct buf list = BUF_INIT(LIST_BYTES);
	for (size_t i = 0; words[i]; i++) {
		if (i)
			buf_text(&list, ", ");
		buf_text(&list, words[i]);
	}
	const char *copy = arena_copy(loader->arena, buf_slice(&list)).ptr;
	buf_deinit(&list);
	return copy;
}

static bool fail_word(struct loader *loader, const struct yaml_node *node, const char *what,
		      const char *const *words)
{
	const char *shown = loader_show(loader, node->text), *nearest = loader_nearest(node->text, words);
	if (nearest)
		return loader_fail(loader, node, "%s '%s', expected '%s' or another of: %s", what, shown, nearest,
				   list_words(loader, words));
	return loader_fail(loader, node, "%s '%s', expected one of: %s", what, shown, list_words(loader, words));
}

static size_t word_index(struct slice text, const char *const *words)
{
	size_t at = 0;
	while (words[at] && !slice_is(text, words[at]))
		at++;
	return at;
}

bool loader_expect(struct loader *loader, const struct yaml_node *node, enum yaml_kind kind)
{
	if (node->kind == kind)
		return true;
	return loader_fail(loader, node, "%s, expected %s", yaml_kind_name(node->kind), yaml_kind_name(kind));
}

bool loader_fields(struct loader *loader, const struct yaml_node *map, const char *const *keys,
		   const struct yaml_node **values)
{
	for (size_t i = 0; keys[i]; i++)
		values[i] = NULL;
	if (!loader_expect(loader, map, YAML_MAP))
		return false;
	for (const struct yaml_node *value = map->first; value; value = value->next) {
		size_t at = word_index(value->key->text, keys);
		if (!keys[at])
			return fail_word(loader, value->key, "unknown key", keys);
		values[at] = value;
	}
	return true;
}

const struct yaml_node *loader_field(const struct yaml_node *map, const char *key)
{
	const struct yaml_node *value = map->kind == YAML_MAP ? map->first : NULL;
	while (value && !slice_is(value->key->text, key))
		value = value->next;
	return value;
}

static bool keep_text(struct loader *loader, const struct yaml_node *node, struct slice text, const char **ret)
{
	if (!loader_expect(loader, node, YAML_TEXT))
		return false;
	if (text.len == 0)
		return loader_fail(loader, node, "nothing, expected a text");
	*ret = text.len == node->text.len ? text.ptr : arena_copy(loader->arena, text).ptr;
	return !loader->arena->failed || error_out_of_memory(loader->err);
}

bool loader_line(struct loader *loader, const struct yaml_node *node, const char **ret)
{
	if (!node)
		return true;
	if (slice_find_char(node->text, '\n') != SLICE_NOT_FOUND)
		return loader_fail(loader, node, "a text of several lines, expected one line");
	return keep_text(loader, node, node->text, ret);
}

bool loader_text(struct loader *loader, const struct yaml_node *node, const char **ret)
{
	if (!node)
		return true;
	struct slice text = node->text;
	while (text.len && (char_is_blank(text.ptr[text.len - 1]) || text.ptr[text.len - 1] == '\n'))
		text.len--;
	return keep_text(loader, node, text, ret);
}

bool loader_number(struct loader *loader, const struct yaml_node *node, unsigned *ret)
{
	uint64_t value;
	if (!node)
		return true;
	if (!loader_expect(loader, node, YAML_TEXT))
		return false;
	if (!slice_to_decimal(node->text, &value) || value < 1 || value > 1000000)
		return loader_fail(loader, node, "'%s', expected a number from 1 to 1000000",
				   loader_show(loader, node->text));
	*ret = (unsigned)value;
	return true;
}

bool loader_word(struct loader *loader, const struct yaml_node *node, const char *const *words, unsigned *ret)
{
	if (!node)
		return true;
	if (!loader_expect(loader, node, YAML_TEXT))
		return false;
	size_t at = word_index(node->text, words);
	if (!words[at])
		return fail_word(loader, node, "unknown word", words);
	*ret = (unsigned)at;
	return true;
}

bool loader_expect_items(struct loader *loader, const struct yaml_node *list)
{
	if (!loader_expect(loader, list, YAML_LIST))
		return false;
	return list->count || loader_fail(loader, list, "an empty list, expected at least one item");
}

void *loader_items(struct loader *loader, const struct yaml_node *list, size_t item_size)
{
	if (!loader_expect_items(loader, list))
		return NULL;
	void *items = arena_alloc(loader->arena, list->count * item_size);
	if (!items)
		error_out_of_memory(loader->err);
	return items;
}

bool loader_lines(struct loader *loader, const struct yaml_node *list, const char *const **ret, size_t *count)
{
	if (!list)
		return true;
	const char **lines = loader_items(loader, list, sizeof *lines);
	if (!lines)
		return false;
	for (const struct yaml_node *item = list->first; item; item = item->next)
		if (!loader_line(loader, item, &lines[(*count)++]))
			return false;
	*ret = lines;
	return true;
}
