/* The actions of `vmpanic rules`. */
#ifndef CLI_RULES_H
#define CLI_RULES_H

#include "base/arena.h"
#include "cli/command.h"
#include "report/page.h"
#include "rules/rule.h"

struct rules_task {
	const struct options *options;
	char **words;        /* behind the action */
	size_t word_count;
	struct arena arena;
	struct page page;    /* what is to be printed */
	bool is_terminal;    /* else lines are whole, for other programs */
};

enum exit_status rules_show(struct rules_task *task);
enum exit_status rules_new(struct rules_task *task);
enum exit_status rules_explain(struct rules_task *task);
enum exit_status rules_doc(struct rules_task *task);

/* The rules of the files and folders that were named, else of --rules DIR, else of `rules` here. */
bool rules_choose(struct rules_task *task, struct rule_set *ret, struct error *err);

/* A condition in words, on the current line; of a group only what it asks of its members. */
void rules_put_condition(struct page *page, const struct rule_condition *condition);

/* "is at least"; of a group "any of". */
const char *rules_test_words(enum fact_test test);
const char *rules_group_words(enum condition_kind kind);

#endif
