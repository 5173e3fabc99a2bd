#include "rules/engine.h"

#include <stdlib.h>

#include "base/limits.h"
#include "rules/absorb.h"
#include "rules/engine_private.h"

/* Building. */

/* Needles by their text, while they are numbered: slots hold numbers, counted from 1. */
struct needle_index {
	uint32_t *slots;
	size_t mask;
};

static size_t count_nodes(const struct rule_condition *condition)
{
	size_t count = 1;
	for (size_t i = 0; i < condition->child_count; i++)
		count += count_nodes(&condition->children[i]);
	return count;
}

static void build_node(struct rule_engine *engine, struct condition_node *node, const struct rule_condition *condition)
{
	node->condition = condition;
	node->children = engine->nodes + engine->node_count;
	engine->node_count += condition->child_count;
	for (size_t i = 0; i < condition->child_count; i++)
		build_node(engine, &node->children[i], &condition->children[i]);
}

static bool build_nodes(struct rule_engine *engine)
{
	size_t total = 0;
	for (size_t i = 0; i < engine->set.count; i++)
		total += count_nodes(&engine->set.rules[i]->match);
	engine->nodes = arena_alloc(&engine->arena, total * sizeof *engine->nodes);
	if (!engine->nodes)
		return false;
	engine->node_count = engine->set.count;
	for (size_t i = 0; i < engine->set.count; i++)
		build_node(engine, &engine->nodes[i], &engine->set.rules[i]->match);
	return true;
}

static size_t hash_text(struct slice text)
{
	uint32_t hash = 2166136261u;
	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ (unsigned char)text.ptr[i]) * 16777619u;
	return hash;
}

static size_t number_needle(struct rule_engine *engine, struct needle_index *index, struct slice needle)
{
	size_t at = hash_text(needle) & index->mask;
	for (; index->slots[at]; at = (at + 1) & index->mask)
		if (slice_equal(engine->needles[index->slots[at] - 1], needle))
			return index->slots[at] - 1;
	engine->needles[engine->needle_count++] = needle;
	index->slots[at] = (uint32_t)engine->needle_count;
	return engine->needle_count - 1;
}

static bool build_needles(struct rule_engine *engine)
{
	struct needle_index index = { .mask = 15 };
	while (index.mask < 2 * engine->node_count)
		index.mask = index.mask * 2 + 1;
	index.slots = calloc(index.mask + 1, sizeof *index.slots);
	engine->needles = arena_alloc(&engine->arena, engine->node_count * sizeof *engine->needles);
	bool ok = index.slots && engine->needles;
	for (size_t i = 0; ok && i < engine->node_count; i++)
		if (engine->nodes[i].condition->kind == CONDITION_LINE)
			engine->nodes[i].needle = number_needle(engine, &index,
								slice_of(engine->nodes[i].condition->needle));
	free(index.slots);
	return ok;
}

/* Literals without all of which the condition cannot hold. False, with nothing added, when there are none. */
static bool add_required(struct rule_engine *engine, const struct condition_node *node, struct needle_list *list)
{
	enum condition_kind kind = node->condition->kind;
	size_t before = list->count, needed = 0;
	if (kind == CONDITION_LINE) {
		if (arena_grow(&engine->arena, &list->needles, before, &list->capacity, sizeof *list->needles))
			list->needles[list->count++] = (uint32_t)node->needle;
		return list->count > before;
	}
	if (kind != CONDITION_ALL && kind != CONDITION_SEQUENCE && kind != CONDITION_ANY)
		return false;
	/* Of several that all have to hold one is enough. */
	for (size_t i = 0; i < node->condition->child_count && (kind == CONDITION_ANY || !needed); i++)
		needed += add_required(engine, &node->children[i], list);
	if (kind == CONDITION_ANY && needed < node->condition->child_count)
		list->count = before;
	return list->count > before;
}

static bool build_required(struct rule_engine *engine)
{
	engine->required = arena_alloc(&engine->arena, engine->set.count * sizeof *engine->required);
	for (size_t i = 0; engine->required && i < engine->set.count; i++)
		add_required(engine, &engine->nodes[i], &engine->required[i]);
	return !engine->arena.failed;
}

