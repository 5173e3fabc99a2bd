#include "rules/evaluate.h"

#include "base/limits.h"
#include "rules/words.h"

/* Facts and events. */

static bool text_equals(const struct fact *fact, enum fact_type type, const char *value)
{
	int64_t number;
	if (type == FACT_NUMBER)
		return slice_to_signed(slice_of(value), &number) && number == fact->number;
	return slice_is(fact->text, value);
}

static bool is_one_of(const struct fact *fact, const struct rule_condition *condition)
{
	enum fact_type type = fact_type(condition->fact);
	for (size_t i = 0; i < condition->value_count; i++)
		if (text_equals(fact, type, condition->values[i]))
			return true;
	return false;
}

static bool has_word(struct slice text, const char *word)
{
	while (text.len)
		if (slice_is(slice_word(&text), word))
			return true;
	return false;
}

static bool known_fact_holds(const struct fact *fact, const struct rule_condition *condition)
{
	int64_t bound = 0;
	switch (condition->test) {
	case FACT_TEST_IS:
	case FACT_TEST_IN:
		return is_one_of(fact, condition);
	case FACT_TEST_NOT:
		return !is_one_of(fact, condition);
	case FACT_TEST_AT_LEAST:
		return slice_to_signed(slice_of(condition->values[0]), &bound) && fact->number >= bound;
	case FACT_TEST_AT_MOST:
		return slice_to_signed(slice_of(condition->values[0]), &bound) && fact->number <= bound;
	case FACT_TEST_CONTAINS:
		return has_word(fact->text, condition->values[0]);
	case FACT_TEST_LACKS:
		return !has_word(fact->text, condition->values[0]);
	case FACT_TEST_STATE:
		break;
	}
	return false;
}

static enum outcome judge_fact(const struct fact *fact, const struct rule_condition *condition)
{
	bool holds;
	if (condition->test == FACT_TEST_STATE)
		holds = strcmp(fact_state_words[fact->state], condition->values[0]) == 0;
	else if (fact->state == FACT_UNKNOWN)
		return OUTCOME_NOT_EVALUATED;
	else
		holds = fact->state == FACT_KNOWN && known_fact_holds(fact, condition);
	return holds ? OUTCOME_MATCHED : OUTCOME_CLEAN;
}

static void note_line(struct trial *trial, uint64_t line)
{
	if (line && line < trial->first_line)
		trial->first_line = line;
}

static enum outcome evaluate_fact(struct trial *trial, const struct rule_condition *condition)
{
	const struct fact *fact = facts_get(trial->run->facts, condition->fact);
	enum outcome outcome = judge_fact(fact, condition);
	if (outcome == OUTCOME_MATCHED)
		note_line(trial, fact->line);
	if (outcome == OUTCOME_NOT_EVALUATED && trial->missing_fact == FACT_INVALID)
		trial->missing_fact = condition->fact;
	return outcome;
}

static enum outcome evaluate_event(struct trial *trial, const struct rule_condition *condition)
{
	const struct host_event *event = boot_event(trial->run->facts->boot, condition->event);
	if (!event)
		return OUTCOME_CLEAN;
	note_line(trial, event->line);
	return OUTCOME_MATCHED;
}

/* Lines. */

/* Walks the candidates of a line condition in the order of the records. */
struct cursor {
	const struct candidates *lists[2];
	size_t at[2];
	bool is_short;
};

static struct cursor candidates_of(const struct run *run, const struct condition_node *node)
{
	const struct candidates *lists = run->candidates + 2 * node->needle;
	enum rule_source source = node->condition->source;
	struct cursor cursor = { .lists = {
		source == SOURCE_KERNEL ? NULL : &lists[0], source == SOURCE_CONSOLE ? NULL : &lists[1],
	} };
	for (unsigned i = 0; i < 2; i++)
		cursor.is_short |= cursor.lists[i] && cursor.lists[i]->is_short;
	return cursor;
}

static size_t candidates_count(const struct cursor *cursor)
{
	return (cursor->lists[0] ? cursor->lists[0]->count : 0) + (cursor->lists[1] ? cursor->lists[1]->count : 0);
}

