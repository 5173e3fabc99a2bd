#include "cli/command.h"

#include <stdio.h>

#include "base/limits.h"
#include "cli/output.h"
#include "cli/ruleset.h"
#include "diagnosis/explain.h"
#include "diagnosis/timeline.h"
#include "report/report.h"
#include "scan/judge.h"
#include "scan/session.h"
#include "scan/sources.h"

struct judge {
	const struct options *options;
	struct rule_engine *engine;
	const struct report_format *format;
	struct report *report;
	struct session *session;   /* the input that is being read */
	bool has_boot;             /* of that input, among those that were asked for */
	bool any_timeless;         /* of that input, for --since to choose by */
	enum exit_status status;
	bool has_failed;           /* memory or the output failed: nothing more is reported */
	struct error err;          /* why */
};

static enum exit_status status_of(const struct diagnosis *diagnosis)
{
	if (diagnosis->limit_reached)
		return EXIT_TROUBLE;
	return judgement_found_something(diagnosis) ? EXIT_FOUND : EXIT_WELL;
}

static bool add_details(const struct judge *judge, struct diagnosis *diagnosis, struct timeline *timeline,
			struct explanation *explanation, struct arena *arena, struct error *err)
{
	if (judge->options->timeline) {
		diagnosis->timeline = timeline;
		if (!timeline_make(timeline, diagnosis->facts, arena, err))
			return false;
	}
	if (judge->options->explain) {
		diagnosis->explanation = explanation;
		if (!explanation_make(explanation, diagnosis, arena, err))
			return false;
	}
	return true;
}

static bool report_boot(struct judge *judge, const struct boot *boot, struct arena *arena)
{
	struct judgement judgement;
	struct diagnosis *diagnosis = &judgement.diagnosis;
	struct timeline timeline;
	struct explanation explanation;
	if (!judge_boot(judge->engine, boot, arena, &judgement, &judge->err) ||
	    !add_details(judge, diagnosis, &timeline, &explanation, arena, &judge->err))
		return false;
	judge->status = exit_worse(judge->status, status_of(diagnosis));
	if (!diagnosis->is_complete)
		session_mark_incomplete(judge->session);
	return judge->format->boot(judge->report, &judge->session->source, diagnosis, &judge->err);
}

static bool is_chosen(const struct judge *judge, const struct boot *boot)
{
	switch (judge->options->boot_choice) {
	case BOOT_CHOICE_LAST:
		return boot->is_last;
	case BOOT_CHOICE_NUMBER:
		return boot->number == judge->options->boot_number;
	case BOOT_CHOICE_ALL:
		break;
	}
	return true;
}

/* A boot that no host time tells the beginning of is not passed over in silence. */
static bool is_late_enough(struct judge *judge, const struct boot *boot)
{
	const struct time_bound *since = &judge->options->since;
	struct stamp stamp = boot->started_at.kind != STAMP_NONE ? boot->started_at : boot->dumped_at;
	if (since->kind == TIME_BOUND_NONE)
		return true;
	if (stamp.kind != STAMP_NONE && time_bound_fits(stamp, since))
		return time_bound_compare(stamp, since) >= 0;
	return judge->any_timeless = true;
}

/* Of a loop without end the last boot is reported, too, and any that was asked for. */
static bool is_one_too_many(const struct judge *judge, const struct boot *boot)
{
	return boot->number > BOOTS_MAX && !boot->is_last && judge->options->boot_choice == BOOT_CHOICE_ALL;
}

static void take_boot(void *user, const struct boot *boot)
{
	struct judge *judge = user;
	struct arena arena = ARENA_INIT;
	if (judge->has_failed || is_one_too_many(judge, boot) || !is_chosen(judge, boot) ||
	    !is_late_enough(judge, boot))
		return;
	judge->has_boot = true;
	judge->has_failed = !report_boot(judge, boot, &arena);
	arena_deinit(&arena);
}