static bool build(struct rule_engine *engine, struct error *err)
{
	if (!build_nodes(engine) || !build_needles(engine) || !build_required(engine))
		return error_out_of_memory(err);
	engine->literals = literals_new(engine->needles, engine->needle_count, err);
	engine->scratch = engine->literals ? regex_scratch_new(err) : NULL;
	return engine->scratch != NULL;
}

struct rule_engine *rule_engine_new(struct rule_set set, struct error *err)
{
	struct rule_engine *engine = calloc(1, sizeof *engine);
	if (!engine) {
		error_out_of_memory(err);
		return NULL;
	}
	engine->set = set;
	if (!build(engine, err)) {
		rule_engine_free(engine);
		return NULL;
	}
	return engine;
}

void rule_engine_free(struct rule_engine *engine)
{
	if (!engine)
		return;
	for (size_t i = 0; i < engine->node_count; i++)
		regex_free(engine->nodes[i].regex);
	literals_free(engine->literals);
	regex_scratch_free(engine->scratch);
	arena_deinit(&engine->arena);
	free(engine);
}

bool rule_engine_wants(struct rule_engine *engine, struct slice text)
{
	return literals_any(engine->literals, text);
}

/* Running. */

struct collector {
	struct run *run;
	uint32_t record;
	size_t side; /* of the two lists of each needle */
};

static bool collect_hit(void *user, size_t needle)
{
	struct collector *collector = user;
	struct candidates *list = &collector->run->candidates[2 * needle + collector->side];
	if (list->count && list->records[list->count - 1] == collector->record)
		return true;
	list->is_short |= list->count == RULE_CANDIDATES_MAX;
	if (list->is_short)
		return true;
	if (!arena_grow(collector->run->arena, &list->records, list->count, &list->capacity, sizeof *list->records)) {
		collector->run->failed = true;
		return false;
	}
	list->records[list->count++] = collector->record;
	return true;
}

static void collect_record(const struct rule_engine *engine, struct run *run, size_t record)
{
	const struct kmsg_record *from = &run->facts->boot->records[record];
	struct collector collector = { run, (uint32_t)record, kmsg_is_kernel(from) };
	literals_find(engine->literals, from->text, collect_hit, &collector);
}

/* Most records hold no literal: they are passed over by twos. */
bool engine_collect(const struct rule_engine *engine, struct run *run)
{
	const struct kmsg_record *records = run->facts->boot->records;
	size_t count = run->facts->boot->record_count;
	run->candidates = arena_alloc(run->arena, 2 * engine->needle_count * sizeof *run->candidates);
	run->failed = !run->candidates;
	for (size_t i = 0; i < count && !run->failed; i += 2) {
		struct slice second = i + 1 < count ? records[i + 1].text : SLICE("");
		if (!literals_any_of_two(engine->literals, records[i].text, second))
			continue;
		collect_record(engine, run, i);
		if (i + 1 < count)
			collect_record(engine, run, i + 1);
	}
	return !run->failed || error_out_of_memory(run->err);
}

static int compare_records(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
	return left < right ? -1 : left > right;
}

/* In the order of the log, each once. */
static void show_evidence(struct trial *trial, struct finding *finding)
{
	const struct kmsg_record *records = trial->run->facts->boot->records;
	const struct kmsg_record **shown = arena_alloc(trial->run->arena, trial->evidence_count * sizeof *shown);
	size_t count = 0;
	if (!shown || trial->evidence_count == 0)
		return;
	qsort(trial->evidence, trial->evidence_count, sizeof *trial->evidence, compare_records);
	for (size_t i = 0; i < trial->evidence_count; i++)
		if (i == 0 || trial->evidence[i] != trial->evidence[i - 1])
			shown[count++] = &records[trial->evidence[i]];
	finding->evidence = shown;
	finding->evidence_count = count;
}

