#include "../expect.h"

#include "base/limits.h"
#include "kmsg/store.h"

/* More than head, tail and evidence together hold. */
#define HUGE_BYTES (BOOT_HEAD_BYTES + BOOT_TAIL_BYTES + BOOT_EVIDENCE_BYTES + 4 * MIB)

static bool is_evidence(void *user, struct slice text)
{
	(void)user;
	return slice_starts(text, SLICE("keep"));
}

static bool everything(void *user, struct slice text)
{
	(void)user;
	(void)text;
	return true;
}

/* Record `line` of a boot whose every hundredth record is evidence. */
static void append(struct record_store *store, uint64_t line, size_t text_len)
{
	struct buf text = BUF_INIT(64 * KIB);
	buf_printf(&text, "%s %llu ", line % 100 == 50 ? "keep" : "noise", (unsigned long long)line);
	buf_repeat(&text, 'x', (int)text_len - (int)text.len);
	struct kmsg_record record = { .text = buf_slice(&text), .line = line, .caller = SLICE("T1"), .level = 4 };
	record_store_append(store, &record);
	buf_deinit(&text);
}

static size_t memory_of(const struct record_store *store)
{
	size_t bytes = 0;
	for (size_t i = 0; i < store->block_count; i++)
		bytes += store->blocks[i]->arena.used + sizeof *store->blocks[i] +
			 store->blocks[i]->capacity * sizeof *store->blocks[i]->records;
	return bytes;
}

static void test_small(void **state)
{
	struct record_store store;
	struct arena arena = ARENA_INIT;
	size_t count = 7;
	(void)state;
	record_store_init(&store, NULL, NULL);
	assert_null(record_store_last(&store));
	assert_int_equal(record_store_count(&store), 0);
	assert_non_null(record_store_flatten(&store, &arena, &count));
	assert_int_equal(count, 0);
	append(&store, 1, 0);
	append(&store, 50, 0);
	expect_text("last", record_store_last(&store)->text, "keep 50 ");
	struct kmsg_record *all = record_store_flatten(&store, &arena, &count);
	assert_int_equal(count, 2);
	expect_text("first", all[0].text, "noise 1 ");
	expect_text("caller", all[1].caller, "T1");
	assert_int_equal(all[1].level, 4);
	assert_int_equal(store.let_go_count, 0);
	record_store_deinit(&store);
	arena_deinit(&arena);
}

static void test_copies_are_deep(void **state)
{
	char text[] = "abc", caller[] = "T1";
	struct kmsg_record record = { .text = { text, 3 }, .caller = { caller, 2 } };
	struct record_store store;
	(void)state;
	record_store_init(&store, NULL, NULL);
	record_store_append(&store, &record);
	memset(text, 'z', 3);
	memset(caller, 'z', 2);
	expect_text("text", record_store_last(&store)->text, "abc");
	expect_text("caller", record_store_last(&store)->caller, "T1");
	record_store_deinit(&store);
}

static void test_drop_last(void **state)
{
	static const struct {
		const char *name;
		size_t appended, dropped;
		int64_t last;
	} rows[] = {
		{ "none", 5, 0, 5 },
		{ "one", 5, 1, 4 },
		{ "all", 5, 5, 0 },
		{ "more than there are", 5, 9, 0 },
		{ "over a block's end", 6000, 5000, 1000 },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct record_store store;
		record_store_init(&store, NULL, NULL);
		for (size_t k = 1; k <= rows[i].appended; k++)
			append(&store, k, 100);
		record_store_drop_last(&store, rows[i].dropped);
		const struct kmsg_record *last = record_store_last(&store);
		expect_number(rows[i].name, last ? (int64_t)last->line : 0, rows[i].last);
		expect_number(rows[i].name, (int64_t)record_store_count(&store), rows[i].last);
		append(&store, 9999, 10);
		expect_number(rows[i].name, (int64_t)record_store_last(&store)->line, 9999);
		record_store_deinit(&store);
	}
}

