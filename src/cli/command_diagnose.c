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

struct diagnoser {
	const struct options *options;
	struct judge judge;
	bool has_boot;             /* of the source, among those that were asked for */
	bool any_timeless;         /* of the source, for --since to choose by */
	struct timeline timeline;
	struct explanation explanation;
};

static bool add_details(void *user, struct diagnosis *diagnosis, struct arena *arena, struct error *err)
{
	struct diagnoser *diagnoser = user;
	if (diagnoser->options->timeline) {
		diagnosis->timeline = &diagnoser->timeline;
		if (!timeline_make(&diagnoser->timeline, diagnosis->facts, arena, err))
			return false;
	}
	if (diagnoser->options->explain) {
		diagnosis->explanation = &diagnoser->explanation;
		if (!explanation_make(&diagnoser->explanation, diagnosis, arena, err))
			return false;
	}
	return true;
}

static bool is_chosen(const struct diagnoser *diagnoser, const struct boot *boot)
{
	switch (diagnoser->options->boot_choice) {
	case BOOT_CHOICE_LAST:
		return boot->is_last;
	case BOOT_CHOICE_NUMBER:
		return boot->number == diagnoser->options->boot_number;
	case BOOT_CHOICE_ALL:
		break;
	}
	return true;
}

/* A boot that no host time tells the beginning of is not passed over in silence. */
static bool is_late_enough(struct diagnoser *diagnoser, const struct boot *boot)
{
	const struct time_bound *since = &diagnoser->options->since;
	struct stamp stamp = boot->started_at.kind != STAMP_NONE ? boot->started_at : boot->dumped_at;
	if (since->kind == TIME_BOUND_NONE)
		return true;
	if (stamp.kind != STAMP_NONE && time_bound_fits(stamp, since))
		return time_bound_compare(stamp, since) >= 0;
	return diagnoser->any_timeless = true;
}

static bool wants_boot(void *user, const struct boot *boot)
{
	struct diagnoser *diagnoser = user;
	bool wanted = is_chosen(diagnoser, boot) && is_late_enough(diagnoser, boot);
	diagnoser->has_boot |= wanted;
	return wanted;
}

static void tell_trouble(void *user, struct slice path, const char *why)
{
	(void)user;
	complain(path.ptr, why);
}

/* A boot that was asked for by its number has to be there. */
static void check_choice(void *user, struct session *session)
{
	struct diagnoser *diagnoser = user;
	const struct report_source *source = &session->source;
	char text[96];
	bool has_boot = diagnoser->has_boot;
	if (diagnoser->any_timeless)
		session_note(session, "--since could not choose among boots without such a host time: they stand here");
	diagnoser->has_boot = diagnoser->any_timeless = false;
	/* The number is one of the log's, not of what the guest sent through it. */
	if (session->what->is_sent)
		return;
	if (has_boot || diagnoser->options->boot_choice != BOOT_CHOICE_NUMBER || source->error.len ||
	    diagnoser->options->boot_number <= source->boot_count)
		return;
	snprintf(text, sizeof(text), "has no boot %u, only %u", diagnoser->options->boot_number, source->boot_count);
	complain(source->path.ptr, text);
	diagnoser->judge.any_trouble = true;
}

static bool diagnose_operand(struct judge *judge, const char *operand, bool all_runs)
{
	struct sources sources;
	bool is_done = sources_find(&sources, operand, all_runs, &judge->err);
	for (size_t i = 0; is_done && i < sources.count; i++)
		is_done = judge_source(judge, &sources.items[i]);
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
	return judge->any_trouble ? EXIT_TROUBLE : judge->found_something ? EXIT_FOUND : EXIT_WELL;
}

enum exit_status command_diagnose(const struct options *options)
{
	struct arena arena = ARENA_INIT;
	struct diagnoser diagnoser = {
		.options = options,
		.judge = { .user = &diagnoser, .wants = wants_boot, .details = add_details, .source_read = check_choice,
			   .trouble = tell_trouble, .counts_all_boots = options->boot_choice == BOOT_CHOICE_ALL },
	};
	struct judge *judge = &diagnoser.judge;
	struct rule_set rules;
	enum exit_status status = EXIT_TROUBLE;
	if (!options->operand_count) {
		complain(NULL, "give a log to read, or - for standard input; see vmpanic diagnose --help");
		return EXIT_TROUBLE;
	}
	if (ruleset_with(&arena, options->rules, &rules, &judge->err))
		judge->engine = rule_engine_new(rules, &judge->err);
	if (judge->engine)
		status = write_report(judge, options);
	else
		complain_error(NULL, &judge->err);
	rule_engine_free(judge->engine);
	arena_deinit(&arena);
	return status;
}
