#include "cli/command.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "cli/output.h"
#include "cli/ruleset.h"
#include "report/page.h"
#include "rules/check.h"
#include "rules/load.h"
#include "rules/rule.h"

#define DEFAULT_DIRECTORY "rules"
#define LABEL_COLUMN 2
#define VALUE_COLUMN 14
#define FINDINGS_BYTES (16 * MIB)

struct task {
	const struct options *options;
	char **words;        /* behind the action */
	size_t word_count;
	struct arena arena;
	struct page page;    /* what is to be printed */
	bool is_terminal;    /* else lines are whole, for other programs */
};

/* list */

static enum exit_status list_causes(struct task *task)
{
	for (const char *const *word = rule_cause_words(); *word; word++) {
		page_put(&task->page, STYLE_PLAIN, slice_of(*word));
		page_newline(&task->page);
	}
	return EXIT_WELL;
}

static void list_rule(struct page *page, const struct rule *rule, unsigned id_width, bool is_cut)
{
	page_put(page, STYLE_HEADING, slice_of(rule->id));
	page_column(page, id_width + 2);
	page_put(page, rule->severity >= SEVERITY_ERROR ? STYLE_CAUTION : STYLE_DIM,
		 slice_of(rule_severity_name(rule->severity)));
	page_column(page, id_width + 11);
	if (is_cut) {
		page_cut(page, STYLE_PLAIN, slice_of(rule->title));
		return;
	}
	page_put(page, STYLE_PLAIN, slice_of(rule->title));
	page_newline(page);
}

static enum exit_status list_rules(struct task *task)
{
	struct rule_set set;
	struct error err;
	unsigned id_width = 0;
	if (task->options->causes)
		return list_causes(task);
	if (!ruleset_with(&task->arena, task->options->rules, &set, &err)) {
		complain(NULL, err.text);
		return EXIT_TROUBLE;
	}
	for (size_t i = 0; i < set.count; i++)
		if (strlen(set.rules[i]->id) > id_width)
			id_width = (unsigned)strlen(set.rules[i]->id);
	for (size_t i = 0; i < set.count; i++)
		list_rule(&task->page, set.rules[i], id_width, task->is_terminal);
	return EXIT_WELL;
}

/* show */

static void heading(struct page *page, const char *text)
{
	page_newline(page);
	page_put(page, STYLE_HEADING, slice_of(text));
	page_newline(page);
}

static void labelled(struct page *page, const char *label, const char *value)
{
	if (!value || !*value)
		return;
	page_column(page, LABEL_COLUMN);
	page_put(page, STYLE_DIM, slice_of(label));
	page_column(page, VALUE_COLUMN);
	page_wrap(page, STYLE_PLAIN, VALUE_COLUMN, slice_of(value));
	page_newline(page);
}

static void paragraph(struct page *page, const char *title, const char *text)
{
	if (!text || !*text)
		return;
	heading(page, title);
	page_column(page, LABEL_COLUMN);
	page_wrap(page, STYLE_PLAIN, LABEL_COLUMN, slice_of(text));
	page_newline(page);
}

static void item(struct page *page, const char *text)
{
	page_column(page, LABEL_COLUMN);
	page_put(page, STYLE_DIM, SLICE("- "));
	page_wrap(page, STYLE_PLAIN, LABEL_COLUMN + 2, slice_of(text));
	page_newline(page);
}

static void show_line_condition(struct page *page, const struct rule_condition *condition)
{
	static const char *const sources[] = {
		[SOURCE_KERNEL] = "", [SOURCE_CONSOLE] = ", in console text", [SOURCE_ANY] = ", in any text",
	};
	unsigned indent = page->column + 2;
	page_put(page, STYLE_PLAIN, SLICE("line "));
	page_wrap(page, STYLE_COMMAND, indent, slice_of(condition->regex));
	page_put(page, STYLE_PLAIN, slice_of(sources[condition->source]));
	if (condition->count > 1)
		page_printf(page, STYLE_PLAIN, ", %u times", condition->count);
	if (condition->within)
		page_printf(page, STYLE_PLAIN, ", within %u records", condition->within);
	page_newline(page);
}

