#include "../expect.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/newlines.h"
#include "vmxlog/chatter.h"

/* What chatter_skip passes over is what chatter_is_noise calls noise, line by line; and what that
 * calls noise is a whole frame with a message that begins with none of the heads. */

static const struct slice heads[] = {
	{ "Guest:", 6 }, { "DICT ", 5 }, { "Tools: Tools heartbeat timeout", 30 }, { "Tools heartbeat timeout", 23 },
	{ "DISK: OPEN ", 11 }, { "Chipset: The guest has requested that", 37 }, { "CPU reset: ", 11 }, { "hread ", 6 },
};

struct family {
	const char *name, *stamp, *level, *colon;
	bool esxi;
};

/* `stamp` takes the hour, minute, second and milliseconds. */
static const struct family families[] = {
	{ "F1", "Aug 27 %02u:%02u:%02u.%03u: ", "", "| ", false },
	{ "F2", "2016-08-30T%02u:%02u:%02u.%03u-07:00| ", "", "| I125: ", false },
	{ "F2, UTC", "2016-08-30T%02u:%02u:%02u.%03uZ| ", "", "| W110: ", false },
	{ "F2b", "2021-11-15T%02u:%02u:%02u+01:00[+0.%03u]| ", "", "| I005: ", false },
	{ "F3h", "2024-05-06T%02u:%02u:%02u.%03uZ ", "In(05) ", " ", false },
	{ "F3h, not UTC", "2024-05-06T%02u:%02u:%02u.%03u+02:00 ", "Wa(03) ", " ", false },
	{ "F3e", "2024-05-06T%02u:%02u:%02u.%03uZ ", "In(05) ", " - ", true },
	{ "F3e, microseconds", "2024-05-06T%02u:%02u:%02u.%03u123Z ", "Er(02) ", " - ", true },
};

static const char *const threads[] = { "vmx", "vcpu-0", "mks", "worker-2104431", "a-thread-of-16-ch", "x", "" };

static const char *const bodies[] = {
	"Something of no matter", "GuestRpc: x", "Guest: <4>[    1.0] x", "DICT   a = \"b\"", "Tools: [AppStatus] Last heartbeat",
	"Tools: Tools heartbeat timeout", "Tools heartbeat timeout, again", "DISK: Opening disk", "DISK: OPEN scsi0:0",
	"Chipset: write to a port, and so on, and on, and on", "Chipset: The guest has requested that", "CPU", "CPU reset: hard",
	"CPU reset:", "", "x", "hread 1 2CPU reset: hard", "\xff\xff\xff\xff\xff\xff\xff\xff\xff", "Gues", "    indented",
};

static uint32_t next(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) % below;
}

static void write_line(struct buf *out, const struct family *family, uint32_t *seed)
{
	static const unsigned hours[] = { 0, 9, 19, 20, 23, 24, 29 }, seconds[] = { 0, 59, 60, 61 };
	bool is_odd = next(seed, 8) == 0;
	unsigned hour = is_odd ? hours[next(seed, ROWS(hours))] : next(seed, 24);
	unsigned second = is_odd ? seconds[next(seed, ROWS(seconds))] : next(seed, 60);
	buf_printf(out, family->stamp, hour, next(seed, 60), second, next(seed, 1000));
	buf_printf(out, "%s%s%s%s", family->level, threads[next(seed, ROWS(threads))], family->colon,
		   bodies[next(seed, ROWS(bodies))]);
	for (unsigned more = next(seed, 4) ? 0 : next(seed, 90); more; more--)
		buf_char(out, 'x');
	buf_text(out, next(seed, 8) ? "\n" : "\r\n");
}

/* One byte in some lines is another, or is not there. */
static void write_lines(struct buf *out, const struct family *family, uint32_t *seed)
{
	static const char bytes[] = "\n\r 09:|+-.ZATz()\t\xff[]>6";
	for (unsigned i = 0; i < 40; i++) {
		size_t begin = out->len;
		write_line(out, family, seed);
		if (next(seed, 3))
			continue;
		size_t at = begin + next(seed, (uint32_t)(out->len - begin));
		if (next(seed, 4))
			out->ptr[at] = bytes[next(seed, sizeof bytes)];
		else
			out->len = at + 1;
	}
}

static void teach(struct chatter *chatter, const struct family *family)
{
	char line[128];
	struct vmxlog_frame frame;
	chatter_init(chatter);
	for (size_t i = 0; i < ROWS(heads); i++)
		chatter_add_head(chatter, heads[i]);
	int len = snprintf(line, sizeof line, family->stamp, 12, 34, 56, 789);
	snprintf(line + len, sizeof line - (size_t)len, "%svmx%sText", family->level, family->colon);
	assert_true(vmxlog_frame_parse(slice_of(line), family->esxi, &frame));
	chatter_learn(chatter, slice_of(line), &frame);
	expect_true(family->name, chatter->is_ready);
}

