#include "rules/trace.h"

#include "rules/engine_private.h"

static size_t count_conditions(const struct rule_condition *condition)
{
	size_t count = 0;
	for (size_t i = 0; i < condition->child_count; i++)
		count += 1 + count_conditions(&condition->children[i]);
	return count;
}

static uint64_t line_of(struct run *run, const struct condition_node *node, const struct trial *trial,
			enum outcome outcome)
{
	if (outcome == OUTCOME_MATCHED && trial->first_line != UINT64_MAX)
		return trial->first_line;
	if (node->condition->kind == CONDITION_FACT)
		return facts_get(run->facts, node->condition->fact)->line;
	if (node->condition->kind != CONDITION_LINE)
		return 0;
	const struct kmsg_record *record = condition_candidate(run, node);
	return record ? record->line : 0;
}

/* False when the log holds nothing of what the condition asks for; *any_text: it holds some text. */
static bool has_material(const struct run *run, const struct condition_node *node, bool *any_text)
{
	bool is_any = node->condition->kind == CONDITION_ANY, holds = false;
	switch (node->condition->kind) {
	case CONDITION_LINE:
		holds = condition_candidate(run, node) != NULL;
		*any_text |= holds;
		return holds;
	case CONDITION_EVENT:
		holds = boot_event(run->facts->boot, node->condition->event) != NULL;
		*any_text |= holds;
		return holds;
	case CONDITION_FACT:
	case CONDITION_NONE:
		return true;
	case CONDITION_ALL:
	case CONDITION_ANY:
	case CONDITION_SEQUENCE:
		break;
	}
	for (size_t i = 0; i < node->condition->child_count; i++)
		if (has_material(run, &node->children[i], any_text) == is_any)
			return is_any;
	return !is_any;
}

static void trace_children(struct run *run, const struct condition_node *parent, unsigned depth, bool is_unwanted,
			   struct rule_trace *ret)
{
	is_unwanted ^= parent->condition->kind == CONDITION_NONE;
	for (size_t i = 0; i < parent->condition->child_count; i++) {
		struct condition_node *node = &parent->children[i];
		struct trial trial = { .run = run, .first_line = UINT64_MAX, .missing_fact = FACT_INVALID };
		struct condition_trace *trace = &ret->conditions[ret->count++];
		*trace = (struct condition_trace){ node->condition, depth, is_unwanted,
						   condition_evaluate(&trial, node), 0 };
		trace->line = line_of(run, node, &trial, trace->outcome);
		ret->lines_held += !is_unwanted && node->condition->kind == CONDITION_LINE &&
				   trace->outcome == OUTCOME_MATCHED;
		ret->failed += depth == 0 && trace->outcome != OUTCOME_MATCHED;
		trace_children(run, node, depth + 1, is_unwanted, ret);
	}
}

static bool trace_rule(struct run *run, const struct rule *rule, struct condition_node *node, struct rule_trace *ret)
{
	struct trial trial = { .run = run, .first_line = UINT64_MAX, .missing_fact = FACT_INVALID };
	*ret = (struct rule_trace){ .rule = rule, .outcome = condition_evaluate(&trial, node) };
	ret->conditions = arena_alloc(run->arena, count_conditions(&rule->match) * sizeof *ret->conditions);
	if (!ret->conditions)
		return false;
	trace_children(run, node, 0, false, ret);
	bool any_text = false;
	ret->is_near = has_material(run, node, &any_text) && any_text && ret->outcome != OUTCOME_MATCHED;
	return !run->failed;
}

bool rule_engine_trace(struct rule_engine *engine, const struct facts *facts, struct arena *arena,
		       struct rule_trace **ret, struct error *err)
{
	struct run run = { .facts = facts, .arena = arena, .scratch = engine->scratch, .err = err };
	*ret = arena_alloc(arena, engine->set.count * sizeof **ret);
	if (!*ret)
		return error_out_of_memory(err);
	if (!engine_collect(engine, &run))
		return false;
	for (size_t i = 0; i < engine->set.count; i++)
		if (!trace_rule(&run, engine->set.rules[i], &engine->nodes[i], &(*ret)[i]))
			return run.failed ? false : error_out_of_memory(err);
	return !arena->failed || error_out_of_memory(err);
}
