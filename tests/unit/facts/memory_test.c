#include "../facts_of.h"

#define T "[    1.000000] "
#define V "[    0.000000] Linux version 5.10.0\n"
#define OLD_HEAD T "[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name\n"
#define HEAD T "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name\n"
#define HEAD_6 T "[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name\n"

static void test_processes(void **state)
{
	static const struct facts_row rows[] = {
		{ "one", V HEAD T "[    53]     0    53    26201    25893   250000        0             0 eat\n",
		  "memory.largest_process=eat\nmemory.largest_mib=101" },
		{ "the largest of three", V HEAD T "[    1]     0     1     100     512   8   0   0 init\n"
		  T "[ 2210]  1001  2210   241190   214887  1822720   0   0 merge-report\n"
		  T "[ 2211]  1001  2211   241190     4096  1822720   0   0 sleep\n",
		  "memory.largest_process=merge-report\nmemory.largest_mib=839" },
		{ "Linux 4.4", V OLD_HEAD T "[   53]     0    53    26201    2560   62   5        0             0 eat\n",
		  "memory.largest_process=eat\nmemory.largest_mib=10" },
		{ "Linux 6.12", V HEAD_6 T "[   53]     0    53    26201    2560   2560   0   0   250000   0   0 eat\n",
		  "memory.largest_process=eat\nmemory.largest_mib=10" },
		{ "no table", V T "[    53]     0    53    26201    25893   250000        0             0 eat\n",
		  "memory.largest_process=-\nmemory.largest_mib=-" },
		{ "a row that is cut", V HEAD T "[    53]     0    53\n", "memory.largest_process=-" },
		{ "hostile numbers", V HEAD T "[ 1] 0 1 2 99999999999999999999 0 0 0 x\n"
		  T "[ 2] 0 1 2 18446744073709551615 0 0 0 y\n", "memory.largest_process=-" },
	};
	(void)state;
	expect_rows(rows, ROWS(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_processes) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
