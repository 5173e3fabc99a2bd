#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/limits.h"
#include "rules/engine.h"
#include "rules/load.h"

#define LINES_MAX 16
#define RULES_OF_TEST 4

/* A boot made by hand. A line that begins with '>' is console text, one with '3' of another
 * facility; all others are the kernel's. */
struct scene {
	struct arena arena;
	struct kmsg_record *records;
	struct host_event event;
	struct boot boot;
	struct facts *facts;
	const struct rule *rules[RULES_OF_TEST];
	struct rule_engine *engine;
	struct findings findings;
};

static struct kmsg_record make_record(const char *line, size_t number)
{
	struct kmsg_record record = { .text = slice_of(line), .line = number + 1 };
	if (line[0] == '>')
		record.flags = KMSG_CONSOLE;
	if (line[0] == '3')
		record.facility = 3;
	if (line[0] == '>' || line[0] == '3')
		record.text = slice_skip(record.text, 1);
	return record;
}

static void set_facts(struct facts *facts)
{
	facts->values[FACT_ROOT_ERROR] = (struct fact){ FACT_KNOWN, SLICE("6"), 6, 3 };
	facts->values[FACT_ROOT_FORM] = (struct fact){ FACT_KNOWN, SLICE("uuid"), 0, 2 };
	facts->values[FACT_FILESYSTEMS_TRIED] = (struct fact){ FACT_KNOWN, SLICE("ext3 ext4 xfs"), 0, 0 };
	facts->values[FACT_LOG_COMPLETE] = (struct fact){ FACT_KNOWN, SLICE("yes"), 1, 0 };
	facts->values[FACT_CRASH_KIND] = (struct fact){ .state = FACT_ABSENT };
}

static void open_scene(struct scene *scene, const char *const *lines, size_t count)
{
	*scene = (struct scene){ .arena = ARENA_INIT };
	scene->records = arena_alloc(&scene->arena, count * sizeof *scene->records);
	scene->facts = ARENA_NEW(&scene->arena, struct facts);
	assert_true(scene->records && scene->facts);
	for (size_t i = 0; i < count; i++)
		scene->records[i] = make_record(lines[i], i);
	scene->event = (struct host_event){ .kind = HOST_TRIPLE_FAULT, .line = 90 };
	scene->boot = (struct boot){
		.records = scene->records, .record_count = count, .events = &scene->event, .event_count = 1,
	};
	scene->facts->boot = &scene->boot;
	set_facts(scene->facts);
}

static void add_rule(struct scene *scene, size_t number, const char *id, const char *severity, const char *more,
		     const char *match)
{
	struct error err;
	struct slice text = arena_printf(&scene->arena, "schema: 1\nid: %s\nrev: 1\nstatus: test\nseverity: %s\n"
					 "title: T\nwhy: W\n%smatch: %s\n", id, severity, more, match);
	if (!rule_load(&scene->arena, text, id, SLICE(""), &scene->rules[number], &err))
		fail_msg("%s", err.text);
}

static void run_scene(struct scene *scene, size_t rule_count)
{
	struct error err;
	scene->engine = rule_engine_new((struct rule_set){ scene->rules, rule_count }, &err);
	assert_non_null(scene->engine);
	assert_true(rule_engine_run(scene->engine, scene->facts, &scene->arena, &scene->findings, &err));
}

static void close_scene(struct scene *scene)
{
	rule_engine_free(scene->engine);
	arena_deinit(&scene->arena);
}

static const char *const log_lines[] = {
	/* 0 */ "Linux version 6.1",
	/* 1 */ "alpha one",
	/* 2 */ ">alpha console",
	/* 3 */ "beta 1",
	/* 4 */ "3gamma user",
	/* 5 */ "alpha two",
	/* 6 */ "beta 2",
	/* 7 */ "noise",
	/* 8 */ "noise",
	/* 9 */ "delta aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
	/* 10 */ "beta 3",
};
#define LOG_LINES (sizeof log_lines / sizeof *log_lines)

