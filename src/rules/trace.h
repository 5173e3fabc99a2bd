/* Why a rule did not match: each of its conditions by itself. For whoever writes rules. */
#ifndef RULES_TRACE_H
#define RULES_TRACE_H

#include "rules/engine.h"

struct condition_trace {
	const struct rule_condition *condition;
	unsigned depth;       /* 0: stands in `match` itself */
	bool is_unwanted;     /* stands in a `none`: it must not hold */
	enum outcome outcome; /* of the condition by itself */
	/* Where it holds. Of a line that does not: the last one with its literal. 0: nowhere. */
	uint64_t line;
};

struct rule_trace {
	const struct rule *rule;
	enum outcome outcome;
	struct condition_trace *conditions; /* top down, as in the file */
	size_t count;
	size_t failed;     /* conditions of depth 0 that do not hold */
	size_t lines_held; /* lines that it wants and that match */
	/* Does not match, though something of all that it asks for is there: the literals of its lines,
	 * its events. */
	bool is_near;
};

/* One for each rule of the engine's set, in its order, in `arena`. False only when memory is out. */
bool rule_engine_trace(struct rule_engine *engine, const struct facts *facts, struct arena *arena,
		       struct rule_trace **ret, struct error *err);

#endif
