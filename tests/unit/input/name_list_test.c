#include "tree.h"

#include "base/limits.h"
#include "input/name_list.h"

/* All that a list says: names in brackets, what is wrong with the others in a line of its own. */
static struct buf read_list(struct name_list *list)
{
	struct buf told = BUF_INIT(1 * MIB);
	enum name_list_news news = NAME_LIST_NAME;
	struct error err;
	while (news != NAME_LIST_ENDED) {
		struct slice name;
		if (!name_list_next(list, &news, &name, &err)) {
			buf_printf(&told, "failed: %s\n", err.text);
			break;
		}
		if (news == NAME_LIST_NAME) {
			expect_number("the NUL behind it", name.ptr[name.len], '\0');
			buf_printf(&told, "%u[%.*s]", (unsigned)list->number, SLICE_ARG(name));
		} else if (news == NAME_LIST_REFUSED) {
			buf_printf(&told, "\n%s\n", err.text);
		}
	}
	name_list_close(list);
	return told;
}

static void expect_list(const struct place *place, const char *row, struct slice bytes, const char *expected)
{
	struct name_list list;
	struct error err;
	char path[256];
	snprintf(path, sizeof(path), "%s/list", place->path);
	put_text(place, "list", bytes);
	expect_true(row, name_list_open(&list, path, &err));
	struct buf told = read_list(&list);
	struct slice got = buf_slice(&told);
	char *copy = strndup(got.len ? got.ptr : "", got.len);
	buf_deinit(&told);
	expect_text(row, slice_of(copy), expected);
	free(copy);
}

static void test_names(void **state)
{
	static const struct {
		const char *name;
		struct slice bytes;
		const char *expected;
	} rows[] = {
		{ "no name", BYTES(""), "" },
		{ "one", BYTES("a\0"), "1[a]" },
		{ "without its NUL", BYTES("a\0b"), "1[a]2[b]" },
		{ "any bytes", BYTES("a\nb\0\xff\x1b[0m\0-\0 \0"), "1[a\nb]2[\xff\x1b[0m]3[-]4[ ]" },
		{ "an empty one", BYTES("a\0\0b\0"), "1[a]\nname 2: invalid zero-length file name\n3[b]" },
		{ "lines", BYTES("a\nb\n"), "\nholds lines and no NUL; names end in NUL, as find -print0 writes them\n" },
		{ "a line end in the last name", BYTES("a\0b\nc"), "1[a]2[b\nc]" },
		{ "nothing but a NUL", BYTES("\0"), "\nname 1: invalid zero-length file name\n" },
	};
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_list(*state, rows[i].name, rows[i].bytes, rows[i].expected);
}

/* Names up to the bound are whole, wherever the blocks end; one that is longer does not take others with it. */
static void test_long_names(void **state)
{
	static const char too_long[] =
		"\nname 2 is longer than 4095 bytes; names end in NUL, as find -print0 writes them\n";
	for (size_t before = 1; before < 6; before++)
		for (size_t len = NAME_LIST_NAME_BYTES - 1; len <= NAME_LIST_NAME_BYTES + 2; len++) {
			struct buf bytes = BUF_INIT(1 * MIB), expected = BUF_INIT(1 * MIB);
			/* The second name begins shortly before the second block. */
			size_t first = before == 5 ? 1 : INPUT_BLOCK_BYTES - before * 1500;
			bool is_taken = first <= NAME_LIST_NAME_BYTES;
			buf_repeat(&bytes, 'a', (int)first);
			buf_char(&bytes, '\0');
			buf_repeat(&bytes, 'b', (int)len);
			buf_append(&bytes, SLICE("\0c\0"));
			if (is_taken)
				buf_text(&expected, "1[a]");
			else
				buf_printf(&expected, "\nname 1%s", too_long + strlen("\nname 2"));
			if (len <= NAME_LIST_NAME_BYTES) {
				buf_text(&expected, "2[");
				buf_repeat(&expected, 'b', (int)len);
				buf_char(&expected, ']');
			} else {
				buf_text(&expected, too_long);
			}
			buf_text(&expected, "3[c]");
			buf_char(&expected, '\0');
			expect_list(*state, "long names", buf_slice(&bytes), expected.ptr);
			buf_deinit(&bytes);
			buf_deinit(&expected);
		}
}

static void test_standard_input(void **state)
{
	struct name_list list;
	struct error err;
	int pipe_ends[2], saved = dup(STDIN_FILENO);
	(void)state;
	assert_int_equal(pipe(pipe_ends), 0);
	assert_int_equal(write(pipe_ends[1], "a\0b\0", 4), 4);
	close(pipe_ends[1]);
	dup2(pipe_ends[0], STDIN_FILENO);
	close(pipe_ends[0]);
	expect_true("opened", name_list_open(&list, "-", &err));
	struct buf told = read_list(&list);
	bool is_open = fcntl(STDIN_FILENO, F_GETFD) >= 0;
	dup2(saved, STDIN_FILENO);
	close(saved);
	expect_true("standard input stays open", is_open);
	expect_text("standard input", buf_slice(&told), "1[a]2[b]");
	buf_deinit(&told);
}

static void test_unreadable(void **state)
{
	const struct place *place = *state;
	struct name_list list;
	struct error err;
	char path[256];
	snprintf(path, sizeof(path), "%s/none", place->path);
	expect_true("no file", !name_list_open(&list, path, &err));
	expect_text("no file", slice_of(err.text),
		    "no names can be read from it: it cannot be opened: No such file or directory");
	expect_true("a folder", !name_list_open(&list, place->path, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_names, place_setup, place_teardown),
		cmocka_unit_test_setup_teardown(test_long_names, place_setup, place_teardown),
		cmocka_unit_test(test_standard_input),
		cmocka_unit_test_setup_teardown(test_unreadable, place_setup, place_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