#define A "{line: '^alpha (?<which>\\w+)', needle: alpha}"
#define B "{line: '^beta (?<number>\\d)', needle: beta}"
#define NOT_THERE "{line: there, needle: there}"
#define ENDLESS "{line: '(a|aa|a?a)+$', needle: delta}"
#define UNKNOWN "{fact: root.wanted, is: x}"
#define YES "{fact: root.error, is: 6}"
#define NO "{fact: root.error, is: 7}"

struct match_case {
	const char *match;
	enum outcome outcome;
	const char *evidence; /* indexes of the records that matched */
};

static void check_evidence(const struct scene *scene, const struct finding *finding, const char *expected)
{
	struct buf shown = BUF_INIT(256);
	for (size_t i = 0; i < finding->evidence_count; i++)
		buf_printf(&shown, "%zu ", (size_t)(finding->evidence[i] - scene->records));
	assert_true(slice_is(buf_slice(&shown), expected));
	buf_deinit(&shown);
}

static void check_case(const struct match_case *test)
{
	struct scene scene;
	open_scene(&scene, log_lines, LOG_LINES);
	add_rule(&scene, 0, "a/b", "error", "", test->match);
	run_scene(&scene, 1);
	const struct findings *findings = &scene.findings;
	const struct finding *finding = findings->count ? &findings->items[0] : NULL;
	enum outcome outcome = finding ? finding->outcome : OUTCOME_CLEAN;
	if (outcome != test->outcome)
		fail_msg("%s: expected %d, got %d", test->match, test->outcome, outcome);
	assert_int_equal(findings->clean, outcome == OUTCOME_CLEAN);
	assert_int_equal(findings->not_evaluated, outcome == OUTCOME_NOT_EVALUATED);
	assert_int_equal(findings->limit_hits, outcome == OUTCOME_LIMIT_HIT);
	if (outcome == OUTCOME_MATCHED)
		check_evidence(&scene, finding, test->evidence);
	if (outcome == OUTCOME_NOT_EVALUATED)
		assert_int_equal(finding->missing_fact, FACT_ROOT_WANTED);
	close_scene(&scene);
}

static void check_cases(const struct match_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_case(&cases[i]);
}

#define CHECK_CASES(cases) check_cases(cases, sizeof(cases) / sizeof *(cases))

static void test_lines(void **state)
{
	static const struct match_case cases[] = {
		{ "{all: [" A "]}", OUTCOME_MATCHED, "1 " },
		{ "{all: [" NOT_THERE "]}", OUTCOME_CLEAN, "" },
		{ "{all: [{line: '^alpha three', needle: alpha}]}", OUTCOME_CLEAN, "" },
		{ "{all: [" B ", " A "]}", OUTCOME_MATCHED, "1 3 " },
		{ "{all: [" A ", " A "]}", OUTCOME_MATCHED, "1 " },
		{ "{all: [{line: alpha, needle: alpha, in: console}]}", OUTCOME_MATCHED, "2 " },
		{ "{all: [{line: gamma, needle: gamma}]}", OUTCOME_CLEAN, "" },
		{ "{all: [{line: gamma, needle: gamma, in: console}]}", OUTCOME_MATCHED, "4 " },
		{ "{all: [{line: alpha, needle: alpha, in: any, count: 3}]}", OUTCOME_MATCHED, "1 2 5 " },
		{ "{all: [{line: alpha, needle: alpha, in: any, count: 4}]}", OUTCOME_CLEAN, "" },
		{ "{all: [{line: beta, needle: beta, count: 2}]}", OUTCOME_MATCHED, "3 6 " },
		{ "{all: [" ENDLESS "]}", OUTCOME_LIMIT_HIT, "" },
		{ "{all: [" ENDLESS ", " NOT_THERE "]}", OUTCOME_CLEAN, "" },
	};
	(void)state;
	CHECK_CASES(cases);
}

