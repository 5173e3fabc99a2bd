#include "../expect.h"

#include "base/arena.h"
#include "base/limits.h"

static bool is_zero(const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i])
			return false;
	return true;
}

static void test_alloc(void **state)
{
	static const struct {
		const char *name;
		size_t size;
	} rows[] = {
		{ "nothing", 0 },
		{ "one byte", 1 },
		{ "not a multiple of the alignment", 17 },
		{ "a whole block", ARENA_BLOCK_BYTES },
		{ "more than a block", ARENA_BLOCK_BYTES * 3 + 1 },
		{ "small again", 3 },
	};
	struct arena arena = ARENA_INIT;
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		unsigned char *piece = arena_alloc(&arena, rows[i].size);
		expect_true(rows[i].name, piece && (uintptr_t)piece % _Alignof(max_align_t) == 0);
		expect_true(rows[i].name, is_zero(piece, rows[i].size));
		memset(piece, 0xee, rows[i].size);
	}
	assert_false(arena.failed);
	assert_true(arena.used >= ARENA_BLOCK_BYTES * 4);
	arena_deinit(&arena);
	assert_int_equal(arena.used, 0);
}

static void test_failure_is_sticky(void **state)
{
	static const struct {
		const char *name;
		size_t size;
	} rows[] = {
		{ "the largest number", SIZE_MAX },
		{ "rounds up over it", SIZE_MAX - 15 },
		{ "a header more than there is", SIZE_MAX - 64 },
		{ "more than an address space", SIZE_MAX / 2 },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct arena arena = ARENA_INIT;
		expect_true(rows[i].name, arena_alloc(&arena, rows[i].size) == NULL);
		expect_true(rows[i].name, arena.failed);
		expect_true(rows[i].name, arena_alloc(&arena, 8) != NULL);
		expect_true(rows[i].name, arena.failed);
		arena_deinit(&arena);
		expect_true(rows[i].name, !arena.failed);
	}
}

static void test_text(void **state)
{
	static const struct {
		const char *name;
		struct slice text;
	} rows[] = {
		{ "plain", BYTES("abc") },
		{ "empty", BYTES("") },
		{ "no memory behind", { NULL, 0 } },
		{ "NUL inside", BYTES("a\0b") },
	};
	struct arena arena = ARENA_INIT;
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct slice copy = arena_copy(&arena, rows[i].text);
		expect_slices(rows[i].name, copy, rows[i].text);
		expect_true(rows[i].name, copy.ptr && copy.ptr[copy.len] == '\0');
	}
	expect_text("printf", arena_printf(&arena, "%s-%u", "sda", 1u), "sda-1");
	expect_text("printf of nothing", arena_printf(&arena, "%s", ""), "");
	assert_false(arena.failed);
	arena_deinit(&arena);
}

static void test_grow(void **state)
{
	struct arena arena = ARENA_INIT;
	uint32_t *items = NULL;
	size_t capacity = 0;
	(void)state;
	for (uint32_t i = 0; i < 5000; i++) {
		assert_true(arena_grow(&arena, &items, i, &capacity, sizeof *items));
		assert_true(capacity > i);
		items[i] = i;
	}
	for (uint32_t i = 0; i < 5000; i++)
		assert_int_equal(items[i], i);
	arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alloc),
		cmocka_unit_test(test_failure_is_sticky),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_grow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
