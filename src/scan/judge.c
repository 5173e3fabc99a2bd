#include "scan/judge.h"

bool judge_boot(struct rule_engine *engine, const struct boot *boot, struct arena *arena,
		struct judgement *ret, struct error *err)
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

bool judgement_found_something(const struct diagnosis *diagnosis)
{
	return verdict_is_failure(diagnosis->verdict) || has_warning(diagnosis->findings);
}
