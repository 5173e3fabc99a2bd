/* Any bytes on their way out: nothing that moves a terminal comes through, what goes into JSON is
 * valid UTF-8, and what was redacted stays as it is when it is redacted again. */
#include <stdlib.h>

#include "base/escape.h"
#include "base/limits.h"
#include "report/redact.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

/* Valid UTF-8; with `for_terminal` without C0 but TAB, DEL, C1, bidi and line separators. */
static void check_text(struct slice text, bool for_terminal)
{
	while (text.len) {
		const unsigned char *p = (const unsigned char *)text.ptr;
		size_t len = utf8_char_len(text);
		check(len > 0 && p[0] != '\0');
		if (for_terminal) {
			check((p[0] >= 0x20 || p[0] == '\t') && p[0] != 0x7f);
			check(p[0] != 0xc2 || p[1] >= 0xa0);
			check(p[0] != 0xe2 || p[1] != 0x80 || p[2] < 0xa8 || p[2] > 0xae);
			check(p[0] != 0xe2 || p[1] != 0x81 || p[2] < 0xa6 || p[2] > 0xa9);
		}
		text = slice_skip(text, len);
	}
}

/* What is escaped holds nothing that would be escaped again. */
static void check_escape(void (*escape)(struct buf *out, struct slice text), struct slice text, bool for_terminal)
{
	struct buf once = BUF_INIT(16 * MIB), twice = BUF_INIT(16 * MIB);
	escape(&once, text);
	escape(&twice, buf_slice(&once));
	check(!once.failed && !twice.failed);
	check_text(buf_slice(&once), for_terminal);
	check(slice_equal(buf_slice(&once), buf_slice(&twice)));
	if (for_terminal)
		check(utf8_columns(buf_slice(&once)) <= once.len);
	buf_deinit(&once);
	buf_deinit(&twice);
}

/* Whatever else these do with a text, what they write would be harmless on a terminal. */
static void check_line(void (*escape)(struct buf *out, struct slice text), struct slice text)
{
	struct buf out = BUF_INIT(16 * MIB);
	escape(&out, text);
	check(!out.failed);
	check_text(buf_slice(&out), true);
	buf_deinit(&out);
}

static bool is_delimiter(struct slice text, size_t at)
{
	return at >= text.len || (!char_is_alpha(text.ptr[at]) && !char_is_digit(text.ptr[at]) &&
				   !strchr("-.:_@\\", text.ptr[at]));
}

/* Values that stand one against another hide each other's shape; no log writes them so. */
static bool is_delimited(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((text.ptr[i] == '<' && i && !is_delimiter(text, i - 1)) ||
		    (text.ptr[i] == '>' && !is_delimiter(text, i + 1)))
			return false;
	return true;
}

static void check_redaction(struct slice text)
{
	struct buf once = BUF_INIT(16 * MIB), twice = BUF_INIT(16 * MIB), counts = BUF_INIT(MIB);
	struct redactor *redactor = redactor_new(NULL);
	check(redactor != NULL);
	redactor_learn(redactor, REDACT_VM, SLICE("build-box"));
	redactor_learn(redactor, REDACT_HOST, SLICE("gw.example.org"));
	redact(redactor, text, &once);
	redact(redactor, buf_slice(&once), &twice);
	redactor_print_counts(redactor, &counts);
	check(!redactor_failed(redactor) && !once.failed && !twice.failed);
	check(!is_delimited(buf_slice(&once)) || slice_equal(buf_slice(&once), buf_slice(&twice)));
	redactor_free(redactor);
	buf_deinit(&once);
	buf_deinit(&twice);
	buf_deinit(&counts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size };
	check_escape(escape_terminal, text, true);
	check_escape(escape_utf8, text, false);
	check_line(escape_csv, text);
	check_line(escape_markdown, text);
	check_line(escape_label, text);
	check_redaction(text);
	return 0;
}
