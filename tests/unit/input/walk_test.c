#include "tree.h"

#include <sys/socket.h>
#include <sys/un.h>

#include "base/limits.h"
#include "disk.h"
#include "input/walk.h"

/* One walk and what came of it:
 *
 *	FOLDER: FILE FILE...     paths below the given one, which itself is empty
 *	PATH: !why               troubles
 *	LINKS links, ...         counts that are not 0 */
struct outcome {
	struct walk walk;
	const struct place *place;
	struct buf told;
	size_t root_len;
	size_t stop_at;          /* folders to take; 0: all */
	size_t folders_taken;
	int max_fd;
	size_t max_used;         /* of a folder's arena */
	bool is_quiet;           /* tells only the counts and troubles */
	void (*meddle)(struct outcome *outcome, struct slice path);
};

static struct slice path_below(const struct outcome *outcome, struct slice path)
{
	return slice_skip(path, outcome->root_len);
}

static bool take(void *user, struct slice path, const struct folder *folder)
{
	struct outcome *outcome = user;
	struct stat named, opened;
	expect_true("files", folder->count > 0 || outcome->walk.takes_empty);
	outcome->max_fd = folder->fd > outcome->max_fd ? folder->fd : outcome->max_fd;
	outcome->max_used = folder->arena.used > outcome->max_used ? folder->arena.used : outcome->max_used;
	/* The descriptor is that of the folder that holds the file. */
	assert_int_equal(fstat(folder->fd, &opened), 0);
	if (folder->count) {
		assert_int_equal(fstatat(folder->fd, folder->files[0]->name.ptr, &named, AT_SYMLINK_NOFOLLOW), 0);
		expect_number("dev", (int64_t)folder->files[0]->dev, (int64_t)named.st_dev);
		expect_number("ino", (int64_t)folder->files[0]->ino, (int64_t)named.st_ino);
	}
	if (!outcome->is_quiet) {
		buf_append(&outcome->told, path_below(outcome, path));
		buf_char(&outcome->told, ':');
		for (size_t i = 0; i < folder->count; i++)
			buf_printf(&outcome->told, " %s", folder->files[i]->name.ptr);
		buf_char(&outcome->told, '\n');
	}
	if (outcome->meddle)
		outcome->meddle(outcome, path_below(outcome, path));
	return ++outcome->folders_taken != outcome->stop_at;
}

static void trouble(void *user, struct slice path, const struct error *why)
{
	struct outcome *outcome = user;
	buf_append(&outcome->told, path_below(outcome, path));
	buf_printf(&outcome->told, ": !%s\n", why->text);
}

static void tell_count(struct buf *told, uint64_t count, const char *what)
{
	if (count)
		buf_printf(told, "%u %s\n", (unsigned)count, what);
}

static struct outcome outcome_of(const struct place *place)
{
	return (struct outcome){
		.place = place, .told = BUF_INIT(64 * MIB),
		.walk = { .take = take, .trouble = trouble },
	};
}

