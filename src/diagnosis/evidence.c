#include "diagnosis/evidence.h"

#define EVIDENCE_MAX 24

struct collector {
	struct diagnosis *diagnosis;
	struct arena *arena;
};

static const struct kmsg_record *record_at(const struct boot *boot, uint64_t line)
{
	for (size_t i = 0; i < boot->record_count; i++)
		if (boot->records[i].line == line)
			return &boot->records[i];
	return NULL;
}

static void add(struct collector *collector, uint64_t line, uint64_t offset, struct slice text)
{
	struct diagnosis *diagnosis = collector->diagnosis;
	if (!line || diagnosis->evidence_count >= EVIDENCE_MAX)
		return;
	size_t at = diagnosis->evidence_count;
	for (size_t i = 0; i < diagnosis->evidence_count; i++) {
		if (diagnosis->evidence[i].line == line)
			return;
		if (diagnosis->evidence[i].line > line && i < at)
			at = i;
	}
	memmove(&diagnosis->evidence[at + 1], &diagnosis->evidence[at],
		(diagnosis->evidence_count - at) * sizeof *diagnosis->evidence);
	diagnosis->evidence[at] = (struct evidence){ line, offset, text };
	diagnosis->evidence_count++;
}

static void add_line(struct collector *collector, uint64_t line)
{
	const struct kmsg_record *record = line ? record_at(collector->diagnosis->boot, line) : NULL;
	if (record)
		add(collector, record->line, record->offset, record->text);
}

/* Facts that the rule asked and that hold; what must not hold proves nothing with a line. */
static void add_facts(struct collector *collector, const struct rule_condition *condition)
{
	if (condition->kind == CONDITION_FACT)
		add_line(collector, facts_get(collector->diagnosis->facts, condition->fact)->line);
	if (condition->kind == CONDITION_NONE)
		return;
	for (size_t i = 0; i < condition->child_count; i++)
		add_facts(collector, &condition->children[i]);
}

static bool asks_event(const struct rule_condition *condition, enum host_event_kind kind)
{
	if (condition->kind == CONDITION_EVENT)
		return condition->event == kind;
	bool asks = false;
	for (size_t i = 0; i < condition->child_count && condition->kind != CONDITION_NONE; i++)
		asks |= asks_event(&condition->children[i], kind);
	return asks;
}

static void add_events(struct collector *collector, const struct rule_condition *match)
{
	const struct boot *boot = collector->diagnosis->boot;
	for (size_t i = 0; i < boot->event_count; i++)
		if (asks_event(match, boot->events[i].kind))
			add(collector, boot->events[i].line, boot->events[i].offset, boot->events[i].text);
}

bool evidence_collect(struct diagnosis *diagnosis, const struct finding *cause, struct arena *arena, struct error *err)
{
	struct collector collector = { diagnosis, arena };
	diagnosis->evidence = arena_alloc(arena, (EVIDENCE_MAX + 1) * sizeof *diagnosis->evidence);
	if (!diagnosis->evidence)
		return error_out_of_memory(err);
	for (size_t i = 0; cause && i < cause->evidence_count; i++)
		add(&collector, cause->evidence[i]->line, cause->evidence[i]->offset, cause->evidence[i]->text);
	if (cause) {
		add_facts(&collector, &cause->rule->match);
		add_events(&collector, &cause->rule->match);
	}
	if (diagnosis->root.is_present) {
		add_line(&collector, facts_get(diagnosis->facts, FACT_ROOT_WANTED)->line);
		for (size_t i = 0; i < diagnosis->root.candidate_count && i < 3; i++)
			add_line(&collector, diagnosis->root.candidates[i].device->line);
	}
	if (slice_is(diagnosis->cause, "out-of-memory"))
		add_line(&collector, facts_get(diagnosis->facts, FACT_MEMORY_LARGEST_PROCESS)->line);
	add_line(&collector, diagnosis->facts->fatal_crash.kind.len ? diagnosis->facts->fatal_crash.line : 0);
	add_line(&collector, facts_get(diagnosis->facts, FACT_PANIC_TEXT)->line);
	return true;
}

static uint64_t first_fact_line(const struct rule_condition *condition, const struct facts *facts)
{
	if (condition->kind == CONDITION_FACT)
		return facts_get(facts, condition->fact)->line;
	const struct host_event *event = condition->kind == CONDITION_EVENT ? boot_event(facts->boot, condition->event)
									    : NULL;
	if (event)
		return event->line;
	uint64_t first = 0;
	for (size_t i = 0; i < condition->child_count && condition->kind != CONDITION_NONE; i++) {
		uint64_t line = first_fact_line(&condition->children[i], facts);
		if (line && (!first || line < first))
			first = line;
	}
	return first;
}

uint64_t evidence_first_line(const struct finding *finding, const struct facts *facts)
{
	return finding->evidence_count ? finding->evidence[0]->line : first_fact_line(&finding->rule->match, facts);
}