static void show_fact_condition(struct page *page, const struct rule_condition *condition)
{
	static const char *const tests[] = {
		[FACT_TEST_IS] = "is",           [FACT_TEST_IN] = "is one of",    [FACT_TEST_NOT] = "is known and not",
		[FACT_TEST_AT_LEAST] = "is at least", [FACT_TEST_AT_MOST] = "is at most", [FACT_TEST_STATE] = "is",
		[FACT_TEST_CONTAINS] = "contains", [FACT_TEST_LACKS] = "is known and lacks",
	};
	page_printf(page, STYLE_PLAIN, "fact %s %s", fact_path(condition->fact), tests[condition->test]);
	for (size_t i = 0; i < condition->value_count; i++) {
		page_put(page, STYLE_PLAIN, i ? SLICE(", ") : SLICE(" "));
		page_put(page, STYLE_COMMAND, slice_of(condition->values[i]));
	}
	page_newline(page);
}

static const char *group_words(enum condition_kind kind)
{
	static const char *const words[] = {
		[CONDITION_ALL] = "all of", [CONDITION_ANY] = "any of", [CONDITION_NONE] = "none of",
		[CONDITION_SEQUENCE] = "one after the other",
	};
	return words[kind];
}

/* The loader bounds the depth. */
static void show_condition(struct page *page, const struct rule_condition *condition, unsigned indent)
{
	page_column(page, indent);
	if (condition->kind == CONDITION_LINE) {
		show_line_condition(page, condition);
	} else if (condition->kind == CONDITION_FACT) {
		show_fact_condition(page, condition);
	} else if (condition->kind == CONDITION_EVENT) {
		page_printf(page, STYLE_PLAIN, "event %s", host_event_name(condition->event));
		page_newline(page);
	} else {
		page_put(page, STYLE_DIM, slice_of(group_words(condition->kind)));
		page_newline(page);
		for (size_t i = 0; i < condition->child_count; i++)
			show_condition(page, &condition->children[i], indent + 2);
	}
}

static void show_step(struct page *page, const struct rule_step *step, unsigned number)
{
	page_printf(page, STYLE_PLAIN, "%3u. ", number);
	if (!step->use) /* the risk of advice is told with its words */
		page_printf(page, STYLE_PLAIN, "[%s] ", rule_risk_name(step->risk));
	if (step->use)
		page_printf(page, STYLE_PLAIN, "advice for the guest's distribution: %s", step->use);
	else
		page_wrap(page, STYLE_PLAIN, 5, slice_of(step->text));
	page_newline(page);
	for (size_t i = 0; i < step->command_count; i++)
		page_verbatim(page, STYLE_COMMAND, 9, slice_of(step->commands[i]));
}

static void show_head(struct page *page, const struct rule *rule)
{
	page_put(page, STYLE_HEADING, slice_of(rule->id));
	page_printf(page, STYLE_DIM, "  revision %u, %s", rule->rev, rule_status_name(rule->status));
	page_newline(page);
	page_column(page, LABEL_COLUMN);
	page_wrap(page, STYLE_PLAIN, LABEL_COLUMN, slice_of(rule->title));
	page_newline(page);
	page_newline(page);
	labelled(page, "severity", rule_severity_name(rule->severity));
	labelled(page, "confidence", rule_confidence_name(rule->confidence));
	labelled(page, "cause", rule->cause);
	labelled(page, "verdict", rule->verdict);
	labelled(page, "root=", rule->root == ROOT_SILENT ? NULL : rule_root_name(rule->root));
	for (size_t i = 0; i < rule->explains_count; i++)
		labelled(page, i ? "" : "explains", rule->explains[i]);
	labelled(page, "file", rule->file);
}

static void show_rule(struct page *page, const struct rule *rule)
{
	show_head(page, rule);
	heading(page, "Matches when all of this holds");
	for (size_t i = 0; i < rule->match.child_count; i++)
		show_condition(page, &rule->match.children[i], LABEL_COLUMN);
	paragraph(page, "Why", rule->why);
	if (rule->step_count)
		heading(page, "Fix");
	for (size_t i = 0; i < rule->step_count; i++)
		show_step(page, &rule->steps[i], (unsigned)i + 1);
	paragraph(page, "What would prove it wrong", rule->disproof);
	if (rule->reference_count)
		heading(page, "References");
	for (size_t i = 0; i < rule->reference_count; i++)
		item(page, rule->references[i]);
}

