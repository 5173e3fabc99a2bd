#include "base/hash.h"

#include "../expect.h"

/* Each byte counts, those behind the last whole eight, too; and no two changes make up for each other, which
 * the highest bits of two words might. */
static void test_block_tells_changes(void **state)
{
	char text[27];
	(void)state;
	memset(text, 'a', sizeof(text));
	const struct slice block = { text, sizeof(text) };
	uint64_t before = hash_block(HASH_START, block);
	for (size_t i = 0; i < sizeof(text); i++) {
		text[i] ^= (char)0x80;
		assert_int_not_equal(hash_block(HASH_START, block), before);
		for (size_t k = 0; k < i; k++) {
			text[k] ^= (char)0x80;
			assert_int_not_equal(hash_block(HASH_START, block), before);
			text[k] ^= (char)0x80;
		}
		text[i] ^= (char)0x80;
	}
	assert_int_equal(hash_block(HASH_START, block), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_block_tells_changes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
