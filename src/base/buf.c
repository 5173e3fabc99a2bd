#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

void buf_deinit(struct buf *buf)
{
	free(buf->ptr);
	*buf = BUF_INIT(buf->limit);
}

static bool grow(struct buf *buf, size_t extra)
{
	if (buf->failed || extra > buf->limit - buf->len) {
		buf->failed = true;
		return false;
	}
	size_t need = buf->len + extra;
	size_t capacity = buf->capacity ? buf->capacity : 256;
	while (capacity < need)
		capacity *= 2;
	if (capacity > buf->limit)
		capacity = buf->limit;
	char *grown = realloc(buf->ptr, capacity);
	if (!grown) {
		buf->failed = true;
		return false;
	}
	buf->ptr = grown;
	buf->capacity = capacity;
	return true;
}

/* What there is room for is within the limit. */
static bool reserve(struct buf *buf, size_t extra)
{
	return (!buf->failed && extra <= buf->capacity - buf->len) || grow(buf, extra);
}

void buf_append(struct buf *buf, struct slice text)
{
	if (text.len == 0 || !reserve(buf, text.len))
		return;
	memcpy(buf->ptr + buf->len, text.ptr, text.len);
	buf->len += text.len;
}

void buf_char(struct buf *buf, char c)
{
	if (reserve(buf, 1))
		buf->ptr[buf->len++] = c;
}

void buf_repeat(struct buf *buf, char c, int count)
{
	for (; count > 0; count--)
		buf_char(buf, c);
}

/* Straight into the room that there is; what is too long for it is printed again. */
void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args, again;
	size_t room = buf->capacity - buf->len;
	va_start(args, format);
	va_copy(again, args);
	int len = vsnprintf(room ? buf->ptr + buf->len : NULL, room, format, args);
	va_end(args);
	if (len >= 0 && reserve(buf, (size_t)len + 1)) {
		if ((size_t)len >= room)
			vsnprintf(buf->ptr + buf->len, (size_t)len + 1, format, again);
		buf->len += (size_t)len;
	}
	va_end(again);
}
