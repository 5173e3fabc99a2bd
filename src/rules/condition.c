#include "rules/loader.h"
#include "rules/regex.h"
#include "rules/words.h"

enum line_key { LINE_REGEX, LINE_NEEDLE, LINE_IN, LINE_COUNT, LINE_WITHIN, LINE_KEYS };
static const char *const line_keys[LINE_KEYS + 1] = { "line", "needle", "in", "count", "within", NULL };

/* Behind `fact` the tests, in the order of enum fact_test. */
enum { FACT_PATH, FACT_FIRST_TEST, FACT_KEYS = FACT_FIRST_TEST + FACT_TEST_LACKS + 1 };
static const char *const fact_keys[FACT_KEYS + 1] = {
	"fact", "is", "in", "not", "at-least", "at-most", "state", "contains", "lacks", NULL,
};

static const char *const event_keys[] = { "event", NULL };

enum group_key { GROUP_ALL, GROUP_ANY, GROUP_NONE, GROUP_SEQUENCE, GROUP_KEYS };
static const char *const group_keys[GROUP_KEYS + 1] = { "all", "any", "none", "sequence", NULL };
static const enum condition_kind group_kinds[GROUP_KEYS] = {
	CONDITION_ALL, CONDITION_ANY, CONDITION_NONE, CONDITION_SEQUENCE,
};

static const char *const flag_words[] = { "no", "yes", NULL };
static const char *const fact_paths[] = {
#define FACT(identifier, path, type, doc) path,
#include "facts/facts.def"
#undef FACT
	NULL,
};

static bool load_condition(struct loader *loader, const struct yaml_node *node, bool in_sequence,
			   struct rule_condition *ret);

static bool keep_captures(struct loader *loader, const struct regex *regex)
{
	for (size_t i = 0; loader->negations == 0 && i < regex_name_count(regex); i++) {
		if (!arena_grow(loader->arena, &loader->captures, loader->capture_count,
				&loader->capture_capacity, sizeof *loader->captures))
			return error_out_of_memory(loader->err);
		loader->captures[loader->capture_count++] = arena_copy(loader->arena, regex_name(regex, i));
	}
	return true;
}

static bool check_regex(struct loader *loader, const struct yaml_node *node)
{
	struct error why;
	size_t at;
	struct regex *regex = regex_new(node->text.ptr, &at, &why);
	if (!regex && error_is_out_of_memory(&why))
		return error_out_of_memory(loader->err);
	if (!regex)
		return loader_fail(loader, node, "regex '%s': %s at its byte %zu, expected a PCRE2 pattern",
				   loader_show(loader, node->text), why.text, at);
	bool ok = keep_captures(loader, regex);
	regex_free(regex);
	return ok;
}

static bool load_line(struct loader *loader, const struct yaml_node *node, bool in_sequence,
		      struct rule_condition *ret)
{
	const struct yaml_node *values[LINE_KEYS];
	unsigned source = SOURCE_KERNEL;
	ret->kind = CONDITION_LINE;
	if (!loader_fields(loader, node, line_keys, values))
		return false;
	if (!values[LINE_NEEDLE])
		return loader_fail(loader, node, "no 'needle', expected a literal that stands in every matching line");
	if (values[LINE_WITHIN] && !in_sequence)
		return loader_fail(loader, values[LINE_WITHIN]->key, "'within' outside of a sequence, expected none");
	if (values[LINE_COUNT] && in_sequence)
		return loader_fail(loader, values[LINE_COUNT]->key, "'count' in a sequence, expected none");
	if (!loader_line(loader, values[LINE_REGEX], &ret->regex) ||
	    !loader_line(loader, values[LINE_NEEDLE], &ret->needle) ||
	    !loader_word(loader, values[LINE_IN], source_words, &source) ||
	    !loader_number(loader, values[LINE_COUNT], &ret->count) ||
	    !loader_number(loader, values[LINE_WITHIN], &ret->within))
		return false;
	ret->source = source;
	return check_regex(loader, values[LINE_REGEX]);
}

