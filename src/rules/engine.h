/* Rules against one boot: findings. */
#ifndef RULES_ENGINE_H
#define RULES_ENGINE_H

#include "base/arena.h"
#include "base/error.h"
#include "facts/facts.h"
#include "rules/rule.h"

enum outcome {
	OUTCOME_CLEAN,         /* does not apply */
	OUTCOME_MATCHED,
	OUTCOME_NOT_EVALUATED, /* a fact it needs is unknown */
	OUTCOME_LIMIT_HIT,     /* a regex ran over its limits: the rule may or may not apply */
};

struct capture {
	struct slice name, value;
};

struct finding {
	const struct rule *rule;
	enum outcome outcome;
	const struct finding *absorbed_by; /* the finding that explains this one; NULL */
	const struct capture *captures;
	size_t capture_count;
	const struct kmsg_record *const *evidence; /* records that matched, in the order of the log */
	size_t evidence_count;
	uint64_t first_line;               /* the earliest that speaks for it; UINT64_MAX: none */
	enum fact_id missing_fact;         /* of OUTCOME_NOT_EVALUATED */
};

struct findings {
	struct finding *items; /* MATCHED and LIMIT_HIT first, in the order of the rule set */
	size_t count;
	size_t matched, absorbed, not_evaluated, limit_hits, clean; /* of all rules; absorbed ones matched */
};

struct rule_engine;

/* Compiles what is needed before the first boot (the literals); regexes are compiled when
 * their literal is first seen. One engine a thread. `set` is borrowed. */
struct rule_engine *rule_engine_new(struct rule_set set, struct error *err);
/* Findings live in `arena`. False only when memory is out. */
bool rule_engine_run(struct rule_engine *engine, const struct facts *facts, struct arena *arena,
		     struct findings *ret, struct error *err);
/* True when a needle of any rule stands in `text`: such records of a huge boot are kept. */
bool rule_engine_wants(struct rule_engine *engine, struct slice text);
void rule_engine_free(struct rule_engine *engine);

/* Compiles every regex of a rule; false with its place and PCRE2's words for the first bad one. */
bool rule_check_regexes(const struct rule *rule, struct error *err);

/* Expands {{fact.path}}, {{capture}} and {{name|otherwise}}. `for_shell`: a value that is not
 * shell-plain makes the whole expansion fail (false), so that a guest cannot write a command.
 * Memory that ran out is remembered in the arena, too.
 * An unknown value without an otherwise reads "(unknown)", and fails for a shell. */
bool finding_expand(const struct finding *finding, const struct facts *facts, const char *template,
		    bool for_shell, struct arena *arena, struct slice *ret);

#endif