static int count_open(void)
{
	int count = 0;
	for (int fd = 0; fd < 1024; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

static bool run_at(struct outcome *outcome, const char *path, struct error *err)
{
	const struct walk_counts *counts = &outcome->walk.counts;
	size_t len = strlen(path);
	while (len > 1 && path[len - 1] == '/')
		len--;
	outcome->root_len = len;
	outcome->walk.user = outcome;
	int open_before = count_open();
	bool is_done = walk_tree(&outcome->walk, path, err);
	expect_number("descriptors left open", count_open() - open_before, 0);
	tell_count(&outcome->told, counts->links, "links");
	tell_count(&outcome->told, counts->specials, "specials");
	tell_count(&outcome->told, counts->vanished, "vanished");
	tell_count(&outcome->told, counts->other_file_systems, "on other file systems");
	return is_done;
}

static void run(struct outcome *outcome)
{
	struct error err;
	if (!run_at(outcome, outcome->place->path, &err))
		fail_msg("the walk failed: %s", err.text);
}

static void expect_told(const char *row, struct outcome *outcome, const char *expected)
{
	struct slice got = buf_slice(&outcome->told);
	char *copy = strndup(got.len ? got.ptr : "", got.len);
	size_t len = got.len;
	buf_deinit(&outcome->told);
	disk = (struct disk){ 0 };
	if (!slice_is((struct slice){ copy, len }, expected)) {
		print_error("%s: told\n%s", row, copy);
		free(copy);
		fail_msg("%s: expected\n%s", row, expected);
	}
	free(copy);
}

static void expect_walk(const char *row, const struct place *place, const char *expected)
{
	struct outcome outcome = outcome_of(place);
	run(&outcome);
	expect_told(row, &outcome, expected);
}

static int reset_teardown(void **state)
{
	disk = (struct disk){ 0 };
	return place_teardown(state);
}

/* ---- order ---- */

static void test_order(void **state)
{
	static const char *const names[] = {
		"b/", "b/z", "b/c/", "b/c/1", "b.d/", "b.d/2", "B/", "B/3", "a.log", "Z", "\xff", "_", ".hidden",
		"b/.x/", "b/.x/4", "empty/", "empty/er/", "c/", "c/d/", "c/d/e/", "c/d/e/5", "b-/", "b-/6",
	};
	put_all(*state, names, ROWS(names));
	/* "b-" and "b.d" stand before what is in "b" if paths are compared, and behind it if names are. */
	expect_walk("order", *state,
		    ": .hidden Z _ a.log \xff\n/B: 3\n/b: z\n/b/.x: 4\n/b/c: 1\n/b-: 6\n/b.d: 2\n/c/d/e: 5\n");
	disk.has_no_types = true;
	expect_walk("without types", *state,
		    ": .hidden Z _ a.log \xff\n/B: 3\n/b: z\n/b/.x: 4\n/b/c: 1\n/b-: 6\n/b.d: 2\n/c/d/e: 5\n");
}

static void test_counts(void **state)
{
	static const char *const names[] = { "a", "b/", "b/c", "b/d", "b/e/" };
	struct outcome outcome = outcome_of(*state);
	put_all(*state, names, ROWS(names));
	run(&outcome);
	expect_number("folders", (int64_t)outcome.walk.counts.folders, 3);
	expect_number("files", (int64_t)outcome.walk.counts.files, 3);
	/* A second walk adds up. */
	run(&outcome);
	expect_number("folders of two", (int64_t)outcome.walk.counts.folders, 6);
	buf_deinit(&outcome.told);
}

static void test_hostile_names(void **state)
{
	static const char *const names[] = {
		"\n", "\x1b[2J", "\xc3\x28", "-rf", " ", "%s%n", "\xff\xfe/", "\xff\xfe/a\nb", "\\/", "\\/*", "~",
	};
	char longest[256] = "";
	memset(longest, 'n', 255);
	put_all(*state, names, ROWS(names));
	put_file(*state, longest);
	char expected[600];
	snprintf(expected, sizeof(expected), ": \n \x1b[2J   %%s%%n -rf %s ~ \xc3\x28\n/\\: *\n/\xff\xfe: a\nb\n", longest);
	expect_walk("hostile names", *state, expected);
}

/* ---- the path that is given ---- */

static void test_operands(void **state)
{
	static const char *const names[] = { "f", "d/", "d/x", "d/e/", "d/e/y" };
	const struct place *place = *state;
	static const struct {
		const char *path, *told;
	} rows[] = {
		{ "d", ": x\n/e: y\n" },
		{ "d///", ": x\n/e: y\n" },
		{ "./d", ": x\n/e: y\n" },
		{ "link", ": x\n/e: y\n" },
		{ ".", ": f\n/d: x\n/d/e: y\n2 links\n1 specials\n" },
		{ "none", "cannot be opened: No such file or directory" },
		{ "", "cannot be opened: No such file or directory" },
		{ "f", "cannot be opened: Not a directory" },
		{ "pipe", "cannot be opened: Not a directory" },
		{ "dangling", "cannot be opened: No such file or directory" },
	};
	int before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	put_all(place, names, ROWS(names));
	assert_int_equal(symlinkat("d", place->fd, "link"), 0);
	assert_int_equal(symlinkat("gone", place->fd, "dangling"), 0);
	assert_int_equal(mkfifoat(place->fd, "pipe", 0600), 0);
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct outcome outcome = outcome_of(place);
		struct error err;
		assert_int_equal(fchdir(place->fd), 0);
		if (!run_at(&outcome, rows[i].path, &err))
			buf_text(&outcome.told, err.text);
		assert_int_equal(fchdir(before), 0);
		expect_told(rows[i].path, &outcome, rows[i].told);
	}
	close(before);
}

static bool take_path(void *user, struct slice path, const struct folder *folder)
{
	struct buf *paths = user;
	(void)folder;
	buf_append(paths, path);
	buf_char(paths, '\n');
	return paths->len < 40;
}

static void ignore(void *user, struct slice path, const struct error *why)
{
	(void)user, (void)path, (void)why;
}

/* The root has its slash already. */
static void test_paths(void **state)
{
	struct buf paths = BUF_INIT(1 * MIB);
	struct walk walk = { .take = take_path, .trouble = ignore, .user = &paths };
	struct arena arena = ARENA_INIT;
	struct glob etc;
	struct error err;
	(void)state;
	assert_true(glob_make(&arena, SLICE("/etc/passwd"), &etc, &err));
	struct glob others;
	assert_true(glob_make(&arena, SLICE("/[!e]*/"), &others, &err));
	walk.includes = &etc;
	walk.excludes = &others;
	walk.include_count = walk.exclude_count = 1;
	assert_true(walk_tree(&walk, "//", &err));
	arena_deinit(&arena);
	expect_text("below the root", buf_slice(&paths), "/etc\n");
	buf_deinit(&paths);
}

static void test_end(void **state)
{
	static const char *const names[] = { "a/", "a/1", "b/", "b/2", "c/", "c/3" };
	struct outcome outcome = outcome_of(*state);
	put_all(*state, names, ROWS(names));
	outcome.stop_at = 2;
	run(&outcome);
	expect_told("ended by the one who takes", &outcome, "/a: 1\n/b: 2\n");
}

/* ---- what is no file and no folder ---- */

static void put_specials(const struct place *place)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	assert_int_equal(mkfifoat(place->fd, "pipe", 0600), 0);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/socket", place->fd);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
}

