#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/limits.h"
#include "rules/load.h"

#define HEAD "schema: 1\nid: a/b\nrev: 1\nstatus: stable\nseverity: fatal\n"
#define TITLE "title: Something failed\n"
#define WHY "why: Because.\n"
#define MATCH "match:\n  all:\n    - line: '^Oops (?<what>\\w+)'\n      needle: Oops\n"
#define GOOD HEAD TITLE WHY MATCH
/* In front of one condition of `all`. */
#define ALL HEAD TITLE WHY "match:\n  all:\n    - "

struct wrong {
	const char *text, *error; /* a part of the error */
};

static void check_wrong(const struct wrong *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct arena arena = ARENA_INIT;
		const struct rule *rule;
		struct error err = { 0 };
		assert_false(rule_load(&arena, slice_of(cases[i].text), "x.yaml", SLICE("a/b"), &rule, &err));
		if (!strstr(err.text, cases[i].error))
			fail_msg("case %zu: '%s' does not hold '%s'", i, err.text, cases[i].error);
		arena_deinit(&arena);
	}
}

#define CHECK_WRONG(cases) check_wrong(cases, sizeof(cases) / sizeof *(cases))

static void test_wrong_yaml(void **state)
{
	static const struct wrong cases[] = {
		{ "", "x.yaml:1:1: nothing, expected a rule" },
		{ "schema: 1\nid: a: b\n", "x.yaml:2:6: mapping values are not allowed in this context" },
		{ "schema: [1", "expected YAML" },
		{ "schema: &a 1\n", "x.yaml:1:9: an anchor, expected none" },
		{ "schema: *a\n", "x.yaml:1:9: an alias, expected" },
		{ "*a : 1\n", "an alias, expected a key" },
		{ "schema: !!int 1\n", "x.yaml:1:9: a tag, expected none" },
		{ "%YAML 1.1\n---\nschema: 1\n", "a YAML directive, expected none" },
		{ "<<: {a: b}\n", "a merge key, expected none" },
		{ "schema: 1\nid: a/b\nschema: 1\n", "x.yaml:3:1: the key of line 1 again" },
		{ "? [a]\n: b\n", "a list or a mapping as a key" },
		{ "schema: \"a\\0b\"\n", "a NUL byte" },
		{ GOOD "---\nschema: 1\n", "a second document" },
		{ "[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]", "nested too deep, expected at most 16" },
		{ "schema: \xff\n", "expected UTF-8 text" },
		{ "just text\n", "x.yaml:1:1: a text, expected a mapping" },
	};
	(void)state;
	CHECK_WRONG(cases);
}

static void test_wrong_keys(void **state)
{
	static const struct wrong cases[] = {
		{ "id: a/b\n", "no schema, expected 'schema: 1' as the first line" },
		{ "schema: 2\nnews: 1\n", "x.yaml:1:9: schema 2, expected at most 1: this rule needs a newer vmpanic" },
		{ "schema: one\n", "a schema that is no number" },
		{ GOOD "titel: x\n", "x.yaml:12:1: unknown key 'titel', expected 'title'" },
		{ GOOD "qqqqqqqq: x\n", "unknown key 'qqqqqqqq', expected one of: schema, id" },
		{ HEAD WHY MATCH, "no 'title', expected one in every rule" },
		{ GOOD "cause: init-died\n", "a cause without a 'confidence'" },
		{ "schema: 1\nid: a/c\nrev: 1\nstatus: test\nseverity: info\n" TITLE WHY MATCH,
		  "x.yaml:2:5: id 'a/c', expected 'a/b', the path of the file" },
		{ "schema: 1\nid: A\nrev: 1\nstatus: test\nseverity: info\n" TITLE WHY MATCH, "expected family/slug" },
		{ "schema: 1\nid: a/b\nrev: 0\nstatus: test\nseverity: info\n" TITLE WHY MATCH,
		  "expected a number from 1" },
		{ "schema: 1\nid: a/b\nrev: 1\nstatus: good\nseverity: info\n" TITLE WHY MATCH,
		  "unknown word 'good', expected one of: unsupported, deprecated, experimental, test, stable" },
		{ "schema: 1\nid: a/b\nrev: 1\nstatus: test\nseverity: [info]\n" TITLE WHY MATCH,
		  "x.yaml:5:11: a list, expected a text" },
		{ HEAD "title: \"one\\ntwo\"\n" WHY MATCH, "a text of several lines, expected one line" },
		{ HEAD "title: ''\n" WHY MATCH, "nothing, expected a text" },
		{ GOOD "confidence: certain\ncause: int-died\n", "unknown cause 'int-died', expected 'init-died'" },
		{ GOOD "fix: [{use: save-crsh}]\n", "unknown advice 'save-crsh', expected 'save-crash'" },
		{ GOOD "confidence: certain\ncause: \"\\e[31mred\"\n", "unknown cause '\\x1b[31mred'" },
		{ GOOD "explains: [UPPER]\n", "expected family/slug, 'family/*' or '*'" },
		{ GOOD "explains: []\n", "an empty list, expected at least one item" },
		{ GOOD "verdict: panic\n", "expected one of: hang, oops, reset" },
	};
	(void)state;
	CHECK_WRONG(cases);
}

