/* Logs that grow from one scan with a database to the next: the result is that of a first scan, and what is
 * known is not read again. */
#include "../input/tree.h"

#include "base/limits.h"
#include "scan/scan.h"

#define HOST "2026-02-21T18:13:00.000Z In(05) "
#define HEADER HOST "vmx - Log for VMware ESX pid=81861 version=8.0.1 build=build-1 option=Release\n"
#define CHATTER HOST "vmx - Tools: a heartbeat, and enough words that this line is one of a long log\n"
#define RESET HOST "vcpu-0 - CPU reset: hard (mode Emulation)\n"
#define DUMP                                                                                                    \
	HOST "vcpu-0 - Guest: <5>[    0.000000] Linux version 6.1.0 (root@photon)\n"                              \
	HOST "vcpu-0 - Guest: <0>[    3.100000] Kernel panic - not syncing: Attempted to kill init!\n"            \
	HOST "vcpu-0 - Guest: <0>[    3.200000] Kernel Offset: disabled\n"
#define CHATTER_LINES 20000
#define CHATTER_BYTES (CHATTER_LINES * (sizeof(CHATTER) - 1))

/* ---- files ---- */

static void append(const struct place *place, const char *name, const char *text, unsigned times)
{
	int fd = openat(place->fd, name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	struct buf bytes = BUF_INIT(SIZE_MAX);
	for (unsigned i = 0; i < times; i++)
		buf_text(&bytes, text);
	assert_int_equal(write(fd, bytes.ptr, bytes.len), bytes.len);
	buf_deinit(&bytes);
	close(fd);
}

static void put_log(const struct place *place, const char *name)
{
	append(place, name, HEADER RESET, 1);
	append(place, name, CHATTER, CHATTER_LINES / 2);
	append(place, name, DUMP RESET, 1);
	append(place, name, CHATTER, CHATTER_LINES / 2);
}

/* Without a change of its size. */
static void overwrite(const struct place *place, const char *name, off_t at, struct slice text)
{
	int fd = openat(place->fd, name, O_WRONLY | O_CLOEXEC);
	assert_int_equal(pwrite(fd, text.ptr, text.len, at), text.len);
	close(fd);
}

/* ---- scans ---- */

struct scanned {
	struct buf lines;
	uint64_t bytes; /* read of logs */
};

static bool take_lines(void *user, struct slice lines, struct error *err)
{
	struct scanned *scanned = user;
	buf_append(&scanned->lines, lines);
	return !scanned->lines.failed || error_out_of_memory(err);
}

static void take_trouble(void *user, struct slice path, const char *why)
{
	(void)user;
	fail_msg("%.*s: %s", SLICE_ARG(path), why);
}

static void tick(void *user, const struct scan_counts *counts)
{
	(void)user, (void)counts;
}

static struct scanned scan(const struct place *place, const char *path, struct store *store, unsigned threads)
{
	struct scanned scanned = { .lines = BUF_INIT(SIZE_MAX) };
	char whole[300];
	snprintf(whole, sizeof(whole), "%s/%s", place->path, path);
	char *const paths[] = { whole };
	const struct scan_options options = {
		.threads = threads, .paths = paths, .path_count = 1, .store = store, .remembers = store,
		.report = { .temporary = place->path },
	};
	const struct scan_sink sink = { &scanned, take_lines, take_trouble, tick };
	struct scan_counts counts = { 0 };
	struct scan_result result;
	struct store_changes changes;
	struct error err = { 0 };
	bool is_done = (!store || store_begin_scan(store, SLICE("now"), SLICE("judge"), &err)) &&
		       scan_run(&options, &sink, &counts, &result, &err) &&
		       (!store || store_end_scan(store, SLICE("now"), NULL, NULL, &changes, &err));
	if (!is_done)
		fail_msg("the scan failed: %s", err.text);
	scanned.bytes = counts.bytes;
	return scanned;
}

/* Scans with what is remembered, and anew, and compares; returns how many bytes the first of them read. */
static uint64_t compare(const char *row, const struct place *place, const char *path, struct store *store,
			unsigned threads)
{
	struct scanned known = scan(place, path, store, threads), anew = scan(place, path, NULL, 1);
	expect_true(row, anew.lines.len > 0);
	expect_slices(row, buf_slice(&known.lines), buf_slice(&anew.lines));
	buf_deinit(&known.lines);
	buf_deinit(&anew.lines);
	return known.bytes;
}

/* ---- tests ---- */

static void write_chatter(const struct place *place, const char *log)
{
	append(place, log, CHATTER, 100);
}

static void write_dump(const struct place *place, const char *log)
{
	append(place, log, DUMP, 1);
}

static void write_half_a_line(const struct place *place, const char *log)
{
	append(place, log, HOST "vcpu-0 - Gue", 1);
}

static void write_the_rest(const struct place *place, const char *log)
{
	append(place, log, "st: <6>[    9.000000] one\n", 1);
}

static void change_beginning(const struct place *place, const char *log)
{
	overwrite(place, log, 0, SLICE("2025"));
	append(place, log, CHATTER, 1);
}

static void change_end(const struct place *place, const char *log)
{
	struct stat st;
	assert_int_equal(fstatat(place->fd, log, &st, 0), 0);
	overwrite(place, log, st.st_size - 9, SLICE("X"));
	append(place, log, CHATTER, 1);
}

static void write_anew(const struct place *place, const char *log)
{
	unlinkat(place->fd, log, 0);
	put_log(place, log);
	append(place, log, DUMP CHATTER, 2);
}

static const struct change {
	const char *name;
	void (*make)(const struct place *place, const char *log);
	bool is_all_read;
} changes[] = {
	{ "chatter comes", write_chatter, false },
	{ "a dump comes", write_dump, false },
	{ "another comes", write_dump, false },
	{ "half a line comes", write_half_a_line, false },
	{ "its rest comes", write_the_rest, false },
	{ "it begins otherwise", change_beginning, true },
	{ "chatter comes to the other one", write_chatter, false },
	{ "it ended otherwise", change_end, true },
	{ "it is written anew", write_anew, true },
	{ "a dump comes to the new one", write_dump, false },
};

/* A VM's folder, a file that the walk comes across, and one that is named. */
static void test_growth(void **state)
{
	static const struct {
		const char *path, *log;
		unsigned threads;
	} rows[] = {
		{ "ds", "ds/web/vmware.log", 1 },
		{ "ds", "ds/web/vmware.log", 3 },
		{ "ds", "ds/copy-of-a-log.txt", 1 },
		{ "ds/named.txt", "ds/named.txt", 1 },
	};
	const struct place *place = *state;
	put_folder(place, "ds");
	put_folder(place, "ds/web");
	for (size_t row = 0; row < ROWS(rows); row++) {
		struct store *store = store_open(NULL, NULL);
		put_log(place, rows[row].log);
		compare("all is new", place, rows[row].path, store, rows[row].threads);
		for (size_t i = 0; i < ROWS(changes); i++) {
			changes[i].make(place, rows[row].log);
			uint64_t bytes = compare(changes[i].name, place, rows[row].path, store, rows[row].threads);
			expect_number(changes[i].name, bytes > CHATTER_BYTES / 2, changes[i].is_all_read);
		}
		assert_int_equal(unlinkat(place->fd, rows[row].log, 0), 0);
		store_close(store, NULL);
	}
}

/* Logs of one run are read one behind the other: each is known by itself, unless one before it has grown. */
static void test_run_of_logs(void **state)
{
	const struct place *place = *state;
	struct store *store = store_open(NULL, NULL);
	put_folder(place, "web");
	put_log(place, "web/vmware-1.log");
	append(place, "web/vmware.log", RESET, 1);
	append(place, "web/vmware.log", CHATTER, CHATTER_LINES);
	compare("all is new", place, "web", store, 1);
	write_dump(place, "web/vmware.log");
	expect_true("both are known", compare("the newer grows", place, "web", store, 1) < CHATTER_BYTES / 2);
	write_dump(place, "web/vmware-1.log");
	expect_true("the newer is read", compare("the older grows", place, "web", store, 1) > CHATTER_BYTES / 2);
	renameat(place->fd, "web/vmware.log", place->fd, "web/vmware-2.log");
	put_log(place, "web/vmware.log");
	expect_true("all is read", compare("they are rotated", place, "web", store, 1) > 2 * CHATTER_BYTES);
	store_close(store, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_growth, place_setup, place_teardown),
		cmocka_unit_test_setup_teardown(test_run_of_logs, place_setup, place_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
