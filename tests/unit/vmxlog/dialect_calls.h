/* What a reader of kernel text tells its sink, as text. */
#ifndef TESTS_DIALECT_CALLS_H
#define TESTS_DIALECT_CALLS_H

#include "../expect.h"

#include "base/limits.h"
#include "vmxlog/reader.h"

struct calls {
	struct buf text;
};

/* `K5 1.500000 STAMP|text`: K or P for the kernel and for programs, `+` for a follow-up, `!` for
 * the first of a boot, `#` for the first of a dump; then the line. */
static inline void take_guest(void *user, const struct guest_line *line)
{
	struct buf *out = &((struct calls *)user)->text;
	static const char *const begins[] = { "", "#", "!" };
	buf_printf(out, "%s%s%s%s", begins[line->begins], line->sender == GUEST_KERNEL ? "K" : "P",
		   line->is_inner ? "+" : "", line->is_cut ? "c" : "");
	if (line->priority >= 0)
		buf_printf(out, "%d", line->priority);
	if (line->has_time)
		buf_printf(out, " %u.%06u", (unsigned)(line->time_ns / 1000000000), (unsigned)(line->time_ns / 1000 % 1000000));
	if (line->host.kind != STAMP_NONE && !line->is_inner) {
		buf_char(out, ' ');
		stamp_print(out, line->host);
	}
	buf_char(out, '|');
	buf_append(out, line->text);
	buf_char(out, '\n');
}

static inline struct vmxlog_totals read_calls(struct calls *calls, struct slice text, size_t block_len)
{
	struct vmxlog_sink sink = { calls, take_guest, NULL, NULL };
	struct vmxlog_reader *reader = vmxlog_reader_new(LOG_KERNEL, &sink, NULL);
	*calls = (struct calls){ BUF_INIT(16 * MIB) };
	for (struct slice rest = text; rest.len; rest = slice_skip(rest, block_len))
		assert_true(vmxlog_reader_feed(reader, slice_take(rest, block_len), NULL));
	vmxlog_reader_finish(reader);
	struct vmxlog_totals totals = vmxlog_reader_totals(reader);
	vmxlog_reader_free(reader);
	return totals;
}

#endif