static bool candidates_next(struct cursor *cursor, uint32_t *ret)
{
	const uint32_t *heads[2];
	for (unsigned i = 0; i < 2; i++)
		heads[i] = cursor->lists[i] && cursor->at[i] < cursor->lists[i]->count ?
			   &cursor->lists[i]->records[cursor->at[i]] : NULL;
	unsigned lower = !heads[0] || (heads[1] && *heads[1] < *heads[0]);
	if (!heads[lower])
		return false;
	cursor->at[lower]++;
	*ret = *heads[lower];
	return true;
}

const struct kmsg_record *condition_candidate(const struct run *run, const struct condition_node *node)
{
	struct cursor cursor = candidates_of(run, node);
	const struct kmsg_record *last = NULL;
	uint32_t record;
	while (candidates_next(&cursor, &record))
		last = &run->facts->boot->records[record];
	return last;
}

static size_t lines_wanted(const struct rule_condition *condition)
{
	return condition->count ? condition->count : 1;
}

static bool compile_regex(struct run *run, struct condition_node *node)
{
	if (!node->regex)
		node->regex = regex_new(node->condition->regex, NULL, run->err);
	run->failed |= !node->regex;
	return node->regex != NULL;
}

static struct slice record_text(const struct run *run, uint32_t record)
{
	return run->facts->boot->records[record].text;
}

/* Tries one record; counts in *limit_hits how often a limit was reached. */
static bool line_matches(struct run *run, const struct condition_node *node, uint32_t record, unsigned *limit_hits)
{
	enum regex_outcome outcome = regex_match(node->regex, run->scratch, record_text(run, record));
	*limit_hits += outcome == REGEX_LIMIT;
	if (outcome == REGEX_NO_MEMORY)
		run->failed = !error_out_of_memory(run->err);
	return outcome == REGEX_MATCH;
}

static bool has_capture(const struct trial *trial, struct slice name)
{
	for (size_t i = 0; i < trial->capture_count; i++)
		if (slice_equal(trial->captures[i].name, name))
			return true;
	return false;
}

/* The groups of the match just made. The first of a name stays. */
static void take_captures(struct trial *trial, const struct condition_node *node, struct slice text)
{
	struct arena *arena = trial->run->arena;
	for (size_t i = 0; i < regex_name_count(node->regex); i++) {
		struct capture capture = { .name = regex_name(node->regex, i) };
		if (!regex_group(node->regex, trial->run->scratch, i, text, &capture.value) ||
		    has_capture(trial, capture.name))
			continue;
		if (!arena_grow(arena, &trial->captures, trial->capture_count, &trial->capture_capacity,
				sizeof *trial->captures))
			return;
		capture.name = arena_copy(arena, capture.name);
		trial->captures[trial->capture_count++] = capture;
	}
}

static void take_evidence(struct trial *trial, uint32_t record)
{
	note_line(trial, trial->run->facts->boot->records[record].line);
	if (trial->evidence_count < RULE_EVIDENCE_MAX &&
	    arena_grow(trial->run->arena, &trial->evidence, trial->evidence_count, &trial->evidence_capacity,
		       sizeof *trial->evidence))
		trial->evidence[trial->evidence_count++] = record;
}

static enum outcome outcome_without_match(const struct cursor *cursor, unsigned limit_hits)
{
	return cursor->is_short || limit_hits ? OUTCOME_LIMIT_HIT : OUTCOME_CLEAN;
}

static enum outcome evaluate_line(struct trial *trial, struct condition_node *node)
{
	struct cursor cursor = candidates_of(trial->run, node);
	size_t wanted = lines_wanted(node->condition), found = 0;
	unsigned limit_hits = 0;
	uint32_t record;
	if (!compile_regex(trial->run, node))
		return OUTCOME_LIMIT_HIT;
	while (limit_hits < REGEX_LIMIT_HITS_MAX && candidates_next(&cursor, &record)) {
		if (!line_matches(trial->run, node, record, &limit_hits))
			continue;
		if (found == 0)
			take_captures(trial, node, record_text(trial->run, record));
		take_evidence(trial, record);
		if (++found == wanted)
			return OUTCOME_MATCHED;
	}
	return outcome_without_match(&cursor, limit_hits);
}

/* Sequences. */

