/* The rule compiler, a program of the build: `rule-compiler DIR` checks the rules in DIR and
 * writes them to standard output as a C file. */
#include <stdio.h>

#include "base/limits.h"
#include "rules/compile.h"
#include "rules/load.h"

static bool write_rules(const char *directory, struct arena *arena, struct buf *out, struct error *err)
{
	struct rule_set set;
	if (!rules_load_directory(arena, directory, &set, err))
		return false;
	for (size_t i = 0; i < set.count; i++)
		if (set.rules[i]->overrides)
			return error_set(err, "%s: an override, expected a rule", set.rules[i]->file);
	rules_compile(set, arena, out);
	if (arena->failed || out->failed)
		return error_out_of_memory(err);
	if (fwrite(out->ptr, 1, out->len, stdout) != out->len || fflush(stdout) != 0)
		return error_set(err, "standard output: cannot write");
	return true;
}

int main(int argc, char **argv)
{
	struct arena arena = ARENA_INIT;
	struct buf out = BUF_INIT(64 * MIB);
	struct error err;
	if (argc != 2) {
		fprintf(stderr, "usage: rule-compiler DIR\n");
		return 2;
	}
	bool ok = write_rules(argv[1], &arena, &out, &err);
	if (!ok)
		fprintf(stderr, "%s\n%s\n", err.text, err.excerpt);
	buf_deinit(&out);
	arena_deinit(&arena);
	return ok ? 0 : 2;
}