static void test_facts_and_events(void **state)
{
	static const struct match_case cases[] = {
		{ "{all: [" YES "]}", OUTCOME_MATCHED, "" },
		{ "{all: [" NO "]}", OUTCOME_CLEAN, "" },
		{ "{all: [" UNKNOWN "]}", OUTCOME_NOT_EVALUATED, "" },
		{ "{all: [" UNKNOWN ", " NO "]}", OUTCOME_CLEAN, "" },
		{ "{all: [" UNKNOWN ", " NOT_THERE "]}", OUTCOME_CLEAN, "" },
		{ "{all: [" UNKNOWN ", " ENDLESS "]}", OUTCOME_LIMIT_HIT, "" },
		{ "{all: [" UNKNOWN ", " A "]}", OUTCOME_NOT_EVALUATED, "" },
		{ "{all: [{fact: root.wanted, state: unknown}]}", OUTCOME_MATCHED, "" },
		{ "{all: [{fact: crash.kind, state: absent}]}", OUTCOME_MATCHED, "" },
		{ "{all: [{fact: crash.kind, is: warning}]}", OUTCOME_CLEAN, "" },
		{ "{all: [{fact: crash.kind, not: warning}]}", OUTCOME_CLEAN, "" },
		{ "{all: [{fact: root.form, not: [path, label]}]}", OUTCOME_MATCHED, "" },
		{ "{all: [{fact: root.form, in: [uuid, label]}]}", OUTCOME_MATCHED, "" },
		{ "{all: [{fact: root.form, in: [path, label]}]}", OUTCOME_CLEAN, "" },
		{ "{all: [{fact: root.error, is: 06}]}", OUTCOME_MATCHED, "" },
		{ "{all: [{fact: root.error, at-least: 6}]}", OUTCOME_MATCHED, "" },
		{ "{all: [{fact: root.error, at-least: 7}]}", OUTCOME_CLEAN, "" },
		{ "{all: [{fact: root.error, at-most: 6}]}", OUTCOME_MATCHED, "" },
		{ "{all: [{fact: root.error, at-most: -1}]}", OUTCOME_CLEAN, "" },
		{ "{all: [{fact: log.complete, is: yes}]}", OUTCOME_MATCHED, "" },
		{ "{all: [{fact: filesystems.tried, contains: xfs}]}", OUTCOME_MATCHED, "" },
		{ "{all: [{fact: filesystems.tried, contains: ext}]}", OUTCOME_CLEAN, "" },
		{ "{all: [{fact: filesystems.tried, lacks: btrfs}]}", OUTCOME_MATCHED, "" },
		{ "{all: [{fact: filesystems.tried, lacks: ext4}]}", OUTCOME_CLEAN, "" },
		{ "{all: [{event: triple-fault}]}", OUTCOME_MATCHED, "" },
		{ "{all: [{event: operator-reset}]}", OUTCOME_CLEAN, "" },
	};
	(void)state;
	CHECK_CASES(cases);
}

static void test_groups(void **state)
{
	static const struct match_case cases[] = {
		{ "{any: [" NOT_THERE ", " A "]}", OUTCOME_MATCHED, "1 " },
		{ "{any: [" A ", " B "]}", OUTCOME_MATCHED, "1 3 " },
		{ "{any: [" UNKNOWN ", " A "]}", OUTCOME_MATCHED, "1 " },
		{ "{any: [" UNKNOWN ", " NOT_THERE "]}", OUTCOME_NOT_EVALUATED, "" },
		{ "{any: [" UNKNOWN ", " ENDLESS "]}", OUTCOME_LIMIT_HIT, "" },
		{ "{any: [" NO ", " NOT_THERE "]}", OUTCOME_CLEAN, "" },
		{ "{all: [" A "], none: [" NOT_THERE "]}", OUTCOME_MATCHED, "1 " },
		{ "{all: [" A "], none: [" B "]}", OUTCOME_CLEAN, "" },
		{ "{all: [" A "], none: [" UNKNOWN "]}", OUTCOME_NOT_EVALUATED, "" },
		{ "{all: [" A "], none: [" UNKNOWN ", " B "]}", OUTCOME_CLEAN, "" },
		{ "{all: [" A "], none: [" ENDLESS "]}", OUTCOME_LIMIT_HIT, "" },
		{ "{all: [" A "], any: [" NO ", " YES "], none: [" NO "]}", OUTCOME_MATCHED, "1 " },
		{ "{all: [{any: [" NO ", {all: [" A ", " NO "]}, " B "]}]}", OUTCOME_MATCHED, "3 " },
		{ "{any: [{all: [" A "], none: [" B "]}, {event: triple-fault}]}", OUTCOME_MATCHED, "" },
		{ "{all: [" A ", {none: [{none: [" A "]}]}]}", OUTCOME_MATCHED, "1 " },
	};
	(void)state;
	CHECK_CASES(cases);
}

