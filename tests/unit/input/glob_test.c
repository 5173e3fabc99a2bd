#include "../expect.h"

#include <stdio.h>

#include "input/glob.h"

/* Paths as they are written; a '/' at the end is a folder's. */
static bool matches(const struct glob *glob, const char *path)
{
	char names[64];
	size_t len = strlen(path);
	bool is_folder = path[len - 1] == '/';
	assert_true(len < sizeof(names));
	memcpy(names, path, len + 1);
	for (size_t i = 0; i < len; i++)
		if (names[i] == '/')
			names[i] = '\0';
	return glob_matches(glob, (struct slice){ names, len + !is_folder }, is_folder);
}

static void test_matches(void **state)
{
	static const struct {
		const char *glob, *yes[5], *no[5];
	} rows[] = {
		{ "*.log", { "a.log", ".log", "x/y/a.log", "a.log/", "\xff\n\x1b.log" }, { "a.log.gz", "a.log/b" } },
		{ "vmware.log", { "vmware.log", "x/vmware.log" }, { "vmware-1.log", "xvmware.log" } },
		{ "vmware-?.log", { "vmware-1.log" }, { "vmware-12.log", "vmware-.log" } },
		{ "[!a-c]*", { "d", "x/dd" }, { "a", "x/cc" } },
		{ "\\*", { "*" }, { "a" } },
		{ "[", { "[" }, { "a" } },
		{ "old/", { "old/", "x/old/" }, { "old", "x/old", "old/x" } },
		{ "/a", { "a", "a/" }, { "x/a" } },
		{ "./a//b", { "a/b" }, { "x/a/b", "a", "b" } },
		{ "a/*.log", { "a/x.log" }, { "a/b/x.log", "x/a/x.log", "x.log" } },
		{ "*/b", { "a/b" }, { "b", "x/a/b" } },
		{ "**/b", { "b", "a/b", "x/a/b", "b/b" }, { "b/a", "ab" } },
		{ "a/**", { "a/b", "a/b/c", "a/b/" }, { "a", "a/", "b/a" } },
		{ "a/**/b", { "a/b", "a/x/b", "a/x/y/b", "a/b/b" }, { "a", "b", "a/b/x" } },
		{ "**/a/**/b", { "a/b", "x/a/b", "a/a/x/b" }, { "a", "x/b", "b/a" } },
		{ "a/**/b/", { "a/b/", "a/x/b/" }, { "a/b" } },
		{ "a**", { "a", "abc", "x/ab" }, { "ba", "a/b" } },
		{ "**", { "a", "a/b", "a/" }, { NULL } },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct arena arena = ARENA_INIT;
		struct glob glob;
		struct error err;
		bool is_made = glob_make(&arena, slice_of(rows[i].glob), &glob, &err);
		char row[128];
		expect_true(rows[i].glob, is_made);
		for (size_t k = 0; k < ROWS(rows[i].yes) && rows[i].yes[k]; k++) {
			snprintf(row, sizeof(row), "%s matches %s", rows[i].glob, rows[i].yes[k]);
			expect_true(row, matches(&glob, rows[i].yes[k]));
		}
		for (size_t k = 0; k < ROWS(rows[i].no) && rows[i].no[k]; k++) {
			snprintf(row, sizeof(row), "%s does not match %s", rows[i].glob, rows[i].no[k]);
			expect_true(row, !matches(&glob, rows[i].no[k]));
		}
		arena_deinit(&arena);
	}
}

static void test_refused(void **state)
{
	static const char *const rows[] = { "", "/", "//", ".", "./" };
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct arena arena = ARENA_INIT;
		struct glob glob;
		struct error err;
		bool is_made = glob_make(&arena, slice_of(rows[i]), &glob, &err);
		arena_deinit(&arena);
		expect_true(rows[i], !is_made);
		expect_text(rows[i], slice_of(err.text), "is no pattern: expected a name in it");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matches),
		cmocka_unit_test(test_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
