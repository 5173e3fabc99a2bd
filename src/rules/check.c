#include "rules/check.h"

#include "base/escape.h"
#include "rules/engine.h"

/* One test: its log goes through the same floors as a user's. */
struct test_run {
	struct rule_engine *engine;
	const struct rule *rule;
	const struct rule_test *test;
	enum outcome outcome;    /* the best of all boots */
	enum fact_id missing_fact;
	struct buf note;         /* the first capture or other rule that is not as expected; empty when all are */
	struct error *err;
	bool failed;
};

static const char *const outcome_words[] = {
	[OUTCOME_CLEAN] = "none",
	[OUTCOME_MATCHED] = "one",
	[OUTCOME_NOT_EVALUATED] = "not evaluated",
	[OUTCOME_LIMIT_HIT] = "limit hit",
};

static struct slice captured(const struct finding *finding, const char *name)
{
	for (size_t i = 0; i < finding->capture_count; i++)
		if (slice_is(finding->captures[i].name, name))
			return finding->captures[i].value;
	return SLICE("");
}

static void check_captures(struct test_run *run, const struct finding *finding)
{
	const struct rule_test *test = run->test;
	for (size_t i = 0; i < test->capture_count && !run->note.len; i++) {
		struct slice value = captured(finding, test->capture_names[i]);
		if (slice_is(value, test->capture_values[i]))
			continue;
		buf_printf(&run->note, "expected %s '", test->capture_names[i]);
		escape_terminal(&run->note, slice_of(test->capture_values[i]));
		buf_text(&run->note, "', got '");
		escape_terminal(&run->note, value);
		buf_text(&run->note, "'");
	}
}

static bool is_declared(const struct rule_test *test, const char *id)
{
	for (size_t i = 0; i < test->also_count; i++)
		if (strcmp(test->also[i], id) == 0)
			return true;
	return false;
}

static bool explains(const struct finding *cause, const struct finding *finding)
{
	while (finding && finding != cause)
		finding = finding->absorbed_by;
	return finding == cause;
}

/* Two rules that claim the same text without a word on each other are one too many. */
static void check_others(struct test_run *run, const struct findings *findings, const struct finding *own)
{
	for (size_t i = 0; i < findings->count && !run->note.len; i++) {
		const struct finding *other = &findings->items[i];
		if (other->outcome == OUTCOME_MATCHED && !other->absorbed_by && !explains(other, own) &&
		    other->rule->status >= STATUS_TEST && !is_declared(run->test, other->rule->id))
			buf_printf(&run->note, "matches %s, too; expected one to explain the other, or `also`",
				   other->rule->id);
	}
}

static const struct finding *finding_of(const struct findings *findings, const struct rule *rule)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].rule == rule)
			return &findings->items[i];
	return NULL;
}

static void judge_boot(struct test_run *run, const struct facts *facts, struct arena *arena)
{
	struct findings findings;
	if (!rule_engine_run(run->engine, facts, arena, &findings, run->err)) {
		run->failed = true;
		return;
	}
	const struct finding *finding = finding_of(&findings, run->rule);
	if (!finding || run->outcome == OUTCOME_MATCHED)
		return;
	run->outcome = finding->outcome;
	run->missing_fact = finding->missing_fact;
	if (finding->outcome != OUTCOME_MATCHED)
		return;
	check_captures(run, finding);
	if (run->test->expects_match)
		check_others(run, &findings, finding);
}

static void take_boot(void *user, const struct boot *boot)
{
	struct test_run *run = user;
	struct arena arena = ARENA_INIT;
	struct facts facts;
	if (!run->failed && facts_read(&facts, boot, &arena, run->err))
		judge_boot(run, &facts, &arena);
	else
		run->failed = true;
	arena_deinit(&arena);
}