static struct finding try_rule(struct run *run, const struct rule *rule, struct condition_node *node)
{
	struct trial trial = { .run = run, .first_line = UINT64_MAX, .missing_fact = FACT_INVALID };
	struct finding finding = { .rule = rule, .outcome = condition_evaluate(&trial, node) };
	finding.missing_fact = finding.outcome == OUTCOME_NOT_EVALUATED ? trial.missing_fact : FACT_INVALID;
	finding.captures = trial.captures;
	finding.capture_count = trial.capture_count;
	finding.first_line = trial.first_line;
	show_evidence(&trial, &finding);
	return finding;
}

/* Most rules are done with here, for most logs hold few of the literals. */
static bool lacks_required(const struct rule_engine *engine, const struct run *run, size_t rule)
{
	const struct needle_list *required = &engine->required[rule];
	for (size_t i = 0; i < required->count; i++)
		if (condition_has_needle(run, required->needles[i]))
			return false;
	return required->count > 0;
}

struct finding_list {
	struct finding *items;
	size_t count, capacity;
};

static void add_finding(struct finding_list *list, const struct finding *finding, struct arena *arena)
{
	if (arena_grow(arena, &list->items, list->count, &list->capacity, sizeof *list->items))
		list->items[list->count++] = *finding;
}

static void count_outcome(struct findings *findings, enum outcome outcome)
{
	findings->matched += outcome == OUTCOME_MATCHED;
	findings->clean += outcome == OUTCOME_CLEAN;
	findings->limit_hits += outcome == OUTCOME_LIMIT_HIT;
	findings->not_evaluated += outcome == OUTCOME_NOT_EVALUATED;
}

/* What matched or ran over a limit comes first, then what could not be evaluated. */
static bool try_rules(const struct rule_engine *engine, struct run *run, struct findings *ret)
{
	struct finding_list told = { 0 }, open = { 0 };
	for (size_t i = 0; i < engine->set.count && !run->failed; i++) {
		if (lacks_required(engine, run, i)) {
			ret->clean++;
			continue;
		}
		struct finding finding = try_rule(run, engine->set.rules[i], &engine->nodes[i]);
		count_outcome(ret, finding.outcome);
		if (finding.outcome != OUTCOME_CLEAN)
			add_finding(finding.outcome == OUTCOME_NOT_EVALUATED ? &open : &told, &finding, run->arena);
	}
	for (size_t i = 0; i < open.count; i++)
		add_finding(&told, &open.items[i], run->arena);
	ret->items = told.items;
	ret->count = told.count;
	bool ok = findings_absorb(ret->items, ret->count, run->arena);
	for (size_t i = 0; i < ret->count; i++)
		ret->absorbed += ret->items[i].absorbed_by != NULL;
	return ok;
}

bool rule_engine_run(struct rule_engine *engine, const struct facts *facts, struct arena *arena,
		     struct findings *ret, struct error *err)
{
	struct run run = { .facts = facts, .arena = arena, .scratch = engine->scratch, .err = err };
	*ret = (struct findings){ 0 };
	if (!engine_collect(engine, &run))
		return false;
	bool ok = try_rules(engine, &run, ret);
	if (run.failed) /* a regex that could not be compiled has said why */
		return false;
	return (ok && !arena->failed) || error_out_of_memory(err);
}

static bool check_condition(const struct rule *rule, const struct rule_condition *condition, struct error *err)
{
	for (size_t i = 0; i < condition->child_count; i++)
		if (!check_condition(rule, &condition->children[i], err))
			return false;
	if (condition->kind != CONDITION_LINE)
		return true;
	struct error why;
	size_t at;
	struct regex *regex = regex_new(condition->regex, &at, &why);
	if (!regex)
		return error_set(err, "%s:%u: regex: %s at its byte %zu", rule->file ? rule->file : rule->id,
				 condition->source_line, why.text, at);
	regex_free(regex);
	return true;
}

bool rule_check_regexes(const struct rule *rule, struct error *err)
{
	return check_condition(rule, &rule->match, err);
}