static void test_links_and_specials(void **state)
{
	static const char *const names[] = { "a", "d/", "d/b" };
	static const char *const targets[] = { "a", "d", "..", ".", "/", "nowhere", "pipe" };
	const struct place *place = *state;
	char name[16];
	put_all(place, names, ROWS(names));
	put_specials(place);
	for (size_t i = 0; i < ROWS(targets); i++) {
		snprintf(name, sizeof(name), "d/link%zu", i);
		assert_int_equal(symlinkat(targets[i], place->fd, name), 0);
	}
	for (int i = 0; i < 2; i++) {
		disk.has_no_types = i == 1;
		expect_walk("links and specials", place, ": a\n/d: b\n7 links\n2 specials\n");
	}
}

/* ---- what is known of a file ---- */

static struct folder_file known;

static bool take_known(void *user, struct slice path, const struct folder *folder)
{
	(void)user, (void)path;
	known = *folder->files[0];
	return true;
}

static void test_what_is_known(void **state)
{
	static const struct {
		const char *name;
		struct timespec time;
		int64_t ns;
	} rows[] = {
		{ "some time", { 1700000000, 123456789 }, 1700000000123456789 },
		{ "before 1970", { -1, 1 }, -999999999 },
	};
	const struct place *place = *state;
	struct walk walk = { .take = take_known, .trouble = ignore };
	struct error err;
	struct stat st;
	put_text(place, "a", SLICE("12345"));
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct timespec times[2] = { rows[i].time, rows[i].time };
		assert_int_equal(utimensat(place->fd, "a", times, 0), 0);
		assert_int_equal(fstatat(place->fd, "a", &st, 0), 0);
		assert_true(walk_tree(&walk, place->path, &err));
		expect_number(rows[i].name, known.mtime_ns, rows[i].ns);
		expect_number("ctime", known.ctime_ns, st.st_ctim.tv_sec * 1000000000 + st.st_ctim.tv_nsec);
		expect_number("size", (int64_t)known.size, 5);
		expect_number("ino", (int64_t)known.ino, (int64_t)st.st_ino);
		expect_number("dev", (int64_t)known.dev, (int64_t)st.st_dev);
	}
}

/* ---- choice ---- */