static bool check_state(struct loader *loader, const struct yaml_node *value)
{
	unsigned state;
	return loader_word(loader, value, fact_state_words, &state);
}

/* A value that the fact can have, so that a slip of the pen is not a rule that never matches. */
static bool check_value(struct loader *loader, const struct yaml_node *value, enum fact_id fact)
{
	int64_t number;
	unsigned flag;
	if (!loader_expect(loader, value, YAML_TEXT))
		return false;
	if (fact_type(fact) == FACT_FLAG)
		return loader_word(loader, value, flag_words, &flag);
	if (fact_type(fact) == FACT_NUMBER && !slice_to_signed(value->text, &number))
		return loader_fail(loader, value, "'%s', expected a number: '%s' is one",
				   loader_show(loader, value->text), fact_path(fact));
	return true;
}

static bool check_test(struct loader *loader, const struct yaml_node *value,
		       const struct rule_condition *condition)
{
	bool is_order = condition->test == FACT_TEST_AT_LEAST || condition->test == FACT_TEST_AT_MOST;
	bool is_words = condition->test == FACT_TEST_CONTAINS || condition->test == FACT_TEST_LACKS;
	if (is_order && fact_type(condition->fact) != FACT_NUMBER)
		return loader_fail(loader, value->key, "'%s' for a fact that is no number, expected 'is', 'in' or "
				   "'not'", fact_test_words[condition->test]);
	if (is_words && fact_type(condition->fact) != FACT_TEXT)
		return loader_fail(loader, value->key, "'%s' for a fact that is no text, expected 'is', 'in' or "
				   "'not'", fact_test_words[condition->test]);
	return true;
}

static bool load_values(struct loader *loader, const struct yaml_node *node, struct rule_condition *ret)
{
	bool is_list = ret->test == FACT_TEST_IN || (ret->test == FACT_TEST_NOT && node->kind == YAML_LIST);
	if (is_list && !loader_expect_items(loader, node))
		return false;
	const struct yaml_node *item = is_list ? node->first : node;
	ret->value_count = is_list ? node->count : 1;
	const char **values = arena_alloc(loader->arena, ret->value_count * sizeof *values);
	if (!values)
		return error_out_of_memory(loader->err);
	ret->values = values;
	for (size_t i = 0; i < ret->value_count; i++, item = item->next) {
		bool ok = ret->test == FACT_TEST_STATE ? check_state(loader, item) :
			  check_value(loader, item, ret->fact);
		if (!ok || !loader_line(loader, item, &values[i]))
			return false;
	}
	return true;
}

static bool load_fact_path(struct loader *loader, const struct yaml_node *node, struct rule_condition *ret)
{
	if (!loader_expect(loader, node, YAML_TEXT))
		return false;
	ret->fact = fact_by_path(node->text);
	if (ret->fact != FACT_INVALID)
		return true;
	const char *shown = loader_show(loader, node->text), *nearest = loader_nearest(node->text, fact_paths);
	return loader_fail(loader, node, "unknown fact '%s', expected %s%s%s", shown, nearest ? "'" : "",
			   nearest ? nearest : "one like 'root.wanted' or 'kernel.version'", nearest ? "'" : "");
}

static bool load_fact(struct loader *loader, const struct yaml_node *node, struct rule_condition *ret)
{
	const struct yaml_node *values[FACT_KEYS], *test = NULL;
	ret->kind = CONDITION_FACT;
	if (!loader_fields(loader, node, fact_keys, values) || !load_fact_path(loader, values[FACT_PATH], ret))
		return false;
	for (unsigned key = FACT_FIRST_TEST; key < FACT_KEYS; key++) {
		if (!values[key])
			continue;
		if (test)
			return loader_fail(loader, values[key]->key, "a second test of one fact, expected one");
		test = values[key];
		ret->test = key - FACT_FIRST_TEST;
	}
	if (!test)
		return loader_fail(loader, node, "a fact without a test, expected one of: is, in, not, at-least, "
				   "at-most, state, contains, lacks");
	return check_test(loader, test, ret) && load_values(loader, test, ret);
}

