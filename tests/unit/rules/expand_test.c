#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules/engine.h"

static const struct capture captures[] = {
	{ SLICE("what"), SLICE("sda1") },
	{ SLICE("evil"), SLICE("x; rm -rf /") },
	{ SLICE("dash"), SLICE("-rf") },
	{ SLICE("empty"), SLICE("") },
	{ SLICE("command_line"), SLICE("of the capture") },
};
static const struct finding finding = {
	.captures = captures, .capture_count = sizeof captures / sizeof *captures,
};

static struct facts *make_facts(struct arena *arena)
{
	struct facts *facts = ARENA_NEW(arena, struct facts);
	assert_non_null(facts);
	facts->values[FACT_KERNEL_RELEASE] = (struct fact){ .state = FACT_KNOWN, .text = SLICE("6.1.0-23-amd64") };
	facts->values[FACT_ROOT_ERROR] = (struct fact){ .state = FACT_KNOWN, .text = SLICE("6"), .number = 6 };
	return facts;
}

struct expansion {
	const char *template;
	bool for_shell;
	const char *expanded; /* NULL: refused */
};

static void test_expansions(void **state)
{
	static const struct expansion cases[] = {
		{ "plain text", false, "plain text" },
		{ "", false, "" },
		{ "{{what}}", false, "sda1" },
		{ "on {{ what }}, error {{root.error}}.", false, "on sda1, error 6." },
		{ "{{what}}{{what}}", false, "sda1sda1" },
		{ "{{kernel.release}}", true, "6.1.0-23-amd64" },
		{ "{{root.wanted}}", false, "(unknown)" },
		{ "{{root.wanted}}", true, NULL },
		{ "{{root.wanted|a device}}", false, "a device" },
		{ "{{root.wanted | NAME }}", true, "NAME" },
		{ "{{root.wanted|}}!", false, "!" },
		{ "{{what|other}}", false, "sda1" },
		{ "{{empty}}", false, "(unknown)" },
		{ "{{empty|nothing}}", false, "nothing" },
		{ "{{empty}}", true, NULL },
		{ "{{evil}}", false, "x; rm -rf /" },
		{ "cat {{evil}}", true, NULL },
		{ "cat {{evil|x}}", true, NULL },
		{ "cat {{dash}}", true, NULL },
		{ "mount /dev/{{what}}; echo $(date)", true, "mount /dev/sda1; echo $(date)" },
		{ "{{command_line}}", false, "of the capture" },
		{ "{{nobody}}", false, "(unknown)" },
		{ "read{? on {{what}}?}.", false, "read on sda1." },
		{ "read{? on {{empty}}?}.", false, "read." },
		{ "{?{{empty|none}} of {{what}}?}", false, "none of sda1" },
		{ "{?{{what}} and {{empty}}?}{? or {{what}}?}", false, "or sda1" },
		{ "cat{? {{evil}}?}", true, NULL },
		{ "cat{? {{empty}}?}", true, "cat" },
		{ "{? {{what}}", false, "{? sda1" },
		{ "open {{what", false, "open {{what" },
		{ "close }} {{what}}", false, "close }} sda1" },
		{ "{x} {{what}} {y}", false, "{x} sda1 {y}" },
	};
	struct arena arena = ARENA_INIT;
	const struct facts *facts = make_facts(&arena);
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct slice text;
		bool ok = finding_expand(&finding, facts, cases[i].template, cases[i].for_shell, &arena, &text);
		assert_int_equal(ok, cases[i].expanded != NULL);
		if (ok)
			assert_string_equal(text.ptr, cases[i].expanded);
	}
	arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_expansions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
