#include "cli/generate.h"

#include <string.h>

static const struct {
	const char *name;
	void (*make)(struct buf *out);
} kinds[] = {
	{ "man", generate_man },
	{ "bash", generate_bash },
	{ "zsh", generate_zsh },
	{ "fish", generate_fish },
};

bool generate_knows(const char *what)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(what, kinds[i].name) == 0)
			return true;
	return false;
}

void generate(const char *what, struct buf *out)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(what, kinds[i].name) == 0)
			kinds[i].make(out);
}
