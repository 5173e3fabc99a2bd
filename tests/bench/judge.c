/* judge LOG: how long it takes to judge one boot - facts, then rules - with 60 of the built-in rules,
 * with 150, and with all; and which share of the rules' time is spent in regexes.
 *
 * The boot is the last one of LOG with its records repeated in front until there are 1,000, so that
 * the panic stands at the end as in a real dump. Medians of 501 rounds, in microseconds. Linked
 * with --wrap=regex_match, whose calls are timed in rounds of their own. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "base/limits.h"
#include "input/input.h"
#include "rules/engine.h"
#include "rules/regex.h"

#define RECORDS 1000
#define ROUNDS 501

enum regex_outcome __real_regex_match(const struct regex *regex, struct regex_scratch *scratch, struct slice text);
enum regex_outcome __wrap_regex_match(const struct regex *regex, struct regex_scratch *scratch, struct slice text);

static struct {
	bool is_timed;
	double us;
	unsigned long calls;
} regexes;

static double now_us(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

enum regex_outcome __wrap_regex_match(const struct regex *regex, struct regex_scratch *scratch, struct slice text)
{
	regexes.calls++;
	if (!regexes.is_timed)
		return __real_regex_match(regex, scratch, text);
	double begin = now_us();
	enum regex_outcome outcome = __real_regex_match(regex, scratch, text);
	regexes.us += now_us() - begin;
	return outcome;
}

static void fail(const char *what)
{
	fprintf(stderr, "judge: %s\n", what);
	exit(2);
}

/* ---- the boot ---- */

static struct arena arena;
static struct boot the_boot;

static void take_boot(void *user, const struct boot *boot)
{
	(void)user;
	if (!boot->record_count)
		return;
	struct kmsg_record *records = arena_alloc(&arena, RECORDS * sizeof *records);
	if (!records)
		fail("out of memory");
	for (size_t i = 0; i < RECORDS; i++) {
		/* The last ones as they are; in front of them the others, again and again. */
		size_t back = (RECORDS - 1 - i) % boot->record_count;
		records[i] = boot->records[boot->record_count - 1 - back];
		records[i].text = arena_copy(&arena, records[i].text);
		records[i].caller = SLICE("");
	}
	the_boot = (struct boot){ .number = 1, .records = records, .record_count = RECORDS, .format = boot->format };
}

static void read_boot(const char *path)
{
	static char bytes[4 * MIB];
	size_t len = 0;
	struct error err;
	struct boot_sink sink = { .boot = take_boot };
	FILE *file = fopen(path, "rb");
	if (!file)
		fail("cannot open the log");
	len = fread(bytes, 1, sizeof bytes, file);
	fclose(file);
	struct slice text = { bytes, len };
	enum log_format format = vmxlog_detect(text, true);
	struct boot_assembler *assembler = boot_assembler_new(format, &sink, &err);
	struct vmxlog_reader *reader = NULL;
	if (assembler)
		reader = vmxlog_reader_new(format, boot_assembler_input(assembler), &err);
	if (!reader || !vmxlog_reader_feed(reader, text, &err))
		fail("cannot read the log");
	vmxlog_reader_finish(reader);
	if (!boot_assembler_finish(assembler, false, &err) || !the_boot.record_count)
		fail("the log holds no boot");
	vmxlog_reader_free(reader);
	boot_assembler_free(assembler);
}

/* ---- the figures ---- */

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;
	return left < right ? -1 : left > right;
}

static double median(double *values)
{
	qsort(values, ROUNDS, sizeof *values, compare);
	return values[ROUNDS / 2];
}

/* One judgement; *rules_us of it went into the rules. */
static double judge_once(struct rule_engine *engine, double *rules_us)
{
	struct arena own = ARENA_INIT;
	struct facts facts;
	struct findings findings;
	struct error err;
	double begin = now_us();
	if (!facts_read(&facts, &the_boot, &own, &err))
		fail(err.text);
	double between = now_us();
	if (!rule_engine_run(engine, &facts, &own, &findings, &err))
		fail(err.text);
	double end = now_us();
	arena_deinit(&own);
	*rules_us = end - between;
	return end - begin;
}

static void measure(size_t rule_count)
{
	static double whole[ROUNDS], rules[ROUNDS];
	struct error err;
	struct rule_set all = rules_builtin(), set = { all.rules, rule_count < all.count ? rule_count : all.count };
	struct rule_engine *engine = rule_engine_new(set, &err);
	double ignored, in_rules = 0;
	if (!engine)
		fail(err.text);
	judge_once(engine, &ignored); /* compiles the regexes */
	regexes.calls = 0;
	for (size_t i = 0; i < ROUNDS; i++)
		whole[i] = judge_once(engine, &rules[i]);
	unsigned long calls = regexes.calls / ROUNDS;
	regexes.is_timed = true;
	regexes.us = 0;
	for (size_t i = 0; i < ROUNDS; i++) {
		judge_once(engine, &ignored);
		in_rules += ignored;
	}
	regexes.is_timed = false;
	printf("%4zu rules: %6.0f us, of it rules %6.0f us; %lu regexes run, %.0f %% of the rules' time\n", set.count,
	       median(whole), median(rules), calls, 100 * regexes.us / in_rules);
	rule_engine_free(engine);
}

int main(int argc, char **argv)
{
	struct rusage usage;
	if (argc != 2) {
		fprintf(stderr, "usage: judge LOG\n");
		return 2;
	}
	read_boot(argv[1]);
	printf("one boot of %d records\n", RECORDS);
	measure(60);
	measure(150);
	measure(SIZE_MAX);
	getrusage(RUSAGE_SELF, &usage);
	printf("peak memory %ld KiB\n", usage.ru_maxrss);
	arena_deinit(&arena);
	return 0;
}
