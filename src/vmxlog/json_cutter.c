#include "vmxlog/json_cutter.h"

#include "base/limits.h"

void json_cutter_init(struct json_cutter *cutter)
{
	*cutter = (struct json_cutter){ .object = BUF_INIT(JSON_OBJECT_BYTES) };
}

void json_cutter_deinit(struct json_cutter *cutter)
{
	buf_deinit(&cutter->object);
}

static void append(struct json_cutter *cutter, struct slice piece)
{
	if (cutter->object.len + piece.len > cutter->object.limit)
		cutter->is_overlong = true;
	if (!cutter->is_overlong)
		buf_append(&cutter->object, piece);
}

static void leave(struct json_cutter *cutter)
{
	cutter->is_open = false;
	cutter->depth -= cutter->depth > 0;
}

static void give_up(struct json_cutter *cutter)
{
	cutter->in_string = cutter->is_escaped = false;
	cutter->is_torn = true;
	leave(cutter);
}

static void step_in_string(struct json_cutter *cutter, char c)
{
	if (c == '\n') {
		give_up(cutter);
	} else if (cutter->is_escaped) {
		cutter->is_escaped = false;
	} else {
		cutter->is_escaped = c == '\\';
		cutter->in_string = c != '"';
	}
}

static void open_object(struct json_cutter *cutter)
{
	cutter->depth++;
	cutter->is_open = true;
	cutter->is_overlong = false;
	cutter->line = cutter->lines + 1;
	cutter->offset = cutter->bytes;
	buf_clear(&cutter->object);
}

/* Outside of the objects that are wanted stand the brackets, keys and commas of those around
 * them; in them, numbers and words too. A bracket behind the last object is the time stamp of a
 * kernel's line rather than a second array. */
static bool belongs(const struct json_cutter *cutter, char c)
{
	if (!c || cutter->in_string)
		return c;
	return strchr(" \t\r\n\x1e,{", c) || (cutter->depth && strchr("}]:\"", c)) ||
	       (c == '[' && (cutter->depth || !cutter->any_object)) ||
	       (cutter->is_open && (char_is_digit(c) || char_is_alpha(c) || strchr("+-.", c)));
}

/* One byte; true when it ends an object. */
static bool step(struct json_cutter *cutter, char c)
{
	bool was_open = cutter->is_open;
	if (cutter->in_string)
		step_in_string(cutter, c);
	else if (c == '{')
		open_object(cutter);
	else if (c == '[')
		cutter->depth++;
	else if (c == '}')
		leave(cutter);
	else if (c == ']')
		cutter->depth -= cutter->depth > 0;
	else if (c == '"')
		cutter->in_string = true;
	cutter->lines += c == '\n';
	cutter->ends_in_line = c != '\n';
	cutter->bytes++;
	bool is_end = c == '}' && was_open && !cutter->is_open;
	cutter->any_object |= is_end;
	return is_end;
}

enum json_cut json_cutter_next(struct json_cutter *cutter, struct slice *block)
{
	struct slice piece = { block->ptr, 0 };
	enum json_cut cut = JSON_CUT_MORE;
	while (cut == JSON_CUT_MORE && block->len) {
		char c = block->ptr[0];
		if (!belongs(cutter, c)) {
			if (cutter->is_open)
				give_up(cutter);
			return JSON_CUT_FOREIGN;
		}
		bool opens = c == '{' && !cutter->in_string;
		if (opens)
			piece = (struct slice){ block->ptr, 0 };
		bool was_open = cutter->is_open;
		cut = step(cutter, c) ? JSON_CUT_OBJECT : JSON_CUT_MORE;
		piece.len += was_open || opens;
		*block = slice_skip(*block, 1);
	}
	if (piece.len && (cutter->is_open || cut == JSON_CUT_OBJECT))
		append(cutter, piece);
	return cut;
}
