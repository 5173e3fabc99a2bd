#include "rules/compile.h"

static const char *const fact_identifiers[] = {
#define FACT(identifier, path, type, doc) "FACT_" #identifier,
#include "facts/facts.def"
#undef FACT
};

struct compiler {
	struct arena *arena;
	struct buf *out;
};

static const char *name_of(struct compiler *compiler, const char *parent, size_t index)
{
	return arena_printf(compiler->arena, "%s_%zu", parent, index).ptr;
}

/* What is not plain is octal, always of three digits, so that a digit behind it is not taken
 * in; '?' too, so that no trigraph can be read. */
static void put_byte(struct buf *out, unsigned char byte)
{
	if (byte >= ' ' && byte < 0x7f && byte != '"' && byte != '\\' && byte != '?')
		buf_char(out, (char)byte);
	else
		buf_printf(out, "\\%03o", byte);
}

static void put_string(struct buf *out, const char *text)
{
	if (!text) {
		buf_text(out, "NULL");
		return;
	}
	buf_char(out, '"');
	for (; *text; text++)
		put_byte(out, (unsigned char)*text);
	buf_char(out, '"');
}

static void put_text_field(struct buf *out, const char *field, const char *text)
{
	if (!text)
		return;
	buf_printf(out, " .%s = ", field);
	put_string(out, text);
	buf_char(out, ',');
}

static void put_number_field(struct buf *out, const char *field, unsigned long number)
{
	if (number)
		buf_printf(out, " .%s = %lu,", field, number);
}

static void put_list(struct compiler *compiler, const char *name, const char *const *items, size_t count)
{
	if (count == 0)
		return;
	buf_printf(compiler->out, "static const char *const %s[] = {\n", name);
	for (size_t i = 0; i < count; i++) {
		buf_char(compiler->out, '\t');
		put_string(compiler->out, items[i]);
		buf_text(compiler->out, ",\n");
	}
	buf_text(compiler->out, "};\n");
}

static void put_list_field(struct compiler *compiler, const char *field, const char *count_field, const char *name,
			   size_t count)
{
	if (count)
		buf_printf(compiler->out, " .%s = %s, .%s = %zu,", field, name, count_field, count);
}

static void put_children(struct compiler *compiler, const char *name, const struct rule_condition *parent);

/* What a condition points at stands in front of it. */
static void put_parts(struct compiler *compiler, const char *name, const struct rule_condition *condition)
{
	if (condition->kind == CONDITION_FACT)
		put_list(compiler, name, condition->values, condition->value_count);
	else
		put_children(compiler, name, condition);
}

static void put_condition(struct compiler *compiler, const char *name, const struct rule_condition *condition)
{
	struct buf *out = compiler->out;
	buf_printf(out, "{ .kind = %d,", condition->kind);
	put_text_field(out, "regex", condition->regex);
	put_text_field(out, "needle", condition->needle);
	put_number_field(out, "source", condition->source);
	put_number_field(out, "within", condition->within);
	put_number_field(out, "count", condition->count);
	if (condition->kind == CONDITION_FACT)
		buf_printf(out, " .fact = %s,", fact_identifiers[condition->fact]);
	put_number_field(out, "test", condition->test);
	put_list_field(compiler, "values", "value_count", name, condition->value_count);
	put_number_field(out, "event", condition->event);
	put_list_field(compiler, "children", "child_count", name, condition->child_count);
	buf_text(out, " }");
}

static void put_children(struct compiler *compiler, const char *name, const struct rule_condition *parent)
{
	if (parent->child_count == 0)
		return;
	for (size_t i = 0; i < parent->child_count; i++)
		put_parts(compiler, name_of(compiler, name, i), &parent->children[i]);
	buf_printf(compiler->out, "static const struct rule_condition %s[] = {\n", name);
	for (size_t i = 0; i < parent->child_count; i++) {
		buf_char(compiler->out, '\t');
		put_condition(compiler, name_of(compiler, name, i), &parent->children[i]);
		buf_text(compiler->out, ",\n");
	}
	buf_text(compiler->out, "};\n");
}

static void put_step(struct compiler *compiler, const char *name, const struct rule_step *step)
{
	buf_text(compiler->out, "\t{");
	put_text_field(compiler->out, "id", step->id);
	put_text_field(compiler->out, "use", step->use);
	put_number_field(compiler->out, "risk", step->risk);
	put_text_field(compiler->out, "text", step->text);
	put_list_field(compiler, "commands", "command_count", name, step->command_count);
	buf_text(compiler->out, " },\n");
}

static void put_steps(struct compiler *compiler, const char *name, const struct rule *rule)
{
	if (rule->step_count == 0)
		return;
	for (size_t i = 0; i < rule->step_count; i++)
		put_list(compiler, name_of(compiler, name, i), rule->steps[i].commands, rule->steps[i].command_count);
	buf_printf(compiler->out, "static const struct rule_step %s[] = {\n", name);
	for (size_t i = 0; i < rule->step_count; i++)
		put_step(compiler, name_of(compiler, name, i), &rule->steps[i]);
	buf_text(compiler->out, "};\n");
}

static void put_rule_texts(struct buf *out, const struct rule *rule)
{
	put_text_field(out, "id", rule->id);
	put_text_field(out, "title", rule->title);
	put_text_field(out, "cause", rule->cause);
	put_text_field(out, "verdict", rule->verdict);
	put_text_field(out, "why", rule->why);
	put_text_field(out, "disproof", rule->disproof);
	buf_text(out, "\n\t");
	put_number_field(out, "rev", rule->rev);
	put_number_field(out, "status", rule->status);
	put_number_field(out, "severity", rule->severity);
	put_number_field(out, "confidence", rule->confidence);
	put_number_field(out, "root", rule->root);
}

static void put_rule(struct compiler *compiler, size_t number, const struct rule *rule)
{
	const char *match = name_of(compiler, "match", number), *explains = name_of(compiler, "explains", number);
	const char *steps = name_of(compiler, "steps", number);
	const char *references = name_of(compiler, "references", number);
	put_children(compiler, match, &rule->match);
	put_list(compiler, explains, rule->explains, rule->explains_count);
	put_steps(compiler, steps, rule);
	put_list(compiler, references, rule->references, rule->reference_count);
	buf_printf(compiler->out, "static const struct rule rule_%zu = {\n\t", number);
	put_rule_texts(compiler->out, rule);
	buf_text(compiler->out, "\n\t.match = ");
	put_condition(compiler, match, &rule->match);
	buf_text(compiler->out, ",\n\t");
	put_list_field(compiler, "explains", "explains_count", explains, rule->explains_count);
	put_list_field(compiler, "steps", "step_count", steps, rule->step_count);
	put_list_field(compiler, "references", "reference_count", references, rule->reference_count);
	buf_text(compiler->out, "\n};\n\n");
}

void rules_compile(struct rule_set set, struct arena *arena, struct buf *out)
{
	struct compiler compiler = { arena, out };
	buf_text(out, "/* Written by the rule compiler from the files below rules/. */\n#include \"rules/rule.h\"\n\n");
	for (size_t i = 0; i < set.count; i++)
		put_rule(&compiler, i, set.rules[i]);
	buf_text(out, "static const struct rule *const rules[] = {\n");
	for (size_t i = 0; i < set.count; i++)
		buf_printf(out, "\t&rule_%zu,\n", i);
	buf_printf(out, "\tNULL,\n};\n\nstruct rule_set rules_builtin(void)\n{\n"
		   "\treturn (struct rule_set){ rules, %zu };\n}\n", set.count);
}
