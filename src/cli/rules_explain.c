/* rules explain: for each boot of a log, which rules nearly matched and what kept them from it. */
#include <string.h>

#include "cli/output.h"
#include "cli/rules.h"
#include "cli/ruleset.h"
#include "scan/judge.h"
#include "scan/session.h"
#include "rules/trace.h"

#define MARK_COLUMN 2
#define WORDS_COLUMN 4
#define NEAR_MAX 10

struct explainer {
	struct rules_task *task;
	struct rule_engine *engine;
	size_t rule_count;            /* of the engine's set */
	const struct session *session;
	const struct boot *boot;      /* that is being explained */
	const struct facts *facts;
	bool has_failed;
	struct error err;
};

/* Ids that were asked for: then those rules only, whether near or not, and all of each. */
static bool is_asked(const struct explainer *explainer, const struct rule *rule)
{
	const struct rules_task *task = explainer->task;
	for (size_t i = 1; i < task->word_count; i++)
		if (strcmp(task->words[i], rule->id) == 0)
			return true;
	return false;
}

static bool asks_for_some(const struct explainer *explainer)
{
	return explainer->task->word_count > 1;
}

/* One condition. */

static void put_place(const struct explainer *explainer, uint64_t line)
{
	struct buf place = BUF_INIT(1024);
	source_place_print(&place, &explainer->boot->parts, line);
	page_put(&explainer->task->page, STYLE_DIM, buf_slice(&place));
	buf_deinit(&place);
}

static void begin_remark(struct page *page, const struct condition_trace *trace)
{
	page_newline(page);
	page_column(page, WORDS_COLUMN + 2 * trace->depth + 4);
}

static void remark_on_line(const struct explainer *explainer, const struct condition_trace *trace)
{
	struct page *page = &explainer->task->page;
	begin_remark(page, trace);
	if (!trace->line) {
		page_put(page, STYLE_CAUTION, SLICE("no such record holds "));
		page_put(page, STYLE_COMMAND, slice_of(trace->condition->needle));
		return;
	}
	put_place(explainer, trace->line);
	page_put(page, STYLE_CAUTION, trace->condition->count > 1 ?
		 SLICE(" holds the needle; too few records match") :
		 SLICE(" holds the needle, and the regex does not match"));
}

static void remark_on_fact(const struct explainer *explainer, const struct condition_trace *trace)
{
	struct page *page = &explainer->task->page;
	const struct fact *fact = facts_get(explainer->facts, trace->condition->fact);
	begin_remark(page, trace);
	if (fact->state != FACT_KNOWN) {
		page_put(page, STYLE_CAUTION, fact->state == FACT_ABSENT ? SLICE("it is absent") : SLICE("it is unknown"));
		return;
	}
	page_put(page, STYLE_CAUTION, SLICE("it is "));
	page_put_within(page, STYLE_COMMAND, 60, facts_text(explainer->facts, trace->condition->fact));
	if (fact->line) {
		page_put(page, STYLE_PLAIN, SLICE(", "));
		put_place(explainer, fact->line);
	}
}

static void put_remark(const struct explainer *explainer, const struct condition_trace *trace)
{
	struct page *page = &explainer->task->page;
	bool holds = trace->outcome == OUTCOME_MATCHED;
	if (holds && trace->line) {
		page_put(page, STYLE_PLAIN, SLICE("  "));
		put_place(explainer, trace->line);
	}
	if (holds && trace->is_unwanted)
		page_put(page, STYLE_CAUTION, SLICE("  must not hold"));
	else if (!holds && !trace->is_unwanted && trace->condition->kind == CONDITION_LINE)
		remark_on_line(explainer, trace);
	else if (!holds && !trace->is_unwanted && trace->condition->kind == CONDITION_FACT)
		remark_on_fact(explainer, trace);
	if (trace->outcome == OUTCOME_LIMIT_HIT)
		page_put(page, STYLE_CAUTION, SLICE("  ran over the limit of a regex"));
}

static void put_condition(const struct explainer *explainer, const struct condition_trace *trace)
{
	struct page *page = &explainer->task->page;
	bool holds = trace->outcome == OUTCOME_MATCHED;
	page_column(page, MARK_COLUMN);
	page_put(page, holds == trace->is_unwanted ? STYLE_CAUTION : STYLE_GOOD,
		 holds ? SLICE("+") : trace->outcome == OUTCOME_NOT_EVALUATED ? SLICE("?") : SLICE("-"));
	page_column(page, WORDS_COLUMN + 2 * trace->depth);
	rules_put_condition(page, trace->condition);
	put_remark(explainer, trace);
	page_newline(page);
}

/* One rule. */

/* Of a rule that was not asked for only what does not hold. */
static void put_conditions(const struct explainer *explainer, const struct rule_trace *trace, bool is_whole)
{
	bool is_shown = true;
	for (size_t i = 0; i < trace->count; i++) {
		const struct condition_trace *condition = &trace->conditions[i];
		if (condition->depth == 0)
			is_shown = is_whole || condition->outcome != OUTCOME_MATCHED;
		if (is_shown)
			put_condition(explainer, condition);
	}
}

static void put_rule(const struct explainer *explainer, const struct rule_trace *trace)
{
	struct page *page = &explainer->task->page;
	bool is_match = trace->outcome == OUTCOME_MATCHED;
	page_newline(page);
	page_put(page, STYLE_HEADING, slice_of(trace->rule->id));
	page_put(page, STYLE_PLAIN, is_match ? SLICE("  matches") :
		 trace->outcome == OUTCOME_NOT_EVALUATED ? SLICE("  cannot be told") : SLICE("  does not match"));
	page_newline(page);
	put_conditions(explainer, trace, is_asked(explainer, trace->rule));
}

