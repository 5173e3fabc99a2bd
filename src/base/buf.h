/* A growing run of bytes with a ceiling given at the start. Failure (memory out, or the
 * ceiling reached) is sticky: appends after it do nothing, and the owner checks `failed`. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

struct buf {
	char *ptr;
	size_t len, capacity, limit;
	bool failed;
};

#define BUF_INIT(limit_bytes) ((struct buf){ .limit = (limit_bytes) })
void buf_deinit(struct buf *buf);
static inline void buf_clear(struct buf *buf) { buf->len = 0; }
static inline struct slice buf_slice(const struct buf *buf) { return (struct slice){ buf->ptr, buf->len }; }

void buf_append(struct buf *buf, struct slice text);
void buf_char(struct buf *buf, char c);
/* `count` times `c`; nothing for a count of 0 or less. */
void buf_repeat(struct buf *buf, char c, int count);
static inline void buf_text(struct buf *buf, const char *cstring) { buf_append(buf, slice_of(cstring)); }
__attribute__((format(printf, 2, 3)))
void buf_printf(struct buf *buf, const char *format, ...);

#endif