static enum exit_status show_rules(struct task *task)
{
	struct rule_set set;
	struct error err;
	if (task->word_count != 1) {
		complain(NULL, "rules show takes the id of one rule; see vmpanic rules list");
		return EXIT_TROUBLE;
	}
	if (!ruleset_with(&task->arena, task->options->rules, &set, &err)) {
		complain(NULL, err.text);
		return EXIT_TROUBLE;
	}
	const struct rule *rule = ruleset_find(set, task->words[0]);
	if (!rule) {
		complain(task->words[0], "no rule has that id; see vmpanic rules list");
		return EXIT_TROUBLE;
	}
	show_rule(&task->page, rule);
	return EXIT_WELL;
}

/* test, lint */

typedef bool rules_check(struct rule_set set, struct buf *out, struct rule_check_result *ret, struct error *err);

static bool choose_rules(struct task *task, struct rule_set *ret, struct error *err)
{
	struct stat st;
	const char *directory = task->options->rules ? task->options->rules : DEFAULT_DIRECTORY;
	if (task->word_count)
		return ruleset_of_paths(&task->arena, task->words, task->word_count, ret, err);
	if (!task->options->rules && (stat(directory, &st) != 0 || !S_ISDIR(st.st_mode)))
		return error_set(err, "there is no directory `" DEFAULT_DIRECTORY "` here: give rule files or --rules DIR");
	return rules_load_directory(&task->arena, directory, ret, err);
}

static void print_lines(struct page *page, struct slice text)
{
	while (text.len) {
		struct slice line = slice_until(text, '\n');
		text = slice_skip(text, line.len + 1);
		page_put(page, STYLE_PLAIN, line);
		page_newline(page);
	}
}

static enum exit_status check_rules(struct task *task, rules_check *check, const char *passed, const char *failed)
{
	struct rule_set set;
	struct error err;
	struct rule_check_result result = { 0 };
	struct buf findings = BUF_INIT(FINDINGS_BYTES);
	bool is_done = choose_rules(task, &set, &err) && check(set, &findings, &result, &err);
	if (!is_done)
		complain(NULL, err.text);
	print_lines(&task->page, buf_slice(&findings));
	if (is_done) {
		page_printf(&task->page, STYLE_PLAIN, "%zu rule%s: %zu %s, %zu %s", set.count, set.count == 1 ? "" : "s",
			    result.passed, passed, result.failed, failed);
		page_newline(&task->page);
	}
	buf_deinit(&findings);
	return !is_done ? EXIT_TROUBLE : result.failed ? EXIT_FOUND : EXIT_WELL;
}

static enum exit_status test_rules(struct task *task)
{
	return check_rules(task, rules_test, "tests passed", "failed");
}

static bool lint_beside_builtin(struct rule_set set, struct buf *out, struct rule_check_result *ret, struct error *err)
{
	return rules_lint(set, rules_builtin(), out, ret, err);
}

static enum exit_status lint_rules(struct task *task)
{
	return check_rules(task, lint_beside_builtin, "clean", "remarks");
}

/* The command. */

static const struct action {
	const char *name;
	enum exit_status (*run)(struct task *task);
} actions[] = {
	{ "list", list_rules },
	{ "show", show_rules },
	{ "test", test_rules },
	{ "lint", lint_rules },
};

static const struct action *find_action(const struct options *options)
{
	for (size_t i = 0; options->operand_count && i < sizeof(actions) / sizeof(*actions); i++)
		if (strcmp(options->operands[0], actions[i].name) == 0)
			return &actions[i];
	return NULL;
}

enum exit_status command_rules(const struct options *options)
{
	const struct action *action = find_action(options);
	struct output output;
	struct error err;
	if (!action) {
		complain(options->operand_count ? options->operands[0] : NULL,
			 "expected list, show, test or lint; see vmpanic rules --help");
		return EXIT_TROUBLE;
	}
	struct task task = { .options = options, .words = options->operands + 1,
			     .word_count = options->operand_count - 1, .arena = ARENA_INIT };
	output_open(&output, NULL, &err);
	task.is_terminal = output_is_terminal(&output);
	page_init(&task.page, output_width(&output), output_wants_color(&output, options->color));
	enum exit_status status = action->run(&task);
	if (page_failed(&task.page))
		error_out_of_memory(&output.trouble);
	output_write(&output, buf_slice(&task.page.out));
	if (!output_close(&output, true, &err)) {
		complain("standard output", err.text);
		status = EXIT_TROUBLE;
	}
	page_deinit(&task.page);
	arena_deinit(&task.arena);
	return status;
}
