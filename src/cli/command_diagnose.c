#include "cli/command.h"

#include "base/limits.h"
#include "cli/output.h"
#include "cli/ruleset.h"
#include "cli/session.h"
#include "diagnosis/diagnosis.h"
#include "facts/crash.h"
#include "report/report.h"
#include "rules/engine.h"

struct judge {
	struct rule_engine *engine;
	const struct report_format *format;
	struct report *report;
	struct session *session;   /* the input that is being read */
	enum exit_status status;
	bool has_failed;           /* memory or the output failed: nothing more is reported */
	struct error err;          /* why */
};

static bool failed_boot(const struct diagnosis *diagnosis)
{
	return diagnosis->verdict != VERDICT_CLEAN && diagnosis->verdict != VERDICT_SILENT;
}

static bool has_warning(const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].outcome == OUTCOME_MATCHED &&
		    findings->items[i].rule->severity >= SEVERITY_WARNING)
			return true;
	return false;
}

static enum exit_status status_of(const struct diagnosis *diagnosis)
{
	if (diagnosis->limit_reached)
		return EXIT_TROUBLE;
	return failed_boot(diagnosis) || has_warning(diagnosis->findings) ? EXIT_FOUND : EXIT_WELL;
}

static bool judge_boot(struct judge *judge, const struct boot *boot, struct arena *arena)
{
	struct facts facts;
	struct findings findings;
	struct diagnosis diagnosis;
	if (!facts_read(&facts, boot, arena, &judge->err) ||
	    !rule_engine_run(judge->engine, &facts, arena, &findings, &judge->err) ||
	    !diagnosis_make(&diagnosis, &facts, &findings, arena, &judge->err))
		return false;
	judge->status = exit_worse(judge->status, status_of(&diagnosis));
	if (!diagnosis.is_complete)
		session_mark_incomplete(judge->session);
	return judge->format->boot(judge->report, &judge->session->source, &diagnosis, &judge->err);
}

static void take_boot(void *user, const struct boot *boot)
{
	struct judge *judge = user;
	struct arena arena = ARENA_INIT;
	if (judge->has_failed || boot->number > BOOTS_MAX)
		return;
	judge->has_failed = !judge_boot(judge, boot, &arena);
	arena_deinit(&arena);
}

static bool is_evidence(void *user, struct slice text)
{
	struct judge *judge = user;
	return facts_wants(text) || crash_wants(text) || rule_engine_wants(judge->engine, text);
}

static void check_boot_count(struct session *session)
{
	if (session->source.boot_count <= BOOTS_MAX)
		return;
	session->limit_reached = true;
	session_mark_incomplete(session);
	session_note(session, "only the first %u of %u boots are reported", BOOTS_MAX, session->source.boot_count);
}

static bool diagnose_path(struct judge *judge, const char *path)
{
	struct session session;
	const struct boot_sink sink = { judge, take_boot, is_evidence };
	session_init(&session, path);
	judge->session = &session;
	bool is_done = judge->format->source_begin(judge->report, &session.source, &judge->err);
	if (is_done && !session_read(&session, &sink)) {
		complain(path, session.source.error.ptr);
		judge->status = EXIT_TROUBLE;
	}
	check_boot_count(&session);
	if (session.limit_reached)
		judge->status = EXIT_TROUBLE;
	is_done = is_done && !judge->has_failed &&
		  judge->format->source_end(judge->report, &session.source, &judge->err);
	session_deinit(&session);
	return is_done;
}

/* The report is ended even when a source could not be, so that it is freed. */
static bool diagnose_all(struct judge *judge, const struct options *options)
{
	bool is_done = true;
	for (size_t i = 0; is_done && i < options->operand_count; i++)
		is_done = diagnose_path(judge, options->operands[i]);
	struct error ignored;
	return judge->format->close(judge->report, is_done ? &judge->err : &ignored) && is_done;
}

static bool report_to(struct judge *judge, struct output *output, const struct options *options)
{
	struct report_output bytes = { output, output_write };
	struct report_options how = { output_wants_color(output, options->color), output_width(output) };
	judge->format = report_format_find(slice_of(options->format ? options->format : "text"));
	judge->report = judge->format->open(&bytes, &how, &judge->err);
	return judge->report && diagnose_all(judge, options);
}

static enum exit_status write_report(struct judge *judge, const struct options *options)
{
	struct output output;
	struct error err;
	const char *name = options->output ? options->output : "standard output";
	if (!output_open(&output, options->output, &err)) {
		complain(name, err.text);
		return EXIT_TROUBLE;
	}
	bool is_done = report_to(judge, &output, options);
	if (!output_close(&output, is_done, &err)) {
		complain(name, err.text);
		return EXIT_TROUBLE;
	}
	if (!is_done) {
		complain(NULL, judge->err.text);
		return EXIT_TROUBLE;
	}
	return judge->status;
}

enum exit_status command_diagnose(const struct options *options)
{
	struct arena arena = ARENA_INIT;
	struct judge judge = { .status = EXIT_WELL };
	struct rule_set rules;
	enum exit_status status = EXIT_TROUBLE;
	if (!options->operand_count) {
		complain(NULL, "give a log to read, or - for standard input; see vmpanic diagnose --help");
		return EXIT_TROUBLE;
	}
	if (ruleset_with(&arena, options->rules, &rules, &judge.err))
		judge.engine = rule_engine_new(rules, &judge.err);
	if (judge.engine)
		status = write_report(&judge, options);
	else
		complain(NULL, judge.err.text);
	rule_engine_free(judge.engine);
	arena_deinit(&arena);
	return status;
}