static bool feed_log(struct slice log, enum log_format format, struct boot_assembler *assembler, struct error *err)
{
	struct vmxlog_reader *reader = vmxlog_reader_new(format, boot_assembler_input(assembler), err);
	if (!reader)
		return false;
	bool ok = vmxlog_reader_feed(reader, log, err);
	vmxlog_reader_finish(reader);
	ok = ok && boot_assembler_finish(assembler, vmxlog_reader_totals(reader).ends_without_newline, err);
	vmxlog_reader_free(reader);
	return ok;
}

/* A few lines in a rule may be too few to tell what they are; then they are kernel text. */
static bool run_log(struct test_run *run)
{
	struct slice log = slice_of(run->test->log);
	enum log_format format = vmxlog_detect(log, true) == LOG_VMWARE ? LOG_VMWARE : LOG_KERNEL;
	struct boot_sink sink = { .user = run, .boot = take_boot };
	struct boot_assembler *assembler = boot_assembler_new(format, &sink, run->err);
	if (!assembler)
		return false;
	bool ok = feed_log(log, format, assembler, run->err);
	boot_assembler_free(assembler);
	return ok && !run->failed;
}

static void report_failure(const struct test_run *run, const struct rule *rule, struct buf *out)
{
	buf_printf(out, "%s:%u: test ", rule->file ? rule->file : rule->id, run->test->source_line);
	escape_terminal(out, slice_of(run->test->name));
	if (run->note.len) {
		buf_text(out, ": ");
		buf_append(out, buf_slice(&run->note));
	} else {
		buf_printf(out, ": expected %s, got %s", run->test->expects_match ? "a match" : "no match",
			   outcome_words[run->outcome]);
	}
	if (run->outcome == OUTCOME_NOT_EVALUATED && run->missing_fact != FACT_INVALID)
		buf_printf(out, " (%s is unknown)", fact_path(run->missing_fact));
	buf_char(out, '\n');
}

static bool test_one(struct rule_engine *engine, const struct rule *rule, const struct rule_test *test,
		     struct buf *out, struct rule_check_result *ret, struct error *err)
{
	struct test_run run = {
		.engine = engine, .rule = rule, .test = test, .err = err, .missing_fact = FACT_INVALID,
		.note = BUF_INIT(64 * 1024),
	};
	bool ok = run_log(&run);
	bool as_expected = (run.outcome == OUTCOME_MATCHED) == test->expects_match && run.note.len == 0;
	if (ok && as_expected)
		ret->passed++;
	else if (ok)
		ret->failed++;
	if (ok && !as_expected)
		report_failure(&run, rule, out);
	buf_deinit(&run.note);
	return ok;
}

static bool test_rule(struct rule_engine *engine, const struct rule *rule, struct buf *out,
		      struct rule_check_result *ret, struct error *err)
{
	bool ok = true;
	for (size_t i = 0; ok && i < rule->test_count; i++)
		ok = test_one(engine, rule, &rule->tests[i], out, ret, err);
	return ok;
}

static bool holds(struct rule_set set, const struct rule *rule)
{
	for (size_t i = 0; i < set.count; i++)
		if (set.rules[i] == rule)
			return true;
	return false;
}

/* One that is switched off, or that another one of its id replaces, has its tests all the same. */
static bool test_alone(const struct rule *rule, struct buf *out, struct rule_check_result *ret, struct error *err)
{
	struct rule_engine *engine = rule_engine_new((struct rule_set){ &rule, 1 }, err);
	bool ok = engine && test_rule(engine, rule, out, ret, err);
	rule_engine_free(engine);
	return ok;
}

bool rules_test(struct rule_set set, struct rule_set known, struct buf *out, struct rule_check_result *ret,
		struct error *err)
{
	struct rule_engine *engine = rule_engine_new(known, err);
	bool ok = engine != NULL;
	*ret = (struct rule_check_result){ 0 };
	for (size_t i = 0; ok && i < set.count; i++)
		ok = holds(known, set.rules[i]) ? test_rule(engine, set.rules[i], out, ret, err)
						: test_alone(set.rules[i], out, ret, err);
	rule_engine_free(engine);
	return ok && (!out->failed || error_out_of_memory(err));
}
