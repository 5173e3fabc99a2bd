#include "scan/named.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/path.h"

struct named {
	char *path;          /* NULL: another one stands for it */
	struct slice real;   /* without links; empty: stays as it is */
};

/* What is below a folder stands right behind it: a slash comes before all other bytes. */
static int compare_real(const void *first, const void *second)
{
	const struct named *a = *(struct named *const *)first, *b = *(struct named *const *)second;
	for (size_t i = 0; i < a->real.len && i < b->real.len; i++) {
		int difference = (unsigned char)a->real.ptr[i] - (unsigned char)b->real.ptr[i];
		if (difference)
			return a->real.ptr[i] == '/' ? -1 : b->real.ptr[i] == '/' ? 1 : difference;
	}
	if (a->real.len != b->real.len)
		return a->real.len < b->real.len ? -1 : 1;
	return a < b ? -1 : 1;
}

/* Of what is not there, and of pipes and devices, which may say something else each time, nothing. */
static struct slice real_path(struct arena *arena, const char *path)
{
	struct stat st;
	if (slice_is(slice_of(path), "-") || stat(path, &st) != 0 || !(S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)))
		return (struct slice){ 0 };
	char *real = realpath(path, NULL);
	struct slice copy = real ? arena_copy(arena, slice_of(real)) : (struct slice){ 0 };
	free(real);
	return copy;
}

static void drop_repeats(struct named **sorted, size_t count, bool reaches_all)
{
	struct slice last = { 0 };
	for (size_t i = 0; i < count; i++) {
		struct slice real = sorted[i]->real;
		if (!real.len)
			continue;
		if (last.len && (slice_equal(real, last) || (reaches_all && path_is_within(real, last))))
			sorted[i]->path = NULL;
		else
			last = real;
	}
}

bool named_once(struct arena *arena, char *const *paths, size_t count, bool reaches_all, char *const **ret,
		size_t *ret_count, struct error *err)
{
	*ret = paths;
	*ret_count = count;
	if (count < 2)
		return true;
	struct named *all = arena_alloc(arena, count * sizeof(*all));
	struct named **sorted = arena_alloc(arena, count * sizeof(struct named *));
	char **once = arena_alloc(arena, count * sizeof(char *));
	for (size_t i = 0; !arena->failed && i < count; i++) {
		all[i] = (struct named){ paths[i], real_path(arena, paths[i]) };
		sorted[i] = &all[i];
	}
	if (arena->failed)
		return error_out_of_memory(err);
	qsort(sorted, count, sizeof(*sorted), compare_real);
	drop_repeats(sorted, count, reaches_all);
	*ret = once;
	*ret_count = 0;
	for (size_t i = 0; i < count; i++)
		if (all[i].path)
			once[(*ret_count)++] = all[i].path;
	return true;
}
