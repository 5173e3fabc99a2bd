#include "fleet.h"

#include <stdlib.h>

#define COLUMNS 23

/* ---- a reader of RFC 4180 ---- */

/* The next cell off the front of *text; *ret_ends is set when its row ends behind it. */
static void read_cell(struct slice *text, struct buf *out, bool *ret_ends)
{
	bool is_quoted = slice_eat(text, SLICE("\""));
	buf_clear(out);
	while (text->len) {
		if (is_quoted && slice_eat(text, SLICE("\"\""))) {
			buf_char(out, '"');
			continue;
		}
		if (is_quoted ? text->ptr[0] == '"' : text->ptr[0] == ',' || text->ptr[0] == '\r')
			break;
		assert_true(is_quoted || text->ptr[0] != '"');
		buf_char(out, text->ptr[0]);
		*text = slice_skip(*text, 1);
	}
	assert_true(!is_quoted || slice_eat(text, SLICE("\"")));
	*ret_ends = slice_eat(text, SLICE("\r\n"));
	assert_true(*ret_ends || slice_eat(text, SLICE(",")));
	buf_char(out, '\0');
}

struct table {
	char *cells[16][COLUMNS];
	size_t row_count;
};

static void read_table(struct table *table, struct slice text)
{
	struct buf cell = BUF_INIT(MIB);
	*table = (struct table){ 0 };
	while (text.len) {
		bool ends = false;
		assert_true(table->row_count < 16);
		for (size_t i = 0; i < COLUMNS; i++) {
			assert_false(ends);
			read_cell(&text, &cell, &ends);
			table->cells[table->row_count][i] = strdup(cell.ptr);
		}
		assert_true(ends);
		table->row_count++;
	}
	buf_deinit(&cell);
}

static const char *cell_of(const struct table *table, size_t row, const char *column)
{
	for (size_t i = 0; i < COLUMNS; i++)
		if (strcmp(table->cells[0][i], column) == 0)
			return table->cells[row][i];
	fail_msg("there is no column %s", column);
	return NULL;
}

static void free_table(struct table *table)
{
	for (size_t row = 0; row < table->row_count; row++)
		for (size_t i = 0; i < COLUMNS; i++)
			free(table->cells[row][i]);
}

static void report(struct table *table, struct slice lines)
{
	struct buf out;
	const struct fleet_options options = fleet_test_options();
	const char *text = fleet_test_report(&fleet_csv, lines, &options, &out);
	read_table(table, slice_of(text));
	buf_deinit(&out);
}

/* ---- tests ---- */

static void test_values_come_back(void **state)
{
	(void)state;
	static const struct {
		const char *column, *value;
	} cells[] = {
		{ "vm_name", "web" }, { "vm_id", "web" }, { "path", "/ds/web/a,b.log" }, { "label", "" }, { "boot", "2" },
		{ "started_at", "2026-02-20T09:00:00Z" }, { "dumped_at", "" }, { "verdict", "panic" }, { "complete", "false" },
		{ "cause", "root-late" }, { "confidence", "likely" }, { "title", "say \"hello\", world" },
		{ "fingerprint", "root-late-1" }, { "kernel", "6.1.0" }, { "distribution", "photon" }, { "panic", "VFS" },
		{ "crash_function", "f" }, { "root_wanted", "/dev/sdc1" }, { "root_answer", "one" },
		{ "root_candidate", "PARTUUID=1" }, { "file", "vmware-2.log" }, { "line", "812" }, { "error", "" },
	};
	struct table table;
	report(&table, SLICE(FLEET_BOOT("2", "\"verdict\":\"panic\",\"complete\":false,\"cause\":\"root-late\","
					"\"confidence\":\"likely\",\"title\":\"say \\\"hello\\\", world\","
					"\"fingerprint\":\"root-late-1\",\"started_at\":\"2026-02-20T09:00:00Z\",\"dumped_at\":null,"
					"\"kernel\":{\"release\":\"6.1.0\",\"distribution\":\"photon\"},\"panic\":\"VFS\","
					"\"crash\":{\"function\":\"f\"},\"root\":{\"wanted\":\"/dev/sdc1\",\"answer\":\"one\","
					"\"candidates\":[{\"value\":\"PARTUUID=1\"},{\"value\":\"no\"}]},"
					"\"evidence\":[{\"line\":812,\"file\":\"vmware-2.log\"},{\"line\":900}],",
					"web", "/ds/web/a,b.log")));
	assert_int_equal(table.row_count, 2);
	assert_int_equal(sizeof(cells) / sizeof(*cells), COLUMNS);
	for (size_t i = 0; i < COLUMNS; i++)
		assert_string_equal(cell_of(&table, 1, cells[i].column), cells[i].value);
	free_table(&table);
}

static void test_every_line_is_a_row(void **state)
{
	(void)state;
	struct table table;
	report(&table, SLICE(FLEET_BOOT("1", FLEET_CLEAN, "a", "a.log") FLEET_BOOT("2", FLEET_CLEAN, "a", "a.log")
			     FLEET_NO_BOOT("b", "b.log", "\"is damaged\"") FLEET_NO_BOOT("c", "c.log", "null")));
	assert_int_equal(table.row_count, 5);
	assert_string_equal(cell_of(&table, 2, "boot"), "2");
	assert_string_equal(cell_of(&table, 2, "complete"), "true");
	assert_string_equal(cell_of(&table, 3, "error"), "is damaged");
	assert_string_equal(cell_of(&table, 3, "verdict"), "");
	assert_string_equal(cell_of(&table, 3, "boot"), "");
	assert_string_equal(cell_of(&table, 3, "complete"), "false");
	assert_string_equal(cell_of(&table, 4, "path"), "c.log");
	free_table(&table);
}

static void test_hostile_text(void **state)
{
	(void)state;
	struct table table;
	report(&table, SLICE(FLEET_BOOT("1", FLEET_PANIC("x", "=cmd|' /C calc'!A0\\r\\n\\u001b[2J\\u202e"), "@web", "-1+1")));
	assert_int_equal(table.row_count, 2);
	assert_string_equal(cell_of(&table, 1, "title"), "'=cmd|' /C calc'!A0\\x0d\\x0a\\x1b[2J\\u{202e}");
	assert_string_equal(cell_of(&table, 1, "vm_name"), "'@web");
	assert_string_equal(cell_of(&table, 1, "path"), "'-1+1");
	free_table(&table);
}

static void test_nothing_found(void **state)
{
	(void)state;
	struct table table;
	report(&table, SLICE(""));
	assert_int_equal(table.row_count, 1);
	free_table(&table);
}

static void test_output_fails(void **state)
{
	(void)state;
	fleet_test_cannot_write(&fleet_csv, SLICE(FLEET_BOOT("1", FLEET_CLEAN, "a", "a.log")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_come_back), cmocka_unit_test(test_every_line_is_a_row),
		cmocka_unit_test(test_hostile_text),     cmocka_unit_test(test_nothing_found),
		cmocka_unit_test(test_output_fails),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