#define IN(text, within) "{line: '" text "', needle: '" text "', within: " within "}"
#define THEN(text) "{line: '" text "', needle: '" text "'}"

static void test_sequences(void **state)
{
	static const struct match_case cases[] = {
		{ "{sequence: [" THEN("alpha") ", " THEN("beta") "]}", OUTCOME_MATCHED, "1 3 " },
		{ "{sequence: [" THEN("beta 3") ", " THEN("alpha") "]}", OUTCOME_CLEAN, "" },
		{ "{sequence: [" THEN("alpha") ", " THEN("alpha") "]}", OUTCOME_MATCHED, "1 5 " },
		{ "{sequence: [" THEN("beta 3") ", " THEN("beta 3") "]}", OUTCOME_CLEAN, "" },
		{ "{sequence: [" THEN("alpha") ", " IN("beta", "1") "]}", OUTCOME_MATCHED, "5 6 " },
		{ "{sequence: [" THEN("alpha") ", " IN("beta 3", "4") "]}", OUTCOME_CLEAN, "" },
		{ "{sequence: [" THEN("alpha") ", " IN("beta 3", "5") "]}", OUTCOME_MATCHED, "5 10 " },
		{ "{sequence: [" THEN("beta 1") ", " THEN("alpha") ", " IN("beta", "1") "]}",
		  OUTCOME_MATCHED, "3 5 6 " },
		{ "{sequence: [" THEN("alpha") ", " THEN("there") "]}", OUTCOME_CLEAN, "" },
		{ "{sequence: [" ENDLESS ", " THEN("beta 3") "]}", OUTCOME_LIMIT_HIT, "" },
	};
	(void)state;
	CHECK_CASES(cases);
}

static void check_capture(const struct finding *finding, size_t at, const char *name, const char *value)
{
	assert_true(slice_is(finding->captures[at].name, name));
	assert_true(slice_is(finding->captures[at].value, value));
}

/* The first match of a condition gives its captures, the first condition those of a name;
 * alternatives that failed and groups that took no part give none. */
static void test_captures(void **state)
{
	struct scene scene;
	(void)state;
	open_scene(&scene, log_lines, LOG_LINES);
	add_rule(&scene, 0, "a/b", "error", "",
		 "{all: [{any: [{all: [" B ", " NO "]}, " A "]}, {line: '^alpha (?<which>two)', needle: alpha},"
		 " {line: '^beta (?<last>3)(?<never>x)?', needle: beta}], none: [{line: '(?<out>x)', needle: zzz}]}");
	run_scene(&scene, 1);
	assert_int_equal(scene.findings.count, 1);
	const struct finding *finding = &scene.findings.items[0];
	assert_int_equal(finding->outcome, OUTCOME_MATCHED);
	assert_int_equal(finding->capture_count, 2);
	check_capture(finding, 0, "which", "one");
	check_capture(finding, 1, "last", "3");
	check_evidence(&scene, finding, "1 5 10 ");
	close_scene(&scene);
}

static const struct finding *find(const struct scene *scene, const char *id)
{
	for (size_t i = 0; i < scene->findings.count; i++)
		if (strcmp(scene->findings.items[i].rule->id, id) == 0)
			return &scene->findings.items[i];
	return NULL;
}

#define ON(text) "{all: [" THEN(text) "]}"

static void test_absorbing(void **state)
{
	struct scene scene;
	(void)state;
	open_scene(&scene, log_lines, LOG_LINES);
	add_rule(&scene, 0, "x/late", "fatal", "explains: ['*']\n", ON("beta 3"));
	add_rule(&scene, 1, "x/middle", "error", "explains: [y/end]\n", ON("alpha two"));
	add_rule(&scene, 2, "y/end", "error", "", ON("beta 2"));
	add_rule(&scene, 3, "z/first", "error", "explains: ['x/*']\n", ON("alpha one"));
	run_scene(&scene, 4);
	assert_int_equal(scene.findings.count, 4);
	assert_null(find(&scene, "z/first")->absorbed_by);
	assert_ptr_equal(find(&scene, "x/late")->absorbed_by, find(&scene, "z/first"));
	assert_ptr_equal(find(&scene, "x/middle")->absorbed_by, find(&scene, "z/first"));
	assert_ptr_equal(find(&scene, "y/end")->absorbed_by, find(&scene, "x/middle"));
	close_scene(&scene);
}

