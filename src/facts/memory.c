/* Memory: the table of processes that the OOM killer prints, for the one that holds most. */
#include "facts/reader.h"

#define PAGE_KIB 4

/* `[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name` */
static void start_table(struct facts_reader *reader, const struct kmsg_record *record)
{
	(void)record;
	reader->in_processes = true;
}

/* `[   2210]     0  2210   251004   214887  1789952        0             0 merge-report`: rss, the
 * fourth column in every version, counts pages. */
static bool parse_process(struct slice text, uint64_t *ret_pages, struct slice *ret_name)
{
	uint64_t pid, pages;
	struct slice rest = slice_trim_left(slice_skip(text, 1)), word = SLICE("");
	if (!slice_eat_decimal(&rest, &pid) || !slice_eat(&rest, SLICE("]")))
		return false;
	for (int column = 0; column < 4; column++)
		word = slice_word(&rest);
	if (!slice_to_decimal(word, &pages))
		return false;
	while (slice_trim_left(rest).len)
		word = slice_word(&rest);
	*ret_pages = pages;
	*ret_name = word;
	return true;
}

static void take_process(struct facts_reader *reader, const struct kmsg_record *record)
{
	uint64_t pages;
	struct slice name;
	if (!reader->in_processes || !parse_process(record->text, &pages, &name))
		return;
	uint64_t mib = pages / (1024 / PAGE_KIB);
	if (mib > INT32_MAX || (int64_t)mib <= facts_number(reader->facts, FACT_MEMORY_LARGEST_MIB, -1))
		return;
	fact_set_text(reader, FACT_MEMORY_LARGEST_PROCESS, name, record->line);
	fact_set_number(reader, FACT_MEMORY_LARGEST_MIB, (int64_t)mib, record->line);
}

static const struct facts_pattern patterns[] = {
	FACTS_HEAD("[ pid ]", start_table),
	FACTS_HEAD("[  pid  ]", start_table),
	FACTS_HEAD("[", take_process),
};
const struct facts_patterns memory_patterns = { patterns, sizeof patterns / sizeof *patterns };
