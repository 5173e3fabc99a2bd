#include "../input/tree.h"

#include "base/limits.h"
#include "scan/session.h"

#define LINE(second, text) "[    " second ".000000] " text "\n"
#define FIRST LINE("0", "Linux version 6.1.0 (root@photon)") LINE("1", "one")
#define SECOND LINE("2", "two") LINE("3", "three")

static void count_records(void *user, const struct boot *boot)
{
	*(size_t *)user += boot->record_count;
}

/* What is behind a file's limit is as good as not there, wherever a block ends. */
static void test_limits(void **state)
{
	static const struct {
		const char *name;
		uint64_t limits[2];
		int records, lines;
	} rows[] = {
		{ "all", { UINT64_MAX, UINT64_MAX }, 4, 4 },
		{ "as much as there is", { sizeof(FIRST) - 1, sizeof(SECOND) - 1 }, 4, 4 },
		{ "a line of the first", { sizeof(LINE("0", "Linux version 6.1.0 (root@photon)")) - 1, UINT64_MAX }, 3, 3 },
		{ "a line of the second", { UINT64_MAX, sizeof(LINE("2", "two")) - 1 }, 3, 3 },
		{ "nothing of the second", { UINT64_MAX, 0 }, 2, 2 },
	};
	const struct slice files[2] = { SLICE("first.log"), SLICE("second.log") };
	const struct place *place = *state;
	const struct folder folder = { .fd = place->fd };
	put_text(place, "first.log", SLICE(FIRST));
	put_text(place, "second.log", SLICE(SECOND));
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct source source = {
			.path = SLICE("."), .folder = &folder, .files = files, .file_count = 2, .is_joined = true,
			.limits = rows[i].limits,
		};
		size_t records = 0;
		const struct boot_sink sink = { &records, count_records, NULL };
		struct session session;
		session_init_source(&session, &source);
		expect_true(rows[i].name, session_read(&session, &sink));
		expect_number(rows[i].name, (int64_t)records, rows[i].records);
		expect_number(rows[i].name, (int64_t)session.source.totals.lines, rows[i].lines);
		expect_number(rows[i].name, session.source.is_complete, true);
		session_deinit(&session);
	}
}

/* A log of several blocks is read up to its limit, too; one that ends before it was cut short meanwhile. */
static void test_limit_of_long_log(void **state)
{
	static const size_t lines = 3 * INPUT_BLOCK_BYTES / (sizeof(LINE("1", "one")) - 1);
	static const size_t bytes = lines * (sizeof(LINE("1", "one")) - 1);
	static const struct {
		const char *name;
		uint64_t limit;
		size_t lines;
		bool has_shrunk;
	} rows[] = {
		{ "all", UINT64_MAX, lines, false },
		{ "as much as there is", bytes, lines, false },
		{ "all but a line", bytes - sizeof(LINE("1", "one")) + 1, lines - 1, false },
		{ "more than there is", bytes + 1, lines, true },
	};
	const struct slice file = SLICE("long.log");
	struct place *place = *state;
	const struct folder folder = { .fd = place->fd };
	struct buf text = BUF_INIT(SIZE_MAX);
	for (size_t i = 0; i < lines; i++)
		buf_append(&text, SLICE(LINE("1", "one")));
	put_text(place, "long.log", buf_slice(&text));
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct source source = {
			.path = SLICE("long.log"), .folder = &folder, .files = &file, .file_count = 1,
			.limits = &rows[i].limit,
		};
		size_t records = 0;
		const struct boot_sink sink = { &records, count_records, NULL };
		struct session session;
		session_init_source(&session, &source);
		expect_true(rows[i].name, session_read(&session, &sink));
		expect_number(rows[i].name, (int64_t)session.source.totals.lines, (int64_t)rows[i].lines);
		expect_number(rows[i].name, session.has_shrunk, rows[i].has_shrunk);
		session_deinit(&session);
	}
	buf_deinit(&text);
}

#define HOST "2026-02-21T18:13:00.000Z In(05) vmx - "
#define CHATTER HOST "Tools: a heartbeat, and enough words that this line is one of a long log\n"

/* Read again, up to another limit, around what was passed over the first time. */
static void test_limits_of_known_log(void **state)
{
	static const size_t line = sizeof(CHATTER) - 1, lines = 3 * INPUT_BLOCK_BYTES / line;
	static const size_t head = sizeof(HOST "Log for VMware ESX pid=1 version=8.0.1\n") - 1;
	static const struct {
		const char *name;
		size_t before, now; /* lines of chatter */
		bool is_read;       /* all of it */
	} rows[] = {
		{ "the same", lines, lines, false },
		{ "more", lines / 2, lines / 2 + 9, false },
		{ "all that is more", lines - 9, lines, false },
		{ "less", lines, lines - 1, true },
	};
	const struct slice file = SLICE("long.log");
	struct place *place = *state;
	const struct folder folder = { .fd = place->fd };
	struct buf text = BUF_INIT(SIZE_MAX);
	buf_append(&text, SLICE(HOST "Log for VMware ESX pid=1 version=8.0.1\n"));
	for (size_t i = 0; i < lines; i++)
		buf_append(&text, SLICE(CHATTER));
	put_text(place, "long.log", buf_slice(&text));
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct known_file known = { .name = file };
		struct known_files files = { &known, 1 };
		_Atomic uint64_t bytes;
		for (int again = 0; again < 2; again++) {
			uint64_t limit = head + (again ? rows[i].now : rows[i].before) * line;
			const struct source source = {
				.path = file, .folder = &folder, .files = &file, .file_count = 1, .limits = &limit,
				.known = &files,
			};
			size_t records = 0;
			const struct boot_sink sink = { &records, count_records, NULL };
			struct session session;
			bytes = 0;
			session_init_source(&session, &source);
			session.bytes = &bytes;
			expect_true(rows[i].name, session_read(&session, &sink));
			expect_number(rows[i].name, (int64_t)session.source.totals.bytes, (int64_t)limit);
			expect_number(rows[i].name, (int64_t)session.source.totals.lines,
				      (int64_t)((limit - head) / line + 1));
			expect_number(rows[i].name, session.has_shrunk, false);
			session_deinit(&session);
			passed_deinit(&known.before);
			known.before = known.now;
			known.now = (struct passed){ 0 };
		}
		expect_number(rows[i].name, bytes > INPUT_BLOCK_BYTES, rows[i].is_read);
		passed_deinit(&known.before);
	}
	buf_deinit(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_limits_of_known_log, place_setup, place_teardown),
		cmocka_unit_test_setup_teardown(test_limit_of_long_log, place_setup, place_teardown),
		cmocka_unit_test_setup_teardown(test_limits, place_setup, place_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
