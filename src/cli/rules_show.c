/* rules show: all of one rule. */
#include "cli/output.h"
#include "cli/rules.h"
#include "cli/ruleset.h"

#define LABEL_COLUMN 2
#define VALUE_COLUMN 14

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

static void put_line(struct page *page, const struct rule_condition *condition)
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
}

const char *rules_test_words(enum fact_test test)
{
	static const char *const words[] = {
		[FACT_TEST_IS] = "is",           [FACT_TEST_IN] = "is one of",    [FACT_TEST_NOT] = "is known and not",
		[FACT_TEST_AT_LEAST] = "is at least", [FACT_TEST_AT_MOST] = "is at most", [FACT_TEST_STATE] = "is",
		[FACT_TEST_CONTAINS] = "contains", [FACT_TEST_LACKS] = "is known and lacks",
	};
	return words[test];
}

const char *rules_group_words(enum condition_kind kind)
{
	static const char *const words[] = {
		[CONDITION_ALL] = "all of", [CONDITION_ANY] = "any of", [CONDITION_NONE] = "none of",
		[CONDITION_SEQUENCE] = "one after the other",
	};
	return words[kind];
}

static void put_fact(struct page *page, const struct rule_condition *condition)
{
	page_printf(page, STYLE_PLAIN, "fact %s %s", fact_path(condition->fact), rules_test_words(condition->test));
	for (size_t i = 0; i < condition->value_count; i++) {
		page_put(page, STYLE_PLAIN, i ? SLICE(", ") : SLICE(" "));
		page_put(page, STYLE_COMMAND, slice_of(condition->values[i]));
	}
}

void rules_put_condition(struct page *page, const struct rule_condition *condition)
{
	if (condition->kind == CONDITION_LINE)
		put_line(page, condition);
	else if (condition->kind == CONDITION_FACT)
		put_fact(page, condition);
	else if (condition->kind == CONDITION_EVENT)
		page_printf(page, STYLE_PLAIN, "event %s", host_event_name(condition->event));
	else
		page_put(page, STYLE_DIM, slice_of(rules_group_words(condition->kind)));
}

/* The loader bounds the depth. */
static void show_condition(struct page *page, const struct rule_condition *condition, unsigned indent)
{
	page_column(page, indent);
	rules_put_condition(page, condition);
	page_newline(page);
	for (size_t i = 0; i < condition->child_count; i++)
		show_condition(page, &condition->children[i], indent + 2);
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

enum exit_status rules_show(struct rules_task *task)
{
	struct rule_set set;
	struct error err;
	if (task->word_count != 1) {
		complain(NULL, "rules show takes the id of one rule; see vmpanic rules list");
		return EXIT_TROUBLE;
	}
	if (!ruleset_with(&task->arena, task->options->rules, &set, &err)) {
		complain_error(NULL, &err);
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
