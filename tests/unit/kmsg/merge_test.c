#include "../expect.h"

#include <time.h>

#include "kmsg/merge.h"

#define RECORDS_MAX 64

/* "12:abc" is a record of 12 microseconds with the text "abc"; a "~" behind it marks it as cut. */
static size_t records_of(struct kmsg_record *records, const char *words, uint16_t pass)
{
	struct slice rest = slice_of(words);
	size_t count = 0;
	for (struct slice word = slice_word(&rest); word.len; word = slice_word(&rest)) {
		uint64_t micros = 0;
		assert_true(count < RECORDS_MAX && slice_eat_decimal(&word, &micros) && slice_eat(&word, SLICE(":")));
		bool is_cut = slice_ends(word, SLICE("~"));
		records[count++] = (struct kmsg_record){
			.time_ns = micros * 1000, .text = slice_take(word, word.len - is_cut),
			.flags = KMSG_HAS_TIME | (is_cut ? KMSG_CUT : 0), .pass = pass,
		};
	}
	return count;
}

static void write_records(struct buf *out, const struct kmsg_record *records, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_printf(out, "%s%llu:%.*s%s", i ? " " : "", (unsigned long long)(records[i].time_ns / 1000),
			   SLICE_ARG(records[i].text), records[i].flags & KMSG_CUT ? "~" : "");
}