static void test_wrong_conditions(void **state)
{
	static const struct wrong cases[] = {
		{ HEAD TITLE WHY "match: {}\n", "no condition, expected at least one of" },
		{ HEAD TITLE WHY "match:\n  none:\n    - event: boot\n", "nothing but 'none'" },
		{ HEAD TITLE WHY "match:\n  al:\n    - event: boot\n", "unknown key 'al', expected 'all'" },
		{ ALL "needle: x\n", "no condition, expected one of: line, fact" },
		{ ALL "line: x\n", "no 'needle', expected a literal" },
		{ ALL "{line: x, needle: ''}\n", "nothing, expected a text" },
		{ ALL "{line: '(x', needle: x}\n",
		  "x.yaml:10:14: regex '(x': missing closing parenthesis at its byte 2" },
		{ ALL "{line: x, needle: x, within: 3}\n", "'within' outside of a sequence" },
		{ ALL "{line: x, needle: x, count: many}\n", "'many', expected a number" },
		{ ALL "{line: x, needle: x, in: user}\n", "expected one of: kernel, console, any" },
		{ ALL "{fact: root.wnated, is: x}\n", "unknown fact 'root.wnated', expected 'root.wanted'" },
		{ ALL "{fact: root.wanted}\n", "a fact without a test" },
		{ ALL "{fact: root.wanted, is: x, not: y}\n", "a second test of one fact" },
		{ ALL "{fact: root.wanted, in: x}\n", "a text, expected a list" },
		{ ALL "{fact: root.wanted, at-least: 4}\n", "'at-least' for a fact that is no number" },
		{ ALL "{fact: root.error, contains: 4}\n", "'contains' for a fact that is no text" },
		{ ALL "{fact: root.error, is: six}\n", "'six', expected a number: 'root.error' is one" },
		{ ALL "{fact: log.complete, is: true}\n", "expected one of: no, yes" },
		{ ALL "{fact: log.complete, state: there}\n", "expected one of: unknown, absent, known" },
		{ ALL "{event: tripel-fault}\n", "unknown word 'tripel-fault', expected 'triple-fault'" },
		{ ALL "sequence:\n        - event: boot\n", "no 'line', expected one in each item of a sequence" },
		{ ALL "sequence:\n        - {line: x, needle: x, count: 2}\n", "'count' in a sequence" },
	};
	(void)state;
	CHECK_WRONG(cases);
}

static void test_wrong_texts(void **state)
{
	static const struct wrong cases[] = {
		{ GOOD "disproof: 'See {{nothing}}.'\n",
		  "unknown value '{{nothing}}', expected a fact or a named group" },
		{ GOOD "disproof: 'See {{what.'\n", "a '{{' without its '}}'" },
		{ GOOD "disproof: 'See {? what.'\n", "a '{?' without its '?}'" },
		{ GOOD "disproof: 'See{? what?}.'\n", "a passage {?...?} that is never left out" },
		{ HEAD TITLE "why: '{{out}}'\nmatch:\n  any:\n    - event: boot\n  none:\n"
		  "    - {line: '(?<out>x)', needle: x}\n",
		  "unknown value '{{out}}'" },
		{ GOOD "fix:\n  - risk: none\n", "an unfinished step" },
		{ GOOD "fix:\n  - {use: save-crash, text: x}\n", "a text of its own in a step with 'use'" },
		{ GOOD "fix:\n  - {id: x, risk: none, text: y, commands: ['{{bad}}']}\n", "unknown value '{{bad}}'" },
		{ GOOD "fix:\n  - {id: x, risk: high, text: y}\n", "expected one of: none, reversible" },
		{ GOOD "tests:\n  - {name: x, log: y}\n", "an unfinished test" },
		{ GOOD "tests:\n  - {name: x, log: y, expect: match, captures: {other: z}}\n",
		  "unknown capture 'other'" },
	};
	(void)state;
	CHECK_WRONG(cases);
}

