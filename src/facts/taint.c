#include "facts/taint.h"

#include <stddef.h>

static const struct {
	char letter;
	const char *meaning;
} letters[] = {
	{ 'P', "a proprietary module" },
	{ 'F', "a module loaded by force" },
	{ 'S', "a CPU out of its specification" },
	{ 'R', "a module unloaded by force" },
	{ 'M', "a machine check before" },
	{ 'B', "a bad page before" },
	{ 'U', "tainted by user space" },
	{ 'D', "an oops or BUG before" },
	{ 'A', "an ACPI table overridden" },
	{ 'W', "a warning before" },
	{ 'C', "a staging driver" },
	{ 'I', "a firmware fault worked around" },
	{ 'O', "an out-of-tree module" },
	{ 'E', "an unsigned module" },
	{ 'L', "a soft lockup before" },
	{ 'K', "a live patch" },
	{ 'X', "a mark of the distribution" },
	{ 'T', "randomised structures" },
	{ 'N', "an in-kernel test" },
	{ 'J', "a firmware command from user space" },
};

const char *taint_meaning(char letter)
{
	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
		if (letters[i].letter == letter)
			return letters[i].meaning;
	return NULL;
}
