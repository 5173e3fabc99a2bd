/* One rule against one boot. The engine prepares what is needed; this decides. */
#ifndef RULES_EVALUATE_H
#define RULES_EVALUATE_H

#include "rules/engine.h"
#include "rules/regex.h"

/* A condition with what it needs at run time. */
struct condition_node {
	const struct rule_condition *condition;
	struct condition_node *children;
	size_t needle;       /* LINE: number of its literal */
	struct regex *regex; /* LINE: compiled at first need */
};

/* Records of a boot in which one literal stands, in their order. */
struct candidates {
	uint32_t *records;
	size_t count, capacity;
	bool is_short; /* there are more than RULE_CANDIDATES_MAX */
};

/* What all rules share while one boot is judged. */
struct run {
	const struct facts *facts;
	struct arena *arena;
	struct regex_scratch *scratch;
	struct candidates *candidates; /* two for each literal: [2n] not the kernel's, [2n + 1] the kernel's */
	struct error *err;
	bool failed;                   /* memory out: nothing that was found counts */
};

/* What one rule took from the boot, as long as it holds. */
struct trial {
	struct run *run;
	struct capture *captures;
	size_t capture_count, capture_capacity;
	uint32_t *evidence; /* records, in any order, repeated at will */
	size_t evidence_count, evidence_capacity;
	uint64_t first_line; /* of the source, the earliest of all that speaks for the rule; UINT64_MAX: none */
	enum fact_id missing_fact;
};

/* OUTCOME_CLEAN, OUTCOME_MATCHED, OUTCOME_NOT_EVALUATED or OUTCOME_LIMIT_HIT. */
enum outcome condition_evaluate(struct trial *trial, struct condition_node *node);

/* LINE: the last record that holds its literal, whether or not the regex matches; NULL for none. */
const struct kmsg_record *condition_candidate(const struct run *run, const struct condition_node *node);

/* The literal of that number stands in a record. */
bool condition_has_needle(const struct run *run, size_t needle);

/* False when the condition cannot hold, whatever its regexes say. */
bool condition_may_hold(const struct run *run, const struct condition_node *node);

#endif
