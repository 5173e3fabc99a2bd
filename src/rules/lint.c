/* Style and sense of rules: what the loader accepts and a reader would not. */
#include <stdarg.h>
#include <stdio.h>

#include "base/escape.h"
#include "rules/check.h"
#include "rules/pattern.h"
#include "rules/regex.h"
#include "rules/template.h"

#define TITLE_COLUMNS_MAX 90
#define NEEDLE_INKED_MIN 2

struct lint {
	struct rule_set known;
	const struct rule *rule;
	struct buf *out;
	struct error *err;
	size_t items;
	bool failed; /* memory out */
};

__attribute__((format(printf, 2, 3)))
static void complain(struct lint *lint, const char *format, ...)
{
	char line[512];
	va_list args;
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	buf_printf(lint->out, "%s: ", lint->rule->file ? lint->rule->file : lint->rule->id);
	escape_terminal(lint->out, slice_of(line));
	buf_char(lint->out, '\n');
	lint->items++;
}

static void lint_title(struct lint *lint)
{
	struct slice title = slice_of(lint->rule->title);
	size_t columns = utf8_columns(title);
	if (columns > TITLE_COLUMNS_MAX)
		complain(lint, "a title of %zu columns, expected at most %d", columns, TITLE_COLUMNS_MAX);
	if (slice_ends(title, SLICE(".")))
		complain(lint, "a title that ends in a period, expected none");
}

static void lint_tests(struct lint *lint)
{
	const struct rule *rule = lint->rule;
	size_t positive = 0;
	for (size_t i = 0; i < rule->test_count; i++)
		positive += rule->tests[i].expects_match;
	if (positive == 0)
		complain(lint, "no test with 'expect: match', expected at least one");
	if (positive == rule->test_count)
		complain(lint, "no near miss, a test with 'expect: no-match', expected at least one");
}

/* Steps with `use` have the risk that their advice has. */
static void lint_steps(struct lint *lint)
{
	const struct rule *rule = lint->rule;
	enum rule_risk highest = RISK_NONE;
	for (size_t i = 0; i < rule->step_count; i++) {
		const struct rule_step *step = &rule->steps[i];
		if (step->use)
			continue;
		if (step->risk < highest)
			complain(lint, "step '%s' is of risk %s behind one of risk %s, expected the safe one first",
				 step->id, rule_risk_name(step->risk), rule_risk_name(highest));
		highest = step->risk > highest ? step->risk : highest;
	}
	if (rule->severity == SEVERITY_FATAL && rule->step_count == 0)
		complain(lint, "a fatal rule without a step in 'fix', expected at least one");
}

static bool is_in_set(struct rule_set set, const char *pattern)
{
	size_t len = strlen(pattern);
	bool is_open = len && pattern[len - 1] == '*';
	for (size_t i = 0; i < set.count; i++)
		if (is_open ? strncmp(set.rules[i]->id, pattern, len - 1) == 0 : strcmp(set.rules[i]->id, pattern) == 0)
			return true;
	return false;
}

static void lint_links(struct lint *lint)
{
	const struct rule *rule = lint->rule;
	for (size_t i = 0; i < rule->explains_count; i++)
		if (!is_in_set(lint->known, rule->explains[i]))
			complain(lint, "explains '%s', expected a rule of that id", rule->explains[i]);
	if (rule->status == STATUS_STABLE && rule->reference_count == 0)
		complain(lint, "a stable rule without 'references', expected where the text of the messages is from");
}

static bool stands_in_a_test(const struct rule *rule, const char *needle, bool expects_match)
{
	for (size_t i = 0; i < rule->test_count; i++)
		if (rule->tests[i].expects_match == expects_match && strstr(rule->tests[i].log, needle))
			return true;
	return false;
}

static bool text_uses(const char *template, struct slice name)
{
	struct slice rest = slice_of(template);
	struct template_piece piece;
	while (template_next(&rest, &piece))
		if (piece.has_place && slice_equal(piece.name, name))
			return true;
	return false;
}

static bool step_uses(const struct rule_step *step, struct slice name)
{
	for (size_t i = 0; i < step->command_count; i++)
		if (text_uses(step->commands[i], name))
			return true;
	return text_uses(step->text, name);
}

static bool test_uses(const struct rule_test *test, struct slice name)
{
	for (size_t i = 0; i < test->capture_count; i++)
		if (slice_is(name, test->capture_names[i]))
			return true;
	return false;
}

static bool rule_uses(const struct rule *rule, struct slice name)
{
	for (size_t i = 0; i < rule->step_count; i++)
		if (step_uses(&rule->steps[i], name))
			return true;
	for (size_t i = 0; i < rule->test_count; i++)
		if (test_uses(&rule->tests[i], name))
			return true;
	return text_uses(rule->title, name) || text_uses(rule->why, name) || text_uses(rule->disproof, name);
}

static void lint_captures(struct lint *lint, const char *pattern)
{
	struct regex *regex = regex_new(pattern, NULL, lint->err);
	lint->failed |= !regex;
	for (size_t i = 0; regex && i < regex_name_count(regex); i++)
		if (!rule_uses(lint->rule, regex_name(regex, i)))
			complain(lint, "capture '%s' is not used, expected it in a text or a test",
				 regex_name(regex, i).ptr);
	regex_free(regex);
}

/* Such a literal stands in every other line, and each costs a regex. */
static bool is_common(const char *needle)
{
	size_t inked = 0;
	for (; *needle; needle++)
		inked += !char_is_blank(*needle);
	return inked < NEEDLE_INKED_MIN;
}

static void lint_line(struct lint *lint, const struct rule_condition *condition, bool is_negative)
{
	if (is_common(condition->needle))
		complain(lint, "needle '%s' stands in too many lines, expected at least %d characters beside blanks",
			 condition->needle, NEEDLE_INKED_MIN);
	if (!stands_in_a_test(lint->rule, condition->needle, !is_negative))
		complain(lint, "needle '%s' in no test with 'expect: %s', expected it in one", condition->needle,
			 is_negative ? "no-match" : "match");
	if (pattern_starts_open(condition->regex))
		complain(lint, "regex '%s' begins with '.*', expected none: a regex may match anywhere",
			 condition->regex);
	if (pattern_nests_repeats(condition->regex))
		complain(lint, "regex '%s' repeats a repeat, which may take endless time, expected none",
			 condition->regex);
	if (!is_negative)
		lint_captures(lint, condition->regex);
}

static void lint_condition(struct lint *lint, const struct rule_condition *condition, bool is_negative)
{
	is_negative ^= condition->kind == CONDITION_NONE;
	if (condition->kind == CONDITION_LINE)
		lint_line(lint, condition, is_negative);
	for (size_t i = 0; i < condition->child_count; i++)
		lint_condition(lint, &condition->children[i], is_negative);
}

static void lint_rule(struct lint *lint)
{
	if (lint->rule->overrides) {
		lint_steps(lint);
		return;
	}
	lint_title(lint);
	lint_tests(lint);
	lint_steps(lint);
	lint_links(lint);
	lint_condition(lint, &lint->rule->match, false);
}

bool rules_lint(struct rule_set set, struct rule_set known, struct buf *out, struct rule_check_result *ret,
		struct error *err)
{
	*ret = (struct rule_check_result){ 0 };
	for (size_t i = 0; i < set.count; i++) {
		struct lint lint = { .known = known, .rule = set.rules[i], .out = out, .err = err };
		lint_rule(&lint);
		if (lint.failed)
			return false;
		ret->passed += lint.items == 0;
		ret->failed += lint.items;
	}
	return !out->failed || error_out_of_memory(err);
}
