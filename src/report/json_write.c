#include "report/json_write.h"

static int append(const char *bytes, size_t len, void *out)
{
	buf_append(out, (struct slice){ bytes, len });
	return 0;
}

/* The rules for the digits of a number are jansson's. */
static void write_real(struct buf *out, const json_t *value)
{
	out->failed |= json_dump_callback(value, append, out, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15)) != 0;
}

/* What stands for itself in a string is not in it. */
static const bool is_escaped[256] = { [0 ... 0x1f] = true, ['"'] = true, ['\\'] = true };

static void write_escape(struct buf *out, char c)
{
	static const char named[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
	const char *at = c ? strchr(named, c) : NULL;
	if (at)
		buf_printf(out, "\\%c", names[at - named]);
	else
		buf_printf(out, "\\u%04X", (unsigned)c);
}

static void write_string(struct buf *out, struct slice text)
{
	buf_char(out, '"');
	for (size_t run = 0; text.len; text = slice_skip(text, run + 1), run = 0) {
		while (run < text.len && !is_escaped[(unsigned char)text.ptr[run]])
			run++;
		buf_append(out, slice_take(text, run));
		if (run < text.len)
			write_escape(out, text.ptr[run]);
	}
	buf_char(out, '"');
}

static struct slice text_of(const json_t *string)
{
	return (struct slice){ json_string_value(string), json_string_length(string) };
}

static void write_object(struct buf *out, json_t *object)
{
	char before = '{';
	const char *key;
	json_t *value;
	json_object_foreach(object, key, value) {
		buf_char(out, before);
		write_string(out, slice_of(key));
		buf_char(out, ':');
		json_write(out, value);
		before = ',';
	}
	buf_text(out, before == '{' ? "{}" : "}");
}

static void write_array(struct buf *out, const json_t *array)
{
	buf_char(out, '[');
	for (size_t i = 0; i < json_array_size(array); i++) {
		if (i)
			buf_char(out, ',');
		json_write(out, json_array_get(array, i));
	}
	buf_char(out, ']');
}

void json_write(struct buf *out, json_t *value)
{
	if (!value) {
		out->failed = true;
		return;
	}
	switch (json_typeof(value)) {
	case JSON_OBJECT: write_object(out, value); break;
	case JSON_ARRAY: write_array(out, value); break;
	case JSON_STRING: write_string(out, text_of(value)); break;
	case JSON_INTEGER: buf_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value)); break;
	case JSON_REAL: write_real(out, value); break;
	case JSON_TRUE: buf_text(out, "true"); break;
	case JSON_FALSE: buf_text(out, "false"); break;
	case JSON_NULL: buf_text(out, "null"); break;
	}
}
