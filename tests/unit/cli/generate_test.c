/* One table makes the parser, the help, the man page and the completions: nothing of it is lost on
 * the way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/limits.h"
#include "cli/completion.h"
#include "cli/generate.h"

static struct buf made(const char *what)
{
	struct buf text = BUF_INIT(MIB);
	assert_true(generate_knows(what));
	generate(what, &text);
	assert_false(text.failed);
	return text;
}

static void assert_has(const struct buf *text, const char *what, const char *wanted)
{
	if (!slice_contains(buf_slice(text), slice_of(wanted)))
		fail_msg("%s lacks %s", what, wanted);
}

static void test_rows_are_sound(void **state)
{
	(void)state;
	for (size_t i = 0; option_row(i); i++) {
		const struct option_row *row = option_row(i);
		assert_non_null(row->name);
		assert_true(row->commands && !(row->commands & ~IN_ALL));
		assert_true((row->flag != 0) != (row->set != NULL));
		assert_true(row->help || row->manual);
		assert_true(row->argument || row->set == NULL || row->value == VALUE_ANYTHING);
		assert_true((row->words != NULL) == (row->value == VALUE_WORD || row->value == VALUE_LIST));
		assert_true(!row->is_optional || row->argument);
	}
}

/* Of one command, each name and each letter means one option. */
static void test_names_are_single(void **state)
{
	(void)state;
	for (size_t i = 0; option_row(i); i++)
		for (size_t k = i + 1; option_row(k); k++) {
			const struct option_row *a = option_row(i), *b = option_row(k);
			if (!(a->commands & b->commands))
				continue;
			assert_string_not_equal(a->name, b->name);
			assert_true(!a->letter || a->letter != b->letter);
		}
}

static void test_help_has_every_option(void **state)
{
	(void)state;
	for (enum command command = 0; command < COMMAND_COUNT; command++) {
		struct buf help = BUF_INIT(64 * KIB);
		options_help(command, &help);
		for (size_t i = 0; completion_next(command, &i); i++) {
			char wanted[64];
			snprintf(wanted, sizeof(wanted), "--%s", option_row(i)->name);
			assert_has(&help, command_name(command), wanted);
		}
		buf_deinit(&help);
	}
}

/* As man(7) writes it: each dash escaped. */
static void man_name(struct buf *out, const struct option_row *row)
{
	buf_clear(out);
	buf_text(out, "\\fB\\-\\-");
	for (const char *c = row->name; *c; c++)
		buf_printf(out, *c == '-' ? "\\-" : "%c", *c);
	buf_text(out, "\\fR");
}

static void test_man_page(void **state)
{
	(void)state;
	static const char *const sections[] = {
		"NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "OPTIONS", "\"EXIT STATUS\"", "ENVIRONMENT", "FILES", "EXAMPLES",
		"LIMITS", "NOTES",
	};
	struct buf page = made("man"), name = BUF_INIT(KIB);
	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++) {
		char wanted[64];
		snprintf(wanted, sizeof(wanted), "\n.SH %s\n", sections[i]);
		assert_has(&page, "the man page", wanted);
	}
	for (enum command command = 0; command < COMMAND_COUNT; command++) {
		struct slice rest;
		char wanted[64];
		snprintf(wanted, sizeof(wanted), ".SS Options of %s\n", command_name(command));
		assert_true(slice_after(buf_slice(&page), slice_of(wanted), &rest));
		rest = slice_take(rest, slice_find(rest, SLICE("\n.S")));
		for (size_t i = 0; completion_next(command, &i); i++) {
			man_name(&name, option_row(i));
			if (!slice_contains(rest, buf_slice(&name)))
				fail_msg("the man page lacks --%s of %s", option_row(i)->name, command_name(command));
		}
	}
	buf_deinit(&name);
	buf_deinit(&page);
}

/* What a reader would take for a request is none of ours. */
static void test_man_page_requests(void **state)
{
	(void)state;
	static const char *const requests[] = {
		".\\\"", ".TH ", ".SH ", ".SS ", ".PP", ".TP", ".IP", ".br", ".nf", ".fi", ".RS 4", ".RE", ".BR ",
	};
	struct buf page = made("man");
	for (struct slice rest = buf_slice(&page), line; rest.len; rest = slice_skip(rest, line.len + 1)) {
		bool is_known = false;
		line = slice_until(rest, '\n');
		for (size_t i = 0; i < sizeof(requests) / sizeof(*requests); i++)
			is_known |= slice_starts(line, slice_of(requests[i]));
		assert_true(line.len);
		if (line.ptr[0] == '\'' || (line.ptr[0] == '.' && !is_known))
			fail_msg("%.*s", SLICE_ARG(line));
	}
	buf_deinit(&page);
}

static void test_completions(void **state)
{
	(void)state;
	static const struct {
		const char *shell, *option;
	} shells[] = { { "bash", "--%s" }, { "zsh", "--%s" }, { "fish", " -l %s " } };
	for (size_t s = 0; s < sizeof(shells) / sizeof(*shells); s++) {
		struct buf script = made(shells[s].shell);
		for (enum command command = 0; command < COMMAND_COUNT; command++)
			assert_has(&script, shells[s].shell, command_name(command));
		for (size_t i = 0; option_row(i); i++) {
			char wanted[64];
			snprintf(wanted, sizeof(wanted), shells[s].option, option_row(i)->name);
			assert_has(&script, shells[s].shell, wanted);
			if (option_row(i)->words)
				assert_has(&script, shells[s].shell, option_row(i)->words);
		}
		buf_deinit(&script);
	}
	assert_false(generate_knows("tcsh"));
}

static void test_quoting(void **state)
{
	(void)state;
	struct buf out = BUF_INIT(64);
	completion_quote(&out, SLICE("a guest's log"));
	assert_true(slice_is(buf_slice(&out), "a guest'\\''s log"));
	buf_deinit(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_are_sound),     cmocka_unit_test(test_names_are_single),
		cmocka_unit_test(test_help_has_every_option), cmocka_unit_test(test_man_page),
		cmocka_unit_test(test_man_page_requests),  cmocka_unit_test(test_completions),
		cmocka_unit_test(test_quoting),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
