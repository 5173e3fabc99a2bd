/* The rule loader, and the engine on what it accepts: any bytes give a rule or one line that
 * says what is wrong. */
#include <stdlib.h>

#include "rules/engine.h"
#include "rules/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void run_rule(const struct rule *rule, struct arena *arena)
{
	struct kmsg_record records[] = {
		{ .text = SLICE("Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b"), .line = 1 },
		{ .text = SLICE("a b c Oops"), .line = 2 },
	};
	struct boot boot = { .records = records, .record_count = 2 };
	struct facts *facts = ARENA_NEW(arena, struct facts);
	struct findings findings;
	struct error err;
	struct slice title;
	check(facts != NULL);
	facts->boot = &boot;
	struct rule_engine *engine = rule_engine_new((struct rule_set){ &rule, 1 }, &err);
	check(engine && rule_engine_run(engine, facts, arena, &findings, &err));
	for (size_t i = 0; i < findings.count; i++)
		finding_expand(&findings.items[i], facts, rule->title, false, arena, &title);
	rule_engine_free(engine);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct error err = { 0 };
	const struct rule *rule = NULL;
	struct slice text = { (const char *)data, size };
	if (rule_load(&arena, text, "fuzz.yaml", SLICE(""), &rule, &err))
		run_rule(rule, &arena);
	else
		check(err.text[0] != '\0');
	arena_deinit(&arena);
	return 0;
}
