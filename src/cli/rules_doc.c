/* rules doc: a Markdown page for each rule, and an index with the kernels that its tests are of. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "cli/output.h"
#include "cli/rules.h"

#define PAGE_BYTES (4 * MIB)

/* Kernels by their number, as tests name them: "Linux 5.10". */
struct era {
	const char *title;
	unsigned from_major, from_minor; /* up to the next one */
};

static const struct era eras[] = {
	{ "2.6", 2, 6 }, { "3.x", 3, 0 }, { "4.0-4.8", 4, 0 }, { "4.9-4.19", 4, 9 }, { "5.x", 5, 0 },
	{ "6.0-6.5", 6, 0 }, { "6.6+", 6, 6 },
};
#define ERAS (sizeof(eras) / sizeof(*eras))

/* Markdown. */

static void put(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("\\`*_{}[]<>#|", *text))
			buf_char(out, '\\');
		buf_char(out, *text);
	}
}

/* A code span: its fence is longer than any run of backticks in it. */
static void put_code(struct buf *out, const char *text)
{
	const char *fence = strstr(text, "``") ? "```" : strchr(text, '`') ? "``" : "`";
	bool is_padded = fence[1] != '\0';
	buf_printf(out, "%s%s%s%s%s", fence, is_padded ? " " : "", text, is_padded ? " " : "", fence);
}

static void put_heading(struct buf *out, const char *title)
{
	buf_printf(out, "\n## %s\n\n", title);
}

static void put_paragraph(struct buf *out, const char *title, const char *text)
{
	if (!text || !*text)
		return;
	put_heading(out, title);
	put(out, text);
	buf_char(out, '\n');
}

/* A rule's page. */

static void put_leaf(struct buf *out, const struct rule_condition *condition)
{
	if (condition->kind == CONDITION_LINE) {
		buf_text(out, "a line matches ");
		put_code(out, condition->regex);
	} else if (condition->kind == CONDITION_EVENT) {
		buf_printf(out, "the host wrote the event %s", host_event_name(condition->event));
	} else {
		buf_printf(out, "the fact %s %s", fact_path(condition->fact), rules_test_words(condition->test));
		for (size_t i = 0; i < condition->value_count; i++) {
			buf_text(out, i ? ", " : " ");
			put_code(out, condition->values[i]);
		}
	}
}

static void put_condition(struct buf *out, const struct rule_condition *condition, int indent)
{
	buf_printf(out, "%*s- ", indent, "");
	if (condition->child_count)
		buf_text(out, rules_group_words(condition->kind));
	else
		put_leaf(out, condition);
	buf_char(out, '\n');
	for (size_t i = 0; i < condition->child_count; i++)
		put_condition(out, &condition->children[i], indent + 2);
}

static void put_steps(struct buf *out, const struct rule *rule)
{
	if (rule->step_count)
		put_heading(out, "Fix");
	for (size_t i = 0; i < rule->step_count; i++) {
		const struct rule_step *step = &rule->steps[i];
		if (step->use) {
			buf_printf(out, "%zu. advice for the guest's distribution: %s\n", i + 1, step->use);
			continue;
		}
		buf_printf(out, "%zu. (%s) ", i + 1, rule_risk_name(step->risk));
		put(out, step->text);
		buf_char(out, '\n');
		for (size_t k = 0; k < step->command_count; k++) {
			buf_text(out, "   ");
			put_code(out, step->commands[k]);
			buf_text(out, "  \n");
		}
	}
}

static void put_list(struct buf *out, const char *title, const char *const *items, size_t count)
{
	if (count)
		put_heading(out, title);
	for (size_t i = 0; i < count; i++) {
		buf_text(out, "- ");
		put(out, items[i]);
		buf_char(out, '\n');
	}
}

static void put_tests(struct buf *out, const struct rule *rule)
{
	if (rule->test_count)
		put_heading(out, "Tests");
	for (size_t i = 0; i < rule->test_count; i++) {
		buf_printf(out, "- %s: ", rule->tests[i].expects_match ? "matches" : "does not match");
		put(out, rule->tests[i].name);
		buf_char(out, '\n');
	}
}

static void put_page(struct buf *out, const struct rule *rule)
{
	buf_printf(out, "# %s\n\n", rule->id);
	put(out, rule->title);
	buf_printf(out, "\n\nSeverity %s, confidence %s, status %s, revision %u%s%s.\n",
		   rule_severity_name(rule->severity), rule_confidence_name(rule->confidence),
		   rule_status_name(rule->status), rule->rev, rule->cause ? ", cause " : "",
		   rule->cause ? rule->cause : "");
	put_paragraph(out, "Why", rule->why);
	put_heading(out, "Matches when all of this holds");
	for (size_t i = 0; i < rule->match.child_count; i++)
		put_condition(out, &rule->match.children[i], 0);
	put_list(out, "Explains", rule->explains, rule->explains_count);
	put_steps(out, rule);
	put_paragraph(out, "What would prove it wrong", rule->disproof);
	put_list(out, "References", rule->references, rule->reference_count);
	put_tests(out, rule);
}

