#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules/check.h"
#include "rules/load.h"
#include "rules/pattern.h"

#define HEAD "schema: 1\nid: a/b\nrev: 1\nwhy: W\n"
#define WORDS "status: test\nseverity: error\ntitle: T\n"
#define MATCH "match: {all: [{line: '^Oops (?<what>\\w+)', needle: 'Oops '}]}\n"
#define HIT "  - {name: hit, log: '<0>[    1.000000] Oops here', expect: match, captures: {what: here}}\n"
#define MISS "  - {name: miss, log: '<0>[    1.000000] none here', expect: no-match}\n"
#define TESTS "tests:\n" HIT MISS

typedef bool (*check)(struct rule_set set, struct rule_set known, struct buf *out, struct rule_check_result *ret,
		      struct error *err);

struct check_case {
	const char *text;
	const char *remark; /* a part of what is said; NULL: nothing is */
};

static void check_one(check run, const struct check_case *test)
{
	struct arena arena = ARENA_INIT;
	struct buf out = BUF_INIT(65536);
	struct rule_check_result result;
	struct error err = { 0 };
	const struct rule *rule;
	if (!rule_load(&arena, slice_of(test->text), "x.yaml", SLICE(""), &rule, &err))
		fail_msg("%s", err.text);
	struct rule_set set = { &rule, 1 };
	assert_true(run(set, set, &out, &result, &err));
	assert_int_equal(result.failed, test->remark != NULL);
	if (test->remark && !slice_contains(buf_slice(&out), slice_of(test->remark)))
		fail_msg("'%.*s' does not hold '%s'", SLICE_ARG(buf_slice(&out)), test->remark);
	buf_deinit(&out);
	arena_deinit(&arena);
}

