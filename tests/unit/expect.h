/* Comparisons that name the row of a table when they fail. */
#ifndef TESTS_EXPECT_H
#define TESTS_EXPECT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/slice.h"

#define ROWS(table) (sizeof(table) / sizeof *(table))
/* A literal with NUL bytes inside. */
#define BYTES(literal) { literal, sizeof(literal) - 1 }

/* Shown escaped: rows hold control bytes. */
static inline void expect_slices(const char *row, struct slice got, struct slice expected)
{
	if (slice_equal(got, expected))
		return;
	struct buf shown = BUF_INIT(1 << 20);
	buf_text(&shown, "got \"");
	escape_terminal(&shown, got);
	buf_text(&shown, "\", expected \"");
	escape_terminal(&shown, expected);
	buf_text(&shown, "\"");
	/* cmocka's jump out of here would leave the buffer behind. */
	char text[900];
	size_t len = shown.len < sizeof text - 1 ? shown.len : sizeof text - 1;
	memcpy(text, shown.ptr, len);
	text[len] = '\0';
	buf_deinit(&shown);
	fail_msg("%s: %s", row, text);
}

static inline void expect_text(const char *row, struct slice got, const char *expected)
{
	expect_slices(row, got, slice_of(expected));
}

static inline void expect_number(const char *row, int64_t got, int64_t expected)
{
	if (got != expected)
		fail_msg("%s: got %lld, expected %lld", row, (long long)got, (long long)expected);
}

static inline void expect_true(const char *row, bool holds)
{
	if (!holds)
		fail_msg("%s: does not hold", row);
}

#endif
