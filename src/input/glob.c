#include "input/glob.h"

#include <fnmatch.h>

static const struct slice any_folders = { "**", sizeof("**") }; /* with the NUL */

/* Names that end in '/' become names that end in NUL, written over `text`, whose names it returns. */
static struct slice pack(char *text, size_t len)
{
	struct slice rest = { text, len };
	size_t packed = 0;
	while (rest.len) {
		struct slice name = slice_until(rest, '/');
		rest = slice_skip(rest, name.len + 1);
		if (!name.len || slice_is(name, "."))
			continue;
		memmove(text + packed, name.ptr, name.len);
		packed += name.len;
		text[packed++] = '\0';
	}
	return (struct slice){ text, packed };
}

/* A pattern of a single name is one at any depth. */
static bool is_name(struct slice text)
{
	size_t slash = slice_find_char(text, '/');
	return slash == SLICE_NOT_FOUND || slash + 1 == text.len;
}

bool glob_make(struct arena *arena, struct slice text, struct glob *ret, struct error *err)
{
	const char *anywhere = is_name(text) ? "**/" : "";
	struct slice copy = arena_printf(arena, "%s%.*s/", anywhere, SLICE_ARG(text));
	if (arena->failed)
		return error_out_of_memory(err);
	*ret = (struct glob){ .is_of_folders = slice_ends(text, SLICE("/")) };
	ret->names = pack((char *)(uintptr_t)copy.ptr, copy.len);
	if (ret->names.len > (*anywhere ? any_folders.len : 0))
		return true;
	return error_set(err, "is no pattern: expected a name in it");
}

static struct slice first_name(struct slice names)
{
	return slice_take(names, strlen(names.ptr) + 1);
}

static struct slice without_first(struct slice names)
{
	return slice_skip(names, first_name(names).len);
}

bool glob_matches(const struct glob *glob, struct slice names, bool is_folder)
{
	/* Behind the last "**", and where that one has got to: it takes one more name whenever what is
	 * behind it does not match. */
	struct slice wanted = glob->names, wanted_again = { 0 }, names_again = { 0 };
	if (glob->is_of_folders && !is_folder)
		return false;
	while (names.len) {
		if (wanted.len && slice_equal(first_name(wanted), any_folders)) {
			wanted = wanted_again = without_first(wanted);
			names_again = names;
		} else if (wanted.len && fnmatch(wanted.ptr, names.ptr, 0) == 0) {
			wanted = without_first(wanted);
			names = without_first(names);
		} else if (wanted_again.ptr) {
			wanted = wanted_again;
			names = names_again = without_first(names_again);
		} else {
			return false;
		}
	}
	return !wanted.len;
}