static void check_noise(const struct family *family, struct slice line)
{
	struct vmxlog_frame frame;
	expect_true(family->name, vmxlog_frame_parse(line, family->esxi, &frame) && !frame.continuation);
	for (size_t i = 0; i < ROWS(heads); i++)
		expect_true(family->name, !slice_starts(frame.body, heads[i]));
}

/* Returns the lines passed over. */
static size_t check_text(const struct chatter *chatter, const struct family *family, struct slice text)
{
	size_t ends[NEWLINES_MAX], passed = 0;
	size_t count = newlines_find(text, ends);
	for (size_t i = 0, start = 0; i < count;) {
		struct slice body, line;
		size_t skipped = chatter_skip(chatter, text, start, ends + i, count - i, &body);
		for (size_t end = i + skipped; i < end; start = ends[i++] + 1) {
			line = (struct slice){ text.ptr + start, ends[i] - start };
			expect_true(family->name, chatter_is_noise(chatter, line));
			check_noise(family, line);
		}
		passed += skipped;
		expect_true(family->name, i < count || !body.len);
		if (i == count)
			break;
		line = (struct slice){ text.ptr + start, ends[i] - start };
		expect_true(family->name, !chatter_is_noise(chatter, line));
		struct vmxlog_frame frame;
		if (body.len)
			expect_true(family->name, vmxlog_frame_parse(line, family->esxi, &frame) &&
						  frame.body.ptr == body.ptr && frame.body.len == body.len);
		start = ends[i++] + 1;
	}
	return passed;
}

static void test_skip_is_noise(void **state)
{
	uint32_t seed = 1;
	(void)state;
	for (unsigned round = 0; round < 1500; round++) {
		const struct family *family = &families[round % ROWS(families)];
		struct chatter chatter;
		struct buf lines = BUF_INIT(MIB);
		teach(&chatter, family);
		write_lines(&lines, family, &seed);
		/* A block of its own size, so that a sanitizer sees a step over its end. */
		char *copy = test_malloc(lines.len);
		memcpy(copy, lines.ptr, lines.len);
		size_t cut = next(&seed, (uint32_t)lines.len);
		check_text(&chatter, family, (struct slice){ copy, lines.len });
		check_text(&chatter, family, (struct slice){ copy, cut });
		test_free(copy);
		buf_deinit(&lines);
	}
}

/* Whole lines without a head are passed over in every family, at every hour. */
static void test_noise_is_skipped(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(families); i++) {
		struct chatter chatter;
		struct buf lines = BUF_INIT(MIB);
		teach(&chatter, &families[i]);
		for (unsigned hour = 0; hour < 24; hour++) {
			buf_printf(&lines, families[i].stamp, hour, 59 - hour, hour, 789);
			buf_printf(&lines, "%svcpu-%u%s", families[i].level, hour, families[i].colon);
			buf_printf(&lines, "%s%s\n", hour % 2 ? "Tools: [AppStatus] of" : "GuestRpc: of", " no matter");
		}
		expect_number(families[i].name, (int64_t)check_text(&chatter, &families[i], buf_slice(&lines)), 24);
		buf_deinit(&lines);
	}
}

static void test_long_lines_are_no_noise(void **state)
{
	struct chatter chatter;
	struct buf lines = BUF_INIT(MIB);
	(void)state;
	teach(&chatter, &families[0]);
	for (unsigned i = 0; i < 2; i++) {
		size_t begin = lines.len;
		buf_text(&lines, "Aug 27 00:32:59.546: vmx| ");
		while (lines.len - begin < LINE_MAX_BYTES + i)
			buf_char(&lines, 'x');
		buf_char(&lines, '\n');
	}
	assert_int_equal(check_text(&chatter, &families[0], buf_slice(&lines)), 1);
	buf_deinit(&lines);
}

static void test_too_many_heads(void **state)
{
	struct chatter chatter;
	(void)state;
	teach(&chatter, &families[0]);
	assert_true(chatter_is_noise(&chatter, SLICE("Aug 27 00:32:59.546: vmx| Something")));
	while (chatter.head_count < CHATTER_HEADS_MAX)
		chatter_add_head(&chatter, SLICE("Another"));
	assert_true(chatter_is_noise(&chatter, SLICE("Aug 27 00:32:59.546: vmx| Something")));
	chatter_add_head(&chatter, SLICE("Another"));
	assert_false(chatter_is_noise(&chatter, SLICE("Aug 27 00:32:59.546: vmx| Something")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_skip_is_noise),
		cmocka_unit_test(test_noise_is_skipped),
		cmocka_unit_test(test_long_lines_are_no_noise),
		cmocka_unit_test(test_too_many_heads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