static void test_tests(void **state)
{
	static const struct check_case cases[] = {
		{ HEAD WORDS MATCH TESTS, NULL },
		{ HEAD WORDS MATCH "tests:\n  - {name: one, log: '<0>[    1.000000] Oops here', expect: no-match}\n",
		  "x.yaml:10: test one: expected no match, got one\n" },
		{ HEAD WORDS MATCH "tests:\n  - {name: one, log: '<0>[    1.000000] other', expect: match}\n",
		  "x.yaml:10: test one: expected a match, got none\n" },
		{ HEAD WORDS MATCH "tests:\n  - {name: one, log: '<0>[    1.000000] Oops here', expect: match, "
		  "captures: {what: there}}\n", "x.yaml:10: test one: expected what 'there', got 'here'\n" },
		{ HEAD WORDS "match: {all: [{fact: kernel.release, is: x}]}\n"
		  "tests:\n  - {name: one, log: '<0>[    1.000000] Oops here', expect: match}\n",
		  "x.yaml:10: test one: expected a match, got not evaluated (kernel.release is unknown)\n" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check_one(rules_test, &cases[i]);
}

#define OTHER(explains) \
	"schema: 1\nid: a/c\nrev: 1\nwhy: W\nstatus: test\nseverity: error\ntitle: T\n" explains \
	"match: {all: [{line: 'here$', needle: here}]}\n"
#define DECLARED \
	"tests:\n  - {name: hit, log: '<0>[    1.000000] Oops here', expect: match, also: [a/c]}\n"

/* Another rule that matches the same log is an error, unless one of the two speaks of the other. */
static void test_others(void **state)
{
	static const struct {
		const char *own, *other;
		bool is_fine;
	} cases[] = {
		{ HEAD WORDS MATCH TESTS, OTHER(""), false },
		{ HEAD WORDS MATCH TESTS, OTHER("explains: [a/b]\n"), true },
		{ HEAD WORDS MATCH TESTS "explains: [a/c]\n", OTHER(""), true },
		{ HEAD WORDS MATCH DECLARED, OTHER(""), true },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = ARENA_INIT;
		struct buf out = BUF_INIT(65536);
		struct rule_check_result result;
		struct error err = { 0 };
		const struct rule *rules[2];
		assert_true(rule_load(&arena, slice_of(cases[i].own), "x.yaml", SLICE(""), &rules[0], &err));
		assert_true(rule_load(&arena, slice_of(cases[i].other), "y.yaml", SLICE(""), &rules[1], &err));
		struct rule_set own = { rules, 1 }, both = { rules, 2 };
		assert_true(rules_test(own, both, &out, &result, &err));
		assert_int_equal(result.failed, !cases[i].is_fine);
		assert_true(cases[i].is_fine || slice_contains(buf_slice(&out), SLICE("matches a/c, too")));
		buf_deinit(&out);
		arena_deinit(&arena);
	}
}

static void test_lint(void **state)
{
	static const struct check_case cases[] = {
		{ HEAD WORDS MATCH TESTS, NULL },
		{ HEAD WORDS MATCH "tests:\n" HIT, "no near miss" },
		{ HEAD WORDS "match: {all: [{event: boot}]}\ntests:\n" MISS, "no test with 'expect: match'" },
		{ HEAD "status: test\nseverity: error\ntitle: T.\n" MATCH TESTS, "ends in a period" },
		{ HEAD "status: test\nseverity: fatal\ntitle: T\n" MATCH TESTS, "a fatal rule without a step" },
		{ HEAD "status: stable\nseverity: error\ntitle: T\n" MATCH TESTS, "without 'references'" },
		{ HEAD "status: test\nseverity: error\ntitle: 01234567890123456789012345678901234567890123"
		  "45678901234567890123456789012345678901234567890\n" MATCH TESTS,
		  "a title of 91 columns, expected at most 90" },
		{ HEAD WORDS MATCH TESTS "explains: [c/d]\n", "explains 'c/d', expected a rule of that id" },
		{ HEAD WORDS MATCH TESTS "explains: ['c/*']\n", "explains 'c/*', expected a rule of that id" },
		{ HEAD WORDS MATCH TESTS "explains: ['a/*', '*']\n", NULL },
		{ HEAD WORDS MATCH TESTS "fix: [{id: x, risk: writes-disk, text: t}, {use: save-crash}, "
		  "{id: y, risk: none, text: t}]\n", "step 'y' is of risk none behind one of risk writes-disk" },
		{ HEAD WORDS "match: {all: [{line: 'Oops (?<what>\\w+)', needle: 'oops'}]}\n" TESTS,
		  "needle 'oops' in no test" },
		{ HEAD WORDS "match: {all: [{line: 'Oops (?<what>\\w+)', needle: ' '}]}\n" TESTS,
		  "needle ' ' stands in too many lines" },
		{ HEAD WORDS "match: {all: [{line: '.*Oops (?<what>\\w+)', needle: 'Oops '}]}\n" TESTS,
		  "begins with '.*'" },
		{ HEAD WORDS "match: {all: [{line: 'Oops (?<what>(\\w+)+)', needle: 'Oops '}]}\n" TESTS,
		  "repeats a repeat" },
		{ HEAD WORDS "match: {all: [{line: 'Oops (?<what>\\w)(?<else>\\w+)', needle: 'Oops '}]}\n" TESTS,
		  "capture 'else' is not used" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check_one(rules_lint, &cases[i]);
}

static void test_patterns(void **state)
{
	static const struct {
		const char *pattern;
		bool starts_open, nests;
	} cases[] = {
		{ "abc", false, false },
		{ "^abc.*d", false, false },
		{ ".*a", true, false },
		{ "^(?:.+)a", true, false },
		{ "(.*)a", true, false },
		{ "(a+)+", false, true },
		{ "(a|b*)*", false, true },
		{ "((a+)b)+", false, true },
		{ "(a{2,}){3,}", false, true },
		{ "(?:x[^]a]*)+", false, true },
		{ "(a+){3}", false, false },
		{ "(a+)?", false, false },
		{ "(ab)+", false, false },
		{ "(a++)+", false, false },
		{ "(?>a+)+", false, false },
		{ "(a+)++", false, false },
		{ "([+*])+", false, false },
		{ "(\\+\\*)+", false, false },
		{ "([[:alpha:]+])+", false, false },
		{ "(a{2,4})+", false, false },
		{ "a)+(", false, false },
		{ "[", false, false },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(pattern_starts_open(cases[i].pattern), cases[i].starts_open);
		assert_int_equal(pattern_nests_repeats(cases[i].pattern), cases[i].nests);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tests),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_lint),
		cmocka_unit_test(test_patterns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