static void test_choice(void **state)
{
	static const char *const names[] = {
		"vmware.log", "vm.vmx", "a/", "a/vmware.log", "a/vmware-1.log", "a/old/", "a/old/vmware.log",
		"old/", "old/vmware.log", "old/a/", "old/a/x.log", "log/", "log/core", "x.log/", "x.log/y",
	};
	static const struct {
		const char *name, *excludes[3], *includes[3], *told;
	} rows[] = {
		{ "a name", { NULL }, { "vmware.log" }, ": vmware.log\n/a: vmware.log\n/a/old: vmware.log\n/old: vmware.log\n" },
		{ "includes are of files", { NULL }, { "x.log" }, "/old/a: x.log\n" },
		{ "one of several", { NULL }, { "*.vmx", "core" }, ": vm.vmx\n/log: core\n" },
		{ "a path", { NULL }, { "a/*.log" }, "/a: vmware-1.log vmware.log\n" },
		{ "folders are not entered", { "old" }, { "*.log" }, ": vmware.log\n/a: vmware-1.log vmware.log\n" },
		{ "only at the top", { "/old", "log" }, { "*.log" },
		  ": vmware.log\n/a: vmware-1.log vmware.log\n/a/old: vmware.log\n" },
		{ "exclude wins", { "vmware*" }, { "vmware.log", "x.log" }, "/old/a: x.log\n" },
		{ "folders only", { "*.log/", "old/" }, { NULL },
		  ": vm.vmx vmware.log\n/a: vmware-1.log vmware.log\n/log: core\n" },
		{ "all but", { "*.log", "*.vmx" }, { NULL }, "/log: core\n" },
		{ "what is in it", { "a/**", "old/**" }, { "**/*.log" }, ": vmware.log\n" },
		{ "all", { "*" }, { NULL }, "" },
	};
	put_all(*state, names, ROWS(names));
	for (size_t i = 0; i < 2 * ROWS(rows); i++) {
		const size_t row = i / 2;
		struct outcome outcome = outcome_of(*state);
		struct arena arena = ARENA_INIT;
		struct glob excludes[3], includes[3];
		struct error err;
		outcome.walk.excludes = excludes;
		outcome.walk.includes = includes;
		for (size_t *count = &outcome.walk.exclude_count; *count < 3 && rows[row].excludes[*count]; ++*count)
			assert_true(glob_make(&arena, slice_of(rows[row].excludes[*count]), &excludes[*count], &err));
		for (size_t *count = &outcome.walk.include_count; *count < 3 && rows[row].includes[*count]; ++*count)
			assert_true(glob_make(&arena, slice_of(rows[row].includes[*count]), &includes[*count], &err));
		disk.has_no_types = i % 2;
		run(&outcome);
		arena_deinit(&arena);
		expect_told(rows[row].name, &outcome, rows[row].told);
	}
}

/* ---- troubles ---- */

static void test_no_permission(void **state)
{
	static const char *const names[] = { "a/", "a/1", "shut/", "shut/2", "z/", "z/3" };
	const struct place *place = *state;
	struct outcome outcome = outcome_of(place);
	put_all(place, names, ROWS(names));
	assert_int_equal(fchmod(place->fd, 0755), 0);
	assert_int_equal(fchmodat(place->fd, "shut", 0, 0), 0);
	int before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(fchdir(place->fd), 0);
	/* Nothing is shut for root. */
	bool is_root = geteuid() == 0;
	if (is_root)
		assert_int_equal(seteuid(65534), 0);
	struct error err;
	bool is_done = run_at(&outcome, ".", &err);
	if (is_root)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(fchdir(before), 0);
	assert_int_equal(fchmodat(place->fd, "shut", 0700, 0), 0);
	close(before);
	expect_true("the walk goes on", is_done);
	expect_number("troubles", (int64_t)outcome.walk.counts.troubles, 1);
	expect_told("no permission", &outcome, "/a: 1\n/shut: !cannot be opened: Permission denied\n/z: 3\n");
}