/* A record at which the sequence holds up to some item. */
struct stop {
	uint32_t record;
	uint32_t before; /* index of the stop of the item before */
};

struct stops {
	struct stop *items;
	size_t count, capacity;
};

/* Finds the stop of the item before that is nearest to `record` and not too far; *at moves on
 * with the records. */
static bool find_before(const struct stops *before, size_t *at, uint32_t record, unsigned within)
{
	while (*at + 1 < before->count && before->items[*at + 1].record < record)
		(*at)++;
	if (before->items[*at].record >= record)
		return false;
	return within == 0 || record - before->items[*at].record <= within;
}

/* All stops of one item. `before` is NULL for the first item. The last item needs one only. */
static enum outcome find_stops(struct trial *trial, struct condition_node *node, const struct stops *before,
			       bool is_last, struct stops *ret)
{
	struct cursor cursor = candidates_of(trial->run, node);
	unsigned limit_hits = 0;
	uint32_t record;
	size_t at = 0;
	if (!compile_regex(trial->run, node))
		return OUTCOME_LIMIT_HIT;
	while (limit_hits < REGEX_LIMIT_HITS_MAX && !(is_last && ret->count) && candidates_next(&cursor, &record)) {
		if (before && !find_before(before, &at, record, node->condition->within))
			continue;
		if (!line_matches(trial->run, node, record, &limit_hits))
			continue;
		if (!arena_grow(trial->run->arena, &ret->items, ret->count, &ret->capacity, sizeof *ret->items))
			return OUTCOME_LIMIT_HIT;
		ret->items[ret->count++] = (struct stop){ record, (uint32_t)at };
	}
	return is_last && ret->count ? OUTCOME_MATCHED : outcome_without_match(&cursor, limit_hits);
}

/* Walks back from the last stop, then takes what the lines hold in their order. */
static void take_sequence(struct trial *trial, struct condition_node *node, const struct stops *stops)
{
	size_t count = node->condition->child_count;
	uint32_t *records = arena_alloc(trial->run->arena, count * sizeof *records);
	unsigned ignored = 0;
	uint32_t at = 0;
	if (!records)
		return;
	for (size_t i = count; i-- > 0; at = stops[i].items[at].before)
		records[i] = stops[i].items[at].record;
	for (size_t i = 0; i < count; i++) {
		if (line_matches(trial->run, &node->children[i], records[i], &ignored))
			take_captures(trial, &node->children[i], record_text(trial->run, records[i]));
		take_evidence(trial, records[i]);
	}
}

static enum outcome evaluate_sequence(struct trial *trial, struct condition_node *node)
{
	size_t count = node->condition->child_count;
	struct stops *stops = arena_alloc(trial->run->arena, count * sizeof *stops);
	bool is_short = false;
	if (!stops)
		return OUTCOME_LIMIT_HIT;
	for (size_t i = 0; i < count; i++) {
		enum outcome outcome = find_stops(trial, &node->children[i], i ? &stops[i - 1] : NULL,
						  i + 1 == count, &stops[i]);
		is_short |= outcome == OUTCOME_LIMIT_HIT;
		if (stops[i].count == 0)
			return is_short ? OUTCOME_LIMIT_HIT : OUTCOME_CLEAN;
	}
	take_sequence(trial, node, stops);
	return OUTCOME_MATCHED;
}

/* Groups. What a condition took counts only when it holds, so groups put the trial back. */

static void put_back(struct trial *trial, const struct trial *saved)
{
	trial->capture_count = saved->capture_count;
	trial->evidence_count = saved->evidence_count;
	trial->first_line = saved->first_line;
}

static enum outcome graver(enum outcome a, enum outcome b)
{
	return a == OUTCOME_LIMIT_HIT || b == OUTCOME_LIMIT_HIT ? OUTCOME_LIMIT_HIT :
	       a == OUTCOME_NOT_EVALUATED || b == OUTCOME_NOT_EVALUATED ? OUTCOME_NOT_EVALUATED : OUTCOME_MATCHED;
}

/* One condition that does not hold settles it, even when others cannot be told. */
static enum outcome evaluate_all(struct trial *trial, struct condition_node *node)
{
	enum outcome whole = OUTCOME_MATCHED;
	for (size_t i = 0; i < node->condition->child_count; i++) {
		enum outcome outcome = condition_evaluate(trial, &node->children[i]);
		if (outcome == OUTCOME_CLEAN)
			return OUTCOME_CLEAN;
		whole = graver(whole, outcome);
	}
	return whole;
}