/* The index. */

/* Of "BUG, Linux 5.10 and later" 5 and 10. */
static bool kernel_of(const char *name, uint64_t *major, uint64_t *minor)
{
	struct slice rest;
	return slice_after(slice_of(name), SLICE("Linux "), &rest) && slice_eat_decimal(&rest, major) &&
	       slice_eat(&rest, SLICE(".")) && slice_eat_decimal(&rest, minor);
}

static size_t era_of(uint64_t major, uint64_t minor)
{
	size_t at = 0;
	while (at + 1 < ERAS && (major > eras[at + 1].from_major ||
				 (major == eras[at + 1].from_major && minor >= eras[at + 1].from_minor)))
		at++;
	return at;
}

static void count_tests(const struct rule *rule, unsigned counts[ERAS])
{
	uint64_t major, minor;
	memset(counts, 0, ERAS * sizeof(*counts));
	for (size_t i = 0; i < rule->test_count; i++)
		if (rule->tests[i].expects_match && kernel_of(rule->tests[i].name, &major, &minor))
			counts[era_of(major, minor)]++;
}

static void put_row(struct buf *out, const struct rule *rule)
{
	unsigned counts[ERAS];
	count_tests(rule, counts);
	buf_printf(out, "| [%s](%s.md) | %s | ", rule->id, rule->id, rule_severity_name(rule->severity));
	put(out, rule->title);
	for (size_t i = 0; i < ERAS; i++)
		buf_printf(out, counts[i] ? " | %u" : " | ", counts[i]);
	buf_text(out, " |\n");
}

static void put_index(struct buf *out, struct rule_set set)
{
	buf_printf(out, "# Rules\n\n%zu rules. The numbers say how many positive tests of a rule are of kernels of that "
		   "time; no number is no test, and not that the rule does not fit.\n\n| rule | severity | title |",
		   set.count);
	for (size_t i = 0; i < ERAS; i++)
		buf_printf(out, " %s |", eras[i].title);
	buf_text(out, "\n| --- | --- | --- |");
	for (size_t i = 0; i < ERAS; i++)
		buf_text(out, " ---: |");
	buf_char(out, '\n');
	for (size_t i = 0; i < set.count; i++)
		put_row(out, set.rules[i]);
}

/* Files. */

static bool make_folder(const char *path, struct error *err)
{
	struct stat st;
	if (mkdir(path, 0777) == 0 || (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode)))
		return true;
	return error_set(err, "%s: cannot be made: %s", path, strerror(errno));
}

static bool write_file(const char *path, const struct buf *bytes, struct error *err)
{
	struct output output;
	struct error why;
	if (bytes->failed)
		return error_out_of_memory(err);
	if (output_open(&output, path, &why)) {
		output_write(&output, buf_slice(bytes));
		if (output_close(&output, true, &why))
			return true;
	}
	return error_set(err, "%s: %s", path, why.text);
}

static bool write_page(struct rules_task *task, const char *folder, const struct rule *rule, struct error *err)
{
	struct arena *arena = &task->arena;
	struct buf page = BUF_INIT(PAGE_BYTES);
	struct slice family = slice_until(slice_of(rule->id), '/');
	put_page(&page, rule);
	bool is_done = make_folder(arena_printf(arena, "%s/%.*s", folder, SLICE_ARG(family)).ptr, err) &&
		       write_file(arena_printf(arena, "%s/%s.md", folder, rule->id).ptr, &page, err);
	buf_deinit(&page);
	return is_done;
}

static bool write_all(struct rules_task *task, const char *folder, struct rule_set set, struct error *err)
{
	struct buf index = BUF_INIT(PAGE_BYTES);
	bool is_done = make_folder(folder, err);
	for (size_t i = 0; is_done && i < set.count; i++)
		is_done = write_page(task, folder, set.rules[i], err);
	put_index(&index, set);
	is_done = is_done && write_file(arena_printf(&task->arena, "%s/README.md", folder).ptr, &index, err);
	buf_deinit(&index);
	return is_done;
}

enum exit_status rules_doc(struct rules_task *task)
{
	struct rule_set set;
	struct error err;
	const char *folder = task->options->output;
	if (!folder) {
		complain(NULL, "rules doc writes many files: give --output DIR");
		return EXIT_TROUBLE;
	}
	if (!rules_choose(task, &set, &err) || !write_all(task, folder, set, &err)) {
		complain_error(NULL, &err);
		return EXIT_TROUBLE;
	}
	page_printf(&task->page, STYLE_PLAIN, "%zu rule%s in %s/README.md", set.count, set.count == 1 ? "" : "s", folder);
	page_newline(&task->page);
	return EXIT_WELL;
}
