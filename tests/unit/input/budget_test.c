#include "../expect.h"

#include <time.h>

#include "base/limits.h"
#include "input/budget.h"

static void test_ratio(void **state)
{
	struct budget budget = budget_of_stream();
	(void)state;
	budget_add_in(&budget, 1000);
	assert_true(budget_add_out(&budget, DECODER_FREE_BYTES));
	assert_false(budget_add_out(&budget, 1));
	expect_text("once over", slice_of(budget.excess), "more than 200 times its size came out of it");
	budget_add_in(&budget, 1 * MIB);
	assert_false(budget_add_out(&budget, 1));
	assert_false(budget_check(&budget));

	budget = budget_of_stream();
	budget_add_in(&budget, 1 * MIB);
	assert_true(budget_add_out(&budget, 199 * MIB));
	assert_false(budget_add_out(&budget, 1 * MIB));
}

/* Members that lie in each other are read again and again: that does not let more of them come out. */
static void test_known_size(void **state)
{
	struct budget budget = budget_of_archive();
	(void)state;
	budget.in_bytes_max = 8 * MIB;
	for (int i = 0; i < 100; i++)
		budget_add_in(&budget, 1 * MIB);
	assert_true(budget_add_out(&budget, 200 * 8 * MIB - 1));
	assert_false(budget_add_out(&budget, 1));
}

static void test_all(void **state)
{
	struct budget budget = budget_of_archive();
	(void)state;
	budget_add_in(&budget, DECODER_OUT_BYTES);
	assert_true(budget_add_out(&budget, DECODER_OUT_BYTES - 1));
	assert_false(budget_add_out(&budget, 1));
	expect_text("in all", slice_of(budget.excess), "more than 64 GiB came out of it");
}

static void wait_ms(long ms)
{
	nanosleep(&(struct timespec){ .tv_nsec = ms * 1000000 }, NULL);
}

/* Waiting for bytes is no work. */
static void test_work(void **state)
{
	struct budget budget = budget_of_archive();
	(void)state;
	assert_true(budget.work_ns_max == ARCHIVE_WORK_SECONDS * UINT64_C(1000000000));
	budget.work_ns_max = 500000000;
	budget_pause(&budget);
	wait_ms(600);
	budget_resume(&budget);
	assert_true(budget_check(&budget));
	wait_ms(501);
	assert_false(budget_check(&budget));
	assert_false(budget_add_member(&budget));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ratio),
		cmocka_unit_test(test_known_size),
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_work),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
