#include "scan/judge.h"

#include "base/limits.h"
#include "scan/judge_archive.h"

/* ---- a boot ---- */

bool judge_boot(struct rule_engine *engine, const struct boot *boot, struct arena *arena, struct judgement *ret,
		struct error *err)
{
	return facts_read(&ret->facts, boot, arena, err) &&
	       rule_engine_run(engine, &ret->facts, arena, &ret->findings, err) &&
	       diagnosis_make(&ret->diagnosis, &ret->facts, &ret->findings, arena, err);
}

bool judge_is_evidence(struct rule_engine *engine, struct slice text)
{
	return facts_wants(text) || rule_engine_wants(engine, text);
}

static bool has_warning(const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].outcome == OUTCOME_MATCHED &&
		    findings->items[i].rule->severity >= SEVERITY_WARNING)
			return true;
	return false;
}

static void count(struct judge *judge, const struct diagnosis *diagnosis)
{
	bool is_failure = verdict_is_failure(diagnosis->verdict);
	judge->failed_boots += is_failure;
	judge->found_something |= is_failure || has_warning(diagnosis->findings);
	judge->session->limit_reached |= diagnosis->limit_reached;
	if (!diagnosis->is_complete)
		session_mark_incomplete(judge->session);
}

/* What is passed over, and an archive, are not reported. */
static bool begin_report(struct judge *judge)
{
	judge->has_begun = judge->has_begun ||
			   judge->format->source_begin(judge->report, &judge->session->source, &judge->err);
	return judge->has_begun;
}

static bool report_boot(struct judge *judge, const struct boot *boot, struct arena *arena)
{
	struct judgement judgement;
	struct diagnosis *diagnosis = &judgement.diagnosis;
	if (!judge_boot(judge->engine, boot, arena, &judgement, &judge->err) ||
	    (judge->details && !judge->details(judge->user, diagnosis, arena, &judge->err)))
		return false;
	count(judge, diagnosis);
	return begin_report(judge) &&
	       judge->format->boot(judge->report, &judge->session->source, diagnosis, &judge->err);
}

/* Of a loop without end the last boot is reported, too. */
static bool is_one_too_many(const struct judge *judge, const struct boot *boot)
{
	return boot->number > BOOTS_MAX && !boot->is_last && judge->counts_all_boots;
}

static void take_boot(void *user, const struct boot *boot)
{
	struct judge *judge = user;
	struct arena arena = ARENA_INIT;
	if (judge->has_failed || is_one_too_many(judge, boot) || (judge->wants && !judge->wants(judge->user, boot)))
		return;
	judge->has_failed = !report_boot(judge, boot, &arena);
	arena_deinit(&arena);
}

static bool is_evidence(void *user, struct slice text)
{
	struct judge *judge = user;
	return judge_is_evidence(judge->engine, text);
}

/* ---- a source ---- */

static void tell(struct judge *judge, struct slice path, const char *why)
{
	judge->any_trouble = true;
	judge->trouble(judge->user, path, why);
	error_set(&judge->told, "%s", why);
}

/* What cuts an archive cuts the log in it that was being read, which has said so, maybe behind its name. */
static bool was_told_of_member(const struct judge *judge, const struct session *session)
{
	return session->is_archive && slice_ends(slice_of(judge->told.text), session->source.error);
}

static void check_boot_count(const struct judge *judge, struct session *session)
{
	if (session->source.boot_count <= BOOTS_MAX + 1 || !judge->counts_all_boots)
		return;
	session->limit_reached = true;
	session_mark_incomplete(session);
	session_note(session, "only the first %u of %u boots and the last are reported", BOOTS_MAX, session->source.boot_count);
}

/* A boot that could not be judged is an error of its source; the report is whole all the same. */
static bool end_source(struct judge *judge, const struct source *what)
{
	struct session *session = judge->session;
	struct error why = judge->err;
	if (judge->has_failed)
		session_fail(session, &why);
	if (!judge->format->source_end(judge->report, &session->source, &judge->err))
		return false;
	if (judge->has_failed)
		tell(judge, what->path, why.text);
	judge->has_failed = false;
	return true;
}

static bool read_source(struct judge *judge, const struct source *what)
{
	struct session *session = judge->session;
	const struct boot_sink sink = { judge, take_boot, is_evidence };
	bool is_read = session_read(session, &sink);
	judge->any_shrunk |= session->has_shrunk;
	if (session->is_other && judge->passes_over_others && (is_read || !session->is_archive)) {
		judge->other_files += !session->is_archive;
		return true;
	}
	if (!is_read && !was_told_of_member(judge, session))
		tell(judge, what->path, session->source.error.ptr);
	check_boot_count(judge, session);
	if (judge->source_read)
		judge->source_read(judge->user, session);
	judge->any_trouble |= session->limit_reached;
	return begin_report(judge) && end_source(judge, what);
}

bool judge_source(struct judge *judge, const struct source *what)
{
	struct session session, *around = judge->session;
	session_init_source(&session, what);
	session.bytes = judge->bytes;
	session.errands = judge->errands;
	session.block = around ? NULL : judge->block;
	session.user = judge;
	session.take_archive = judge->takes_archives ? judge_archive : NULL;
	judge->session = &session;
	judge->has_begun = false;
	*judge->told.text = 0;
	bool is_done = read_source(judge, what);
	for (size_t i = 0; is_done && i < session.sent.source_count; i++)
		is_done = judge_source(judge, &session.sent.sources[i]);
	session_deinit(&session);
	judge->session = around;
	judge->has_begun = false;
	return is_done;
}
