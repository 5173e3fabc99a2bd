/* Files that a guest sent through its log: what comes out of its lines. */
#include "../expect.h"

#include <stdio.h>

#include "base/limits.h"
#include "vmxlog/guest.h"
#include "vmxlog/xferlog.h"

#define STEPS_MAX 12
#define FILES_MAX 3
#define TEXT_BYTES 1024

/* A step begins with what it is: b(egin) PATH, d(ata) TEXT, which is encoded here, r(aw) LINE, e(nd),
 * c(ut) LINE, o(ther sender's) LINE, t(hrottled). Files come as `PATH=BYTES`, a `!` behind a damaged
 * one and a `~` behind one without its end. */
struct row {
	const char *steps[STEPS_MAX];
	const char *files;
	size_t file_count;
	bool any_headless;
};

static const struct row rows[] = {
	{ { "b/var/log/messages", "done ", "dtwo", "e" }, "/var/log/messages=one two;", 1, false },
	{ { "b/a", "d1", "e", "b/b", "d22", "e", "b/c", "d333", "e" }, "/a=1;/b=22;/c=333;", 3, false },
	{ { "b/a: ver - 2", "dx", "e" }, "/a: ver - 2=x;", 1, false },
	{ { "r>Logfile Begins : /a", "dx", "r>Logfile Ends" }, "/a=x;", 1, false },
	{ { "r>Logfile Begins : : ver - 1", "dx", "e" }, "=x;", 1, false },
	{ { "b/a", "e" }, "/a=;", 1, false },
	/* Its end is missing. */
	{ { "b/a", "dx" }, "/a=x~;", 1, false },
	{ { "b/a", "dx", "b/b", "dy", "e" }, "/a=x~;/b=y;", 2, false },
	{ { "b/a", "dx", "e", "e" }, "/a=x;", 1, false },
	/* Others speak in between. */
	{ { "b/a", "dx", "o<4>[    1.000000] eHg=", "dy", "otoolbox: eHg=", "e" }, "/a=xy;", 1, false },
	/* Damage: what stands in front of it in its line is kept, and so are the lines behind it. */
	{ { "b/a", "r>YWJj?ZGVm", "dx", "e" }, "/a=abcx!;", 1, false },
	{ { "b/a", "r>YWJjZGV", "dx", "e" }, "/a=abcx!;", 1, false },
	{ { "b/a", "r>YQ==YWJj", "dx", "e" }, "/a=ax!;", 1, false },
	{ { "b/a", "r>Y===", "r>====", "r>=YWJ", "dx", "e" }, "/a=x!;", 1, false },
	{ { "b/a", "r>\xff\xfe\x80\x81", "dx", "e" }, "/a=x!;", 1, false },
	{ { "b/a", "rYWJj", "dx", "e" }, "/a=x!;", 1, false },
	{ { "b/a", "c>YWJjZA" }, "/a=abc!~;", 1, false },
	{ { "b/a", "dx", "t", "dy", "e" }, "/a=xy!;", 1, false },
	{ { "t", "b/a", "dx", "e" }, "/a=x;", 1, false },
	{ { "b/a", "r>", "r>YWJj \t", "e" }, "/a=abc;", 1, false },
	/* More than are wanted. */
	{ { "b1", "e", "b2", "e", "b3", "e", "b4", "dx", "e", "b5", "dx" }, "1=;2=;3=;", 5, false },
	/* Without a beginning. */
	{ { "da file that began in an older log: a line of 57 bytes, so", "e" }, "", 0, true },
	{ { "dshort", "r>> quoted", "e" }, "", 0, false },
	{ { "r>----------------------------------------------------------------------------" }, "", 0, false },
};

static void encode(const char *text, char *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t len = strlen(text);
	for (size_t i = 0; i < len; i += 3) {
		size_t count = len - i < 3 ? len - i : 3;
		uint32_t word = 0;
		for (size_t k = 0; k < 3; k++)
			word = word << 8 | (k < count ? (unsigned char)text[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			*out++ = k <= count ? digits[word >> (18 - 6 * k) & 63] : '=';
	}
	*out = 0;
}

static void note_file(void *user, const struct xferlog_file *file)
{
	char *out = user;
	size_t len = strlen(out);
	assert_int_equal(file->sent_bytes, file->bytes.len);
	assert_true(len + file->path.len + file->bytes.len + 8 < TEXT_BYTES);
	snprintf(out + len, TEXT_BYTES - len, "%.*s=%.*s%s%s;", SLICE_ARG(file->path), SLICE_ARG(file->bytes),
		 file->is_damaged ? "!" : "", file->is_cut ? "~" : "");
}

static void take_text(struct xferlog *xferlog, const char *text, bool is_cut)
{
	struct guest_line line = GUEST_LINE_INIT;
	line.text = slice_of(text);
	line.is_cut = is_cut;
	/* A further line of a record has the sender of the one before. */
	line.sender = slice_starts(line.text, SLICE("YWJj")) ? GUEST_XFERLOG : guest_classify(line.text);
	xferlog_take_line(xferlog, &line);
}

static void take_step(struct xferlog *xferlog, const char *step)
{
	char text[TEXT_BYTES] = ">";
	switch (*step) {
	case 'b':
		snprintf(text, sizeof(text), ">Logfile Begins : %s: ver - 1", step + 1);
		break;
	case 'd':
		encode(step + 1, text + 1);
		break;
	case 'e':
		snprintf(text, sizeof(text), ">Logfile Ends ");
		break;
	case 't':
		xferlog_mark_dropped(xferlog);
		return;
	default:
		snprintf(text, sizeof(text), "%s", step + 1);
	}
	take_text(xferlog, text, *step == 'c');
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char files[TEXT_BYTES] = "";
		struct xferlog xferlog;
		xferlog_init(&xferlog, FILES_MAX, files, note_file);
		for (size_t k = 0; k < STEPS_MAX && rows[i].steps[k]; k++)
			take_step(&xferlog, rows[i].steps[k]);
		assert_true(xferlog_finish(&xferlog));
		expect_text(rows[i].files, slice_of(files), rows[i].files);
		assert_int_equal(xferlog.file_count, rows[i].file_count);
		assert_int_equal(xferlog.any_headless, rows[i].any_headless);
		xferlog_deinit(&xferlog);
	}
}

struct huge {
	size_t kept, count;
	uint64_t sent;
};

static void note_huge(void *user, const struct xferlog_file *file)
{
	struct huge *huge = user;
	huge->kept = file->bytes.len;
	huge->sent = file->sent_bytes;
	huge->count++;
	assert_false(file->is_damaged);
}

/* What is beyond the bound is counted, and the next file begins anew. */
static void test_bound(void **state)
{
	(void)state;
	const char *data = "d012345678901234567890123456789012345678901234567890123456";
	struct huge huge = { 0 };
	struct xferlog xferlog;
	xferlog_init(&xferlog, FILES_MAX, &huge, note_huge);
	take_step(&xferlog, "b/huge");
	size_t lines = XFERLOG_BYTES / 57 + 10;
	for (size_t i = 0; i < lines; i++)
		take_step(&xferlog, data);
	take_step(&xferlog, "e");
	assert_int_equal(huge.kept, XFERLOG_BYTES);
	assert_int_equal(huge.sent, lines * 57);
	take_step(&xferlog, "b/small");
	take_step(&xferlog, data);
	assert_true(xferlog_finish(&xferlog));
	assert_int_equal(huge.kept, 57);
	assert_int_equal(huge.count, 2);
	xferlog_deinit(&xferlog);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows), cmocka_unit_test(test_bound) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
