/* Rules to C: the table of the shipped rules. The text is also what tells one set of rules from another. */
#ifndef RULES_COMPILE_H
#define RULES_COMPILE_H

#include "base/buf.h"
#include "rules/rule.h"

/* Appends a C file that defines rules_builtin(). Tests, files and lines are left out. `arena`
 * is scratch memory; the caller checks `failed` of both. */
void rules_compile(struct rule_set set, struct arena *arena, struct buf *out);

#endif
