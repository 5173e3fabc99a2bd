#include "../expect.h"

#include "kmsg/boot.h"

static const struct source_part files[] = {
	{ { "vmware-3.log", 12 }, 1, 0 },
	{ { "vmware-4.log", 12 }, 101, 5000 },
	{ { "empty.log", 9 }, 151, 9000 },
	{ { "vmware.log", 10 }, 151, 9000 },
};

static void test_place(void **state)
{
	static const struct {
		const char *name;
		struct source_parts parts;
		uint64_t line, offset;
		struct source_place place;
		const char *words;
	} rows[] = {
		{ "one file", { NULL, 0 }, 812, 70123, { { "", 0 }, 812, 70123 }, "line 812" },
		{ "the first line", { files, 4 }, 1, 0, { { "vmware-3.log", 12 }, 1, 0 }, "vmware-3.log line 1" },
		{ "the last of a file", { files, 4 }, 100, 4950, { { "vmware-3.log", 12 }, 100, 4950 },
		  "vmware-3.log line 100" },
		{ "the first of the next", { files, 4 }, 101, 5000, { { "vmware-4.log", 12 }, 1, 0 },
		  "vmware-4.log line 1" },
		{ "behind a file without lines", { files, 4 }, 152, 9100, { { "vmware.log", 10 }, 2, 100 },
		  "vmware.log line 2" },
		{ "no line", { files, 4 }, 0, 0, { { "", 0 }, 0, 0 }, "line 0" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct source_place place = source_place(&rows[i].parts, rows[i].line, rows[i].offset);
		struct buf words = BUF_INIT(64);
		expect_slices(rows[i].name, place.file, rows[i].place.file);
		expect_number(rows[i].name, (int64_t)place.line, (int64_t)rows[i].place.line);
		expect_number(rows[i].name, (int64_t)place.offset, (int64_t)rows[i].place.offset);
		source_place_print(&words, &rows[i].parts, rows[i].line);
		expect_text(rows[i].name, buf_slice(&words), rows[i].words);
		buf_deinit(&words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
