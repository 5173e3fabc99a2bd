#include "input/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/path.h"

/* A folder between the given one and where the walk is. */
struct level {
	int fd;                 /* -1: closed until it is needed again */
	uint64_t dev, ino;
	size_t name_at;         /* its name in `names`; behind it those of its sub-folders */
	size_t waiting_at;      /* where these begin */
	size_t path_len, below_len;
};

struct tree {
	struct walk *walk;
	struct arena arena;     /* owns the levels */
	struct level *levels;
	size_t depth, capacity;
	/* Names, a NUL behind each: of each level its own and those of its sub-folders that wait, the
	 * next one last. */
	struct buf names;
	struct buf path;        /* as it is shown */
	struct buf below;       /* below the given one, for globs: a NUL behind each name */
	bool is_ended;          /* by `take` */
};

static struct level *top_of(const struct tree *tree)
{
	return &tree->levels[tree->depth - 1];
}

static void tell(struct tree *tree, const struct error *why)
{
	struct walk *walk = tree->walk;
	walk->counts.troubles++;
	walk->trouble(walk->user, buf_slice(&tree->path), why);
}

/* Paths. Without memory they stay too short; who appends to them looks at has_memory() before they are used. */

static bool has_memory(const struct tree *tree, struct error *err)
{
	bool is_out = tree->arena.failed || tree->names.failed || tree->path.failed || tree->below.failed;
	return !is_out || error_out_of_memory(err);
}

static void push_name(struct tree *tree, struct slice name)
{
	buf_text(&tree->path, path_joint(buf_slice(&tree->path)));
	buf_append(&tree->path, name);
	buf_append(&tree->below, name);
	buf_char(&tree->below, '\0');
}

/* Back to the path of the folder where the walk is. */
static void pop_name(struct tree *tree)
{
	tree->path.len = top_of(tree)->path_len;
	tree->below.len = top_of(tree)->below_len;
}

/* One folder. */

static bool matches_one(const struct tree *tree, const struct glob *globs, size_t count, bool is_folder)
{
	for (size_t i = 0; i < count; i++)
		if (glob_matches(&globs[i], buf_slice(&tree->below), is_folder))
			return true;
	return false;
}

static bool is_chosen(const struct tree *tree, bool is_folder)
{
	const struct walk *walk = tree->walk;
	if (matches_one(tree, walk->excludes, walk->exclude_count, is_folder))
		return false;
	return is_folder || !walk->include_count ||
	       matches_one(tree, walk->includes, walk->include_count, is_folder);
}

static bool judge(struct tree *tree, enum folder_kind kind, const struct error *why)
{
	struct walk_counts *counts = &tree->walk->counts;
	switch (kind) {
	case FOLDER_FILE:
	case FOLDER_FOLDER:
		return is_chosen(tree, kind == FOLDER_FOLDER);
	case FOLDER_LINK:
		counts->links++;
		return false;
	case FOLDER_SPECIAL:
		counts->specials++;
		return false;
	case FOLDER_VANISHED:
		counts->vanished++;
		return false;
	case FOLDER_UNREADABLE:
		tell(tree, why);
		return false;
	}
	return false;
}

static bool wants_entry(void *user, struct slice name, enum folder_kind kind, const struct error *why)
{
	struct tree *tree = user;
	push_name(tree, name);
	bool is_wanted = has_memory(tree, NULL) && judge(tree, kind, why);
	pop_name(tree);
	return is_wanted;
}

/* How many of the sub-folders there is room for. */
static size_t count_fitting(const struct tree *tree, const struct folder *folder)
{
	size_t room = WALK_WAITING_BYTES - tree->names.len, count = 0;
	for (; count < folder->folder_count && folder->folders[count].len < room; count++)
		room -= folder->folders[count].len + 1;
	return count;
}

/* The first one comes last. */
static void let_wait(struct tree *tree, struct folder *folder)
{
	size_t count = count_fitting(tree, folder);
	folder->left_out += folder->folder_count - count;
	while (count--)
		buf_append(&tree->names, (struct slice){ folder->folders[count].ptr, folder->folders[count].len + 1 });
}

static void hand_out(struct tree *tree, const struct folder *folder)
{
	struct walk *walk = tree->walk;
	if (!folder->count && !walk->takes_empty)
		return;
	walk->counts.files += folder->count;
	tree->is_ended = !walk->take(walk->user, buf_slice(&tree->path), folder);
}

/* What could be listed is handed out, however the listing ended. */
static bool list_top(struct tree *tree, struct error *err)
{
	struct folder folder = { .fd = top_of(tree)->fd };
	struct folder_filter filter = { wants_entry, tree, SIZE_MAX };
	struct error why;
	bool is_listed = folder_list(&folder, &filter, &why);
	if (!tree->walk->is_flat)
		let_wait(tree, &folder);
	if (!has_memory(tree, err) || (folder.arena.failed && !error_out_of_memory(err))) {
		arena_deinit(&folder.arena);
		return false;
	}
	if (!is_listed)
		tell(tree, &why);
	if (folder.left_out) {
		error_set(&why, "holds too much: %zu of its files and folders are left out", folder.left_out);
		tell(tree, &why);
	}
	tree->walk->counts.folders++;
	hand_out(tree, &folder);
	arena_deinit(&folder.arena);
	return true;
}

/* The way down, and back. */

static int open_folder(int parent, const char *name)
{
	int fd;
	do
		fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	while (fd < 0 && errno == EINTR);
	return fd;
}

static void close_level(struct level *level)
{
	if (level->fd >= 0)
		close(level->fd);
	level->fd = -1;
}

