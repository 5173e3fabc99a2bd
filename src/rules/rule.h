/* A rule: how a failure shows in the log and in the facts, what it means, what to do.
 *
 * Rules are data. The program holds those of rules/ as a table that the build compiles with
 * the same loader that checks a user's files; both are this type. All text is static or owned
 * by the rule set it was loaded into. */
#ifndef RULES_RULE_H
#define RULES_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "facts/facts.h"

enum rule_severity { SEVERITY_INFO, SEVERITY_NOTICE, SEVERITY_WARNING, SEVERITY_ERROR, SEVERITY_FATAL };
enum rule_confidence { CONFIDENCE_POSSIBLE, CONFIDENCE_LIKELY, CONFIDENCE_CERTAIN };
enum rule_status { STATUS_UNSUPPORTED, STATUS_DEPRECATED, STATUS_EXPERIMENTAL, STATUS_TEST, STATUS_STABLE };
enum rule_risk { RISK_NONE, RISK_REVERSIBLE, RISK_WRITES_BOOT, RISK_WRITES_DISK };

/* What the diagnosis may say about root= when this rule is the cause. */
enum rule_root {
	ROOT_SILENT,   /* root= is not the matter: no proposal */
	ROOT_PROPOSE,  /* root= is wrong: propose the right one, for now and for good */
	ROOT_ONE_TIME, /* root= is right for an initramfs: name a device only as a one-time way in */
};

/* Which records a line condition looks at. */
enum rule_source {
	SOURCE_KERNEL,  /* the kernel's own records (facility 0) */
	SOURCE_CONSOLE, /* console text and records of user space */
	SOURCE_ANY,
};

enum condition_kind {
	CONDITION_LINE,
	CONDITION_FACT,
	CONDITION_EVENT, /* a host event */
	CONDITION_ALL,
	CONDITION_ANY,
	CONDITION_NONE,
	CONDITION_SEQUENCE,
};

/* How a fact is compared. */
enum fact_test {
	FACT_TEST_IS,       /* equal to values[0] */
	FACT_TEST_IN,       /* equal to one of values */
	FACT_TEST_NOT,      /* known and not equal to any of values */
	FACT_TEST_AT_LEAST, /* number >= values[0] */
	FACT_TEST_AT_MOST,
	FACT_TEST_STATE,    /* values[0] is known, absent or unknown */
	FACT_TEST_CONTAINS, /* values[0] is one of the blank-separated words of the text */
	FACT_TEST_LACKS,    /* known, and values[0] is not one of its words */
};

struct rule_condition {
	enum condition_kind kind;
	/* LINE */
	const char *regex;
	const char *needle;      /* a literal that stands in every line the regex matches */
	enum rule_source source;
	unsigned within;         /* in a sequence: at most so many records after the one before; 0 no bound */
	unsigned count;          /* so many lines at least; 0 counts as 1 */
	/* FACT */
	enum fact_id fact;
	enum fact_test test;
	const char *const *values;
	size_t value_count;
	/* EVENT */
	enum host_event_kind event;
	/* ALL, ANY, NONE, SEQUENCE */
	const struct rule_condition *children;
	size_t child_count;
	unsigned source_line; /* of the rule file */
};

/* A step of the repair: either text of the rule's own, or `use`, the name of advice that the
 * diagnosis words for the guest's distribution. */
struct rule_step {
	const char *id;
	const char *use;              /* NULL for a step with text of its own */
	enum rule_risk risk;
	const char *text;             /* may hold {{fact.path}} and {{capture}} */
	const char *const *commands;  /* the same; a value that is not shell-plain is left out */
	size_t command_count;
};

/* A test inside a rule file; not compiled into the program. */
struct rule_test {
	const char *name;
	const char *log;
	bool expects_match;
	const char *const *capture_names;
	const char *const *capture_values;
	size_t capture_count;
	const char *const *also; /* ids of other rules that the log may match, too, unexplained by any */
	size_t also_count;
	unsigned source_line;
};

enum rule_override { OVERRIDE_IS = 1 << 0, OVERRIDE_SEVERITY = 1 << 1, OVERRIDE_STATUS = 1 << 2 };

struct rule {
	const char *id;       /* "root/device-missing": its path below rules/ */
	const char *title;    /* one line, at most 90 characters, templates allowed */
	const char *cause;    /* a word of the vocabulary; NULL for a consequence */
	const char *verdict;  /* "hang", "oops", "reset": what the boot is without a panic; NULL */
	const char *why;      /* why this follows; templates allowed */
	const char *disproof; /* what would prove it wrong; NULL */
	unsigned rev;
	enum rule_status status;
	enum rule_severity severity;
	enum rule_confidence confidence;
	enum rule_root root;
	struct rule_condition match; /* of kind ALL */
	const char *const *explains; /* ids, or a family and a star, of the consequences it absorbs */
	size_t explains_count;
	const struct rule_step *steps;
	size_t step_count;
	const char *const *references;
	size_t reference_count;
	const struct rule_test *tests;
	size_t test_count;
	/* A site's changes to a rule: of the fields only id, those named here and the steps count, which
	 * replace the rule's own when there are any. 0: a rule. */
	unsigned overrides; /* enum rule_override */
	const char *file; /* where it was loaded from; NULL when built in */
};

struct rule_set {
	const struct rule *const *rules;
	size_t count;
};

/* The words of the enums, as rule files and reports write them; NULL past the last. */
const char *rule_severity_name(enum rule_severity severity);
const char *rule_confidence_name(enum rule_confidence confidence);
const char *rule_status_name(enum rule_status status);
const char *rule_risk_name(enum rule_risk risk);
const char *rule_root_name(enum rule_root root);

/* The cause vocabulary: true when `word` is one of its words. */
bool rule_cause_is_known(struct slice word);
/* All of it, ended by NULL. */
const char *const *rule_cause_words(void);
/* Every step that a rule may `use`, ended by NULL. */
const char *const *rule_advice_words(void);

/* The rules compiled into the program. */
struct rule_set rules_builtin(void);

#endif