struct tally {
	uint64_t head, tail;     /* lines without a gap at either end */
	uint64_t evidence, noise; /* between them */
};

/* Lines rise; every record that is not there was let go. */
static struct tally check_kept(const char *row, const struct record_store *store, uint64_t appended)
{
	struct arena arena = ARENA_INIT;
	size_t count, head = 1, tail = 1;
	const struct kmsg_record *all = record_store_flatten(store, &arena, &count);
	expect_number(row, (int64_t)(count + store->let_go_count), (int64_t)appended);
	expect_number(row, (int64_t)all[0].line, 1);
	expect_number(row, (int64_t)all[count - 1].line, (int64_t)appended);
	for (size_t i = 1; i < count; i++)
		expect_true(row, all[i].line > all[i - 1].line);
	while (head < count && all[head].line == head + 1)
		head++;
	while (tail < count && all[count - 1 - tail].line == appended - tail)
		tail++;
	struct tally tally = { .head = head, .tail = tail };
	for (size_t i = head; i + tail < count; i++) {
		tally.evidence += all[i].line % 100 == 50;
		tally.noise += all[i].line % 100 != 50;
	}
	arena_deinit(&arena);
	return tally;
}

static void test_huge(void **state)
{
	static const struct {
		const char *name;
		size_t text_len;
		bool (*is_evidence)(void *, struct slice);
	} rows[] = {
		{ "ordinary records", 80, is_evidence },
		{ "tiny records", 12, is_evidence },
		{ "the longest records", 32 * 1024, is_evidence },
		{ "no evidence asked for", 80, NULL },
		{ "all is evidence", 80, everything },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct record_store store;
		uint64_t line = 0;
		record_store_init(&store, rows[i].is_evidence, NULL);
		for (size_t bytes = 0; bytes < HUGE_BYTES; bytes += rows[i].text_len + sizeof(struct kmsg_record))
			append(&store, ++line, rows[i].text_len);
		expect_true(rows[i].name, !store.failed && store.let_go_count > 0);
		struct tally tally = check_kept(rows[i].name, &store, line);
		/* A block is let go as a whole. */
		uint64_t record_bytes = rows[i].text_len + sizeof(struct kmsg_record);
		expect_true(rows[i].name, tally.head * record_bytes >= BOOT_HEAD_BYTES - BOOT_BLOCK_BYTES);
		expect_true(rows[i].name, tally.tail * record_bytes >= BOOT_TAIL_BYTES - 2 * BOOT_BLOCK_BYTES);
		/* Where all is evidence, the first of it stands behind the head without a gap. */
		expect_number(rows[i].name, (int64_t)tally.noise, 0);
		expect_true(rows[i].name, (tally.evidence > 0) == (rows[i].is_evidence == is_evidence));
		if (rows[i].is_evidence == everything)
			expect_true(rows[i].name,
				    tally.head * record_bytes >= BOOT_HEAD_BYTES + BOOT_EVIDENCE_BYTES / 2);
		expect_true(rows[i].name, memory_of(&store) < 16 * MIB);
		record_store_deinit(&store);
	}
}

static void test_memory_does_not_grow(void **state)
{
	struct record_store store;
	size_t most = 0;
	(void)state;
	record_store_init(&store, everything, NULL);
	for (uint64_t line = 1; line < 400000; line++) {
		append(&store, line, 20);
		if (line % 10000 == 0 && memory_of(&store) > most)
			most = memory_of(&store);
	}
	assert_in_range(most, BOOT_HEAD_BYTES + BOOT_TAIL_BYTES, 16 * MIB);
	check_kept("memory", &store, 399999);
	record_store_deinit(&store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_copies_are_deep),
		cmocka_unit_test(test_drop_last),
		cmocka_unit_test(test_huge),
		cmocka_unit_test(test_memory_does_not_grow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
