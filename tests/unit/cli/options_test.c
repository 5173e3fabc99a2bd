#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/slice.h"
#include "cli/options.h"

#define WORDS_MAX 8

struct line {
	char text[WORDS_MAX][32];
	char *words[WORDS_MAX + 2];
	int count;
	struct options options;
	struct error err;
};

/* The words of a command line, blank separated, behind the program's name. */
static bool parse(struct line *line, const char *text)
{
	struct slice rest = slice_of(text);
	static char program[] = "vmpanic";
	*line = (struct line){ .words = { program }, .count = 1 };
	for (struct slice word; (word = slice_word(&rest)).len; line->count++) {
		assert_true(line->count <= WORDS_MAX && word.len < sizeof(*line->text));
		memcpy(line->text[line->count - 1], word.ptr, word.len);
		line->words[line->count] = line->text[line->count - 1];
	}
	return options_parse(&line->options, line->count, line->words, &line->err);
}

static void test_default_command(void **state)
{
	(void)state;
	static const char *const lines[] = { "vm/vmware.log", "-", "--format json vm/vmware.log", "-fjson ./x", "-- ./x" };
	struct line line;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		assert_true(parse(&line, lines[i]));
		assert_int_equal(line.options.command, COMMAND_DIAGNOSE);
		assert_int_equal(line.options.operand_count, 1);
	}
}

static void test_options_of_diagnose(void **state)
{
	(void)state;
	struct line line;
	assert_true(parse(&line, "diagnose a -o out b --rules=dir --color=never"));
	assert_int_equal(line.options.operand_count, 2);
	assert_string_equal(line.options.operands[1], "b");
	assert_string_equal(line.options.output, "out");
	assert_string_equal(line.options.rules, "dir");
	assert_int_equal(line.options.color, COLOR_NEVER);
	assert_true(parse(&line, "diagnose --color a -o -"));
	assert_int_equal(line.options.color, COLOR_ALWAYS);
	assert_null(line.options.output);
	assert_false(line.options.timeline || line.options.explain || line.options.redact);
	assert_int_equal(line.options.since.kind, TIME_BOUND_NONE);
	assert_true(parse(&line, "diagnose -te -R --since 2026-02-21T18:13:03Z a"));
	assert_true(line.options.timeline && line.options.explain && line.options.redact);
	assert_int_equal(line.options.since.kind, TIME_BOUND_WALL);
}

static void test_boot_choice(void **state)
{
	(void)state;
	struct line line;
	assert_true(parse(&line, "dmesg a"));
	assert_int_equal(line.options.boot_choice, BOOT_CHOICE_LAST);
	assert_true(parse(&line, "dmesg --boot all --raw a"));
	assert_int_equal(line.options.boot_choice, BOOT_CHOICE_ALL);
	assert_true(line.options.raw);
	assert_true(parse(&line, "dmesg -b 3 a"));
	assert_int_equal(line.options.boot_choice, BOOT_CHOICE_NUMBER);
	assert_int_equal(line.options.boot_number, 3);
	assert_true(parse(&line, "diagnose a"));
	assert_int_equal(line.options.boot_choice, BOOT_CHOICE_ALL);
	assert_true(parse(&line, "./a -b last"));
	assert_int_equal(line.options.boot_choice, BOOT_CHOICE_LAST);
}

static void test_bad_lines(void **state)
{
	(void)state;
	static const struct {
		const char *line, *says;
	} bad[] = {
		{ "", "give a log" },
		{ "diagnoze", "neither a command nor a file" },
		{ "--raw x", "unknown option --raw" },
		{ "diagnose -q x", "unknown option -q" },
		{ "diagnose --format", "--format needs a value" },
		{ "diagnose --format yaml x", "expected text, json or ndjson" },
		{ "--color=red x", "expected auto, always or never" },
		{ "diagnose --boot none x", "expected a number from 1" },
		{ "diagnose --since +5 x", "--since +5 is not a moment" },
		{ "diagnose --since soon x", "--since soon is not a moment" },
		{ "dmesg --boot 0 x", "expected a number from 1" },
		{ "dmesg --boot 1x x", "expected a number from 1" },
		{ "dmesg --format json x", "unknown option --format" },
	};
	struct line line;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_false(parse(&line, bad[i].line));
		if (!slice_contains(slice_of(line.err.text), slice_of(bad[i].says)))
			fail_msg("%s: %s", bad[i].line, line.err.text);
	}
}

static void test_help_fits_a_screen(void **state)
{
	(void)state;
	for (enum command command = 0; command <= COMMAND_NONE; command++) {
		struct buf help = BUF_INIT(64 * KIB);
		options_help(command, &help);
		size_t lines = 0;
		for (struct slice rest = buf_slice(&help); rest.len; lines++) {
			assert_true(slice_until(rest, '\n').len <= 80);
			rest = slice_skip(rest, slice_until(rest, '\n').len + 1);
		}
		assert_in_range(lines, 5, 24);
		assert_true(slice_starts(buf_slice(&help), SLICE("Usage: vmpanic ")));
		buf_deinit(&help);
	}
}

static void test_help_and_version(void **state)
{
	(void)state;
	struct line line;
	assert_true(parse(&line, "--help"));
	assert_true(line.options.wants_help && line.options.command == COMMAND_NONE);
	assert_true(parse(&line, "rules --help"));
	assert_true(line.options.wants_help && line.options.command == COMMAND_RULES);
	assert_true(parse(&line, "--version") && line.options.wants_version);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default_command), cmocka_unit_test(test_options_of_diagnose),
		cmocka_unit_test(test_boot_choice),     cmocka_unit_test(test_bad_lines),
		cmocka_unit_test(test_help_fits_a_screen), cmocka_unit_test(test_help_and_version),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
