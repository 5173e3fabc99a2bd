/* One boot through the upper floors: facts, findings, diagnosis. */
#ifndef SCAN_JUDGE_H
#define SCAN_JUDGE_H

#include "diagnosis/diagnosis.h"

struct judgement {
	struct facts facts;
	struct findings findings;
	struct diagnosis diagnosis; /* points at the two above: a judgement stays where it was made */
};

/* What it points at lives in `arena` or in the boot. */
bool judge_boot(struct rule_engine *engine, const struct boot *boot, struct arena *arena,
		struct judgement *ret, struct error *err);
/* For a boot_sink: whether a fact or a rule asks for the text. */
bool judge_is_evidence(struct rule_engine *engine, struct slice text);

/* The boot failed, or a rule found something at warning level or above. */
bool judgement_found_something(const struct diagnosis *diagnosis);

#endif
