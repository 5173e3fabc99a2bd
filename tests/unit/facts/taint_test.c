#include "../expect.h"

#include "facts/taint.h"

static void test_letters(void **state)
{
	(void)state;
	/* kernel/panic.c (Linux 6.12) has a letter for each bit, and G and blanks for those not set. */
	for (const char *letter = "PFSRMBUDAWCIOELKXTN"; *letter; letter++)
		expect_true((char[]){ *letter, '\0' }, taint_meaning(*letter) != NULL);
	for (const char *letter = "G -?pZ"; *letter; letter++)
		expect_true((char[]){ *letter, '\0' }, taint_meaning(*letter) == NULL);
	assert_string_equal(taint_meaning('O'), "an out-of-tree module");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_letters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
