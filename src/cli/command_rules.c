#include "cli/command.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "cli/output.h"
#include "cli/rules.h"
#include "cli/ruleset.h"
#include "rules/check.h"
#include "rules/load.h"
#include "rules/rule.h"

#define DEFAULT_DIRECTORY "rules"
#define FINDINGS_BYTES (16 * MIB)

/* list */

static enum exit_status list_causes(struct rules_task *task)
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

static enum exit_status list_rules(struct rules_task *task)
{
	struct rule_set set;
	struct error err;
	unsigned id_width = 0;
	if (task->word_count) {
		complain(task->words[0], "rules list takes no operand; see vmpanic rules show");
		return EXIT_TROUBLE;
	}
	if (task->options->causes)
		return list_causes(task);
	if (!ruleset_with(&task->arena, task->options->rules, &set, &err)) {
		complain_error(NULL, &err);
		return EXIT_TROUBLE;
	}
	for (size_t i = 0; i < set.count; i++)
		if (strlen(set.rules[i]->id) > id_width)
			id_width = (unsigned)strlen(set.rules[i]->id);
	for (size_t i = 0; i < set.count; i++)
		list_rule(&task->page, set.rules[i], id_width, task->is_terminal);
	return EXIT_WELL;
}

/* test, lint */

typedef bool rules_check(struct rule_set set, struct rule_set known, struct buf *out, struct rule_check_result *ret,
			 struct error *err);

bool rules_choose(struct rules_task *task, struct rule_set *ret, struct error *err)
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

static enum exit_status check_rules(struct rules_task *task, rules_check *check, const char *passed, const char *failed)
{
	struct rule_set set, known;
	struct error err;
	struct rule_check_result result = { 0 };
	struct buf findings = BUF_INIT(FINDINGS_BYTES);
	bool is_done = rules_choose(task, &set, &err) &&
		       ruleset_merge(&task->arena, rules_builtin(), set, &known, &err) &&
		       check(set, known, &findings, &result, &err);
	if (!is_done)
		complain_error(NULL, &err);
	print_lines(&task->page, buf_slice(&findings));
	if (is_done) {
		page_printf(&task->page, STYLE_PLAIN, "%zu rule%s: %zu %s, %zu %s", set.count, set.count == 1 ? "" : "s",
			    result.passed, passed, result.failed, failed);
		page_newline(&task->page);
	}
	buf_deinit(&findings);
	return !is_done ? EXIT_TROUBLE : result.failed ? EXIT_FOUND : EXIT_WELL;
}

static enum exit_status test_rules(struct rules_task *task)
{
	return check_rules(task, rules_test, "tests passed", "failed");
}

static enum exit_status lint_rules(struct rules_task *task)
{
	return check_rules(task, rules_lint, "clean", "remarks");
}

/* The command. */

static const struct action {
	const char *name;
	enum exit_status (*run)(struct rules_task *task);
} actions[] = {
	{ "list", list_rules },
	{ "show", rules_show },
	{ "test", test_rules },
	{ "lint", lint_rules },
	{ "new", rules_new },
	{ "explain", rules_explain },
	{ "doc", rules_doc },
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
			 "expected list, show, test, lint, new, explain or doc; see vmpanic rules --help");
		return EXIT_TROUBLE;
	}
	struct rules_task task = { .options = options, .words = options->operands + 1,
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