/* What came before the failure is not lost. */
static void test_bad_disk(void **state)
{
	static const char *const names[] = { "a/", "a/broken", "b/", "b/2", "b/3", "c/", "c/4" };
	put_all(*state, names, ROWS(names));
	disk.breaks_at = "broken";
	expect_walk("a list that breaks off", *state,
		    "/a: !cannot be read: Input/output error\n/b: 2 3\n/c: 4\n");
	disk.breaks_at_end = true;
	expect_walk("lists that break off behind the last name", *state,
		    ": !cannot be read: Input/output error\n"
		    "/a: !cannot be read: Input/output error\n/a: broken\n"
		    "/b: !cannot be read: Input/output error\n/b: 2 3\n"
		    "/c: !cannot be read: Input/output error\n/c: 4\n");
	disk.refuses = "2";
	expect_walk("a file that cannot be looked at", *state,
		    "/a: broken\n/b/2: !cannot be looked at: Permission denied\n/b: 3\n/c: 4\n");
	disk.interrupted = "3";
	expect_walk("a signal", *state, "/a: broken\n/b: 2 3\n/c: 4\n");
}

static void test_vanished_file(void **state)
{
	static const char *const names[] = { "a", "b", "c" };
	for (int i = 0; i < 2; i++) {
		put_all(*state, names, ROWS(names));
		disk = (struct disk){ .vanishes = "b", .has_no_types = i == 1 };
		expect_walk("vanished", *state, ": a c\n1 vanished\n");
	}
}

/* When "a" is taken, "b" goes, "c" becomes a link to where another tree is, and "d" a file. */
static void replace_folders(struct outcome *outcome, struct slice path)
{
	int fd = outcome->place->fd;
	if (!slice_is(path, "/a"))
		return;
	assert_int_equal(unlinkat(fd, "b", AT_REMOVEDIR), 0);
	assert_int_equal(unlinkat(fd, "c", AT_REMOVEDIR), 0);
	assert_int_equal(symlinkat("/", fd, "c"), 0);
	assert_int_equal(unlinkat(fd, "d", AT_REMOVEDIR), 0);
	put_file(outcome->place, "d");
}

static void test_vanished_folders(void **state)
{
	static const char *const names[] = { "a/", "a/1", "b/", "c/", "d/", "e/", "e/2" };
	struct outcome outcome = outcome_of(*state);
	put_all(*state, names, ROWS(names));
	outcome.meddle = replace_folders;
	run(&outcome);
	expect_told("vanished folders", &outcome, "/a: 1\n/e: 2\n3 vanished\n");
}

/* ---- file systems ---- */

static void pose(const struct place *place, const char *name, const char *as, dev_t dev_more)
{
	struct stat posing, st;
	assert_int_equal(fstatat(place->fd, name, &posing, 0), 0);
	assert_int_equal(fstatat(place->fd, as, &st, 0), 0);
	disk = (struct disk){ .posing_ino = posing.st_ino, .posing_as_dev = st.st_dev + dev_more,
			      .posing_as_ino = st.st_ino };
}

static void test_other_file_system(void **state)
{
	static const char *const names[] = { "a/", "a/1", "mount/", "mount/2", "mount/in/", "mount/in/3", "z/", "z/4" };
	for (int i = 0; i < 2; i++) {
		struct outcome outcome = outcome_of(*state);
		if (!i)
			put_all(*state, names, ROWS(names));
		pose(*state, "mount", "mount", 1);
		outcome.walk.is_one_file_system = i == 1;
		run(&outcome);
		expect_told("another file system", &outcome,
			    i ? "/a: 1\n/z: 4\n1 on other file systems\n"
			      : "/a: 1\n/mount: 2\n/mount/in: 3\n/z: 4\n");
	}
}

/* As a folder does that is mounted again below itself. */
static void test_loop(void **state)
{
	static const char *const names[] = { "a/", "a/b/", "a/b/c/", "a/b/c/1", "a/b/d/", "a/b/d/2", "e/", "e/3" };
	put_all(*state, names, ROWS(names));
	pose(*state, "a/b/c", "a", 0);
	expect_walk("a loop", *state,
		    "/a/b/c: !is one of the folders that it stands in, mounted again: not entered\n/a/b/d: 2\n/e: 3\n");
	/* The same folder twice is no loop as long as it does not stand in itself. */
	pose(*state, "e", "a", 0);
	expect_walk("no loop", *state, "/a/b/c: 1\n/a/b/d: 2\n/e: 3\n");
}

/* ---- size ---- */

