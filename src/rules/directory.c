/* Rule files on disk. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/path.h"
#include "rules/load.h"

#define SUFFIX ".yaml"

struct names {
	const char **items;
	size_t count, capacity;
};

static bool fail_errno(const char *path, struct error *err)
{
	return error_set(err, "%s: %s", path, strerror(errno));
}

/* One byte more than allowed is room to see that a file is too long. */
static bool read_all(int fd, const char *path, char *room, size_t *len, struct error *err)
{
	for (*len = 0; *len <= RULE_FILE_BYTES;) {
		ssize_t got = read(fd, room + *len, RULE_FILE_BYTES + 1 - *len);
		if (got < 0 && errno != EINTR)
			return fail_errno(path, err);
		if (got == 0)
			return true;
		*len += got > 0 ? (size_t)got : 0;
	}
	return error_set(err, "%s: a file over %zu bytes, expected a rule", path, RULE_FILE_BYTES);
}

static bool check_is_file(int fd, const char *path, struct error *err)
{
	struct stat status;
	if (fstat(fd, &status) != 0)
		return fail_errno(path, err);
	return S_ISREG(status.st_mode) || error_set(err, "%s: not a regular file, expected a rule", path);
}

static bool load_path(struct arena *arena, const char *path, struct slice id, const struct rule **ret,
		      struct error *err)
{
	size_t len = 0;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return fail_errno(path, err);
	char *room = malloc(RULE_FILE_BYTES + 1);
	bool ok = room || error_out_of_memory(err);
	ok = ok && check_is_file(fd, path, err) && read_all(fd, path, room, &len, err) &&
	     rule_load(arena, (struct slice){ room, len }, path, id, ret, err);
	free(room);
	close(fd);
	return ok;
}