static const char full_rule[] =
	GOOD
	"  any:\n    - {fact: root.error, at-least: 6}\n    - {event: triple-fault}\n"
	"  none:\n    - {fact: crash.kind, not: [warning, lockdep]}\n"
	"  sequence:\n    - {line: a, needle: a}\n    - {line: b, needle: b, within: 5, in: any}\n"
	"confidence: likely\ncause: init-died\nverdict: hang\nroot: one-time\n"
	"explains: [panic/unclassified, 'oops/*', '*']\n"
	"disproof: >\n  Folded {{what|nothing}}\n  text.\n"
	"fix:\n  - use: save-crash\n  - {id: own, risk: writes-boot, text: 'Do {{kernel.release}}.', "
	"commands: [a, b]}\n"
	"references: ['x.c']\n"
	"tests:\n  - name: one\n    log: |\n      Oops a\n    expect: match\n    captures: {what: a}\n"
	"  - {name: two, log: none, expect: no-match}\n";

static void check_match(const struct rule_condition *match)
{
	const struct rule_condition *all = match->children;
	assert_int_equal(match->kind, CONDITION_ALL);
	assert_int_equal(match->child_count, 4);
	assert_int_equal(all[0].kind, CONDITION_LINE);
	assert_string_equal(all[0].needle, "Oops");
	assert_int_equal(all[0].source, SOURCE_KERNEL);
	assert_int_equal(all[1].kind, CONDITION_ANY);
	assert_int_equal(all[1].children[0].fact, FACT_ROOT_ERROR);
	assert_int_equal(all[1].children[0].test, FACT_TEST_AT_LEAST);
	assert_string_equal(all[1].children[0].values[0], "6");
	assert_int_equal(all[1].children[1].event, HOST_TRIPLE_FAULT);
	assert_int_equal(all[2].kind, CONDITION_NONE);
	assert_int_equal(all[2].children[0].value_count, 2);
	assert_int_equal(all[3].kind, CONDITION_SEQUENCE);
	assert_int_equal(all[3].children[1].within, 5);
	assert_int_equal(all[3].children[1].source, SOURCE_ANY);
}

static void test_full_rule(void **state)
{
	struct arena arena = ARENA_INIT;
	const struct rule *rule;
	struct error err = { 0 };
	(void)state;
	if (!rule_load(&arena, SLICE(full_rule), "x.yaml", SLICE("a/b"), &rule, &err))
		fail_msg("%s", err.text);
	check_match(&rule->match);
	assert_string_equal(rule->id, "a/b");
	assert_string_equal(rule->cause, "init-died");
	assert_string_equal(rule->verdict, "hang");
	assert_int_equal(rule->confidence, CONFIDENCE_LIKELY);
	assert_int_equal(rule->root, ROOT_ONE_TIME);
	assert_string_equal(rule->disproof, "Folded {{what|nothing}} text.");
	assert_int_equal(rule->explains_count, 3);
	assert_string_equal(rule->steps[0].id, "save-crash");
	assert_int_equal(rule->steps[1].risk, RISK_WRITES_BOOT);
	assert_int_equal(rule->steps[1].command_count, 2);
	assert_string_equal(rule->tests[0].log, "Oops a\n");
	assert_true(rule->tests[0].expects_match);
	assert_string_equal(rule->tests[0].capture_values[0], "a");
	assert_false(rule->tests[1].expects_match);
	assert_string_equal(rule->file, "x.yaml");
	arena_deinit(&arena);
}

static void test_any_id(void **state)
{
	struct arena arena = ARENA_INIT;
	const struct rule *rule;
	(void)state;
	assert_true(rule_load(&arena, SLICE(GOOD), "x.yaml", SLICE(""), &rule, NULL));
	arena_deinit(&arena);
}

static void test_bounds(void **state)
{
	struct arena arena = ARENA_INIT;
	const struct rule *rule;
	struct error err;
	static char text[RULE_FILE_BYTES + 1];
	(void)state;
	memset(text, '\n', sizeof text);
	assert_false(rule_load(&arena, (struct slice){ text, sizeof text }, "x", SLICE(""), &rule, &err));
	assert_non_null(strstr(err.text, "expected a rule file of at most 262144"));
	memset(text, ',', sizeof text);
	memcpy(text, "a: [", 4);
	for (size_t i = 4; i < 20000; i += 2)
		text[i] = 'x';
	assert_false(rule_load(&arena, (struct slice){ text, 20000 }, "x", SLICE(""), &rule, &err));
	assert_non_null(strstr(err.text, "too many values, expected at most 4096"));
	arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wrong_yaml),
		cmocka_unit_test(test_wrong_keys),
		cmocka_unit_test(test_wrong_conditions),
		cmocka_unit_test(test_wrong_texts),
		cmocka_unit_test(test_full_rule),
		cmocka_unit_test(test_any_id),
		cmocka_unit_test(test_bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
