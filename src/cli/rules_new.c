/* rules new: a first draft of a rule, from the lines that it is to match. */
#include "base/limits.h"
#include "cli/output.h"
#include "cli/rules.h"
#include "scan/session.h"
#include "rules/draft.h"
#include "rules/load.h"

struct drafting {
	struct slice id;
	struct buf text;
	bool is_done;
};

static void take_boot(void *user, const struct boot *boot)
{
	struct drafting *drafting = user;
	if (!drafting->is_done)
		drafting->is_done = rule_draft(drafting->id, boot, &drafting->text);
}

static bool read_lines(struct drafting *drafting, const char *operand)
{
	const struct source source = { .path = slice_of(operand) };
	const struct boot_sink sink = { drafting, take_boot, NULL };
	struct session session;
	session_init_source(&session, &source);
	bool is_read = session_read(&session, &sink);
	if (!is_read)
		complain(operand, session.source.error.ptr);
	else if (!drafting->is_done)
		complain(operand, "holds no line of the kernel that a rule could be about");
	session_deinit(&session);
	return is_read && drafting->is_done;
}

/* What the draft says must load, also with an id that came from the command line. */
static bool is_rule(struct rules_task *task, const struct drafting *drafting)
{
	const struct rule *rule;
	struct error err;
	if (drafting->text.failed)
		error_out_of_memory(&err);
	else if (rule_load(&task->arena, buf_slice(&drafting->text), "draft", drafting->id, &rule, &err))
		return true;
	complain_error(NULL, &err);
	return false;
}

enum exit_status rules_new(struct rules_task *task)
{
	if (task->word_count < 1 || task->word_count > 2) {
		complain(NULL, "rules new takes the id of the rule and a log with the lines, or - for standard input");
		return EXIT_TROUBLE;
	}
	struct drafting drafting = { .id = slice_of(task->words[0]), .text = BUF_INIT(MIB) };
	bool is_done = read_lines(&drafting, task->word_count > 1 ? task->words[1] : "-") && is_rule(task, &drafting);
	if (is_done)
		page_verbatim(&task->page, STYLE_PLAIN, 0, slice_trim_right(buf_slice(&drafting.text)));
	buf_deinit(&drafting.text);
	return is_done ? EXIT_WELL : EXIT_TROUBLE;
}