/* On each level a folder that comes after the deeper one: the way back has work to do. */
static void put_deep_tree(const struct place *place, unsigned depth)
{
	int fd = fcntl(place->fd, F_DUPFD_CLOEXEC, 0);
	while (depth--) {
		struct place level = { .fd = fd };
		put_folder(&level, "d");
		put_folder(&level, "e");
		put_file(&level, "e/f");
		int next = openat(fd, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		assert_true(next >= 0);
		close(fd);
		fd = next;
	}
	put_file_at(fd, "deepest");
	close(fd);
}

static void test_deep_tree(void **state)
{
	struct outcome outcome = outcome_of(*state);
	put_deep_tree(*state, 2000);
	outcome.is_quiet = true;
	run(&outcome);
	expect_number("folders taken", (int64_t)outcome.folders_taken, 2001);
	expect_number("troubles", (int64_t)outcome.walk.counts.troubles, 0);
	expect_true("few descriptors", outcome.max_fd < WALK_OPEN_MAX + 20);
	buf_deinit(&outcome.told);
}

static void test_depth_bound(void **state)
{
	struct outcome outcome = outcome_of(*state);
	/* The given folder is a level, too. */
	int fd = put_chain(*state, "d", WALK_DEPTH_MAX - 1);
	put_file_at(fd, "deepest");
	outcome.is_quiet = true;
	run(&outcome);
	expect_number("folders taken", (int64_t)outcome.folders_taken, 1);
	expect_number("troubles", (int64_t)outcome.walk.counts.troubles, 0);
	assert_int_equal(mkdirat(fd, "e", 0755), 0);
	close(fd);
	run(&outcome);
	expect_number("the deepest is still taken", (int64_t)outcome.folders_taken, 2);
	expect_number("one that is too deep", (int64_t)outcome.walk.counts.troubles, 1);
	expect_true("why", slice_ends(buf_slice(&outcome.told),
				      SLICE("/d/e: !stands below 4096 folders, more than are walked: not entered\n")));
	buf_deinit(&outcome.told);
}

/* Far below it, the first folder is moved out of the tree; a link or another folder takes its place. */
static void move_away(struct outcome *outcome, struct slice path)
{
	int fd = outcome->place->fd;
	if (!slice_ends(path, SLICE("/d/deep")))
		return;
	assert_int_equal(renameat(fd, "tree/d", fd, "elsewhere/d"), 0);
	if (faccessat(fd, "other", F_OK, 0) == 0)
		assert_int_equal(renameat(fd, "other", fd, "tree/d"), 0);
	else
		assert_int_equal(symlinkat("../link-to", fd, "tree/d"), 0);
}

static void expect_moved_tree(const struct place *place, const char *other)
{
	static const char *const names[] = { "elsewhere/", "elsewhere/stays", "tree/", "tree/y/", "tree/y/2" };
	struct outcome outcome = outcome_of(place);
	struct place other_place, tree;
	char path[256];
	struct error err;
	put_all(place, names, ROWS(names));
	put_folder(place, other);
	other_place.fd = openat(place->fd, other, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	put_folder(&other_place, "e");
	put_file(&other_place, "e/secret");
	close(other_place.fd);
	tree.fd = openat(place->fd, "tree", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct place bottom = { .fd = put_chain(&tree, "d", 2 * WALK_OPEN_MAX) };
	put_folder(&bottom, "deep");
	put_file(&bottom, "deep/1");
	put_folder(&tree, "d/e");
	put_file(&tree, "d/e/lost");
	close(bottom.fd);
	close(tree.fd);
	outcome.meddle = move_away;
	outcome.is_quiet = true;
	snprintf(path, sizeof(path), "%s/tree", place->path);
	assert_true(run_at(&outcome, path, &err));
	expect_number("folders taken", (int64_t)outcome.folders_taken, 2);
	expect_told("what was moved is said", &outcome,
		    "/d: !was moved or replaced before all of its folders were walked\n");
}

static void test_moved_tree_and_link(void **state)
{
	expect_moved_tree(*state, "link-to");
}

static void test_moved_tree_and_folder(void **state)
{
	expect_moved_tree(*state, "other");
}

static void test_many_files(void **state)
{
	const struct place *place = *state;
	struct outcome outcome = outcome_of(place);
	struct buf expected = BUF_INIT(1 * MIB);
	char name[32];
	buf_char(&expected, ':');
	for (unsigned i = 0; i < 20000; i++) {
		/* Made in another order than they are sorted in. */
		snprintf(name, sizeof(name), "vm-%05u.vmware.log", i * 7919 % 20000);
		assert_int_equal(mknodat(place->fd, name, S_IFREG | 0600, 0), 0);
		buf_printf(&expected, " vm-%05u.vmware.log", i);
	}
	buf_text(&expected, "\n");
	buf_char(&expected, '\0');
	run(&outcome);
	/* 100,000 of them stay below 12 MiB. */
	expect_true("memory", outcome.max_used < 12 * MIB / 5);
	char *text = strdup(expected.ptr);
	buf_deinit(&expected);
	expect_told("20,000 files", &outcome, text);
	free(text);
}

/* Entries that come again and again stand for a folder that holds as many. */
static void test_folder_bound(void **state)
{
	static const char *const names[] = { "full/", "full/name", "z/", "z/1" };
	struct outcome outcome = outcome_of(*state);
	put_all(*state, names, ROWS(names));
	disk.repeats = "name";
	disk.repeat_count = 299999;
	outcome.is_quiet = true;
	run(&outcome);
	char expected[128];
	unsigned left_out = 300000 - (unsigned)(outcome.walk.counts.files - 1);
	snprintf(expected, sizeof(expected), "/full: !holds too much: %u of its files and folders are left out\n", left_out);
	expect_number("both were taken", (int64_t)outcome.folders_taken, 2);
	expect_true("as many as fit", left_out > 0 && outcome.max_used >= FOLDER_BYTES);
	expect_true("the bound", outcome.max_used < FOLDER_BYTES + 4 * MIB);
	expect_told("a full folder", &outcome, expected);
}

static void test_waiting_bound(void **state)
{
	const struct place *place = *state;
	struct outcome outcome = outcome_of(place);
	char name[256] = "";
	memset(name, 'n', 255);
	put_folder(place, name);
	put_folder(place, "a");
	put_file(place, "a/1");
	disk.repeats = name;
	disk.repeat_count = 39999;
	run(&outcome);
	/* "a" comes first, with 2 bytes. */
	unsigned fitting = (WALK_WAITING_BYTES - 2) / 256;
	char expected[128];
	snprintf(expected, sizeof(expected), ": !holds too much: %u of its files and folders are left out\n/a: 1\n",
		 40000 - fitting);
	expect_number("those that fit", (int64_t)outcome.walk.counts.folders, 2 + fitting);
	expect_told("folders that wait", &outcome, expected);
}

/* One level only; folders without a file, too. */
static void test_levels(void **state)
{
	static const struct {
		const char *name, *told;
		bool is_flat, takes_empty;
	} rows[] = {
		{ "ordinary", ": one\n/b: two\n", false, false },
		{ "flat", ": one\n", true, false },
		{ "empty ones, too", ": one\n/a:\n/b: two\n", false, true },
		{ "both", ": one\n", true, true },
	};
	const struct place *place = *state;
	put_file(place, "one");
	put_folder(place, "a");
	put_folder(place, "b");
	put_file(place, "b/two");
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct outcome outcome = outcome_of(place);
		outcome.walk.is_flat = rows[i].is_flat;
		outcome.walk.takes_empty = rows[i].takes_empty;
		run(&outcome);
		expect_text(rows[i].name, buf_slice(&outcome.told), rows[i].told);
		buf_deinit(&outcome.told);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_setup, reset_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_order),
		TEST(test_counts),
		TEST(test_levels),
		TEST(test_hostile_names),
		TEST(test_operands),
		TEST(test_paths),
		TEST(test_end),
		TEST(test_links_and_specials),
		TEST(test_what_is_known),
		TEST(test_choice),
		TEST(test_no_permission),
		TEST(test_bad_disk),
		TEST(test_vanished_file),
		TEST(test_vanished_folders),
		TEST(test_other_file_system),
		TEST(test_loop),
		TEST(test_deep_tree),
		TEST(test_depth_bound),
		TEST(test_moved_tree_and_link),
		TEST(test_moved_tree_and_folder),
		TEST(test_many_files),
		TEST(test_folder_bound),
		TEST(test_waiting_bound),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