static bool add_name(struct arena *arena, struct names *names, struct slice text, struct error *err)
{
	if (!arena_grow(arena, &names->items, names->count, &names->capacity, sizeof *names->items))
		return error_out_of_memory(err);
	names->items[names->count++] = arena_copy(arena, text).ptr;
	return !arena->failed || error_out_of_memory(err);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names in a folder, sorted, without those that begin with a dot. */
static bool list_folder(struct arena *arena, const char *path, struct names *ret, struct error *err)
{
	*ret = (struct names){ 0 };
	DIR *folder = opendir(path);
	if (!folder)
		return fail_errno(path, err);
	bool ok = true;
	struct dirent *entry;
	while (ok && (errno = 0, entry = readdir(folder)))
		if (entry->d_name[0] != '.')
			ok = add_name(arena, ret, slice_of(entry->d_name), err);
	if (ok && errno)
		ok = fail_errno(path, err);
	closedir(folder);
	if (ret->count)
		qsort(ret->items, ret->count, sizeof *ret->items, compare_names);
	return ok;
}

/* A rule in the wrong place must not be passed over in silence. */
static bool check_passed_over(const char *path, bool is_folder, bool in_family, struct error *err)
{
	struct slice name = slice_of(path);
	if (slice_ends(name, SLICE(".yaml")) || slice_ends(name, SLICE(".yml")) || (is_folder && in_family))
		return error_set(err, "%s: not a rule's place, expected DIR/<family>/<slug>" SUFFIX, path);
	return true;
}

static bool is_folder_at(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool add_rule(struct arena *arena, const char *directory, const char *family, const char *name,
		     struct names *ids, struct error *err)
{
	const char *path = arena_printf(arena, "%s/%s/%s", directory, family, name).ptr;
	struct slice slug = slice_of(name);
	bool is_folder = is_folder_at(path);
	if (is_folder || !slice_ends(slug, SLICE(SUFFIX)))
		return check_passed_over(path, is_folder, true, err);
	slug.len -= strlen(SUFFIX);
	return add_name(arena, ids, arena_printf(arena, "%s/%.*s", family, SLICE_ARG(slug)), err);
}

static bool add_rules(struct arena *arena, const char *directory, const char *family, const struct names *names,
		      struct names *ids, struct error *err)
{
	for (size_t i = 0; i < names->count; i++)
		if (!add_rule(arena, directory, family, names->items[i], ids, err))
			return false;
	return true;
}

static bool add_family(struct arena *arena, const char *directory, const char *family, struct names *ids,
		       struct error *err)
{
	struct names names;
	const char *folder = arena_printf(arena, "%s/%s", directory, family).ptr;
	if (!is_folder_at(folder))
		return check_passed_over(folder, false, false, err);
	return list_folder(arena, folder, &names, err) && add_rules(arena, directory, family, &names, ids, err);
}

/* A folder of rules, and not of families. */
static bool is_family(struct arena *arena, const char *directory, const struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		if (slice_ends(slice_of(names->items[i]), SLICE(SUFFIX)) &&
		    !is_folder_at(arena_printf(arena, "%s/%s", directory, names->items[i]).ptr))
			return true;
	return false;
}

/* Cuts the folder's own name off: "rules/root/" is "rules" and "root", "." is what it really is. */
static bool split_path(struct arena *arena, const char **directory, const char **ret_name, struct error *err)
{
	struct slice path = path_trim(slice_of(*directory));
	const char *text = arena_copy(arena, path).ptr, *slash = strrchr(text, '/');
	if (!slash && strspn(text, ".") < path.len)
		slash = (text = arena_printf(arena, "./%s", text).ptr) + 1;
	if (!slash || strspn(slash + 1, ".") == strlen(slash + 1)) {
		char *real = realpath(text, NULL);
		if (!real)
			return fail_errno(text, err);
		text = arena_copy(arena, slice_of(real)).ptr;
		slash = strrchr(text, '/');
		free(real);
	}
	*ret_name = slash + 1;
	*directory = arena_copy(arena, (struct slice){ text, (size_t)(slash - text) }).ptr;
	return !arena->failed || error_out_of_memory(err);
}

static bool add_families(struct arena *arena, const char *directory, const struct names *names, struct names *ids,
			 struct error *err)
{
	for (size_t i = 0; i < names->count; i++)
		if (!add_family(arena, directory, names->items[i], ids, err))
			return false;
	return true;
}

/* The ids below *directory; of a family's folder, *directory becomes the one above it. */
static bool list_ids(struct arena *arena, const char **directory, struct names *ids, struct error *err)
{
	struct names names;
	const char *family = NULL;
	*ids = (struct names){ 0 };
	if (!list_folder(arena, *directory, &names, err))
		return false;
	if (!is_family(arena, *directory, &names))
		return add_families(arena, *directory, &names, ids, err);
	return split_path(arena, directory, &family, err) && add_rules(arena, *directory, family, &names, ids, err);
}

static bool list_rules(struct arena *arena, const char **directory, struct names *ids, struct error *err)
{
	const char *given = *directory;
	if (!list_ids(arena, directory, ids, err))
		return false;
	if (!ids->count)
		return error_set(err, "%s: holds no rule, expected <family>/<slug>" SUFFIX, given);
	if (ids->count > RULES_MAX)
		return error_set(err, "%s: %zu rules, expected at most %d", given, ids->count, RULES_MAX);
	qsort(ids->items, ids->count, sizeof *ids->items, compare_names);
	return true;
}

bool rules_load_directory(struct arena *arena, const char *directory, struct rule_set *ret, struct error *err)
{
	struct names ids;
	if (!list_rules(arena, &directory, &ids, err))
		return false;
	const struct rule **rules = arena_alloc(arena, ids.count * sizeof *rules);
	if (!rules)
		return error_out_of_memory(err);
	for (size_t i = 0; i < ids.count; i++) {
		const char *path = arena_printf(arena, "%s/%s" SUFFIX, directory, ids.items[i]).ptr;
		if (!load_path(arena, path, slice_of(ids.items[i]), &rules[i], err))
			return false;
	}
	*ret = (struct rule_set){ rules, ids.count };
	return true;
}

/* The last two names of the path, whatever way was taken to get there. */
static bool id_of_path(struct arena *arena, const char *path, struct slice *ret, struct error *err)
{
	const char *slash = strrchr(path, '/');
	const char *folder = slash ? arena_printf(arena, "%.*s/", (int)(slash - path), path).ptr : ".";
	struct slice slug = slice_of(slash ? slash + 1 : path);
	if (!slice_ends(slug, SLICE(SUFFIX)))
		return error_set(err, "%s: not a rule's name, expected <family>/<slug>" SUFFIX, path);
	slug.len -= strlen(SUFFIX);
	char *real = realpath(folder, NULL);
	if (!real)
		return fail_errno(path, err);
	*ret = arena_printf(arena, "%s/%.*s", strrchr(real, '/') + 1, SLICE_ARG(slug));
	free(real);
	return !arena->failed || error_out_of_memory(err);
}

bool rule_load_file(struct arena *arena, const char *path, const struct rule **ret, struct error *err)
{
	struct slice id;
	return id_of_path(arena, path, &id, err) && load_path(arena, path, id, ret, err);
}