static bool load_event(struct loader *loader, const struct yaml_node *node, struct rule_condition *ret)
{
	const struct yaml_node *value;
	unsigned event = 0;
	ret->kind = CONDITION_EVENT;
	if (!loader_fields(loader, node, event_keys, &value) || !loader_word(loader, value, host_event_names, &event))
		return false;
	ret->event = event;
	return true;
}

static bool load_list(struct loader *loader, const struct yaml_node *list, bool in_sequence,
		      struct rule_condition *items)
{
	for (const struct yaml_node *item = list->first; item; item = item->next)
		if (!load_condition(loader, item, in_sequence, items++))
			return false;
	return true;
}

static bool load_group(struct loader *loader, const struct yaml_node *list, enum condition_kind kind,
		       struct rule_condition *ret)
{
	struct rule_condition *children = loader_items(loader, list, sizeof *children);
	if (!children)
		return false;
	*ret = (struct rule_condition){
		.kind = kind, .children = children, .child_count = list->count, .source_line = list->line,
	};
	loader->negations += kind == CONDITION_NONE;
	bool ok = load_list(loader, list, kind == CONDITION_SEQUENCE, children);
	loader->negations -= kind == CONDITION_NONE;
	return ok;
}

/* Every group of a mapping must hold: the items of `all` themselves, the others as conditions. */
static bool load_groups(struct loader *loader, const struct yaml_node *node, struct rule_condition *ret)
{
	const struct yaml_node *values[GROUP_KEYS];
	if (!loader_fields(loader, node, group_keys, values))
		return false;
	const struct yaml_node *all = values[GROUP_ALL];
	if (all && !loader_expect_items(loader, all))
		return false;
	size_t filled = all ? all->count : 0;
	ret->child_count = filled;
	for (unsigned key = GROUP_ANY; key < GROUP_KEYS; key++)
		ret->child_count += values[key] != NULL;
	struct rule_condition *children = arena_alloc(loader->arena, ret->child_count * sizeof *children);
	if (!children)
		return error_out_of_memory(loader->err);
	ret->kind = CONDITION_ALL;
	ret->children = children;
	if (all && !load_list(loader, all, false, children))
		return false;
	for (unsigned key = GROUP_ANY; key < GROUP_KEYS; key++)
		if (values[key] && !load_group(loader, values[key], group_kinds[key], &children[filled++]))
			return false;
	return true;
}

static bool load_condition(struct loader *loader, const struct yaml_node *node, bool in_sequence,
			   struct rule_condition *ret)
{
	if (!loader_expect(loader, node, YAML_MAP))
		return false;
	ret->source_line = node->line;
	if (loader_field(node, "line"))
		return load_line(loader, node, in_sequence, ret);
	if (in_sequence)
		return loader_fail(loader, node, "no 'line', expected one in each item of a sequence");
	if (loader_field(node, "fact"))
		return load_fact(loader, node, ret);
	if (loader_field(node, "event"))
		return load_event(loader, node, ret);
	for (unsigned key = 0; key < GROUP_KEYS; key++)
		if (loader_field(node, group_keys[key]))
			return load_groups(loader, node, ret);
	return loader_fail(loader, node, "no condition, expected one of: line, fact, event, all, any, none, sequence");
}

bool condition_load(struct loader *loader, const struct yaml_node *match, struct rule_condition *ret)
{
	if (!loader_expect(loader, match, YAML_MAP))
		return false;
	ret->source_line = match->line;
	if (!load_groups(loader, match, ret))
		return false;
	if (ret->child_count == 1 && ret->children[0].kind == CONDITION_NONE)
		return loader_fail(loader, match, "nothing but 'none', expected at least one of: all, any, sequence");
	if (ret->child_count == 0)
		return loader_fail(loader, match, "no condition, expected at least one of: all, any, sequence");
	return true;
}