/* All are looked at, for the evidence and captures of each that holds. */
static enum outcome evaluate_any(struct trial *trial, struct condition_node *node)
{
	enum outcome open = OUTCOME_MATCHED;
	bool holds = false;
	for (size_t i = 0; i < node->condition->child_count; i++) {
		enum outcome outcome = condition_evaluate(trial, &node->children[i]);
		holds |= outcome == OUTCOME_MATCHED;
		if (outcome != OUTCOME_CLEAN)
			open = graver(open, outcome);
	}
	return holds ? OUTCOME_MATCHED : open == OUTCOME_MATCHED ? OUTCOME_CLEAN : open;
}

static enum outcome evaluate_none(struct trial *trial, struct condition_node *node)
{
	struct trial saved = *trial;
	enum outcome whole = OUTCOME_MATCHED;
	for (size_t i = 0; i < node->condition->child_count; i++) {
		enum outcome outcome = condition_evaluate(trial, &node->children[i]);
		put_back(trial, &saved);
		if (outcome == OUTCOME_MATCHED)
			return OUTCOME_CLEAN;
		if (outcome != OUTCOME_CLEAN)
			whole = graver(whole, outcome);
	}
	return whole;
}

static enum outcome evaluate_kind(struct trial *trial, struct condition_node *node)
{
	switch (node->condition->kind) {
	case CONDITION_LINE:
		return evaluate_line(trial, node);
	case CONDITION_FACT:
		return evaluate_fact(trial, node->condition);
	case CONDITION_EVENT:
		return evaluate_event(trial, node->condition);
	case CONDITION_ALL:
		return evaluate_all(trial, node);
	case CONDITION_ANY:
		return evaluate_any(trial, node);
	case CONDITION_NONE:
		return evaluate_none(trial, node);
	case CONDITION_SEQUENCE:
		return evaluate_sequence(trial, node);
	}
	return OUTCOME_CLEAN;
}

enum outcome condition_evaluate(struct trial *trial, struct condition_node *node)
{
	struct trial saved = *trial;
	enum outcome outcome = OUTCOME_CLEAN;
	if (condition_may_hold(trial->run, node))
		outcome = evaluate_kind(trial, node);
	if (outcome != OUTCOME_MATCHED)
		put_back(trial, &saved);
	if (outcome == OUTCOME_MATCHED || outcome == OUTCOME_CLEAN)
		trial->missing_fact = saved.missing_fact; /* what was missing did not matter */
	return outcome;
}

bool condition_has_needle(const struct run *run, size_t needle)
{
	const struct candidates *lists = run->candidates + 2 * needle;
	return lists[0].count || lists[1].count;
}

/* Enough lines with the literal, or more than were kept. */
static bool line_may_match(const struct run *run, const struct condition_node *node)
{
	if (!condition_has_needle(run, node->needle))
		return false;
	struct cursor cursor = candidates_of(run, node);
	return cursor.is_short || candidates_count(&cursor) >= lines_wanted(node->condition);
}

static bool children_may_hold(const struct run *run, const struct condition_node *node)
{
	bool one_is_enough = node->condition->kind == CONDITION_ANY;
	for (size_t i = 0; i < node->condition->child_count; i++)
		if (condition_may_hold(run, &node->children[i]) == one_is_enough)
			return one_is_enough;
	return !one_is_enough;
}

bool condition_may_hold(const struct run *run, const struct condition_node *node)
{
	const struct rule_condition *condition = node->condition;
	switch (condition->kind) {
	case CONDITION_LINE:
		return line_may_match(run, node);
	case CONDITION_FACT:
		return judge_fact(facts_get(run->facts, condition->fact), condition) != OUTCOME_CLEAN;
	case CONDITION_EVENT:
		return boot_event(run->facts->boot, condition->event) != NULL;
	case CONDITION_NONE:
		return true;
	case CONDITION_ALL:
	case CONDITION_ANY:
	case CONDITION_SEQUENCE:
		return children_may_hold(run, node);
	}
	return true;
}