/* The given folder stays open: from there everything can be opened again. */
static void close_far(struct tree *tree, size_t depth)
{
	if (depth > WALK_OPEN_MAX)
		close_level(&tree->levels[depth - WALK_OPEN_MAX]);
}

/* The folder whose name was pushed, and is last in `names`; `fd` becomes the level's. */
static bool enter(struct tree *tree, int fd, const struct stat *st, size_t name_at, struct error *err)
{
	if (!arena_grow(&tree->arena, &tree->levels, tree->depth, &tree->capacity, sizeof(*tree->levels))) {
		close(fd);
		return error_out_of_memory(err);
	}
	tree->levels[tree->depth++] = (struct level){
		.fd = fd, .dev = st->st_dev, .ino = st->st_ino, .name_at = name_at, .waiting_at = tree->names.len,
		.path_len = tree->path.len, .below_len = tree->below.len,
	};
	close_far(tree, tree->depth - 1);
	return list_top(tree, err);
}

static void leave(struct tree *tree)
{
	struct level *level = top_of(tree);
	close_level(level);
	tree->names.len = level->name_at;
	if (--tree->depth)
		pop_name(tree);
}

static bool is_level(const struct level *level, const struct stat *st)
{
	return level->dev == st->st_dev && level->ino == st->st_ino;
}

/* Opens the folder where the walk is, on the way that it came. What stands in its place now, or in that of
 * a folder above it, is not it. */
static bool reopen_top(struct tree *tree)
{
	size_t top = tree->depth - 1, at = top;
	struct stat st;
	while (tree->levels[at].fd < 0)
		at--;
	for (; at < top; at++) {
		struct level *next = &tree->levels[at + 1];
		next->fd = open_folder(tree->levels[at].fd, tree->names.ptr + next->name_at);
		close_far(tree, at + 1);
		if (next->fd < 0 || fstat(next->fd, &st) != 0 || !is_level(next, &st)) {
			close_level(next);
			return false;
		}
	}
	return true;
}

/* The sub-folder whose name was pushed. */
static bool may_enter(struct tree *tree, const struct stat *st)
{
	struct error why;
	if (tree->walk->is_one_file_system && st->st_dev != tree->levels->dev) {
		tree->walk->counts.other_file_systems++;
		return false;
	}
	for (size_t i = 0; i < tree->depth; i++)
		if (is_level(&tree->levels[i], st)) {
			error_set(&why, "is one of the folders that it stands in, mounted again: not entered");
			tell(tree, &why);
			return false;
		}
	if (tree->depth < WALK_DEPTH_MAX)
		return true;
	error_set(&why, "stands below %d folders, more than are walked: not entered", WALK_DEPTH_MAX);
	tell(tree, &why);
	return false;
}

/* A name that was a folder's when it was listed and no longer is counts as one that is gone. */
static bool open_next(struct tree *tree, size_t name_at, int *ret_fd, struct stat *ret)
{
	struct error why;
	*ret_fd = open_folder(top_of(tree)->fd, tree->names.ptr + name_at);
	if (*ret_fd >= 0 && fstat(*ret_fd, ret) == 0)
		return true;
	if (*ret_fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)) {
		tree->walk->counts.vanished++;
		return false;
	}
	error_set(&why, "cannot be opened: %s", strerror(errno));
	tell(tree, &why);
	return false;
}

static bool visit(struct tree *tree, size_t name_at, struct error *err)
{
	struct stat st;
	int fd;
	push_name(tree, slice_of(tree->names.ptr + name_at));
	if (!has_memory(tree, err))
		return false;
	if (open_next(tree, name_at, &fd, &st) && may_enter(tree, &st))
		return enter(tree, fd, &st, name_at, err);
	if (fd >= 0)
		close(fd);
	pop_name(tree);
	tree->names.len = name_at;
	return true;
}

static bool visit_next(struct tree *tree, struct error *err)
{
	const struct level *top = top_of(tree);
	struct error why;
	if (top->fd < 0 && !reopen_top(tree)) {
		tree->names.len = top->waiting_at;
		error_set(&why, "was moved or replaced before all of its folders were walked");
		tell(tree, &why);
		return true;
	}
	const char *waiting = tree->names.ptr + top->waiting_at;
	const char *before = memrchr(waiting, '\0', tree->names.len - top->waiting_at - 1);
	return visit(tree, (size_t)((before ? before + 1 : waiting) - tree->names.ptr), err);
}

/* The whole. */

static bool begin(struct tree *tree, const char *path, struct error *err)
{
	struct stat st;
	buf_append(&tree->path, path_trim(slice_of(path)));
	if (!has_memory(tree, err))
		return false;
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_set(err, "cannot be opened: %s", strerror(errno));
	if (fstat(fd, &st) == 0)
		return enter(tree, fd, &st, 0, err);
	close(fd);
	return error_set(err, "cannot be looked at: %s", strerror(errno));
}

bool walk_tree(struct walk *walk, const char *path, struct error *err)
{
	struct tree tree = {
		.walk = walk, .arena = ARENA_INIT,
		/* The bounds of walk.h keep them short. */
		.names = BUF_INIT(SIZE_MAX), .path = BUF_INIT(SIZE_MAX), .below = BUF_INIT(SIZE_MAX),
	};
	bool is_done = begin(&tree, path, err);
	while (is_done && !tree.is_ended && tree.depth) {
		if (tree.names.len > top_of(&tree)->waiting_at)
			is_done = visit_next(&tree, err);
		else
			leave(&tree);
	}
	while (tree.depth)
		leave(&tree);
	arena_deinit(&tree.arena);
	buf_deinit(&tree.names);
	buf_deinit(&tree.path);
	buf_deinit(&tree.below);
	return is_done;
}