/* Of two that explain each other at one line, the graver stays. */
static void test_absorbing_by_severity(void **state)
{
	struct scene scene;
	(void)state;
	open_scene(&scene, log_lines, LOG_LINES);
	add_rule(&scene, 0, "x/one", "error", "explains: [x/two]\n", ON("alpha"));
	add_rule(&scene, 1, "x/two", "fatal", "explains: [x/one]\n", ON("alpha"));
	run_scene(&scene, 2);
	assert_null(find(&scene, "x/two")->absorbed_by);
	assert_ptr_equal(find(&scene, "x/one")->absorbed_by, find(&scene, "x/two"));
	close_scene(&scene);
}

static void test_order_of_findings(void **state)
{
	struct scene scene;
	(void)state;
	open_scene(&scene, log_lines, LOG_LINES);
	add_rule(&scene, 0, "x/open", "error", "explains: ['*']\n", "{all: [" UNKNOWN "]}");
	add_rule(&scene, 1, "x/limit", "error", "", "{all: [" ENDLESS "]}");
	add_rule(&scene, 2, "x/clean", "error", "", "{all: [" NO "]}");
	add_rule(&scene, 3, "x/match", "error", "", "{all: [" YES "]}");
	run_scene(&scene, 4);
	assert_int_equal(scene.findings.count, 3);
	assert_string_equal(scene.findings.items[0].rule->id, "x/limit");
	assert_string_equal(scene.findings.items[1].rule->id, "x/match");
	assert_string_equal(scene.findings.items[2].rule->id, "x/open");
	assert_null(scene.findings.items[1].absorbed_by);
	assert_true(rule_engine_wants(scene.engine, SLICE("some delta here")));
	assert_false(rule_engine_wants(scene.engine, SLICE("nothing of that")));
	close_scene(&scene);
}

/* A flood of lines with the literal is cut; what cannot be told then is said, and console
 * text cannot crowd out the kernel's lines. */
static void check_flood(const char *flood_line, const char *match, enum outcome outcome)
{
	struct scene scene;
	size_t count = RULE_CANDIDATES_MAX + 2;
	const char **lines = test_malloc(count * sizeof *lines);
	for (size_t i = 0; i + 1 < count; i++)
		lines[i] = flood_line;
	lines[count - 1] = "alpha last";
	open_scene(&scene, lines, count);
	add_rule(&scene, 0, "a/b", "error", "", match);
	run_scene(&scene, 1);
	assert_int_equal(scene.findings.items[0].outcome, outcome);
	close_scene(&scene);
	test_free(lines);
}

static void test_flood(void **state)
{
	(void)state;
	check_flood("alpha x", "{all: [{line: '^alpha last', needle: alpha}]}", OUTCOME_LIMIT_HIT);
	check_flood(">alpha x", "{all: [{line: '^alpha last', needle: alpha}]}", OUTCOME_MATCHED);
	check_flood("alpha x", "{all: [{line: '^alpha x', needle: alpha, count: 8000}]}", OUTCOME_MATCHED);
	check_flood("alpha x", "{all: [{line: '^alpha', needle: alpha, count: 9000}]}", OUTCOME_LIMIT_HIT);
}

static void test_bad_regex(void **state)
{
	const struct rule_condition condition = {
		.kind = CONDITION_LINE, .regex = "a[", .needle = "a", .source_line = 7,
	};
	const struct rule rule = {
		.id = "a/b", .match = { .kind = CONDITION_ALL, .children = &condition, .child_count = 1 },
	};
	struct error err;
	(void)state;
	assert_false(rule_check_regexes(&rule, &err));
	assert_non_null(strstr(err.text, "a/b:7: regex: missing terminating ]"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_facts_and_events),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_sequences),
		cmocka_unit_test(test_captures),
		cmocka_unit_test(test_absorbing),
		cmocka_unit_test(test_absorbing_by_severity),
		cmocka_unit_test(test_order_of_findings),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_bad_regex),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
