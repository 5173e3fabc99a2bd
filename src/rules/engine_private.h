/* What an engine is made of; for the files that run it. */
#ifndef RULES_ENGINE_PRIVATE_H
#define RULES_ENGINE_PRIVATE_H

#include "base/literals.h"
#include "rules/evaluate.h"

struct needle_list {
	uint32_t *needles;
	size_t count, capacity;
};

struct rule_engine {
	struct rule_set set;
	struct arena arena;
	struct condition_node *nodes; /* first the root of each rule, in their order, then all others */
	size_t node_count;
	struct slice *needles;        /* each text once */
	size_t needle_count;
	struct needle_list *required; /* by rule: it cannot match without any of them; empty: it can */
	struct literals *literals;
	struct regex_scratch *scratch;
};

/* The candidates of every literal, in one pass over the boot. False when memory is out. */
bool engine_collect(const struct rule_engine *engine, struct run *run);

#endif