static void put_matched(const struct explainer *explainer, const struct rule_trace *traces, size_t count)
{
	struct page *page = &explainer->task->page;
	for (size_t i = 0; i < count; i++) {
		if (traces[i].outcome != OUTCOME_MATCHED)
			continue;
		page_put(page, STYLE_PLAIN, SLICE("matches "));
		page_put(page, STYLE_HEADING, slice_of(traces[i].rule->id));
		page_newline(page);
	}
}

static bool is_nearer(const struct rule_trace *a, const struct rule_trace *b)
{
	return a->lines_held != b->lines_held ? a->lines_held > b->lines_held : a->failed < b->failed;
}

/* The nearest first: insertion sort, for there are few. */
static void sort_near(const struct rule_trace **near, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		const struct rule_trace *trace = near[i];
		size_t at = i;
		for (; at && is_nearer(trace, near[at - 1]); at--)
			near[at] = near[at - 1];
		near[at] = trace;
	}
}

static void put_rest(const struct explainer *explainer, const struct rule_trace *const *rest, size_t count)
{
	struct page *page = &explainer->task->page;
	page_newline(page);
	page_printf(page, STYLE_PLAIN, "Less near, name one to see it:");
	for (size_t i = 0; i < count; i++) {
		page_newline(page);
		page_column(page, MARK_COLUMN);
		page_put(page, STYLE_PLAIN, slice_of(rest[i]->rule->id));
	}
	page_newline(page);
}

static void put_traces(const struct explainer *explainer, const struct rule_trace *traces, size_t count,
		       const struct rule_trace **shown)
{
	size_t shown_count = 0;
	for (size_t i = 0; i < count; i++)
		if (asks_for_some(explainer) ? is_asked(explainer, traces[i].rule) : traces[i].is_near)
			shown[shown_count++] = &traces[i];
	sort_near(shown, shown_count);
	if (!asks_for_some(explainer))
		put_matched(explainer, traces, count);
	for (size_t i = 0; i < shown_count && (i < NEAR_MAX || asks_for_some(explainer)); i++)
		put_rule(explainer, shown[i]);
	if (shown_count > NEAR_MAX && !asks_for_some(explainer))
		put_rest(explainer, shown + NEAR_MAX, shown_count - NEAR_MAX);
}

/* A log. */

static void put_heading(const struct explainer *explainer)
{
	struct page *page = &explainer->task->page;
	if (page->out.len)
		page_newline(page);
	page_put(page, STYLE_HEADING, explainer->session->source.path);
	page_printf(page, STYLE_PLAIN, ", boot %u", explainer->boot->number);
	page_newline(page);
}

static bool explain_boot(struct explainer *explainer, const struct boot *boot, struct arena *arena)
{
	struct facts facts;
	struct rule_trace *traces;
	if (!facts_read(&facts, boot, arena, &explainer->err) ||
	    !rule_engine_trace(explainer->engine, &facts, arena, &traces, &explainer->err))
		return false;
	const struct rule_trace **shown = arena_alloc(arena, explainer->rule_count * sizeof(*shown));
	if (!shown)
		return error_out_of_memory(&explainer->err);
	explainer->boot = boot;
	explainer->facts = &facts;
	put_heading(explainer);
	put_traces(explainer, traces, explainer->rule_count, shown);
	return true;
}

static void take_boot(void *user, const struct boot *boot)
{
	struct explainer *explainer = user;
	struct arena arena = ARENA_INIT;
	if (explainer->has_failed || !boot->record_count)
		return;
	explainer->has_failed = !explain_boot(explainer, boot, &arena);
	arena_deinit(&arena);
}

static bool is_evidence(void *user, struct slice text)
{
	struct explainer *explainer = user;
	return judge_is_evidence(explainer->engine, text);
}

static bool explain_source(struct explainer *explainer, const struct source *what)
{
	struct session session;
	const struct boot_sink sink = { explainer, take_boot, is_evidence };
	session_init_source(&session, what);
	explainer->session = &session;
	bool is_read = session_read(&session, &sink);
	if (!is_read)
		complain(what->path.ptr, session.source.error.ptr);
	session_deinit(&session);
	return is_read && !session.limit_reached;
}

static bool explain_log(struct explainer *explainer, const char *operand)
{
	struct sources sources;
	bool is_whole = true;
	if (!sources_find(&sources, operand, false, &explainer->err))
		explainer->has_failed = true;
	for (size_t i = 0; i < sources.count && !explainer->has_failed; i++)
		is_whole &= explain_source(explainer, &sources.items[i]);
	sources_close(&sources);
	if (explainer->has_failed)
		complain(NULL, explainer->err.text);
	return is_whole && !explainer->has_failed;
}

static bool ids_are_known(const struct rules_task *task, struct rule_set set)
{
	for (size_t i = 1; i < task->word_count; i++) {
		if (ruleset_find(set, task->words[i]))
			continue;
		complain(task->words[i], "no rule has that id; see vmpanic rules list");
		return false;
	}
	return true;
}

enum exit_status rules_explain(struct rules_task *task)
{
	struct explainer explainer = { .task = task };
	struct rule_set set;
	if (!task->word_count) {
		complain(NULL, "rules explain takes a log, and the ids of rules if it is about them; see vmpanic rules --help");
		return EXIT_TROUBLE;
	}
	if (!ruleset_with(&task->arena, task->options->rules, &set, &explainer.err) ||
	    !(explainer.engine = rule_engine_new(set, &explainer.err))) {
		complain_error(NULL, &explainer.err);
		return EXIT_TROUBLE;
	}
	explainer.rule_count = set.count;
	bool is_done = ids_are_known(task, set) && explain_log(&explainer, task->words[0]);
	rule_engine_free(explainer.engine);
	return is_done ? EXIT_WELL : EXIT_TROUBLE;
}
