/* What `rules test` and `rules lint` check. */
#ifndef RULES_CHECK_H
#define RULES_CHECK_H

#include "base/buf.h"
#include "base/error.h"
#include "rules/rule.h"

struct rule_check_result {
	size_t passed, failed;
};

/* Runs the tests inside each rule, one line to `out` for each that fails:
 * "FILE:LINE: test NAME: expected match, got clean". A log that is to match must not match another
 * rule of `known` as well, unless one explains the other or the test says so (`also`). `known` holds
 * the set, too. */
bool rules_test(struct rule_set set, struct rule_set known, struct buf *out, struct rule_check_result *ret,
		struct error *err);

/* Style and sense: needle missing or not in a positive test, no near-miss test, risk order,
 * title length, unknown explains ids, unused captures, nested quantifiers ... one line each. `known`: all
 * rules whose ids may be named, the set's own among them. */
bool rules_lint(struct rule_set set, struct rule_set known, struct buf *out, struct rule_check_result *ret,
		struct error *err);

#endif