static void test_merge(void **state)
{
	static const struct {
		const char *name, *base, *next, *merged;
	} rows[] = {
		{ "the same twice", "1:a 2:b 3:c", "1:a 2:b 3:c", "1:a 2:b 3:c" },
		{ "an oops, then a panic", "1:a 2:b", "1:a 2:b 3:c 4:d", "1:a 2:b 3:c 4:d" },
		{ "the ring has lost its front", "1:a 2:b 3:c", "3:c 4:d", "1:a 2:b 3:c 4:d" },
		{ "the first dump began late", "3:c 4:d", "1:a 2:b 3:c 4:d", "1:a 2:b 3:c 4:d" },
		{ "a gap of the first is filled", "1:a 2:b 5:e", "1:a 2:b 3:c 4:d 5:e 6:f", "1:a 2:b 3:c 4:d 5:e 6:f" },
		{ "a gap of the second is filled", "1:a 2:b 3:c 4:d 5:e", "1:a 5:e 6:f", "1:a 2:b 3:c 4:d 5:e 6:f" },
		{ "a gap in each", "1:a 3:c 4:d", "1:a 2:b 4:d", "1:a 2:b 3:c 4:d" },
		{ "nothing shared", "1:a 2:b", "3:c 4:d", "3:c 4:d 1:a 2:b" },
		{ "nothing first", "", "1:a 2:b", "1:a 2:b" },
		{ "nothing behind", "1:a 2:b", "", "1:a 2:b" },
		{ "nothing at all", "", "", "" },
		{ "the first copy is cut", "1:a 2:bcd~", "1:a 2:bcdef 3:g", "1:a 2:bcdef 3:g" },
		{ "the second copy is cut", "1:a 2:bcdef 3:g", "1:a 2:bc~ 3:g", "1:a 2:bcdef 3:g" },
		{ "a cut copy of other text is another record", "1:a 2:bcd~", "1:a 2:xyz", "1:a 2:xyz 2:bcd~" },
		{ "a shorter text that is not cut is another record", "1:a 2:bcd 3:e", "1:a 2:bc 3:e", "1:a 2:bc 2:bcd 3:e" },
		{ "one text at two times", "1:a 2:a 3:a", "1:a 2:a 3:a 4:a", "1:a 2:a 3:a 4:a" },
		{ "one record three times", "1:a 1:a 1:a 2:b", "1:a 1:a 1:a 2:b 3:c", "1:a 1:a 1:a 2:b 3:c" },
		{ "the clock steps back", "1:a 5:e 4:d 6:f", "1:a 5:e 4:d 6:f 7:g", "1:a 5:e 4:d 6:f 7:g" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct kmsg_record base[RECORDS_MAX], next[RECORDS_MAX];
		struct arena arena = ARENA_INIT;
		struct buf out = BUF_INIT(4096);
		size_t base_count = records_of(base, rows[i].base, 0), count;
		size_t next_count = records_of(next, rows[i].next, 1);
		struct kmsg_record *merged = kmsg_merge(base, base_count, next, next_count, &arena, &count);
		expect_true(rows[i].name, merged != NULL);
		write_records(&out, merged, count);
		expect_text(rows[i].name, buf_slice(&out), rows[i].merged);
		buf_deinit(&out);
		arena_deinit(&arena);
	}
}

static void test_same_boot(void **state)
{
	static const struct {
		const char *name, *base, *next;
		bool same;
	} rows[] = {
		{ "the same twice", "10:a 20:b", "10:a 20:b", true },
		{ "the second goes on", "10:a 20:b", "10:a 20:b 30:c 40:d", true },
		{ "the ring has lost its front", "10:a 20:b 30:c", "30:c 40:d", true },
		{ "another boot of the same kernel", "10:a 20:b 30:c", "11:a 22:b 33:c", false },
		{ "other texts at the same times", "10:a 20:b", "10:x 20:y", false },
		{ "only the beginning is shared: every boot has it", "0:a 0:b 10:c", "0:a 0:b 11:c", false },
		{ "one record in twenty by chance", "10:a 20:b",
		  "10:a 21:x 22:x 23:x 24:x 25:x 26:x 27:x 28:x 29:x 30:x 31:x 32:x 33:x 34:x 35:x 36:x 37:x 38:x 39:x", false },
		{ "nothing behind", "10:a", "", false },
		{ "nothing first", "", "10:a", false },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct kmsg_record base[RECORDS_MAX], next[RECORDS_MAX];
		struct arena arena = ARENA_INIT;
		size_t base_count = records_of(base, rows[i].base, 0), next_count = records_of(next, rows[i].next, 1);
		expect_true(rows[i].name, kmsg_same_boot(base, base_count, next, next_count, &arena) == rows[i].same);
		arena_deinit(&arena);
	}
}

static uint32_t step(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* Two dumps of one ring, each with records missing here and there: together they hold every
 * record that either has, once and in order. */
static void test_random_losses(void **state)
{
	enum { COUNT = 500 };
	struct kmsg_record *all = test_calloc(COUNT, sizeof *all), *base = test_calloc(COUNT, sizeof *base);
	struct kmsg_record *next = test_calloc(COUNT, sizeof *next);
	uint32_t seed = 3;
	(void)state;
	for (size_t i = 0; i < COUNT; i++)
		all[i] = (struct kmsg_record){ .time_ns = i * 1000000, .text = SLICE("text"), .line = i + 1 };
	for (unsigned round = 0; round < 50; round++) {
		struct arena arena = ARENA_INIT;
		size_t base_count = 0, next_count = 0, expected = 0, count = 0;
		for (size_t i = 0; i < COUNT; i++) {
			bool in_base = step(&seed) % 5, in_next = step(&seed) % 5;
			if (in_base)
				base[base_count++] = all[i];
			if (in_next)
				next[next_count++] = all[i];
			expected += in_base || in_next;
		}
		struct kmsg_record *merged = kmsg_merge(base, base_count, next, next_count, &arena, &count);
		assert_non_null(merged);
		assert_int_equal(count, expected);
		/* A record that only one dump has stands where its neighbours stand; between two that are
		 * in both, the order of the lone ones is not known. */
		for (size_t i = 1; i < count; i++)
			assert_true(merged[i].line + 40 > merged[i - 1].line);
		arena_deinit(&arena);
	}
	test_free(all);
	test_free(base);
	test_free(next);
}

/* A guest that writes one record again and again, all at one time, must not cost a square. */
static void test_hostile_repeats(void **state)
{
	enum { COUNT = 60000 };
	struct kmsg_record *records = test_calloc(COUNT, sizeof *records);
	struct arena arena = ARENA_INIT;
	size_t count = 0;
	(void)state;
	for (size_t i = 0; i < COUNT; i++)
		records[i] = (struct kmsg_record){ .time_ns = 5000000, .text = SLICE("again"), .line = i + 1 };
	clock_t start = clock();
	assert_true(kmsg_same_boot(records, COUNT, records, COUNT, &arena));
	assert_non_null(kmsg_merge(records, COUNT, records, COUNT, &arena, &count));
	assert_in_range(count, COUNT, 2 * COUNT);
	assert_true((clock() - start) / CLOCKS_PER_SEC < 5);
	arena_deinit(&arena);
	test_free(records);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_same_boot),
		cmocka_unit_test(test_random_losses),
		cmocka_unit_test(test_hostile_repeats),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