static bool is_evidence(void *user, struct slice text)
{
	struct judge *judge = user;
	return judge_is_evidence(judge->engine, text);
}

static void check_boot_count(const struct judge *judge, struct session *session)
{
	if (session->source.boot_count <= BOOTS_MAX + 1 || judge->options->boot_choice != BOOT_CHOICE_ALL)
		return;
	session->limit_reached = true;
	session_mark_incomplete(session);
	session_note(session, "only the first %u of %u boots and the last are reported", BOOTS_MAX, session->source.boot_count);
}

/* A boot that was asked for by its number has to be there. */
static void check_choice(struct judge *judge, const struct source *what)
{
	const struct report_source *source = &judge->session->source;
	char text[96];
	if (judge->any_timeless)
		session_note(judge->session, "--since could not choose among boots without such a host time: they stand here");
	/* The number is one of the log's, not of what the guest sent through it. */
	if (what->is_sent)
		return;
	if (judge->has_boot || judge->options->boot_choice != BOOT_CHOICE_NUMBER || source->error.len ||
	    judge->options->boot_number <= source->boot_count)
		return;
	snprintf(text, sizeof(text), "has no boot %u, only %u", judge->options->boot_number, source->boot_count);
	complain(what->path.ptr, text);
	judge->status = EXIT_TROUBLE;
}

/* A boot that could not be judged is an error of its source; the document is whole all the same. */
static bool end_source(struct judge *judge, const struct source *what)
{
	struct session *session = judge->session;
	struct error why = judge->err;
	if (judge->has_failed)
		session_fail(session, &why);
	if (!judge->format->source_end(judge->report, &session->source, &judge->err))
		return false;
	if (judge->has_failed) {
		complain(what->path.ptr, why.text);
		judge->status = EXIT_TROUBLE;
	}
	judge->has_failed = false;
	return true;
}

static bool diagnose_source(struct judge *judge, const struct source *what)
{
	struct session session;
	const struct boot_sink sink = { judge, take_boot, is_evidence };
	session_init_source(&session, what);
	judge->session = &session;
	judge->has_boot = judge->any_timeless = false;
	bool is_done = judge->format->source_begin(judge->report, &session.source, &judge->err);
	if (is_done && !session_read(&session, &sink)) {
		complain(what->path.ptr, session.source.error.ptr);
		judge->status = EXIT_TROUBLE;
	}
	check_boot_count(judge, &session);
	check_choice(judge, what);
	if (session.limit_reached)
		judge->status = EXIT_TROUBLE;
	is_done = is_done && end_source(judge, what);
	for (size_t i = 0; is_done && i < session.sent.source_count; i++)
		is_done = diagnose_source(judge, &session.sent.sources[i]);
	session_deinit(&session);
	return is_done;
}

static bool diagnose_operand(struct judge *judge, const char *operand, bool all_runs)
{
	struct sources sources;
	bool is_done = sources_find(&sources, operand, all_runs, &judge->err);
	for (size_t i = 0; is_done && i < sources.count; i++)
		is_done = diagnose_source(judge, &sources.items[i]);
	sources_close(&sources);
	return is_done;
}

/* The report is ended even when a source could not be, so that it is freed. */
static bool diagnose_all(struct judge *judge, const struct options *options)
{
	bool is_done = true;
	for (size_t i = 0; is_done && i < options->operand_count; i++)
		is_done = diagnose_operand(judge, options->operands[i], options->all_runs);
	struct error ignored;
	return judge->format->close(judge->report, is_done ? &judge->err : &ignored) && is_done;
}

static bool report_to(struct judge *judge, struct output *output, const struct options *options)
{
	struct report_output bytes = { output, output_write };
	struct report_options how = { output_wants_color(output, options->color), output_width(output),
				      options->redact, output_temporary_directory() };
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
	struct judge judge = { .options = options, .status = EXIT_WELL };
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
		complain_error(NULL, &judge.err);
	rule_engine_free(judge.engine);
	arena_deinit(&arena);
	return status;
}
